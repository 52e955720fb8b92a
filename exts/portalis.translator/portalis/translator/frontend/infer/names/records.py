"""Dicts as records: under a key that the program writes out, a value has the class that it has in every example.

A dict whose values are of several classes tells nothing of which stands under which key, but examples do. What is read so is of these
classes alone, and a guard stops a call that has another there; whoever calls has it answered by what is translated without this.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from portalis.translator.frontend.facts.making import after, hold, known_text
from portalis.translator.frontend.facts.model import Fact, Known, Step, Stopped, Tested
from portalis.translator.frontend.infer.frame import Frame
from portalis.translator.frontend.types.unions.members import is_member, narrowed
from portalis.translator.ir.ops import ENTRY_REASON
from portalis.translator.ir.types import DictRef, UnionType, union_of

_DISPLAYS: Mapping[type[ast.expr], str] = {ast.List: "list", ast.Tuple: "tuple", ast.Dict: "dict", ast.Set: "set"}


def classes_of_entries(tree: ast.Module, examples: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return the classes of the values that examples have under each text as a key, but where the program puts in others."""
    found: dict[str, set[str]] = {}
    for text in examples:
        try:
            given = ast.parse(text.strip(), mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for key, value in _entries(given):
            found.setdefault(key, set()).add(_class_of(value))
    if found:
        for key, value in _entries(tree):
            if key in found and _class_of(value) not in found[key]:
                found.pop(key)
    return {key: frozenset(classes) for key, classes in found.items() if "" not in classes}


def _entries(tree: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """Yield each text that something is put into a dict under, with that; None for what is computed."""
    # What is added to a value leaves it of its class, but for a quotient.
    same = {id(node.target) for node in ast.walk(tree) if isinstance(node, ast.AugAssign) and not isinstance(node.op, ast.Div)}
    for node in ast.walk(tree):
        match node:
            case ast.Subscript() if id(node) in same:
                pass
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield key.value, value
            case ast.Subscript(slice=ast.Constant(value=str(key)), ctx=ast.Store()):
                yield key, None
            case ast.Call(func=ast.Attribute(attr="setdefault"), args=[ast.Constant(value=str(key)), *_]):
                yield key, None
            case ast.Call(func=ast.Name(id="dict") | ast.Attribute(attr="update"), keywords=keywords):
                yield from ((keyword.arg, keyword.value) for keyword in keywords if keyword.arg is not None)
            case _:
                pass


def _class_of(value: ast.expr | None) -> str:
    """Return the class of what an expression certainly gives, "" where that is not known."""
    match value:
        case ast.Constant(value=constant):
            return type(constant).__name__
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=ast.Constant(value=int() | float() as number)) if type(number) is not bool:
            return type(number).__name__
        case None:
            return ""
        case _:
            return _DISPLAYS.get(type(value), "")


def as_in_examples(infer: Frame, node: ast.AST, container: Fact, key: Fact, value: Fact) -> Fact:
    """Return what is read under a key as one of the classes that examples have there."""
    if not isinstance(value, Known) or not isinstance(value.type, UnionType) or not isinstance(key, Known):
        return value
    classes = infer.names.scope.entries.get(known_text(key) or "", frozenset())
    kept = [member for member in value.type.members if member.python_class in classes]
    if not isinstance(container, Known) or not isinstance(container.type, DictRef) or not 0 < len(kept) < len(value.type.members):
        return value
    span, steps = infer.unit.report.span(node), list[Step]()
    held = hold(infer, value, "entry", steps)
    for member in value.type.members:
        if member not in kept:
            steps.append(Tested(span, is_member(held, member), (Stopped(span, ENTRY_REASON),)))
    return after(span, steps, narrowed(infer, held, union_of(tuple(kept))))
