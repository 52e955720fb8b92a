"""Which prims of a composed stage an edit changes, as OpenUSD tells it: those too that get the edit by composition."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from pxr import Tf, Usd

from portalis.translator.stage.plan.bindings import BindingKey, PrimBinding


class ChangedPrims:
    """Listens to a stage while it is entered."""

    def __init__(self, stage: Usd.Stage) -> None:
        self._stage = stage
        self._paths: set[str] = set()
        self._listener: Tf.Notice.Listener | None = None

    def __enter__(self) -> Self:
        self._listener = Tf.Notice.Register(Usd.Notice.ObjectsChanged, self._note, self._stage)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._listener is not None:
            self._listener.Revoke()

    def of(self, edited: Sequence[str]) -> frozenset[str] | None:
        """Return the prims that changed, or None where not even those that are known to be `edited` are among them."""
        return frozenset(self._paths) if self._paths.issuperset(edited) else None

    def reach_others(self, made: Sequence[BindingKey], there: Sequence[PrimBinding]) -> bool:
        """Tell whether a binding that is `there`, by the name of those that were `made`, may get what they say by composition."""
        places = self._paths - {key.path for key in made}
        names = {key.instance for key in made}
        others = {item.key.path for item in there if item.key.instance in names} - {key.path for key in made} if places else ()
        return any(path == place or path.startswith(f"{place.rstrip('/')}/") for path in others for place in places)

    def _note(self, notice: Usd.Notice.ObjectsChanged, _: Usd.Stage) -> None:
        self._paths.update(str(path.GetPrimPath()) for path in (*notice.GetResyncedPaths(), *notice.GetChangedInfoOnlyPaths()))
