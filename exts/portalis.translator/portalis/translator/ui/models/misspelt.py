"""The name that a translation was refused for, where another is meant, and how to put that in its place."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from portalis.translator.diagnostics import Diagnostic
from portalis.translator.diagnostics.spelling import meant
from portalis.translator.source import SourceFile


@dataclass(frozen=True, slots=True)
class Misspelt:
    """A name in one line of a text, and what to write instead. `line` counts from 1, the columns from 0, the end is exclusive.

    `offered` is what is meant as the help says it.
    """

    line: int
    column: int
    end_column: int
    instead: str
    offered: str


def misspelt(item: Diagnostic, source: SourceFile) -> Misspelt | None:
    """Return the name that a diagnostic offers another for; None where it offers none, or is about more than a name."""
    offered, span = meant(item.help), item.span
    if not offered:
        return None
    within = source.line(span.line)
    # Of a call over several lines its name is in the first, and where that cannot be read alone, nothing is replaced.
    end = span.end_column - 1 if span.end_line == span.line else len(within)
    name = _name(within[span.column - 1 : end])
    if name is None:
        return None
    owner, _, own = offered.rpartition(".")
    written, _, last = name.rpartition(".")
    if owner not in ("", written):
        return None
    begin = span.column - 1 + len(name) - len(last)
    return Misspelt(span.line, begin, begin + len(last), own, offered)


def _name(text: str) -> str | None:
    """Return the name, dotted or not, that an expression is, or that it calls; as it is written."""
    try:
        node: ast.expr = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    written = ast.get_source_segment(text, node.func if isinstance(node, ast.Call) else node) or ""
    plain = all(part.isidentifier() for part in written.split("."))
    return written if plain and text.startswith(written) else None
