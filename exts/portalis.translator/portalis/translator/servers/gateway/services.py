"""Everything that a gateway's routes work with, made and ended together."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import sqlite3
from typing import TYPE_CHECKING, Any

from portalis.translator.private.host_key import derive_key, host_key
from portalis.translator.servers.gateway.answers import Answers, Elsewhere, InShared, Layer, Stored
from portalis.translator.servers.gateway.database import open_database
from portalis.translator.servers.gateway.engines import make_engine
from portalis.translator.servers.gateway.guard import KEY, no_key
from portalis.translator.servers.gateway.job_book import JobBook
from portalis.translator.servers.gateway.job_runner import JobRunner
from portalis.translator.servers.gateway.keys import KeyBook, KeyEntry, Scope
from portalis.translator.servers.gateway.limits import Limits
from portalis.translator.servers.gateway.metrics import Metrics
from portalis.translator.servers.gateway.records import Audit, Log
from portalis.translator.servers.gateway.settings import Settings
from portalis.translator.servers.gateway.traces import Traces
from portalis.translator.servers.gateway.translations import Translations
from portalis.translator.servers.gateway.trouble import Refusal
from portalis.translator.servers.gateway.turns import Turns

if TYPE_CHECKING:
    from portalis.translator.servers.gateway.processes import Siblings
    from portalis.translator.servers.gateway.shared import SharedMemory

_TIDY_SECONDS = 600.0
_LOOK_SECONDS = 1.0
_TELL_SECONDS = 0.1
_READY_SECONDS = 5.0


class Services:
    """One gateway's parts. They belong to the event loop that starts them."""

    def __init__(self, settings: Settings, siblings: Siblings | None = None) -> None:
        self.settings = settings
        self._siblings = siblings
        self.log = Log(settings.log_level)
        self.metrics = Metrics()
        self.traces = Traces(settings)
        self.database: sqlite3.Connection = open_database(settings.folder)
        self.keys = KeyBook(self.database)
        self.audit = Audit(settings.folder, settings.retention_days)
        self.shared = _shared(settings)
        self.limits = Limits(settings.rate, self.shared)
        self.engine = make_engine(settings)
        self.turns = Turns(self.engine.width, settings.queue, settings.queue_of_one)
        self._stored = None if settings.store else Stored(self.database, settings.store_megabytes << 20, settings.retention_days)
        self._answers = Answers(settings.memory_megabytes << 20, self._layers(), _secret(settings))
        self.translations = Translations(self.engine, self._answers, self.turns, self.metrics, self.traces, shared=settings.shared_store)
        self.jobs = JobBook(self.database, settings.job_lease)
        self.runner = JobRunner(
            self.jobs, self.translations, self.log, width=self.engine.width, lease=settings.job_lease, patience=settings.patience
        )
        self.draining = False
        self._tasks: list[asyncio.Task[None]] = []
        self._watch()

    async def start(self) -> None:
        """Start what runs by itself."""
        self.engine.start()
        self.runner.start()
        self._tasks = [asyncio.create_task(self._tidy()), asyncio.create_task(self._look())]
        self.audit.note("start")
        if self._siblings is not None:
            await self._siblings.serve(self.metrics.text)
            if self._siblings.again:
                await self._get_ready()

    def listens(self) -> None:
        """Take note that requests come from now on."""
        if self._siblings is not None:
            self._tasks.append(asyncio.create_task(self._tell_siblings(self._siblings)))

    def drain(self) -> None:
        """Let nothing begin any more."""
        self.draining = True
        if self._siblings is not None:
            self._siblings.tell(ready=False)

    async def stop(self) -> None:
        """End everything; what of jobs has begun is left to whoever is next."""
        self.draining = True
        await self.runner.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.engine.close()
        await self._answers.flush()
        if self.shared is not None:
            await self.shared.close()
        self.audit.note("stop")
        self.audit.close_file()
        self.traces.close()
        self.database.close()

    @property
    def degraded(self) -> tuple[str, ...]:
        """What is out of order, although requests are answered."""
        redis = ("redis",) if self.shared is not None and self.shared.is_down else ()
        return redis if self._siblings is None or self._siblings.complete else (*redis, "processes")

    @property
    def ready(self) -> bool:
        """Whether requests are answered, whichever process gets them."""
        return self._is_ready and (self._siblings is None or self._siblings.ready)

    async def counters(self) -> bytes:
        """Return what is counted here and in the other processes, as Prometheus reads it."""
        own = self.metrics.text()
        return own if self._siblings is None else await self._siblings.all_counters(own)

    def admit(self, scope: Any, wanted: Scope) -> KeyEntry:
        """Return whose request it is; Refusal where nobody's who may."""
        entry: KeyEntry | None = scope[KEY]
        if entry is None:
            raise no_key()
        if wanted not in entry.scopes:
            raise Refusal(403, "no_scope", f"this key is not for `{wanted}`")
        return entry

    def require_open(self) -> None:
        """Raise Refusal where the gateway is about to end."""
        if self.draining:
            raise Refusal(503, "draining", "this gateway is about to end", retry_after=2.0, close=True)

    @property
    def _is_ready(self) -> bool:
        return bool(self.engine.compilers) and not self.draining

    async def _tell_siblings(self, siblings: Siblings) -> None:
        while True:
            siblings.tell(ready=self._is_ready)
            await asyncio.sleep(_TELL_SECONDS)

    async def _get_ready(self) -> None:
        """Wait for a compiler, but not for ever: where none comes, it is said to who asks."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_READY_SECONDS):
                while not (self.engine.compilers or self.draining):
                    await asyncio.sleep(_TELL_SECONDS)

    def _layers(self) -> tuple[Layer, ...]:
        lasting: Layer = Elsewhere(self.settings.store) if self._stored is None else self._stored
        return (lasting,) if self.shared is None else (InShared(self.shared, self.settings.retention_days), lasting)

    async def _tidy(self) -> None:
        while True:
            await asyncio.sleep(_TIDY_SECONDS)
            with contextlib.suppress(sqlite3.Error, OSError):
                self.jobs.tidy(self.settings.retention_days)
                self.audit.tidy()
                if self._stored is not None:
                    self._stored.tidy()

    async def _look(self) -> None:
        while self.shared is not None:
            await self.shared.look()
            await asyncio.sleep(_LOOK_SECONDS)

    def _watch(self) -> None:
        watch = self.metrics.watch
        watch("portalis_ready", "Whether requests are answered.", lambda: float(self._is_ready))
        watch("portalis_degraded", "Whether something is out of order although they are.", lambda: float(bool(self.degraded)))
        watch("portalis_waiting_requests", "Requests that wait for a worker.", lambda: float(self.turns.waiting))
        watch("portalis_busy_workers", "Workers that work.", lambda: float(self.turns.running))
        watch("portalis_workers", "Workers.", lambda: float(self.turns.width))
        watch("portalis_job_items_queued", "Items of jobs that wait.", lambda: float(self.jobs.counts().get("queued", 0)))
        watch("portalis_job_items_running", "Items of jobs that are worked on.", lambda: float(self.jobs.counts().get("running", 0)))


def _shared(settings: Settings) -> SharedMemory | None:
    if not settings.redis:
        return None
    # What speaks to Redis is a tenth of a start.
    from portalis.translator.servers.gateway.shared import SharedMemory

    return SharedMemory(settings.redis)


def _secret(settings: Settings) -> bytes:
    """Return what answers are sealed with: what gateways that share a store are told, else this user's own key."""
    if settings.store_secret:
        return hashlib.sha256(b"portalis answers " + settings.store_secret.encode()).digest()
    return derive_key(host_key(), "gateway answers")
