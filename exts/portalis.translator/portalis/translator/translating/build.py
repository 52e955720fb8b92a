"""From a program to a verified module: what the judge does for a translation."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from portalis.translator.backends.llvm import SCALAR, BuildOptions, Built, build_scalar
from portalis.translator.bridge import Budget, RestartPolicy, ScalarModule, compile_once
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.errors import ErrorSite, error_sites
from portalis.translator.passes.pipeline import optimise
from portalis.translator.translating.messages import Build, BuildRequest, BuildSettings, RustArtefact
from portalis.translator.translating.transport import load_request
from portalis.translator.verify.artefact_calls import ArtefactName, Candidate
from portalis.translator.verify.report import Artefact, Report
from portalis.translator.verify.verification import ImportFailed, Verification
from portalis.translator.work.link import OracleLink

# Every case may be stopped, and each has cost its budget by then: there is no storm to slow down.
_RESTARTS = RestartPolicy(free=1 << 62)


def build_job(request: BuildRequest, link: OracleLink) -> Build:
    """Do a build job."""
    return build_and_verify(load_request(request.lowered), request.settings, link, request.rust)


def build_and_verify(lowered: Lowered, settings: BuildSettings, link: OracleLink, rust: RustArtefact | None = None) -> Build:
    """Optimise, generate the module, and hold it (and rustc's, where there is one) to CPython."""
    clock = _Clock()
    # 1. Passes: fewer checks, same meaning.
    program = optimise(lowered.program)
    clock.lap("passes")
    # 2. One finished, import-free module.
    built = build_scalar(program, BuildOptions(opt=min(SCALAR.opt, settings.opt), simd=settings.simd))
    clock.lap("llvm")
    report = import_failure = None
    if settings.verify:
        # 3. The module, and the crate's where wanted, against CPython.
        try:
            report = _verify(lowered, settings, link, built, rust)
        except ImportFailed as failure:
            import_failure = (failure.line, str(failure))
        clock.lap("verify")
    return Build(wasm=built.wasm, llvm=built.llvm, sites=built.sites, report=report, seconds=clock.seconds, import_failure=import_failure)


def _verify(lowered: Lowered, settings: BuildSettings, link: OracleLink, built: Built, rust: RustArtefact | None) -> Report:
    with contextlib.ExitStack() as opened:
        # The engine compiles, which is one long call of C, while cases are made and CPython loads the source.
        compiling = opened.enter_context(ThreadPoolExecutor(1)).submit(_module, built.wasm)
        verification = Verification(lowered, link, cases=settings.cases, seed=settings.seed)
        candidates = [_candidate("wasm", opened.enter_context(compiling.result()), built.wasm, built.sites)]
        if rust is not None and not rust.why_not:
            candidates.append(_candidate("rust", opened.enter_context(_module(rust.wasm)), rust.wasm, error_sites(lowered.program)))
        report = verification.finish(candidates)
    if rust is not None and rust.why_not:
        report = report.with_artefact(Artefact(name="rust", status="not verified", why=rust.why_not))
    return report


def _module(wasm: bytes) -> ScalarModule:
    return ScalarModule(compile_once(wasm), Budget(), restarts=_RESTARTS)


def _candidate(name: ArtefactName, module: ScalarModule, wasm: bytes, sites: Sequence[ErrorSite]) -> Candidate:
    return Candidate(name, wasm, tuple(sites), module.call_each, module.call_wire_each)


class _Clock:
    """Seconds per stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = now - self._last
        self._last = now
