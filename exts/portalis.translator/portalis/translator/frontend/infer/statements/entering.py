"""`with` as the statements that it stands for: what Python's own library enters, and instances of the program's own classes.

What is entered is evaluated, and asked for `__enter__`, where the statement begins; `__exit__` is called once on every way out. An error
that it says yes to is done with. What the statements need in between are expressions of ours, of which only inference knows the meaning.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field

from portalis.translator.frontend.facts.making import constant, hold, primitive
from portalis.translator.frontend.facts.model import Assigned, Fact, Known, Load, Unknown
from portalis.translator.frontend.facts.tables import Control, Matched
from portalis.translator.frontend.infer.expressions.attributes import standard_name
from portalis.translator.frontend.infer.expressions.functions.arguments import Arguments, call_with
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.instances import class_of, module_of
from portalis.translator.frontend.infer.refused import refuse_statement
from portalis.translator.frontend.types.unions.exceptions import class_of_exception, exception_of, traceback_of
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.types import BOOL


def infer_with(infer: FunctionInference, node: ast.With) -> Control | None:
    """Infer `with` as the statements that it stands for; what is entered otherwise is refused."""
    if not infer.references or infer.scope.library:
        refuse_statement(infer, node)
        return None
    body, ours = node.body, _Ours(infer)
    for item in reversed(node.items):
        body = _of_library(infer, item, body) or _Entered(infer, node, item, ours).around(body)
    infer.body(body)
    ours.forget()
    return Matched(tuple(body))


def _of_library(infer: FunctionInference, item: ast.withitem, body: list[ast.stmt]) -> list[ast.stmt] | None:
    """Return what a body under a manager of Python's own library stands for; None where it is none, or has no translation."""
    call = item.context_expr
    if not isinstance(call, ast.Call) or call.keywords or any(isinstance(one, ast.Starred) for one in call.args):
        return None
    name = standard_name(infer, call.func)
    found = _statements(name, call, item.optional_vars, body)
    if found is not None:
        infer.names.scope.visited.update((id(call), *(id(inner) for inner in ast.walk(call.func))))
        if name == "contextlib.suppress":
            infer.names.scope.visited.update(id(inner) for inner in call.args)
    return found


def _statements(name: str | None, call: ast.Call, target: ast.expr | None, body: list[ast.stmt]) -> list[ast.stmt] | None:
    match name, call.args, target:
        case "contextlib.suppress", [], None:
            return body
        case "contextlib.suppress", [*kinds], None if all(isinstance(kind, ast.Name) and kind.id != "BaseException" for kind in kinds):
            taken = kinds[0] if len(kinds) == 1 else ast.copy_location(ast.Tuple(kinds, ast.Load()), call)
            handler = ast.copy_location(ast.ExceptHandler(taken, None, [ast.copy_location(ast.Pass(), call)]), call)
            return [ast.copy_location(ast.Try(body, [handler], [], []), call)]
        case "contextlib.nullcontext", [value], None:
            return [ast.copy_location(ast.Expr(value), call), *body]
        case "contextlib.nullcontext", [value], target if target is not None:
            return [ast.copy_location(ast.Assign([target], value), call), *body]
        case "contextlib.nullcontext", [], None:
            return body
    return None


@dataclass
class _Ours:
    """Expressions of ours, each with what it means, for as long as inference is at their statement."""

    infer: FunctionInference
    noted: list[ast.expr] = field(default_factory=list)

    def expression(self, where: ast.expr, meaning: Callable[[], Fact]) -> ast.expr:
        """Return an expression at the place of another one."""
        made = ast.copy_location(ast.Name("@with", ast.Load()), where)
        self.infer.replaced[id(made)] = meaning
        self.noted.append(made)
        return made

    def forget(self) -> None:
        """Let none of them mean anything."""
        for one in self.noted:
            self.infer.replaced.pop(id(one), None)


class _Entered:
    """One item: the statements around a body, and what their expressions mean."""

    def __init__(self, infer: FunctionInference, node: ast.With, item: ast.withitem, ours: _Ours) -> None:
        self._infer, self._node, self._item, self._ours = infer, node, item, ours
        self._manager: Known | None = None
        self._value: Fact = Unknown(None)
        self._failed = ""

    def around(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """Return the statements that a body under this item stands for."""
        where = self._item.context_expr
        target = self._item.optional_vars
        bound: list[ast.stmt] = [] if target is None else [self._put(ast.Assign([target], self._expression(lambda: self._value)))]
        unless = ast.copy_location(ast.UnaryOp(ast.Not(), self._expression(self._leave_after_error)), where)
        handled: list[ast.stmt] = [
            self._put(ast.Expr(self._expression(self._note_failure))),
            self._put(ast.If(unless, [self._put(ast.Raise())], [])),
        ]
        handler = ast.copy_location(ast.ExceptHandler(ast.copy_location(ast.Name("Exception", ast.Load()), where), None, handled), where)
        inner = self._put(ast.Try([*bound, *body], [handler], [], []))
        left = self._put(ast.If(self._expression(self._is_fine), [self._put(ast.Expr(self._expression(self._leave)))], []))
        return [self._put(ast.Expr(self._expression(self._enter))), self._put(ast.Try([inner], [], [], [left]))]

    def _put(self, made: ast.stmt) -> ast.stmt:
        return ast.copy_location(made, self._item.context_expr)

    def _expression(self, meaning: Callable[[], Fact]) -> ast.expr:
        return self._ours.expression(self._item.context_expr, meaning)

    def _enter(self) -> Fact:
        infer, where = self._infer, self._item.context_expr
        value = infer.expression(where)
        if isinstance(value, Unknown):
            self._value = value
            return value
        if not is_instance(value.type) or not all(infer.has_special(value.type, name) for name in ("__enter__", "__exit__")):
            refuse_statement(infer, self._node)
            return self._value
        steps = infer.statement_scope.steps
        self._manager = hold(infer, value, "manager", steps)
        self._failed = infer.temporary("failed", BOOL)
        infer.add(Assigned(infer.span(where), self._failed, constant(infer.span(where), False)))
        entered = infer.special(where, self._manager, "__enter__", [])
        assert entered is not None
        self._value = hold(infer, entered, "entered", steps) if isinstance(entered, Known) else entered
        return constant(infer.span(where), None)

    def _note_failure(self) -> Fact:
        span = self._infer.span(self._item.context_expr)
        if self._failed:
            self._infer.add(Assigned(span, self._failed, constant(span, True)))
        return constant(span, None)

    def _is_fine(self) -> Fact:
        span = self._infer.span(self._item.context_expr)
        return primitive(span, BOOL, "bool.not", Known(span, BOOL, Load(self._failed))) if self._failed else constant(span, False)

    def _leave(self) -> Fact:
        nothing = constant(self._infer.span(self._item.context_expr), None)
        return self._exit([nothing, nothing, nothing])

    def _leave_after_error(self) -> Fact:
        caught = self._infer.caught[-1]
        assert caught is not None
        return self._exit([class_of_exception(caught.word), exception_of(caught.word, caught.told), traceback_of(caught.word)])

    def _exit(self, given: list[Known]) -> Fact:
        if self._manager is None:
            return Unknown(None)
        infer, where = self._infer, self._item.context_expr
        method = class_of(infer, self._manager.type).method("__exit__")
        assert method is not None
        call = ast.copy_location(ast.Call(where, [], []), where)
        return call_with(infer, call, module_of(infer), method.name, self._manager, Arguments(list(given), {}, [None] * len(given)))
