"""The outermost part: who is not to be here, says too much or too slowly, or comes from another origin's page gets no further.

Every request that gets in has its whole body, within its limits, and leaves a line in the log and the counters.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from dataclasses import dataclass
from typing import Any, TypeAlias

from portalis.translator.servers.contract.service import COMPILER_HEADER, REQUEST_HEADER
from portalis.translator.servers.gateway.keys import VISITOR, KeyBook, KeyEntry
from portalis.translator.servers.gateway.metrics import Metrics
from portalis.translator.servers.gateway.records import Log, place_of
from portalis.translator.servers.gateway.room import Held, Room
from portalis.translator.servers.gateway.settings import Settings
from portalis.translator.servers.gateway.traces import Traces
from portalis.translator.servers.gateway.trouble import Refusal

Scope: TypeAlias = Any
Receive: TypeAlias = Any
Send: TypeAlias = Any
# Where the scope of a request holds its `Record`.
RECORD = "portalis.record"
# Where it holds whose key came with it, or None.
KEY = "portalis.key"
# Where it holds the body, all of it: what is received after that is what happens to the connection.
BODY = "portalis.body"
_BODILESS = ("GET", "HEAD", "OPTIONS", "DELETE")
_BEARER = "bearer "
# What a caller may call a request by is written down: a UUID, say. A key is longer, and a text has other letters.
_REQUEST_ID = re.compile(r"[0-9a-f-]{8,36}")
_PORT = re.compile(r":[0-9]{1,5}$")
_ALWAYS = ((b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"))
_ALLOWED = f"authorization, content-type, accept, last-event-id, {COMPILER_HEADER}, {REQUEST_HEADER}".encode()


@dataclass
class Record:
    """What is told of a request when it is over."""

    request: str
    tenant: str = ""
    key: str = ""
    kind: str = ""
    status: int = 0


class Guard:
    """An ASGI application around another one."""

    def __init__(self, inner: Any, settings: Settings, keys: KeyBook, log: Log, metrics: Metrics, traces: Traces) -> None:
        self._inner, self._settings, self._keys = inner, settings, keys
        self._log, self._metrics, self._traces = log, metrics, traces
        self._host_names, self._origins = settings.host_names, settings.origins
        self._places = Room(settings.requests, "requests")
        self._memory = Room(settings.bodies_megabytes << 20, "bytes of requests")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a connection's request."""
        if scope["type"] == "lifespan":
            await self._inner(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        named = headers.get(REQUEST_HEADER, "")
        record = scope[RECORD] = Record(named if _REQUEST_ID.fullmatch(named) else secrets.token_hex(8))
        since = time.perf_counter()
        try:
            await self._answer(scope, receive, send, headers, record)
        finally:
            route = getattr(scope.get("route"), "path", "unknown")
            seconds = time.perf_counter() - since
            self._metrics.answered(route, record.status, seconds)
            told = {"request": record.request, "method": scope["method"] if route != "unknown" else "", "route": route}
            who = {name: value for name, value in (("tenant", record.tenant), ("key", record.key), ("kind", record.kind)) if value}
            self._log.tell("INFO", "request", **told, status=record.status, ms=round(seconds * 1000, 2), **who)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str], record: Record) -> None:
        origin = headers.get("origin", "")
        foreign = origin in self._origins
        extra = [*_ALWAYS, (REQUEST_HEADER.encode(), record.request.encode())]
        if foreign:
            extra += [(b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"origin")]

        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start":
                record.status = message["status"]
                message["headers"] = [*message.get("headers", ()), *extra]
            await send(message)

        try:
            self._require_welcome(scope, headers, origin)
            if foreign and scope["method"] == "OPTIONS":
                await _preflight(sending)
                return
            entry = self._whose(scope, headers, origin)
            scope[KEY] = entry
            if entry is not None:
                record.tenant, record.key = entry.tenant, entry.id
            elif scope["method"] not in _BODILESS:
                # Before a byte of the body is read: nobody fills the memory who may not ask.
                raise no_key()
            with Held(self._places, record.tenant) as place, Held(self._memory, record.tenant) as memory:
                place.take(1)
                scope[BODY] = await self._whole_body(scope, receive, headers, memory)
                if self._traces.wanted:
                    with self._traces.span("request", {"portalis.request": record.request}, caller=headers):
                        await self._inner(scope, receive, sending)
                else:
                    await self._inner(scope, receive, sending)
        except Refusal as refusal:
            self._metrics.refused(refusal.code)
            await _refuse(sending, refusal, record.request)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            self._log.tell("ERROR", "mistake", request=record.request, exception=type(error).__name__, at=place_of(error))
            if record.status == 0:
                await _refuse(sending, Refusal(500, "mistake", "the gateway made a mistake", close=True), record.request)

    def _whose(self, scope: Scope, headers: dict[str, str], origin: str) -> KeyEntry | None:
        given = headers.get("authorization")
        if given is None and self._settings.playground == "open" and origin and origin == _own_origin(scope, headers):
            # A browser puts no other origin into the request of another one's page.
            return VISITOR
        return key_of(given or "", self._keys)

    def _require_welcome(self, scope: Scope, headers: dict[str, str], origin: str) -> None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        host = _PORT.sub("", headers.get("host", "")).lower()
        if len(hosts) != 1 or host not in self._host_names:
            raise Refusal(421, "other_host", "this is for another host", close=True)
        if origin and origin not in self._origins and origin != _own_origin(scope, headers):
            raise Refusal(403, "other_origin", "pages of another origin get nothing here")

    async def _whole_body(self, scope: Scope, receive: Receive, headers: dict[str, str], memory: Held) -> bytes:
        """Read a request's body; none where a request of its kind has none."""
        if scope["method"] in _BODILESS:
            return b""
        settings = self._settings
        most = settings.job_bytes if scope["path"] == "/v1/jobs" else settings.body_bytes
        declared = headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared) > most:
            raise _too_large(most)
        try:
            async with asyncio.timeout(settings.body_seconds):
                body = await _read(receive, most, memory)
        except TimeoutError:
            raise Refusal(408, "slow", f"the body did not come within {settings.body_seconds:g} s", close=True) from None
        if body and headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise Refusal(415, "not_json", "the body has to be application/json")
        return body


