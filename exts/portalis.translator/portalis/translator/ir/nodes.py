"""The nodes of the typed IR: a structured tree that says everything Python leaves implicit.

Evaluation is strict and left to right in field order. Names are already resolved and unique in their function; types are
complete; every conversion, bounds check and call target is explicit. Every node is frozen, its span first, then (for an
expression) its type. What a node may raise is stated in its docstring and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal, TypeAlias

from portalis.translator.ir.types import RecordType, Type
from portalis.translator.source import Span

Overflow: TypeAlias = Literal["checked", "proven"]
Comparison: TypeAlias = Literal["lt", "le", "gt", "ge", "eq", "ne"]
Literals: TypeAlias = int | float | bool | str | None


# ----------------------------------------------------------------------------------------------------------- expressions
@dataclass(frozen=True, slots=True, eq=False)
class Const:
    """A constant of type int, float, bool, None or str."""

    span: Span
    type: Type
    value: Literals


@dataclass(frozen=True, slots=True, eq=False)
class Local:
    """The value of a parameter or local variable, which is assigned on every path that leads here. A place."""

    span: Span
    type: Type
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class FieldLoad:
    """One field of a record. A place where `value` is one."""

    span: Span
    type: Type
    value: Expr
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class ElementLoad:
    """One element of an aggregate; `index` is in 0 … length - 1 (a `Bound` or a constant saw to it). A place where `value` is one.

    A tuple whose elements differ in type has a constant index.
    """

    span: Span
    type: Type
    value: Expr
    index: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """A Python index made an offset: negative counts from the end; raises IndexError(`message`) when outside `length`."""

    span: Span
    type: Type
    index: Expr
    length: int
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Make:
    """A new aggregate from its elements in storage order (`types.elements`). A single vector's elements are rounded already."""

    span: Span
    type: Type
    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Prim:
    """A primitive operation from `ops.OPS`. Where the op may overflow and `overflow` is "checked", it stops with a guard instead."""

    span: Span
    type: Type
    op: str
    args: tuple[Expr, ...]
    overflow: Overflow = "checked"


@dataclass(frozen=True, slots=True, eq=False)
class Compare:
    """One comparison of two operands of the same scalar type; floats compare as IEEE 754 says. Chains are made of `Sequence`."""

    span: Span
    type: Type
    op: Comparison
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True, eq=False)
class BoolOp:
    """Short-circuit `and` / `or` of two bools."""

    span: Span
    type: Type
    op: Literal["and", "or"]
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True, eq=False)
class IfExpr:
    """`then` where `test` (a bool) holds, else `otherwise`; only the chosen one is evaluated."""

    span: Span
    type: Type
    test: Expr
    then: Expr
    otherwise: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A direct call. An argument whose parameter is `by_ref` is a place, and no two such arguments overlap.

    Raises what the callee raises, and RecursionError where the callee is recursive and the depth is used up.
    """

    span: Span
    type: Type
    function: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """Statements run for their effect on locals, then the value of `value`; holds no return, break or continue."""

    span: Span
    type: Type
    body: tuple[Stmt, ...]
    value: Expr


Expr: TypeAlias = Const | Local | FieldLoad | ElementLoad | Bound | Make | Prim | Compare | BoolOp | IfExpr | Call | Sequence


# ------------------------------------------------------------------------------------------------------------ statements
@dataclass(frozen=True, slots=True, eq=False)
class Assign:
    """Give local `target` a new value."""

    span: Span
    target: str
    value: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Store:
    """Replace part of an aggregate in place: `place` is a FieldLoad or ElementLoad that is a place.

    The value is evaluated first, then the place's indices from the outside in (Python evaluates `a[i()] = v()` in that order).
    """

    span: Span
    place: FieldLoad | ElementLoad
    value: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Evaluate:
    """Evaluate for effect."""

    span: Span
    value: Expr


@dataclass(frozen=True, slots=True, eq=False)
class If:
    """A conditional statement; `test` is a bool."""

    span: Span
    test: Expr
    then: tuple[Stmt, ...]
    otherwise: tuple[Stmt, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class While:
    """`while test: body` with Python's `else`: `otherwise` runs when the test fails, not after a break."""

    span: Span
    test: Expr
    body: tuple[Stmt, ...]
    otherwise: tuple[Stmt, ...] = ()


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


