"""Loops: states that must hold at a loop's head are found by inferring the body until nothing changes."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown, Zeroed
from portalis.translator.frontend.facts.tables import Control, Counted, Facts, Iterated, Repeating, Round, Unrolled
from portalis.translator.frontend.infer.expressions.iterables import in_any_order, is_builtin, stream_of
from portalis.translator.frontend.infer.expressions.standard.unordered import is_in_any_order
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.narrowing import refine
from portalis.translator.frontend.infer.state import NOWHERE, Branch, LoopFrame, State, StatementScope
from portalis.translator.frontend.infer.statements.assignments import assign, drop_temporaries
from portalis.translator.frontend.infer.statements.commuting import Commuting
from portalis.translator.frontend.infer.statements.iteration import Iteration, iterate

MAX_ROUNDS = 12
_SORTED = "go over sorted(values)"


@dataclass(slots=True)
class Attempt:
    """One round of a loop: the facts of its test and body, the ways out, the state after the test, and the copies at the body's end."""

    facts: Facts
    frame: LoopFrame
    test: Fact | None
    after_test: State | None
    copies: list[Step]


@dataclass(frozen=True, slots=True)
class Shape:
    """What makes loops differ: a test or a count, and what happens in a round before the body."""

    node: ast.While | ast.For
    test: Callable[[], Fact] | None
    begin: Callable[[], None]
    leave: Callable[[], None] = lambda: None
    at_least_once: bool = False


def infer_while(infer: FunctionInference, node: ast.While) -> Control | None:
    """Infer `while … else`."""
    endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
    entry: list[Step] = []
    shape = Shape(
        node, lambda: infer.condition(node.test), lambda: _refined(infer, node.test, True), lambda: _refined(infer, node.test, False)
    )
    attempt = _settle(infer, shape, entry)
    if attempt is None:
        return None
    otherwise = _finish(infer, node, None if endless else attempt.after_test, attempt)
    if not isinstance(attempt.test, Known):
        return None
    return Repeating(infer.span(node), tuple(entry), attempt.test, attempt.facts, tuple(attempt.copies), otherwise)


def _refined(infer: FunctionInference, test: ast.expr, holds: bool) -> None:
    refine(infer, test, holds)


def infer_for(infer: FunctionInference, node: ast.For) -> Control | None:
    """Infer `for … else` over a range or a sequence."""
    if infer.references and not _counts_plainly(infer, node):
        return _infer_streamed(infer, node)
    iteration = iterate(infer, node)
    if isinstance(iteration, Unknown):
        _look_inside(infer, node, iteration)
        return None
    if iteration.unrolled is not None:
        return _unroll(infer, node, iteration.unrolled)
    entry: list[Step] = []
    targets: list[Step] = []

    def begin() -> None:
        targets[:] = _assign_target(infer, node, iteration)

    attempt = _settle(infer, Shape(node, None, begin, at_least_once=iteration.runs), entry)
    if attempt is None:
        return None
    otherwise = _finish(infer, node, attempt.after_test, attempt)
    always_leaves = infer.state is None and iteration.runs
    drop_temporaries(infer)
    return Counted(
        infer.span(node),
        tuple(entry),
        iteration.counter,
        iteration.start,
        iteration.stop,
        iteration.step,
        tuple(targets),
        attempt.facts,
        tuple(attempt.copies),
        otherwise,
        always_leaves,
    )


def _counts_plainly(infer: FunctionInference, node: ast.For) -> bool:
    """Tell whether a loop goes over a range, or over a tuple whose elements are told apart."""
    if is_builtin(infer, node.iter, "range"):
        return True
    return isinstance(node.iter, ast.Tuple)