def key_of(given: str, keys: KeyBook) -> KeyEntry | None:
    """Return the entry of the key in an `Authorization` header; None where it holds none that may be used."""
    return keys.check(given[len(_BEARER) :]) if given[: len(_BEARER)].lower() == _BEARER else None


def no_key() -> Refusal:
    """Return the refusal of who has none."""
    return Refusal(401, "no_key", "a key is needed: `Authorization: Bearer KEY`", close=True)


def _own_origin(scope: Scope, headers: dict[str, str]) -> str:
    return f"{scope['scheme']}://{headers['host']}"


async def _read(receive: Receive, most: int, memory: Held) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Refusal(400, "gone", "the body is not whole", close=True)
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            raise _too_large(most)
        memory.take(len(part))
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts) if len(parts) > 1 else parts[0]


def _too_large(most: int) -> Refusal:
    return Refusal(413, "too_large", f"the body has more than {most} bytes", close=True)


async def _preflight(send: Send) -> None:
    allowed = [(b"access-control-allow-headers", _ALLOWED), (b"access-control-allow-methods", b"GET, POST, DELETE")]
    await send({"type": "http.response.start", "status": 204, "headers": [*allowed, (b"access-control-max-age", b"600")]})
    await send({"type": "http.response.body", "body": b""})


async def _refuse(send: Send, refusal: Refusal, request: str) -> None:
    body = refusal.body(request)
    headers = [item for item in refusal.headers(request) if item[0] != REQUEST_HEADER.encode()]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
