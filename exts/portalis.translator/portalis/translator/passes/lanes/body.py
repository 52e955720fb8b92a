"""The fast body of a lane: a function made total and straight-line, with one bit that says when not to trust it.

Every call is flattened, both sides of every choice are computed, and `select` takes the right one. What has no total form (an error, a
loop without a constant trip count, recursion) becomes bail: the lanes that would get there set the bit, and the caller runs the exact
function for them instead. A user's `while` loop bails only for lanes that want more than a few iterations.

Invariant: where the bail bit is false, the exact function returns normally and the body's other results are its results, bit for bit.
Where it is true, they mean nothing, but computing them neither traps nor ends the call.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from portalis.translator.ir.nodes import (
    Assign,
    Break,
    Const,
    Continue,
    ElementLoad,
    Evaluate,
    Expr,
    Fail,
    FieldLoad,
    Finally,
    ForRange,
    Function,
    Guard,
    If,
    Local,
    Make,
    Param,
    Program,
    Raise,
    Reraise,
    Return,
    Stmt,
    Store,
    Try,
    While,
)
from portalis.translator.ir.types import AGGREGATES, RecordType, TupleType
from portalis.translator.passes.facts.effects import always_leaves
from portalis.translator.passes.lanes.code import Atom, CannotFlatten, Key, NotInLanes, Value, flatten, integer, is_known
from portalis.translator.passes.lanes.expressions import LaneExpressions
from portalis.translator.passes.lanes.flow import UnrolledLoop
from portalis.translator.source import Span

MAX_TRIPS = 64
# A longer loop of the library's is how it treats arguments that are extreme.
MAX_LIBRARY_TRIPS = 8
# So many iterations of a `while` loop are part of the body, as angles are brought back into range by one or two. A loop that runs longer
# costs much more than the body that was tried in vain.
SPECULATED_TRIPS = 2
# A body of more operations than this costs more to compile than its lanes are likely to gain.
MAX_OPERATIONS = 3_000


@dataclass(frozen=True, slots=True)
class LaneRefusal:
    """Why a function has no fast body, and where the reason lies."""

    reason: str
    span: Span


def total_body(program: Program, function_name: str) -> Function | LaneRefusal:
    """Return the fast body of a function, or the reason why it has none.

    The body takes the function's parameters by value and is a list of assignments and one return of a tuple: the scalars of the outputs
    in storage order, one a slot, then the bail bit. The outputs are the result, or the final fields of `self` for a behaviour class, those
    that stay as they were included.
    """
    functions = {function.name: function for function in program.functions}
    function = functions[function_name]
    body = _LaneBody(functions, function)
    try:
        result, finals = body.start()
    except CannotFlatten as stop:
        return LaneRefusal(stop.refused.reason, stop.refused.span)
    except RecursionError:
        return LaneRefusal("the code is nested too deeply", function.span)
    if isinstance(body.bail, Const) and body.bail.value:
        return LaneRefusal("every lane would run the exact function", function.span)
    is_method = program.behaviour is not None and program.behaviour.state is not None
    outputs = flatten(finals[function.params[0].name] if is_method else result)
    operations = body.code.needed((*outputs, body.bail))
    if len(operations) > MAX_OPERATIONS:
        return LaneRefusal(f"the straight-line body has {len(operations)} operations, more than {MAX_OPERATIONS}", function.span)
    return _finished(function, operations, (*outputs, body.bail))


def _finished(function: Function, operations: tuple[Assign, ...], results: tuple[Atom, ...]) -> Function:
    type_ = TupleType(tuple(atom.type for atom in results))
    return Function(
        function.span,
        f"{function.name}.lane",
        function.display,
        tuple(Param(param.name, param.type) for param in function.params),
        type_,
        tuple((operation.target, operation.value.type) for operation in operations),
        (*operations, Return(function.span, Make(function.span, type_, results))),
    )


class _LaneBody(LaneExpressions):
    def start(self) -> tuple[Value, dict[str, Value]]:
        """Follow the entry from its parameters to its end; return its result and the final values of what is passed by reference."""
        for param in self.frame.function.params:
            place = Local(self.frame.function.span, param.type, param.name)
            self.environment[param.name] = self._unpacked(place, (param.name,))
        return self.finish(self.frame.function.span)

    def _unpacked(self, place: Local | FieldLoad | ElementLoad, key: Key) -> Value:
        span, type_ = place.span, place.type
        if not isinstance(type_, AGGREGATES):
            return place if isinstance(place, Local) else self.code.emit(place, key, ())
        parts: list[FieldLoad | ElementLoad] = []
        for offset, item in enumerate(type_.elements):
            if isinstance(type_, RecordType):
                parts.append(FieldLoad(span, item, place, type_.fields[offset][0]))
            else:
                parts.append(ElementLoad(span, item, place, integer(span, offset)))
        return tuple(self._unpacked(part, (*key, offset)) for offset, part in enumerate(parts))

    # ------------------------------------------------------------------------------------------------------- statements
    def execute(self, body: tuple[Stmt, ...]) -> None:
        for position, statement in enumerate(body):
            if self.mask is None:
                return
            if isinstance(statement, If):
                rest = body[position + 1 :]
                if self._branch(statement, rest):
                    return
            else:
                self._statement(statement)

    def _branch(self, statement: If, rest: tuple[Stmt, ...]) -> bool:
        """Follow a conditional statement, and with it `rest`, what comes after it, where only one side goes on; tell whether it did."""
        span, test = statement.span, self.scalar(statement.test)
        if isinstance(test, Const):
            self.execute(statement.then if test.value else statement.otherwise)
            return False
        # What follows an early return is as much a branch as the return is: where it cannot be flattened, only its lanes bail.
        sides = always_leaves(statement.then), always_leaves(statement.otherwise)
        with_rest = rest if sides[0] != sides[1] else ()
        then = statement.then if sides[0] else (*statement.then, *with_rest)
        otherwise = statement.otherwise if sides[1] else (*statement.otherwise, *with_rest)
        main = (sides[1] and not sides[0], sides[0] and not sides[1])
        self.fork(span, test, lambda: self.execute(then), lambda: self.execute(otherwise), main)
        return bool(with_rest)

    def _statement(self, statement: Stmt) -> None:
        match statement:
            case Assign(_, target, value):
                self.environment[target] = self.evaluate(value)
            case Store(span, place, value):
                new = self.evaluate(value)
                root, way = self.steps(place)
                self.environment[root] = self.replaced(span, self.environment[root], way, new)
            case Evaluate(_, value):
                self.evaluate(value)
            case While():
                self._while(statement)
            case ForRange():
                self._for(statement)
            case Break():
                self.leave(self._loop().breaks)
            case Continue():
                self.leave(self._loop().continues)
            case Return(_, value):
                self.leave(self.frame.returns, self.evaluate(value))
            case Raise(span, exception, _):
                raise CannotFlatten(NotInLanes(f"it raises {exception}", span, is_error=True))
            case Guard(span, reason):
                raise CannotFlatten(NotInLanes(f"it stops: {reason}", span, is_error=True))
            case Try(span) | Finally(span) | Reraise(span):
                raise CannotFlatten(NotInLanes("it catches exceptions", span, is_error=True))
            case Fail(span, cause, _):
                raise CannotFlatten(NotInLanes(f"it ends with {cause.name}", span, is_error=True))
            case If():
                raise AssertionError("execute follows conditional statements")
            case _:
                assert_never(statement)

    def _loop(self) -> UnrolledLoop:
        assert self.frame.loop is not None
        return self.frame.loop

    def _for(self, node: ForRange) -> None:
        ends = [self._constant_end(node, end) for end in (node.start, node.stop, node.step)]
        values = range(*ends)
        most = MAX_LIBRARY_TRIPS if self.frame.function.library else MAX_TRIPS
        # len() cannot count the longest ranges; how far apart the ends are tells enough.
        if values and abs(ends[1] - ends[0]) > most * abs(ends[2]):
            raise CannotFlatten(NotInLanes(f"a loop with more than {most} iterations", node.span))
        loop, before = self._enter_loop()
        for value in values:
            self.environment[node.target] = integer(node.span, value)
            self._iterate(node.span, node.body, loop)
            if self.mask is None:
                break
        self._leave_loop(node.span, node.otherwise, loop, before)

    def _constant_end(self, node: ForRange, end: Expr) -> int:
        value = self.scalar(end)
        if not isinstance(value, Const) or not isinstance(value.value, int):
            raise CannotFlatten(NotInLanes("a loop whose number of iterations is not constant", node.span))
        return value.value

    def _while(self, node: While) -> None:
        loop, before = self._enter_loop()
        self._iterate_while(node, loop, MAX_TRIPS, 0 if self.frame.function.library else SPECULATED_TRIPS)
        self._leave_loop(node.span, node.otherwise, loop, before)

    def _iterate_while(self, node: While, loop: UnrolledLoop, certain: int, speculated: int) -> None:
        """Follow at most so many further iterations, those whose test has a constant outcome apart; lanes that want more bail."""
        test = self.scalar(node.test)
        if is_known(test, False):
            return
        is_certain = isinstance(test, Const) and not isinstance(node.test, Const)
        if (certain if is_certain else speculated) == 0:
            if self.frame.function.library or is_certain:
                raise CannotFlatten(NotInLanes("a while loop whose number of iterations is not constant", node.span))
            self.bail_where(node.span, test)
            self.mask = None if is_known(test, True) else self.mask
            return

        def follow() -> None:
            self._iterate(node.span, node.body, loop)
            if self.mask is not None:
                self._iterate_while(node, loop, certain - is_certain, speculated - (not is_certain))

        if isinstance(test, Const):
            follow()
        else:
            self.fork(node.span, test, follow, lambda: None)

    def _enter_loop(self) -> tuple[UnrolledLoop, tuple[Atom | None, UnrolledLoop | None, tuple[int, int, int]]]:
        outer, jumps = self.frame.loop, self.frame.jumps()
        self.frame.loop = UnrolledLoop()
        return self.frame.loop, (self.mask, outer, jumps)

    def _iterate(self, span: Span, body: tuple[Stmt, ...], loop: UnrolledLoop) -> None:
        mask, left = self.mask, (len(self.frame.returns), len(loop.breaks))
        self.execute(body)
        stayed = (len(self.frame.returns), len(loop.breaks)) == left
        self.rejoin(span, loop.continues, mask if stayed else None)
        loop.continues.clear()

    def _leave_loop(
        self,
        span: Span,
        otherwise: tuple[Stmt, ...],
        loop: UnrolledLoop,
        before: tuple[Atom | None, UnrolledLoop | None, tuple[int, int, int]],
    ) -> None:
        mask, self.frame.loop, jumps = before
        self.execute(otherwise)
        self.rejoin(span, loop.breaks, mask if self.frame.jumps() == jumps else None)
