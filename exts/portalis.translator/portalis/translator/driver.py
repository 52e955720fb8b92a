"""The pipeline, top to bottom: from a user's text to a verified, callable translation.

Lowering happens here (pure Python, every refusal comes from it); building and verifying happen in a worker process, because LLVM can abort
and the oracle runs the user's code. Only verified bytes come out, unless a tool asks otherwise.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from portalis.translator.backends.llvm import BuildOptions, build_scalar, disassemble
from portalis.translator.backends.rust import Crate, NotInRust, RustcError, compile_crate, emit_crate, find_rustc
from portalis.translator.bridge import Budget, ScalarModule
from portalis.translator.diagnostics import Diagnostic, GuardError, TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.abi import scalar_entries
from portalis.translator.ir.errors import ErrorSite, error_sites
from portalis.translator.passes.pipeline import optimise
from portalis.translator.source import SourceFile, Span
from portalis.translator.verify.execution import Executable
from portalis.translator.verify.oracle import ModuleFailure
from portalis.translator.verify.report import Artefact, Report
from portalis.translator.verify.transport import dump_request, load_request
from portalis.translator.verify.verification import Candidate, Subject, verify
from portalis.translator.verify.worker import Worker, WorkerFailure


class Options(BaseModel):
    """How to translate. `timeout` bounds the whole build, in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cases: int = 256
    seed: int = 0
    opt: Literal[0, 1, 2, 3] = 3
    simd: bool = True
    verify: bool = True
    rust: bool = False
    in_process: bool = False
    timeout: float = 120.0


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


@dataclass(frozen=True)
class Translation:
    """A translated function or behaviour class. Call it like the function; its text forms are made when asked for."""

    lowered: Lowered
    options: Options
    build: Build

    def __repr__(self) -> str:
        """Return one line: a session should not be flooded with the program's tree."""
        return f"<Translation of {self.signature}: {self.report.artefact('wasm').status if self.report else 'not verified'}>"

    @property
    def signature(self) -> str:
        """The entry's signature as text."""
        return self.lowered.signature

    @property
    def wasm(self) -> bytes:
        """A self-contained module without imports; its entries are described in `ir/abi.py`."""
        return self.build.wasm

    @property
    def report(self) -> Report | None:
        """What verification found; None where it was not asked for."""
        return self.build.report

    @functools.cached_property
    def llvm(self) -> str:
        """The LLVM IR that the module was made from."""
        return self.build.llvm

    @functools.cached_property
    def wat(self) -> str:
        """The module as WebAssembly text."""
        return disassemble(self.wasm)

    @functools.cached_property
    def ptx(self) -> str:
        """A behaviour's lanes as kernels for NVIDIA GPUs, one an entry (`backends/llvm/ptx.py`); TranslationError where it has none."""
        from portalis.translator.lanes import build_kernels

        return build_kernels(self).ptx

    @functools.cached_property
    def crate(self) -> Crate:
        """The Rust crate: a dictionary of files."""
        return emit_crate(self.lowered)

    @property
    def rust(self) -> str:
        """The crate's lib.rs."""
        return self.crate.lib

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run in the sandbox with Python values; arguments change and exceptions rise as in CPython.

        Raises GuardError where a value leaves the typed world, and the bridge's GuestStop where the budget ends the call.
        """
        if self.lowered.kind != "function":
            raise TypeError(f"{self.lowered.name} is a behaviour class: bind it to prims, a host calls its methods")
        outcome = self._executable.run(self._bind(*args, **kwargs))
        if outcome.error is not None:
            raise outcome.error
        return outcome.value

    @functools.cached_property
    def _bind(self) -> Callable[..., list[Any]]:
        return make_binder(self.lowered)

    @functools.cached_property
    def _executable(self) -> Executable:
        program = self.lowered.program
        module = ScalarModule(self.wasm, Budget())
        return Executable(program, program.function(program.entry), self.build.sites, functools.partial(module.call, "call"))


def make_binder(lowered: Lowered) -> Callable[..., list[Any]]:
    """Make a function with the entry's parameters that returns its arguments in order: CPython itself binds them, or raises TypeError."""
    defaults = {item.name: item.default for item in lowered.parameters if item.has_default}
    parts: list[str] = []
    passed = "by position"
    for item in lowered.parameters:
        if passed == "by position" != item.passed and parts:
            parts.append("/")
        if passed != "by name" == item.passed:
            parts.append("*")
        passed = item.passed
        parts.append(f"{item.name}=defaults[{item.name!r}]" if item.has_default else item.name)
    if passed == "by position" and parts:
        parts.append("/")
    namespace: dict[str, Any] = {"defaults": defaults}
    names = ", ".join(item.name for item in lowered.parameters)
    exec(f"def {lowered.name}({', '.join(parts)}):\n    return [{names}]\n", namespace)
    binder: Callable[..., list[Any]] = namespace[lowered.name]
    return binder


