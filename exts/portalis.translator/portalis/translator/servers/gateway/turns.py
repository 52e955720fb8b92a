"""Whose turn it is: so many at a time, tenants in turn whatever each of them asks, jobs after those who wait for an answer now.

Who would wait longer than they are willing to is told so at once, and when to come again: a place in line that ends before its turn comes
only makes everybody's wait longer. While a turn is free nobody is told so, whatever the last translations took.
"""

from __future__ import annotations

import asyncio
import math
from collections import OrderedDict, deque
from dataclasses import dataclass, field

from portalis.translator.servers.gateway.trouble import Refusal, busy, limited

# What a translation takes, as long as none was timed; then as a mean over some.
_FIRST_SECONDS = 0.1
_WEIGHT = 0.1


class Place:
    """Somebody's place in line; within a block of it, their turn. Whoever does not come to that block leaves it."""

    def __init__(self, turns: Turns, tenant: str, later: bool) -> None:
        self.tenant, self.later, self.waits = tenant, later, False
        self.called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._turns = turns

    async def __aenter__(self) -> None:
        """Wait for the turn."""
        try:
            await self.called
        except asyncio.CancelledError:
            self.leave()
            raise

    async def __aexit__(self, *raised: object) -> None:
        self._turns.leave(self, timed=True)

    def leave(self) -> None:
        """Have it no more, wherever it is; once left, this does nothing."""
        self._turns.leave(self, timed=False)

    def hurry(self, patience: float) -> None:
        """Be a place of somebody who waits now, and not longer than `patience`; Refusal where too many do."""
        self._turns.hurry(self, patience)


@dataclass
class _Line:
    now: deque[Place] = field(default_factory=deque)
    later: deque[Place] = field(default_factory=deque)

    def of(self, place: Place) -> deque[Place]:
        return self.later if place.later else self.now


class Turns:
    """`width` turns at a time; at most `most` wait, and `most_of_one` of one tenant. Jobs are not counted: who runs them asks for few."""

    def __init__(self, width: int, most: int, most_of_one: int) -> None:
        self._width, self._most, self._most_of_one = width, most, most_of_one
        # In the order in which tenants are next.
        self._lines: OrderedDict[str, _Line] = OrderedDict()
        # Those who have their turn, and since when.
        self._running: dict[Place, float] = {}
        self._seconds = _FIRST_SECONDS

    @property
    def waiting(self) -> int:
        """How many wait, jobs aside."""
        return sum(len(line.now) for line in self._lines.values())

    @property
    def running(self) -> int:
        """How many have their turn."""
        return len(self._running)

    @property
    def width(self) -> int:
        """How many may."""
        return self._width

    def wait_seconds(self, tenant: str = "") -> float:
        """Estimate how long a tenant who comes now would wait, if nobody else came: exact where all translations take the same."""
        return self._wait_behind(self._ahead(tenant))

    def enter(self, tenant: str, *, later: bool = False, patience: float = math.inf) -> Place:
        """Take a place in line; Refusal where too many wait, or where the turn would come only after `patience` seconds."""
        place = Place(self, tenant, later)
        if len(self._running) < self._width:
            self._begin(place)
            return place
        if not later:
            self._require_room(tenant, patience)
        place.waits = True
        self._lines.setdefault(tenant, _Line()).of(place).append(place)
        return place

    def hurry(self, place: Place, patience: float) -> None:
        """Move a place from those of jobs to those of who waits now."""
        if not (place.later and place.waits):
            return
        self._require_room(place.tenant, patience)
        line = self._lines[place.tenant]
        line.later.remove(place)
        place.later = False
        line.now.append(place)

    def leave(self, place: Place, *, timed: bool) -> None:
        """End a turn, or take a place out of its line; what is `timed` says how long turns take."""
        since = self._running.pop(place, None)
        if since is not None:
            if timed:
                self._seconds += _WEIGHT * (asyncio.get_running_loop().time() - since - self._seconds)
            self._call_next()
        elif place.waits:
            place.waits = False
            place.called.cancel()
            self._lines[place.tenant].of(place).remove(place)
            self._forget(place.tenant)

    def _ahead(self, tenant: str) -> int:
        """Count those whose turn comes before that of a tenant who comes now: of each other tenant as many as turns go round."""
        own = self._lines.get(tenant)
        rounds = 0 if own is None else len(own.now)
        ahead, passed = rounds, False
        for line in self._lines.values():
            if line is own:
                passed = True
            else:
                ahead += min(len(line.now), rounds if passed else rounds + 1)
        return ahead

    def _wait_behind(self, ahead: int) -> float:
        if len(self._running) < self._width:
            return 0.0
        now = asyncio.get_running_loop().time()
        left = sorted(max(0.0, since + self._seconds - now) for since in self._running.values())
        return left[ahead % self._width] + (ahead // self._width) * self._seconds

    def _require_room(self, tenant: str, patience: float) -> None:
        wait = self.wait_seconds(tenant)
        if self.waiting >= self._most:
            raise busy("too many requests wait", wait)
        line = self._lines.get(tenant)
        own = 0 if line is None else len(line.now)
        if own >= self._most_of_one:
            raise limited("too many requests of yours wait", wait)
        if wait > patience:
            raise self._too_late(tenant, wait, patience)

    def _too_late(self, tenant: str, wait: float, patience: float) -> Refusal:
        # Whose doing it is: would a tenant's first one have its turn in time?
        first = self._wait_behind(sum(1 for name, line in self._lines.items() if name != tenant and line.now))
        why = f"the turn would come after some {wait:.1f} s, and you wait for {patience:g} s"
        if first <= patience:
            return limited(f"requests of yours wait: {why}", wait - patience)
        return busy(why, wait - patience)

    def _begin(self, place: Place) -> None:
        self._running[place] = asyncio.get_running_loop().time()
        # Cancelled where whoever waited was, and has not come to leave yet: then the turn is given on in a moment.
        if not place.called.done():
            place.called.set_result(None)

    def _call_next(self) -> None:
        for later in (False, True):
            while len(self._running) < self._width:
                tenant = next((name for name, line in self._lines.items() if (line.later if later else line.now)), None)
                if tenant is None:
                    break
                line = self._lines[tenant]
                place = (line.later if later else line.now).popleft()
                self._lines.move_to_end(tenant)
                self._forget(tenant)
                place.waits = False
                self._begin(place)

    def _forget(self, tenant: str) -> None:
        line = self._lines.get(tenant)
        if line is not None and not line.now and not line.later:
            del self._lines[tenant]
