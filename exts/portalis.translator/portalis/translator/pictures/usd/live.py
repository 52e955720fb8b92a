"""The scene of a stage that is edited while somebody looks: what OpenUSD says was changed is asked for again, and nothing else."""

from __future__ import annotations

from typing import Any

from pxr import Sdf, Tf, Usd

from portalis.translator.pictures.scene import Scene
from portalis.translator.pictures.usd.extraction import Extractor

# Which properties leave a prim's shape and colours as they are.
_PLACES, _WALKED = "xformOp", ("visibility", "purpose")
# Which properties of other prims may colour it: of shaders and materials, and what is inherited.
_COLOURING = ("inputs:", "outputs:", "material:", "primvars:")


class LiveScene:
    """Follows a stage until it is closed."""

    def __init__(self, stage: Usd.Stage) -> None:
        self._extractor = Extractor(stage)
        self._made: tuple[float, Scene] | None = None
        self._listener: Any = Tf.Notice.Register(Usd.Notice.ObjectsChanged, self._changed, stage)

    @property
    def z_up(self) -> bool:
        """Whether the stage's up axis is Z."""
        return self._extractor.z_up

    def scene(self, time_code: float) -> Scene:
        """Return what is drawn at a time: the same scene as long as nothing was changed."""
        if self._made is None or self._made[0] != time_code:
            self._made = (time_code, self._extractor.scene(Usd.TimeCode(time_code)))
        return self._made[1]

    def close(self) -> None:
        """Follow the stage no longer."""
        if self._listener is not None:
            self._listener.Revoke()
            self._listener = None

    def _changed(self, notice: Usd.Notice.ObjectsChanged, _sender: Any) -> None:
        self._made = None
        if notice.GetResyncedPaths():
            self._extractor.forget()
            return
        colours = False
        for path in notice.GetChangedInfoOnlyPaths():
            colours = self._edited(path) or colours
        if colours:
            self._extractor.forget_colours()

    def _edited(self, path: Sdf.Path) -> bool:
        """Forget what an edit changes, and tell whether colours elsewhere may be other ones."""
        name = path.name
        if not path.IsPropertyPath():
            # A prim's metadata; `instanceable`, `active` and their kin are told as resyncs.
            return False
        if name.startswith(_PLACES):
            return False
        if name in _WALKED:
            self._extractor.forget_walk()
            return False
        prim = path.GetPrimPath()
        known = self._extractor.knows(prim)
        self._extractor.forget(prim)
        return not known and name.startswith(_COLOURING)
