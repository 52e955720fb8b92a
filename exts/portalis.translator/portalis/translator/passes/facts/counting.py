"""How far a local can move in a loop that only adds to it: not further than every addition in every iteration takes it.

Where a loop goes round at most so many times, a local that it changes by additions alone stays within that many times what they add, so
that counting what a list holds cannot leave 64 bits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from portalis.translator.ir.nodes import (
    Assign,
    BoolOp,
    Compare,
    Continue,
    Expr,
    Finally,
    ForRange,
    If,
    Local,
    Node,
    ObjectOp,
    Prim,
    Stmt,
    Try,
    While,
    walk,
)
from portalis.translator.ir.ops import INT_MAX
from portalis.translator.passes.facts.assumptions import interval_of
from portalis.translator.passes.facts.intervals import Interval, fits

_ADDS, _SUBTRACTS = ("int.add", "int.wrapping_add"), ("int.sub", "int.wrapping_sub")
# The locals that a node, apart from its children, changes.
Writes = Callable[[Node], tuple[str, ...]]


def bounds_of_sums(loop: While | ForRange, entry: dict[str, Interval], writes: Writes, longest: int) -> dict[str, Interval]:
    """Return where locals lie when an iteration of a loop begins, and when a `while` loop's test ends it, of those that it only adds to.

    `entry` is what is known before the loop, `longest` what a list or text has at most.
    """
    written = Counter(name for node in walk(loop) for name in writes(node))
    steady = {name: interval for name, interval in entry.items() if name not in written}
    before = _before(loop, entry, writes)
    most = _rounds(loop, before, steady, written, longest)
    if not most:
        return {}
    sums = _Sums(written, longest)
    sums.go_over(loop.body, 1, steady | _counter(loop, before, written))
    # The first iteration begins before anything was added; the test that ends a `while` loop comes after all of them.
    whole = most if isinstance(loop, While) else most - 1
    found: dict[str, Interval] = {}
    for name, (low, high) in sums.added.items():
        if name in entry and sums.seen[name] == written[name]:
            bound = (entry[name][0] + low * whole, entry[name][1] + high * whole)
            if fits((bound[0] + low, bound[1] + high)):
                found[name] = bound
    return found


def _before(loop: While | ForRange, entry: dict[str, Interval], writes: Writes) -> dict[str, Interval]:
    """Return what is known wherever the ends of a range are computed: one of them may assign what another one reads."""
    if not isinstance(loop, ForRange):
        return entry
    gone = {name for end in (loop.start, loop.stop, loop.step) for node in walk(end) for name in writes(node)}
    return {name: interval for name, interval in entry.items() if name not in gone} if gone else entry


@dataclass
class _Sums:
    """What one iteration adds to locals, as an interval that holds 0, and how many additions that are."""

    written: Counter[str]
    longest: int
    added: dict[str, Interval] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)

    def go_over(self, body: Iterable[Stmt], times: int, facts: dict[str, Interval]) -> None:
        """Count the additions in statements that run at most so many times."""
        for node in body:
            if isinstance(node, Assign):
                self._add(node, times, facts)
            elif isinstance(node, While | ForRange):
                most = _rounds(node, facts, facts, self.written, self.longest)
                if most is not None:
                    self.go_over(node.body, times * most, facts | _counter(node, facts, self.written))
                self.go_over(node.otherwise, times, facts)
            elif isinstance(node, If | Try | Finally):
                for name in node.children:
                    part = getattr(node, name)
                    self.go_over(part if isinstance(part, tuple) else (), times, facts)

    def _add(self, node: Assign, times: int, facts: dict[str, Interval]) -> None:
        step = _step(node, facts, self.longest)
        if step is not None:
            low, high = self.added.get(node.target, (0, 0))
            self.added[node.target] = (low + min(0, step[0]) * times, high + max(0, step[1]) * times)
            self.seen[node.target] += 1


def _step(node: Assign, facts: dict[str, Interval], longest: int) -> Interval | None:
    """Return what an assignment adds to its target; None where it does anything else."""
    value = node.value
    if not isinstance(value, Prim) or value.op not in (*_ADDS, *_SUBTRACTS):
        return None
    first, second = value.args
    if isinstance(first, Local) and first.name == node.target:
        low, high = _interval(second, facts, longest)
        return (low, high) if value.op in _ADDS else (-high, -low)
    if isinstance(second, Local) and second.name == node.target and value.op in _ADDS:
        return _interval(first, facts, longest)
    return None


def _interval(expr: Expr, facts: dict[str, Interval], longest: int) -> Interval:
    if isinstance(expr, ObjectOp) and expr.op in ("list.length", "text.length"):
        return 0, longest
    if isinstance(expr, Prim) and expr.op == "bool.to_int":
        return 0, 1
    return interval_of(expr, facts)


def _counter(loop: While | ForRange, facts: dict[str, Interval], written: Counter[str]) -> dict[str, Interval]:
    """Return where the counter of a range lies that nothing else assigns."""
    if not isinstance(loop, ForRange) or written[loop.target] != 1:
        return {}
    start, stop = interval_of(loop.start, facts), interval_of(loop.stop, facts)
    return {loop.target: (min(start[0], stop[0] + 1), max(start[1], stop[1] - 1))}


def _rounds(
    loop: While | ForRange, before: dict[str, Interval], steady: dict[str, Interval], written: Counter[str], longest: int
) -> int | None:
    """Return how often a loop goes round at most; None where that is not known.

    `before` holds where it begins, `steady` wherever it runs.
    """
    if isinstance(loop, ForRange):
        start, stop = _interval(loop.start, before, longest), _interval(loop.stop, before, longest)
        step = interval_of(loop.step, before)
        if step[0] > 0:
            return max(0, -(-(stop[1] - start[0]) // step[0]))
        return max(0, -(-(start[1] - stop[0]) // -step[1])) if step[1] < 0 else None
    test = loop.test
    while isinstance(test, BoolOp) and test.op == "and":
        test = test.left
    if not isinstance(test, Compare) or test.op not in ("lt", "le") or not isinstance(test.left, Local) or test.left.name not in before:
        return None
    name, most = test.left.name, _interval(test.right, steady, longest)[1] + (test.op == "le")
    added = _always_added(loop.body, name) if written[name] == 1 else None
    # Where the counter could wrap, it could go round again.
    return None if added is None or most + added > INT_MAX else max(0, most - before[name][0])


def _always_added(body: tuple[Stmt, ...], name: str) -> int | None:
    """Return the positive constant that every iteration which goes on to the next one has added to a local; None where there is none."""
    for node in body:
        if isinstance(node, Assign) and node.target == name:
            step = _step(node, {}, 0)
            return step[0] if step is not None and step[0] == step[1] > 0 else None
        if any(isinstance(part, Continue) for part in walk(node)):
            return None
    return None
