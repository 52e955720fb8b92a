"""Patterns that a program puts together of constants: `"|".join(f"(?P<{name}>{part})" for name, part in TOKENS)`."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from portalis.translator.frontend.read.class_forms.nodes import names_bound_anywhere
from portalis.translator.frontend.read.tree import walk

Value: TypeAlias = str | int | tuple["Value", ...]
# What tells of a name the only expression that it ever stands for, and what the names in that are; None of any other.
Lookup: TypeAlias = Callable[[str], tuple[ast.expr, "Lookup"] | None]
_LONGEST = 10_000


class _NotWritten(Exception):
    """What an expression gives is not known here."""


def written_text(node: ast.expr, lookup: Lookup) -> str | None:
    """Return the text that an expression gives whenever it gives one; None where that is not known."""
    try:
        return _text(node, lookup, {})
    except _NotWritten:
        return None


def write_patterns(tree: ast.Module, text: str) -> None:
    """Write what a module compiles as the text that it is, where it is made of constants."""
    bound = names_bound_anywhere(tree)
    if "re.compile" not in text or bound.count("re") != 1:
        return
    above: dict[str, ast.expr] = {}

    def lookup(name: str) -> tuple[ast.expr, Lookup] | None:
        found = above.get(name)
        return (found, lookup) if found is not None and bound.count(name) == 1 and (is_fixed(found) or is_only_read(tree, name)) else None

    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                match value:
                    case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr="compile"), args=[pattern, *_]):
                        written = None if isinstance(pattern, ast.Constant) else written_text(pattern, lookup)
                        value.args[0] = pattern if written is None else ast.copy_location(ast.Constant(written), pattern)
                above[name] = value


def is_fixed(node: ast.expr) -> bool:
    """Tell whether nobody can change what an expression gives, as far as its texts are meant."""
    return isinstance(node, ast.Tuple | ast.Constant | ast.Call | ast.BinOp | ast.JoinedStr)


def is_only_read(where: ast.AST, name: str) -> bool:
    """Tell whether only loops and `join` see what a name stands for."""
    known: set[int] = set()
    for node in walk(where):
        match node:
            case ast.For(iter=seen) | ast.comprehension(iter=seen) | ast.Call(func=ast.Attribute(attr="join"), args=[seen]):
                known.add(id(seen))
    return all(id(one) in known for one in walk(where) if isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Load))


def _value(node: ast.expr, lookup: Lookup, names: Mapping[str, Value]) -> Value:
    match node:
        case ast.Constant(value=str(value)) | ast.Constant(value=int(value)):
            return value
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.Name(id=name) if (found := lookup(name)) is not None:
            return _value(*found, {})
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return tuple([_value(one, lookup, names) for one in elements])
        case ast.JoinedStr(values=values):
            return _short("".join([_text(_shown(one), lookup, names) for one in values]))
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _short(_text(left, lookup, names) + _text(right, lookup, names))
        case ast.BinOp(left=left, op=ast.Mod(), right=right):
            return _formatted(_text(left, lookup, names), _value(right, lookup, names))
        case ast.Call(func=ast.Attribute(value=between, attr="join"), args=[joined], keywords=[]):
            return _short(_text(between, lookup, names).join(_texts(_value(joined, lookup, names))))
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr="escape"), args=[escaped], keywords=[]) if "re" not in names:
            return re.escape(_text(escaped, lookup, names))
        case ast.ListComp(elt=element, generators=[one]) | ast.GeneratorExp(elt=element, generators=[one]) if not one.ifs:
            over = _value(one.iter, lookup, names)
            if isinstance(over, tuple):
                return tuple([_value(element, lookup, {**names, **_bound(one.target, item)}) for item in over])
    raise _NotWritten


def _shown(part: ast.expr) -> ast.expr:
    """Return what a part of an f-string shows as it is."""
    return part.value if isinstance(part, ast.FormattedValue) and part.conversion == -1 and part.format_spec is None else part


def _text(node: ast.expr, lookup: Lookup, names: Mapping[str, Value]) -> str:
    found = _value(node, lookup, names)
    if isinstance(found, str):
        return found
    raise _NotWritten


def _texts(value: Value) -> list[str]:
    found = [one for one in value if isinstance(one, str)] if isinstance(value, tuple) else []
    if not isinstance(value, tuple) or len(found) != len(value):
        raise _NotWritten
    return found


def _short(text: str) -> str:
    if len(text) > _LONGEST:
        raise _NotWritten
    return text


def _formatted(text: str, value: Value) -> str:
    parts, given = text.split("%s"), _texts(value if isinstance(value, tuple) else (value,))
    if len(parts) != len(given) + 1 or any("%" in part for part in parts):
        raise _NotWritten
    return _short("".join([one for pair in zip(parts, [*given, ""], strict=True) for one in pair]))


def _bound(target: ast.expr, value: Value) -> dict[str, Value]:
    match target, value:
        case ast.Name(id=name), _:
            return {name: value}
        case ast.Tuple(elts=targets), tuple() if len(targets) == len(value):
            return {name: one for target, part in zip(targets, value, strict=True) for name, one in _bound(target, part).items()}
    raise _NotWritten
