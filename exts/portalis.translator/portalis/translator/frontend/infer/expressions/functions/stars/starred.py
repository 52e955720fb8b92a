"""Calls with `*` and `**`, written anew: all is evaluated, in CPython's order, and only what has no known number is left starred."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import partial

from portalis.translator.frontend.facts.making import hold
from portalis.translator.frontend.facts.model import Known, Step, Unknown
from portalis.translator.frontend.infer.expressions.attributes import is_self, standard_name
from portalis.translator.frontend.infer.expressions.looping import captured
from portalis.translator.frontend.infer.expressions.objects.gone_over import GOING, is_builtin
from portalis.translator.frontend.infer.expressions.objects.listing import starred_list
from portalis.translator.frontend.infer.expressions.standard.evaluated import does_nothing
from portalis.translator.frontend.infer.expressions.standard.evaluated import has_stars as has_stars
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.types import table
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.types import NEVER, TEXT, DictRef, ListRef, SetRef, TupleType, Type

# Methods of sets that take any number of others.
OF_ANY_SETS = frozenset(("union", "update", "intersection", "intersection_update", "difference", "difference_update"))


def spreads(infer: FunctionInference, node: ast.Call) -> bool:
    """Tell whether a call is written anew: it is none of those that go over what is starred themselves."""
    match node.func:
        case ast.Name() | ast.Attribute() if (dotted := standard_name(infer, node.func)) is not None:
            return dotted.startswith(("math.", "functools.", "operator."))
        case ast.Name():
            return not is_builtin(infer, node, *GOING)
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super"))):
            return True
        case ast.Attribute(value=owner):
            if is_self(infer, owner) or infer.lineage(owner) is not None:
                return True
            if isinstance(owner, ast.Name) and infer.names.imported(owner.id) is not None:
                return True
            if isinstance(owner, ast.Name) and owner.id in ("set", "frozenset") and not infer.shadows(owner.id):
                return node.func.attr in OF_ANY_SETS and not node.keywords
            receiver = infer.attempt(lambda: infer.expression(owner)).fact
            if isinstance(receiver, Known) and (is_instance(receiver.type) or _takes_any_number(receiver.type, node)):
                return True
            starred = [one.value for one in node.args if isinstance(one, ast.Starred)]
            values = [infer.attempt(partial(infer.expression, one)).fact for one in starred]
            return all(isinstance(value, Known) and isinstance(value.type, TupleType) for value in values)
        case _:
            return True


def _takes_any_number(type_: Type, node: ast.Call) -> bool:
    """Tell whether it is a method that is written for any number of arguments."""
    assert isinstance(node.func, ast.Attribute)
    return (type_ == TEXT and node.func.attr == "format") or (
        isinstance(type_, SetRef) and node.func.attr in OF_ANY_SETS and not node.keywords
    )


class Rewriting:
    """A call written anew; its new nodes stand for values that are evaluated already until it is closed."""

    def __init__(self, infer: FunctionInference, node: ast.Call, steps: list[Step]) -> None:
        self._infer = infer
        self._node = node
        self._steps = steps
        self._made: list[ast.expr] = []
        self._failed: Unknown | None = None

    def close(self) -> None:
        """Let the new nodes stand for nothing any more."""
        for node in self._made:
            self._infer.replaced.pop(id(node), None)

    def call(self) -> ast.Call | Unknown:
        """Return the new call; its arguments are evaluated in the steps. What of it is starred comes last."""
        function = self._function()
        alone = self._alone()
        keywords = [made for one in self._node.keywords for made in self._keyword(one)] if alone is not None else []
        args = self._positional(self._node.args if alone is None else [alone])
        keywords += [made for one in self._node.keywords for made in self._keyword(one)] if alone is None else []
        if self._failed is not None:
            return self._failed
        return ast.copy_location(ast.Call(function, args, keywords), self._node)

    def all_listed(self, call: ast.Call) -> Known | Unknown:
        """Return a new list of all positional arguments of a call that was written anew."""
        display = ast.copy_location(ast.List(call.args, ast.Load()), self._node)
        return starred_list(self._infer, display, self._steps)

    def named(self, value: Known) -> ast.expr:
        """Return a node that stands for an evaluated value."""
        made: ast.expr = ast.copy_location(ast.Name("@argument", ast.Load()), self._node)
        self._infer.replaced[id(made)] = lambda: value
        self._made.append(made)
        return made

    def _evaluated(self, node: ast.expr) -> Known | None:
        with captured(self._infer, self._steps):
            value = self._infer.expression(node)
            value = hold(self._infer, value, "argument", self._steps) if isinstance(value, Known) else value
        if isinstance(value, Unknown):
            self._failed = self._failed or value
            return None
        return value

    def _function(self) -> ast.expr:
        function = self._node.func
        match function:
            case ast.Attribute(value=ast.Name()) | ast.Attribute(value=ast.Call(func=ast.Name(id="super"))) | ast.Name() | ast.Lambda():
                if any(isinstance(inner, ast.NamedExpr) for one in self._node.args for inner in ast.walk(one)):
                    self._failed = self._infer.refuse("P0216", self._node, "`:=` beside `*` is not translated", "assign it before")
                return function
            case ast.Attribute(value=owner, attr=attr):
                value = self._evaluated(owner)
                self._infer.names.scope.visited.add(id(function))
                return function if value is None else ast.copy_location(ast.Attribute(self.named(value), attr, ast.Load()), function)
            case _:
                value = self._evaluated(function)
                return function if value is None else self.named(value)

    def _alone(self) -> ast.expr | None:
        """Return what stands for the only positional argument, if it is starred: CPython goes over it when all keywords are evaluated."""
        match self._node:
            case ast.Call(args=[ast.Starred(value=value) as only], keywords=keywords) if not all(
                does_nothing(one.value) for one in keywords
            ):
                self._infer.names.scope.visited.add(id(only))
                evaluated = self._evaluated(value)
                return None if evaluated is None else ast.copy_location(ast.Starred(self.named(evaluated), ast.Load()), only)
        return None

    def _positional(self, nodes: Sequence[ast.expr]) -> list[ast.expr]:
        found: list[ast.expr] = []
        for index, node in enumerate(nodes):
            if isinstance(node, ast.Starred):
                self._infer.names.scope.visited.add(id(node))
                value = self._evaluated(node.value)
                if value is None:
                    continue
                if not isinstance(value.type, TupleType):
                    return [*found, self._rest(node, value, nodes[index + 1 :])]
                parts = table.parts(self._infer, value, self._steps) or ()
                found += [self.named(hold(self._infer, part, "argument", self._steps)) for part in parts]
            elif self._means_itself(node):
                found.append(node)
            elif (value := self._evaluated(node)) is not None:
                found.append(self.named(value))
        return found

    def _means_itself(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            return node.id not in self._infer.names.local and node.id not in self._infer.names.scope.constants
        return isinstance(node, ast.Lambda | ast.Constant)

    def _rest(self, node: ast.Starred, value: Known, others: Sequence[ast.expr]) -> ast.expr:
        """Return what stands for the elements of a value and all that comes after it."""
        if not others and not self._node.keywords and isinstance(value.type, ListRef):
            return ast.copy_location(ast.Starred(self.named(value), ast.Load()), node)
        first = ast.copy_location(ast.Starred(self.named(value), ast.Load()), node)
        display = ast.copy_location(ast.List([first, *others], ast.Load()), node)
        made = starred_list(self._infer, display, self._steps)
        if isinstance(made, Unknown):
            self._failed = self._failed or made
            return node
        return ast.copy_location(ast.Starred(self.named(made), ast.Load()), node)

    def _keyword(self, keyword: ast.keyword) -> list[ast.keyword]:
        names = _constant_keys(keyword.value) if keyword.arg is None else None
        if isinstance(keyword.value, ast.Dict) and names is not None:
            self._infer.names.scope.visited.add(id(keyword.value))
            pairs = zip(names, keyword.value.values, strict=True)
            return [made for name, value in pairs for made in self._keyword(ast.keyword(name, value))]
        if self._means_itself(keyword.value):
            return [keyword]
        value = self._evaluated(keyword.value)
        if value is None or (keyword.arg is None and isinstance(value.type, DictRef) and value.type.value == NEVER):
            # Nothing is ever put into such a dict.
            return []
        return [ast.copy_location(ast.keyword(keyword.arg, self.named(value)), keyword.value)]


def _constant_keys(node: ast.expr) -> list[str] | None:
    """Return the keys of a dict display whose keys are constant texts, each once; None for anything else."""
    if not isinstance(node, ast.Dict):
        return None
    found = [key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
    return found if len(found) == len(node.keys) == len(set(found)) else None
