"""How much one tenant may ask: so many requests in any minute, counted in Redis where there is one, else by each process."""

from __future__ import annotations

import time

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from portalis.translator.servers.gateway.shared import SharedMemory
from portalis.translator.servers.gateway.trouble import limited

_MINUTE = 60.0


class Limits:
    """`rate` requests a minute for each tenant; 0 is no limit."""

    def __init__(self, rate: int, shared: SharedMemory | None) -> None:
        self._rate = rate
        self._item = RateLimitItemPerMinute(max(rate, 1))
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._shared = shared
        self._common = MovingWindowRateLimiter(shared.windows) if shared is not None else None

    async def take(self, tenant: str) -> None:
        """Count a request; Refusal (429, with when to come again) where it is one too many."""
        if self._rate == 0:
            return
        if self._shared is not None and self._common is not None:
            common = self._common
            allowed = await self._shared.ask(lambda: common.hit(self._item, tenant))
            if allowed is not None:
                if not allowed:
                    raise self._refusal(await self._shared.ask(lambda: common.get_window_stats(self._item, tenant)))
                # Also counted here, so that a Redis that ends gives nobody a second allowance.
                await self._own.hit(self._item, tenant)
                return
        if not await self._own.hit(self._item, tenant):
            raise self._refusal(await self._own.get_window_stats(self._item, tenant))

    def _refusal(self, window: tuple[float, int] | None) -> Exception:
        after = _MINUTE if window is None else window[0] - time.time()
        return limited(f"more than {self._rate} requests in a minute", min(max(after, 1.0), _MINUTE))
