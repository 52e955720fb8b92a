"""Loops: states that must hold at a loop's head are found by lowering the body until nothing changes."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

from portalis.translator.frontend.assignments import assign, drop_temporaries
from portalis.translator.frontend.context import Branch, Context, LoopFrame
from portalis.translator.frontend.iteration import Iteration, iterate
from portalis.translator.frontend.lower_expressions import lower_condition, lower_expression
from portalis.translator.frontend.scope import State
from portalis.translator.frontend.values import NOWHERE, Value, zero
from portalis.translator.ir.nodes import Assign, ForRange, Guard, Stmt, While

LowerBody = Callable[[Context, list[ast.stmt]], None]
MAX_ROUNDS = 12


@dataclass(slots=True)
class Lowered:
    """One attempt at a loop: its head, body and ways out."""

    body: list[Stmt]
    frame: LoopFrame
    test: Value | None
    after_test: State | None


def lower_while(context: Context, node: ast.While, lower_body: LowerBody) -> None:
    """Lower `while … else`."""

    def attempt() -> Value:
        return lower_condition(context, node.test)

    endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
    lowered = _settle(context, node, attempt, lambda: lower_body(context, node.body), at_least_once=False)
    if lowered is None:
        return
    assert lowered.test is not None
    exit_state = None if endless else lowered.after_test
    otherwise = _finish(context, node, exit_state, lowered, lower_body)
    if not lowered.test.poison:
        context.emit(While(context.span(node), lowered.test.expr, tuple(lowered.body), tuple(otherwise)))


def lower_for(context: Context, node: ast.For, lower_body: LowerBody) -> None:
    """Lower `for … else` over a range or a sequence."""
    iteration = iterate(context, node, lower_expression)
    if iteration is None:
        _poison_targets(context, node)
        lower_body(context, node.body)
        return
    if iteration.unrolled is not None:
        _unroll(context, node, iteration, lower_body)
        return
    lowered = _settle(
        context,
        node,
        None,
        lambda: _iterate_once(context, node, iteration, lower_body),
        at_least_once=iteration.runs,
    )
    if lowered is None:
        return
    otherwise = _finish(context, node, lowered.after_test, lowered, lower_body)
    span = context.span(node)
    context.emit(ForRange(span, iteration.counter, iteration.start, iteration.stop, iteration.step, tuple(lowered.body), tuple(otherwise)))
    if context.state is None and iteration.runs:
        # Its first iteration leaves the function, and it has one; the IR does not know that the loop runs.
        context.emit(Guard(span, "a loop that always runs did not run"))
    drop_temporaries(context)


def _iterate_once(context: Context, node: ast.For, iteration: Iteration, lower_body: LowerBody) -> None:
    if iteration.counts_in_target:
        assert isinstance(node.target, ast.Name)
        span = context.span(node.target)
        context.assignment(node.target.id, iteration.item(), span)
        context.block.extend(context.mark_assigned(node.target.id, span))
    else:
        assign(context, node.target, iteration.item())
    lower_body(context, node.body)


def _settle(
    context: Context,
    node: ast.stmt,
    test: Callable[[], Value] | None,
    body: Callable[[], None],
    at_least_once: bool,
) -> Lowered | None:
    """Lower a loop's test and body until the state at its head holds on every way back to it."""
    held, context.held = context.held, []
    entry = context.live
    head = entry.copy()
    mark = context.checkpoint()
    lowered: Lowered | None = None
    for _ in range(MAX_ROUNDS):
        context.restore(mark)
        frame = LoopFrame(dict(head.names))
        context.frames.append(frame)
        context.state = head.copy()
        with context.into([]) as block:
            value = test() if test is not None else None
            after_test = context.state.copy() if context.state is not None else None
            body()
        ways = [Branch(context.state, block), *frame.continues]
        back = context.join(ways)
        context.frames.pop()
        lowered = Lowered(block, frame, value, after_test)
        joined = head if back is None else context.join_states(head, back)
        for name in [name for name, binding in joined.names.items() if binding.poison]:
            # What was refused in the body is told already; its consequences must not hide it in another round.
            if name in head.names:
                joined.names[name] = head.names[name]
            else:
                del joined.names[name]
        changed = {name for name in joined.names if joined.names[name] != head.names.get(name)}
        settled = not (changed & frame.read) and joined.shared == head.shared
        if settled:
            _leave(context, lowered, entry, head, joined, back, test is None, at_least_once)
            context.reconcile(Branch(entry, context.block), joined)
            if back is not None:
                for branch in ways:
                    if branch.state is not None:
                        context.reconcile(branch, joined)
            context.held = held
            return lowered
        head = joined
    context.held = held
    context.refuse("P0316", node, "the types of this loop's variables do not settle", "give each variable one type before the loop")
    return None


def _leave(
    context: Context,
    lowered: Lowered,
    entry: State,
    head: State,
    joined: State,
    back: State | None,
    counted: bool,
    at_least_once: bool,
) -> None:
    """Find the state in which a loop ends normally, which the last round computed from a head that knew less."""
    if counted and at_least_once:
        lowered.after_test = back
        _prepare(context, entry, [back, *(branch.state for branch in lowered.frame.breaks)])
        return
    after = joined if counted else lowered.after_test
    if after is None or after is joined:
        lowered.after_test = None if after is None else joined.copy()
        return
    names = dict(after.names)
    for name, binding in joined.names.items():
        if names.get(name) is head.names.get(name):
            names[name] = binding
    lowered.after_test = State(names, after.shared | joined.shared)


def _prepare(context: Context, entry: State, ends: list[State | None]) -> None:
    """Give storage that a loop certainly assigns some value before it: the IR does not know that the loop runs."""
    prepared: set[str] = set()
    for name, binding in [item for end in ends if end is not None for item in end.names.items()]:
        before = entry.names.get(name)
        if name in context.flagged or binding.maybe or binding.poison or binding.field is not None or binding.local in prepared:
            continue
        if before is None or before.maybe or before.local != binding.local:
            prepared.add(binding.local)
            span = binding.assigned_at or NOWHERE
            context.emit(Assign(span, binding.local, zero(span, binding.type)))


def _finish(context: Context, node: ast.While | ast.For, exit_state: State | None, lowered: Lowered, lower_body: LowerBody) -> list[Stmt]:
    """Lower a loop's `else` and join it with the breaks."""
    context.state = exit_state
    with context.into([]) as otherwise:
        if context.state is not None:
            lower_body(context, node.orelse)
    context.state = context.join([Branch(context.state, otherwise), *lowered.frame.breaks])
    return otherwise


def _poison_targets(context: Context, node: ast.For) -> None:
    for name in ast.walk(node.target):
        if isinstance(name, ast.Name):
            context.poison(name.id)


def _unroll(context: Context, node: ast.For, iteration: Iteration, lower_body: LowerBody) -> None:
    """Lower a loop over a tuple whose elements differ in type: the body once for each element."""
    assert iteration.unrolled is not None
    jumps = [item for item in ast.walk(node) if isinstance(item, ast.Break | ast.Continue)]
    if jumps:
        context.refuse(
            "P0312",
            jumps[0],
            "a loop over elements of different types cannot be left early",
            "give all elements one type, or write if / elif",
        )
        return
    for item in iteration.unrolled:
        if context.state is None:
            return
        assign(context, node.target, item)
        lower_body(context, node.body)
    if context.state is not None:
        lower_body(context, node.orelse)
