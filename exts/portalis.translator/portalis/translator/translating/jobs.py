"""Having the judge do a job, with an oracle beside it, or where a host has no Python to start them with, doing it here."""

from __future__ import annotations

import functools
import threading
from typing import TypeVar

from portalis.translator.diagnostics import Diagnostic, TranslationError
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.translating.judging import BUILD, LIBRARY, SCALAR_KINDS
from portalis.translator.translating.library_objects import library_bundle
from portalis.translator.translating.messages import Build, BuildRequest, LibraryRequest
from portalis.translator.translating.options import Options
from portalis.translator.translating.outcome import entry_span
from portalis.translator.work.confine import Protections
from portalis.translator.work.jobs import Job
from portalis.translator.work.link import OracleFailure
from portalis.translator.work.oracles import can_fork
from portalis.translator.work.seat import OracleSeat
from portalis.translator.work.supply import OracleSupply
from portalis.translator.work.worker import Worker, WorkerFailure

PROGRAM = "portalis.translator.translating.judge"
Request = TypeVar("Request")
Answer = TypeVar("Answer")


def library_request() -> bytes:
    """Return what a judge is asked first, packed: to use the library's objects; empty where there are none."""
    bundle = library_bundle()
    return LIBRARY.pack(LibraryRequest(bundle)) if bundle else b""


class Judges:
    """This process's judge: one that is ready for scalar modules, and from the first job on that it is not ready for, one for all jobs.

    Being ready for lanes and kernels is a third of what starting a judge takes, and most who translate never ask for them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._present = Worker(PROGRAM, "scalars", opening=library_request)
        self._does_all = False

    @property
    def present(self) -> Worker:
        """The judge that there is."""
        return self._present

    def of(self, kind: str) -> Worker:
        """Return the judge for a kind of job."""
        if kind not in SCALAR_KINDS:
            self.expect_all()
        return self._present

    def expect_all(self) -> None:
        """Have a judge that is ready for all jobs; the one before it ends with the job that it is at."""
        with self._lock:
            if self._does_all:
                return
            before, self._present = self._present, Worker(PROGRAM, "programs", opening=library_request)
            self._does_all = True
        before.close()


@functools.cache
def judges() -> Judges:
    """Return this process's judge, whichever it is."""
    return Judges()


def expect_lanes() -> None:
    """Say that what is translated will get lanes: then the first judge is one that is ready for them. Starts nothing."""
    judges().expect_all()


@functools.cache
def oracles() -> OracleSupply:
    """Return this process's oracles."""
    return OracleSupply()


def start_ahead() -> None:
    """Start the judge and a nursery of oracles, so that they come up while this process imports and lowers."""
    if can_fork():
        judges().present.start()
        oracles().start()


def end_processes() -> None:
    """End this process's judge and oracles, with whatever they are at; the next job starts others."""
    if judges.cache_info().currsize:
        judges().present.interrupt()
        judges().present.close()
    if oracles.cache_info().currsize:
        oracles().close()


def run_build(request: BuildRequest, lowered: Lowered, options: Options) -> Build:
    """Have a program built and verified, and put into the report what confined the processes that took part; raises as `run_job` does."""
    seat = OracleSeat(oracles(), typed=options.typed)
    build, protections = _run(BUILD, request, lowered, options, seat)
    return build.with_protections((protections, seat.protections)) if _apart(options) else build


def run_job(job: Job[Request, Answer], request: Request, lowered: Lowered, options: Options, seat: OracleSeat | None = None) -> Answer:
    """Do a job of this package; `seat` gives the oracle to one that needs it.

    A judge that crashes or takes too long, and an oracle that cannot do its work, become a diagnostic on the whole snippet.
    """
    return _run(job, request, lowered, options, seat or OracleSeat(oracles(), typed=False))[0]


def _run(
    job: Job[Request, Answer], request: Request, lowered: Lowered, options: Options, seat: OracleSeat
) -> tuple[Answer, Protections | None]:
    """Do a job as `run_job` does; return what confined the judge, too."""
    try:
        if not _apart(options):
            from portalis.translator.verify.oracle.witness import LocalOracle

            return job.handler(request, LocalOracle()), None
        judge = judges().of(job.kind)
        return judge.run(job, request, options.timeout, seat), judge.protections
    except OracleFailure as failure:
        raise TranslationError((_failure_diagnostic(lowered, WorkerFailure("error", str(failure))),), lowered.source) from failure
    except WorkerFailure as failure:
        raise TranslationError((_failure_diagnostic(lowered, failure),), lowered.source) from failure


def _apart(options: Options) -> bool:
    """Tell whether work is done in processes of its own. Where it is not, nothing confines it, and reports say so."""
    return not options.in_process and can_fork()


def _failure_diagnostic(lowered: Lowered, failure: WorkerFailure) -> Diagnostic:
    return Diagnostic(
        "PV902",
        f"`{lowered.name}` could not be built or verified: {failure.kind}",
        entry_span(lowered),
        notes=tuple(failure.detail.strip().splitlines()[-3:]),
        help="nothing was run; make the function smaller, or report this with its source",
    )
