"""What CPython says of an operation that a class does not have, asked of CPython itself with an object of each class."""

from __future__ import annotations

import ast
import builtins
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after
from portalis.translator.frontend.facts.model import Evaluated, Known, Raised, Step, Unreached
from portalis.translator.frontend.read.python_version import running_version
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import Type


class Mistake(NamedTuple):
    """The exception that CPython raises, and its message."""

    exception: str
    message: str


def mistaken(infer: Inference, node: ast.AST, mistake: Mistake | None, values: Sequence[Known], type_: Type) -> Known | None:
    """Return an operation on evaluated values that raises for their types; None where it is to be refused instead.

    It is of a type, which no value of it ever has, so that what uses it can be inferred.
    """
    if mistake is None or not infer.tolerates:
        return None
    span = infer.span(node)
    return after(span, raised(infer, node, mistake, values), Known(span, type_, Unreached()))


def raised(infer: Inference, node: ast.AST, mistake: Mistake, values: Sequence[Known]) -> list[Step]:
    """Return the steps that evaluate values, and then raise."""
    return [*[Evaluated(value.span, value) for value in values], Raised(infer.span(node), *mistake)]


_SAMPLES: tuple[Any, ...] = (None, True, 1, 1.0, 1j, "a", b"a", bytearray(b"a"), (), [], {}, set())
_BY_CLASS: Mapping[str, Any] = {type(sample).__name__: sample for sample in _SAMPLES}
_OPERATORS: Mapping[str, tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]]] = {
    "+": (operator.add, operator.iadd),
    "-": (operator.sub, operator.isub),
    "*": (operator.mul, operator.imul),
    "/": (operator.truediv, operator.itruediv),
    "//": (operator.floordiv, operator.ifloordiv),
    "%": (operator.mod, operator.imod),
    "**": (operator.pow, operator.ipow),
    "<<": (operator.lshift, operator.ilshift),
    ">>": (operator.rshift, operator.irshift),
    "&": (operator.and_, operator.iand),
    "|": (operator.or_, operator.ior),
    "^": (operator.xor, operator.ixor),
    "@": (operator.matmul, operator.imatmul),
}
# Stands for an object of a class of which nothing is known here.
_UNKNOWN = object()
_UNARY: Mapping[str, Callable[[Any], Any]] = {"-": operator.neg, "+": operator.pos, "~": operator.invert}
# Built-ins whose complaint is about the classes of their arguments alone. Of more than two, `min` and `max` complain about any two.
_FUNCTIONS = frozenset(("abs", "bin", "chr", "divmod", "float", "hex", "int", "len", "max", "min", "oct", "ord", "pow", "range", "round"))

# Classes whose methods look at the classes of all their arguments before they do anything.
_OWNERS = frozenset(("str", "bytes", "bytearray", "list", "tuple", "dict"))


def of_operator(infer: Inference, symbol: str, in_place: bool, types: Sequence[Type], *, left: bool = False) -> Mistake | None:
    """Return what `left symbol right` raises for any objects of these classes; None where it may have a value, or that is not known.

    `left`: the methods of classes of the program's own were asked, and leave the answer.
    """
    if symbol == "%" and types[0].python_class in ("str", "bytes", "bytearray"):
        # It depends on the text.
        return None
    return _asked(infer, _OPERATORS[symbol][in_place], types, left=left)


def of_unary(infer: Inference, symbol: str, types: Sequence[Type]) -> Mistake | None:
    """Return what `symbol value` raises."""
    return _asked(infer, _UNARY[symbol], types)


def of_comparison(infer: Inference, op: Comparison, types: Sequence[Type], *, left: bool = False) -> Mistake | None:
    """Return what `left op right` raises."""
    return _asked(infer, getattr(operator, op), types, left=left)


def of_membership(infer: Inference, types: Sequence[Type]) -> Mistake | None:
    """Return what `needle in haystack` raises."""
    return _asked(infer, lambda needle, haystack: needle in haystack, types)


def of_element(infer: Inference, types: Sequence[Type]) -> Mistake | None:
    """Return what `value[index]` raises."""
    return _asked(infer, operator.getitem, types)


