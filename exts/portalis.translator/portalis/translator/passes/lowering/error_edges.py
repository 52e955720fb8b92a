"""Explicit error edges: after this pass every node that can end the call says so and where control goes, and no other node can.

Invariants: the function does what it did before; a `Bound`, a checked operation and a call that may end the call stand inside a `Fallible`,
`Raise`, `Reraise` and `Guard` have become `Fail`; any other call returns normally on every argument for which it terminates. An edge inside
the body of a `Try` or a `Finally` leads to what that has for exceptions, and a guard's leads out. What is left for a back-end is to print
the edge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from portalis.translator.ir.nodes import (
    Bound,
    Call,
    Edge,
    Ending,
    Expr,
    Fail,
    Fallible,
    Finally,
    Function,
    Guard,
    Prim,
    Program,
    Raise,
    Reraise,
    Stmt,
    Try,
)
from portalis.translator.passes.facts.effects import ends_call, may_raise, with_callers
from portalis.translator.passes.rewriter import Rewriter

_RECORDED, _PASSED_ON = Edge("leave", True), Edge("leave", False)
_CAUGHT: dict[Edge, Edge] = {_RECORDED: Edge("handler", True), _PASSED_ON: Edge("handler", False)}


@dataclass(frozen=True, slots=True)
class Endings:
    """Which calls can end the call on one back-end: those of functions in `fallible`, but for calls that it writes as a plain operator."""

    fallible: frozenset[str]
    library: frozenset[str]
    is_plain: Callable[[Call], bool] | None

    def of(self, call: Call) -> bool:
        """Tell whether a call can end the call that it is part of."""
        return call.function in self.fallible and (self.is_plain is None or not self.is_plain(call))


def find_endings(program: Program, is_plain: Callable[[Call], bool] | None = None, also: Iterable[str] = ()) -> Endings:
    """Return which calls of a program can end the call; `also` names functions that end it by what a back-end adds to them."""
    library = frozenset(function.name for function in program.functions if function.library)
    return Endings(may_raise(program, is_plain) | with_callers(program, also, is_plain), library, is_plain)


def with_error_edges(function: Function, endings: Endings) -> Function:
    """Return a function with its error edges."""
    return _Edges(endings, function.name in endings.library).function(function)


class _Edges(Rewriter):
    def __init__(self, endings: Endings, in_library: bool) -> None:
        self.endings = endings
        self.in_library = in_library
        # How many bodies of `Try` and `Finally` are around.
        self.depth = 0

    def expr(self, node: Expr) -> Expr:
        new = super().expr(node)
        if isinstance(new, Call):
            # Asked of the call as it was: its arguments may have edges already.
            assert isinstance(node, Call)
            if not self.endings.of(node):
                return new
            # An error out of the library is blamed on the user's call.
            blamed = node.function in self.endings.library and not self.in_library
            return Fallible(new.span, new.type, new, self._edge(_RECORDED if blamed else _PASSED_ON))
        if ends_call(new):
            assert isinstance(new, Bound | Prim)
            return Fallible(new.span, new.type, new, _RECORDED if isinstance(new, Prim) else self._edge(_RECORDED))
        return new

    def _edge(self, outermost: Edge) -> Edge:
        return _CAUGHT[outermost] if self.depth else outermost

    def statement(self, node: Stmt) -> tuple[Stmt, ...]:
        if isinstance(node, Guard):
            return (Fail(node.span, _cause(node), _RECORDED),)
        if isinstance(node, Raise | Reraise):
            return (Fail(node.span, _cause(node), self._edge(_RECORDED if isinstance(node, Raise) else _PASSED_ON)),)
        if isinstance(node, Try):
            return (replace(node, body=self._inside(node.body), handler=self.block(node.handler), otherwise=self.block(node.otherwise)),)
        if isinstance(node, Finally):
            return (replace(node, body=self._inside(node.body), cleanup=self.block(node.cleanup)),)
        return super().statement(node)

    def _inside(self, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        self.depth += 1
        made = self.block(body)
        self.depth -= 1
        return made


def _cause(node: Raise | Reraise | Guard) -> Ending:
    cause = node.ending()
    assert cause is not None
    return cause
