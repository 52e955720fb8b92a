"""Generator functions split in two: one that makes a frame, and one that runs it on to the next `yield`, a flat state machine.

Statements that hold a `yield` are cut into blocks, each with a number: where the generator stands. A loop that goes on with the block at
which it stands runs them; whatever holds no `yield` stays as it is, inside one block. Variables that one block leaves to another are
kept in the frame over a `yield`. While it runs, and after an exception, a generator stands nowhere.

Invariants: no `generator.yield` is left; what is evaluated, and in which order, stays the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from portalis.translator.ir.generators import ENDED, RESULT, RUNNING, SENT, STANDS, VALUE, place_of_own, resume_name
from portalis.translator.ir.nodes import (
    Assign,
    Break,
    Compare,
    Const,
    Continue,
    Evaluate,
    Expr,
    Finally,
    ForRange,
    Function,
    Guard,
    If,
    IfExpr,
    Local,
    Node,
    ObjectOp,
    Param,
    Prim,
    Raise,
    Reraise,
    Return,
    Stmt,
    Try,
    While,
    walk,
)
from portalis.translator.ir.objects import place_in_frame
from portalis.translator.ir.types import BOOL, INT, NONE, TEXT, Type
from portalis.translator.source import Span

_FRAME, _STATE, _WORD, _TOLD = "@frame", "@state", "@stopped", "@told"
_REASON = "a generator that is running, or that raised an exception, is asked for more"


def split_generator(function: Function, stops: bool) -> tuple[Function, Function]:
    """Return what makes generators of a function and what runs them on; with `stops` a StopIteration may come out of its body."""
    return _Machine(function).split(stops)


@dataclass(slots=True)
class _Block:
    """Statements that run without a `yield`, the blocks that may follow, and the `Try` around them: its word and its handler's block."""

    around: tuple[tuple[str, int], ...]
    body: list[Stmt] = field(default_factory=list)
    following: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Way:
    """Where a statement stands: what `break` and `continue` lead to, and the handlers around it, the outermost first."""

    breaks: int = -1
    continues: int = -1
    around: tuple[tuple[str, int], ...] = ()


