"""`try`: what names are where an exception may have come from anywhere, the handlers, and what runs on every way out."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from portalis.translator.frontend.facts.model import Known, Load, Step
from portalis.translator.frontend.facts.tables import Control, Handled, Protected
from portalis.translator.frontend.infer.expressions.exceptions import replace_uses
from portalis.translator.frontend.infer.expressions.looping import captured
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.caught import bind_caught
from portalis.translator.frontend.infer.refused import refuse_statement
from portalis.translator.frontend.infer.state import NOWHERE, Binding, Branch, Caught, State, Watch
from portalis.translator.frontend.infer.statements.raising import exception_name
from portalis.translator.frontend.types.unions.exceptions import exception_of
from portalis.translator.ir.types import INT, TEXT, Type

# How often statements are inferred to find where the names are kept that they bind.
_ROUNDS = 3
_Made = TypeVar("_Made")
# Built-in functions that change nothing.
_READERS = frozenset(("float", "int", "len", "max", "min", "print", "repr", "sorted", "str", "sum"))
# The classes of what operations on values of the wrong types raise, and those that these inherit from.
_OF_WRONG_TYPES = frozenset(("TypeError", "AttributeError", "Exception", "BaseException"))


def infer_try(infer: FunctionInference, node: ast.Try) -> Control | None:
    """Infer `try … except … else … finally`."""
    # Of the library only what is inferred for a program, with what that raises, is tried.
    if not infer.references or (infer.scope.library and infer.unit.specialiser.module is None):
        refuse_statement(infer, node)
        return None
    if not node.finalbody:
        return _infer_handled(infer, node)
    if infer.unsettled_exceptions() and any(_may_change(infer, inner) for one in node.finalbody for inner in ast.walk(one)):
        infer.refuse(
            "P0202",
            node.finalbody[0],
            "what cleans up may change what an exception says, whose text is computed from what can change",
            "give the exception its text: super().__init__(message)",
        )
    earlier = {id(branch) for branch in _jumps(infer)}
    protected, before = _left_anywhere(infer, node, True, lambda: _infer_handled(infer, node))
    # Only these run what cleans up: a jump in that itself takes their place.
    cleaned = [branch for branch in _jumps(infer) if id(branch) not in earlier]
    end = infer.state
    infer.state = before.copy()
    infer.caught.append(None)
    infer.body(node.finalbody)
    infer.caught.pop()
    # An exception goes on from here.
    infer.note_state()
    after = infer.state
    infer.state = _cleaned(end, before, after)
    for branch in cleaned:
        branch.state = _cleaned(branch.state, before, after)
        # What is copied before the jump is copied before this runs.
        branch.copies = None
    return protected


def _may_change(infer: FunctionInference, node: ast.AST) -> bool:
    """Tell whether a part of what cleans up may change an object that is there before."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            reads = name in _READERS and not infer.shadows(name)
            ours = name in infer.names.scope.functions and name not in infer.names.local
            return not reads and not (ours and all(isinstance(one, ast.Constant) for one in args))
        case ast.Attribute(ctx=context) | ast.Subscript(ctx=context):
            return not isinstance(context, ast.Load)
        case _:
            return isinstance(node, ast.Call | ast.AugAssign)


def _jumps(infer: FunctionInference) -> list[Branch]:
    """Return the ways that lead out of the loops around here, or back to their heads."""
    return [branch for loop in infer.loops for branch in (*loop.breaks, *loop.continues)]


def _left_anywhere(infer: FunctionInference, node: ast.Try, jumps: bool, run: Callable[[], _Made]) -> tuple[_Made, State]:
    """Infer what may be left at any point, with `jumps` also by these; return what names hold where it is.

    Nothing can be copied there: names that would be kept in several places are kept in one that takes all their values from the start.
    """
    entry, kept, steps = infer.live.copy(), infer.kept_as, infer.statement_scope.steps
    mark, before = infer.checkpoint(), len(steps)
    for last in (*(False,) * _ROUNDS, True):
        start, watch = infer.live.copy(), Watch(jumps)
        infer.watches.append(watch)
        made = run()
        if jumps:
            infer.note_state(jumps=True)
        infer.watches.pop()
        left, scattered = _met(infer, start, watch)
        if last or not scattered or not infer.unit.specialiser.spend():
            break
        infer.restore(mark)
        del steps[before:]
        infer.state = entry.copy()
        infer.kept_as = infer.kept_as | scattered
        _keep(infer, node, infer.kept_as.keys() - kept.keys())
    infer.kept_as = kept
    return made, left


def _keep(infer: FunctionInference, node: ast.Try, names: Iterable[str]) -> None:
    """Move what names hold to where it is kept from here on."""
    span = infer.span(node)
    for name in sorted(names):
        binding = infer.live.names.get(name)
        if binding is not None:
            infer.add(infer.assignment(name, infer.place(binding, span), binding.assigned_at or span)[0])


