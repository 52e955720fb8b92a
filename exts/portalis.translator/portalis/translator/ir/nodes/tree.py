"""The nodes of the typed IR: a structured tree that says everything Python leaves implicit.

Evaluation is strict, left to right in the order of `children`. Names are already resolved and unique in their function; types are
complete; every conversion, bounds check and call target is explicit. Every node is frozen, its span first, then (for an
expression) its type. What a node may do besides giving its value is stated on its class (`facts.py`) and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from portalis.translator.ir.nodes.facts import Edge, Ending, Leads, Leaf, MessageForm, NodeFacts, Quiet, Writes
from portalis.translator.ir.objects import OBJECT_OPS
from portalis.translator.ir.ops import OPS, OVERFLOW_REASON, SELECT
from portalis.translator.ir.types import Type
from portalis.translator.source import Span

Overflow: TypeAlias = Literal["checked", "proven"]
Comparison: TypeAlias = Literal["lt", "le", "gt", "ge", "eq", "ne"]
Literals: TypeAlias = int | float | bool | str | bytes | None
_OVERFLOW = Ending("guard", OVERFLOW_REASON)
_AGAIN = Ending("again", "")


# ----------------------------------------------------------------------------------------------------------- expressions
@dataclass(frozen=True, slots=True, eq=False)
class Const(Leaf, Quiet):
    """A constant of type int, float, bool, None or str (either kind)."""

    span: Span
    type: Type
    value: Literals


@dataclass(frozen=True, slots=True, eq=False)
class Local(Leaf, Quiet):
    """The value of a parameter or local variable, which is assigned on every path that leads here. A place."""

    span: Span
    type: Type
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class FieldLoad(Quiet):
    """One field of a record. A place where `value` is one."""

    span: Span
    type: Type
    value: Expr
    name: str

    children: ClassVar[tuple[str, ...]] = ("value",)


@dataclass(frozen=True, slots=True, eq=False)
class ElementLoad(Quiet):
    """One element of an aggregate; `index` is in 0 … length - 1 (a `Bound` or a constant saw to it). A place where `value` is one.

    A tuple whose elements differ in type has a constant index.
    """

    span: Span
    type: Type
    value: Expr
    index: Expr

    children: ClassVar[tuple[str, ...]] = ("value", "index")


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """A Python index made an offset: negative counts from the end; raises IndexError(`message`) when outside `length`."""

    span: Span
    type: Type
    index: Expr
    length: int
    message: str

    children: ClassVar[tuple[str, ...]] = ("index",)
    writes: ClassVar[Writes] = "nothing"
    leads: ClassVar[Leads] = "on"

    def ending(self) -> Ending | None:
        return Ending("exception", "IndexError", self.message)


@dataclass(frozen=True, slots=True, eq=False)
class Make(Quiet):
    """A new aggregate from its elements in storage order (its type's `elements`). A single vector's elements are rounded already."""

    span: Span
    type: Type
    items: tuple[Expr, ...]

    children: ClassVar[tuple[str, ...]] = ("items",)


@dataclass(frozen=True, slots=True, eq=False)
class Prim:
    """A primitive operation from `ops.OPS`. Where the op may overflow and `overflow` is "checked", it stops with a guard instead."""

    span: Span
    type: Type
    op: str
    args: tuple[Expr, ...]
    overflow: Overflow = "checked"

    children: ClassVar[tuple[str, ...]] = ("args",)
    writes: ClassVar[Writes] = "nothing"
    leads: ClassVar[Leads] = "on"

    def ending(self) -> Ending | None:
        return _OVERFLOW if self.overflow == "checked" and self.op != SELECT and OPS[self.op].may_overflow else None


@dataclass(frozen=True, slots=True, eq=False)
class ObjectOp:
    """An operation on objects from `objects.OBJECT_OPS`; `name` is the field of a record or the classes that it asks about."""

    span: Span
    type: Type
    op: str
    args: tuple[Expr, ...]
    name: str = ""

    children: ClassVar[tuple[str, ...]] = ("args",)
    leads: ClassVar[Leads] = "on"

    @property
    def writes(self) -> Writes:
        return OBJECT_OPS[self.op].effect

    def ending(self) -> Ending | None:
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Compare(Quiet):
    """One comparison of two operands of the same scalar type; floats compare as IEEE 754 says. Chains are made of `Sequence`."""

    span: Span
    type: Type
    op: Comparison
    left: Expr
    right: Expr

    children: ClassVar[tuple[str, ...]] = ("left", "right")


@dataclass(frozen=True, slots=True, eq=False)
class BoolOp(Quiet):
    """Short-circuit `and` / `or` of two bools."""

    span: Span
    type: Type
    op: Literal["and", "or"]
    left: Expr
    right: Expr

    children: ClassVar[tuple[str, ...]] = ("left", "right")


@dataclass(frozen=True, slots=True, eq=False)
class IfExpr(Quiet):
    """`then` where `test` (a bool) holds, else `otherwise`; only the chosen one is evaluated."""

    span: Span
    type: Type
    test: Expr
    then: Expr
    otherwise: Expr

    children: ClassVar[tuple[str, ...]] = ("test", "then", "otherwise")


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A direct call. An argument whose parameter is `by_ref` is a place, and no two such arguments overlap.

    Raises what the callee raises, and RecursionError where the callee is recursive and the depth is used up.
    """

    span: Span
    type: Type
    function: str
    args: tuple[Expr, ...]

    children: ClassVar[tuple[str, ...]] = ("args",)
    writes: ClassVar[Writes] = "callee"
    leads: ClassVar[Leads] = "on"

    def ending(self) -> Ending | None:
        return Ending("call", self.function)


@dataclass(frozen=True, slots=True, eq=False)
class Sequence(Quiet):
    """Statements run for their effect on locals, then the value of `value`; holds no return, break or continue."""

    span: Span
    type: Type
    body: tuple[Stmt, ...]
    value: Expr

    children: ClassVar[tuple[str, ...]] = ("body", "value")


@dataclass(frozen=True, slots=True, eq=False)
class Fallible(Quiet):
    """The value of an expression that can end the call, and where control goes where it does. Only `passes/lowering/` makes them."""

    span: Span
    type: Type
    value: Bound | Prim | Call
    edge: Edge

    children: ClassVar[tuple[str, ...]] = ("value",)


Expr: TypeAlias = (
    Const | Local | FieldLoad | ElementLoad | Bound | Make | Prim | ObjectOp | Compare | BoolOp | IfExpr | Call | Sequence | Fallible
)  # fmt: skip


# ------------------------------------------------------------------------------------------------------------ statements
@dataclass(frozen=True, slots=True, eq=False)
class Assign:
    """Give local `target` a new value."""

    span: Span
    target: str
    value: Expr

    children: ClassVar[tuple[str, ...]] = ("value",)
    writes: ClassVar[Writes] = "local"
    leads: ClassVar[Leads] = "on"

    def ending(self) -> Ending | None:
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Store:
    """Replace part of an aggregate in place: `place` is a FieldLoad or ElementLoad that is a place.

    The value is evaluated first, then the place's indices from the outside in (Python evaluates `a[i()] = v()` in that order).
    """

    span: Span
    place: FieldLoad | ElementLoad
    value: Expr

    children: ClassVar[tuple[str, ...]] = ("value", "place")
    writes: ClassVar[Writes] = "place"
    leads: ClassVar[Leads] = "on"

    def ending(self) -> Ending | None:
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Evaluate(Quiet):
    """Evaluate for effect."""

    span: Span
    value: Expr

    children: ClassVar[tuple[str, ...]] = ("value",)


@dataclass(frozen=True, slots=True, eq=False)
class If(Quiet):
    """A conditional statement; `test` is a bool."""

    span: Span
    test: Expr
    then: tuple[Stmt, ...]
    otherwise: tuple[Stmt, ...] = ()

    children: ClassVar[tuple[str, ...]] = ("test", "then", "otherwise")


@dataclass(frozen=True, slots=True, eq=False)
class While:
    """`while test: body` with Python's `else`: `otherwise` runs when the test fails, not after a break."""

    span: Span
    test: Expr
    body: tuple[Stmt, ...]
    otherwise: tuple[Stmt, ...] = ()

    children: ClassVar[tuple[str, ...]] = ("test", "body", "otherwise")
    writes: ClassVar[Writes] = "nothing"
    leads: ClassVar[Leads] = "round"

    def ending(self) -> Ending | None:
        return None


@dataclass(frozen=True, slots=True, eq=False)
class ForRange:
    """`for target in range(start, stop, step): body` with Python's `else`.

    The three are ints, evaluated once, in order; `step` is not zero (lowering checks it before). Assigning to `target` in the body does
    not change the iteration; where there is no iteration, `target` keeps its value.
    """

    span: Span
    target: str
    start: Expr
    stop: Expr
    step: Expr
    body: tuple[Stmt, ...]
    otherwise: tuple[Stmt, ...] = ()

    children: ClassVar[tuple[str, ...]] = ("start", "stop", "step", "body", "otherwise")
    writes: ClassVar[Writes] = "local"
    leads: ClassVar[Leads] = "round"

    def ending(self) -> Ending | None:
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Try:
    """Run `body`; where an exception ends it, give the int local `word` its error word and run `handler`; where nothing did, `otherwise`.

    What ends `handler` and `otherwise` ends the statement. Guards are no exceptions: they end the call. Which exception it was,
    `error.is` tells of the word; `error.told` gives the text that came with it, if it is asked before anything else is raised.
    """

    span: Span
    body: tuple[Stmt, ...]
    word: str
    handler: tuple[Stmt, ...]
    otherwise: tuple[Stmt, ...] = ()

    children: ClassVar[tuple[str, ...]] = ("body", "handler", "otherwise")
    writes: ClassVar[Writes] = "local"
    leads: ClassVar[Leads] = "on"

    def ending(self) -> Ending | None:
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Finally(Quiet):
    """Run `body`, and `cleanup` however control leaves that: at its end, by a jump, a return or an exception, but not by a guard.

    Then control goes on where it went, with the same value or exception, unless `cleanup` itself leaves.
    """

    span: Span
    body: tuple[Stmt, ...]
    cleanup: tuple[Stmt, ...]

    children: ClassVar[tuple[str, ...]] = ("body", "cleanup")


@dataclass(frozen=True, slots=True, eq=False)
class Break(Leaf):
    """Leave the innermost loop without its `else`."""

    span: Span

    writes: ClassVar[Writes] = "nothing"
    leads: ClassVar[Leads] = "away"

    def ending(self) -> Ending | None:
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Continue(Leaf):
    """Go on with the innermost loop's next iteration."""

    span: Span

    writes: ClassVar[Writes] = "nothing"
    leads: ClassVar[Leads] = "away"

    def ending(self) -> Ending | None:
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Return:
    """Leave the function; `value` has the function's result type (a None constant where it has none)."""

    span: Span
    value: Expr

    children: ClassVar[tuple[str, ...]] = ("value",)
    writes: ClassVar[Writes] = "nothing"
    leads: ClassVar[Leads] = "away"

    def ending(self) -> Ending | None:
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Raise(Leaf):
    """Raise a built-in exception; `message` None means raised without arguments, or with what was told last where `form` says so."""

    span: Span
    exception: str
    message: str | None
    form: MessageForm = "constant"

    writes: ClassVar[Writes] = "nothing"
    leads: ClassVar[Leads] = "away"

    def ending(self) -> Ending | None:
        return Ending("exception", self.exception, self.message, self.form)


@dataclass(frozen=True, slots=True, eq=False)
class Reraise(Leaf):
    """End as the error that `error.again` gave back right before: the same class, arguments and place."""

    span: Span

    writes: ClassVar[Writes] = "nothing"
    leads: ClassVar[Leads] = "away"

    def ending(self) -> Ending | None:
        return _AGAIN


@dataclass(frozen=True, slots=True, eq=False)
class Guard(Leaf):
    """Stop the call: a value leaves the typed world. User code cannot catch it."""

    span: Span
    reason: str

    writes: ClassVar[Writes] = "nothing"
    leads: ClassVar[Leads] = "away"

    def ending(self) -> Ending | None:
        return Ending("guard", self.reason)


@dataclass(frozen=True, slots=True, eq=False)
class Fail(Leaf):
    """What `passes/lowering/` makes of `Raise`, `Reraise` and `Guard`: end in the error `cause`, and go along `edge`."""

    span: Span
    cause: Ending
    edge: Edge

    writes: ClassVar[Writes] = "nothing"
    leads: ClassVar[Leads] = "away"

    def ending(self) -> Ending | None:
        return self.cause


Stmt: TypeAlias = (
    Assign | Store | Evaluate | If | While | ForRange | Try | Finally | Break | Continue | Return | Raise | Reraise | Guard | Fail
)  # fmt: skip
Node: TypeAlias = Expr | Stmt
EXPRESSIONS = (Const, Local, FieldLoad, ElementLoad, Bound, Make, Prim, ObjectOp, Compare, BoolOp, IfExpr, Call, Sequence, Fallible)
STATEMENTS = (Assign, Store, Evaluate, If, While, ForRange, Try, Finally, Break, Continue, Return, Raise, Reraise, Guard, Fail)
NODES = EXPRESSIONS + STATEMENTS


def _facts(node: Node) -> NodeFacts:
    # For mypy alone: a node without its facts is an error here.
    return node
