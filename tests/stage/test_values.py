"""Values between attributes and columns: exact where they are read, rounded as USD rounds where they are written."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pxr import Gf, Sdf, Usd

from portalis.translator.ir.types import BOOL, FLOAT, INT, STR, ListType, MatrixType, QuatType, TupleType, Type, VecType
from portalis.translator.stage.values import Codec, changed_rows, codec_of, mismatch, narrow, python_type

READABLE = ["bool", "uchar", "int", "uint", "int64", "uint64", "half", "float", "double", "timecode", "token"]
READABLE += [f"{name}{size}" for name, size in itertools.product(("half", "float", "double", "int"), (2, 3, 4))]
READABLE += ["point3f", "color3h", "normal3d", "texCoord2f", "quath", "quatf", "quatd", "matrix2d", "matrix3d", "matrix4d", "frame4d"]


def codec(name: str) -> Codec:
    found = codec_of(name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", [name for name in READABLE if name != "token"])
def test_every_type_survives_the_way_there_and_back(name: str) -> None:
    scalar, array = codec(name), codec(f"{name}[]")
    rows = np.arange(3 * scalar.width).reshape(3, scalar.width).astype(scalar.dtype)
    stage = Usd.Stage.CreateInMemory()
    prim = stage.DefinePrim("/P")
    values = list(scalar.values_of_rows(rows))
    assert scalar.rows_of_values(values).tolist() == rows.tolist()
    attribute = prim.CreateAttribute("one", Sdf.ValueTypeNames.Find(name))
    attribute.Set(values[2])
    assert scalar.rows_of_values([attribute.Get()]).tolist() == rows[2:].tolist()
    many = prim.CreateAttribute("many", Sdf.ValueTypeNames.Find(f"{name}[]"))
    many.Set(array.array_of_rows(rows))
    assert array.rows_of_array(many.Get()).tolist() == rows.tolist()
    assert array.rows_of_array(None).shape == (0, scalar.width)


@pytest.mark.parametrize("name", ["asset", "pathExpression", "opaque", "nonsense", "asset[]"])
def test_other_types_do_not_cross(name: str) -> None:
    assert codec_of(name) is None


def test_quaternions_keep_usds_memory_order() -> None:
    assert codec("quatf").rows_of_values([Gf.Quatf(1, 2, 3, 4)]).tolist() == [[2, 3, 4, 1]]
    assert codec("matrix4d").rows_of_values([Gf.Matrix4d(*range(16))]).tolist() == [list(range(16))]


VECTOR = VecType(3, "d")


@pytest.mark.parametrize(
    ("name", "type_", "reads", "writes"),
    [
        ("double", FLOAT, True, True),
        ("half", FLOAT, True, True),
        ("int", FLOAT, False, False),
        ("double", INT, False, False),
        ("uchar", INT, True, True),
        ("bool", BOOL, True, True),
        ("bool", INT, False, False),
        ("token", STR, True, True),
        ("float3", VECTOR, True, True),
        ("point3f", VECTOR, True, True),
        ("double3", VecType(3, "f"), False, True),
        ("half3", VecType(3, "f"), True, True),
        ("double4", VECTOR, False, False),
        ("int3", VECTOR, False, False),
        ("int3", ListType(INT, 3), True, True),
        ("double3", TupleType((FLOAT, FLOAT, FLOAT)), True, True),
        ("double3", TupleType((FLOAT, INT, FLOAT)), False, False),
        ("quatf", QuatType("d"), True, True),
        ("quatd", QuatType("f"), False, True),
        ("double4", QuatType("d"), False, False),
        ("quatd", ListType(FLOAT, 4), False, False),
        ("matrix4d", MatrixType(4), True, True),
        ("matrix3d", MatrixType(4), False, False),
    ],
)
def test_which_attribute_fits_which_python_type(name: str, type_: Type, reads: bool, writes: bool) -> None:
    assert (not mismatch(codec(name), name, type_, "read")) == reads
    assert (not mismatch(codec(name), name, type_, "write")) == writes


def test_a_whole_array_is_a_list() -> None:
    array = codec("double3[]")
    assert not mismatch(array, "double3[]", ListType(VECTOR, 5), "read", whole_array=True)
    assert mismatch(array, "double3[]", VECTOR, "read", whole_array=True)


@given(st.floats(), st.sampled_from(["half", "float", "double"]))
def test_narrowing_rounds_as_usd_does_and_refuses_what_overflows(number: float, name: str) -> None:
    rows, bad = narrow(np.array([[number]]), codec(name), finite=False)
    stage = Usd.Stage.CreateInMemory()
    attribute = stage.DefinePrim("/P").CreateAttribute("x", Sdf.ValueTypeNames.Find(name))
    assert bad[0] == (np.isfinite(number) and np.isinf(rows[0, 0]))
    if np.isfinite(rows[0, 0]):
        attribute.Set(number)
        assert np.array(attribute.Get()).tobytes() == np.array(float(rows[0, 0])).tobytes()


# A little more and a little less than halfway between two halves or two floats, the ends of both ranges, and what has no like of them.
HARD = [1.0004882812509095, 1.0004882812499, 65519.999999, 65520.0, 2049.0000001, 2048.9999999, 1e39, 3.4028235677973366e38, 5e-324, 6e-8]
HARD += [2.98023223876953125e-08, 2.9802322387695316e-08, 1.401298464324817e-45, 7e-46, 0.1, -0.0, 1 / 3, 16777217.0, 123456789.123]
FLOATS = sorted(
    {
        str(kind)
        for kind in (getattr(Sdf.ValueTypeNames, name) for name in dir(Sdf.ValueTypeNames))
        if isinstance(kind, Sdf.ValueTypeName) and (found := codec_of(str(kind))) is not None and found.family == "float"
    }
)


def _as_python(found: Codec, row: list[float]) -> object:
    """Return what somebody would assign: a number, a Gf value of double precision, or an array of numbers."""
    if found.array:
        return np.array([row] if found.shape else row).reshape(1, *found.shape)
    match found.layout:
        case "scalar":
            return row[0]
        case "vector":
            return getattr(Gf, f"Vec{found.width}d")(*row)
        case "matrix":
            return getattr(Gf, f"Matrix{found.shape[0]}d")(*row)
        case _:
            # OpenUSD takes a quaternion of its own precision alone.
            return getattr(Gf, found.vt_name.removesuffix("Array"))(row[3], *row[:3])


def test_there_are_float_types_of_every_precision_role_and_shape() -> None:
    assert len(FLOATS) >= 80 and {"half", "color3h", "texCoord2h[]", "quath[]", "frame4d", "timecode", "point3f[]"} <= set(FLOATS)


@pytest.mark.parametrize("name", FLOATS)
def test_a_float_of_every_type_is_stored_as_openusd_stores_it(name: str) -> None:
    found = codec(name)
    stage = Usd.Stage.CreateInMemory()
    attribute = stage.DefinePrim("/P").CreateAttribute("x", Sdf.ValueTypeNames.Find(name))
    rng = np.random.default_rng(26)
    numbers = [*HARD, *(rng.normal(size=40) * 2.0 ** rng.integers(-30, 30, 40)).tolist()]
    for number in numbers:
        row = [number, -number, *numbers[: max(0, found.width - 2)]][: found.width]
        rows, bad = narrow(np.array([row]), found, finite=False)
        # OpenUSD keeps 0.0 where -0.0 is set over it.
        attribute.Clear()
        attribute.Set(_as_python(found, row))
        stored = found.rows_of_array(attribute.Get()) if found.array else found.rows_of_values([attribute.Get()])
        assert bad[0] == (np.isfinite(row).all() and not np.isfinite(stored).all()), (number, stored)
        assert bad[0] or rows.tobytes() == stored.tobytes(), (number, rows, stored)


@given(st.integers(-(2**63), 2**63 - 1), st.sampled_from(["uchar", "int", "uint", "int64", "uint64"]))
def test_an_int_that_does_not_fit_is_refused(number: int, name: str) -> None:
    limits = np.iinfo(codec(name).dtype)
    rows, bad = narrow(np.array([[number]], np.int64), codec(name), finite=False)
    assert bad[0] == (not limits.min <= number <= limits.max)
    assert bad[0] or rows[0, 0] == number


def test_rows_differ_when_any_bit_differs() -> None:
    old = np.array([[0.0, 1.0], [np.nan, 1.0], [2.0, 3.0]])
    new = np.array([[-0.0, 1.0], [np.nan, 1.0], [2.0, 4.0]])
    assert changed_rows(new, old).tolist() == [True, False, True]


@pytest.mark.parametrize("name", READABLE)
def test_the_type_that_is_told_is_one_that_an_attribute_takes_and_gives(name: str) -> None:
    found = codec(name)
    spelled = python_type(found)
    types = {"float": FLOAT, "int": INT, "bool": BOOL, "str": STR} | {f"Gf.Quat{scalar}": QuatType(scalar) for scalar in "df"}
    types |= {f"Gf.Vec{size}d": VecType(size, "d") for size in (2, 3, 4)} | {f"Gf.Matrix{size}d": MatrixType(size) for size in (2, 3, 4)}
    types |= {f"tuple[{', '.join(['int'] * size)}]": TupleType((INT,) * size) for size in (2, 3, 4)}
    for direction in ("read", "write"):
        assert mismatch(found, name, types[spelled], direction) == ""
