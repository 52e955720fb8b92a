"""From a program to a verified module: what the worker does for a translation."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Sequence

from pydantic import BaseModel, ConfigDict

from portalis.translator.backends.llvm import SCALAR, BuildOptions, build_scalar
from portalis.translator.backends.rust import NotInRust, RustcError, compile_crate, emit_crate, find_rustc
from portalis.translator.bridge import Budget, ScalarModule, compile_once
from portalis.translator.calling.executable import Executable
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.errors import ErrorSite, error_sites
from portalis.translator.passes.pipeline import optimise
from portalis.translator.translating.options import Options
from portalis.translator.verify.oracle import ModuleFailure
from portalis.translator.verify.report import Artefact, Report
from portalis.translator.verify.transport import load_request
from portalis.translator.verify.verification import Candidate, Subject, verify


class Build(BaseModel):
    """What the worker answers: the module, what can end a call of it, the verdict (or the line and text of what CPython raised when it
    imported the user's module), and seconds per stage."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    wasm: bytes
    llvm: str
    sites: tuple[ErrorSite, ...]
    report: Report | None
    seconds: dict[str, float]
    import_failure: tuple[int, str] | None = None


def build_job(request: bytes) -> bytes:
    """The worker's side of `translate`: a pickled (Lowered, Options) in, a `Build` as JSON out."""
    lowered, options = load_request(request)
    return build_and_verify(lowered, options).model_dump_json().encode()


def build_and_verify(lowered: Lowered, options: Options) -> Build:
    """Optimise, generate the module, and hold it (and the Rust crate, where asked) to CPython."""
    clock = _Clock()
    # 1. Passes: fewer checks, same meaning.
    program = optimise(lowered.program)
    clock.lap("passes")
    # 2. One finished, import-free module.
    built = build_scalar(program, BuildOptions(opt=min(SCALAR.opt, options.opt), simd=options.simd))
    clock.lap("llvm")
    report = import_failure = None
    if options.verify:
        # 3. The module, and the crate where wanted, against CPython.
        try:
            report = _verify(lowered, built.wasm, built.sites, options)
        except ModuleFailure as failure:
            import_failure = (failure.line, str(failure))
        clock.lap("verify")
    return Build(wasm=built.wasm, llvm=built.llvm, sites=built.sites, report=report, seconds=clock.seconds, import_failure=import_failure)


def _verify(lowered: Lowered, wasm: bytes, sites: Sequence[ErrorSite], options: Options) -> Report:
    candidates = [Candidate("wasm", wasm, _runner(lowered, wasm, sites))]
    absent: Artefact | None = None
    if options.rust:
        try:
            compiled = _compile_rust(lowered)
        except (LookupError, NotInRust, RustcError) as error:
            absent = Artefact(name="rust", status="not verified", why=str(error))
        else:
            candidates.append(Candidate("rust", compiled, _runner(lowered, compiled, error_sites(lowered.program))))
    report = verify(lowered, candidates, cases=options.cases, seed=options.seed)
    return report.model_copy(update={"artefacts": (*report.artefacts, absent)}) if absent else report


def _compile_rust(lowered: Lowered) -> bytes:
    rustc = find_rustc()
    if rustc is None:
        raise LookupError("no rustc with the wasm32-unknown-unknown target was found")
    return compile_crate(emit_crate(lowered), rustc)


def _runner(lowered: Lowered, wasm: bytes, sites: Sequence[ErrorSite]) -> Callable[[Subject, int], Executable]:
    @functools.cache
    def module(fuel: int) -> ScalarModule:
        return ScalarModule(compile_once(wasm), Budget(fuel=fuel))

    def executable(subject: Subject, fuel: int) -> Executable:
        return Executable(lowered.program, subject.function, sites, functools.partial(module(fuel).call, subject.entry))

    return executable


class _Clock:
    """Seconds per stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = now - self._last
        self._last = now
