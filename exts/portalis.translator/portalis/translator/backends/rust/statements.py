"""IR functions as Rust functions whose variables are not declared yet: the first of the steps that make a function."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from portalis.translator.backends.rust import tree
from portalis.translator.backends.rust.effects import effects, falls_through, is_droppable
from portalis.translator.backends.rust.errors import ENTERING
from portalis.translator.backends.rust.frames import error_words, is_nothing
from portalis.translator.backends.rust.hoist import negated
from portalis.translator.backends.rust.literals import string_literal
from portalis.translator.backends.rust.loops import Loops
from portalis.translator.backends.rust.names import identifier
from portalis.translator.backends.rust.operations import to_single
from portalis.translator.backends.rust.settle import settle
from portalis.translator.backends.rust.traversal import walk_body
from portalis.translator.backends.rust.tree import UNIT, Body, Expr, Stmt
from portalis.translator.backends.rust.type_names import NotInRust, is_array
from portalis.translator.backends.rust.writer import is_single
from portalis.translator.ir import nodes as ir
from portalis.translator.ir.errors import recursion_site
from portalis.translator.ir.types import BOOL, FLOAT, INT, TEXT, TupleType

# What makes an error whose message is computed, by the form of that.
_MAKERS: dict[ir.MessageForm, str] = {"text": "raise_text", "literal": "raise_literal", "arguments": "raise_arguments"}
_TRUE = tree.Literal("true", "other")
_FALSE = tree.Literal("false", "other")
_SCALARS = (INT, FLOAT, BOOL)
# How often the cleaning up of a function is written at most.
_MOST_COPIES = 64
_UPDATES = frozenset({"+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"})


@dataclass(frozen=True, slots=True)
class _Cleaning:
    """A `Finally` whose body is being translated, and what was around it: loops, handlers, exceptions that were caught."""

    cleanup: tuple[ir.Stmt, ...]
    frames: int
    catching: int
    caught: int


@dataclass
class Statements(Loops):
    """Translates the statements of one function."""

    cleaning: list[_Cleaning] = field(default_factory=list)
    # What was told or given back for the exception that is raised next.
    prepared: ir.ObjectOp | None = None
    # How many times something that cleans up was begun.
    copies: int = 0

    def body(self) -> Body:
        """Return the function's body."""
        self.errors |= {self.locals[word] for word in error_words(self.function)}
        body = list(self.statements(self.function.body))
        if self.function.recursive:
            site = tree.Path(self.world.site(recursion_site(self.function), self.callee.module))
            body.insert(0, tree.Let("_depth", tree.Try(tree.Call(ENTERING[self.function.deep], (site,)))))
        if self.callee.fallible and falls_through(tuple(body)):
            body.append(tree.Return(self.wrapped(UNIT)))
        return tuple(body)

    def protected(self, node: ir.Try) -> Body:
        """Return a `try`: a loop that its body leaves with an exception, inside one that it leaves without."""
        error = self.locals[node.word]
        self.world.catches = True
        left, done = self.label(), self.label()
        self.catching.append((error, left))
        body = self.statements(node.body)
        self.catching.pop()
        otherwise = self.statements(node.otherwise) if falls_through(body) else ()
        self.caught.append(error)
        handler = self.statements(node.handler)
        self.caught.pop()
        attempt = tree.Loop(left, (*body, *otherwise, tree.Break(done)))
        return (tree.Loop(done, (attempt, *handler, tree.Break(done))),)

    def cleaned(self, node: ir.Finally) -> Body:
        """Return a `try` with `finally`: what cleans up is written on every way out, as CPython compiles it, too."""
        self.copies += 1
        if self.copies > _MOST_COPIES:
            raise NotInRust(f"{node.span}: what cleans up would be written too many times")
        error = self.scope.take("failure")
        self.errors.add(error)
        self.world.catches = True
        left, done = self.label(), self.label()
        self.cleaning.append(_Cleaning(node.cleanup, len(self.frames), len(self.catching), len(self.caught)))
        self.catching.append((error, left))
        body = self.statements(node.body)
        self.catching.pop()
        self.cleaning.pop()
        otherwise = (*self.statements(node.cleanup), tree.Break(done)) if falls_through(body) else ()
        if not _leaves(body, left):
            return (tree.Loop(done, (*body, *otherwise)),) if _leaves(body, done) or otherwise else body
        failed = (*self.statements(node.cleanup), *self.passed_on(tree.Var(error)))
        return (tree.Loop(done, (tree.Loop(left, (*body, *otherwise)), *failed)),)

    def passed_on(self, error: Expr) -> Body:
        """Return the statements that go on with an exception where it went before something cleaned up."""
        if not self.catching:
            return (tree.Return(tree.Call("Err", (error,), pure=True)),)
        place, label = self.catching[-1]
        return (tree.Assign(tree.Var(place), error), tree.Break(label))

    def cleaning_up(self, depth: int) -> Body:
        """Return what cleans up on a way out of all but the first `depth` `Finally`s around, the innermost first."""
        kept = self.cleaning, self.frames, self.catching, self.caught
        body: list[Stmt] = []
        while len(self.cleaning) > depth:
            last = self.cleaning[-1]
            self.cleaning, self.frames = self.cleaning[:-1], self.frames[: last.frames]
            self.catching, self.caught = self.catching[: last.catching], self.caught[: last.caught]
            body += self.statements(last.cleanup)
            if not falls_through(tuple(body)):
                break
        self.cleaning, self.frames, self.catching, self.caught = kept
        return tuple(body)

    def jump(self, statement: tree.Break | tree.Continue) -> Body:
        """Return a way out of the innermost loop's body, or on to its next round."""
        loop = len(self.frames)
        depth = sum(cleaning.frames < loop for cleaning in self.cleaning)
        inside = sum(cleaning.frames >= loop for cleaning in self.cleaning)
        cleaned = self.cleaning_up(depth) if inside else ()
        return (*cleaned, statement)

    def returned(self, value: ir.Expr) -> Body:
        """Return a way out of the function."""
        no_value = is_nothing(self.function.result)
        found = self.expr(value)
        if not self.cleaning:
            if no_value and isinstance(found, tree.Try):
                return (tree.Return(found.value),)
            # A value that is None may have an effect all the same.
            return (*self.effect(found), tree.Return(self.wrapped(UNIT))) if no_value else (tree.Return(self.wrapped(found)),)
        if no_value:
            return (*self.effect(found), *self.cleaning_up(0), tree.Return(self.wrapped(UNIT)))
        kept = self.fresh("result", self.function.result)
        given: Expr = tree.Var(kept)
        given = given if self.function.result.duplicable else tree.Clone(given)
        return (tree.Assign(tree.Var(kept), found), *self.cleaning_up(0), tree.Return(self.wrapped(given)))

    def wrapped(self, value: Expr) -> Expr:
        """Return a value as the function's result."""
        if not self.callee.fallible:
            return value
        return value.value if isinstance(value, tree.Try) else tree.Call("Ok", (value,), pure=True)

    def statements(self, body: tuple[ir.Stmt, ...]) -> Body:
        """Return IR statements as Rust statements."""
        found: list[Stmt] = []
        for index, statement in enumerate(_returning(body)):
            asked = None if self.caught else _asked_of(body, index)
            if asked is not None:
                self.caught.append(self.locals[asked])
            found += self.statement(statement)
            if asked is not None:
                self.caught.pop()
        return tuple(found)

    def statement(self, node: ir.Stmt) -> Body:
        """Return the Rust statements of one IR statement."""
        if self.prepared is not None and not isinstance(node, ir.Fail):
            raise NotInRust(f"{node.span}: what comes with an exception is told right before it is raised")
        match node:
            case ir.Evaluate(_, ir.ObjectOp(_, _, "error.tell" | "error.again") as prepared):
                self.prepared = prepared
                return ()
            case ir.Assign(_, target, value):
                return self.assign(target, value)
            case ir.Store():
                return self.store(node)
            case ir.Evaluate(_, value):
                return (tree.Do(self.expr(value)),)
            case ir.If(_, ir.ObjectOp(_, _, "error.is") as test, then, otherwise) if (known := self.expr(test)) in (_TRUE, _FALSE):
                return self.statements(then if known == _TRUE else otherwise)
            case ir.If(_, test, then, otherwise):
                return self.conditional(self.expr(test), self.statements(then), self.statements(otherwise))
            case ir.While():
                return self.while_loop(node)
            case ir.ForRange():
                return self.for_range(node)
            case ir.Break():
                frame = self.frames[-1]
                clear: Body = (tree.Assign(tree.Var(frame.completed), _FALSE),) if frame.completed else ()
                return (*clear, *self.jump(tree.Break(frame.label)))
            case ir.Continue():
                return self.jump(tree.Continue(self.frames[-1].label))
            case ir.Return(_, value):
                return self.returned(value)
            case ir.Fail():
                return self.failure(node)
            case ir.Try():
                return self.protected(node)
            case ir.Finally():
                return self.cleaned(node)
            case ir.Raise() | ir.Reraise() | ir.Guard():
                raise AssertionError(f"{node.span} has no error edge")
            case _:
                assert_never(node)

    def failure(self, node: ir.Fail) -> Body:
        """Return the statement that leaves with an error."""
        prepared, self.prepared = self.prepared, None
        name, message = tree.Literal(string_literal(node.cause.name), "other"), node.cause.message
        kind = tree.Path(self.world.kinds.path(node.cause.name) if node.cause.kind == "exception" else "Kind::Guard")
        match node.cause.kind:
            case "exception" if node.cause.form != "constant":
                if prepared is None or prepared.op != "error.tell":
                    raise NotInRust(f"{node.span}: the message was told elsewhere")
                self.world.types.name_of(TEXT)
                told = self.expr(prepared.args[0])
                error: Expr = tree.Method(kind, _MAKERS[node.cause.form], (told, self.site(node)), pure=True, heap="read")
            case "exception":
                error = self.raised(kind, node.cause.name, message, self.site(node))
            case "guard":
                error = tree.Call("Error::guard", (name, self.site(node)), pure=True)
            case "again":
                if prepared is None or prepared.op != "error.again":
                    raise NotInRust(f"{node.span}: what is raised again was given back elsewhere")
                return self.leaving(node, tree.Clone(self.caught_error(prepared)))
            case "call":
                raise AssertionError(f"{node.span}: a call is an expression")
        return self.leaving(node, error)

    def raised(self, kind: Expr, name: str, message: str | None, site: Expr) -> Expr:
        """Return an exception without arguments, or with a constant text."""
        if message is None:
            return tree.Method(kind, "raise_bare", (site,), pure=True)
        texts = [message, shown] if (shown := self.world.shown_message(name, message)) != message else [message]
        literals = tuple(tree.Literal(string_literal(text), "other") for text in texts)
        return tree.Method(kind, "raise_key" if len(texts) > 1 else "raise", (*literals, site), pure=True)

    def leaving(self, node: ir.Fail, error: Expr) -> Body:
        """Return the statements that leave with an error."""
        match node.edge.target:
            case "leave":
                return (tree.Return(tree.Call("Err", (error,), pure=True)),)
            case "handler":
                place, label = self.catching[-1]
                return (tree.Assign(tree.Var(place), error), tree.Break(label))
            case _:
                assert_never(node.edge.target)

    @staticmethod
    def effect(value: Expr) -> Body:
        """Return what evaluating a value does besides."""
        return () if is_droppable(value) else (tree.Do(value),)

    @staticmethod
    def conditional(test: Expr, then: Body, otherwise: Body) -> Body:
        """Return a conditional statement, the other way round where only its `else` has statements."""
        if not then and otherwise:
            return (tree.If(negated(test), otherwise),)
        return (tree.If(test, then, otherwise),)

    # ------------------------------------------------------------------------------------------------------- assignments
    def assign(self, target: str, value: ir.Expr) -> Body:
        """Return an assignment to a local variable, or to all of a by_ref parameter."""
        if is_nothing(value.type):
            return self.effect(self.expr(value))
        variable = tree.Var(self.locals[target])
        place = tree.Unary("*", variable) if variable.name in self.references else variable
        assignment = tree.Assign(place, self.expr(value))
        return (updated(assignment) if value.type in _SCALARS else assignment,)

    def store(self, node: ir.Store) -> Body:
        """Return an assignment to a part of an aggregate."""
        value = self.expr(node.value)
        base = self.place(node.place.value)
        match node.place:
            case ir.FieldLoad(_, _, _, name):
                place: Expr = tree.Field(base, identifier(name))
            case ir.ElementLoad(_, _, aggregate, index):
                if isinstance(aggregate.type, TupleType) and not is_array(aggregate.type):
                    assert isinstance(index, ir.Const), "a tuple's elements are replaced one by one"
                    place = tree.Field(base, str(index.value))
                else:
                    place = tree.Index(base, self.offset(index))
                if is_single(aggregate.type):
                    value = self.single(node.value)
            case _:
                assert_never(node.place)
        if effects(place).writes:
            body, names = self.spilled([("value", node.value.type, self.expr(node.value))])
            pins, pinned = self.pinned(node.place)
            assert isinstance(pinned, ir.FieldLoad | ir.ElementLoad)
            stored = to_single(names[0]) if is_single(node.place.value.type) else names[0]
            return (*body, *pins, tree.Assign(self.place(pinned), stored))
        return (updated(tree.Assign(place, value)) if node.value.type in _SCALARS else tree.Assign(place, value),)

    def place(self, node: ir.Expr) -> Expr:
        """Return a place as what may stand on the left of `=`."""
        loads = ir.place_steps(node)
        place = self.base(loads[0].value if loads else node)
        for load in loads:
            match load:
                case ir.FieldLoad(_, _, _, name):
                    place = tree.Field(place, identifier(name))
                case ir.ElementLoad(_, _, value, index):
                    if isinstance(value.type, TupleType) and not is_array(value.type):
                        assert isinstance(index, ir.Const), "an item of a tuple is a place only under a constant index"
                        place = tree.Field(place, str(index.value))
                    else:
                        place = tree.Index(place, self.offset(index))
                case _:
                    assert_never(load)
        return place