class _Machine:
    def __init__(self, function: Function) -> None:
        self.function, self.span = function, function.span
        self.types = {**{param.name: param.type for param in function.params}, **dict(function.locals)}
        self.blocks: list[_Block] = []
        self.resumed: list[tuple[int, int]] = []
        # The type of what is sent, where the generators have a place for that.
        self.sent: Type | None = None

    def split(self, stops: bool) -> tuple[Function, Function]:
        first = self._block(())
        last = self._statements(self.function.body, first, _Way())
        if last is not None:
            self._end(self.blocks[last], self.span, None)
        kept = self._kept()
        places = self._places(kept)
        self._save(kept, places)
        return self._make(places), self._resume(places, stops)

    # ------------------------------------------------------------------------------------------------------------- cutting
    def _block(self, around: tuple[tuple[str, int], ...]) -> int:
        self.blocks.append(_Block(around))
        return len(self.blocks) - 1

    def _go(self, block: _Block, span: Span, target: int) -> list[Stmt]:
        block.following.add(target)
        return [Assign(span, _STATE, Const(span, INT, target)), Continue(span)]

    def _statements(self, body: Iterable[Stmt], at: int, way: _Way) -> int | None:
        """Cut statements, from a block on; return the block in which they end, None where they never do."""
        here: int | None = at
        for statement in body:
            if here is None:
                return None
            here = self._statement(statement, here, way)
        return here

    def _statement(self, node: Stmt, at: int, way: _Way) -> int | None:
        block = self.blocks[at]
        match node:
            case _ if not _yields(node):
                block.body += self._whole(node, block, way)
                return None if node.leads == "away" else at
            case Evaluate(span, ObjectOp(_, _, _, (value,))):
                return self._yield(span, value, at, way)
            case Assign(span, target, ObjectOp(_, type_, _, (value, nothing))):
                self.sent = type_
                # Evaluated before: what is sent from now on is for this `yield`.
                block.body.append(self._field_set(span, SENT, nothing))
                after = self._yield(span, value, at, way)
                sent = ObjectOp(span, type_, "frame.get", (self._frame(span),), place_of_own(self.function.result, SENT))
                self.blocks[after].body.append(Assign(span, target, sent))
                return after
            case If(span, test, then, otherwise):
                first, second, after = (self._block(way.around) for _ in range(3))
                block.body.append(If(span, test, tuple(self._go(block, span, first)), tuple(self._go(block, span, second))))
                ends = [
                    self._close(self._statements(body, start, way), span, after) for body, start in ((then, first), (otherwise, second))
                ]
                return after if any(ends) else None
            case While(span, test, body, otherwise):
                return self._loop(span, test, body, otherwise, at, way)
            case ForRange():
                return self._count(node, at, way)
            case Try():
                return self._try(node, at, way)
            case _:
                raise AssertionError(f"{node.span}: no `yield` stands here")

    def _yield(self, span: Span, value: Expr, at: int, way: _Way) -> int:
        after = self._block(way.around)
        self.blocks[at].body.append(self._field_set(span, VALUE, value))
        # What is saved is known when all is cut.
        self.resumed.append((at, after))
        return after

    def _close(self, end: int | None, span: Span, target: int) -> bool:
        if end is not None:
            self.blocks[end].body += self._go(self.blocks[end], span, target)
        return end is not None

    def _loop(
        self, span: Span, test: Expr, body: tuple[Stmt, ...], otherwise: tuple[Stmt, ...], at: int, way: _Way, step: tuple[Stmt, ...] = ()
    ) -> int:
        head, inside, other, after = (self._block(way.around) for _ in range(4))
        self._close(at, span, head)
        block = self.blocks[head]
        block.body.append(If(span, test, tuple(self._go(block, span, inside)), tuple(self._go(block, span, other))))
        self.blocks[inside].body += step
        self._close(self._statements(body, inside, replace(way, breaks=after, continues=head)), span, head)
        self._close(self._statements(otherwise, other, way), span, after)
        return after

    def _count(self, node: ForRange, at: int, way: _Way) -> int:
        span, block = node.span, self.blocks[at]
        here, stop, step = (self._variable(f"@{name}.{len(self.blocks)}", INT) for name in ("here", "stop", "step"))
        for name, value in ((here, node.start), (stop, node.stop), (step, node.step)):
            block.body.append(Assign(span, name, value))
        now, end, by = (Local(span, INT, name) for name in (here, stop, step))
        upwards = Compare(span, BOOL, "gt", by, Const(span, INT, 0))
        test = IfExpr(span, BOOL, upwards, Compare(span, BOOL, "lt", now, end), Compare(span, BOOL, "gt", now, end))
        # The element after the last may leave 64 bits; nobody looks at it, unless it wraps around, which ends the loop where it is seen.
        taken = (Assign(span, node.target, now), Assign(span, here, Prim(span, INT, "int.add", (now, by))))
        return self._loop(span, test, node.body, node.otherwise, at, way, taken)

    def _try(self, node: Try, at: int, way: _Way) -> int | None:
        span = node.span
        handler, after = self._block(way.around), self._block(way.around)
        inner = replace(way, around=(*way.around, (node.word, handler)))
        body, other = self._block(inner.around), self._block(way.around)
        self._close(at, span, body)
        ends = [self._close(self._statements(node.body, body, inner), span, other)]
        ends.append(self._close(self._statements(node.otherwise, other, way), span, after))
        ends.append(self._close(self._statements(node.handler, handler, way), span, after))
        return after if any(ends[1:]) else None

    def _variable(self, name: str, type_: Type) -> str:
        self.types[name] = type_
        return name

    def _whole(self, node: Stmt, block: _Block, way: _Way) -> list[Stmt]:
        """Return a statement without a `yield` as it is, but for its ways out of the loops and the function around it."""
        match node:
            case Return(span, value):
                end = _Block(())
                self._end(end, span, value)
                return end.body
            case Break(span) | Continue(span):
                target = way.breaks if isinstance(node, Break) else way.continues
                return [node] if target < 0 else self._go(block, span, target)
            case If():
                return [replace(node, then=self._all(node.then, block, way), otherwise=self._all(node.otherwise, block, way))]
            case While() | ForRange():
                inside = self._all(node.body, block, replace(way, breaks=-1, continues=-1))
                return [replace(node, body=inside, otherwise=self._all(node.otherwise, block, way))]
            case Try():
                parts = (self._all(part, block, way) for part in (node.body, node.handler, node.otherwise))
                body, handler, otherwise = parts
                return [replace(node, body=body, handler=handler, otherwise=otherwise)]
            case Finally():
                return [replace(node, body=self._all(node.body, block, way), cleanup=self._all(node.cleanup, block, way))]
            case _:
                return [node]

    def _all(self, body: tuple[Stmt, ...], block: _Block, way: _Way) -> tuple[Stmt, ...]:
        return tuple([part for statement in body for part in self._whole(statement, block, way)])

    def _end(self, block: _Block, span: Span, value: Expr | None) -> None:
        """Let the generator end, with what it returns."""
        if value is not None:
            block.body.append(self._field_set(span, RESULT, value))
        block.body.append(self._field_set(span, STANDS, Const(span, INT, ENDED)))
        block.body.append(Return(span, Const(span, BOOL, False)))

    # -------------------------------------------------------------------------------------------------------------- frames
    def _frame(self, span: Span) -> Local:
        return Local(span, self.function.result, _FRAME)

    def _field_set(self, span: Span, index: int, value: Expr) -> Stmt:
        return self._write(span, place_of_own(self.function.result, index), value)

    def _write(self, span: Span, place: str, value: Expr) -> Stmt:
        return Evaluate(span, ObjectOp(span, NONE, "frame.set", (self._frame(span), value), place))

    def _kept(self) -> list[set[str]]:
        """Return for each block the variables that it, or one that follows, reads before it writes them."""
        live: list[set[str]] = [set() for _ in self.blocks]
        follows = [set(block.following) for block in self.blocks]
        for at, after in self.resumed:
            follows[at].add(after)
        changed = True
        while changed:
            changed = False
            for index in reversed(range(len(self.blocks))):
                block = self.blocks[index]
                # An exception may leave at any point.
                handled = set().union(*(live[handler] for _, handler in block.around[-1:]))
                found = _read_first(block.body, set().union(*(live[other] for other in follows[index]))) | handled
                # What is no variable of the function is the module's, and comes with each call.
                found = (found - {_STATE, _FRAME}) & self.types.keys()
                if found != live[index]:
                    live[index], changed = found, True
        return live

    def _places(self, kept: list[set[str]]) -> dict[str, str]:
        """Return where in the frame each variable is kept."""
        names = [param.name for param in self.function.params]
        names += sorted(set().union(*kept) - set(names))
        places: dict[str, str] = {}
        first, slots = place_in_frame(place_of_own(self.function.result, SENT))
        if self.sent is not None:
            first, slots = first + 1, slots + self.sent.slot_count
        for index, name in enumerate(names, start=first):
            places[name] = f"{index}.{slots}"
            slots += self.types[name].slot_count
        places[""] = f"{first + len(names)}.{slots}"
        return places

    def _save(self, kept: list[set[str]], places: dict[str, str]) -> None:
        """Write what a `yield` does: keep what is needed afterwards, remember where to go on, tell that there is a value."""
        for at, after in self.resumed:
            body, span = self.blocks[at].body, self.span
            body += [self._write(span, places[name], Local(span, self.types[name], name)) for name in sorted(kept[after])]
            body.append(self._field_set(span, STANDS, Const(span, INT, after)))
            body.append(Return(span, Const(span, BOOL, True)))

    def _make(self, places: dict[str, str]) -> Function:
        span, type_ = self.span, self.function.result
        body: list[Stmt] = [Assign(span, _FRAME, ObjectOp(span, type_, "frame.of", (), places[""]))]
        body += [self._write(span, places[param.name], Local(span, param.type, param.name)) for param in self.function.params]
        body.append(Return(span, self._frame(span)))
        return replace(self.function, body=tuple(body), locals=((_FRAME, type_),), generates=False, recursive=False)

    def _resume(self, places: dict[str, str], stops: bool) -> Function:
        span, type_ = self.span, self.function.result
        body: list[Stmt] = [Assign(span, _STATE, ObjectOp(span, INT, "frame.get", (self._frame(span),), "0.0"))]
        ended = self._at(ENDED)
        body.append(If(span, ended, (Return(span, Const(span, BOOL, False)),)))
        body.append(If(span, self._at(RUNNING), (Guard(span, _REASON),)))
        body.append(self._field_set(span, STANDS, Const(span, INT, RUNNING)))
        kept = [name for name in places if name]
        body += [Assign(span, name, ObjectOp(span, self.types[name], "frame.get", (self._frame(span),), places[name])) for name in kept]
        running: tuple[Stmt, ...] = (While(span, self._at("*"), self._dispatch()), Return(span, Const(span, BOOL, False)))
        body += self._without_stops(running) if stops else running
        found: dict[str, Type] = {**self.types, _STATE: INT}
        if stops:
            found |= {_WORD: INT, _TOLD: TEXT}
        return replace(
            self.function,
            name=resume_name(self.function.name),
            params=(Param(_FRAME, type_),),
            result=BOOL,
            locals=tuple(found.items()),
            body=tuple(body),
            generates=False,
        )

    def _at(self, where: int | str) -> Expr:
        return ObjectOp(self.span, BOOL, "frame.at", (Local(self.span, INT, _STATE),), str(where))

    def _dispatch(self) -> tuple[Stmt, ...]:
        rest: tuple[Stmt, ...] = (Guard(self.span, _REASON),)
        for index, block in reversed([*enumerate(self.blocks)]):
            body = tuple(block.body)
            for word, handler in reversed(block.around):
                caught = (Assign(self.span, _STATE, Const(self.span, INT, handler)), Continue(self.span))
                body = (Try(self.span, body, word, caught),)
                break
            rest = (If(self.span, self._at(index), body, rest),)
        return rest

    def _without_stops(self, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        """Let a StopIteration that comes out of a generator be a RuntimeError, as CPython does."""
        span = self.span
        word, told = Local(span, INT, _WORD), Local(span, TEXT, _TOLD)
        is_stop = ObjectOp(span, BOOL, "error.is", (word,), "StopIteration")
        again = Evaluate(span, ObjectOp(span, NONE, "error.again", (word, told)))
        handler: tuple[Stmt, ...] = (
            Assign(span, _TOLD, ObjectOp(span, TEXT, "error.told", ())),
            self._field_set(span, STANDS, Const(span, INT, ENDED)),
            If(span, is_stop, (Raise(span, "RuntimeError", "generator raised StopIteration"),), (again, Reraise(span))),
        )
        return (Try(span, body, _WORD, handler),)


def _yields(node: Node) -> bool:
    return any(isinstance(one, ObjectOp) and one.op == "generator.yield" for one in walk(node))


def _read_first(body: Iterable[Stmt], after: set[str]) -> set[str]:
    """Return the variables that statements read before they write them, or leave to what follows, which reads `after`."""
    live = set(after)
    for statement in reversed([*body]):
        if isinstance(statement, Assign):
            live.discard(statement.target)
        live |= {node.name for node in walk(statement) if isinstance(node, Local)}
    return live
