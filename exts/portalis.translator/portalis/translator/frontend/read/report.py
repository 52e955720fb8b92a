"""Where the front-end's refusals are collected, so that all of a file's are told at once."""

from __future__ import annotations

import ast
from contextlib import AbstractContextManager
from typing import TypeAlias

from portalis.translator.diagnostics import Diagnostic, TranslationError
from portalis.translator.source import SourceFile, Span

Where: TypeAlias = ast.AST | Span
Found: TypeAlias = dict[tuple[str, Span], Diagnostic]
_PLACED = (ast.expr, ast.stmt)
# The note of a refusal that says by itself what is not translated.
AS_IT_IS = "as it is"


class Report:
    """The diagnostics of one source file; the same refusal of the same place is kept once."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self._found: Found = {}
        self._ascii = source.text.isascii()
        self._blamed: ast.AST | None = None
        self._lines = source.text.count("\n") + 1
        self._spans: dict[ast.AST, Span] = {}
        # Whether what was refused is that the entry gives an iterator: then it is lowered once more for its elements.
        self.gives_iterator = False

    def span(self, where: Where) -> Span:
        """Return the span of a syntax node (of the start of the file where it has no position)."""
        if isinstance(where, Span):
            return where
        found = self._spans.get(where)
        if found is None:
            found = self._spans[where] = self._measure(where)
        return found

    def _measure(self, where: ast.AST) -> Span:
        if self._ascii and isinstance(where, _PLACED) and where.end_lineno and where.end_col_offset is not None:
            return Span(self.source.path, where.lineno, where.col_offset + 1, where.end_lineno, where.end_col_offset + 1)
        line = getattr(where, "lineno", 1)
        column = getattr(where, "col_offset", 0)
        end_line = getattr(where, "end_lineno", None) or line
        end_column = getattr(where, "end_col_offset", None)
        if end_line > self._lines:
            # What is written for the program (`assemble/written/`) begins where its use does, and ends nowhere.
            return Span(self.source.path, line, self.source.span(line, column, line, column).column, end_line, (end_column or 0) + 1)
        return self.source.span(line, column, end_line, column if end_column is None else end_column)

    def blamed_on(self, node: ast.AST) -> AbstractContextManager[None]:
        """Tell refusals inside what is written for the program at a call of it, for a while; calls from there change nothing."""
        return _Blaming(self, node)

    def refuse(self, code: str, where: Where, message: str, help: str, *notes: str) -> None:
        """Add a refusal: what, where, what to write instead, and why."""
        span = self.span(where)
        if span.end_line > self._lines and self._blamed is not None:
            span, node = self.span(self._blamed), self._blamed
            if notes == (AS_IT_IS,):
                notes = ()
            else:
                shown = ast.get_source_segment(self.source.text, node.func if isinstance(node, ast.Call) else node) or "this"
                notes = (f"in it: {message}",)
                message = f"`{shown.splitlines()[0]}` is not translated for what it is given here"
                help = "give it values of other types, or compute it yourself"
        self._found.setdefault((code, span), Diagnostic(code, message, span, notes, help))

    def mark(self) -> Found:
        """Return what `rewind` needs to forget everything found from now on."""
        return dict(self._found)

    def rewind(self, mark: Found) -> None:
        """Forget what was found since `mark`: a loop or a function is lowered again with better knowledge."""
        self._found = dict(mark)

    def add(self, found: Found) -> None:
        """Tell refusals that were found before, of what was lowered once and is used again."""
        self._found = {**self._found, **{place: refusal for place, refusal in found.items() if place not in self._found}}

    @property
    def found(self) -> tuple[Diagnostic, ...]:
        return tuple(self._found.values())

    def raise_if_any(self) -> None:
        """Raise TranslationError with every refusal found, or return where there is none."""
        if self._found:
            raise TranslationError(self.found, self.source)


class _Blaming:
    """A class, because every call in a program is one of these, and a generator takes ten times as long."""

    __slots__ = ("_node", "_outer", "_report")

    def __init__(self, report: Report, node: ast.AST) -> None:
        self._report = report
        self._node = node

    def __enter__(self) -> None:
        report, node = self._report, self._node
        self._outer = report._blamed
        if getattr(node, "end_lineno", None) and getattr(node, "end_lineno", 0) <= report._lines:
            report._blamed = node

    def __exit__(self, *_: object) -> None:
        self._report._blamed = self._outer
