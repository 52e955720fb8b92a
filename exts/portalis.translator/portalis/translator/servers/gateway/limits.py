"""How much one tenant may ask: so many requests in any minute, counted in Redis where there is one, else by each process."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from portalis.translator.servers.gateway.trouble import Refusal, limited

if TYPE_CHECKING:
    from portalis.translator.servers.gateway.shared import SharedMemory

_MINUTE = 60.0


class Window:
    """A moving window of this process: the times of each tenant's last `rate` requests. What `limits` has for this walks all of them."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._times: dict[str, deque[float]] = {}

    def take(self, tenant: str, now: float) -> float:
        """Count a request and return 0; or count none, and return after how many seconds there is room for one."""
        times = self._times.get(tenant)
        if times is None:
            self._forget(now)
            times = self._times[tenant] = deque(maxlen=self._rate)
        if len(times) == self._rate and now - times[0] < _MINUTE:
            return _MINUTE - (now - times[0])
        times.append(now)
        return 0.0

    def _forget(self, now: float) -> None:
        for tenant in [name for name, times in self._times.items() if now - times[-1] >= _MINUTE]:
            del self._times[tenant]


class Limits:
    """`rate` requests a minute for each tenant; 0 is no limit."""

    def __init__(self, rate: int, shared: SharedMemory | None) -> None:
        self._rate = rate
        self._own = Window(rate)
        self._shared = shared

    async def take(self, tenant: str) -> None:
        """Count a request; Refusal (429, with when to come again) where it is one too many."""
        if self._rate == 0:
            return
        allowed = await self._ask_shared(tenant)
        # Also counted here, so that a Redis that ends gives nobody a second allowance.
        after = self._own.take(tenant, time.monotonic())
        if allowed is None and after > 0.0:
            raise self._refusal(after)

    async def _ask_shared(self, tenant: str) -> bool | None:
        """Return whether Redis lets a request in; None where it says nothing. Refusal where it does not."""
        if self._shared is None:
            return None
        allowed = await self._shared.hit(tenant, self._rate)
        if allowed is False:
            until = await self._shared.room_at(tenant, self._rate)
            raise self._refusal(_MINUTE if until is None else until - time.time())
        return allowed

    def _refusal(self, after: float) -> Refusal:
        return limited(f"more than {self._rate} requests in a minute", min(max(after, 1.0), _MINUTE))
