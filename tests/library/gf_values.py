"""Seeded values of `Gf` types, real OpenUSD's answer for a signature of the library, and comparison bit for bit."""

import inspect
import math
import operator
import random
import struct
from collections.abc import Callable
from functools import cache
from typing import Any

from pxr import Gf

from portalis.translator.ir.types import FLOAT, MatrixType, QuatType, Type, VecType
from portalis.translator.library import gf, gf_construct, gf_matrix, gf_quat, gf_transform, gf_vec

COUNT = 2048
SPECIAL = (0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan, 5e-324, -2.2250738585072014e-308, 1.7976931348623157e308)
# Halfway cases, overflow and denormals of singles.
SPECIAL_SINGLE = (1e-45, -1e-40, 1.1754944e-38, 3.4028234663852886e38, 3.4028235677973366e38, 16777217.0, 1e-23, 1e20)
_OPERATORS = ("add", "sub", "mul", "truediv", "xor", "eq", "ne", "neg", "iadd", "isub", "imul", "itruediv")
OPERATORS = {f"__{name}__": getattr(operator, name) for name in _OPERATORS}
FUNCTIONS = {
    name: function
    for module in (gf, gf_construct, gf_vec, gf_quat, gf_matrix, gf_transform)
    for name, function in inspect.getmembers(module, inspect.isfunction)
}


def _number(random_: random.Random) -> float:
    choice = random_.random()
    if choice < 0.6:
        return random_.uniform(-10.0, 10.0)
    if choice < 0.75:
        return random_.choice(SPECIAL + SPECIAL_SINGLE)
    if choice < 0.9:
        return math.ldexp(random_.uniform(-1.0, 1.0), random_.randint(-80, 70))
    return math.ldexp(random_.uniform(-1.0, 1.0), random_.randint(-1074, 1023))


def _elements(random_: random.Random, count: int) -> list[float]:
    choice = random_.random()
    if choice < 0.5:
        return [random_.uniform(-2.0, 2.0) for _ in range(count)]
    if choice < 0.6:
        return [0.0] * count
    if choice < 0.7:
        return [float(random_.randint(-2, 2)) for _ in range(count)]
    return [_number(random_) for _ in range(count)]


def _matrix(random_: random.Random, size: int) -> Any:
    choice = random_.random()
    if choice < 0.3:
        matrix = Gf.Matrix3d(Gf.Quatd(*_elements(random_, 4)).GetNormalized())
        return matrix if size == 3 else Gf.Matrix4d(matrix, Gf.Vec3d(*_elements(random_, 3)))
    elements = _elements(random_, size * size)
    if choice < 0.5:
        # Singular: two rows are alike.
        elements[size : 2 * size] = elements[:size]
    return getattr(Gf, f"Matrix{size}d")(*elements)


@cache
def values(type_: Type) -> tuple[Any, ...]:
    """Return COUNT seeded values of a type, equal for every caller: never hand them out without a copy."""
    random_ = random.Random(f"portalis {type_}")
    match type_:
        case VecType(size, scalar):
            return tuple(getattr(Gf, f"Vec{size}{scalar}")(*_elements(random_, size)) for _ in range(COUNT))
        case QuatType(scalar):
            return tuple(getattr(Gf, f"Quat{scalar}")(*_elements(random_, 4)) for _ in range(COUNT))
        case MatrixType(size):
            return tuple(_matrix(random_, size) for _ in range(COUNT))
        case _:
            assert type_ == FLOAT
            return tuple(_number(random_) for _ in range(COUNT))


def copy(value: Any) -> Any:
    """Return an equal value that shares nothing."""
    return value if isinstance(value, int | float) else type(value)(value)


def raw(value: Any) -> bytes:
    """Return the elements' memory of a number or a `Gf` value."""
    if isinstance(value, float):
        return struct.pack("<d", value)
    if type(value).__name__ in ("Quatd", "Quatf"):
        return struct.pack("<d", value.real) + bytes(value.imaginary)
    return bytes(value)


def _numbers(value: Any) -> list[float]:
    name = type(value).__name__
    if name.startswith("Quat"):
        return [value.real, *value.imaginary]
    return [item for row in value for item in row] if name.startswith("Matrix") else list(value)


def same(left: Any, right: Any) -> bool:
    """Tell whether two values are of one type and have the same bits; all NaN are one."""
    if type(left) is not type(right):
        return False
    if left is None or isinstance(left, int):
        return bool(left == right)
    if isinstance(left, tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if raw(left) == raw(right):
        return True
    if isinstance(left, float):
        return math.isnan(left) and math.isnan(right)
    return all(map(same, _numbers(left), _numbers(right)))


def real(receiver: Type | None, name: str) -> Callable[..., Any]:
    """Return what CPython runs for a method or operator of `receiver`, or for a function of the module."""
    if receiver is None:
        return getattr(Gf, name)
    if name == "__rmul__":
        return lambda value, other: other * value
    if name in OPERATORS:
        return OPERATORS[name]
    return lambda value, *args: getattr(value, name)(*args)
