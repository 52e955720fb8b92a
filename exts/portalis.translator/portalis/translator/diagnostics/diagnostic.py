"""Diagnostics as data, and the one place that renders them."""

from __future__ import annotations

from dataclasses import dataclass

from portalis.translator.source import SourceFile, Span, visible, visible_line


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
        super().__init__("\n".join(visible_line(f"{item.span}: {item.code}: {item.message}") for item in self.diagnostics))


class GuardError(Exception):
    """A verified translation stopped rather than give an answer that CPython would not have given; `reason` says why."""

    def __init__(self, reason: str, span: Span | None = None) -> None:
        self.reason = reason
        self.span = span
        super().__init__(visible(f"{reason} ({span})" if span else reason))


def render(diagnostic: Diagnostic, source: SourceFile) -> str:
    """Return a diagnostic as text: `file:line:column: CODE: message`, the source line underlined, notes and help.

    What a terminal would obey is shown as an escape, in the source line too.
    """
    span = diagnostic.span
    line = source.line(span.line)
    end = span.end_column if span.end_line == span.line else len(line) + 1
    before, marked = visible(line[: span.column - 1]), visible(line[span.column - 1 : end - 1])
    # Tabs stay tabs under the source line so that the caret lines up in any terminal.
    indent = "".join("\t" if character == "\t" else " " for character in before)
    gutter = f"{span.line:>5} | "
    blank = " " * (len(gutter) - 2) + "| "
    carets = "^" * max(1, end - span.column, len(marked))
    rows = [visible_line(f"{span}: {diagnostic.code}: {diagnostic.message}"), gutter + visible(line), blank + indent + carets]
    rows += [f"      = note: {visible(note)}" for note in diagnostic.notes]
    if diagnostic.help:
        rows.append(f"      = help: {visible(diagnostic.help)}")
    return "\n".join(rows)