def _met(infer: FunctionInference, entry: State, watch: Watch) -> tuple[State, dict[str, Type]]:
    """Return what is known where statements may have been left at any point, and the types of names that are kept in several places."""
    found: dict[str, list[Binding | None]] = {}
    for name, binding in watch.found:
        found.setdefault(name, [entry.names.get(name)]).append(binding)
    joined, scattered = State(dict(entry.names), entry.shared | watch.shared), dict[str, Type]()
    for name, bindings in found.items():
        known = [binding for binding in bindings if binding is not None]
        if not known:
            continue
        state = State({name: known[0]}, set())
        for binding in known[1:]:
            state = infer.join_states(state, State({name: binding}, set()))
        met = state.names[name]
        if any((one.local, one.field) != (met.local, met.field) for one in known) and not met.conflict and met.unknown is None:
            if not (met.type.mutable or met.field or any(one.maybe for one in known)):
                scattered[name] = met.held or met.type
            met = replace(met, conflict=tuple([(one.type, one.assigned_at or NOWHERE) for one in known]))
        joined.names[name] = replace(met, maybe=True, exact=None) if None in bindings else met
    return joined, scattered


def _cleaned(end: State | None, before: State, after: State | None) -> State | None:
    """Return a state after what cleans up has run, which was inferred from `before` to `after`."""
    if end is None or after is None:
        return None
    names = {name: binding for name, binding in end.names.items() if name in after.names or name not in before.names}
    for name, binding in after.names.items():
        if binding is not before.names.get(name):
            names[name] = binding
    return State(names, end.shared | after.shared)


def _infer_handled(infer: FunctionInference, node: ast.Try) -> Protected:
    """Infer the body, `else` and the handlers."""
    span = infer.span(node)
    expects = any(_expects_mistakes(infer, handler.type) for handler in node.handlers)
    infer.expecting += expects
    _, raised = _left_anywhere(infer, node, False, lambda: infer.body(node.body))
    infer.expecting -= expects
    copies: list[Step] = []
    if infer.state is not None:
        infer.body(node.orelse)
    branches = [Branch(infer.state, copies)]
    word, told = infer.temporary("caught", INT), infer.temporary("told", TEXT)
    handled: list[tuple[Handled, list[Step]]] = []
    for handler in node.handlers:
        infer.state = raised.copy()
        made: list[Step] = []
        entry: list[Step] = []
        classes = _infer_handler(infer, handler, Known(span, INT, Load(word)), Known(span, TEXT, Load(told)), entry)
        branches.append(Branch(infer.state, made))
        handled.append((Handled(infer.span(handler.type or handler), classes, (), tuple(entry)), made))
    infer.state = infer.join(branches)
    return Protected(span, word, told, tuple([replace(one, copies=tuple(made)) for one, made in handled]), tuple(copies))


def _expects_mistakes(infer: FunctionInference, classes: ast.expr | None) -> bool:
    """Tell whether a handler takes what CPython raises for operations on values of the wrong types."""
    named = [classes] if not isinstance(classes, ast.Tuple) else classes.elts
    return any(one is None or exception_name(infer, one) in _OF_WRONG_TYPES for one in named)


def _infer_handler(infer: FunctionInference, handler: ast.ExceptHandler, word: Known, told: Known, entry: list[Step]) -> str:
    """Infer one handler; return the names of the classes that it takes, and add to `entry` what is done before its body."""
    infer.names.scope.visited.add(id(handler))
    classes = _classes(infer, handler.type)
    caught = Caught(word, told, classes or "Exception", handler.name)
    if handler.name in infer.live.names:
        infer.refuse(
            "P0320", handler, f"`{handler.name}` is a variable before it names an exception", "give the exception a name of its own"
        )
    with captured(infer, entry):
        caught, bound = bind_caught(infer, handler, caught)
    uses, is_value = ([], False) if bound else replace_uses(infer, handler, caught)
    infer.caught.append(caught)
    if is_value and handler.name is not None:
        with captured(infer, entry):
            infer.bind(handler.name, exception_of(word, told), handler.type or handler)
    infer.body(handler.body)
    infer.caught.pop()
    for number in uses:
        infer.replaced.pop(number, None)
    if infer.state is not None and handler.name is not None:
        infer.state.names.pop(handler.name, None)
    return classes or "Exception"


def _classes(infer: FunctionInference, node: ast.expr | None) -> str | None:
    """Return the names of the classes that a handler takes, with blanks between them; None where one is refused."""
    if node is None:
        return "Exception"
    parts: Sequence[ast.expr] = node.elts if isinstance(node, ast.Tuple) else (node,)
    infer.names.scope.visited.update(map(id, ast.walk(node)))
    names = [exception_name(infer, part) for part in parts]
    found = [name for name in names if name is not None]
    if len(found) < len(names) or not names:
        infer.refuse("P0320", node, f"`{ast.unparse(node)}` names no exceptions that are known here", "name built-in exceptions")
        return None
    return " ".join(found)
