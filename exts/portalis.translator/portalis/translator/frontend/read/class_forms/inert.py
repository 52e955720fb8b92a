"""What classes are marked with, and derive from, that does nothing to their instances: `ABC`, `Generic[T]`, `Protocol`, `@final`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from portalis.translator.frontend.read.class_forms.named_tuples import NAMED_TUPLE_CALL
from portalis.translator.frontend.read.module_scope import Imported
from portalis.translator.library.import_time import ABSTRACT_METHODS

# What an import binds a name to; None where none does.
Imports = Callable[[str], Imported | None]
TYPING = ("typing", "typing_extensions")
PROTOCOL, ABSTRACT, TYPE_VARIABLE, FIELD = "typing.Protocol", "abc.abstractmethod", "typing.TypeVar", "dataclasses.field"
INERT_BASES = frozenset(("abc.ABC", "typing.Generic", PROTOCOL))
INERT_DECORATORS = frozenset(("typing.final", "typing.runtime_checkable", "typing.override"))
# Abstract classes that give nothing to a class that has these methods itself.
ABSTRACT_BASES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"typing.Hashable": ("__hash__",)} | {f"typing.{name}": methods for name, methods in ABSTRACT_METHODS.items() if name != "Callable"}
)
# Bases of classes that Python's own library makes of a body of constants, and decorators that write methods: they run nothing of the body.
MAKING_BASES = frozenset(
    ("typing.NamedTuple", "typing.TypedDict", *(f"enum.{name}" for name in ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag")))
)
MAKING_DECORATORS = frozenset(("dataclasses.dataclass", "functools.total_ordering", "enum.unique"))
# All names of Python's own library that have a meaning where a class is defined.
NAMES = (
    INERT_BASES
    | ABSTRACT_BASES.keys()
    | INERT_DECORATORS
    | MAKING_BASES
    | MAKING_DECORATORS
    | {ABSTRACT, TYPE_VARIABLE, FIELD, "abc.ABCMeta", "enum.auto", NAMED_TUPLE_CALL}
)


def meaning_of(node: ast.expr, imports: Imports) -> str:
    """Return what a name means of Python's own library, "abc.ABC"; nothing for all else."""
    match node:
        case ast.Name(id=name):
            kind, inner = imports(name) or ("", "")
            return f"typing.{inner}" if kind == "typing" and inner else inner if kind == "standard" and "." in inner else ""
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            kind, inner = imports(module) or ("", "")
            return f"typing.{name}" if (kind, inner) == ("typing", "") else f"{inner}.{name}" if kind == "standard" and inner else ""
        case _:
            return ""


def is_inert_base(node: ast.expr, definition: ast.ClassDef, imports: Imports) -> bool:
    """Tell whether a base class gives instances of a class nothing: a mark for those who read, or for who checks types."""
    meaning = meaning_of(node.value if isinstance(node, ast.Subscript) else node, imports)
    return meaning in INERT_BASES or adds_nothing(meaning, definition)


def adds_nothing(meaning: str, definition: ast.ClassDef) -> bool:
    """Tell whether a base class is an abstract one whose methods a class all has."""
    methods = {one.name for one in definition.body if isinstance(one, ast.FunctionDef)}
    return meaning in ABSTRACT_BASES and methods.issuperset(ABSTRACT_BASES[meaning])


def is_inert_decorator(node: ast.expr, imports: Imports, definition: ast.ClassDef) -> bool:
    """Tell whether a decorator of a class changes nothing, as `@unique` where no two members are written alike."""
    meaning = meaning_of(node, imports)
    values = [ast.unparse(item.value) for item in definition.body if isinstance(item, ast.Assign) if not isinstance(item.value, ast.Call)]
    return meaning in INERT_DECORATORS or (meaning == "enum.unique" and len(set(values)) == len(values))


def is_metaclass_of_abc(node: ast.keyword, imports: Imports) -> bool:
    """Tell whether an argument of a class is `metaclass=ABCMeta`, which only keeps instances of abstract classes from being made."""
    return node.arg == "metaclass" and meaning_of(node.value, imports) == "abc.ABCMeta"
