"""What requests hold while they are here, places and memory: so much in all, and half of it one tenant."""

from __future__ import annotations

from collections import Counter

from portalis.translator.servers.gateway.trouble import busy, limited

_SOON = 1.0


class Room:
    """So much of something, `what` in a refusal's words, at most."""

    def __init__(self, most: int, what: str) -> None:
        self._most, self._what = most, what
        self._held = Counter[str]()
        self._all = 0

    def take(self, tenant: str, amount: int) -> None:
        """Take some; Refusal where there is not so much, or where the tenant would have more than half of all."""
        had = self._held[tenant]
        if had and had + amount > self._most // 2:
            raise limited(f"too many {self._what} of yours are here", _SOON)
        if self._all + amount > self._most:
            raise busy(f"too many {self._what} are here", _SOON)
        self._held[tenant] = had + amount
        self._all += amount

    def give_back(self, tenant: str, amount: int) -> None:
        """Have some no more."""
        self._all -= amount
        self._held[tenant] -= amount
        if not self._held[tenant]:
            del self._held[tenant]


class Held:
    """What a request has of a room, until the block of it ends."""

    def __init__(self, room: Room, tenant: str) -> None:
        self._room, self._tenant, self._amount = room, tenant, 0

    def __enter__(self) -> Held:
        return self

    def __exit__(self, *raised: object) -> None:
        self._room.give_back(self._tenant, self._amount)

    def take(self, amount: int) -> None:
        """Take more; Refusal where there is no more."""
        self._room.take(self._tenant, amount)
        self._amount += amount
