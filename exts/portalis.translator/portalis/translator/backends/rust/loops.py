"""Loops: `while`, `for` over ints and over a sequence's items, and what runs where they are not left early."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import assert_never

from portalis.translator.backends.rust import tree
from portalis.translator.backends.rust.effects import effects, falls_through, mentions
from portalis.translator.backends.rust.entries import entry_loop
from portalis.translator.backends.rust.expressions import Expressions
from portalis.translator.backends.rust.frames import is_nothing
from portalis.translator.backends.rust.hoist import negated
from portalis.translator.backends.rust.settle import settle_pair
from portalis.translator.backends.rust.steady import OF_ITEMS
from portalis.translator.backends.rust.traversal import walk_body
from portalis.translator.backends.rust.tree import Body, Expr, Stmt
from portalis.translator.backends.rust.type_names import is_array
from portalis.translator.backends.rust.writer import copied
from portalis.translator.ir import nodes as ir
from portalis.translator.ir.ops import INT_MAX, INT_MIN
from portalis.translator.ir.types import BOOL, ListType, TupleType
from portalis.translator.passes.facts.effects import written_locals
from portalis.translator.passes.facts.steady import CHANGES, SteadyLists

_TRUE = tree.Literal("true", "other")
# `step_by` takes a usize, which has 32 bits on wasm32.
_LARGEST_STEP = 2**31


@dataclass(frozen=True, slots=True)
class Frame:
    """A loop being translated: its label, and the variable that a break clears where the loop has an `else` after it."""

    label: str
    completed: str | None


@dataclass
class Loops(Expressions):
    """Writes the loops of one function."""

    frames: list[Frame] = field(default_factory=list)
    # The variables whose lists stay what they are in a loop, by its label.
    steady: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # The variables that hold the parts of a dict's entry.
    entries: set[str] = field(default_factory=set)

    def inside(self, body: tuple[ir.Stmt, ...], frame: Frame) -> Body:
        """Return the body of a loop."""
        self.frames.append(frame)
        try:
            return self.statements(body)
        finally:
            self.frames.pop()

    def label(self) -> str:
        """Return a label for a loop; only a break that leaves more than the innermost loop shows it."""
        return self.scope.take("outer")

    def note_steady(self, node: ir.While | ir.ForRange, label: str) -> None:
        """Note which lists stay what they are in a loop that looks at their elements."""
        if self.function.library:
            return
        names = self.lists.of(node, lambda name: name + OF_ITEMS in self.world.callees)
        self.steady[label] = tuple(self.locals[name] for name in names)

    @cached_property
    def lists(self) -> SteadyLists:
        """The lists of the function's loops."""
        functions = {function.name: function for function in self.world.program.functions}
        return SteadyLists(functions, self.function, self.world.changing, CHANGES)

    def while_loop(self, node: ir.While) -> Body:
        """Return a `while`; its `else` becomes what runs before the loop is left because the test failed."""
        label = self.label()
        self.note_steady(node, label)
        if (over := self.over_entries(node, label)) is not None:
            return over
        test, body = self.expr(node.test), self.inside(node.body, Frame(label, None))
        otherwise = self.statements(node.otherwise)
        if test == _TRUE:
            return (tree.Loop(label, body),)
        if not otherwise:
            return (tree.While(label, test, body),)
        if not any(isinstance(part, tree.Break) and part.label == label for part in walk_body(body)):
            return (tree.While(label, test, body), *otherwise)
        leave = (*otherwise, tree.Break(label)) if falls_through(otherwise) else otherwise
        return (tree.Loop(label, (tree.If(negated(test), leave), *body)),)

    def over_entries(self, node: ir.While, label: str) -> Body | None:
        """Return a loop over the entries of a dict that none is added to and removed from meanwhile; None where it is no such."""
        loop = entry_loop(node)
        if loop is None:
            return None
        completed = self.completed(node)
        entry, types = self.fresh("entry", TupleType((loop.type.key, loop.type.value))), {"keys": loop.type.key, "values": loop.type.value}
        self.world.types.name_of(loop.type)
        taken: list[Stmt] = []
        rest, parts, own = loop.rest, dict(loop.taken), {name for name, _ in loop.taken}
        # The user's names get the parts, without variables between.
        while rest and isinstance(first := rest[0], ir.Assign) and isinstance(part := first.value, ir.Local) and part.name in own:
            if _uses(self.function, part.name) != 2:
                break
            rest, parts = rest[1:], {first.target if name == part.name else name: which for name, which in parts.items()}
            self.entries.add(self.locals[first.target])
        for target, which in parts.items():
            if not is_nothing(types[which]):
                value = copied(types[which], tree.Field(tree.Var(entry), "0" if which == "keys" else "1"))
                taken.append(tree.Assign(tree.Var(self.locals[target]), value))
        entries = tree.Method(self.base(loop.dict), "iter", (), pure=True, heap="read")
        body = (*taken, *self.inside(rest, Frame(label, completed)))
        return self.with_else(tree.For(label, entry, entries, body), node, completed)

    def completed(self, node: ir.While | ir.ForRange) -> str | None:
        """Return the variable that tells whether a loop came to its end, where something asks."""
        breaks = any(isinstance(part, ir.Break) for part in _own_statements(node.body))
        return self.fresh("completed", BOOL) if node.otherwise and breaks else None

    def with_else(self, loop: Stmt, node: ir.While | ir.ForRange, completed: str | None) -> Body:
        """Return a loop and what runs behind it where it came to its end."""
        otherwise = self.statements(node.otherwise)
        if completed is None:
            return (loop, *otherwise)
        return (tree.Assign(tree.Var(completed), _TRUE), loop, tree.If(tree.Var(completed), otherwise))

    def for_range(self, node: ir.ForRange) -> Body:
        """Return a `for`; its `else` is guarded by a variable that a break clears."""
        completed = self.completed(node)
        frame = Frame(self.label(), completed)
        self.note_steady(node, frame.label)
        loop = self.over_items(node, frame) or self.over_range(node, frame)
        return self.with_else(loop, node, completed)

    def over_range(self, node: ir.ForRange, frame: Frame) -> Stmt:
        """Return a loop over ints."""
        iterable = self.iterable(node)
        # The target is assigned in the body, from a variable of the loop's own: `bind_targets` makes them one where it may.
        target = self.locals[node.target]
        return tree.For(frame.label, target, iterable, self.inside(node.body, frame))

    def iterable(self, node: ir.ForRange) -> Expr:
        """Return the ints that a loop takes, in Rust's own words where they say exactly the same."""
        start, stop = settle_pair(self.expr(node.start), self.expr(node.stop))
        match node.step, node.stop:
            case ir.Const(_, _, 1), _:
                return tree.Binary("..", start, stop)
            case ir.Const(_, _, int(step)), _ if 1 < step < _LARGEST_STEP:
                return tree.Method(tree.Binary("..", start, stop), "step_by", (tree.Literal(str(step), "int"),), pure=True)
            case ir.Const(_, _, int(step)), ir.Const(_, _, int(last)) if -_LARGEST_STEP < step < 0 and INT_MIN <= last < INT_MAX:
                first = self.constant(ir.Const(node.stop.span, node.stop.type, last + 1))
                backward = tree.Method(tree.Binary("..=", *settle_pair(first, start)), "rev", (), pure=True)
                return backward if step == -1 else tree.Method(backward, "step_by", (tree.Literal(str(-step), "int"),), pure=True)
        return tree.Call("ops::range", (start, stop, self.expr(node.step)), pure=True)

    def over_items(self, node: ir.ForRange, frame: Frame) -> Stmt | None:
        """Return a loop over a sequence's items where the IR loops over its indices only to take them, else None."""
        match node.body:
            case (
                ir.Assign(_, target, ir.ElementLoad(_, _, ir.Local(_, TupleType() | ListType() as type_, name), ir.Local(_, _, index))),
                *rest,
            ):
                pass
            case _:
                return None
        bounds = (node.start, node.stop, node.step)
        if index != node.target or "." not in index or not all(isinstance(item, ir.Const) for item in bounds):
            return None
        whole = [item.value for item in bounds if isinstance(item, ir.Const)] == [0, len(type_.elements), 1]
        if not whole or _uses(self.function, index) != 2 or target == name:
            return None
        body = self.inside(tuple(rest), frame)
        sequence = tree.Var(self.locals[name])
        if sequence.name in effects(*body).writes or any(mentions(part, self.locals[index]) for part in body):
            return None
        through = sequence.name in self.references | self.borrowed
        iterable: Expr = copied(type_, tree.Unary("*", sequence) if through else sequence)
        if isinstance(type_, TupleType) and not is_array(type_):
            iterable = tree.Array(tuple(copied(item, tree.Field(sequence, str(number))) for number, item in enumerate(type_.items)))
        return tree.For(frame.label, self.locals[target], iterable, body)


