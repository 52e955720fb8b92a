"""Every binding of the stage, by behaviour, with its prims below: read in slices, so that no frame waits for a large stage."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portalis.translator.ui.host import Listeners
from portalis.translator.ui.models.standing import Standing
from portalis.translator.ui.models.standings import Standings, said_by

if TYPE_CHECKING:
    from portalis.translator.ui.models.window import PanelModel

# What a frame may spend on it, and how many prims are looked at between two looks at the clock.
_SECONDS_A_TICK, _PRIMS_A_LOOK = 0.004, 200
_SECONDS_BETWEEN_STANDINGS = 0.5


@dataclass(frozen=True, slots=True)
class BoundPrim:
    """One prim of a behaviour; `absent` says why OpenUSD does not show it, if it does not."""

    path: str
    enabled: bool
    absent: str


@dataclass(frozen=True, slots=True)
class BoundBehaviour:
    """One behaviour: its function's name, its modules, and its prims in the stage's order."""

    name: str
    modules: tuple[str, ...]
    prims: tuple[BoundPrim, ...]


class BindingsTree:
    """The bindings of a window's stage. `mark` says that they may be others; `tick` reads them again, a slice a frame."""

    def __init__(self, window: PanelModel) -> None:
        self.changed = Listeners()
        self.behaviours: tuple[BoundBehaviour, ...] = ()
        # Of those, the ones whose name or a prim of which contains this.
        self.filter = ""
        # The same by the paths of prims.
        self._bound: dict[str, list[tuple[BoundBehaviour, BoundPrim]]] = {}
        self._window = window
        self._said = said_by(window.run)
        self._standings = Standings(window.run)
        self._standings_due = 0.0
        self._stale = True
        self._pending: list[Any] = []
        self._found: dict[tuple[str, tuple[str, ...]], list[BoundPrim]] = {}
        self._reading = False
        # Whether it is stale because bindings were edited.
        self._edited = False
        self._leave = window.changed.add(self._look_again), window.bindings.changed.add(self._mark_edited)

    def mark(self) -> None:
        """The stage is another one, or has other prims."""
        self._stale = True

    def _mark_edited(self) -> None:
        self._stale = self._edited = True

    def close(self) -> None:
        """Let go of the window's model."""
        for leave in self._leave:
            leave()

    @property
    def reading(self) -> bool:
        """Whether it is still being read."""
        return self._reading or self._stale

    def tick(self) -> None:
        """Do a frame's slice. While the time line plays nothing is read but for an edit of bindings: behaviours bind nothing."""
        if self._window.run.state in ("playing", "baking") and not (self._edited or self._reading):
            return
        if self._stale:
            self._begin()
        until = time.perf_counter() + _SECONDS_A_TICK
        while self._reading and time.perf_counter() < until:
            self._read_some()

    def shown(self) -> tuple[BoundBehaviour, ...]:
        """Return the behaviours that the filter lets through, each with the prims that it does."""
        text = self.filter.strip().casefold()
        if not text:
            return self.behaviours
        found = []
        for item in self.behaviours:
            if text in item.name.casefold():
                found.append(item)
            elif prims := tuple(prim for prim in item.prims if text in prim.path.casefold()):
                found.append(BoundBehaviour(item.name, item.modules, prims))
        return tuple(found)

    def standing_of(self, behaviour: BoundBehaviour, prim: BoundPrim) -> Standing:
        """Return how one prim's binding is doing."""
        return self._standings.of(prim.path, behaviour.name, behaviour.modules, enabled=prim.enabled, absent=prim.absent)

    def standings_on(self, path: str) -> list[tuple[str, Standing]]:
        """Return the behaviours of one prim, as far as they were read, each with how it is doing, the worst first."""
        found = [(behaviour.name, self.standing_of(behaviour, prim)) for behaviour, prim in self._bound.get(path, ())]
        return sorted(found, key=lambda item: item[1].rank)

    def summary_of(self, behaviour: BoundBehaviour) -> Standing:
        """Return the worst of its prims' standings, with how many of them have it."""
        standings = [self.standing_of(behaviour, prim) for prim in behaviour.prims]
        worst = min(standings, key=lambda item: item.rank)
        count = sum(item.name == worst.name for item in standings)
        return worst if count == len(standings) == 1 else Standing(worst.name, f"{count} of {len(standings)}")

    # ------------------------------------------------------------------------------------------------------------- reading
    def _look_again(self) -> None:
        """Something of the window changed: how the bindings are doing, while it plays at most some times a second."""
        now = time.perf_counter()
        if self._window.run.state in ("playing", "baking") and now < self._standings_due:
            return
        self._standings_due = now + _SECONDS_BETWEEN_STANDINGS
        if self._have_standings():
            self.changed.tell()

    def _have_standings(self) -> bool:
        """Take what the run says of bindings now; False where it says nothing else than before."""
        said = said_by(self._window.run)
        if said == self._said:
            return False
        self._said, self._standings = said, Standings(self._window.run)
        return True

    def _begin(self) -> None:
        self._stale = self._edited = False
        stage = self._window.host.stage
        self._pending = [stage.GetPseudoRoot()] if stage is not None else []
        self._found = {}
        self._reading = True

    def _read_some(self) -> None:
        from portalis.translator.stage.plan.discovery import absence_problem, bindings_of

        for _ in range(_PRIMS_A_LOOK):
            if not self._pending:
                break
            prim = self._pending.pop()
            # Gone since the slice before: whoever took it away has marked the tree.
            if not prim:
                continue
            self._pending += reversed(prim.GetAllChildren())
            for item in bindings_of(prim):
                absence = absence_problem(prim)
                bound = BoundPrim(item.key.path, item.enabled, absence.message if absence is not None else "")
                self._found.setdefault((item.function, item.modules), []).append(bound)
        if not self._pending:
            self._finish()

    def _finish(self) -> None:
        self._reading = False
        behaviours = tuple(BoundBehaviour(name, modules, tuple(prims)) for (name, modules), prims in self._found.items())
        self._found = {}
        changed = self._have_standings()
        if behaviours != self.behaviours:
            changed = True
            self.behaviours = behaviours
            self._bound = {}
            for behaviour in behaviours:
                for prim in behaviour.prims:
                    self._bound.setdefault(prim.path, []).append((behaviour, prim))
        if changed:
            self.changed.tell()
