"""The vocabulary of facts: what is known of expressions, the operations that compute them, and the steps that statements take."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from portalis.translator.ir.nodes import Comparison, Literals, MessageForm
from portalis.translator.ir.types import Type
from portalis.translator.source import Span

NO_ROOTS: frozenset[str] = frozenset()


# ------------------------------------------------------------------------------------------------------------------ facts
# Thousands are made for a file, and a frozen one takes five times as long to make; nobody assigns to one.
@dataclass(slots=True, eq=False)
class Known:
    """What inference found of an expression: its type, the operation that computes it, and what its object may be.

    `roots` name whatever may share parts with its object, `exact` the caller's object that it certainly is; it is `tangled` where two of
    its parts may be one object. `items` are the facts of a tuple display's parts. `as_float` is the same number where what uses it makes a
    float of it: then it need not be told whether it is an int or a float, which otherwise only a guard decides. `text` is the str that it
    certainly is, though it is read from a variable.
    """

    span: Span
    type: Type
    operation: Operation
    roots: frozenset[str] = NO_ROOTS
    exact: str | None = None
    tangled: bool = False
    items: tuple[Known, ...] | None = None
    as_float: Known | None = None
    text: str | None = None

    @property
    def constant(self) -> Literals:
        """The value of a constant; None also where it is not one (ask `is_constant`)."""
        return self.operation.value if isinstance(self.operation, Constant) else None

    @property
    def is_constant(self) -> bool:
        return isinstance(self.operation, Constant)

    def by(self, operation: Operation, span: Span | None = None) -> Known:
        """Return the same object computed by another operation."""
        where = self.span if span is None else span
        return Known(where, self.type, operation, self.roots, self.exact, self.tangled, self.items, text=self.text)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something is not known: the code (or "reference", of an object that is no value) and the place of the refusal."""

    code: str
    span: Span


@dataclass(frozen=True, slots=True)
class Unknown:
    """The fact of an expression that was refused, or computed from one that was.

    A recursive call whose result is still open has no cause: it is `pending`, and so is what is computed from it and from nothing refused.
    """

    cause: Cause | None
    pending: bool = False


Fact: TypeAlias = Known | Unknown
PENDING = Unknown(None, pending=True)


def first_unknown(*facts: Fact) -> Unknown | None:
    """Return what stands for a value computed from `facts` where one of them is not known, else None."""
    waits = False
    for fact in facts:
        if isinstance(fact, Unknown):
            if not fact.pending:
                return Unknown(fact.cause)
            waits = True
    return PENDING if waits else None


def blocked(*facts: Fact) -> Unknown:
    """Return what stands for a value computed from `facts`, one of which is not known."""
    unknown = first_unknown(*facts)
    assert unknown is not None
    return unknown


# ------------------------------------------------------------------------------------------------------------- operations
@dataclass(slots=True, eq=False)
class Constant:
    """A value known when the program is translated."""

    value: Literals


@dataclass(slots=True, eq=False)
class Unreached:
    """A value where control never gets to, because what was computed before has none."""


@dataclass(slots=True, eq=False)
class Load:
    """The value of a parameter, local or temporary."""

    local: str


@dataclass(slots=True, eq=False)
class Checked:
    """The place `value` of the Python variable `name`, after the check that a path has assigned it.

    `own`: what reads it is the function that has the variable, not one inside it.
    """

    name: str
    value: Known
    own: bool


@dataclass(slots=True, eq=False)
class Field:
    """A field of a record."""

    record: Known
    name: str


@dataclass(slots=True, eq=False)
class Element:
    """An element of an aggregate, at an offset that is in range."""

    value: Known
    index: Known


@dataclass(slots=True, eq=False)
class Bounded:
    """A Python index as an offset, checked at run time."""

    index: Known
    length: int
    message: str


@dataclass(slots=True, eq=False)
class Build:
    """A new aggregate from its elements in storage order."""

    items: tuple[Known, ...]


