"""The judge's side of a translation server: everything about a source that came over a network, refusals included."""

from __future__ import annotations

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.translating.build import build_and_verify
from portalis.translator.translating.messages import RustArtefact, TextAnswer, TextRequest
from portalis.translator.translating.outcome import require_agreement
from portalis.translator.work.link import OracleLink

# A judge starts no compiler, and a server's host has no program to make a crate of.
_NO_CRATE = RustArtefact(why_not="a server does not run rustc")


def text_job(request: TextRequest, link: OracleLink) -> TextAnswer:
    """Do a text job."""
    source = SourceFile(request.path, request.source)
    try:
        lowered = lower(source, request.function, request.examples)
        build = build_and_verify(lowered, request.settings, link, _NO_CRATE if request.rust else None)
        require_agreement(lowered, build)
    except TranslationError as error:
        return TextAnswer(None, error.diagnostics)
    return TextAnswer(build, ())
