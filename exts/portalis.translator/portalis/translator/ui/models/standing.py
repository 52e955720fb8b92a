"""How a binding, or a behaviour over all of its prims, is doing: a name from a closed list, and why; wherever it is shown, from here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.stage.run.report import BehaviourReport, LaneError
    from portalis.translator.ui.models.problems import Tone
    from portalis.translator.ui.models.run import RunModel

StandingName: TypeAlias = Literal["refused", "failing", "waiting", "loading", "absent", "disabled", "ready", "paused", "running"]

# The worst first: what many bindings are, together, is what the worst of them is.
_ORDER: tuple[StandingName, ...] = ("refused", "failing", "waiting", "loading", "absent", "disabled", "ready", "paused", "running")
_TONES: dict[StandingName, Tone] = {
    "refused": "bad",
    "failing": "bad",
    "waiting": "busy",
    "loading": "busy",
    "absent": "busy",
    "disabled": "plain",
    "ready": "plain",
    "paused": "plain",
    "running": "good",
}


_FOR_TRUST = "for your trust in its code"
# Of code that was edited while it plays and cannot run.
_RUNS_ON = "; what ran before runs on"


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
    def style(self) -> str:
        """The name of the style that a label of it has."""
        return "quiet" if self.tone == "plain" else self.tone

    @property
    def words(self) -> str:
        """The same for people."""
        return f"{self.name}: {self.why}" if self.why else self.name

    @property
    def rank(self) -> int:
        """Its place from the worst."""
        return _ORDER.index(self.name)

    @property
    def after_stop(self) -> Standing:
        """The same once the run is over: what only ran is ready to run again."""
        return Standing("ready") if self.name in ("running", "paused", "loading") else self


def summary(report: BehaviourReport, failing: int, first: LaneError | None, untrusted: Collection[str]) -> Standing:
    """Return how a behaviour of a run is doing over all of its prims.

    `failing` counts the prims that do not run because they failed, `first` is the first failure, `untrusted` are the reasons that mean that
    code waits for its user's word.
    """
    if report.status == "refused" or report.state == "dirty":
        on = _RUNS_ON if report.status != "refused" else ""
        return Standing("waiting", f"{_FOR_TRUST}{on}") if report.reason in untrusted else Standing("refused", f"{report.reason}{on}")
    if report.state == "loading":
        return Standing("loading", report.reason)
    if failing:
        why = f": {_failure(first.line, first.message)}" if first is not None else ""
        return Standing("failing", f"{failing} of {counted(report.prims, 'prim')}{why}")
    return Standing(report.state, "it has no elements" if report.status == "no lanes" else "")


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
        self._loading = {row.name: row.standing for row in run.rows if row.standing.name == "loading"}

    def of(self, prim: str, behaviour: str, modules: tuple[str, ...], *, enabled: bool, absent: str = "") -> Standing:
        """Return how one binding is doing; `absent` says why OpenUSD does not show its prim, if it does not."""
        if not enabled:
            return Standing("disabled")
        if absent:
            return Standing("absent", absent)
        if (place := next((place for place in (prim, *modules) if place in self._refused), None)) is not None:
            return Standing("refused", self._refused[place])
        if self._waiting.intersection(modules):
            return Standing("waiting", _FOR_TRUST)
        if behaviour in self._loading:
            return self._loading[behaviour]
        if (behaviour, prim) in self._failing:
            return Standing("failing", self._failing[behaviour, prim])
        return Standing(self._plain)


def _failure(line: int, message: str) -> str:
    return f"line {line}: {message}" if line else message
