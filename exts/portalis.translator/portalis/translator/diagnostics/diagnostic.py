"""Diagnostics as data, and the one place that renders them."""

from __future__ import annotations

from dataclasses import dataclass

from portalis.translator.source import SourceFile, Span


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One refusal: what (`message`), where (`span`), why (`notes`) and what to write instead (`help`)."""

    code: str
    message: str
    span: Span
    notes: tuple[str, ...] = ()
    help: str = ""


class TranslationError(Exception):
    """A translation was refused; `diagnostics` holds every reason, in source order."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...], source: SourceFile) -> None:
        self.diagnostics = tuple(sorted(diagnostics, key=lambda item: (item.span, item.code)))
        self.source = source
        super().__init__("\n".join(f"{item.span}: {item.code}: {item.message}" for item in self.diagnostics))


class GuardError(Exception):
    """A verified translation stopped rather than give an answer that CPython would not have given; `reason` says why."""

    def __init__(self, reason: str, span: Span | None = None) -> None:
        self.reason = reason
        self.span = span
        super().__init__(f"{reason} ({span})" if span else reason)


def render(diagnostic: Diagnostic, source: SourceFile) -> str:
    """Return a diagnostic as text: `file:line:column: CODE: message`, the source line underlined, notes and help."""
    span = diagnostic.span
    line = source.line(span.line)
    # Tabs stay tabs under the source line so that the caret lines up in any terminal.
    indent = "".join("\t" if character == "\t" else " " for character in line[: span.column - 1])
    end = span.end_column if span.end_line == span.line else len(line) + 1
    gutter = f"{span.line:>5} | "
    blank = " " * (len(gutter) - 2) + "| "
    rows = [f"{span}: {diagnostic.code}: {diagnostic.message}", gutter + line, blank + indent + "^" * max(1, end - span.column)]
    rows += [f"      = note: {note}" for note in diagnostic.notes]
    if diagnostic.help:
        rows.append(f"      = help: {diagnostic.help}")
    return "\n".join(rows)
