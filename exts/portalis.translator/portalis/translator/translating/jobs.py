"""Running a job of this room in the worker process: LLVM can abort a process, and the oracle runs the user's code."""

from __future__ import annotations

import functools
from typing import Any

from portalis.translator.diagnostics import Diagnostic, TranslationError
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.abi import scalar_entries
from portalis.translator.source import Span
from portalis.translator.translating.options import Options
from portalis.translator.verify.transport import dump_request
from portalis.translator.verify.worker import Worker, WorkerFailure


@functools.cache
def _worker() -> Worker:
    return Worker()


def run_job(lowered: Lowered, target: str, payload: Any, options: Options) -> bytes:
    """Run a job of this package in the worker process (or here, where a host has no Python to start one with).

    A worker that crashes or takes too long becomes a diagnostic on the whole snippet.
    """
    request = dump_request(payload)
    if options.in_process:
        import importlib

        module, _, name = target.partition(":")
        answer: bytes = getattr(importlib.import_module(module), name)(request)
        return answer
    try:
        return _worker().run(target, request, options.timeout)
    except WorkerFailure as failure:
        raise TranslationError((_failure_diagnostic(lowered, failure),), lowered.source) from failure


def entry_span(lowered: Lowered) -> Span:
    """Return the whole entry: where a diagnostic on the translation itself lies."""
    return lowered.program.function(dict(scalar_entries(lowered.program)).popitem()[1]).span


def _failure_diagnostic(lowered: Lowered, failure: WorkerFailure) -> Diagnostic:
    return Diagnostic(
        "PV902",
        f"`{lowered.name}` could not be built or verified: {failure.kind}",
        entry_span(lowered),
        notes=tuple(failure.detail.strip().splitlines()[-3:]),
        help="nothing was run; make the function smaller, or report this with its source",
    )
