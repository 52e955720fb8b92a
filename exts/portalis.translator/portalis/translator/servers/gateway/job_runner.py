"""Works on jobs, behind those who wait for an answer now."""

from __future__ import annotations

import asyncio
import sqlite3
import time

from portalis.translator.servers.contract.asking import RemoteError
from portalis.translator.servers.contract.translation import failed
from portalis.translator.servers.gateway.job_book import JobBook, Taken
from portalis.translator.servers.gateway.records import Log
from portalis.translator.servers.gateway.translations import Translations
from portalis.translator.servers.gateway.trouble import Refusal
from portalis.translator.servers.pool.keys import UNNAMED

_LOOK_SECONDS = 0.25
_PAUSE_SECONDS = 0.5


class JobRunner:
    """Takes as many items at a time as there are workers, and one more, so that none waits for the database."""

    def __init__(self, book: JobBook, translations: Translations, log: Log, *, width: int, lease: float, patience: float) -> None:
        self._book, self._translations, self._log = book, translations, log
        self._most = width + 1
        self._renewing = lease / 3.0
        self._patience = patience
        self._wake = asyncio.Event()
        self._at_work: dict[asyncio.Task[None], Taken] = {}
        self._running: asyncio.Task[None] | None = None
        self._renewed = 0.0

    def start(self) -> None:
        """Begin."""
        self._running = asyncio.create_task(self._run())

    def wake(self) -> None:
        """Say that there is something to do."""
        self._wake.set()

    async def stop(self) -> None:
        """Take nothing more, and leave what has begun to whoever is next."""
        tasks = [*self._at_work] if self._running is None else [self._running, *self._at_work]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                self._look()
            except sqlite3.Error as error:
                # Locked for long, or a full disk: it may not be so the next time.
                self._log.tell("ERROR", "jobs", exception=type(error).__name__)
                await asyncio.sleep(_PAUSE_SECONDS)
            self._wake.clear()
            try:
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                continue

    def _look(self) -> None:
        # By the clock that leases are of, which may be set: what this process works on is never lost to it.
        if self._at_work and abs(time.time() - self._renewed) > self._renewing:
            self._book.renew(self._at_work.values())
            self._renewed = time.time()
        self._book.reclaim()
        while len(self._at_work) < self._most and self._is_ready() and (taken := self._book.take()) is not None:
            task = asyncio.create_task(self._do(taken))
            self._at_work[task] = taken
            task.add_done_callback(self._done)

    def _is_ready(self) -> bool:
        try:
            self._translations.require_ready(None)
        except Refusal:
            return False
        return True

    def _done(self, task: asyncio.Task[None]) -> None:
        # One that came to no end is taken again when its lease is over.
        del self._at_work[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            self._log.tell("ERROR", "job item", exception=type(error).__name__)
        self._wake.set()

    async def _do(self, taken: Taken) -> None:
        try:
            # The path is put in when a result is read.
            request = taken.request.model_copy(update={"path": UNNAMED})
            compiler = self._translations.require_ready(None)
            answer = await self._translations.answer(request, compiler, taken.tenant, later=True, patience=self._patience)
        except asyncio.CancelledError:
            self._book.give_back(taken, tried=False)
            raise
        except Refusal:
            # Too much to do, or nobody to do it: later.
            await asyncio.sleep(_PAUSE_SECONDS)
            self._book.give_back(taken, tried=False)
        except RemoteError as error:
            self._book.finish(taken, failed("error", str(error)))
        else:
            self._book.finish(taken, answer)
