"""The primitive operations as Rust expressions: the back-end's half of the table in `ir/ops.py`."""

from __future__ import annotations

from collections.abc import Callable

from portalis.translator.backends.rust.settle import settle
from portalis.translator.backends.rust.tree import Binary, Call, Cast, Expr, Literal, Method, Unary

Printer = Callable[..., Expr]
_I64, _U64, _U128, _F64, _F32 = "i64", "u64", "u128", "f64", "f32"
# What an operation that may overflow is called in ops.rs, as a method of its first operand, and how it is spelled where it cannot.
CHECKED: dict[str, tuple[str, str]] = {
    "int.add": ("add", "+"),
    "int.sub": ("sub", "-"),
    "int.mul": ("mul", "*"),
    "int.neg": ("neg", "-"),
}


def _binary(op: str) -> Printer:
    return lambda left, right: Binary(op, left, right)


def _method(name: str) -> Printer:
    return lambda receiver, *args: Method(settle(receiver), name, args, pure=True)


def _function(name: str) -> Printer:
    return lambda *args: Call(name, args, pure=True)


def _unsigned(value: Expr) -> Expr:
    # A length is a usize before it is an int.
    counted = isinstance(value, Cast) and isinstance(value.value, Method) and value.value.name == "len"
    return Cast(value.value if isinstance(value, Cast) and counted else settle(value), _U64)


def _multiply_high(left: Expr, right: Expr) -> Expr:
    product = Binary("*", Cast(_unsigned(left), _U128), Cast(_unsigned(right), _U128))
    return Cast(Binary(">>", product, Literal("64", "int")), _I64)


def to_single(value: Expr) -> Expr:
    """Return an f64 as the nearest f32."""
    if isinstance(value, Call) and value.function == "f64::from":
        return value.args[0]
    return Cast(value, _F32)


def from_single(value: Expr) -> Expr:
    """Return an f32 as an f64."""
    return Call("f64::from", (value,), pure=True)


OPERATIONS: dict[str, Printer] = {
    "int.wrapping_add": _method("wrapping_add"),
    "int.wrapping_sub": _method("wrapping_sub"),
    "int.wrapping_mul": _method("wrapping_mul"),
    "int.multiply_high_unsigned": _multiply_high,
    "int.divide_truncating": _binary("/"),
    "int.remainder_truncating": _binary("%"),
    "int.and": _binary("&"),
    "int.or": _binary("|"),
    "int.xor": _binary("^"),
    "int.invert": lambda value: Unary("!", value),
    "int.shift_left": lambda value, count: Binary("<<", settle(value), count),
    "int.shift_right": lambda value, count: Binary(">>", settle(value), count),
    "int.shift_right_logical": lambda value, count: Cast(Binary(">>", _unsigned(value), count), _I64),
    "int.less_unsigned": lambda left, right: Binary("<", _unsigned(left), _unsigned(right), total=True),
    "int.count_leading_zeros": lambda value: Call("i64::from", (Method(settle(value), "leading_zeros", (), pure=True),), pure=True),
    "int.to_float": lambda value: Cast(settle(value), _F64),
    "float.add": _binary("+"),
    "float.sub": _binary("-"),
    "float.mul": _binary("*"),
    "float.div": _binary("/"),
    "float.neg": lambda value: Unary("-", value),
    "float.abs": _method("abs"),
    "float.sqrt": _method("sqrt"),
    "float.floor": _method("floor"),
    "float.ceil": _method("ceil"),
    "float.trunc": _method("trunc"),
    "float.rint": _function("ops::rint"),
    "float.copysign": _method("copysign"),
    "float.round_to_single": lambda value: from_single(to_single(settle(value))),
    "float.to_bits": lambda value: Cast(Method(settle(value), "to_bits", (), pure=True), _I64),
    "float.from_bits": lambda value: Call("f64::from_bits", (Cast(settle(value), _U64),), pure=True),
    "float.to_int": lambda value: Cast(settle(value), _I64),
    "bool.to_int": lambda value: Call("i64::from", (value,), pure=True),
    "bool.not": lambda value: Unary("!", value),
    # On bools these evaluate both sides, as the operations do.
    "bool.and": _binary("&"),
    "bool.or": _binary("|"),
}
