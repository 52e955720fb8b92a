"""Finds where code decides by the class of an IR type or node and leaves the other classes to a default.

A default on a closed set answers for classes that nobody thought of: a type that is not known to change does not change, a node that is not
known to raise does not raise. So a `match` or a chain of `isinstance` ends in `assert_never`, or it is a function's last and leaves
it in every case, which mypy holds to be complete; what is true of a class is a member of the class.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from portalis.translator.ir import types
from portalis.translator.ir.nodes import NODES

ROOMS = ("portalis.translator.ir.nodes", "portalis.translator.ir.types", "portalis.translator.ir")
CLOSED = frozenset({kind.__name__ for kind in NODES} | {kind.__name__ for kind in types.AGGREGATES}) | frozenset(
    {"IntType", "FloatType", "BoolType", "NoneType", "StrType", "AGGREGATES", "GF_TYPES", "NODES", "EXPRESSIONS", "STATEMENTS"}
)


@dataclass(frozen=True, order=True)
class OpenDefault:
    """A decision with a default: the module's path, the function (`Class.method`), and the line."""

    path: str
    function: str
    line: int

    @property
    def key(self) -> str:
        return f"{self.path}:{self.function}"


def open_defaults(root: Path, path: Path) -> Iterator[OpenDefault]:
    """Yield the decisions with a default in one module."""
    tree = ast.parse(path.read_text("utf-8"))
    names = _imported(tree)
    if not names:
        return
    for function, body in _functions(tree):
        for line in sorted({*_open_matches(body, names), *_open_chains(body, names)}):
            yield OpenDefault(path.relative_to(root).as_posix(), function, line)


def _imported(tree: ast.Module) -> dict[str, str]:
    """Return what IR classes are called in a module; a module that is imported whole is called by its name and a dot."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in ROOMS:
            for alias in node.names:
                if alias.name in CLOSED:
                    names[alias.asname or alias.name] = alias.name
                elif alias.name in ("nodes", "types"):
                    names |= {f"{alias.asname or alias.name}.{name}": name for name in CLOSED}
    defined = {node.name for node in tree.body if isinstance(node, ast.ClassDef)} & CLOSED
    return names | {name: name for name in defined}


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Yield functions and methods; functions inside them are part of them."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for item in node.body:
                if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield f"{node.name}.{item.name}", item


def _open_matches(function: ast.AST, names: dict[str, str]) -> Iterator[int]:
    for node in ast.walk(function):
        if isinstance(node, ast.Match) and _decides(node, names):
            default = node.cases[-1] if _is_default(node.cases[-1]) else None
            closed = _never(default.body) if default else _is_last(function, node) and all(_leaves(case.body) for case in node.cases)
            if not closed:
                yield node.lineno


def _decides(match: ast.Match, names: dict[str, str]) -> bool:
    """Tell whether a case is chosen by the class of the subject itself or of an element of it."""
    return any(isinstance(part, ast.MatchClass) and ast.unparse(part.cls) in names for case in match.cases for part in _outer(case.pattern))


def _is_default(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None


def _is_last(function: ast.AST, match: ast.Match) -> bool:
    return isinstance(function, ast.FunctionDef) and function.body[-1] is match


def _leaves(body: list[ast.stmt]) -> bool:
    return isinstance(body[-1], ast.Return | ast.Raise)


def _outer(pattern: ast.pattern) -> Iterator[ast.pattern]:
    yield pattern
    match pattern:
        case ast.MatchOr(patterns=parts) | ast.MatchSequence(patterns=parts):
            for part in parts:
                yield from _outer(part)
        case ast.MatchAs(pattern=ast.pattern() as inner):
            yield from _outer(inner)
        case _:
            pass


def _never(body: Iterable[ast.AST]) -> bool:
    calls = [node for item in body for node in ast.walk(item) if isinstance(node, ast.Call)]
    return any(isinstance(call.func, ast.Name) and call.func.id == "assert_never" for call in calls)


def _open_chains(function: ast.AST, names: dict[str, str]) -> Iterator[int]:
    """Yield the first of two or more tests of one subject's class, one after the other."""
    for node in ast.walk(function):
        for name in ("body", "orelse"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                yield from _chains_in(block, names)


def _chains_in(block: list[ast.stmt], names: dict[str, str]) -> Iterator[int]:
    tested: dict[str, int] = {}
    for index, statement in enumerate(block):
        if not isinstance(statement, ast.If):
            continue
        subjects = [(statement, subject) for subject in _subjects(statement.test, names)]
        rest: list[ast.stmt] = statement.orelse
        while len(rest) == 1 and isinstance(rest[0], ast.If):
            subjects += [(rest[0], subject) for subject in _subjects(rest[0].test, names)]
            rest = rest[0].orelse
        closed = _never(rest) or _never(block[index + 1 :])
        for test, subject in subjects:
            if subject in tested and not closed:
                yield tested[subject]
            tested.setdefault(subject, test.lineno)


def _subjects(test: ast.expr, names: dict[str, str]) -> list[str]:
    """Return the texts whose IR class a test asks for."""
    found = []
    for node in ast.walk(test):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance" and len(node.args) == 2:
            classes = {ast.unparse(part) for part in ast.walk(node.args[1]) if isinstance(part, ast.Name | ast.Attribute)}
            if classes & names.keys():
                found.append(ast.unparse(node.args[0]))
    return list(dict.fromkeys(found))
