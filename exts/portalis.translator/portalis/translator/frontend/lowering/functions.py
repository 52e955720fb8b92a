"""A function's facts to its IR."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from portalis.translator.frontend.calls.binder import in_order
from portalis.translator.frontend.facts.model import Step
from portalis.translator.frontend.facts.tables import (
    Branching,
    Counted,
    Facts,
    Iterated,
    Matched,
    Protected,
    Repeating,
    StatementFact,
    Taken,
    Unrolled,
)
from portalis.translator.frontend.infer.frame import flag_of
from portalis.translator.frontend.infer.specialised import Inferred
from portalis.translator.frontend.lowering.operations import Lowering
from portalis.translator.frontend.lowering.zeros import zero
from portalis.translator.frontend.read.tree import makes_generators
from portalis.translator.ir.exceptions import LIMIT
from portalis.translator.ir.generators import is_generator, returned_type
from portalis.translator.ir.nodes import (
    Assign,
    Const,
    Evaluate,
    Expr,
    Finally,
    ForRange,
    Function,
    Guard,
    If,
    Local,
    ObjectOp,
    Param,
    Reraise,
    Return,
    Stmt,
    Try,
    While,
)
from portalis.translator.ir.types import BOOL, INT, NONE, TEXT, LibraryRef, Type, UnionType
from portalis.translator.source import Span


def lower_function(inferred: Inferred) -> Function:
    """Write the IR of an inferred function."""
    request, signature = inferred.request, inferred.signature
    span = request.at if request.at is not None else request.scope.report.span(request.definition)
    params = tuple(
        Param(parameter.arg, type_, parameter.arg in signature.by_ref)
        for parameter, type_ in zip(in_order(request.definition), _parameter_types(inferred), strict=True)
    )
    body: list[Stmt] = [Assign(span, flag_of(name), Const(span, BOOL, True)) for name in sorted(inferred.flagged & inferred.params.keys())]
    for name in sorted(inferred.flagged - inferred.params.keys()):
        body.append(Assign(span, flag_of(name), Const(span, BOOL, False)))
        body += [Assign(span, local, zero(span, type_)) for (held, type_), local in inferred.storage.items() if held == name]
    lowering = BodyLowering(inferred.flagged)
    lowering.steps(inferred.facts.entry, body)
    body += lowering.body(inferred.facts, request.definition.body)
    result = signature.result
    generates = result is not None and is_generator(result) and makes_generators(request.definition)
    if inferred.end is not None:
        body.append(Return(inferred.end, _nothing(inferred.end, returned_type(result) if result is not None and generates else result)))
    return Function(
        span,
        request.name,
        request.display,
        params,
        result if result is not None else NONE,
        tuple(inferred.locals.items()),
        tuple(body),
        library=request.scope.library and request.at is None,
        docstring=ast.get_docstring(request.definition),
        generates=generates,
    )


def _nothing(span: Span, type_: Type | None) -> Expr:
    """Return None as what a function gives at its end: as a member of a union, or as an object of a type that holds it."""
    nothing = Const(span, NONE, None)
    if isinstance(type_, LibraryRef) and type_.holds_none:
        return zero(span, type_)
    return ObjectOp(span, type_, "union.of", (nothing,)) if isinstance(type_, UnionType) else nothing


def _parameter_types(inferred: Inferred) -> tuple[Type, ...]:
    """Return the types of the parameters as they turned out: what is put into an object is known of it from the start."""
    return inferred.signature.parameters or inferred.request.types


class BodyLowering(Lowering):
    """Statements to the IR: the steps of each, then its branches or its loop."""

    def body(self, facts: Facts, statements: Iterable[ast.stmt]) -> list[Stmt]:
        """Write the statements that inference reached."""
        block: list[Stmt] = []
        for statement in statements:
            fact = facts.statements.get(statement)
            if fact is None:
                break
            self.steps(fact.steps, block)
            if fact.control is not None:
                self._control(facts, statement, fact, block)
        return block

    def _block(self, facts: Facts, statements: Iterable[ast.stmt], copies: Iterable[Step]) -> tuple[Stmt, ...]:
        block = self.body(facts, statements)
        self.steps(copies, block)
        return tuple(block)

    def _control(self, facts: Facts, node: ast.stmt, fact: StatementFact, block: list[Stmt]) -> None:
        match node, fact.control:
            case ast.Match() | ast.With(), Matched(statements):
                block += self.body(facts, statements)
            case ast.If(), Taken(then):
                block += self.body(facts, node.body if then else node.orelse)
            case ast.If(), Branching(span, test, then_copies, otherwise_copies):
                done = self._block(facts, node.body, then_copies)
                block.append(If(span, self.value(test), done, self._block(facts, node.orelse, otherwise_copies)))
            case ast.While(), Repeating() as loop:
                self.steps(loop.entry, block)
                body = self._block(loop.body, node.body, loop.body_copies)
                otherwise = self._block(facts, node.orelse, loop.otherwise_copies)
                block.append(While(loop.span, self.value(loop.test), body, otherwise))
            case ast.For(), Counted() as loop:
                self._counted(facts, node, loop, block)
            case ast.For(), Iterated() as loop:
                self.steps(loop.entry, block)
                taken: list[Stmt] = []
                self.steps(loop.targets, taken)
                taken += self._block(loop.body, node.body, loop.body_copies)
                otherwise = self._block(facts, node.orelse, loop.otherwise_copies)
                block.append(While(loop.span, self.value(loop.test), tuple(taken), otherwise))
            case ast.For(), Unrolled(rounds):
                for one in rounds:
                    self.steps(one.targets, block)
                    block += self.body(one.body, node.body)
                block += self.body(facts, node.orelse)
            case ast.Try(), Protected() as protected:
                block.append(self._protected(facts, node, protected))
            case _:
                raise AssertionError(f"{type(node).__name__} has no {type(fact.control).__name__}")

    def _counted(self, facts: Facts, node: ast.For, loop: Counted, block: list[Stmt]) -> None:
        self.steps(loop.entry, block)
        body: list[Stmt] = []
        self.steps(loop.targets, body)
        body += self._block(loop.body, node.body, loop.body_copies)
        otherwise = self._block(facts, node.orelse, loop.otherwise_copies)
        bounds = self.value(loop.start), self.value(loop.stop), self.value(loop.step)
        block.append(ForRange(loop.span, loop.counter, *bounds, tuple(body), otherwise))
        if loop.always_leaves:
            block.append(Guard(loop.span, "a loop that always runs did not run"))

    def _protected(self, facts: Facts, node: ast.Try, protected: Protected) -> Stmt:
        body = tuple(self.body(facts, node.body))
        otherwise = self._block(facts, node.orelse, protected.otherwise_copies)
        if protected.handlers:
            body = (Try(protected.span, body, protected.word, self._handling(facts, node, protected), otherwise),)
        else:
            body += otherwise
        if not node.finalbody:
            return body[0]
        return Finally(protected.span, body, tuple(self.body(facts, node.finalbody)))

    def _handling(self, facts: Facts, node: ast.Try, protected: Protected) -> tuple[Stmt, ...]:
        """Write what runs after an exception: the first handler that takes its class, or it is raised again."""
        span = protected.span
        word, told = Local(span, INT, protected.word), Local(span, TEXT, protected.told)
        again = ObjectOp(span, NONE, "error.again", (word, told))
        rest: tuple[Stmt, ...] = (Evaluate(span, again), Reraise(span))
        for handler, handled in reversed([*zip(node.handlers, protected.handlers, strict=True)]):
            test = ObjectOp(handled.span, BOOL, "error.is", (word,), handled.classes)
            entered: list[Stmt] = []
            self.steps(handled.entry, entered)
            rest = (If(handled.span, test, (*entered, *self._block(facts, handler.body, handled.copies)), rest),)
        limit = ObjectOp(span, BOOL, "error.is", (word,), LIMIT)
        return (
            Assign(span, protected.told, ObjectOp(span, TEXT, "error.told", ())),
            If(span, limit, (Guard(span, "an exception handler around recursion as deep as it may be, which CPython stops elsewhere"),)),
            *rest,
        )
