"""Types of literals: where Rust's inference would fall back to i32, or give up, a literal gets its suffix.

Only literals need this: everything else (variables, calls, casts) has a type of its own.
"""

from __future__ import annotations

from portalis.translator.backends.rust.tree import (
    Array,
    Binary,
    Block,
    Build,
    Call,
    Choose,
    Expr,
    Field,
    Index,
    Literal,
    Path,
    Repeat,
    Tuple,
    Unary,
)

_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "&&", "||"})
_SHIFTS = frozenset({"<<", ">>"})
_TYPES = ("_i64", "_f64", "_f32")
_SUFFIXES = {"int": "_i64", "float": "_f64"}


def is_settled(expr: Expr) -> bool:
    """Tell whether an expression's type is fixed without its context."""
    match expr:
        case Literal(text, kind):
            return kind == "other" or text.endswith(_TYPES)
        case Path("None"):
            return False
        case Call("Some", (value,)):
            return is_settled(value)
        case Unary(_, value) | Block(_, value) | Field(value):
            return is_settled(value)
        case Binary(op, left, right):
            return op in _COMPARISONS or is_settled(left) or (op not in _SHIFTS and is_settled(right))
        case Index(value):
            return is_settled(value)
        case Choose(_, then, otherwise):
            return is_settled(then) or is_settled(otherwise)
        case Array(items):
            return any(map(is_settled, items))
        case Tuple(items):
            return all(map(is_settled, items))
        case Repeat(item):
            return is_settled(item)
        case Build(type_, args, settled):
            # What a list is of follows from any element, what a record is of from none for certain.
            return settled or "<" not in type_ or (type_.startswith("List<") and any(map(_settles, args)))
        case _:
            return True


def _settles(element: Expr) -> bool:
    return not isinstance(element, Build) and is_settled(element)


def settle(expr: Expr) -> Expr:
    """Return an expression whose type is fixed without its context, by a suffix on its first literal."""
    if is_settled(expr):
        return expr
    match expr:
        case Literal(text, kind):
            return Literal(text + _SUFFIXES[kind], kind)
        case Unary(op, value):
            return Unary(op, settle(value))
        case Call("Some", (value,)):
            return Call("Some", (settle(value),), expr.pure)
        case Binary(op, left, right):
            return Binary(op, settle(left), right, expr.total)
        case Block(body, value):
            return Block(body, settle(value))
        case Field(Tuple(items), name):
            return Field(Tuple(tuple(map(settle, items))), name)
        case Index(value, index):
            return Index(settle(value), index)
        case Choose(test, then, otherwise):
            return Choose(test, settle(then), otherwise)
        case Array(items):
            return Array((settle(items[0]), *items[1:]))
        case Tuple(items):
            return Tuple(tuple(map(settle, items)))
        case Repeat(item, count):
            return Repeat(settle(item), count)
        case Build(type_, args):
            return Build(type_, args, settled=True)
        case _:
            return expr


def settle_pair(left: Expr, right: Expr) -> tuple[Expr, Expr]:
    """Return two expressions that share a type, one of them settled."""
    return (left, right) if is_settled(left) or is_settled(right) else (settle(left), right)