def _uses(function: ir.Function, name: str) -> int:
    """Count where a function mentions a local: reads, assignments and loop targets."""
    nodes = list(ir.walk_function(function))
    reads = sum(isinstance(node, ir.Local) and node.name == name for node in nodes)
    return reads + sum(node.writes == "local" and name in written_locals({}, node) for node in nodes)


def _own_statements(body: tuple[ir.Stmt, ...]) -> list[ir.Stmt]:
    """Return statements and those nested in them, but not those in a loop's body, whose breaks are the loop's own."""
    found: list[ir.Stmt] = []
    for statement in body:
        found.append(statement)
        match statement:
            case ir.If(_, _, then, otherwise):
                found += _own_statements(then) + _own_statements(otherwise)
            case ir.While(_, _, _, otherwise) | ir.ForRange(_, _, _, _, _, _, otherwise):
                found += _own_statements(otherwise)
            case ir.Assign() | ir.Store() | ir.Evaluate() | ir.Break() | ir.Continue() | ir.Return():
                pass
            case ir.Try(_, body, _, handler, otherwise):
                found += _own_statements(body) + _own_statements(handler) + _own_statements(otherwise)
            case ir.Finally(_, body, cleanup):
                found += _own_statements(body) + _own_statements(cleanup)
            case ir.Raise() | ir.Reraise() | ir.Guard() | ir.Fail():
                pass
            case _:
                assert_never(statement)
    return found
