"""Who translates: the pool of judges on this machine, or a Triton server, for a gateway without a compiler. Each is imported when it is
chosen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from portalis.translator.servers.contract.asking import RemoteError, ServerUnavailable
from portalis.translator.servers.contract.translation import RequestOptions
from portalis.translator.servers.gateway.settings import Settings
from portalis.translator.servers.pool.keys import UNNAMED

if TYPE_CHECKING:
    from portalis.translator.servers.pool.pool import Pool
    from portalis.translator.servers.triton.asking import TritonDoor

Tell: TypeAlias = Callable[[Literal["building", "verifying"]], None]
# How often a Triton server is asked which compilers it has.
_LOOK_SECONDS = 2.0
_LOOK_PATIENCE = 1.0


class Engine(Protocol):
    """What makes answers. Each is JSON whose source has the path `UNNAMED`."""

    @property
    def kind(self) -> Literal["embedded", "triton"]:
        """Which it is."""

    @property
    def proves(self) -> bool:
        """Whether every translation that it gives is known to carry its proof."""

    @property
    def width(self) -> int:
        """How many it works on at a time."""

    @property
    def compilers(self) -> tuple[int, ...]:
        """The compilers that it has now, the one it prefers first; none while it is not ready."""

    def start(self) -> None:
        """Begin to get ready; returns at once."""

    def translate(self, source: bytes, request: RequestOptions, compiler: int, tell: Tell) -> Future[bytes]:
        """Translate; the future may hold RemoteError or ServerUnavailable."""

    def close(self) -> None:
        """End what it has started."""


class Embedded:
    """The pool on this machine; ready with its first worker."""

    kind: Literal["embedded"] = "embedded"
    proves = True

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool: Pool | None = None
        self._compilers: tuple[int, ...] = ()

    @property
    def width(self) -> int:
        """How many workers there are."""
        return self._settings.workers

    @property
    def compilers(self) -> tuple[int, ...]:
        """This compiler, once a worker is warm."""
        return self._compilers

    def start(self) -> None:
        """Start the workers, in a thread of their own."""
        threading.Thread(target=self._warm_up, name="warm-up", daemon=True).start()

    def translate(self, source: bytes, request: RequestOptions, compiler: int, tell: Tell) -> Future[bytes]:
        """Have a worker do it."""
        assert self._pool is not None, "nobody asks an engine that is not ready"
        return self._pool.translate(source, request, tell)

    def close(self) -> None:
        """End the workers."""
        self._compilers = ()
        if self._pool is not None:
            self._pool.close()

    def _warm_up(self) -> None:
        from portalis.translator.servers.pool.compiler_version import compiler_version
        from portalis.translator.servers.pool.pool import Pool

        settings = self._settings
        self._pool = Pool(settings.workers, settings.time_limit, settings.memory_limit_megabytes << 20, cache_bytes=0)

        def ready() -> None:
            self._compilers = (compiler_version(),)

        self._pool.warm_up(ready)


class Triton:
    """A Triton server elsewhere; ready while it says which compilers it has."""

    kind: Literal["triton"] = "triton"
    proves = False

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._door: TritonDoor | None = None
        self._threads = ThreadPoolExecutor(settings.workers, thread_name_prefix="triton")
        self._compilers: tuple[int, ...] = ()
        self._closed = threading.Event()

    @property
    def width(self) -> int:
        """How many requests go there at a time."""
        return self._settings.workers

    @property
    def compilers(self) -> tuple[int, ...]:
        """What the server said last."""
        return self._compilers

    def start(self) -> None:
        """Begin to ask the server."""
        from portalis.translator.servers.triton.asking import TritonDoor

        self._door = TritonDoor(self._settings.triton, key=self._settings.triton_key or None)
        threading.Thread(target=self._look, name="look", daemon=True).start()

    def translate(self, source: bytes, request: RequestOptions, compiler: int, tell: Tell) -> Future[bytes]:
        """Pass a request on."""
        rest = request.model_copy(update={"path": UNNAMED}).model_dump_json(exclude={"source"}).encode()
        return self._threads.submit(self._ask, source, rest, compiler, request.patience, tell)

    def close(self) -> None:
        """Close the connection."""
        self._closed.set()
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._door is not None:
            self._door.close()

    def _ask(self, source: bytes, rest: bytes, compiler: int, patience: float, tell: Tell) -> bytes:
        assert self._door is not None
        tell("building")
        return self._door.ask(source, rest, version=compiler, deadline=patience)

    def _look(self) -> None:
        assert self._door is not None
        while not self._closed.is_set():
            try:
                found = self._door.versions(_LOOK_PATIENCE)
                self._compilers = tuple(version for version in found if self._door.is_ready(version, _LOOK_PATIENCE))
            except (RemoteError, ServerUnavailable):
                self._compilers = ()
            self._closed.wait(_LOOK_SECONDS)


def make_engine(settings: Settings) -> Engine:
    """Return the engine that settings ask for."""
    return Triton(settings) if settings.triton else Embedded(settings)
