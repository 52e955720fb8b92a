"""The twins of the intrinsics: that there is one of each, and what each gives at the edges."""

import math
import struct
import subprocess
import sys

import pytest
from pxr import Gf

from portalis.translator.diagnostics import GuardError
from portalis.translator.library import intrinsics
from portalis.translator.library.intrinsics import element, guard, is_single, like, round_like, set_elements, size

LOW, HIGH = -(2**63), 2**63 - 1
VALUES = {
    "Vec2d": Gf.Vec2d(0.1, -0.0),
    "Vec2f": Gf.Vec2f(0.5, -2.0),
    "Vec3d": Gf.Vec3d(1.0, 2.0, 3.0),
    "Vec3f": Gf.Vec3f(1.0, 2.0, 3.0),
    "Vec4d": Gf.Vec4d(1.0, 2.0, 3.0, 4.0),
    "Vec4f": Gf.Vec4f(1.0, 2.0, 3.0, 4.0),
    "Quatd": Gf.Quatd(4.0, 1.0, 2.0, 3.0),
    "Quatf": Gf.Quatf(4.0, 1.0, 2.0, 3.0),
    "Matrix3d": Gf.Matrix3d(*range(9)),
    "Matrix4d": Gf.Matrix4d(*range(16)),
}


def bits(value: float) -> int:
    return struct.unpack("<q", struct.pack("<d", value))[0]


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        ("wrapping_add", (HIGH, 1), LOW),
        ("wrapping_sub", (LOW, 1), HIGH),
        ("wrapping_mul", (2**62 + 1, 4), 4),
        ("wrapping_mul", (LOW, -1), LOW),
        ("multiply_high_unsigned", (-1, -1), -2),
        ("multiply_high_unsigned", (2**32, 2**33), 2),
        ("divide_truncating", (-7, 2), -3),
        ("divide_truncating", (LOW, 1), LOW),
        ("remainder_truncating", (-7, 2), -1),
        ("remainder_truncating", (7, -2), 1),
        ("shift_left", (1, 63), LOW),
        ("shift_left", (3, 63), LOW),
        ("shift_right", (-1, 63), -1),
        ("shift_right_logical", (-1, 63), 1),
        ("shift_right_logical", (-1, 0), -1),
        ("less_unsigned", (-1, 1), False),
        ("less_unsigned", (1, -1), True),
        ("count_leading_zeros", (0,), 64),
        ("count_leading_zeros", (-1,), 0),
        ("float_to_int", (-1.9,), -1),
        ("float_to_int", (-(2.0**63),), LOW),
        ("to_bits", (-0.0,), LOW),
        ("to_bits", (1.0,), 0x3FF0000000000000),
    ],
)
def test_ints(name, args, expected):
    result = getattr(intrinsics, name)(*args)
    assert (type(result), result) == (type(expected), expected)


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        ("float_divide", (1.0, 0.0), math.inf),
        ("float_divide", (1.0, -0.0), -math.inf),
        ("float_divide", (-1.0, 4.0), -0.25),
        ("square_root", (-0.0,), -0.0),
        ("square_root", (2.0,), math.sqrt(2.0)),
        ("floor_float", (-0.5,), -1.0),
        ("floor_float", (-0.0,), -0.0),
        ("ceil_float", (-0.5,), -0.0),
        ("ceil_float", (1e300,), 1e300),
        ("trunc_float", (-1.5,), -1.0),
        ("trunc_float", (-0.5,), -0.0),
        ("rint", (2.5,), 2.0),
        ("rint", (-0.5,), -0.0),
        ("rint", (math.inf,), math.inf),
        ("fabs", (-0.0,), 0.0),
        ("copysign", (3.0, -0.0), -3.0),
        ("from_bits", (1,), 5e-324),
        ("round_to_single", (0.1,), 0.10000000149011612),
        ("round_to_single", (1e39,), math.inf),
        ("round_to_single", (-1e-46,), -0.0),
        ("round_to_single", (3.4028235677973366e38,), math.inf),
        ("round_to_single", (3.4028235677973362e38,), 3.4028234663852886e38),
        ("int_to_float", (2**53 + 1,), 2.0**53),
        ("int_to_float", (HIGH,), 2.0**63),
    ],
)
def test_floats(name, args, expected):
    assert bits(getattr(intrinsics, name)(*args)) == bits(expected)


@pytest.mark.parametrize(
    ("name", "args"), [("float_divide", (0.0, 0.0)), ("float_divide", (math.nan, 0.0)), ("square_root", (-1.0,)), ("rint", (math.nan,))]
)
def test_not_a_number(name, args):
    assert math.isnan(getattr(intrinsics, name)(*args))


def test_guard_never_returns():
    with pytest.raises(GuardError, match="a negative number to a fractional power"):
        guard("a negative number to a fractional power")


@pytest.mark.parametrize("name", VALUES)
def test_elements_are_in_storage_order(name):
    value = VALUES[name]
    # Vectors and matrices lend their memory; a quaternion's is i, j, k, real.
    quaternion = name.startswith("Quat")
    expected = (*value.imaginary, value.real) if quaternion else tuple(memoryview(value).cast("B").cast("f" if name.endswith("f") else "d"))
    single = name.endswith("f")
    assert size(value) == len(expected)
    assert is_single(value) is single
    assert tuple(element(value, index) for index in range(size(value))) == expected


@pytest.mark.parametrize("name", VALUES)
def test_new_values_and_changed_ones_are_rounded(name):
    value = VALUES[name]
    before = type(value)(value)
    items = [0.1 * (index + 1) for index in range(size(value))]
    expected = [intrinsics.round_to_single(item) if name.endswith("f") else item for item in items]
    new = like(value, *items)
    assert type(new) is type(value)
    assert [element(new, index) for index in range(size(new))] == expected
    assert value == before
    changed = type(value)(value)
    set_elements(changed, *items)
    assert changed == new
    assert round_like(value, 0.1) == expected[0]
    made = getattr(intrinsics, f"make_{name.lower()}")(*([items[3], *items[:3]] if "Quat" in name else items))
    assert made == new
    assert type(made) is type(value)


def test_wrong_number_of_elements_is_refused():
    with pytest.raises(AssertionError, match="Vec3d has 3 elements, not 2"):
        like(Gf.Vec3d(), 1.0, 2.0)


def test_numbers_have_no_elements():
    assert [size(1), size(2.0), size(True)] == [0, 0, 0]
    assert not is_single(1.5)
    assert round_like(1.0, 0.1) == 0.1


def test_other_types_are_not_of_the_dialect():
    with pytest.raises(KeyError):
        size(Gf.Vec3h())


def test_the_library_runs_without_openusd():
    script = "import sys; from portalis.translator.library import gf, gf_transform; sys.exit('pxr' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0