def _returning(body: tuple[ir.Stmt, ...]) -> tuple[ir.Stmt, ...]:
    """Return statements that give what their last call gives where that is nothing, as a function does that ends in one."""
    match body:
        case (*before, ir.Evaluate(span, ir.Fallible(_, type_, ir.Call()) as call), ir.Return(_, ir.Const(_, _, None))):
            return (*before, ir.Return(span, call)) if is_nothing(type_) else body
    return body


def _asked_of(body: tuple[ir.Stmt, ...], index: int) -> str | None:
    """Return the error word whose text a statement asks for where no handler is around, as in a generator: what follows asks of it, too."""
    statement = body[index]
    if not (isinstance(statement, ir.Assign) and isinstance(statement.value, ir.ObjectOp) and statement.value.op == "error.told"):
        return None
    parts = (part for later in body[index + 1 :] for part in ir.walk(later) if isinstance(part, ir.ObjectOp))
    asked = (part.args[0] for part in parts if part.op.startswith("error.") and part.args)
    return next((word.name for word in asked if isinstance(word, ir.Local)), None)


def _leaves(body: Body, label: str) -> bool:
    return any(isinstance(part, tree.Break | tree.Catch) and part.label == label for part in walk_body(body))


def updated(statement: tree.Assign) -> Stmt:
    """Return `place op= value` for `place = place op value` where that is the same."""
    place, value = statement.place, statement.value
    if not isinstance(value, tree.Binary) or value.op not in _UPDATES or value.left != place or isinstance(value.right, tree.Block):
        return statement
    # A compound assignment to a primitive evaluates its right side first.
    if effects(value.right).writes & effects(place).reads or not effects(place).pure:
        return statement
    return tree.Update(value.op, place, settle(value.right) if value.op in ("<<", ">>") else value.right)