@dataclass(frozen=True, slots=True, eq=False)
class Break:
    """Leave the innermost loop without its `else`."""

    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Continue:
    """Go on with the innermost loop's next iteration."""

    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Return:
    """Leave the function; `value` has the function's result type (a None constant where it has none)."""

    span: Span
    value: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Raise:
    """Raise a built-in exception; `message` None means raised without arguments."""

    span: Span
    exception: str
    message: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Guard:
    """Stop the call: a value leaves the typed world. User code cannot catch it."""

    span: Span
    reason: str


Stmt: TypeAlias = Assign | Store | Evaluate | If | While | ForRange | Break | Continue | Return | Raise | Guard
Node: TypeAlias = Expr | Stmt


# --------------------------------------------------------------------------------------------------------------- program
@dataclass(frozen=True, slots=True)
class Param:
    """A parameter; one that is `by_ref` is changed in place by the callee, and the caller sees it."""

    name: str
    type: Type
    by_ref: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """One specialisation of one function: parameters and locals are unique names with one type each.

    `name` is unique in the program (`integrate`, `integrate.2`, `math.sin`); `display` is what the user wrote. `library` functions come
    from `library/`: their spans lie there, and an error raised inside is reported at the user's call.
    """

    span: Span
    name: str
    display: str
    params: tuple[Param, ...]
    result: Type
    locals: tuple[tuple[str, Type], ...]
    body: tuple[Stmt, ...]
    library: bool = False
    recursive: bool = False
    docstring: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Behaviour:
    """What a host binds: a function, or a class whose methods are the entries `on_init`, `on_play`, `on_update`, `on_stop`.

    For a function there is one entry, "update"; `outputs` names the elements that its result consists of, in order (`state` is None).
    For a class every entry takes `self` by reference and returns None; `state` is its record and `initial` holds the constant that each
    field starts from.
    """

    name: str
    entries: tuple[tuple[str, str], ...]
    outputs: tuple[tuple[str, Type], ...]
    state: RecordType | None = None
    initial: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A closed world: every function that `entry` can reach, callees before callers where there is no recursion.

    `strings` holds every str constant, sorted by code points, so that comparing indices compares strings. `target` is the CPython
    version (major, minor) whose behaviour is meant. `identity` tells, for each part of the entry's result that is one of the caller's own
    arguments, the path into the result and the parameter: () for the whole result, (1,) for the second element of a tuple.
    """

    functions: tuple[Function, ...]
    entry: str
    strings: tuple[str, ...]
    target: tuple[int, int]
    behaviour: Behaviour | None = None
    identity: tuple[tuple[tuple[int, ...], str], ...] = ()

    def function(self, name: str) -> Function:
        """Return the function called `name`; KeyError where there is none."""
        for function in self.functions:
            if function.name == name:
                return function
        raise KeyError(name)


EXPRESSIONS = (Const, Local, FieldLoad, ElementLoad, Bound, Make, Prim, Compare, BoolOp, IfExpr, Call, Sequence)
STATEMENTS = (Assign, Store, Evaluate, If, While, ForRange, Break, Continue, Return, Raise, Guard)
NODES = EXPRESSIONS + STATEMENTS


_FIELDS = {kind: tuple(field.name for field in fields(kind) if field.name not in ("span", "type")) for kind in NODES}


def children(node: Node) -> Iterator[Node]:
    """Yield a node's direct children in evaluation order of its fields."""
    for name in _FIELDS[type(node)]:
        value = getattr(node, name)
        if type(value) in _FIELDS:
            yield value
        elif type(value) is tuple:
            yield from (item for item in value if type(item) in _FIELDS)


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it, parents first."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending += reversed([*children(node)])


def walk_function(function: Function) -> Iterator[Node]:
    """Yield every node of a function's body, parents first."""
    for statement in function.body:
        yield from walk(statement)


def is_place(expr: Expr) -> bool:
    """Tell whether an expression names storage: a local, or a field or element of a place."""
    while isinstance(expr, FieldLoad | ElementLoad):
        expr = expr.value
    return isinstance(expr, Local)


def field_offset(load: FieldLoad) -> int:
    """Return the position of the field among its record's."""
    assert isinstance(load.value.type, RecordType)
    return [name for name, _ in load.value.type.fields].index(load.name)
