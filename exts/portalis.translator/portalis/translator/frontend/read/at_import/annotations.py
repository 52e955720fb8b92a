"""Annotations that CPython evaluates at import: names of types, `|` between them and subscripts of generics, none of which can fail or run
anything of the user's. What an annotation means for a translation is read in `read/annotations.py`."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from portalis.translator.frontend.read.annotations import GF_NAMES
from portalis.translator.frontend.read.at_import.tables import ANNOTATION_MODULES, BUILTIN_TYPES, Generic
from portalis.translator.frontend.read.at_import.values import Annotation, Evaluation, Function, Module, Names, NotOnTheList, resolve, shown

_GF = Generic("Gf")


@dataclass(frozen=True, slots=True)
class Annotations:
    """Checks annotations where they stand; NotOnTheList says what is none."""

    names: Names
    values: Evaluation

    def check(self, node: ast.expr, top: bool = True, typed: bool = False) -> None:
        """Check one annotation. `top`: it is not inside another; `typed`: it is an argument of a name of `typing`, which reads it."""
        match node:
            case ast.Constant(value=None):
                pass
            case ast.Constant(value=str(text)):
                if typed:
                    _check_text(node, text)
            case ast.Name() | ast.Attribute():
                generic = self.generic(node)
                if not top and (generic.top or not generic.bare):
                    raise NotOnTheList(node, f"`{shown(node)}` without what it holds")
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                self._check_union(node, left, right)
            case ast.Subscript(value=value, slice=index):
                self._check_subscript(node, self.generic(value), index, top)
            case _:
                raise NotOnTheList(node, f"`{shown(node)}` as an annotation")

    def generic(self, node: ast.expr) -> Generic:
        """Return what a name of an annotation takes as its subscript."""
        found = named_type(node, self.names)
        if found is None:
            raise NotOnTheList(node, f"`{shown(node)}` as an annotation")
        return found

    def _check_union(self, node: ast.expr, left: ast.expr, right: ast.expr) -> None:
        sides = (left, right)
        if any(isinstance(side, ast.Constant) and side.value is not None for side in sides) or all(
            isinstance(side, ast.Constant) for side in sides
        ):
            raise NotOnTheList(node, "`|` of something that is no type")
        for side in sides:
            self.check(side, top=False)

    def _check_subscript(self, node: ast.expr, generic: Generic, index: ast.expr, top: bool) -> None:
        arguments = index.elts if isinstance(index, ast.Tuple) else [index]
        if (generic.top and not top) or not generic.least <= len(arguments) <= (len(arguments) if generic.most is None else generic.most):
            raise NotOnTheList(node, f"`{generic.name}` with {len(arguments)} arguments here")
        if generic.most == 0:
            raise NotOnTheList(node, f"a subscript of `{generic.name}`")
        match generic.name, arguments:
            case "Literal", _:
                for argument in arguments:
                    if not isinstance(argument, ast.Constant | ast.UnaryOp):
                        raise NotOnTheList(argument, "anything but a constant in `Literal`")
                    self.values.value(argument)
            case "tuple" | "Tuple", [item, ast.Constant(value=rest)] if rest is ...:
                self.check(item, top=False, typed=generic.typed)
            case "Callable", [parameters, result]:
                given = parameters.elts if isinstance(parameters, ast.List) else []
                if (
                    not given
                    and not isinstance(parameters, ast.List)
                    and not (isinstance(parameters, ast.Constant) and parameters.value is ...)
                ):
                    raise NotOnTheList(parameters, "the parameters of `Callable` as anything but a list")
                for item in (*given, result):
                    self.check(item, top=False, typed=generic.typed)
            case _:
                for argument in arguments:
                    self.check(argument, top=False, typed=generic.typed)


def named_type(node: ast.expr, names: Names) -> Generic | None:
    """Return what a name, or a name of a module, means in an annotation; None where it is no type."""
    match resolve(node, names):
        case Annotation(generic):
            return generic
        case Function("gf", name):
            return _GF if name in GF_NAMES else None
        case Function("builtins", name):
            return BUILTIN_TYPES.get(name)
        case None if isinstance(node, ast.Name) and not _is_bound(node.id, names):
            return BUILTIN_TYPES.get(node.id)
        case None if isinstance(node, ast.Attribute):
            owner = resolve(node.value, names)
            return ANNOTATION_MODULES.get(owner.name, {}).get(node.attr) if isinstance(owner, Module) else None
        case _:
            return None


def _parameters(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.List(elts=elements):
            return elements
        case ast.Constant(value=value) if value is ...:
            return []
        case _:
            raise NotOnTheList(node, "the parameters of `Callable` as anything but a list")


def _is_bound(name: str, names: Names) -> bool:
    return name in names.module or (names.owner is not None and name in names.owner)


def _check_text(node: ast.expr, text: str) -> None:
    """Hold the text of a forward reference to what `typing` does with it: it is compiled, and evaluated by nobody."""
    try:
        ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NotOnTheList(node, f"the text {text[:40]!r} as a type") from None


_INERT = (ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.Tuple, ast.List, ast.BinOp, ast.UnaryOp)


def check_lazy(node: ast.expr) -> None:
    """Check an annotation that nobody evaluates (`from __future__ import annotations`): it may name what is defined later."""
    pending: list[ast.expr] = [node]
    while pending:
        current = pending.pop()
        if not isinstance(current, _INERT):
            raise NotOnTheList(current, f"`{shown(current)}` as an annotation")
        pending += [child for child in ast.iter_child_nodes(current) if isinstance(child, ast.expr)]
