"""What a finished build means for its source: it is used, or there are diagnostics."""

from __future__ import annotations

from portalis.translator.diagnostics import Diagnostic, TranslationError
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.abi import called_entries
from portalis.translator.source import SourceFile, Span
from portalis.translator.translating.messages import Build
from portalis.translator.verify.report import STOPPED, Report

# A literal beyond 64 bits; no case that ended in an answer.
_NEEDS_WIDE = frozenset(("P0007", "PV905"))


def entry_span(lowered: Lowered) -> Span:
    """Return the whole entry: where a diagnostic on the translation itself lies."""
    return lowered.program.function(dict(called_entries(lowered.program)).popitem()[1]).span


def require_agreement(lowered: Lowered, build: Build) -> None:
    """Raise TranslationError where an artefact was wrong or the module never answered: such bytes never leave this room."""
    if build.import_failure is not None:
        raise TranslationError((_import_diagnostic(lowered.source, *build.import_failure),), lowered.source)
    if build.report is not None:
        _require_verdict(lowered, build.report)


def _import_diagnostic(source: SourceFile, line: int, text: str) -> Diagnostic:
    span = Span(source.path, line, 1, line, len(source.line(line)) + 1)
    return Diagnostic("PV906", f"the module cannot be imported: {text}", span, help="correct this line: CPython raises this here")


def _require_verdict(lowered: Lowered, report: Report) -> None:
    if any(artefact.status == "wrong" for artefact in report.artefacts):
        notes = tuple(
            f"{item.artefact}: {item.call}: CPython gave {item.cpython}, it gave {item.artefact_gave}" for item in report.mismatches
        )
        message = f"the translation of `{lowered.name}` disagrees with CPython and is not used"
        help_ = "this is a bug in Portalis, not in your code: please report it with this source"
        raise TranslationError((Diagnostic("PV901", message, entry_span(lowered), notes, help_),), lowered.source)
    wasm = report.artefact("wasm")
    if not wasm.usable:
        notes = (
            f"of {wasm.cases} cases {wasm.guarded} were guarded, {wasm.over_budget} used up their budget, {wasm.dropped} were dropped",
        )
        help_ = "give an example of a call that ends: --example, `examples=[…]`, or a doctest"
        message = f"`{lowered.name}` is not verified: {wasm.why}"
        raise TranslationError((Diagnostic("PV905", message, entry_span(lowered), notes, help_),), lowered.source)


def needs_wide(error: TranslationError) -> bool:
    """Tell whether ints of any size may help: also where what makes the module's state is stopped."""
    codes = {diagnostic.code for diagnostic in error.diagnostics}
    return not _NEEDS_WIDE.isdisjoint(codes) or any(STOPPED in note for diagnostic in error.diagnostics for note in diagnostic.notes)


def may_need_wide(lowered: Lowered, build: Build) -> bool:
    """Tell whether the verdict on a function about objects is weak since most cases were stopped, which ints of any size may end."""
    if build.report is None or lowered.program.behaviour is not None:
        return False
    wasm = build.report.artefact("wasm")
    return wasm.status == "weakly verified" and 2 * wasm.guarded > wasm.cases


def is_verified(build: Build) -> bool:
    """Tell whether a verdict is a strong one."""
    return build.report is not None and build.report.artefact("wasm").status == "verified"
