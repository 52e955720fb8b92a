"""The intrinsics of the library dialect and their twins in plain Python.

A library source imports these by name; the front-end replaces each call by what is said here, and CPython runs the
function below instead, so that the library's own source is its exact oracle. This docstring specifies every one of them.

Ints (64 bits, signed unless the name says otherwise), one operation of `ir/ops.py` each:
    wrapping_add(a, b)  wrapping_sub(a, b)  wrapping_mul(a, b)      modulo 2**64
    multiply_high_unsigned(a, b)                                    upper half of the product of the unsigned bit patterns
    divide_truncating(a, b)  remainder_truncating(a, b)             toward zero; b is not 0, and not -1 for the smallest a
    shift_left(a, n)  shift_right(a, n)  shift_right_logical(a, n)  n in 0 … 63
    less_unsigned(a, b)  count_leading_zeros(a)
Floats, likewise:
    float_divide(a, b)   IEEE 754 division, which never raises      square_root(x)  NaN below zero
    floor_float(x)  ceil_float(x)  trunc_float(x)  rint(x)          float to float, the sign of a zero kept; rint: ties to even
    fabs(x)  copysign(x, y)  to_bits(x)  from_bits(n)  round_to_single(x)
    float_to_int(x)      toward zero; x in [-2**63, 2**63)          int_to_float(n)  nearest, ties to even
Control:
    guard(reason)        never returns; `reason` is a constant. `ir.Guard`
Aggregates: `v` is a `Gf` vector, quaternion or matrix, or (only for `size` and `is_single`) a number. The elements have
storage order: a quaternion's are i, j, k, real; a matrix's go row by row.
    size(v)              how many elements, a compile-time constant; 0 for an int, float or bool. `if size(v) == 3:` is decided
                         when the function is specialised, and only the branch taken is lowered
    is_single(v)         whether the elements are singles, a compile-time constant; False for a number
    element(v, i)        element i, a float; i in 0 … size(v) - 1
    like(v, *items)      a new value of v's type; each item is rounded to single where v is single
    set_elements(v, *items)   overwrites v in place, rounding as `like` does; only on a parameter, which is by reference then
    round_like(v, x)     x, rounded to single where v is single
Objects by reference (`ir/objects.py`); `xs` is a list, `s` a str, offsets and ends are in range:
    list_get(xs, i)  list_set(xs, i, x)  list_truncate(xs, n)  list_reserve(xs, n)  list_part(xs, start, stop)  list_extend(xs, ys)
    text_code(s, i)  text_of_code(n)  text_of_codes(codes)  text_part(s, start, stop)  text_order(s, t)   same_object(xs, ys)
    text_as_octets(s)  octets_as_text(b)    the same object as bytes of the numbers of its code points, 0 … 255, and back
    complex_of(x, y)                        the complex number of two parts; its `.real` and `.imag`
    bytearray_of(xs)  bytearray_numbers(b)  a bytearray whose numbers are this list, which is nobody else's, and this list
    record_get(d, field)  record_set(d, field, x)   a field of a dict's or set's storage; `field` is a constant
    wide_of(n)  wide_is_small(w)  wide_small(w)  wide_of_list(words)  wide_list(w)    ints of any size, whose annotation is `Wide`
    hash_of(x)           hash(x) of an int, float, bool, str or tuple of these
    asks_classes(x)      whether what is done with x may ask a class of the program, a compile-time constant
    holds_itself(x)      whether x is a list or dict of a type that holds itself, a compile-time constant
    shown(x)             repr(x); a guard stops where that is not known for x's type
    same_or_equal(x, y)  whether two elements are one object or equal, as containers ask; a guard stops where both are NaN
    make_vec2d(x, y)  make_vec2f  make_vec3d  make_vec3f  make_vec4d  make_vec4f      `ir.Make` of that type; items of the f types
    make_quatd(real, i, j, k)  make_quatf  make_matrix3d(9 items)  make_matrix4d(16)  are rounded to single first
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, NoReturn, TypeAlias

from portalis.translator.diagnostics import GuardError
from portalis.translator.ir.objects import OBJECT_OPS
from portalis.translator.ir.ops import OPS

wrapping_add: Callable[[int, int], int] = OPS["int.wrapping_add"].evaluate
wrapping_sub: Callable[[int, int], int] = OPS["int.wrapping_sub"].evaluate
wrapping_mul: Callable[[int, int], int] = OPS["int.wrapping_mul"].evaluate
multiply_high_unsigned: Callable[[int, int], int] = OPS["int.multiply_high_unsigned"].evaluate
divide_truncating: Callable[[int, int], int] = OPS["int.divide_truncating"].evaluate
remainder_truncating: Callable[[int, int], int] = OPS["int.remainder_truncating"].evaluate
shift_left: Callable[[int, int], int] = OPS["int.shift_left"].evaluate
shift_right: Callable[[int, int], int] = OPS["int.shift_right"].evaluate
shift_right_logical: Callable[[int, int], int] = OPS["int.shift_right_logical"].evaluate
less_unsigned: Callable[[int, int], bool] = OPS["int.less_unsigned"].evaluate
count_leading_zeros: Callable[[int], int] = OPS["int.count_leading_zeros"].evaluate

float_divide: Callable[[float, float], float] = OPS["float.div"].evaluate
square_root: Callable[[float], float] = OPS["float.sqrt"].evaluate
floor_float: Callable[[float], float] = OPS["float.floor"].evaluate
ceil_float: Callable[[float], float] = OPS["float.ceil"].evaluate
trunc_float: Callable[[float], float] = OPS["float.trunc"].evaluate
rint: Callable[[float], float] = OPS["float.rint"].evaluate
fabs: Callable[[float], float] = OPS["float.abs"].evaluate
copysign: Callable[[float, float], float] = OPS["float.copysign"].evaluate
to_bits: Callable[[float], int] = OPS["float.to_bits"].evaluate
from_bits: Callable[[int], float] = OPS["float.from_bits"].evaluate
round_to_single: Callable[[float], float] = OPS["float.round_to_single"].evaluate
float_to_int: Callable[[float], int] = OPS["float.to_int"].evaluate
int_to_float: Callable[[int], float] = OPS["int.to_float"].evaluate

list_get: Callable[[list[Any], int], Any] = OBJECT_OPS["list.get"].evaluate
list_set: Callable[[list[Any], int, Any], None] = OBJECT_OPS["list.set"].evaluate
list_truncate: Callable[[list[Any], int], None] = OBJECT_OPS["list.truncate"].evaluate
list_reserve: Callable[[list[Any], int], None] = OBJECT_OPS["list.reserve"].evaluate
list_part: Callable[[list[Any], int, int], list[Any]] = OBJECT_OPS["list.part"].evaluate
list_extend: Callable[[list[Any], list[Any]], None] = OBJECT_OPS["list.extend"].evaluate
text_code: Callable[[str, int], int] = OBJECT_OPS["text.code"].evaluate
text_of_code: Callable[[int], str] = OBJECT_OPS["text.of_code"].evaluate
text_of_codes: Callable[[list[int]], str] = OBJECT_OPS["text.of_codes"].evaluate
text_part: Callable[[str, int, int], str] = OBJECT_OPS["text.part"].evaluate
text_order: Callable[[str, str], int] = OBJECT_OPS["text.order"].evaluate
same_object: Callable[[Any, Any], bool] = OBJECT_OPS["object.same"].evaluate

# An int of any size.
Wide: TypeAlias = int
wide_of: Callable[[int], Wide] = OBJECT_OPS["wide.of"].evaluate
wide_is_small: Callable[[Wide], bool] = OBJECT_OPS["wide.is_small"].evaluate
wide_small: Callable[[Wide], int] = OBJECT_OPS["wide.small"].evaluate
wide_of_list: Callable[[list[int]], Wide] = OBJECT_OPS["wide.of_list"].evaluate
wide_list: Callable[[Wide], list[int]] = OBJECT_OPS["wide.list"].evaluate


def text_as_octets(text: str) -> bytes:
    """Return the bytes whose numbers are the code points of a text."""
    return text.encode("latin-1")


def octets_as_text(octets: bytes) -> str:
    """Return the text whose code points are the numbers of bytes."""
    return octets.decode("latin-1")


def bytearray_of(items: list[int]) -> bytearray:
    """Return a bytearray of these numbers."""
    return bytearray(items)


def bytearray_numbers(octets: bytearray) -> list[int]:
    """Return the numbers of a bytearray, which nobody may change."""
    return list(octets)


complex_of: Callable[[float, float], complex] = complex
hash_of: Callable[[Any], int] = hash
shown: Callable[[Any], str] = repr


def same_or_equal(left: Any, right: Any) -> bool:
    """Return left == right; raises GuardError where neither equals itself."""
    if left != left and right != right:
        raise GuardError("two NaNs compared inside a sequence, where CPython asks whether they are one object")
    return bool(left == right)


def asks_classes(value: Any) -> bool:
    """Tell whether what is done with a value may ask a class of the program."""
    return True


def holds_itself(value: Any) -> bool:
    """Tell whether a value is a list or dict of a type that holds itself."""
    return False


def record_get(record: Any, field: str) -> Any:
    """Return a field of a record."""
    return getattr(record, field)


def record_set(record: Any, field: str, value: Any) -> None:
    """Give a field of a record another value."""
    setattr(record, field, value)


# What every intrinsic on aggregates must know of a type, by its name: how its elements are indexed in storage order.
_VECTORS = {f"Vec{size}{scalar}": size for size in (2, 3, 4) for scalar in "df"}
_QUATERNIONS = {"Quatd": 4, "Quatf": 4}
_MATRICES = {f"Matrix{size}d": tuple((row, column) for row in range(size) for column in range(size)) for size in (3, 4)}
_SIZES = {**_VECTORS, **_QUATERNIONS, **{name: len(indices) for name, indices in _MATRICES.items()}, "int": 0, "float": 0, "bool": 0}
_SINGLES = frozenset(name for name in _SIZES if name.endswith("f"))


def guard(reason: str) -> NoReturn:
    """Stop the call; raises GuardError(`reason`)."""
    raise GuardError(reason)


def refused(code: str, message: str, help: str, value: object = None) -> NoReturn:
    """Stand for what is never translated: whoever reaches it is refused, unless `value` is known never to be there."""
    raise GuardError(f"{code}: {message}; {help}")


def size(value: Any) -> int:
    """Return the number of elements of a `Gf` value, or 0 for a number; KeyError for a type that the dialect does not have."""
    return _SIZES[type(value).__name__]


def is_single(value: Any) -> bool:
    """Tell whether the elements of a `Gf` value are singles; False for a number."""
    return type(value).__name__ in _SINGLES


def element(value: Any, index: int) -> float:
    """Return element `index` of a `Gf` value, in storage order."""
    name = type(value).__name__
    if name in _MATRICES:
        return float(value[_MATRICES[name][index]])
    if name in _QUATERNIONS:
        return float(value.real if index == 3 else value.imaginary[index])
    return float(value[index])


def round_like(value: Any, number: float) -> float:
    """Return `number`, rounded to single where the elements of `value` are singles."""
    return round_to_single(number) if is_single(value) else number


def _rounded(value: Any, items: tuple[float, ...]) -> tuple[float, ...]:
    if len(items) != size(value):
        raise AssertionError(f"{type(value).__name__} has {size(value)} elements, not {len(items)}")
    return tuple(map(round_to_single, items)) if is_single(value) else items


def like(value: Any, *items: float) -> Any:
    """Return a new `Gf` value of `value`'s type with `items` in storage order, rounded as that type needs."""
    rounded = _rounded(value, items)
    if type(value).__name__ in _QUATERNIONS:
        return type(value)(rounded[3], *rounded[:3])
    return type(value)(*rounded)


