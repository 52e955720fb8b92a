"""A gateway as a process: it listens, tells where, and on SIGTERM ends what has begun before it ends itself."""

from __future__ import annotations

import asyncio
import importlib.util
import signal
import socket
import struct
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from portalis.translator.servers.gateway.app import make_app
from portalis.translator.servers.gateway.database import open_database
from portalis.translator.servers.gateway.records import Log
from portalis.translator.servers.gateway.services import Services
from portalis.translator.servers.gateway.settings import LOOPBACK, Settings

if TYPE_CHECKING:
    from portalis.translator.servers.gateway.processes import Siblings

# What scripts/build_thin.py leaves out.
_COMPILER = "portalis.translator.servers.pool.pool"
_BACKLOG = 1024
# So many requests of a connection may wait for the one before them.
_MOST_WAITING = 100
_FORGET = struct.pack("ii", 1, 0)


class CannotServe(Exception):
    """A gateway cannot listen where it should."""


class Gathering:
    """A transport that sends what is written in one go of the event loop, an answer's head and its body, at once: a send costs more than
    all that leads to it."""

    def __init__(self, transport: Any, loop: asyncio.AbstractEventLoop, patience: float) -> None:
        self._transport, self._loop, self._patience = transport, loop, patience
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Send soon."""
        if not self._parts:
            self._loop.call_soon(self._send)
        self._parts.append(data)

    def close(self) -> None:
        """Send, and close when all is sent, or when nobody has taken it in time."""
        self._send()
        self._transport.close()
        if self._transport.get_write_buffer_size():
            self._loop.call_later(self._patience, self.drop)

    def drop(self) -> None:
        """End at once. What the system still has to send is forgotten too: it would wait for a client that does not read for minutes."""
        if self._transport.get_write_buffer_size():
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _FORGET)
            self._transport.abort()

    def _send(self) -> None:
        if self._parts and not self._transport.is_closing():
            self._transport.write(b"".join(self._parts))
        self._parts.clear()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Patient(HttpToolsProtocol):
    """HTTP/1.1, within limits that the parser does not have: a request's head that has begun has to be whole in time, and so has the first,
    and it has so many bytes at most; and of an answer that waits to be read, something is read in that time."""

    seconds = 15.0
    most = 32 << 10

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first head."""
        super().connection_made(Gathering(transport, self.loop, self.seconds))  # type: ignore[arg-type]
        self._reading: asyncio.TimerHandle | None = None
        self._in_head, self._begins, self._head = False, False, 0
        self._waiting: asyncio.TimerHandle | None = self.loop.call_later(self.seconds, self._give_up)

    def data_received(self, data: bytes) -> None:
        """Take bytes; where they end before a head does, wait for the rest of it."""
        self._begins = False
        super().data_received(data)
        # Of bytes in which it begins, what comes before may be requests that are whole.
        if self._in_head and not self._begins:
            self._head += len(data)
            if self._head > self.most and not self.transport.is_closing():
                self.send_400_response("The head of the request is too large.")
        # Also where nothing has begun that is known to: empty lines before a request.
        begun = self._in_head or self.cycle is None or self.cycle.response_complete
        if self._waiting is not None and not begun:
            self._waiting.cancel()
            self._waiting = None
        elif self._waiting is None and begun:
            self._waiting = self.loop.call_later(self.seconds, self._give_up)

    def on_message_begin(self) -> None:
        """Note that a head has begun."""
        super().on_message_begin()
        self._in_head, self._begins, self._head = True, True, 0

    def on_headers_complete(self) -> None:
        """Go on with a head that is whole; an error of this is an error of the request."""
        self._in_head = False
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > self.most:
            raise ValueError("the head is too large")
        # A whole URL names a host of its own, whatever `Host` says.
        if not self.url.startswith(b"/"):
            raise ValueError("this is for a proxy")
        if len(self.pipeline) >= _MOST_WAITING:
            # An answer would be taken for that of one of those that wait.
            self.transport.close()
            return
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        for timer in (self._waiting, self._reading):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Begin to wait for a client that does not read: what is sent to it, and its place among the requests, are kept for it."""
        super().pause_writing()
        self._look_again()

    def resume_writing(self) -> None:
        """Wait no more for it."""
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        super().resume_writing()

    def _look_again(self) -> None:
        unread = self.transport.get_write_buffer_size()
        self._reading = self.loop.call_later(self.seconds, self._require_reader, unread)

    def _require_reader(self, unread: int) -> None:
        self._reading = None
        if self.transport.get_write_buffer_size() >= unread:
            self.transport.drop()  # type: ignore[attr-defined]
        else:
            self._look_again()

    def _give_up(self) -> None:
        self._waiting = None
        if not self.transport.is_closing():
            self.transport.close()


class Server(uvicorn.Server):
    """Tells a gateway that it ends before it ends, and whoever waits for it that it listens."""

    def __init__(self, config: uvicorn.Config, services: Services, told: Callable[[], None]) -> None:
        super().__init__(config)
        self._services, self._told = services, told

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and tell it."""
        await super().startup(sockets)
        if self.started and sockets:
            # More may wait than are let in at once.
            sockets[0].listen(_BACKLOG)
            self._services.listens()
            self._told()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take no more requests; a second signal does not wait for those that there are."""
        self._services.drain()
        if self.should_exit:
            self.force_exit = True
        self.should_exit = True


def serve(settings: Settings, told: Callable[[int], None], ended: Callable[[], None] = lambda: None) -> None:
    """Serve until a signal says to end; `told` is given the port when it listens, `ended` is called when nobody is let in any more.

    CannotServe where it cannot listen.
    """
    if not settings.triton and importlib.util.find_spec(_COMPILER) is None:
        raise CannotServe("this build has no compiler: set PORTALIS_GATEWAY_TRITON to the HOST:PORT of a Triton server that has")
    with _listen(settings) as listening:
        port = listening.getsockname()[1]
        try:
            if settings.processes == 1:
                _run(settings, listening, None, lambda: told(port))
            else:
                _run_several(settings, listening, lambda: told(port))
        finally:
            ended()


def _run(settings: Settings, listening: socket.socket, siblings: Siblings | None, told: Callable[[], None]) -> None:
    services = Services(settings, siblings)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncio", "sse_starlette", "limits"):
        services.log.adopt(name)
    Patient.seconds, Patient.most = settings.body_seconds, settings.header_bytes
    config = uvicorn.Config(
        make_app(services),
        http=Patient,
        ws="none",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=settings.drain_seconds,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
        # As many are let in at a time: of several processes, the one that has time lets in the next.
        backlog=_BACKLOG if siblings is None else 1,
    )
    Server(config, services, told).run(sockets=[listening])


def _run_several(settings: Settings, listening: socket.socket, told: Callable[[], None]) -> None:
    if not hasattr(signal, "sigtimedwait"):
        raise CannotServe("several processes behind one port take Linux: leave PORTALIS_GATEWAY_PROCESSES at 1")
    from portalis.translator.servers.gateway.processes import NeverListened, supervise

    log = Log(settings.log_level)
    # What is wrong with the folder is said once, and by who can say it.
    open_database(settings.folder).close()
    if settings.rate and not settings.redis:
        log.tell("WARNING", "limits", message="each process counts requests for itself: with PORTALIS_GATEWAY_REDIS they count together")
    listening.listen(_BACKLOG)
    try:
        supervise(
            settings.processes,
            lambda siblings: _run(settings.share(siblings.number), listening, siblings, lambda: None),
            log,
            told=told,
            closing=listening.close,
        )
    except NeverListened as error:
        raise CannotServe(str(error)) from error


def _listen(settings: Settings) -> socket.socket:
    if settings.host not in LOOPBACK and settings.tls_certificate is None:
        raise CannotServe(f"{settings.host} is not this machine alone: set PORTALIS_GATEWAY_TLS_CERTIFICATE and PORTALIS_GATEWAY_TLS_KEY")
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # With its protocol named, since asyncio sends at once (TCP_NODELAY) only where it is: else each answer waits 40 ms for a receipt.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise CannotServe(f"port {settings.port} of {settings.host} cannot be used: {error.strerror}") from error
    return listening
