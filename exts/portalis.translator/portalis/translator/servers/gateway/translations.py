"""One translation, from a request to the text of its answer: kept, on its way already, or made now; and never without its proof."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from pydantic import ValidationError

from portalis.translator.servers.contract.asking import RemoteError, ServerUnavailable
from portalis.translator.servers.contract.proof import require_proof
from portalis.translator.servers.contract.service import COMPILER_HEADER
from portalis.translator.servers.contract.translation import ANSWER, Failed, TranslatedAnswer, TranslationRequest, failed
from portalis.translator.servers.gateway.answers import Answers
from portalis.translator.servers.gateway.engines import Engine
from portalis.translator.servers.gateway.metrics import Metrics
from portalis.translator.servers.gateway.traces import Traces
from portalis.translator.servers.gateway.trouble import Refusal, busy
from portalis.translator.servers.gateway.turns import Place, Turns
from portalis.translator.servers.pool.keys import request_key, with_path

_SOON = 2.0
Hear = Callable[[str], None]
Leave = Callable[[], Awaitable[object]]


async def _never() -> None:
    await asyncio.get_running_loop().create_future()


@dataclass
class _Flight:
    """An answer that is made now, and who waits for it."""

    task: asyncio.Task[bytes]
    place: Place
    listeners: list[Hear] = field(default_factory=list)
    waiting: int = 0
    started: bool = False

    def tell(self, stage: str) -> None:
        for hear in self.listeners:
            hear(stage)


class Translations:
    """Answers requests. An answer depends on the request alone, so that two who ask the same (of one tenant) get one."""

    def __init__(self, engine: Engine, answers: Answers, turns: Turns, metrics: Metrics, traces: Traces, *, shared: bool) -> None:
        self._engine, self._answers, self._turns = engine, answers, turns
        self._metrics, self._traces = metrics, traces
        self._shared = shared
        self._flights: dict[bytes, _Flight] = {}

    def require_ready(self, wanted: str | None) -> int:
        """Return the compiler that is to answer; Refusal where there is none, or not the one that was `wanted`."""
        compilers = self._engine.compilers
        if not compilers:
            raise Refusal(503, "not_ready", "no compiler is ready", retry_after=_SOON)
        if wanted is None:
            return compilers[0]
        for compiler in compilers:
            if str(compiler) == wanted:
                return compiler
        there = ", ".join(map(str, compilers))
        raise Refusal(409, "other_compiler", f"`{COMPILER_HEADER}` asks for a compiler that is not here; here is {there}")

    def key(self, request: TranslationRequest, compiler: int, tenant: str) -> bytes:
        """Return what a request's answer is kept by."""
        return request_key(request.source.encode(), request, compiler, "" if self._shared else tenant)

    async def answer(
        self,
        request: TranslationRequest,
        compiler: int,
        tenant: str,
        *,
        patience: float,
        later: bool = False,
        hear: Hear | None = None,
        leave: Leave = _never,
    ) -> bytes:
        """Return the answer; Refusal where there is none in time, at once where that is known beforehand.

        `hear` is told of stages: queued, building, verifying. Where `leave` returns, nobody waits any more, and it is a Refusal too.
        """
        key = self.key(request, compiler, tenant)
        found = await self._answers.get(key)
        if found is not None:
            self._metrics.translated("kept", found)
            return with_path(found, request.path)
        flight = self._flights.get(key)
        how = "made" if flight is None else "joined"
        if flight is None:
            # Before anything else is awaited, so that what was estimated still holds.
            place = self._turns.enter(tenant, later=later, patience=math.inf if later else patience)
            flight = self._depart(key, request, compiler, place)
        elif not later:
            flight.place.hurry(patience)
        if hear is not None:
            flight.listeners.append(hear)
            hear("queued")
        found = await self._wait(flight, patience, leave)
        self._metrics.translated(how, found)
        return with_path(found, request.path)

    async def _wait(self, flight: _Flight, patience: float, leave: Leave) -> bytes:
        flight.waiting += 1
        limit = asyncio.timeout(patience)

        # What has come ends the wait for a leaving as its time does: a task for either would cost more than all else of waiting.
        def arrive(_: object) -> None:
            # Unless the wait has just ended otherwise.
            with contextlib.suppress(RuntimeError):
                limit.reschedule(0.0)

        try:
            async with limit:
                flight.task.add_done_callback(arrive)
                await leave()
            raise Refusal(400, "gone", "whoever asked has left", close=True)
        except TimeoutError:
            if flight.task.done():
                return flight.task.result()
            raise busy(f"there was no answer within {patience:g} s", self._turns.wait_seconds()) from None
        finally:
            flight.task.remove_done_callback(arrive)
            flight.waiting -= 1
            # Nobody wants it any more. What has begun goes on, since a worker has it, and is kept.
            if not flight.waiting and not flight.started:
                flight.task.cancel()

    def _depart(self, key: bytes, request: TranslationRequest, compiler: int, place: Place) -> _Flight:
        flight = _Flight(asyncio.create_task(self._fly(key, request, compiler, place)), place)
        self._flights[key] = flight

        def arrive(task: asyncio.Task[bytes]) -> None:
            del self._flights[key]
            # One that was cancelled before its first step has not come to it.
            place.leave()
            if not task.cancelled():
                # Whoever waited has it; where nobody does, nothing is to be said of it.
                task.exception()

        flight.task.add_done_callback(arrive)
        return flight

    async def _fly(self, key: bytes, request: TranslationRequest, compiler: int, place: Place) -> bytes:
        loop, since = asyncio.get_running_loop(), time.monotonic()
        async with place:
            flight = self._flights[key]
            flight.started = True
            self._metrics.waited(time.monotonic() - since)
            began = time.monotonic()
            with self._traces.span("translate", {"portalis.compiler": str(compiler)}):
                asked = self._engine.translate(request.source.encode(), request, compiler, lambda stage: _tell(loop, flight, stage))
                answer = await self._proven(asyncio.wrap_future(asked))
            self._metrics.worked(time.monotonic() - began)
        if not _is_failure(answer):
            self._answers.put(key, answer)
        return answer

    async def _proven(self, asked: asyncio.Future[bytes]) -> bytes:
        """Return an answer that is one, with its proof."""
        try:
            answer = await asked
            if self._engine.proves:
                return answer
            read = await asyncio.to_thread(ANSWER.validate_json, answer)
            if isinstance(read, TranslatedAnswer):
                require_proof(read.build)
        except ServerUnavailable as error:
            raise Refusal(503, "unavailable", str(error), retry_after=_SOON) from error
        except (RemoteError, ValidationError) as error:
            return failed("error", str(error))
        if isinstance(read, Failed) and read.why == "expired":
            raise busy(read.detail, _SOON)
        return answer


def _tell(loop: asyncio.AbstractEventLoop, flight: _Flight, stage: str) -> None:
    # From the engine's thread. To wake the loop costs as much as to serve a kept answer: only where somebody hears of it.
    if flight.listeners and not loop.is_closed():
        loop.call_soon_threadsafe(flight.tell, stage)


def _is_failure(answer: bytes) -> bool:
    return answer.startswith(b'{"kind":"failed"')
