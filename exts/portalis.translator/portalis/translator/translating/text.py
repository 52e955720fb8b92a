"""The judge's side of a translation server: everything about a source that came over a network, refusals included."""

from __future__ import annotations

import contextlib

from portalis.translator.backends.llvm import disassemble
from portalis.translator.backends.rust import NotInRust, emit_crate
from portalis.translator.bridge import compile_once
from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.frontend.read.patterns.program import read_pattern
from portalis.translator.source import SourceFile
from portalis.translator.translating.build import build_and_verify
from portalis.translator.translating.describing import interface_of
from portalis.translator.translating.messages import Build, RustArtefact, TextAnswer, TextRequest, Texts
from portalis.translator.translating.outcome import is_verified, may_need_wide, needs_wide, require_agreement
from portalis.translator.work.link import OracleLink

# A judge starts no compiler, and a server's host has no program to make a crate of.
_NO_CRATE = RustArtefact(why_not="a server does not run rustc")


def text_job(request: TextRequest, link: OracleLink) -> TextAnswer:
    """Do a text job."""
    try:
        return _translated(request, link, wide=False)
    except TranslationError as error:
        if request.references and needs_wide(error):
            with contextlib.suppress(TranslationError):
                return _translated(request, link, wide=True)
        return TextAnswer(None, None, error.diagnostics)
    finally:
        _forget()


def _forget() -> None:
    """Keep neither a source's module nor its patterns: by the time that the next one takes, its sender could tell that it had been here."""
    compile_once.cache_clear()
    read_pattern.cache_clear()


def _translated(request: TextRequest, link: OracleLink, *, wide: bool) -> TextAnswer:
    source = SourceFile(request.path, request.source)
    lowered = lower(source, request.function, request.examples, references=request.references and not wide, wide=wide)
    build = build_and_verify(lowered, request.settings, link, _NO_CRATE if request.rust else None)
    require_agreement(lowered, build)
    if request.references and not wide and may_need_wide(lowered, build):
        with contextlib.suppress(TranslationError):
            other = _translated(request, link, wide=True)
            if other.build is not None and is_verified(other.build):
                return other
    return TextAnswer(build, interface_of(lowered, build.sites, wide=wide), (), _texts(lowered, build) if request.texts else None)


def _texts(lowered: Lowered, build: Build) -> Texts:
    try:
        rust, why = emit_crate(lowered).lib, ""
    except NotInRust as reason:
        rust, why = "", str(reason)
    return Texts(rust, why, disassemble(build.wasm))
