"""Interval analysis: which checked operations always fit, and which indices always lie inside.

Invariants: an operation becomes "proven" only where, on every path and for every argument, its mathematical result fits in 64 bits; a
`Bound` goes only where its index always is in 0 … length - 1. Nothing else changes. Facts are about int locals, which nothing but
assignment changes; parameters, elements and fields may hold any int.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import assert_never

from portalis.translator.ir.nodes import (
    Assign,
    BoolOp,
    Bound,
    Break,
    Call,
    Compare,
    Const,
    Continue,
    ElementLoad,
    Evaluate,
    Expr,
    Fail,
    Fallible,
    FieldLoad,
    Finally,
    ForRange,
    Function,
    Guard,
    If,
    IfExpr,
    Local,
    Make,
    ObjectOp,
    Prim,
    Program,
    Raise,
    Reraise,
    Return,
    Sequence,
    Stmt,
    Store,
    Try,
    While,
    walk,
    walk_function,
)
from portalis.translator.ir.ops import OPS, SELECT
from portalis.translator.ir.types import INT
from portalis.translator.passes.facts.assumptions import Facts, assume, meet, widen
from portalis.translator.passes.facts.effects import callees, written_locals
from portalis.translator.passes.facts.intervals import FULL, TRANSFER, Interval, fits, hull, intersect
from portalis.translator.passes.rewriter import Rewriter, with_functions

# How often a loop's body is analysed before what it assigns is taken to be anything; loops inside loops multiply.
_ROUNDS = (4, 2)
# What a list or text has at most.
LONGEST = 2**32
# A callee this small is analysed anew for the arguments of each call, this deep.
_SMALL = 120
_DEPTH = 3


def prove_ranges(program: Program) -> Program:
    """Return the program with `overflow="proven"` and without `Bound` where ranges allow it."""
    functions = {function.name: function for function in program.functions}
    results = Results(functions)
    below: dict[str, tuple[Function, ...]] = {}
    proven: list[Function] = []
    for function in program.functions:
        if function.library:
            below[function.name] = all_callees(function, functions, below)
            proven.append(prove_library(function, below[function.name]))
        else:
            proven.append(Ranges(results, 0).function(function))
    return with_functions(program, tuple(proven))


def all_callees(function: Function, functions: Mapping[str, Function], below: Mapping[str, tuple[Function, ...]]) -> tuple[Function, ...]:
    """Return what a function can reach, in a fixed order, where that is known of what it calls."""
    found: dict[str, Function] = {}
    for name in sorted(callees(function)):
        found |= {functions[name].name: functions[name]} | {item.name: item for item in below.get(name, ())}
    return tuple(found.values())


@lru_cache(maxsize=1024)
def prove_library(function: Function, below: tuple[Function, ...], longest: int = LONGEST) -> Function:
    """Return a function of the library with what is proven of it; `below` are those that it can reach.

    Programs share them, and what one returns depends on itself and on what it calls alone.
    """
    functions = {item.name: item for item in (*below, function)}
    return Ranges(Results(functions, longest), 0).function(function)


@dataclass
class Results:
    """The intervals of what int functions return, by function and argument intervals; no list or text is longer than `longest`."""

    functions: Mapping[str, Function]
    longest: int = LONGEST
    known: dict[tuple[str, tuple[Interval, ...]], Interval] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def of(self, name: str, args: tuple[Interval, ...], depth: int) -> Interval:
        function = self.functions[name]
        if function.result != INT or function.recursive or depth >= _DEPTH or self._size(function) > _SMALL:
            return FULL
        key = (name, args)
        if key not in self.known:
            self.known[key] = Ranges(self, depth + 1).result(function, args)
        return self.known[key]

    def _size(self, function: Function) -> int:
        if function.name not in self.sizes:
            self.sizes[function.name] = sum(1 for _ in walk_function(function))
        return self.sizes[function.name]


@dataclass
class _Loop:
    """What is known where an iteration leaves its loop, where it goes on with the next one, and after a `while` loop's test."""

    breaks: Facts = None
    continues: Facts = None
    tested: Facts = None