def _infer_streamed(infer: FunctionInference, node: ast.For) -> Control | None:
    """Infer a loop over objects by reference: one element a round, as long as there is another."""
    commuting = Commuting(infer, node)
    gone_over = in_any_order(infer, node.iter) if commuting.commutes() else []
    stream = stream_of(infer, node.iter, infer.statement_scope.steps)
    if isinstance(stream, Unknown):
        _look_inside(infer, node, stream)
        return None
    in_order = not is_in_any_order(infer, gone_over)
    if not in_order:
        subscripts = [inner for inner in ast.walk(node) if isinstance(inner, ast.Subscript)]
        infer.uses.asked_in_any_order |= {id(inner): commuting.ends_early for inner in subscripts}
    entry: list[Step] = []
    targets: list[Step] = []

    def begin() -> None:
        outer, infer.statement_scope = infer.statement_scope, StatementScope()
        item = stream.take(infer.statement_scope.steps)
        assign(infer, node.target, item)
        drop_temporaries(infer)
        targets[:], infer.statement_scope = infer.statement_scope.steps, outer

    attempt = _settle(infer, Shape(node, stream.test, begin), entry)
    if attempt is None:
        return None
    otherwise = _finish(infer, node, attempt.after_test, attempt)
    if not isinstance(attempt.test, Known):
        return None
    if not in_order and infer.state is not None:
        _require_commuting(infer, node, commuting)
    return Iterated(infer.span(node), tuple(entry), attempt.test, tuple(targets), attempt.facts, tuple(attempt.copies), otherwise)


def _require_commuting(infer: FunctionInference, node: ast.For, commuting: Commuting) -> None:
    """Refuse a loop over what comes in an order that nobody knows where that shows in a variable, as in a sum of floats, or may show."""
    if not commuting.asks_plain_things():
        infer.refuse("P0230", node.iter, "what each round asks may depend on those before, and the order of a set is not known", _SORTED)
    bindings = {name: infer.live.names.get(name) for name in commuting.kinds}
    shown = [name for name, binding in bindings.items() if binding is not None and not commuting.fits(name, binding.type)]
    if shown:
        said = f"`{shown[0]}` would depend on the order of a set, which differs from run to run in CPython"
        infer.refuse("P0230", node.iter, said, _SORTED)


def _look_inside(infer: FunctionInference, node: ast.For, cause: Unknown) -> None:
    """Look for more refusals in a loop over what is not known."""
    for name in ast.walk(node.target):
        if isinstance(name, ast.Name):
            infer.lose(name.id, cause)
    before = infer.live.copy()
    infer.loops.append(LoopFrame({}))
    infer.body(node.body)
    infer.loops.pop()
    if infer.state is None:
        infer.state = before


def _assign_target(infer: FunctionInference, node: ast.For, iteration: Iteration) -> list[Step]:
    """Give the target the item of a round; return the steps that do so."""
    outer, infer.statement_scope = infer.statement_scope, StatementScope()
    if iteration.counts_in_target:
        assert isinstance(node.target, ast.Name)
        span = infer.span(node.target)
        item = iteration.item()
        assert isinstance(item, Known)
        # The loop itself counts in the target's storage.
        infer.add(infer.assignment(node.target.id, item, span)[1])
    else:
        assign(infer, node.target, iteration.item())
    drop_temporaries(infer)
    made, infer.statement_scope = infer.statement_scope.steps, outer
    return made


def _settle(infer: FunctionInference, shape: Shape, before: list[Step]) -> Attempt | None:
    """Infer a loop's test and body until the state at its head holds on every way back to it; `before` gets the steps before the loop."""
    entry = infer.live
    head = State(dict(entry.names), set(entry.shared))
    mark = infer.checkpoint()
    for _ in range(MAX_ROUNDS):
        if not infer.unit.specialiser.spend():
            break
        infer.restore(mark)
        if infer.references:
            infer.storage.keep(head.names)
        attempt, back = _round(infer, shape, head)
        ways = [Branch(infer.state, attempt.copies), *attempt.frame.continues]
        joined = head if back is None else infer.join_states(head, back)
        _trust_head(head, joined)
        changed = {name for name in joined.names if joined.names[name] != head.names.get(name)}
        if not (changed & attempt.frame.read) and joined.shared == head.shared:
            _leave(infer, shape, attempt, entry, (head, joined, back), before)
            infer.reconcile(Branch(entry, before), joined)
            if back is not None:
                for branch in ways:
                    if branch.state is not None:
                        infer.reconcile(branch, joined)
            return attempt
        head = joined
    infer.refuse("P0316", shape.node, "the types of this loop's variables do not settle", "give each variable one type before the loop")
    return None


