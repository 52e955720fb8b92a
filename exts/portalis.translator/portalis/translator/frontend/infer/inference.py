"""Inference of one function: from each kind of syntax to its handler, and what types and callables ask of it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from portalis.translator.frontend.calls.library import LibraryRefused, library_scope
from portalis.translator.frontend.facts.inference import Attempt
from portalis.translator.frontend.facts.making import after
from portalis.translator.frontend.facts.model import Assigned, Evaluated, Fact, Known, Load, Stopped, Unreached
from portalis.translator.frontend.facts.tables import Control, Facts, StatementFact
from portalis.translator.frontend.infer.applying import call_library
from portalis.translator.frontend.infer.frame import Frame, Unit
from portalis.translator.frontend.infer.names import enumerations, exception_texts
from portalis.translator.frontend.infer.names.instances import class_of, read_attribute, special
from portalis.translator.frontend.infer.names.places import forget_changed, may_change
from portalis.translator.frontend.infer.names.written import call_written
from portalis.translator.frontend.infer.ownership import check_order
from portalis.translator.frontend.infer.state import StatementScope
from portalis.translator.frontend.infer.visible import Names
from portalis.translator.frontend.read.at_import.own_classes import EXCEPTION_ARGUMENTS, EXCEPTION_TEXT
from portalis.translator.frontend.read.module_scope import Imported, ModuleScope
from portalis.translator.frontend.types import table
from portalis.translator.ir.instances import class_named, is_instance, is_named, says
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import NEVER, Type


class FunctionInference(Frame):
    """The inference of one specialisation. Handlers of syntax recur through `expression`, `condition` and `body`."""

    def __init__(self, unit: Unit, names: Names, syntax: Syntax) -> None:
        super().__init__(unit, names)
        self.syntax = syntax

    def expression(self, node: ast.expr) -> Fact:
        """Infer an expression, and record what is known of it."""
        self.names.scope.visited.add(id(node))
        replaced = self.replaced.get(id(node)) if self.replaced else None
        if self.references and isinstance(node, ast.Call):
            fact = self._in_its_place(node, replaced)
        else:
            fact = self.syntax.expressions[type(node)](self, node) if replaced is None else replaced()
        self.facts.expressions[node] = fact
        if self.state is not None and self.state.places and may_change(node):
            self.state.places.clear()
        return fact

    def _in_its_place(self, node: ast.Call, replaced: Callable[[], Fact] | None) -> Fact:
        """Infer a call whose steps, where it has any, come after what stands before it in its statement."""
        outer, self.statement_scope.steps = self.statement_scope.steps, []
        try:
            fact = self.syntax.expressions[ast.Call](self, node) if replaced is None else replaced()
        finally:
            steps, self.statement_scope.steps = self.statement_scope.steps, outer
        # What never comes is not evaluated as a value.
        if isinstance(fact, Known) and self.state is not None:
            return after(self.span(node), steps, fact)
        outer += steps
        return fact

    def condition(self, node: ast.expr) -> Fact:
        """Infer an expression of which only the truth matters, and record it."""
        self.names.scope.visited.add(id(node))
        fact = self.syntax.condition(self, node)
        self.facts.expressions[node] = fact
        return fact

    def body(self, statements: Sequence[ast.stmt]) -> None:
        """Infer statements in order; what follows a return, raise, break or continue is never reached and has no fact."""
        if self.references:
            self.syntax.note_orders(self, statements)
        for statement in statements:
            if self.state is None:
                return
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        """Infer one statement, and record its steps."""
        self.names.scope.visited.add(id(node))
        self.note_state()
        outer, self.statement_scope = self.statement_scope, StatementScope(binds_last=bool(self.watches) and binds_last(node))
        control = self.syntax.statements[type(node)](self, node)
        if self.statement_scope.changes:
            check_order(self, node)
        if self.references and self.state is not None and control is None:
            forget_changed(self, node)
        self.facts.statements[node] = StatementFact(tuple(self.statement_scope.steps), control)
        self.statement_scope = outer

    def apart_facts(self, infer: Callable[[], None]) -> Facts:
        """Run `infer` with a table of facts of its own, and return that."""
        outer, self.facts = self.facts, Facts()
        infer()
        made, self.facts = self.facts, outer
        return made

    # ----------------------------------------------------------------------------------------- what types and callables ask
    def grow(self, container: Known, types: Sequence[Type]) -> tuple[str, ...]:
        found = [self.containers[root] for root in sorted(container.roots) if root in self.containers]
        for variable in found:
            for type_ in types:
                if variable.grow(type_) and not self.unit.specialiser.spend():
                    break
        return tuple(f"the list made in line {one.site.line} would hold {one.content}" for one in found)

    def library(self, node: ast.AST, module: str, name: str, args: Sequence[Known], nodes: Sequence[ast.AST | None] = ()) -> Fact:
        if any(arg.type == NEVER for arg in args):
            return after(self.span(node), [Evaluated(arg.span, arg) for arg in args], Known(self.span(node), NEVER, Unreached()))
        return call_library(self, node, module, name, args, nodes)

    def library_definition(self, module: str, name: str) -> ast.FunctionDef | None:
        return library_scope(module).functions.get(name)

    @property
    def scope(self) -> ModuleScope:
        return self.names.scope

    @property
    def tolerates(self) -> bool:
        return self.references and not self.scope.library and (self.expecting > 0 or self.unit.specialiser.tolerant)

    def shadows(self, name: str) -> bool:
        return name in self.names.local or name in self.names.imports or self.names.scope.binds(name)

    def meant(self, name: str) -> Imported | ast.expr | None:
        if name in self.names.local or name in self.names.scope.changed_constants:
            return None
        constant = self.names.scope.constants.get(name)
        if constant is None:
            return self.names.imported(name)
        named = {inner.id for inner in ast.walk(constant) if isinstance(inner, ast.Name)}
        return constant if named.isdisjoint((*self.names.local, *self.names.imports, name)) else None

    def overwrite_parameter(self, node: ast.AST, parameter: Known, value: Known) -> None:
        assert isinstance(parameter.operation, Load) and parameter.operation.local in self.storage.params, ast.unparse(node)
        name = parameter.operation.local
        self.effects.by_ref.add(name)
        self.effects.mutated.add(f"@{name}")
        self.add(Assigned(self.span(node), name, value))

    def resumes(self, name: str) -> None:
        self.effects.calls.add(name)

    def special(self, node: ast.AST, value: Known, name: str, args: Sequence[Known], *, leaving: bool = False) -> Fact | None:
        return special(self, node, value, name, args, leaving=leaving)

    def written(self, node: ast.AST, name: str, args: Sequence[Known]) -> Fact:
        return call_written(self, node, name, args)

    def has_special(self, type_: Type, name: str) -> bool:
        if self.names.scope.library and self.unit.specialiser.module is None:
            return says(type_, name)
        return (is_instance(type_) or is_named(type_)) and class_of(self, type_).says(name)

    def lineage(self, node: ast.expr) -> Callable[[Type], bool] | None:
        owner = self.class_meant(node) if self.references else None
        if owner is None:
            return None
        self.names.scope.visited.update(map(id, ast.walk(node)))
        return lambda type_: (is_instance(type_) or is_named(type_)) and class_of(self, type_).derives_from(owner)

    def class_meant(self, node: ast.expr) -> str | None:
        """Return which class of the module a name, or `type` of an instance that has a name, is."""
        match node:
            case ast.Name(id=name) if name in self.names.local:
                binding = self.live.names.get(name)
                return None if binding is None or binding.maybe else class_named(binding.type)
            case ast.Name(id=name):
                return name if name in self.names.scope.classes else None
            case ast.Call(func=ast.Name(id="type"), args=[ast.Name(id=name)], keywords=[]) if not self.shadows("type"):
                binding = self.live.names.get(name)
                return None if binding is None or binding.maybe or not is_instance(binding.type) else binding.type.python_class
        return None

    def text_of_exception(self, node: ast.AST, value: Known) -> Fact | None:
        if not exception_texts.reads_arguments(self, value.type.python_class):
            return read_attribute(self, node, value, EXCEPTION_TEXT)
        return None

    def unsettled_exceptions(self) -> str:
        return exception_texts.unsettled(self)

    def exceptions_told_otherwise(self) -> str:
        return exception_texts.told_otherwise(self)

    def arguments_of_exception(self, node: ast.AST, value: Known) -> Fact:
        return read_attribute(self, node, value, EXCEPTION_ARGUMENTS)

    def fields_of(self, type_: Type) -> Sequence[str]:
        return (*(class_of(self, type_).fields or ()),)

    def members(self, node: ast.AST, type_: Type) -> list[Known] | None:
        return enumerations.members(self, node, type_)

    def member_named(self, node: ast.AST, type_: Type, name: Known) -> Fact | None:
        found = enumerations.enumeration_of(self, type_)
        return None if found is None else enumerations.named(self, node, found, name)

    def value_of_member(self, node: ast.AST, value: Known) -> Fact:
        return enumerations.value_of_member(self, node, value)

    def text_of_member(self, node: ast.AST, value: Known, shown: bool) -> Fact:
        return enumerations.text_of_member(self, node, value, shown)

    def derives(self, type_: Type, base: Type) -> bool:
        return type_ != base and class_of(self, type_).derives_from(base.python_class)

    def overrides(self, type_: Type, base: Type, name: str) -> bool:
        one, other = class_of(self, type_).method(name), class_of(self, base).method(name)
        return one is not None and (other is None or one.definition is not other.definition)

    def stop(self, node: ast.AST, reason: str) -> None:
        self.add(Stopped(self.span(node), reason))
        self.state = None

    def binary(self, node: ast.AST, symbol: str, left: Fact, right: Fact) -> Fact:
        return table.binary(self, node, symbol, left, right)

    def compare(self, node: ast.AST, op: Comparison, left: Fact, right: Fact) -> Fact:
        return table.compare(self, node, op, left, right)

    def truth(self, node: ast.AST, value: Fact) -> Fact:
        return table.truth(self, node, value)

    def unary(self, node: ast.AST, symbol: str, value: Fact) -> Fact:
        return table.unary(self, node, symbol, value)

    def identical(self, node: ast.AST, left: Known, right: Known, negated: bool) -> Fact:
        return table.identical(self, node, left, right, negated)

    def contains(self, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact:
        return table.contains(self, node, needle, haystack, negated)

    def element(self, node: ast.expr, value: Known, index: Sequence[Known]) -> Fact:
        return table.element(self, node, value, index)

    def slice(self, node: ast.expr, value: Known, bounds: Sequence[Known | None]) -> Fact | None:
        return table.slice_of(self, node, value, bounds)

    def set_element(self, node: ast.expr, value: Known, index: Known, new: Known) -> Fact | None:
        return table.set_element(self, node, value, index, new)

    def delete_element(self, node: ast.expr, value: Known, index: Known) -> Fact | None:
        return table.delete_element(self, node, value, index)

    def made_by(self, factory: str) -> Fact:
        with self.apart(Names(self.scope, frozenset())):
            return self.expression(self.scope.factories[factory])

    def attempt(self, build: Callable[[], Fact | None]) -> Attempt:
        mark, state = self.checkpoint(), self.live
        before = state.copy()
        outer, self.statement_scope = self.statement_scope, StatementScope()
        try:
            found = build()
        except LibraryRefused:
            found = None
        steps, self.statement_scope = tuple(self.statement_scope.steps), outer
        ends, self.state = self.state is None, state
        if isinstance(found, Known):
            return Attempt(found, steps, ends)
        self.restore(mark)
        # What was refused for good would be known of names, and nobody would tell it.
        state.names, state.shared = before.names, before.shared
        return Attempt(found)


def binds_last(node: ast.stmt) -> bool:
    """Tell whether a statement binds names only when everything in it that can raise is done."""
    match node:
        case ast.Assign(targets=targets):
            places: list[ast.expr] = targets
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            places = [target]
        case _:
            return False
    named = all(isinstance(inner, ast.Name | ast.Tuple | ast.Store) for place in places for inner in ast.walk(place))
    return named and not any(isinstance(inner, ast.NamedExpr) for inner in ast.walk(node))


ExpressionHandler: TypeAlias = Callable[[FunctionInference, ast.expr], Fact]
StatementHandler: TypeAlias = Callable[[FunctionInference, ast.stmt], Control | None]


@dataclass(frozen=True, slots=True)
class Syntax:
    """The handler of each kind of expression and statement; what is not translated has one that refuses it.

    `condition` is for an expression of which only the truth matters: `and`, `or` and `not` may then mix types. `note_orders` looks at
    statements that follow one another before they are inferred.
    """

    expressions: Mapping[type[ast.expr], ExpressionHandler]
    statements: Mapping[type[ast.stmt], StatementHandler]
    condition: ExpressionHandler
    note_orders: Callable[[FunctionInference, Sequence[ast.stmt]], None]