def of_slice(infer: Inference, types: Sequence[Type]) -> Mistake | None:
    """Return what `value[start:stop:step]` raises."""
    return _asked(infer, lambda value, *bounds: value[slice(*bounds)], types)


def of_stored_element(infer: Inference, types: Sequence[Type]) -> Mistake | None:
    """Return what `value[index] = None` raises."""
    return _asked(infer, lambda value, index: operator.setitem(_fresh(value), index, None), types)


def of_deleted_element(infer: Inference, types: Sequence[Type]) -> Mistake | None:
    """Return what `del value[index]` raises."""
    return _asked(infer, lambda value, index: operator.delitem(_fresh(value), index), types)


def of_iteration(infer: Inference, types: Sequence[Type]) -> Mistake | None:
    """Return what going over a value raises."""
    return _asked(infer, iter, types)


def of_unpacking(infer: Inference, types: Sequence[Type]) -> Mistake | None:
    """Return what unpacking a value raises."""

    def unpack(value: Any) -> None:
        _first, _second = value

    return _asked(infer, unpack, types)


def of_format(infer: Inference, spec: str, types: Sequence[Type]) -> Mistake | None:
    """Return what `format(value, spec)` raises, where it does so for any object of the class."""
    return _asked(infer, lambda value: format(value, spec), types, told=(TypeError, ValueError))


def of_conversion(infer: Inference, conversion: str, types: Sequence[Type]) -> Mistake | None:
    """Return what `conversion % (value,)` raises."""
    return _asked(infer, lambda value: conversion % (value,), types)


def of_joined(infer: Inference, type_: Type) -> tuple[str, str] | None:
    """Return what the TypeError of `"".join(…)` says of an element of this class, before its number and behind it."""
    found = _asked(infer, lambda value: "".join([value]), [type_])
    before, number, behind = ("", "", "") if found is None else found.message.partition("0")
    return (before, behind) if number else None


def of_attribute(infer: Inference, name: str, types: Sequence[Type]) -> Mistake | None:
    """Return what `value.name` raises."""
    return _asked(infer, lambda value: getattr(value, name), types)


def of_stored_attribute(infer: Inference, name: str, types: Sequence[Type]) -> Mistake | None:
    """Return what `value.name = None` raises."""
    return _asked(infer, lambda value: setattr(value, name, None), types)


def of_call(infer: Inference, name: str, types: Sequence[Type]) -> Mistake | None:
    """Return what the call of a built-in, of a function of math ("math.sqrt") or of a method ("str.find", its object first) raises."""
    owner, _, function = name.rpartition(".")
    if owner in _OWNERS and types and types[0].python_class == owner:
        # What `translate` asks of its table depends on the text.
        return None if function == "translate" else _asked(infer, lambda *values: getattr(_fresh(values[0]), function)(*values[1:]), types)
    if owner == "math" or (name in _FUNCTIONS and not (name in ("min", "max") and len(types) > 2)):
        return _asked(infer, getattr(math if owner else builtins, function), types)
    return None


def _asked(
    infer: Inference,
    operation: Callable[..., Any],
    types: Sequence[Type],
    *,
    left: bool = False,
    told: tuple[type[Exception], ...] = (TypeError, AttributeError),
) -> Mistake | None:
    samples = [_sample(infer, type_, left) for type_ in types]
    if infer.target != running_version() or _UNKNOWN in samples:
        return None
    try:
        operation(*samples)
    except told as error:
        return Mistake(type(error).__name__, str(error))
    except Exception:
        return None
    return None


def _sample(infer: Inference, type_: Type, left: bool) -> Any:
    """Return an object of a class; for a class of the program's own, if that was `left`, one of a class that answers nothing."""
    if left and is_instance(type_) and type_.python_class not in infer.scope.shown_names:
        return type(type_.python_class, (), {})()
    return _BY_CLASS.get(type_.python_class, _UNKNOWN)


def _fresh(value: Any) -> Any:
    return type(value)() if isinstance(value, bytearray | list | dict | set) else value
