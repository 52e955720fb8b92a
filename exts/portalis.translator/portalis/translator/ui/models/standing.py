"""How a binding, or a behaviour over all of its prims, is doing: a name from a closed list, and why; wherever it is shown, from here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.stage.run.report import BehaviourReport, LaneError
    from portalis.translator.ui.models.problems import Tone

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


FOR_TRUST = "for your trust in its code"
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
        return Standing("waiting", f"{FOR_TRUST}{on}") if report.reason in untrusted else Standing("refused", f"{report.reason}{on}")
    if report.state == "loading":
        return Standing("loading", report.reason)
    if failing:
        why = f": {failure(first.line, first.message)}" if first is not None else ""
        return Standing("failing", f"{failing} of {counted(report.prims, 'prim')}{why}")
    return Standing(report.state, "it has no elements" if report.status == "no lanes" else "")


def failure(line: int, message: str) -> str:
    """Say how something failed, and in which line of the code where that is known."""
    return f"line {line}: {message}" if line else message
