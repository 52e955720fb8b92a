"""What the layout of an expression asks of it: how tightly it binds, and how rustfmt has such a one."""

from __future__ import annotations

from portalis.translator.backends.rust.tree import (
    Array,
    Binary,
    Block,
    Borrow,
    Call,
    Cast,
    Catch,
    Choose,
    Expr,
    Field,
    Index,
    Literal,
    Method,
    Path,
    Repeat,
    Struct,
    Try,
    Tuple,
    Unary,
    Var,
)

_LEVELS = {
    "..": 2,
    "..=": 2,
    "||": 3,
    "&&": 4,
    "==": 5,
    "!=": 5,
    "<": 5,
    "<=": 5,
    ">": 5,
    ">=": 5,
    "|": 6,
    "^": 7,
    "&": 8,
    "<<": 9,
    ">>": 9,
    "+": 10,
    "-": 10,
    "*": 11,
    "/": 11,
    "%": 11,
}
_COMPARISON, _SHIFT, CAST, UNARY, POSTFIX = 5, 9, 12, 13, 14


def level(expr: Expr) -> int:
    """Return how tightly an expression's outermost operator binds."""
    match expr:
        case Binary(op):
            return _LEVELS[op]
        case Cast():
            return CAST
        case Unary() | Borrow():
            return UNARY
        case Choose() | Block() | Catch():
            return 0
        case _:
            return POSTFIX


def sides(expr: Binary) -> tuple[tuple[Expr, int], tuple[Expr, int]]:
    """Return both operands with how tightly each must bind to stand without parentheses."""
    own = _LEVELS[expr.op]
    if expr.op in ("&&", "||"):
        return (expr.left, own), (expr.right, own)
    left = own + 1 if own in (_COMPARISON, 2) else own
    if own == _SHIFT:
        # A reader would have to look up whether a product or a sum is shifted whole.
        return (expr.left, UNARY if expr.op == "<<" else CAST), (expr.right, CAST)
    if expr.op in ("&", "|", "^"):
        # Nor which of a sum and a mask comes first.
        found = [own if isinstance(side, Binary) and side.op == expr.op else CAST for side in (expr.left, expr.right)]
        return (expr.left, found[0]), (expr.right, max(found[1], own + 1))
    # `a as u64 < b` would begin a list of type arguments.
    if expr.op == "<" and _ends_in_cast(expr.left):
        left = UNARY
    return (expr.left, left), (expr.right, own + 1)


def _within(expr: Expr) -> Expr | None:
    """Return what an operator before or behind an operand is applied to, if that is not in parentheses."""
    match expr:
        case Try(value):
            inner, least = value, POSTFIX
        case Unary(_, value) | Borrow(value):
            inner, least = value, UNARY
        case Cast(value, _):
            inner, least = value, CAST
        case _:
            return None
    return inner if level(inner) >= least else None


def may_hang(expr: Expr, count: int) -> bool:
    """Tell whether the last of so many arguments may begin beside the parenthesis and end on another line."""
    match expr:
        case Block():
            return True
        case Array() | Struct() | Call() | Method() | Tuple() | Choose() | Catch():
            return count == 1
        case _:
            inner = _within(expr)
            return inner is not None and may_hang(inner, count)


def is_method(expr: Expr) -> bool:
    """Tell whether an expression is a call of a method, perhaps with an operator before or behind it."""
    inner = _within(expr)
    return isinstance(expr, Method) or (inner is not None and is_method(inner))


def is_nested_call(expr: Expr) -> bool:
    """Tell whether an expression is a call, perhaps with an operator before or behind it."""
    inner = _within(expr)
    return isinstance(expr, Call) or (inner is not None and is_nested_call(inner))


def is_simple(expr: Expr) -> bool:
    """Tell whether several such items may share a line."""
    match expr:
        case Path(text):
            return "::" not in text
        case Literal() | Var():
            return True
        case Field(value):
            return level(value) == POSTFIX and is_simple(value)
        case Index(value, index):
            return level(value) == POSTFIX and is_simple(value) and is_simple(index)
        case Repeat(item):
            return is_simple(item)
        case _:
            inner = _within(expr)
            return inner is not None and is_simple(inner)


def is_block(expr: Expr, text: str) -> bool:
    """Tell whether what a chain begins with ends as a block does."""
    match expr:
        case Call() | Method() | Array() | Struct() | Choose() | Block() | Catch():
            return "\n" in text
        case Binary(".." | "..="):
            return False
        case Binary(_, _, inner) | Index(_, inner) | Try(inner) | Unary("-" | "!" | "*", inner):
            return is_block(inner, text)
        case _:
            return False


def _ends_in_cast(expr: Expr) -> bool:
    while isinstance(expr, Binary):
        expr = expr.right
    return isinstance(expr, Cast)
