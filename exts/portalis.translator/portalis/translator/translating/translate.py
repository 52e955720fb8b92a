"""The pipeline, top to bottom: from a user's text to a verified, callable translation.

Lowering happens here (pure Python, every refusal comes from it); building and verifying happen in a worker process. Only verified bytes
come out, unless a tool asks otherwise.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from portalis.translator.diagnostics import Diagnostic, TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.source import SourceFile, Span
from portalis.translator.translating.build import Build
from portalis.translator.translating.jobs import entry_span, run_job
from portalis.translator.translating.options import Options
from portalis.translator.translating.translation import Translation
from portalis.translator.verify.report import Report


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


def _build(lowered: Lowered, options: Options) -> Build:
    answer = run_job(lowered, "portalis.translator.translating.build:build_job", (lowered, options), options)
    return Build.model_validate_json(answer)


def _import_diagnostic(source: SourceFile, line: int, text: str) -> Diagnostic:
    span = Span(source.path, line, 1, line, len(source.line(line)) + 1)
    return Diagnostic("PV906", f"the module cannot be imported: {text}", span, help="correct this line: CPython raises this here")


def _require_agreement(lowered: Lowered, report: Report) -> None:
    """Raise TranslationError where an artefact was wrong or the module never answered: such bytes never leave this room."""
    if any(artefact.status == "wrong" for artefact in report.artefacts):
        notes = tuple(
            f"{item.artefact}: {item.call}: CPython gave {item.cpython}, it gave {item.artefact_gave}" for item in report.mismatches
        )
        message = f"the translation of `{lowered.name}` disagrees with CPython and is not used"
        help_ = "this is a bug in Portalis, not in your code: please report it with this source"
        raise TranslationError((Diagnostic("PV901", message, entry_span(lowered), notes, help_),), lowered.source)
    wasm = report.artefact("wasm")
    if wasm.status != "verified":
        notes = (f"of {wasm.cases} cases {wasm.guarded} were guarded and {wasm.over_budget} used up their budget",)
        help_ = "give an example of a call that ends: --example, `examples=[…]`, or a doctest"
        message = f"`{lowered.name}` is not verified: {wasm.why}"
        raise TranslationError((Diagnostic("PV905", message, entry_span(lowered), notes, help_),), lowered.source)
