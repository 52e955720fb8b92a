"""What commands print: diagnostics, failures and JSON, each in one place, and every string as its characters, for no terminal to obey."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.text import Text

from portalis.translator.diagnostics import Diagnostic, TranslationError, render
from portalis.translator.saving import replace_file
from portalis.translator.source import Span, visible


class SafeConsole(Console):
    """Prints every string, a table's cells included, as the characters it has: nothing in it is obeyed, by Rich or by a terminal."""

    def render_str(self, text: str, **options: Any) -> Text:
        """Return `text` as Rich prints it."""
        return super().render_str(visible(text), **options | {"markup": False, "emoji": False})


# Rich leaves colours out where the stream is no terminal, and obeys NO_COLOR.
out = SafeConsole(highlight=False, soft_wrap=True)
err = SafeConsole(stderr=True, highlight=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """Print one JSON document on standard output."""
    print(json.dumps(value, indent=2, default=_jsonable, sort_keys=False))


def _jsonable(value: Any) -> Any:
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return str(value)


def diagnostic_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """Return a diagnostic as a plain dictionary; lines and columns are 1-based."""
    span: Span = diagnostic.span
    position = {"file": span.file, "line": span.line, "column": span.column, "end_line": span.end_line, "end_column": span.end_column}
    return {
        "code": diagnostic.code,
        "message": diagnostic.message,
        **position,
        "notes": list(diagnostic.notes),
        "help": diagnostic.help,
    }


def refuse(error: TranslationError, as_json: bool) -> NoReturn:
    """Show every diagnostic of a refused translation and end with status 1."""
    if as_json:
        print_json({"ok": False, "diagnostics": [diagnostic_json(item) for item in error.diagnostics]})
    else:
        for item in error.diagnostics:
            _print_diagnostic(render(item, error.source))
        count = len(error.diagnostics)
        codes = ", ".join(dict.fromkeys(item.code for item in error.diagnostics))
        err.print(f"refused: {count} {'reason' if count == 1 else 'reasons'}; `portalis explain` tells more about {codes}", markup=False)
    raise typer.Exit(1)


def _print_diagnostic(text: str) -> None:
    head, _, rest = text.partition("\n")
    err.print(head, style="bold red", markup=False)
    err.print(rest, markup=False)


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; where the terminal is too narrow for it, each row as lines of `column: cell` instead of cells cut to letters."""
    from rich.table import Table

    widths = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
    if sum(widths) + 3 * len(widths) + 1 > out.width:
        out.print(title, markup=False)
        for row in rows:
            for name, cell in zip(columns, row, strict=True):
                out.print(f"{name}: {cell}", markup=False)
        return
    table = Table(*columns, title=title)
    for row in rows:
        table.add_row(*row)
    out.print(table)


def os_error(error: OSError) -> str:
    """Return a system error as a sentence: the file, then why."""
    return ": ".join(str(part) for part in (error.filename, error.strerror) if part) or str(error)


def fail(message: str, as_json: bool = False, details: Sequence[str] = (), status: int = 1) -> NoReturn:
    """Say what went wrong, and end with `status`."""
    if as_json:
        print_json({"ok": False, "error": message, "details": list(details)})
    else:
        err.print(f"portalis: {message}", style="bold red", markup=False)
        for line in details:
            err.print(f"  {line}", markup=False)
    raise typer.Exit(status)


def write_file(path: str, content: bytes | str) -> None:
    """Write a file, or fail with a sentence instead of a traceback; `-` is standard output."""
    if path == "-":
        _write_to_standard_output(content)
        return
    try:
        replace_file(Path(path), content.encode() if isinstance(content, str) else content)
    except OSError as error:
        fail(f"cannot write {path}: {error.strerror}")


def _write_to_standard_output(content: bytes | str) -> None:
    if isinstance(content, str):
        # A pipe gets every byte, a terminal what can be looked at.
        content = (visible(content) if sys.stdout.isatty() else content).encode()
    sys.stdout.buffer.write(content)
