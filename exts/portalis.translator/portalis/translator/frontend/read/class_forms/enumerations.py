"""Enumerations: their members, with the values that CPython's `enum` gives them; and the objects of `MISSING = object()`."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping, Sequence

from portalis.translator.frontend.read.class_forms.inert import Imports, meaning_of
from portalis.translator.frontend.read.module_scope import ModuleScope

# What members are beside, by the bases of their class: where that is in capitals, their text is that of a member.
_KINDS = {"enum.Enum": "", "enum.IntEnum": "int", "enum.StrEnum": "str"}
MAX_MEMBERS = 200
# The class of objects that are nothing else, which no class of a program is called.
OBJECT = "object"

Members = tuple[tuple[tuple[str, object], ...], Mapping[str, int]]


def enum_kind(bases: Sequence[ast.expr], imports: Imports) -> str | None:
    """Return what members of a class with these bases are beside; None where it is no enumeration that is known here."""
    match bases:
        case [base]:
            return _KINDS.get(meaning_of(base, imports))
        case [ast.Name(id="int" | "str" as kind), base] if meaning_of(base, imports) == "enum.Enum":
            return kind.upper()
        case _:
            return None


def read_members(constants: Mapping[str, ast.expr], kind: str, imports: Imports) -> Members | str:
    """Return the members with their values, and the number of each name's; what stands against them.

    A name whose value an earlier member has is another name of that member.
    """
    members: list[tuple[str, object]] = []
    names: dict[str, int] = {}
    for name, node in constants.items():
        value = _automatic(name, members, kind) if _is_auto(node, imports) else _value(node, dict(members))
        if value is _UNKNOWN or not _fits(value, kind):
            return f"the value of `{name}` is not known here"
        known = next((index for index, (_, other) in enumerate(members) if other == value), None)
        if known is None:
            members.append((name, value))
        names[name] = len(members) - 1 if known is None else known
    if not members or len(members) > MAX_MEMBERS or names.keys() & {"name", "value", "mro"}:
        return "it has no members, or too many"
    return tuple(members), names


_UNKNOWN = object()


def _is_auto(node: ast.expr, imports: Imports) -> bool:
    return isinstance(node, ast.Call) and not node.args and not node.keywords and meaning_of(node.func, imports) == "enum.auto"


def _automatic(name: str, members: Sequence[tuple[str, object]], kind: str) -> object:
    """Return the value of `auto()`: of texts the name in small letters, else one more than the last, where all rise."""
    if kind == "str":
        return name.lower()
    values = [value for _, value in members]
    numbers = [value for value in values if type(value) is int]
    if kind == "STR" or len(numbers) < len(values) or numbers != sorted(numbers):
        return _UNKNOWN
    return numbers[-1] + 1 if numbers else 1


def _value(node: ast.expr, known: Mapping[str, object]) -> object:
    match node:
        case ast.Name(id=name):
            return known.get(name, _UNKNOWN)
        case ast.BinOp(left=left, op=op, right=right):
            one, other = _value(left, known), _value(right, known)
            if type(one) is not int or type(other) is not int or not (0 <= one < 2**31 and 0 <= other < 32):
                return _UNKNOWN
            match op:
                case ast.LShift():
                    return one << other
                case ast.BitOr():
                    return one | other
                case ast.Add():
                    return one + other
            return _UNKNOWN
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return _UNKNOWN


def _fits(value: object, kind: str) -> bool:
    """Tell whether a member may have a value: one that equals itself and has 64 bits at most, or is made of such."""
    match kind.lower():
        case "int":
            return type(value) is int and -(2**63) <= value < 2**63
        case "str":
            return type(value) is str
    if isinstance(value, tuple | list):
        return all(_fits(one, "") for one in value)
    if isinstance(value, dict):
        return all(_fits(one, "") for pair in value.items() for one in pair)
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or type(value) in (bool, str) or (type(value) is int and -(2**63) <= value < 2**63)


def sentinels(scope: ModuleScope) -> tuple[str, ...]:
    """Return the names of a module that stand for an object of their own, in its order."""
    if scope.library or scope.binds(OBJECT):
        return ()
    return tuple([name for name, value in scope.constants.items() if _makes_one(value) and name not in scope.reassigned])


def _makes_one(value: ast.expr) -> bool:
    match value:
        case ast.Call(func=ast.Name(id=called), args=[], keywords=[]):
            return called == OBJECT
        case _:
            return False