def _round(infer: FunctionInference, shape: Shape, head: State) -> tuple[Attempt, State | None]:
    """Infer a loop once from the state `head`; return what was found, and the state on the way back to the head."""
    frame = LoopFrame(dict(head.names))
    infer.loops.append(frame)
    infer.state = head.copy()
    test: Fact | None = None
    after_test: State | None = None

    def once() -> None:
        nonlocal test, after_test
        test = shape.test() if shape.test is not None else None
        tested = infer.state.copy() if infer.state is not None else None
        shape.leave()
        after_test, infer.state = infer.state, tested
        shape.begin()
        infer.body(shape.node.body)
        infer.note_state()

    facts = infer.apart_facts(once)
    copies: list[Step] = []
    back = infer.join([Branch(infer.state, copies), *frame.continues])
    infer.loops.pop()
    return Attempt(facts, frame, test, after_test, copies), back


def _trust_head(head: State, joined: State) -> None:
    """Keep what the head says of names that were refused in the body: that is told, and must not hide it in another round."""
    for name in [name for name, binding in joined.names.items() if binding.unknown]:
        if name in head.names:
            joined.names[name] = head.names[name]
        else:
            del joined.names[name]


def _leave(
    infer: FunctionInference,
    shape: Shape,
    attempt: Attempt,
    entry: State,
    found: tuple[State, State, State | None],
    before: list[Step],
) -> None:
    """Find the state in which a loop ends normally, which the last round computed from a head that knew less."""
    head, joined, back = found
    counted = shape.test is None
    if counted and shape.at_least_once:
        attempt.after_test = back
        _prepare(entry, [back, *(branch.state for branch in attempt.frame.breaks)], before)
        return
    after = joined if counted else attempt.after_test
    if after is None or after is joined:
        attempt.after_test = None if after is None else joined.copy()
        return
    names = dict(after.names)
    for name, binding in joined.names.items():
        if names.get(name) is head.names.get(name):
            names[name] = binding
    attempt.after_test = State(names, after.shared | joined.shared)


def _prepare(entry: State, ends: list[State | None], before: list[Step]) -> None:
    """Give storage that a loop certainly assigns some value before it: the IR does not know that the loop runs."""
    prepared: set[str] = set()
    for name, binding in [item for end in ends if end is not None for item in end.names.items()]:
        known = entry.names.get(name)
        if binding.maybe or binding.unknown or binding.field is not None or binding.local in prepared:
            continue
        if known is None or known.maybe or known.local != binding.local:
            prepared.add(binding.local)
            before.append(Zeroed(binding.assigned_at or NOWHERE, name, binding.local, binding.held or binding.type))


def _finish(infer: FunctionInference, node: ast.While | ast.For, exit_state: State | None, attempt: Attempt) -> tuple[Step, ...]:
    """Infer a loop's `else` and join it with the breaks; return the copies at the end of `else`."""
    infer.state = exit_state
    infer.body(node.orelse)
    copies: list[Step] = []
    infer.state = infer.join([Branch(infer.state, copies), *attempt.frame.breaks])
    return tuple(copies)


def _unroll(infer: FunctionInference, node: ast.For, items: list[Known]) -> Control | None:
    """Infer a loop over a tuple whose elements differ in type: the body once for each element."""
    jumps = [item for item in ast.walk(node) if isinstance(item, ast.Break | ast.Continue)]
    if jumps:
        infer.refuse(
            "P0312",
            jumps[0],
            "a loop over elements of different types cannot be left early",
            "give all elements one type, or write if / elif",
        )
        return None
    rounds: list[Round] = []
    for item in items:
        if infer.state is None:
            break
        rounds.append(_unrolled_round(infer, node, item))
    infer.body(node.orelse)
    drop_temporaries(infer)
    return Unrolled(tuple(rounds))


def _unrolled_round(infer: FunctionInference, node: ast.For, item: Known) -> Round:
    outer, infer.statement_scope = infer.statement_scope, StatementScope()
    assign(infer, node.target, item)
    drop_temporaries(infer)
    targets, infer.statement_scope = infer.statement_scope.steps, outer
    return Round(tuple(targets), infer.apart_facts(lambda: infer.body(node.body)))
