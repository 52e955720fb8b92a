"""Whose turn it is: so many at a time, tenants in turn whatever each of them asks, jobs after those who wait for an answer now.

Who would have to wait too long is told so at once, and when to come again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from portalis.translator.servers.gateway.trouble import busy, limited

# What a translation takes, as long as none was timed; then as a mean over some.
_FIRST_SECONDS = 0.1
_WEIGHT = 0.1


@dataclass
class _Line:
    now: deque[asyncio.Future[None]] = field(default_factory=deque)
    later: deque[asyncio.Future[None]] = field(default_factory=deque)


class Turns:
    """`width` turns at a time; at most `most` wait, and `most_of_one` of one tenant. Jobs are not counted: who runs them asks for few."""

    def __init__(self, width: int, most: int, most_of_one: int) -> None:
        self._width, self._most, self._most_of_one = width, most, most_of_one
        self._lines: OrderedDict[str, _Line] = OrderedDict()
        self._running = 0
        self._seconds = _FIRST_SECONDS

    @property
    def waiting(self) -> int:
        """How many wait, jobs aside."""
        return sum(len(line.now) for line in self._lines.values())

    @property
    def running(self) -> int:
        """How many have their turn."""
        return self._running

    @property
    def width(self) -> int:
        """How many may."""
        return self._width

    def wait_seconds(self) -> float:
        """Estimate how long who comes now would wait."""
        return (self.waiting + self._running) * self._seconds / self._width

    @contextlib.asynccontextmanager
    async def turn(self, tenant: str, *, later: bool = False) -> AsyncIterator[None]:
        """Wait for a turn and have it within the block; Refusal where too many wait."""
        if not later:
            self._require_room(tenant)
        if self._running < self._width and not self.waiting:
            self._running += 1
        else:
            await self._wait(tenant, later)
        started = asyncio.get_running_loop().time()
        try:
            yield
        finally:
            self._running -= 1
            self._seconds += _WEIGHT * (asyncio.get_running_loop().time() - started - self._seconds)
            self._call_next()

    def _require_room(self, tenant: str) -> None:
        if self.waiting >= self._most:
            raise busy("too many requests wait", self.wait_seconds())
        line = self._lines.get(tenant)
        if line is not None and len(line.now) >= self._most_of_one:
            raise limited("too many requests of yours wait", self.wait_seconds())

    async def _wait(self, tenant: str, later: bool) -> None:
        line = self._lines.setdefault(tenant, _Line())
        called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue = line.later if later else line.now
        queue.append(called)
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled():
                # Its turn had come: the next one gets it.
                self._running -= 1
                self._call_next()
            else:
                queue.remove(called)
                self._forget(tenant)
            raise

    def _call_next(self) -> None:
        for later in (False, True):
            while self._running < self._width:
                tenant = next((name for name, line in self._lines.items() if (line.later if later else line.now)), None)
                if tenant is None:
                    break
                line = self._lines[tenant]
                called = (line.later if later else line.now).popleft()
                self._lines.move_to_end(tenant)
                self._forget(tenant)
                if not called.done():
                    self._running += 1
                    called.set_result(None)

    def _forget(self, tenant: str) -> None:
        line = self._lines.get(tenant)
        if line is not None and not line.now and not line.later:
            del self._lines[tenant]
