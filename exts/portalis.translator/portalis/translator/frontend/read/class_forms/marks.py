"""Classes as CPython defines them at import: what their bases, decorators and bodies name of Python's own library, and runs nothing."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from portalis.translator.frontend.read.at_import.tables import COLLECTIONS, TYPING
from portalis.translator.frontend.read.at_import.values import Annotation, Function, Marking, Names, resolve
from portalis.translator.frontend.read.class_forms.inert import (
    ABSTRACT,
    ABSTRACT_BASES,
    FIELD,
    INERT_BASES,
    INERT_DECORATORS,
    MAKING_BASES,
    MAKING_DECORATORS,
    TYPE_VARIABLE,
    adds_nothing,
)
from portalis.translator.frontend.read.class_forms.named_tuples import NAMED_TUPLE_CALL
from portalis.translator.syntax import SPECIAL_METHODS


@dataclass(frozen=True, slots=True)
class Told:
    """What a call that only marks is told, by what it has to be: a type, or a value on the list."""

    types: tuple[ast.expr, ...] = ()
    values: tuple[ast.expr, ...] = ()
    # Whether who executes the module evaluates it, too.
    kept: bool = False


def _mark(node: ast.expr, names: Names) -> str:
    found = resolve(node, names)
    if isinstance(found, Annotation):
        name = found.generic.name
        return f"typing.{name}" if any(found.generic is table.get(name) for table in (TYPING, COLLECTIONS)) else ""
    return found.dotted if isinstance(found, Marking) else ""


def _without_arguments(base: ast.expr) -> ast.expr:
    return base.value if isinstance(base, ast.Subscript) else base


def is_marking_base(base: ast.expr, node: ast.ClassDef, names: Names) -> bool:
    """Tell whether a base class gives its class nothing that runs: each mark once, behind what the class derives from otherwise."""
    mark = _mark(_without_arguments(base), names)
    if mark in MAKING_BASES or _is_kind_of_member(base, names):
        kinds = [_is_kind_of_member(one, names) for one in node.bases]
        is_enum = kinds == [True, False] and _mark(node.bases[1], names) == "enum.Enum"
        return is_enum or (len(node.bases) == 1 and not any(kinds) and isinstance(base, ast.Name | ast.Attribute))
    marks = [_mark(_without_arguments(one), names) for one in node.bases]
    first = next((place for place, one in enumerate(marks) if one), 0)
    if (
        not (mark in INERT_BASES or adds_nothing(mark, node))
        or marks.count(mark) > 1
        or not all(marks[first:])
        or first > 1
        or {"typing.Generic", "typing.Protocol"} <= {*marks}
        # Which of several may stand before which, depends on what these derive from.
        or (not ABSTRACT_BASES.keys().isdisjoint(marks) and len(marks[first:]) > 1)
    ):
        return False
    if isinstance(base, ast.Subscript):
        parts = base.slice.elts if isinstance(base.slice, ast.Tuple) else [base.slice]
        fits = mark not in ("abc.ABC", "typing.Hashable", "typing.Sized") and (mark not in ABSTRACT_BASES or len(parts) == 1)
        return fits and all(isinstance(part, ast.Name) for part in parts)
    return mark != "typing.Generic"


def _is_kind_of_member(base: ast.expr, names: Names) -> bool:
    return isinstance(base, ast.Name) and base.id in ("int", "str") and names.meaning(base.id) in (None, Function("builtins", base.id))


def members_of_enum(node: ast.ClassDef, names: Names) -> frozenset[str]:
    """Return the names of the members of an enumeration, nothing of any other class."""
    if not any(_mark(base, names).startswith("enum.") for base in node.bases):
        return frozenset()
    targets = [one for item in node.body if isinstance(item, ast.Assign) for one in item.targets]
    targets += [item.target for item in node.body if isinstance(item, ast.AnnAssign) and item.value is not None]
    return frozenset(target.id for target in targets if isinstance(target, ast.Name) and not target.id.startswith("_"))


def is_auto(node: ast.expr, names: Names) -> bool:
    """Tell whether an expression is `auto()`."""
    return isinstance(node, ast.Call) and not node.args and not node.keywords and _mark(node.func, names) == "enum.auto"


def is_marking_decorator(node: ast.expr, names: Names, of_class: bool) -> bool:
    """Tell whether a decorator is one of Python's own library that runs nothing of what it decorates, told nothing but constants."""
    told = isinstance(node, ast.Call) and not node.args
    if isinstance(node, ast.Call) and told:
        told = all(keyword.arg and isinstance(keyword.value, ast.Constant) for keyword in node.keywords)
    mark = _mark(node.func if isinstance(node, ast.Call) and told else node, names)
    return mark in (MAKING_DECORATORS | INERT_DECORATORS if of_class else {ABSTRACT})


