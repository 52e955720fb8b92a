"""A small Rust syntax tree: what a crate's functions are built as, tidied as and printed from.

A value that holds references is read by `Clone`, as often as suits a step; `moves.py` decides at the end which of them Rust needs.

The analyses that decide about `let`, `mut` and dead assignments run on this tree, not on the IR, because rustc judges what is printed.
Names are final Rust identifiers. Operands are evaluated left to right, as Rust does. Every node is frozen and compares by value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as Choice
from typing import TypeAlias

# What a call does to objects that are seen through more than one variable.
Heap: TypeAlias = Choice["untouched", "read", "changed"]


# ----------------------------------------------------------------------------------------------------------- expressions
@dataclass(frozen=True, slots=True)
class Literal:
    """A literal as Rust spells it; the type of an "int" or "float" is settled by its context unless it has a suffix."""

    text: str
    kind: Choice["int", "float", "other"]


@dataclass(frozen=True, slots=True)
class Var:
    """A parameter or local variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Path:
    """A constant or an error site, by its path."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """`value.name`; a tuple's fields are called 0, 1, …"""

    value: Expr
    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """`value[index]`; the index is a usize."""

    value: Expr
    index: Expr


@dataclass(frozen=True, slots=True)
class Unary:
    """`-value`, `!value` or `*value`."""

    op: Choice["-", "!", "*", "&"]
    value: Expr


@dataclass(frozen=True, slots=True)
class Binary:
    """`left op right`; `&&` and `||` evaluate the right side only where they must.

    Where a comparison is `total`, its operands are certainly ordered (they are no floats), so that it may be turned round.
    """

    op: str
    left: Expr
    right: Expr
    total: bool = False


@dataclass(frozen=True, slots=True)
class Cast:
    """`value as type`."""

    value: Expr
    type: str


@dataclass(frozen=True, slots=True)
class Call:
    """`function(args)`. A call that is not `pure` may not be dropped: it may fail, loop or change what it borrows.

    `heap` says what becomes of objects that others see.
    """

    function: str
    args: tuple[Expr, ...]
    pure: bool = False
    heap: Heap = "untouched"


@dataclass(frozen=True, slots=True)
class Method:
    """`receiver.name(args)`; `pure` and `heap` as in `Call`; one that `mutates` borrows its receiver mutably."""

    receiver: Expr
    name: str
    args: tuple[Expr, ...]
    pure: bool = False
    mutates: bool = False
    heap: Heap = "untouched"


@dataclass(frozen=True, slots=True)
class Clone:
    """The value of a place that is not `Copy`: its own clone or, where nobody wants the place's value any more, that value."""

    place: Expr


@dataclass(frozen=True, slots=True)
class Build:
    """A new object of type `type`, from its elements or fields; `settled` where it must say its type by itself."""

    type: str
    args: tuple[Expr, ...]
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Try:
    """`value?`."""

    value: Expr


@dataclass(frozen=True, slots=True)
class Catch:
    """The value out of a `Result`; an exception is put into `place`, and control breaks out of a loop. A guard leaves the function."""

    value: Expr
    place: Var
    label: str


@dataclass(frozen=True, slots=True)
class Borrow:
    """`&mut place`."""

    place: Expr


@dataclass(frozen=True, slots=True)
class Tuple:
    """`(a, b)`; without items, the unit value."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Array:
    """`[a, b]`."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """`[item; count]`."""

    item: Expr
    count: int


@dataclass(frozen=True, slots=True)
class Struct:
    """`Name { field: value, … }`."""

    name: str
    fields: tuple[str, ...]
    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """`{ body value }`; also a branch of `Choose`."""

    body: tuple[Stmt, ...]
    value: Expr


@dataclass(frozen=True, slots=True)
class Choose:
    """`if test { then } else { otherwise }` as an expression; the branches are blocks where they need statements."""

    test: Expr
    then: Expr
    otherwise: Expr


@dataclass(frozen=True, slots=True)
class Never:
    """The value of a block whose statements do not complete; it prints as nothing."""


Expr: TypeAlias = (
    Literal
    | Var
    | Path
    | Field
    | Index
    | Unary
    | Binary
    | Cast
    | Call
    | Method
    | Clone
    | Build
    | Try
    | Catch
    | Borrow
    | Tuple
    | Array
    | Repeat
    | Struct
    | Block
    | Choose
    | Never
)
UNIT = Tuple(())


# ------------------------------------------------------------------------------------------------------------ statements
@dataclass(frozen=True, slots=True)
class Let:
    """`let [mut] name[: type] [= value];`."""

    name: str
    value: Expr | None
    type: str | None = None
    mutable: bool = False


@dataclass(frozen=True, slots=True)
class Assign:
    """`place = value;`. Until declarations are placed, the first assignment to a variable is one of these too."""

    place: Expr
    value: Expr


@dataclass(frozen=True, slots=True)
class Update:
    """`place op= value;`."""

    op: str
    place: Expr
    value: Expr


@dataclass(frozen=True, slots=True)
class Do:
    """`value;`, evaluated for its effect."""

    value: Expr


@dataclass(frozen=True, slots=True)
class If:
    """A conditional statement."""

    test: Expr
    then: tuple[Stmt, ...]
    otherwise: tuple[Stmt, ...] = ()


@dataclass(frozen=True, slots=True)
class Loop:
    """`loop`, which only a break or a return leaves."""

    label: str
    body: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class While:
    """`while test`; the test has no statements in it."""

    label: str
    test: Expr
    body: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class For:
    """`for name in iterable`; `mutable` as in `Let`."""

    label: str
    name: str
    iterable: Expr
    body: tuple[Stmt, ...]
    mutable: bool = False


@dataclass(frozen=True, slots=True)
class Break:
    """Leave the loop with this label (printed only where it is not the innermost)."""

    label: str


@dataclass(frozen=True, slots=True)
class Continue:
    """Go on with the loop with this label."""

    label: str


@dataclass(frozen=True, slots=True)
class Return:
    """Leave the function with a value (`UNIT` where it has none)."""

    value: Expr


Stmt: TypeAlias = Let | Assign | Update | Do | If | Loop | While | For | Break | Continue | Return
Node: TypeAlias = Expr | Stmt
Body: TypeAlias = tuple[Stmt, ...]
EXPRESSIONS = (
    Literal,
    Var,
    Path,
    Field,
    Index,
    Unary,
    Binary,
    Cast,
    Call,
    Method,
    Clone,
    Build,
    Try,
    Catch,
    Borrow,
    Tuple,
    Array,
    Repeat,
    Struct,
    Block,
    Choose,
    Never,
)
STATEMENTS = (Let, Assign, Update, Do, If, Loop, While, For, Break, Continue, Return)
LOOPS = (Loop, While, For)


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a function and its type as text."""

    name: str
    type: str
    mutable: bool = False
