"""How each binding of a stage is doing, by what a run says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portalis.translator.ui.models.standing import FOR_TRUST, Standing, StandingName, failure

if TYPE_CHECKING:
    from portalis.translator.ui.models.run import RunModel


def said_by(run: RunModel) -> tuple[object, ...]:
    """Return what of a run standings follow from: while it is equal, so are they."""
    loading = [(row.name, row.standing) for row in run.rows if row.standing.name == "loading"]
    return _plain(run), run.requests, run.failing, run.errors, run.problems, loading


def _plain(run: RunModel) -> StandingName:
    """Return how a binding is doing of which nothing else is said."""
    return "running" if run.state == "playing" else "paused" if run.state == "paused" else "ready"


class Standings:
    """What a run says of bindings, looked up: made once for all of them."""

    def __init__(self, run: RunModel) -> None:
        self._plain = _plain(run)
        self._waiting = {request.module.path for request in run.requests}
        self._failing = dict.fromkeys(run.failing, "its error is not among the first, which are told")
        self._failing |= {(item.behaviour, item.prim): failure(item.line, item.message) for item in run.errors}
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
            return Standing("waiting", FOR_TRUST)
        if behaviour in self._loading:
            return self._loading[behaviour]
        if (behaviour, prim) in self._failing:
            return Standing("failing", self._failing[behaviour, prim])
        return Standing(self._plain)
