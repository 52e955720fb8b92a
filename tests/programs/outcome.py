"""What the front-end makes of a program, as text: the entry's interface and the IR as lowered, or the refusal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from portalis.translator.diagnostics import TranslationError, render
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.errors import ErrorSite, error_sites
from portalis.translator.ir.printer import print_function, print_program
from portalis.translator.source import Span

from .program import Program


@dataclass(frozen=True)
class Outcome:
    """The text of a program without the library's functions that it calls, and these by name."""

    text: str
    library: dict[str, str]


def outcome_of(program: Program) -> Outcome:
    """Lower a program and write down all that a later stage, a host or a user could see of it."""
    try:
        lowered = program.lower()
    except TranslationError as error:
        return Outcome("".join(f"{render(item, error.source)}\n" for item in error.diagnostics), {})
    library = {function.name: print_function(function) for function in lowered.program.functions if function.library}
    text = print_program(lowered.program)
    for function in library.values():
        text = text.replace(f"\n{function}\n", "", 1)
    return Outcome("\n".join(_interface(lowered)) + "\n" + text + "".join(f"library {name}\n" for name in library), library)


def _interface(lowered: Lowered) -> Iterator[str]:
    yield f"{lowered.kind} {lowered.signature}"
    for item in lowered.parameters:
        yield f"parameter {item.name} from {item.type_from}, passed {item.passed}"
    yield from (f"example {item.args} {dict(item.kwargs)}" for item in lowered.examples)
    # Their numbers are nobody's to see.
    for site in sorted(error_sites(lowered.program), key=_order):
        if site.span.file == lowered.source.path:
            message = "" if site.message is None else f" {site.message!r}"
            yield f"site {site.span.line}:{site.span.column} {site.kind} {site.name}{message}"


def _order(site: ErrorSite) -> tuple[Span, str, str, str]:
    return site.span, site.kind, site.name, site.message or ""
