"""An entry that has several signatures: a call goes to the one whose types its arguments have exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from portalis.translator.calling.executable import Unfit
from portalis.translator.calling.outcome import Outcome
from portalis.translator.diagnostics import GuardError


class Runs(Protocol):
    """What is called with exact Python values."""

    def run(self, arguments: Sequence[Any]) -> Outcome:
        """Call; Unfit where the arguments are not of its types."""
        ...


class Dispatch:
    """Several signatures of one function, each with what runs it.

    Where arguments are of the types of two of them, as an empty list is, either gives what CPython gives: the first that no guard stops.
    """

    def __init__(self, name: str, overloads: Sequence[tuple[str, Runs]]) -> None:
        self._name = name
        self._overloads = tuple(overloads)

    def run(self, arguments: Sequence[Any]) -> Outcome:
        """Call what the arguments are for.

        Raises Unfit, with every signature and why it is not meant, where that is none; otherwise as that signature's own call does.
        """
        reasons: list[tuple[str, str]] = []
        stopped: GuardError | None = None
        for signature, runs in self._overloads:
            try:
                return runs.run(arguments)
            except Unfit as unfit:
                reasons.append((signature, str(unfit)))
            except GuardError as guard:
                # Whoever is stopped has changed nothing.
                stopped = stopped or guard
        if stopped is not None:
            raise stopped
        if len(reasons) == 1:
            raise Unfit(reasons[0][1])
        told = "; ".join(f"{signature}: {reason}" for signature, reason in reasons)
        raise Unfit(f"no signature of `{self._name}` is for these arguments: {told}")
