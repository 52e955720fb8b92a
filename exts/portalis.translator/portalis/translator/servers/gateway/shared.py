"""Redis, where there is one: what several gateways share of limits and answers, and nothing that would be missed.

While it is down it is left alone for a second at a time, everybody works on without it, and readiness says so.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import redis.asyncio
from limits import RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

T = TypeVar("T")
_REST = 1.0
_PATIENCE = 0.5
_FAILURES = (RedisError, OSError, TimeoutError)


class SharedMemory:
    """A Redis server at a URL."""

    def __init__(self, url: str) -> None:
        self.client = redis.asyncio.from_url(url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)
        windows = RedisStorage(
            f"async+{url}", implementation="redispy", key_prefix="portalis", socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE
        )
        self._limiter = MovingWindowRateLimiter(windows)
        self._rests_until = 0.0
        self._is_down = False

    @property
    def is_down(self) -> bool:
        """Whether it did not answer when it was last asked."""
        return self._is_down

    async def ask(self, question: Callable[[], Awaitable[T]]) -> T | None:
        """Return its answer; None where it gives none."""
        if time.monotonic() < self._rests_until:
            return None
        try:
            answer = await question()
        except _FAILURES:
            self._is_down = True
            self._rests_until = time.monotonic() + _REST
            return None
        self._is_down = False
        return answer

    async def hit(self, tenant: str, rate: int) -> bool | None:
        """Count a request in a tenant's window of a minute and return whether there was room for it; None where it says nothing."""
        return await self.ask(lambda: self._limiter.hit(RateLimitItemPerMinute(rate), tenant))

    async def room_at(self, tenant: str, rate: int) -> float | None:
        """Return when there is room again, in seconds since 1970; None where it says nothing."""
        window = await self.ask(lambda: self._limiter.get_window_stats(RateLimitItemPerMinute(rate), tenant))
        return None if window is None else window[0]

    async def look(self) -> None:
        """Ask whether it is there, so that `is_down` says what is so."""

        async def ping() -> bool:
            return bool(await self.client.ping())

        await self.ask(ping)

    async def close(self) -> None:
        """Close the connections."""
        await self.client.aclose()
