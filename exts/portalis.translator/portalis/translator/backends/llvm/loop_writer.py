"""Writes loops: their tests, what is read once before the first iteration, and a part of a range whose indices need no look."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from portalis.translator.backends.llvm.fuel import is_free
from portalis.translator.backends.llvm.loops import has_known_ends, is_short, is_written_out
from portalis.translator.backends.llvm.protection import ProtectedWriter
from portalis.translator.backends.llvm.steady import Counted, Steady, counted
from portalis.translator.ir.nodes import Const, Expr, ForRange, Function, Local, While, walk_function
from portalis.translator.passes.facts.effects import written_locals
from portalis.translator.passes.facts.steady import SteadyLists

if TYPE_CHECKING:
    from portalis.translator.backends.llvm.context import ModuleContext

# Tells, of a value of a range and the one a step further, whether that is one of the range as well.
More: TypeAlias = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop that is being written: where its next iteration begins, where it ends, and how many protections are around it."""

    again: str
    done: str
    level: int


@dataclass(frozen=True, slots=True)
class Rounds:
    """The iterations of a range: whether there is any, which is the counter, and whether one follows another."""

    first: str
    more: More


class LoopWriter(ProtectedWriter, ABC):
    """The loops of one function."""

    def __init__(self, context: ModuleContext, function: Function, total: bool) -> None:
        super().__init__(context, function.result, function.library, total)
        self.function = function
        self.loops: list[Loop] = []
        self._lists: SteadyLists | None = None

    def while_loop(self, node: While) -> None:
        """Write a `while` loop."""
        head, body, exhausted, done = (self.label() for _ in range(4))
        outer, self.steady = self.steady, self._read_heads(node)
        self.begin(head)
        self.branch_if(self.expression(node.test), body, exhausted)
        self.begin(body)
        self._body(node, head, done)
        if self.open:
            self.close(f"br label %{head}{self._again(node)}")
        self.steady = outer
        self._end(node, exhausted, done)

    def for_range(self, node: ForRange) -> None:
        """Write a loop over a range.

        Where it is short, and lists that stay what they are are read at its counter, its iterations that are certainly inside these lists
        come first, without a look at an index, and then the others.
        """
        self.context.has_known_ends = self.context.has_known_ends or has_known_ends(self.function, node)
        start, stop, step = self.operands((node.start, node.stop, node.step))
        counter = self.stack_scalar("i64")
        self.emit(f"store i64 {start}, ptr {counter}, align 8")
        exhausted, done = self.label(), self.label()
        rounds = self._rounds(node, start, stop, step)
        outer, self.steady = self.steady, self._read_heads(node)
        inside = counted(node, self.steady) if self.steady and is_short(node) else ()
        if inside:
            rest, left = self.label(), self.label()
            limit = self._limit(node, inside, start, stop, step)
            self.counter, self.counted = node.target, inside
            current, following = self._iterations(node, self._rounds(node, start, limit, step), counter, step, rest, done)
            self.counter, self.counted = "", ()
            self.branch_if(rounds.more(current, following), left, exhausted)
            self.begin(rest)
            self.branch_if(rounds.first, left, exhausted)
            self.begin(left)
            rounds = Rounds("true", rounds.more)
        self._iterations(node, rounds, counter, step, exhausted, done, is_rest=bool(inside))
        self.steady = outer
        self.branch(exhausted)
        self._end(node, exhausted, done)

    def _iterations(
        self, node: ForRange, rounds: Rounds, counter: str, step: str, empty: str, done: str, is_rest: bool = False
    ) -> tuple[str, str]:
        """Write iterations, after which the block that is open goes on, and a jump to `empty` where there is none; return the last two
        values of the counter."""
        body, latch, after = (self.label() for _ in range(3))
        self.branch_if(rounds.first, body, empty)
        self.begin(body)
        current = self.value(f"load i64, ptr {counter}, align 8")
        self.emit(f"store i64 {current}, ptr {self.places[node.target]}, align 8")
        self._body(node, latch, done)
        self.branch(latch)
        self.begin(latch)
        following = self.value(f"add i64 {current}, {step}")
        self.emit(f"store i64 {following}, ptr {counter}, align 8")
        again = "" if is_rest else self._again(node)
        self.close(f"br i1 {rounds.more(current, following)}, label %{body}, label %{after}{again}")
        self.begin(after)
        return current, following

    def _end(self, node: While | ForRange, exhausted: str, done: str) -> None:
        self.begin(exhausted)
        self.statements(node.otherwise)
        self.branch(done)
        self.begin(done)

    def _body(self, node: While | ForRange, again: str, done: str) -> None:
        if not is_free(node):
            self.pay()
        self.loops.append(Loop(again, done, len(self.protections)))
        self.statements(node.body)
        self.loops.pop()

    def _again(self, node: While | ForRange) -> str:
        """Return what the jump to a loop's next iteration says of it: a short one is written out several times."""
        context = self.context
        written_out = context.writes_loops_out(self.function) and is_written_out(self.function, node, bool(self.loops), context.is_in_place)
        return context.written_out() if written_out else ""

    # ----------------------------------------------------------------------------------------------------- steady lists
    def changed(self, function: Function) -> set[str]:
        """Return the locals that a function's body assigns, stores into or hands on to be changed."""
        return {name for node in walk_function(function) for name in written_locals(self.context.functions, node)}

    def _read_heads(self, node: While | ForRange) -> Mapping[str, Steady]:
        """Read the heads of the lists that stay what they are while a loop runs; return what is known of lists inside it."""
        if not self.context.has_lists(self.function):
            return self.steady
        if self._lists is None:
            self._lists = SteadyLists(self.context.functions, self.function, self.context.change_heads)
        names = self._lists.of(node, self.context.is_in_place)
        return {**self.steady, **{name: self.read_head(self._reference(name)) for name in names if name not in self.steady}}

    def _reference(self, name: str) -> str:
        return self.values[name] if name in self.values else self.value(f"load i64, ptr {self.places[name]}, align 8")

    def steady_parameters(self, callee: Function, arguments: tuple[Expr, ...]) -> Mapping[str, Steady]:
        """Return what is known of a callee's lists while it is written in place: of parameters that it does not assign."""
        pairs = zip(callee.params, arguments, strict=True)
        known = {item.name: self.steady[node.name] for item, node in pairs if isinstance(node, Local) and node.name in self.steady}
        return {name: head for name, head in known.items() if name not in self.changed(callee)} if known else known

    # ----------------------------------------------------------------------------------------------------------- ranges
    def _limit(self, node: ForRange, inside: tuple[Counted, ...], start: str, stop: str, step: str) -> str:
        """Return where the part of a range ends from whose values all of these places are inside their lists: `start` where there is none.

        No length has more than 32 bits, and no distance either.
        """
        lowest = max(0, *(-item.distance for item in inside))
        lengths = [self.value(f"sub i64 {self.steady[item.name].length}, {item.distance}") for item in inside]
        least = lengths[0]
        for length in lengths[1:]:
            least = self.value(f"call i64 @llvm.smin.i64(i64 {least}, i64 {length})")
        down = isinstance(node.step, Const) and isinstance(node.step.value, int) and node.step.value < 0
        if down:
            certain = self.value(f"icmp slt i64 {start}, {least}")
            limit = self.value(f"call i64 @llvm.smax.i64(i64 {stop}, i64 {lowest - 1})")
        else:
            certain = self.value(f"icmp sge i64 {start}, {lowest}")
            limit = self.value(f"call i64 @llvm.smin.i64(i64 {stop}, i64 {least})")
            if not isinstance(node.step, Const):
                certain = self.value(f"and i1 {certain}, {self.value(f'icmp sgt i64 {step}, 0')}")
        return self.value(f"select i1 {certain}, i64 {limit}, i64 {start}")

    def _rounds(self, node: ForRange, start: str, stop: str, step: str) -> Rounds:
        if isinstance(node.step, Const) and isinstance(node.step.value, int):
            compare = "slt" if node.step.value > 0 else "sgt"
            first = self.value(f"icmp {compare} i64 {start}, {stop}")
            return Rounds(first, partial(self._more_at_constant_step, stop, node.step.value, compare))
        first, last = self._computed_range(start, stop, step)
        return Rounds(first, partial(self._differs, last))

    def _more_at_constant_step(self, stop: str, step: int, compare: str, current: str, following: str) -> str:
        """Tell whether a value follows `current`. Only a step of one cannot pass the largest int on its way to `stop`."""
        if abs(step) == 1:
            return self.value(f"icmp {compare} i64 {following}, {stop}")
        left, right = (stop, current) if step > 0 else (current, stop)
        return self.value(f"icmp ugt i64 {self.value(f'sub i64 {left}, {right}')}, {abs(step)}")

    def _computed_range(self, start: str, stop: str, step: str) -> tuple[str, str]:
        """Return whether a range has a value, and its last one where it has; distances are unsigned, so nothing overflows."""
        upward = self.value(f"icmp sgt i64 {step}, 0")
        low = self.value(f"select i1 {upward}, i64 {start}, i64 {stop}")
        high = self.value(f"select i1 {upward}, i64 {stop}, i64 {start}")
        nonempty = self.value(f"icmp slt i64 {low}, {high}")
        stride = self.value(f"call i64 @llvm.abs.i64(i64 {step}, i1 false)")
        reach = self.value(f"sub i64 {self.value(f'sub i64 {high}, {low}')}, 1")
        steps = self.value(f"udiv i64 {reach}, {self.value(f'call i64 @llvm.umax.i64(i64 {stride}, i64 1)')}")
        return nonempty, self.value(f"add i64 {start}, {self.value(f'mul i64 {steps}, {step}')}")

    def _differs(self, last: str, current: str, _following: str) -> str:
        return self.value(f"icmp ne i64 {current}, {last}")