@dataclass(slots=True, eq=False)
class Primitive:
    """An operation of `ir.ops.OPS`; `proven`: its result fits."""

    op: str
    args: tuple[Known, ...]
    proven: bool = False


@dataclass(slots=True, eq=False)
class Operated:
    """An operation of `ir.objects.OBJECT_OPS`; `name` is the field of a record."""

    op: str
    args: tuple[Known, ...]
    name: str = ""


@dataclass(slots=True, eq=False)
class Compared:
    """One comparison of scalars of one type."""

    op: Comparison
    left: Known
    right: Known


@dataclass(slots=True, eq=False)
class Joined:
    """Short-circuit `and` / `or` of two bools."""

    op: Literal["and", "or"]
    left: Known
    right: Known


@dataclass(slots=True, eq=False)
class Chosen:
    """One of two values; only the chosen one is evaluated."""

    test: Known
    then: Known
    otherwise: Known


@dataclass(slots=True, eq=False)
class Invoked:
    """A call of a specialisation, by its name."""

    function: str
    args: tuple[Known, ...]


@dataclass(slots=True, eq=False)
class After:
    """A value computed after some steps."""

    steps: tuple[Step, ...]
    value: Known


Operation: TypeAlias = (
    Constant
    | Unreached
    | Load
    | Checked
    | Field
    | Element
    | Bounded
    | Build
    | Primitive
    | Operated
    | Compared
    | Joined
    | Chosen
    | Invoked
    | After
)


# ------------------------------------------------------------------------------------------------------------------ steps
@dataclass(slots=True, eq=False)
class Assigned:
    """A local or temporary gets a value."""

    span: Span
    local: str
    value: Known


@dataclass(slots=True, eq=False)
class Marked:
    """The Python variable `name` is assigned from here on: its flag is set, where some use asks for one."""

    span: Span
    name: str


@dataclass(slots=True, eq=False)
class Zeroed:
    """Storage of the variable `name` gets some value of its type before a loop that will assign it; not needed where it has a flag."""

    span: Span
    name: str
    local: str
    type: Type


@dataclass(slots=True, eq=False)
class Stored:
    """A field or an element is replaced in place: the value is evaluated first, then the place's indices."""

    span: Span
    place: Known
    value: Known


@dataclass(slots=True, eq=False)
class Evaluated:
    """A value is computed for its effect."""

    span: Span
    value: Known


@dataclass(slots=True, eq=False)
class Tested:
    """Steps that depend on a bool: some where it holds, others where it does not."""

    span: Span
    test: Known
    then: tuple[Step, ...]
    otherwise: tuple[Step, ...] = ()


@dataclass(slots=True, eq=False)
class Looped:
    """Steps that are repeated as long as a bool holds, which is evaluated before each round."""

    span: Span
    test: Known
    body: tuple[Step, ...]


@dataclass(slots=True, eq=False)
class Raised:
    """A built-in exception is raised; `message` None: without arguments, or with the text told before where `form` says so."""

    span: Span
    exception: str
    message: str | None
    form: MessageForm = "constant"


@dataclass(slots=True, eq=False)
class RaisedAgain:
    """The exception whose error word is `word` is raised again, with the text that came with it."""

    span: Span
    word: Known
    told: Known


@dataclass(slots=True, eq=False)
class Stopped:
    """The call stops with a guard."""

    span: Span
    reason: str


@dataclass(slots=True, eq=False)
class Returned:
    """The function is left with a value."""

    span: Span
    value: Known


@dataclass(slots=True, eq=False)
class Jumped:
    """The innermost loop is left or goes on, after `copies`, which are found where the ways meet to which this is one."""

    span: Span
    kind: Literal["break", "continue"]
    copies: list[Step] = field(default_factory=list)


Step: TypeAlias = Assigned | Marked | Zeroed | Stored | Evaluated | Tested | Looped | Raised | RaisedAgain | Stopped | Returned | Jumped
