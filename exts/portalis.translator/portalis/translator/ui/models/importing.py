"""An import that a text forgot, and where it is put."""

from __future__ import annotations

import ast
import sys
from typing import NamedTuple


class Insertion(NamedTuple):
    """What is put where into a text; lines and columns count from 0."""

    line: int
    column: int
    text: str


def import_at(text: str, line: str) -> Insertion | None:
    """Return where a line that imports something goes: Python's own before all others. None where the text has it, or is no Python."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    lines = text.split("\n")
    if line in lines:
        return None
    imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    first = [node for node in imports if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    others = imports[len(first) :]
    own = _is_own(ast.parse(line).body[0])
    if others and own:
        return Insertion(others[0].lineno - 1, 0, f"{line}\n" if _is_own(others[0]) else f"{line}\n\n")
    if imports:
        last = (others or first)[-1]
        end = (last.end_lineno or last.lineno) - 1
        return Insertion(end, len(lines[end]), f"\n{line}" if others and not _is_own(last) else f"\n\n{line}")
    code = body[1:] if ast.get_docstring(ast.Module(body, [])) is not None else body
    if not code:
        return None
    decorators = getattr(code[0], "decorator_list", ())
    return Insertion(min(item.lineno for item in (*decorators, code[0])) - 1, 0, f"{line}\n\n\n")


def _is_own(node: ast.stmt) -> bool:
    name = node.names[0].name if isinstance(node, ast.Import) else (node.module or "") if isinstance(node, ast.ImportFrom) else ""
    return name.partition(".")[0] in sys.stdlib_module_names