def translate(
    source: str | SourceFile,
    function: str | None = None,
    examples: Sequence[str] = (),
    *,
    options: Options | None = None,
    verify: bool = True,
) -> Translation:
    """Translate one function or behaviour class and verify it against CPython.

    `examples` are calls as text (`"f([1.0, 2.0], 0.5)"`) that give types where annotations do not. Raises TranslationError with every
    reason where the source is refused or an artefact disagrees with CPython.
    """
    options = (options or Options()).model_copy(update={} if verify else {"verify": False})
    file = source if isinstance(source, SourceFile) else SourceFile("<snippet>", source)
    started = time.perf_counter()
    lowered = lower(file, function, examples)
    seconds = {"lower": time.perf_counter() - started}
    build = _build(lowered, options)
    build.seconds.update(seconds)
    if build.import_failure is not None:
        raise TranslationError((_import_diagnostic(file, *build.import_failure),), file)
    if build.report is not None:
        _require_agreement(lowered, build.report)
    return Translation(lowered, options, build)


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


def _build(lowered: Lowered, options: Options) -> Build:
    answer = run_job(lowered, "portalis.translator.driver:build_job", (lowered, options), options)
    return Build.model_validate_json(answer)


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
    built = build_scalar(program, BuildOptions(opt=options.opt, simd=options.simd))
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
        return ScalarModule(wasm, Budget(fuel=fuel))

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


def _whole(lowered: Lowered) -> Span:
    return lowered.program.function(dict(scalar_entries(lowered.program)).popitem()[1]).span


def _failure_diagnostic(lowered: Lowered, failure: WorkerFailure) -> Diagnostic:
    return Diagnostic(
        "PV902",
        f"`{lowered.name}` could not be built or verified: {failure.kind}",
        _whole(lowered),
        notes=tuple(failure.detail.strip().splitlines()[-3:]),
        help="nothing was run; make the function smaller, or report this with its source",
    )


def _import_diagnostic(source: SourceFile, line: int, text: str) -> Diagnostic:
    span = Span(source.path, line, 1, line, len(source.line(line)) + 1)
    return Diagnostic("PV906", f"the module cannot be imported: {text}", span, help="correct this line: CPython raises this here")


def _require_agreement(lowered: Lowered, report: Report) -> None:
    """Raise TranslationError where an artefact was wrong or the module never answered: such bytes never leave the driver."""
    if any(artefact.status == "wrong" for artefact in report.artefacts):
        notes = tuple(
            f"{item.artefact}: {item.call}: CPython gave {item.cpython}, it gave {item.artefact_gave}" for item in report.mismatches
        )
        message = f"the translation of `{lowered.name}` disagrees with CPython and is not used"
        help_ = "this is a bug in Portalis, not in your code: please report it with this source"
        raise TranslationError((Diagnostic("PV901", message, _whole(lowered), notes, help_),), lowered.source)
    wasm = report.artefact("wasm")
    if wasm.status != "verified":
        notes = (f"of {wasm.cases} cases {wasm.guarded} were guarded and {wasm.over_budget} used up their budget",)
        help_ = "give an example of a call that ends: --example, `examples=[…]`, or a doctest"
        message = f"`{lowered.name}` is not verified: {wasm.why}"
        raise TranslationError((Diagnostic("PV905", message, _whole(lowered), notes, help_),), lowered.source)


__all__ = ["Build", "GuardError", "Options", "Translation", "TranslationError", "translate"]
