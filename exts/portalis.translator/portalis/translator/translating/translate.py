"""The pipeline, top to bottom: from a user's text to a verified, callable translation.

Lowering happens here (pure Python, every refusal comes from it); a judge builds and verifies, and an oracle runs the source in CPython,
each in a process of its own. Only verified bytes come out, unless a tool asks otherwise.
"""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.source import SourceFile
from portalis.translator.translating.example_calls import calls_functions, evaluated
from portalis.translator.translating.further import Further
from portalis.translator.translating.jobs import run_build
from portalis.translator.translating.messages import Build, BuildRequest, BuildSettings, RustArtefact
from portalis.translator.translating.options import Options
from portalis.translator.translating.outcome import is_verified, may_need_wide, needs_wide, require_agreement
from portalis.translator.translating.translation import Translation
from portalis.translator.translating.transport import dump_request


def translate(
    source: str | SourceFile,
    function: str | None = None,
    examples: Sequence[str] = (),
    *,
    options: Options | None = None,
    verify: bool = True,
    references: bool = True,
    by_value: bool = False,
) -> Translation:
    """Translate one function or behaviour class and verify it against CPython.

    `examples` are calls as text (`"f([1.0, 2.0], 0.5)"`) that give types where annotations do not. Without `references` only what lanes can
    run is translated: lists of fixed length, texts that are constants; `by_value` says that whoever calls cannot tell a result that is an
    argument from a copy of it. Raises TranslationError with every reason where the source is refused or an artefact disagrees with CPython.
    """
    options = (options or Options(typed=True)).model_copy(update={} if verify else {"verify": False})
    file = source if isinstance(source, SourceFile) else SourceFile("<snippet>", source)
    started = time.perf_counter()
    try:
        lowered = lower(file, function, examples, references=references, by_value=by_value)
        seconds = {"lower": time.perf_counter() - started}
        made = _translated(lowered, options)
        made.build.seconds.update(seconds)
    except TranslationError as error:
        shown = evaluated(file, function or "", examples, _translating(file, options)) if references and calls_functions(error) else None
        if shown is not None:
            return translate(file, function, shown, options=options)
        wide = _widened(file, function, examples, options) if references and needs_wide(error) else None
        if wide is None:
            raise
        lowered, made = wide.lowered, wide
    else:
        if references and may_need_wide(lowered, made.build):
            wide = _widened(file, function, examples, options)
            if wide is not None and is_verified(wide.build):
                lowered, made = wide.lowered, wide
    if not references or lowered.kind == "class":
        return made
    return replace(
        made, further=Further(file, lowered.name, tuple(examples), functools.partial(_translated, options=options), bool(lowered.elements))
    )


def _translating(file: SourceFile, options: Options) -> Callable[[str, str], Translation]:
    """Return what translates another function of a file for a call of it."""
    return lambda function, call: translate(file, function, [call], options=options)


def _widened(file: SourceFile, function: str | None, examples: Sequence[str], options: Options) -> Translation | None:
    """Translate with ints of any size, or else with powers and entries of dicts of any class, too; None where both are refused."""
    for powers in (False, True):
        with contextlib.suppress(TranslationError):
            return _translated(lower(file, function, examples, wide=True, powers=powers, entries=powers), options)
    return None


def _translated(lowered: Lowered, options: Options) -> Translation:
    build = _build(lowered, options)
    require_agreement(lowered, build)
    return Translation(lowered, options, build)


def _build(lowered: Lowered, options: Options) -> Build:
    rust = _rust_artefact(lowered) if options.rust and options.verify else None
    return run_build(BuildRequest(dump_request(lowered), BuildSettings.of(options), rust), lowered, options)


def _rust_artefact(lowered: Lowered) -> RustArtefact:
    from portalis.translator.backends.rust import NotInRust, RustcError, compile_crate, emit_crate, find_rustc

    rustc = find_rustc()
    if rustc is None:
        return RustArtefact(why_not="no rustc with the wasm32-unknown-unknown target was found")
    try:
        return RustArtefact(compile_crate(emit_crate(lowered), rustc))
    except (NotInRust, RustcError) as error:
        return RustArtefact(why_not=str(error))
