"""How a binding is doing: a name from a closed list, and why; colours and words follow from it, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from portalis.translator.ui.models.problems import Tone
    from portalis.translator.ui.models.run import RunModel

StandingName: TypeAlias = Literal["refused", "failing", "waiting", "absent", "disabled", "ready", "paused", "running"]

# The worst first: what many bindings are, together, is what the worst of them is.
_ORDER: tuple[StandingName, ...] = ("refused", "failing", "waiting", "absent", "disabled", "ready", "paused", "running")
_TONES: dict[StandingName, Tone] = {
    "refused": "bad",
    "failing": "bad",
    "waiting": "busy",
    "absent": "busy",
    "disabled": "plain",
    "ready": "plain",
    "paused": "plain",
    "running": "good",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What is so of a binding, and why where that is not plain."""

    name: StandingName
    why: str = ""

    @property
    def tone(self) -> Tone:
        """The colour's name."""
        return _TONES[self.name]

    @property
    def words(self) -> str:
        """The same for people."""
        return f"{self.name}: {self.why}" if self.why else self.name

    @property
    def rank(self) -> int:
        """Its place from the worst."""
        return _ORDER.index(self.name)


class Standings:
    """What a run says of bindings, looked up: made once for all of them."""

    def __init__(self, run: RunModel) -> None:
        self._plain: StandingName = "running" if run.state == "playing" else "paused" if run.state == "paused" else "ready"
        self._waiting = {request.module.path for request in run.requests}
        self._failing = dict.fromkeys(run.failing, "its error is not among the first, which are told")
        self._failing |= {(item.behaviour, item.prim): _failure(item.line, item.message) for item in run.errors}
        self._refused = {
            item.path.partition(".")[0]: item.message for item in run.problems if item.severity == "error" and item.code != "PS150"
        }

    def of(self, prim: str, behaviour: str, modules: tuple[str, ...], *, enabled: bool, absent: str = "") -> Standing:
        """Return how one binding is doing; `absent` says why OpenUSD does not show its prim, if it does not."""
        if not enabled:
            return Standing("disabled")
        if absent:
            return Standing("absent", absent)
        if prim in self._refused:
            return Standing("refused", self._refused[prim])
        if self._waiting.intersection(modules):
            return Standing("waiting", "for your trust in its code")
        if (behaviour, prim) in self._failing:
            return Standing("failing", self._failing[behaviour, prim])
        return Standing(self._plain)


def _failure(line: int, message: str) -> str:
    return f"line {line}: {message}" if line else message
