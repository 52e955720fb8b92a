"""How values of USD attributes become rows of numpy columns and back, and which attribute types fit which Python types.

Reading never changes a value: an attribute may be read where every value it can hold is a value of the parameter's type (a uint64 where it
is below 2**63). Writing rounds as USD does with the same assignment in Python: to the nearest, ties to even, and to a half by way of a
float. What USD would cut off, make infinite or refuse (an int beyond the attribute's range, a float beyond a half's) is refused for its
lane.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pxr import Sdf, Vt

from portalis.translator.ir.types import (
    BOOL,
    FLOAT,
    INT,
    STR,
    ListType,
    MatrixType,
    QuatType,
    Slot,
    TupleType,
    Type,
    VecType,
)

Family: TypeAlias = Literal["float", "int", "bool", "token"]
ValueLayout: TypeAlias = Literal["scalar", "vector", "quaternion", "matrix"]
Rows: TypeAlias = NDArray[Any]

SLOT_DTYPE: dict[Slot, np.dtype[Any]] = {
    "i64": np.dtype(np.int64),
    "f64": np.dtype(np.float64),
    "f32": np.dtype(np.float32),
    "bool": np.dtype(np.bool_),
}
_PRECISION = {"half": 11, "single": 24, "double": 53}


@dataclass(frozen=True, slots=True)
class Codec:
    """One USD value type: `width` scalars of `dtype` an element; `array` tells whether the attribute holds any number of elements.

    Rows are arrays (elements, width) in USD's memory order: a quaternion is i, j, k, real, a matrix goes row by row. The row of a token,
    or of a string, is its index in a table that the caller keeps.
    """

    type_name: str
    family: Family
    layout: ValueLayout
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    array: bool
    vt_name: str

    @property
    def width(self) -> int:
        """The number of scalars in one element."""
        return math.prod(self.shape)

    def rows_of_values(self, values: Sequence[Any]) -> Rows:
        """Convert one scalar-typed value an attribute (or the elements of one array) to rows."""
        if self.family == "token":
            raise TypeError("tokens have no rows of their own")
        packed = np.asarray(self._vt(values))
        return packed.reshape(len(values), self.width)

    def rows_of_array(self, value: Any) -> Rows:
        """Convert a `Vt` array, or None where the attribute has no value, to rows."""
        if value is None:
            return np.empty((0, self.width), self.dtype)
        return np.asarray(value).reshape(len(value), self.width)

    def values_of_rows(self, rows: Rows) -> Iterable[Any]:
        """Convert rows of `dtype` to values that Sdf and Usd take, one a row."""
        if not self.shape:
            return rows[:, 0].tolist()  # type: ignore[no-any-return]
        return self.array_of_rows(rows)  # type: ignore[no-any-return]

    def array_of_rows(self, rows: Rows) -> Any:
        """Convert rows of `dtype` to one `Vt` array."""
        return self._vt.FromNumpy(np.ascontiguousarray(rows).reshape(len(rows), *self.shape))

    @property
    def _vt(self) -> Any:
        return getattr(Vt, self.vt_name)

    def keeps(self, dtype: np.dtype[Any]) -> bool:
        """Tell whether an attribute holds every number of `dtype` as it is."""
        # A time code has one zero.
        return bool(dtype == self.dtype) and self.vt_name != "TimeCodeArray"

    def beyond(self, rows: Rows) -> NDArray[np.bool_]:
        """Tell which rows hold a number that an int of 64 bits cannot be."""
        if self.dtype != np.uint64:
            return np.zeros(len(rows), np.bool_)
        return np.asarray((rows > np.uint64(2**63 - 1)).any(axis=1), np.bool_)


_INTEGERS = {
    "unsigned char": ("uint8", "UChar"),
    "int": ("int32", "Int"),
    "unsigned int": ("uint32", "UInt"),
    "int64_t": ("int64", "Int64"),
    "uint64_t": ("uint64", "UInt64"),
}
_FLOATS = {"GfHalf": ("float16", "Half"), "float": ("float32", "Float"), "double": ("float64", "Double")}
_LETTERS = {"h": "float16", "f": "float32", "d": "float64", "i": "int32"}


@functools.cache
def codec_of(type_name: str) -> Codec | None:
    """Return the codec of a Sdf type name (`point3f[]`), or None where behaviours can neither read nor write such a value."""
    sdf_type = Sdf.ValueTypeNames.Find(type_name)
    if not sdf_type:
        return None
    name, array = sdf_type.scalarType.cppTypeName, sdf_type.isArray

    def make(family: Family, layout: ValueLayout, shape: tuple[int, ...], dtype: str, vt: str) -> Codec:
        return Codec(type_name, family, layout, shape, np.dtype(dtype), array, f"{vt}Array")

    match name:
        case "bool":
            return make("bool", "scalar", (), "bool", "Bool")
        case "TfToken" | "std::string":
            return make("token", "scalar", (), "int64", "Token" if name == "TfToken" else "String")
        case "GfTimeCode" | "SdfTimeCode":
            return make("float", "scalar", (), "float64", "TimeCode")
        case _ if name in _INTEGERS:
            return make("int", "scalar", (), *_INTEGERS[name])
        case _ if name in _FLOATS:
            return make("float", "scalar", (), *_FLOATS[name])
        case _ if name.startswith("GfVec"):
            family: Family = "int" if name[-1] == "i" else "float"
            return make(family, "vector", (int(name[-2]),), _LETTERS[name[-1]], name[2:])
        case _ if name.startswith("GfQuat"):
            return make("float", "quaternion", (4,), _LETTERS[name[-1]], name[2:])
        case _ if name.startswith("GfMatrix"):
            return make("float", "matrix", (int(name[-2]),) * 2, "float64", name[2:])
        case _:
            return None


@dataclass(frozen=True, slots=True)
class _Wanted:
    family: Family
    layout: ValueLayout | None  # None: a tuple or list, which stands for any vector of its length
    width: int
    precision: int = 53


def _wanted(type_: Type) -> _Wanted | None:
    match type_:
        case _ if type_ == FLOAT:
            return _Wanted("float", "scalar", 1)
        case _ if type_ == INT:
            return _Wanted("int", "scalar", 1)
        case _ if type_ == BOOL:
            return _Wanted("bool", "scalar", 1)
        case _ if type_ == STR:
            return _Wanted("token", "scalar", 1)
        case VecType(size, scalar):
            return _Wanted("float", "vector", size, 53 if scalar == "d" else 24)
        case QuatType(scalar):
            return _Wanted("float", "quaternion", 4, 53 if scalar == "d" else 24)
        case MatrixType(size):
            return _Wanted("float", "matrix", size * size)
        case TupleType() | ListType():
            items = {_wanted(item) for item in type_.elements}
            item = items.pop() if len(items) == 1 else None
            return _Wanted(item.family, None, len(type_.elements)) if item is not None and item.layout == "scalar" else None
        case _:
            return None


@functools.lru_cache(maxsize=4096)
def mismatch(codec: Codec | None, type_name: str, type_: Type, direction: Literal["read", "write"], whole_array: bool = False) -> str:
    """Say why an attribute of Sdf type `type_name` cannot be read as, or written from, a Python value of `type_`; empty where it can.

    For a crowd, and for a single prim, an element is what counts; with `whole_array` the parameter is the entire array, a list.
    """
    if whole_array and codec is not None and codec.array:
        if not isinstance(type_, ListType):
            return f"an attribute of type {type_name} is a list, not {type_}"
        type_ = type_.item
    wanted = _wanted(type_)
    if codec is None or wanted is None:
        return f"{type_name if codec is None else type_} is not a type that crosses between a stage and a behaviour"
    same_layout = wanted.layout == codec.layout or (wanted.layout is None and codec.layout == "vector")
    if wanted.family != codec.family or not same_layout or wanted.width != codec.width:
        return f"{type_name} is not {type_}" if direction == "read" else f"{type_} cannot be stored in {type_name}"
    if direction == "read" and codec.array and codec.family == "token":
        return f"{type_name} is an array of texts, of which only single ones cross to a behaviour"
    if direction == "read" and codec.array and codec.dtype == np.uint64:
        return f"{type_name} may hold numbers that an int of 64 bits cannot be"
    if direction == "read" and codec.family == "float" and codec.dtype.itemsize * 8 > 32 and wanted.precision < 53:
        return f"reading {type_name} as {type_} would round it"
    return ""


def python_type(codec: Codec) -> str:
    """Return how a Python type is written whose values an attribute holds, or each element of one."""
    match codec.family, codec.layout:
        case "float", "scalar":
            return "float"
        case "float", "vector":
            return f"Gf.Vec{codec.width}d"
        case "float", "quaternion":
            return "Gf.Quatd" if codec.dtype == np.float64 else "Gf.Quatf"
        case "float", "matrix":
            return f"Gf.Matrix{codec.shape[-1]}d"
        case "int", "vector":
            return f"tuple[{', '.join(['int'] * codec.width)}]"
        case "token", _:
            return "str"
        case family, _:
            return family


def is_text(text: str) -> bool:
    """Tell whether OpenUSD can hold a text as it is: its own are UTF-8, and files end them at a null character."""
    return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text)


def rows_to_slots(rows: Rows, columns: Sequence[Rows], lanes: Any) -> None:
    """Store rows (lanes, width) into one column a slot; widening is exact because `mismatch` admitted the pair."""
    for index, column in enumerate(columns):
        column[lanes] = rows[:, index]


def slots_to_rows(columns: Sequence[Rows], lanes: Any) -> Rows:
    """Gather the slots of `lanes` into rows (lanes, width)."""
    return np.stack([column[lanes] for column in columns], axis=1)


def narrow(rows: Rows, codec: Codec, finite: bool | NDArray[np.bool_]) -> tuple[Rows, NDArray[np.bool_]]:
    """Convert rows to a codec's precision; also return which rows have a value that does not fit (those mean nothing).

    Where `finite`, for all rows or one by one, infinities and NaN do not fit: a transform with one would make a renderer drop the prim.
    """
    bad: NDArray[np.bool_] = np.zeros(rows.shape, np.bool_)
    with np.errstate(over="ignore"):
        # A half is rounded twice, as USD's is: what is a little more than halfway between two of them may come to be halfway.
        narrowed = (rows.astype(np.float32) if codec.dtype == np.float16 else rows).astype(codec.dtype, copy=False)
    if codec.vt_name == "TimeCodeArray":
        # A time code has one zero.
        narrowed = narrowed + 0.0
    if codec.family == "float":
        strict = np.broadcast_to(np.asarray(finite), len(rows))[:, None]
        bad = np.where(strict, ~np.isfinite(narrowed), np.isfinite(rows) & np.isinf(narrowed))
    elif codec.family == "int":
        limits = np.iinfo(codec.dtype)
        bad = (rows < limits.min) | (rows > limits.max)
    return narrowed, np.asarray(bad.any(axis=1), np.bool_)


def changed_rows(new: Rows, old: Rows) -> NDArray[np.bool_]:
    """Tell which rows differ in any bit: 0.0 and -0.0 differ, a NaN equals itself."""
    if not len(new):
        return np.zeros(0, np.bool_)
    left, right = (np.ascontiguousarray(rows).view(np.uint8).reshape(len(rows), -1) for rows in (new, old))
    return np.asarray((left != right).any(axis=1), np.bool_)


def empty_columns(type_: Type, count: int) -> tuple[Rows, ...]:
    """Return zeroed columns of `count` lanes, one for each slot of `type_`."""
    return tuple(np.zeros(count, SLOT_DTYPE[slot]) for slot in type_.slots)
