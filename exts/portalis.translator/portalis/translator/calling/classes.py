"""The classes of Python's objects that cross in messages, and new empty objects of them."""

from __future__ import annotations

import ast
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeAlias

from portalis.translator.diagnostics import GuardError
from portalis.translator.ir.types import DictRef, LibraryRef, ListRef, SetRef

# Types whose objects a message numbers; of the library's objects bytearrays.
Numberable: TypeAlias = ListRef | DictRef | SetRef | LibraryRef
_PLAIN: dict[type[Numberable], type] = {ListRef: list, DictRef: dict, SetRef: set, LibraryRef: bytearray}
_DICTS: dict[str, type] = {"dict": dict, "Counter": Counter, "OrderedDict": OrderedDict, "defaultdict": defaultdict}
_FACTORIES: dict[str, type] = {"int": int, "float": float, "bool": bool, "str": str, "list": list, "dict": dict, "set": set}
_KNOWN = frozenset(_FACTORIES.values())


def is_of_class(value: Any, type_: Numberable) -> bool:
    """Tell whether a value is of the very class that a type's objects have, a `defaultdict` with the same factory."""
    if not isinstance(type_, DictRef):
        return type(value) is _PLAIN[type(type_)]
    name, _, factory = type_.kind.partition(".")
    if type(value) is not _DICTS[name] or not isinstance(value, defaultdict):
        return type(value) is _DICTS[name]
    # Of a function or class it is only known that it is one: nothing that comes in a message is called.
    made = value.default_factory
    return made is _FACTORIES[factory] if factory in _FACTORIES else isinstance(made, FunctionType | type) and made not in _KNOWN


def empty(type_: Numberable) -> Any:
    """Return a new empty object of a type."""
    if not isinstance(type_, DictRef):
        return _PLAIN[type(type_)]()
    name, _, factory = type_.kind.partition(".")
    return defaultdict(_FACTORIES.get(factory) or _constant(factory)) if factory else _DICTS[name]()


def _constant(factory: str) -> Callable[[], Any]:
    try:
        value = ast.literal_eval(factory.removeprefix("lambda "))
    except (ValueError, SyntaxError):
        return _inside
    return (lambda: value) if isinstance(value, int | float | str) else _inside


def _inside() -> Any:
    """Stand for a factory that only its translation has."""
    raise GuardError("what makes missing values stays inside the translation that made this defaultdict")