class Ranges(Rewriter):
    """The intervals of what a function computes, and the function rewritten with what they prove."""

    def __init__(self, results: Results, depth: int) -> None:
        self.results = results
        self.depth = depth
        self.facts: Facts = {}
        self.returned: Interval | None = None
        self.loops: list[_Loop] = []
        # What is assigned by what cleans up around the point that is looked at.
        self.cleanups: list[frozenset[str]] = []
        self._last = _Loop()

    def result(self, function: Function, args: tuple[Interval, ...]) -> Interval:
        """Return the interval of a function's result for arguments in given intervals."""
        self.facts = {param.name: args[index] for index, param in enumerate(function.params) if param.type == INT}
        self.block(function.body)
        return self.returned or FULL

    # ------------------------------------------------------------------------------------------------------ expressions
    def expr(self, node: Expr) -> Expr:
        return self.ranged(node)[0]

    def ranged(self, node: Expr) -> tuple[Expr, Interval]:
        """Rewrite an expression, and return the interval of its value, which means nothing unless that is an int."""
        match node:
            case Const(_, _, int() as value):
                return node, (int(value), int(value))
            case Local(_, _, name):
                return node, (self.facts or {}).get(name, FULL)
            case Bound():
                return self._bound(node)
            case Prim():
                return self._prim(node)
            case BoolOp(span, type_, op, left, right):
                first = self.expr(left)
                before = self.facts
                self.facts = assume(left, op == "and", before)
                second = self.expr(right)
                self.facts = meet(before, self.facts)
                return (node if first is left and second is right else BoolOp(span, type_, op, first, second)), FULL
            case IfExpr():
                return self._if_expr(node)
            case ElementLoad(_, _, Make(_, _, items)) if node.type == INT and all(isinstance(item, Const) for item in items):
                values = [item.value for item in items if isinstance(item, Const) and isinstance(item.value, int)]
                return super().expr(node), (min(values), max(values))
            case Call():
                ranged = [self.ranged(item) for item in node.args]
                return self.called(node, tuple([new for new, _ in ranged]), tuple([interval for _, interval in ranged]))
            case Sequence(span, type_, body, value):
                statements = self.block(body)
                new, interval = self.ranged(value)
                return (node if statements is body and new is value else Sequence(span, type_, statements, new)), interval
            case ObjectOp(op="list.length" | "text.length"):
                return super().expr(node), (0, self.results.longest)
            case Const() | Local() | FieldLoad() | ElementLoad() | Make() | ObjectOp() | Compare() | Fallible():
                return super().expr(node), FULL
            case _:
                assert_never(node)

    def called(self, node: Call, args: tuple[Expr, ...], intervals: tuple[Interval, ...]) -> tuple[Expr, Interval]:
        """Return a call with other arguments, which lie in these intervals, and the interval of its result."""
        same = all(new is old for new, old in zip(args, node.args, strict=True))
        interval = self.results.of(node.function, intervals, self.depth)
        return (node if same else Call(node.span, node.type, node.function, args)), interval

    def _bound(self, node: Bound) -> tuple[Expr, Interval]:
        index, interval = self.ranged(node.index)
        if interval[0] >= 0 and interval[1] < node.length:
            return index, interval
        if isinstance(node.index, Local) and self.facts is not None:
            self.facts = self.facts | {node.index.name: intersect(interval, (-node.length, node.length - 1))}
        inside = intersect(interval, (0, node.length - 1)) if interval[0] >= 0 else (0, node.length - 1)
        return (node if index is node.index else Bound(node.span, INT, index, node.length, node.message)), inside

    def _prim(self, node: Prim) -> tuple[Expr, Interval]:
        ranged = [self.ranged(item) for item in node.args]
        args = tuple(new for new, _ in ranged)
        intervals = [interval for _, interval in ranged]
        overflow = node.overflow
        result = FULL
        if node.op == SELECT:
            result = hull(intervals[1], intervals[2])
        elif node.op == "bool.to_int":
            result = (0, 1)
        elif node.op in TRANSFER:
            result = TRANSFER[node.op](*intervals)
            if OPS[node.op].may_overflow:
                overflow = "proven" if fits(result) else overflow
                # Where it does not fit, the call has ended.
                result = intersect(FULL, result)
            elif not fits(result):
                result = FULL
        same = overflow == node.overflow and all(new is old for new, old in zip(args, node.args, strict=True))
        return (node if same else Prim(node.span, node.type, node.op, args, overflow)), result

    def _if_expr(self, node: IfExpr) -> tuple[Expr, Interval]:
        test = self.expr(node.test)
        before = self.facts
        self.facts = assume(node.test, True, before)
        then, first = self.ranged(node.then)
        after, self.facts = self.facts, assume(node.test, False, before)
        otherwise, second = self.ranged(node.otherwise)
        self.facts = meet(after, self.facts)
        same = test is node.test and then is node.then and otherwise is node.otherwise
        return (node if same else IfExpr(node.span, node.type, test, then, otherwise)), hull(first, second)

    # ------------------------------------------------------------------------------------------------------- statements
    def statement(self, node: Stmt) -> tuple[Stmt, ...]:
        if self.facts is None:
            return (node,)
        match node:
            case Assign(span, target, value):
                new, interval = self.ranged(value)
                self._know(target, value, interval)
                return (node if new is value else Assign(span, target, new),)
            case If(span, test, then, otherwise):
                condition, before = self.expr(test), self.facts
                self.facts = assume(test, True, before)
                first = self.block(then)
                after, self.facts = self.facts, assume(test, False, before)
                second = self.block(otherwise)
                self.facts = meet(after, self.facts)
                same = condition is test and first is then and second is otherwise
                return (node if same else If(span, condition, first, second),)
            case While():
                return (self._while(node),)
            case ForRange():
                return (self._for(node),)
            case Return(_, value):
                new, interval = self.ranged(value)
                self.returned = interval if self.returned is None else hull(self.returned, interval)
                self.facts = None
                return (node if new is value else Return(node.span, new),)
            case Break():
                self.loops[-1].breaks = meet(self.loops[-1].breaks, self._jumping())
                self.facts = None
            case Continue():
                self.loops[-1].continues = meet(self.loops[-1].continues, self._jumping())
                self.facts = None
            case Raise() | Reraise() | Guard() | Fail():
                self.facts = None
            case Try():
                return (self._try(node),)
            case Finally():
                return (self._finally(node),)
            case Store() | Evaluate():
                return super().statement(node)
            case _:
                assert_never(node)
        return (node,)

    def _try(self, node: Try) -> Try:
        before = self._unchanged_by((*node.body, node))
        body = self.block(node.body)
        otherwise = self.block(node.otherwise)
        after, self.facts = self.facts, before
        handler = self.block(node.handler)
        self.facts = meet(after, self.facts)
        same = body is node.body and handler is node.handler and otherwise is node.otherwise
        return node if same else Try(node.span, body, node.word, handler, otherwise)

    def _finally(self, node: Finally) -> Finally:
        before = self._unchanged_by(node.body)
        self.cleanups.append(self._assigned(node.cleanup))
        body = self.block(node.body)
        self.cleanups.pop()
        ends = self.facts is not None
        self.facts = before
        cleanup = self.block(node.cleanup)
        if not ends:
            self.facts = None
        return node if body is node.body and cleanup is node.cleanup else Finally(node.span, body, cleanup)

    def _unchanged_by(self, body: tuple[Stmt, ...]) -> Facts:
        """Return what is known at every point of some statements: what they assign may be anything."""
        assigned = self._assigned(body)
        return None if self.facts is None else {name: interval for name, interval in self.facts.items() if name not in assigned}

    def _assigned(self, body: tuple[Stmt, ...]) -> frozenset[str]:
        return frozenset([name for statement in body for item in walk(statement) for name in written_locals(self.results.functions, item)])

    def _jumping(self) -> Facts:
        """Return what is known where a jump leads, which runs what cleans up around it."""
        gone = frozenset[str]().union(*self.cleanups)
        return None if self.facts is None else {name: interval for name, interval in self.facts.items() if name not in gone}

    def _know(self, target: str, value: Expr, interval: Interval) -> None:
        if value.type == INT and self.facts is not None:
            self.facts = {**self.facts, target: interval}

    # ------------------------------------------------------------------------------------------------------------ loops
    def _while(self, node: While) -> While:
        entry = self.facts
        assert entry is not None
        head = self.stable_head(node, entry, lambda facts: self._while_pass(node, facts)[2])
        test, body, _ = self._while_pass(node, head)
        tested, breaks = self._last.tested, self._last.breaks
        self.facts = assume(node.test, False, tested)
        otherwise = self.block(node.otherwise)
        self.facts = meet(self.facts, breaks)
        same = test is node.test and body is node.body and otherwise is node.otherwise
        return node if same else While(node.span, test, body, otherwise)

    def _while_pass(self, node: While, head: dict[str, Interval]) -> tuple[Expr, tuple[Stmt, ...], Facts]:
        self.facts = head
        test = self.expr(node.test)
        tested = self.facts
        self.facts = assume(node.test, True, tested)
        body, end = self._body(node.body)
        self._last.tested = tested
        return test, body, end

    def _for(self, node: ForRange) -> ForRange:
        (start, first), (stop, last), (step, stride) = self.ranged(node.start), self.ranged(node.stop), self.ranged(node.step)
        counter = _counter(first, last, stride)
        entry = self.facts
        assert entry is not None
        head = self.stable_head(node, entry, lambda facts: self._for_pass(node, facts, counter)[1])
        body, end = self._for_pass(node, head, counter)
        breaks = self._last.breaks
        self.facts = meet(entry, end)
        otherwise = self.block(node.otherwise)
        self.facts = meet(self.facts, breaks)
        same = start is node.start and stop is node.stop and step is node.step and body is node.body and otherwise is node.otherwise
        return node if same else ForRange(node.span, node.target, start, stop, step, body, otherwise)

    def _for_pass(self, node: ForRange, head: dict[str, Interval], counter: Interval) -> tuple[tuple[Stmt, ...], Facts]:
        self.facts = {**head, node.target: counter}
        return self._body(node.body)

    def _body(self, body: tuple[Stmt, ...]) -> tuple[tuple[Stmt, ...], Facts]:
        """Analyse one iteration; return the body rewritten, and what is known at the iteration's end."""
        self.loops.append(_Loop())
        new = self.block(body)
        self._last = self.loops.pop()
        return new, meet(self.facts, self._last.continues)

    def stable_head(
        self, node: While | ForRange, entry: dict[str, Interval], run: Callable[[dict[str, Interval]], Facts]
    ) -> dict[str, Interval]:
        """Return facts that hold at the start of every iteration."""
        assigned = {name for item in walk(node) for name in written_locals(self.results.functions, item)}
        if not assigned & entry.keys():
            return entry
        head = entry
        for _ in range(_ROUNDS[len(self.loops)] if len(self.loops) < len(_ROUNDS) else 0):
            end = run(head)
            after = meet(head, end)
            assert after is not None
            if after == head:
                # An iteration starts as the loop is entered or where an iteration from these facts ends: often better than the facts.
                return meet(entry, end) or {}
            head = widen(head, after)
        return {name: interval for name, interval in entry.items() if name not in assigned}


def _counter(start: Interval, stop: Interval, step: Interval) -> Interval:
    """Return the interval of a loop's counter inside its body."""
    up = (start[0], max(start[0], stop[1] - 1))
    down = (min(start[1], stop[0] + 1), start[1])
    if step[0] > 0:
        return up
    return down if step[1] < 0 else hull(up, down)
