"""Attributes whose names are texts: `hasattr`, `getattr` with a default, and `getattr` and `setattr` of a name that is computed.

What has the name that a text holds is chosen among all that an instance may have. Names that begin with two underscores stop the call, and
so do those of methods where nobody calls what they give, and names under which nothing was ever stored.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from portalis.translator.frontend.facts.making import after, constant, hold
from portalis.translator.frontend.facts.model import (
    PENDING,
    Evaluated,
    Fact,
    Known,
    Raised,
    Step,
    Stopped,
    Tested,
    Unreached,
    first_unknown,
)
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.instances import class_of, has_attribute, names_of_fields, store_attribute
from portalis.translator.frontend.read.class_forms.expanding import is_plain_name
from portalis.translator.frontend.read.class_forms.nodes import names_bound_anywhere
from portalis.translator.frontend.read.tree import walk
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.showing import CLASSES
from portalis.translator.frontend.types.unions.splitting import by_member
from portalis.translator.ir.instances import is_exception, is_instance, kind_of_member
from portalis.translator.ir.types import NEVER, NONE, TEXT
from portalis.translator.source import Span

_COUNTS = {"hasattr": (2,), "getattr": (2, 3), "setattr": (3,)}
_SPECIAL = "the name of an attribute that begins with two underscores"
_METHOD = "the name of a method, which is not called here"
_UNKNOWN = "an attribute is stored under a name that no instance has"


def infer_by_name(infer: FunctionInference, node: ast.Call, function: str) -> Fact | None:
    """Infer `getattr`, `hasattr` or `setattr` of an instance; None where it is of something else."""
    plain = not node.keywords and not any(isinstance(one, ast.Starred) for one in node.args)
    if len(node.args) not in _COUNTS[function] or not plain or not infer.references:
        return None
    values = [infer.expression(argument) for argument in node.args]
    if (unknown := first_unknown(*values)) is not None:
        return unknown
    steps: list[Step] = []
    owner, name, *rest = [hold(infer, value, "operand", steps) for value in values if isinstance(value, Known)]
    if name.type != TEXT:
        return None
    named = _Named(infer, node, name, _names(infer, node.args[1]), rest[0] if rest else None)
    build = {"hasattr": named.has, "getattr": named.get, "setattr": named.set}[function]
    infer.names.scope.visited.add(id(node.func))
    found = by_member(infer, node, [owner], lambda parts: build(parts[0]), lambda types: None)
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


@dataclass(frozen=True)
class _Named:
    """What has a name of an instance; `fits` tells which names may be meant, `given` is the default or what is stored."""

    infer: FunctionInference
    node: ast.Call
    name: Known
    fits: Callable[[str], bool]
    given: Known | None

    def has(self, owner: Known) -> Fact | None:
        """Return whether an instance has it; None where that is not known."""
        if owner.type.python_class in CLASSES and self.name.is_constant:
            return constant(self.span, hasattr(getattr(builtins, owner.type.python_class), str(self.name.constant)))
        names = self._names(owner)
        if names is None or any(self._is_property(owner, name) for name in names):
            return None
        found = self._standing(self._checked(constant(self.span, False)))
        for name in names:
            found = ast.IfExp(self._is(name), self._standing(has_attribute(self.infer, self.node, owner, name)), found)
        return self._inferred(found)

    def get(self, owner: Known) -> Fact | None:
        """Return what an instance has, or the default; None where a property would be asked whether it raises."""
        names = self._names(owner)
        if names is None or (self.given is not None and any(self._is_property(owner, name) for name in names)):
            return None
        stopped = (
            [] if self.name.is_constant or _is_called(self.infer, self.node) else [one for one in names if self._is_method(owner, one)]
        )
        names = [name for name in names if name not in stopped]
        if not names and self.given is None and not self.infer.unit.specialiser.sites.settled:
            self.infer.effects.unknown_result = True
            return PENDING
        found = self._missing(owner) if self.given is None else self._standing(self._checked(self.given))
        for name in stopped:
            found = ast.IfExp(self._is(name), self._standing(self._stopped(_METHOD)), found)
        for name in names:
            there: ast.expr = self._is(name)
            if self.given is not None:
                there = ast.BoolOp(ast.And(), [there, self._standing(has_attribute(self.infer, self.node, owner, name))])
            found = ast.IfExp(there, ast.Attribute(self._standing(owner), name, ast.Load()), found)
        return self._inferred(found)

    def set(self, owner: Known) -> Fact | None:
        """Return what stores the value, as None; the call stops where it is no field that something else stores, too."""
        names = self._names(owner, fields=True)
        if names is None or self.given is None:
            return None
        otherwise: tuple[Step, ...] = (Stopped(self.span, _UNKNOWN),)
        for name in names:
            stored = self.infer.attempt(partial(store_attribute, self.infer, self.node, owner, name, self.given))
            test = self._inferred(self._is(name))
            if not isinstance(stored.fact, Known) or not isinstance(test, Known):
                return stored.fact
            steps = stored.steps if stored.ends else (*stored.steps, Evaluated(self.span, stored.fact))
            otherwise = (Tested(self.span, test, steps, otherwise),)
        return after(self.span, otherwise, constant(self.span, None))

    def _names(self, owner: Known, *, fields: bool = False) -> list[str] | None:
        """Return the names under which an instance has something that may be meant; None where it is no plain one."""
        if not is_instance(owner.type) or is_exception(owner.type) or kind_of_member(owner.type) is not None:
            return None
        if self.name.is_constant and not is_plain_name(str(self.name.constant)):
            return None
        of = class_of(self.infer, owner.type)
        found = [*names_of_fields(self.infer, of)]
        if not fields:
            found += [name for one in of.line() for name in (*one.methods, *one.constants) if not name.startswith("__")]
        else:
            found = [name for name in found if of.method(name) is None]
        known = str(self.name.constant) if self.name.is_constant else None
        return [name for name in dict.fromkeys(found) if (self.fits(name) if known is None else name == known)]

    def _stopped(self, reason: str) -> Known:
        return after(self.span, [Stopped(self.span, reason)], Known(self.span, NEVER, Unreached()))

    def _is_method(self, owner: Known, name: str) -> bool:
        method = class_of(self.infer, owner.type).method(name)
        return method is not None and method.kind != "property"

    def _is_property(self, owner: Known, name: str) -> bool:
        method = class_of(self.infer, owner.type).method(name)
        return method is not None and method.kind == "property"

    def _is(self, name: str) -> ast.expr:
        return ast.Compare(self._standing(self.name), [ast.Eq()], [ast.Constant(name)])

    def _checked(self, value: Known) -> Known:
        """Return a value where the name is none that CPython finds in every object."""
        if self.name.is_constant:
            return value
        special = self._inferred(ast.Call(ast.Attribute(self._standing(self.name), "startswith", ast.Load()), [ast.Constant("__")], []))
        assert isinstance(special, Known)
        return after(self.span, [Tested(self.span, special, (Stopped(self.span, _SPECIAL),))], value)

    def _missing(self, owner: Known) -> ast.expr:
        """Return what raises, as an expression."""
        begun = f"'{class_of(self.infer, owner.type).name}' object has no attribute '"
        text = ast.BinOp(ast.BinOp(ast.Constant(begun), ast.Add(), self._standing(self.name)), ast.Add(), ast.Constant("'"))
        told = self._inferred(text)
        assert isinstance(told, Known)
        said = Evaluated(self.span, operated(self.span, NONE, "error.tell", told))
        raised: list[Step] = [said, Raised(self.span, "AttributeError", None, "text")]
        return self._standing(self._checked(after(self.span, raised, Known(self.span, NEVER, Unreached()))))

    def _standing(self, value: Known) -> ast.expr:
        """Return a name that stands for a value."""
        name = ast.copy_location(ast.Name("@value", ast.Load()), self.node)

        # The name has to live as long as what it stands for.
        def stands(_: ast.expr = name) -> Known:
            return value

        self.infer.replaced[id(name)] = stands
        return name

    def _inferred(self, expression: ast.expr) -> Fact:
        for inner in ast.walk(expression):
            if isinstance(inner, ast.expr) and not hasattr(inner, "lineno"):
                ast.copy_location(inner, self.node)
        return self.infer.expression(expression)

    @property
    def span(self) -> Span:
        return self.infer.span(self.node)


def _is_called(infer: FunctionInference, node: ast.Call) -> bool:
    """Tell whether the function at hand calls what a call gives, at once or by the name that it gets."""
    inside = [*walk(infer.unit.definition)] if infer.unit.definition is not None else []
    called = {one.func.id for one in inside if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)}
    for one in inside:
        match one:
            case ast.Call(func=function) if function is node:
                return True
            case ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.NamedExpr(target=ast.Name(id=name), value=value) if (
                value is node
            ):
                return name in called
    return False


def _names(infer: FunctionInference, node: ast.expr) -> Callable[[str], bool]:
    """Return which names an expression may be: those of a constant tuple that a loop goes over, those that begin so."""
    match node:
        case ast.Name(id=name) if (given := _given_to(infer, name)) is not None:
            return lambda attribute: attribute in given
        case ast.IfExp() if (chosen := _texts([node])) is not None:
            return lambda attribute: attribute in chosen
        case ast.BinOp(left=ast.Constant(value=str(begun)), op=ast.Add()) | ast.JoinedStr(values=[ast.Constant(value=str(begun)), *_]):
            return lambda attribute: attribute.startswith(begun)
        case _:
            return lambda attribute: True


def _given_to(infer: FunctionInference, name: str) -> set[str] | None:
    """Return the texts that the function at hand gives to a variable: constants, and those of constant tuples that loops go over.

    None where it may be another text.
    """
    definition = infer.unit.definition
    if definition is None:
        return None
    found, count = set[str](), names_bound_anywhere(definition).count(name)
    for node in walk(definition):
        match node:
            case ast.For(target=target, iter=iterated) | ast.comprehension(target=target, iter=iterated) if name in _names_of(target):
                texts = _texts([_at(one, target, name) for one in _elements(infer, iterated)])
            case ast.Assign(targets=[ast.Name(id=bound)], value=value) if bound == name:
                texts = _texts([value])
            case ast.Global(names=outer) | ast.Nonlocal(names=outer) if name in outer:
                return None
            case _:
                continue
        if texts is None:
            return None
        found |= texts
        count -= 1
    return found if found and not count else None


def _texts(nodes: Sequence[ast.expr | None]) -> set[str] | None:
    """Return the texts that expressions may give; None where one is neither a constant text nor a choice of such."""
    found: set[str] = set()
    for node in nodes:
        match node:
            case ast.Constant(value=str(text)):
                found.add(text)
            case ast.IfExp(body=body, orelse=otherwise) if (chosen := _texts([body, otherwise])) is not None:
                found |= chosen
            case _:
                return None
    return found or None


def _names_of(target: ast.expr) -> list[str]:
    """Return the names of a plain target: one, or those of a tuple."""
    parts = target.elts if isinstance(target, ast.Tuple) else [target]
    return [one.id for one in parts if isinstance(one, ast.Name)] if all(isinstance(one, ast.Name) for one in parts) else []


def _at(element: ast.expr, target: ast.expr, name: str) -> ast.expr | None:
    """Return what of an element a target gives to a name."""
    if isinstance(target, ast.Name):
        return element
    place = _names_of(target).index(name)
    return element.elts[place] if isinstance(element, ast.Tuple) and len(element.elts) == len(_names_of(target)) else None


def _elements(infer: FunctionInference, iterated: ast.expr) -> list[ast.expr]:
    match iterated:
        case ast.Name(id=name) if name not in infer.names.local and isinstance(value := infer.names.scope.constants.get(name), ast.Tuple):
            return value.elts
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            return elements
        case _:
            return []
