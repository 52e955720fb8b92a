"""Requests that get no answer, as exceptions: each with its status, a code for programs, and when asking again may help."""

from __future__ import annotations

import math

from portalis.translator.servers.contract.service import REQUEST_HEADER, Problem, Trouble


class Refusal(Exception):
    """A request is not answered."""

    def __init__(self, status: int, code: str, message: str, *, retry_after: float | None = None, close: bool = False) -> None:
        self.status, self.code, self.message = status, code, message
        self.retry_after = retry_after
        self.close = close
        super().__init__(message)

    def body(self, request: str) -> bytes:
        """Return what is sent."""
        after = None if self.retry_after is None else max(1, math.ceil(self.retry_after))
        return Trouble(error=Problem(code=self.code, message=self.message, request=request, retry_after=after)).model_dump_json().encode()

    def headers(self, request: str) -> list[tuple[bytes, bytes]]:
        """Return the headers that go with it."""
        found = [(b"content-type", b"application/json"), (REQUEST_HEADER.encode(), request.encode())]
        if self.retry_after is not None:
            found.append((b"retry-after", str(max(1, math.ceil(self.retry_after))).encode()))
        if self.status == 401:
            found.append((b"www-authenticate", b"Bearer"))
        if self.close:
            found.append((b"connection", b"close"))
        return found


def busy(message: str, after: float) -> Refusal:
    """Return the refusal of a gateway that has too much to do."""
    return Refusal(503, "busy", message, retry_after=after)


def limited(message: str, after: float) -> Refusal:
    """Return the refusal of somebody who asks too much."""
    return Refusal(429, "limited", message, retry_after=after)