def set_elements(value: Any, *items: float) -> None:
    """Overwrite all elements of a `Gf` value in place, in storage order, rounded as its type needs."""
    name = type(value).__name__
    rounded = _rounded(value, items)
    if name in _QUATERNIONS:
        value.SetImaginary(*rounded[:3])
        value.SetReal(rounded[3])
    elif name in _MATRICES:
        value.Set(*rounded)
    else:
        for index, item in enumerate(rounded):
            value[index] = item


def _make(name: str, *items: float) -> Any:
    # The library never imports pxr: whoever hands it Gf values has done so already.
    return like(getattr(sys.modules["pxr.Gf"], name)(), *items)


def make_vec2d(x: float, y: float) -> Any:
    """Return `Gf.Vec2d(x, y)`."""
    return _make("Vec2d", x, y)


def make_vec2f(x: float, y: float) -> Any:
    """Return `Gf.Vec2f(x, y)`, each item rounded to single."""
    return _make("Vec2f", x, y)


def make_vec3d(x: float, y: float, z: float) -> Any:
    """Return `Gf.Vec3d(x, y, z)`."""
    return _make("Vec3d", x, y, z)


def make_vec3f(x: float, y: float, z: float) -> Any:
    """Return `Gf.Vec3f(x, y, z)`, each item rounded to single."""
    return _make("Vec3f", x, y, z)


def make_vec4d(x: float, y: float, z: float, w: float) -> Any:
    """Return `Gf.Vec4d(x, y, z, w)`."""
    return _make("Vec4d", x, y, z, w)


def make_vec4f(x: float, y: float, z: float, w: float) -> Any:
    """Return `Gf.Vec4f(x, y, z, w)`, each item rounded to single."""
    return _make("Vec4f", x, y, z, w)


def make_quatd(real: float, i: float, j: float, k: float) -> Any:
    """Return `Gf.Quatd(real, i, j, k)`."""
    return _make("Quatd", i, j, k, real)


def make_quatf(real: float, i: float, j: float, k: float) -> Any:
    """Return `Gf.Quatf(real, i, j, k)`, each item rounded to single."""
    return _make("Quatf", i, j, k, real)


def make_matrix3d(*items: float) -> Any:
    """Return the `Gf.Matrix3d` with these 9 elements, row by row."""
    return _make("Matrix3d", *items)


def make_matrix4d(*items: float) -> Any:
    """Return the `Gf.Matrix4d` with these 16 elements, row by row."""
    return _make("Matrix4d", *items)
