"""Interval analysis of a program that is all there is: who calls a function is known, and so is what it is called with.

Beyond what `ranges.py` proves, the parameters of a program's own functions lie where its calls put them, and a small function of the
library that is called with ints that are never negative becomes another one for such calls, without the tests that they decide: reading an
element at an index from a range is one comparison. It has the name of the first and what is known of its arguments.

Invariants: those of `ranges.py`; a function that a host calls, or that the library calls back, takes any ints; what raises, raises at the
same site. Programs of values stay as `ranges.py` makes them, which lanes are made of.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache, partial

from portalis.translator.ir.nodes import Call, Compare, Const, Expr, ForRange, Function, Program, While, walk_function
from portalis.translator.ir.ops import INT_MAX
from portalis.translator.ir.types import BOOL, INT
from portalis.translator.passes.facts.assumptions import Facts
from portalis.translator.passes.facts.counting import bounds_of_sums
from portalis.translator.passes.facts.effects import callees, uses_objects, written_locals
from portalis.translator.passes.facts.intervals import FULL, Interval, decide, hull, intersect
from portalis.translator.passes.fold import fold_function, is_pure
from portalis.translator.passes.ranges import Ranges, Results, all_callees, prove_library, prove_ranges
from portalis.translator.passes.rewriter import with_functions

# An element takes eight bytes at least, a code point four, and a memory has at most 2**32.
_LONGEST = 2**30
# The most nodes, by itself and with those of what it calls, of a function that is worth one of its own for some arguments. What has more,
# or large tables, may be an object that is compiled ahead.
_OWN, _SMALL = 39, 100
# Of each int argument: any, none below 0, none below 1.
Signs = tuple[int | None, ...]


def prove_closed_ranges(program: Program) -> Program:
    """Return the program with `overflow="proven"` and without tests that its own calls decide."""
    if not uses_objects(program):
        return prove_ranges(program)
    functions = {function.name: function for function in program.functions}
    calls = _Calls(program, functions)
    proven: dict[str, Function] = {}
    # Callers come first, so that all calls of a function are known when it is looked at.
    for function in reversed(program.functions):
        proven[function.name] = calls.proven(function, proven.keys())
    # One that was made of another stands behind it, and before all who call it.
    made: dict[str, list[Function]] = {}
    for new in calls.made.values():
        made.setdefault(new.name.rpartition("~")[0], []).append(new)
    return with_functions(program, tuple([one for name in functions for one in (proven[name], *made.get(name, ()))]))


def _called_by_others(program: Program) -> frozenset[str]:
    """Name the functions that hosts call, and those that the library calls."""
    behaviour = program.behaviour.entries if program.behaviour is not None else ()
    hosts = {entry.function for entry in program.entries} | {name for _, name in behaviour} | {program.initial}
    return frozenset(hosts).union(*(callees(function) for function in program.functions if function.library))


class _Calls:
    """What is known of the calls in a program, callers before callees."""

    def __init__(self, program: Program, functions: Mapping[str, Function]) -> None:
        self.results = Results(functions, _LONGEST)
        self.below: dict[str, tuple[Function, ...]] = {}
        for function in program.functions:
            if function.library:
                self.below[function.name] = all_callees(function, functions, self.below)
        self._others = _called_by_others(program)
        self._callers: dict[str, list[str]] = {}
        for function in program.functions:
            if not function.library:
                for name in callees(function):
                    self._callers.setdefault(name, []).append(function.name)
        # The intervals of the arguments of a function in all calls so far; the functions made of others, by these and their names.
        self.arguments: dict[str, tuple[Interval, ...]] = {}
        self.made: dict[str, Function] = {}

    def proven(self, function: Function, done: Collection[str]) -> Function:
        """Return a function with what its own operations prove and, where all who call it are done, the calls of it."""
        if function.library:
            return prove_library(function, self.below[function.name], _LONGEST)
        writer = _Closed(self)
        known = self.arguments.get(function.name)
        is_known = known is not None and not function.recursive and function.name not in self._others
        if known is not None and is_known and all(caller in done for caller in self._callers.get(function.name, ())):
            writer.facts = {param.name: known[index] for index, param in enumerate(function.params) if param.type == INT}
        return writer.function(function)


class _Closed(Ranges):
    """One function of a program whose calls are all known."""

    def __init__(self, calls: _Calls) -> None:
        super().__init__(calls.results, 0)
        self.calls = calls

    def stable_head(
        self, node: While | ForRange, entry: dict[str, Interval], run: Callable[[dict[str, Interval]], Facts]
    ) -> dict[str, Interval]:
        head = super().stable_head(node, entry, run)
        sums = bounds_of_sums(node, entry, partial(written_locals, self.results.functions), self.results.longest)
        return head | {name: intersect(head.get(name, bound), bound) for name, bound in sums.items()}

    def called(self, node: Call, args: tuple[Expr, ...], intervals: tuple[Interval, ...]) -> tuple[Expr, Interval]:
        new, interval = super().called(node, args, intervals)
        callee = self.results.functions[node.function]
        if not callee.library:
            before = self.calls.arguments.get(callee.name, intervals)
            self.calls.arguments[callee.name] = tuple(map(hull, before, intervals))
        elif (made := _specialised(callee, self.calls.below[callee.name], _signs(callee, intervals))) and isinstance(new, Call):
            self.calls.made |= {item.name: item for item in made}
            return Call(new.span, new.type, made[-1].name, new.args), interval
        return new, interval


def _signs(callee: Function, intervals: Iterable[Interval]) -> Signs:
    lows = ((param.type == INT, low) for param, (low, _) in zip(callee.params, intervals, strict=True))
    return tuple([min(low, 1) if is_int and low >= 0 else None for is_int, low in lows])


@lru_cache(maxsize=1024)
def _specialised(function: Function, below: tuple[Function, ...], signs: Signs) -> tuple[Function, ...]:
    """Return a library function without what such arguments decide, after those that it calls; nothing where that leaves it as it is.

    Only what is compiled with whoever calls it is worth that.
    """
    if function.recursive or function.name.startswith("beyond.") or all(sign is None for sign in signs):
        return ()
    if _size(function) > _OWN or _size(function) + sum(map(_size, below)) > _SMALL:
        return ()
    writer = _Deciding(function, below, signs)
    made = fold_function(writer.function(function))
    if _size(made) == _size(function) and not writer.made:
        return ()
    known = "".join("*" if sign is None else str(sign) for sign in signs)
    return (*writer.made.values(), replace(made, name=f"{function.name}~{known}"))


@lru_cache(maxsize=1024)
def _size(function: Function) -> int:
    return sum(1 for _ in walk_function(function))


def _reached(function: Function, functions: Mapping[str, Function]) -> tuple[Function, ...]:
    """Return all that a function can reach, in a fixed order."""
    found: dict[str, Function] = {}
    pending = sorted(callees(function))
    while pending:
        name = pending.pop()
        if name not in found:
            found[name] = functions[name]
            pending += sorted(callees(functions[name]))
    return tuple(found.values())


class _Deciding(Ranges):
    """A library function for some arguments: comparisons that they decide are constants."""

    def __init__(self, function: Function, below: tuple[Function, ...], signs: Signs) -> None:
        super().__init__(Results({item.name: item for item in (*below, function)}, _LONGEST), 0)
        self.made: dict[str, Function] = {}
        pairs = zip(function.params, signs, strict=True)
        self.facts = {param.name: (sign, INT_MAX) if sign is not None else FULL for param, sign in pairs if param.type == INT}

    def ranged(self, node: Expr) -> tuple[Expr, Interval]:
        if isinstance(node, Compare) and node.left.type == INT:
            (left, first), (right, second) = self.ranged(node.left), self.ranged(node.right)
            holds = decide(node.op, first, second)
            if holds is not None and is_pure(left) and is_pure(right):
                return Const(node.span, BOOL, holds), (int(holds), int(holds))
            return Compare(node.span, BOOL, node.op, left, right), (0, 1)
        return super().ranged(node)

    def called(self, node: Call, args: tuple[Expr, ...], intervals: tuple[Interval, ...]) -> tuple[Expr, Interval]:
        new, interval = super().called(node, args, intervals)
        callee = self.results.functions[node.function]
        made = _specialised(callee, _reached(callee, self.results.functions), _signs(callee, intervals))
        if made and isinstance(new, Call):
            self.made |= {item.name: item for item in made}
            return Call(new.span, new.type, made[-1].name, new.args), interval
        return new, interval