def is_abstract_metaclass(node: ast.keyword, names: Names) -> bool:
    """Tell whether an argument of a class is `metaclass=ABCMeta`."""
    return node.arg == "metaclass" and _mark(node.value, names) == "abc.ABCMeta"


def is_inert_argument(node: ast.keyword, definition: ast.ClassDef, names: Names) -> bool:
    """Tell whether an argument of a class is `metaclass=ABCMeta`, or what a checker is told of a dict: `total=False`."""
    is_total = node.arg == "total" and isinstance(node.value, ast.Constant)
    return is_abstract_metaclass(node, names) or (is_total and [_mark(base, names) for base in definition.bases] == ["typing.TypedDict"])


def marking_call(node: ast.expr, names: Names, in_class: bool) -> Told | None:
    """Return what `TypeVar("T", …)`, or in a class's body `field(…)`, is told; None for anything else."""
    if (
        not isinstance(node, ast.Call)
        or any(isinstance(one, ast.Starred) for one in node.args)
        or not all(one.arg for one in node.keywords)
    ):
        return None
    mark, told = _mark(node.func, names), {one.arg: one.value for one in node.keywords}
    if mark == TYPE_VARIABLE and not in_class and node.args:
        named, types = node.args[0], node.args[1:]
        plain = all(isinstance(value, ast.Constant) for name, value in told.items() if name != "bound")
        fits = len(told) <= 1 and told.keys() <= {"bound", "covariant", "contravariant"} and len(types) != 1 and not (types and told)
        if plain and fits and isinstance(named, ast.Constant) and isinstance(named.value, str):
            return Told((*types, *([told["bound"]] if "bound" in told else [])))
    if mark == NAMED_TUPLE_CALL and not in_class:
        return Told((), (*node.args, *told.values()), kept=True) if told.keys() <= {"defaults"} else None
    if mark == FIELD and in_class and not node.args:
        made = told.get("default_factory")
        values = tuple(value for name, value in told.items() if name != "default_factory")
        return Told((), values) if made is None or isinstance(made, ast.Name | ast.Lambda) else None
    return None


def runs_nothing_derived(node: ast.ClassDef, names: Names) -> bool:
    """Tell whether deriving from a class calls nothing of it: only what bears special names is called."""
    special = {item.name for item in ast.walk(node) if isinstance(item, ast.FunctionDef) and item.name.startswith("__")}
    stored = {item.id for item in ast.walk(node) if isinstance(item, ast.Name) and item.id.startswith("__")} - {"__slots__"}
    plain = all(
        _mark(_without_arguments(base), names) in INERT_BASES or (isinstance(base, ast.Name) and base.id != "type") for base in node.bases
    )
    marked = all(is_abstract_metaclass(one, names) for one in node.keywords) and all(
        is_marking_decorator(one, names, of_class=True) for one in node.decorator_list
    )
    return plain and marked and stored <= SPECIAL_METHODS and special <= SPECIAL_METHODS
