"""The functions of the module `pxr.Gf`, and what holds of the whole library for `Gf`.

The front-end finds a function by its name: `Gf_NAME` here for a function of the module; `Vec_NAME`, `Quat_NAME` and `Matrix_NAME` in
gf_vec.py, gf_quat.py, gf_matrix.py and gf_transform.py for methods and operators (`Vec___add__`) of the three families, the receiver
first. All are generic over the types that gf_signatures.py lists. Each computes bit for bit what OpenUSD 26.11's x86-64 wheel does: the
same operations in the same order, without fused multiply-add. Payloads and signs of NaN are unspecified. A number is a double: an int is
converted before the call.

`Gf.Slerp` is the exception (`gf_signatures.DRIFTING`): OpenUSD takes sines and arc cosines from the platform's C library, this library
from its own; for a `Quatf` the platform's single sine besides.

Left out, hence refused by the front-end:

| what | why |
|---|---|
| `Gf.Exp`, `Gf.Log`, `Gf.Pow`, and the functions on singles (`Gf.Sqrtf`, …) | C++'s own libm; `math` has what is verified |
| `Gf.Min`, `Gf.Max`, `Gf.Sgn`, `Gf.Sqr` of ints | C++ ints of 32 bits |
| parts of vectors (`v.xy`), slices, `x in v`, `v == (1, 2, 3)` | lists and conversions that the subset lacks |
| `Gf.Min`, `Gf.Max` of more than two | one function, one number of parameters |
| `Vec.Axis`, `Vec.OrthogonalizeBasis`, `Matrix.Orthonormalize`, `GetOrthonormalized` | OpenUSD warns on stderr, or raises |
| `Matrix.Factor`, `RemoveScaleShear`, `ExtractRotation`, `SetRotate` with a `Gf.Rotation` | types outside the subset, iterations |
| `m *= m` | OpenUSD multiplies with rows that it has already overwritten |
| `q1 + q2` and the like with a `Quatf` left of a `Quatd` | raises in CPython |
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from portalis.translator.library.gf_matrix import Matrix___sub__, all_below
from portalis.translator.library.gf_quat import Quat___add__, Quat___mul__
from portalis.translator.library.gf_vec import (
    Vec___add__,
    Vec___mul__,
    Vec___sub__,
    Vec___truediv__,
    Vec_BuildOrthonormalFrame,
    Vec_GetComplement,
    Vec_GetCross,
    Vec_GetDot,
    Vec_GetLength,
    Vec_GetNormalized,
    Vec_GetProjection,
    Vec_Normalize,
)
from portalis.translator.library.intrinsics import (
    ceil_float,
    element,
    fabs,
    float_divide,
    floor_float,
    is_single,
    like,
    make_vec3d,
    make_vec3f,
    rint,
    round_like,
    size,
    square_root,
)
from portalis.translator.library.inverse_trigonometric import arc_cosine
from portalis.translator.library.trigonometric import cosine, sine

_LARGEST = 1.7976931348623157e308


def checked_index(index: int) -> int:
    """The int as a C int of 32 bits, which is what OpenUSD's bindings take for an index."""
    if index > 2147483647:
        raise OverflowError("bad integer conversion: positive overflow")
    if index < -2147483648:
        raise OverflowError("bad integer conversion: negative overflow")
    return index


# --------------------------------------------------------------------------------------------------------------- numbers
def Gf_Abs(value: float) -> float:
    """The absolute value."""
    return fabs(value)


def Gf_Ceil(value: float) -> float:
    """The next whole number upward, a float."""
    return ceil_float(value)


def Gf_Floor(value: float) -> float:
    """The next whole number downward, a float."""
    return floor_float(value)


def Gf_Round(value: float) -> float:
    """The nearest whole number, a float; halves to the even one."""
    return rint(value)


def Gf_Sqrt(value: float) -> float:
    """The square root; NaN below zero."""
    return square_root(value)


def Gf_Sgn(value: float) -> float:
    """-1.0, 0.0 or 1.0; 0.0 for NaN. For a float only: an int gives an int."""
    return -1.0 if value < 0.0 else (1.0 if value > 0.0 else 0.0)


def Gf_Clamp(value: float, low: float, high: float) -> float:
    """Value, or the bound that it is beyond; the lower one is looked at first."""
    return low if value < low else (high if value > high else value)


def Gf_Min(first: float, second: float) -> float:
    """The smaller one; the second where they do not compare. For floats only: ints give an int."""
    return first if first < second else second


def Gf_Max(first: float, second: float) -> float:
    """The greater one; the first where they do not compare. For floats only: ints give an int."""
    return second if first < second else first


def Gf_DegreesToRadians(degrees: float) -> float:
    """degrees * (pi / 180)."""
    return degrees * 0.017453292519943295


def Gf_RadiansToDegrees(radians: float) -> float:
    """radians * (180 / pi)."""
    return radians * 57.29577951308232


def Gf_SmoothStep(low: float, high: float, value: float, slope0: float = 0.0, slope1: float = 0.0) -> float:
    """0 below low, 1 from high on, between them a cubic with these slopes at its ends."""
    if value >= high:
        return 1.0
    if value < low:
        return 0.0
    width = high - low
    h = float_divide(value - low, width)
    squared = h * h
    cubed = squared * h
    result = -2.0 * cubed + 3.0 * squared
    if slope0 != 0.0:
        result = result + (cubed - 2.0 * squared + h) * float_divide(slope0, width)
    if slope1 != 0.0:
        result = result + (cubed - squared) * float_divide(slope1, width)
    return result


# ------------------------------------------------------------------------------------------- numbers, vectors and matrices
def Gf_Sqr(value):
    """value * value, for a vector its dot product with itself. For a float, not an int, which OpenUSD multiplies in 32 bits."""
    if size(value) == 0:
        return value * value
    else:
        return Vec_GetDot(value, value)


def Gf_Lerp(alpha, first, second):
    """(1 - alpha) * first + alpha * second."""
    if size(first) == 0:
        return (1.0 - alpha) * first + alpha * second
    else:
        return Vec___add__(Vec___mul__(first, 1.0 - alpha), Vec___mul__(second, alpha))


def Gf_IsClose(first, second, tolerance):
    """Whether numbers or all elements of matrices are closer than the tolerance, or vectors not further apart."""
    if size(first) == 0:
        return fabs(first - second) < tolerance
    elif size(first) <= 4:
        difference = Vec___sub__(first, second)
        return Vec_GetDot(difference, difference) <= tolerance * tolerance
    else:
        return all_below(Matrix___sub__(first, second), tolerance)


def Gf_Dot(first, second):
    """The product of numbers, or the dot product of vectors or quaternions of one type."""
    if size(first) == 0:
        return first * second
    else:
        return sum_of_products(first, second)


def sum_of_products(first, second):
    """The dot product in storage order, which is Gf's order for vectors and for quaternions, whose real part comes last."""
    total = round_like(first, element(first, 0) * element(second, 0))
    total = round_like(first, total + round_like(first, element(first, 1) * element(second, 1)))
    if size(first) >= 3:
        total = round_like(first, total + round_like(first, element(first, 2) * element(second, 2)))
    if size(first) == 4:
        total = round_like(first, total + round_like(first, element(first, 3) * element(second, 3)))
    return total


def Gf_CompMult(first, second):
    """The products of numbers or of vectors' elements."""
    if size(first) == 0:
        return first * second
    elif size(first) == 2:
        return like(first, first[0] * second[0], first[1] * second[1])
    elif size(first) == 3:
        return like(first, first[0] * second[0], first[1] * second[1], first[2] * second[2])
    else:
        return like(first, first[0] * second[0], first[1] * second[1], first[2] * second[2], first[3] * second[3])


def Gf_CompDiv(first, second):
    """The quotients of numbers or of vectors' elements; nothing is raised for a zero."""
    if size(first) == 0:
        return float_divide(first, second)
    elif size(first) == 2:
        return like(first, float_divide(first[0], second[0]), float_divide(first[1], second[1]))
    elif size(first) == 3:
        x, y = float_divide(first[0], second[0]), float_divide(first[1], second[1])
        return like(first, x, y, float_divide(first[2], second[2]))
    else:
        x, y = float_divide(first[0], second[0]), float_divide(first[1], second[1])
        return like(first, x, y, float_divide(first[2], second[2]), float_divide(first[3], second[3]))


# --------------------------------------------------------------------------------------------------------------- vectors
def Gf_Cross(first, second):
    """first.GetCross(second)."""
    return Vec_GetCross(first, second)


def Gf_GetLength(vector):
    """vector.GetLength()."""
    return Vec_GetLength(vector)


def Gf_GetNormalized(vector, eps=1e-10):
    """vector.GetNormalized(eps)."""
    return Vec_GetNormalized(vector, eps)


def Gf_Normalize(vector, eps=1e-10):
    """vector.Normalize(eps), which changes the vector and returns its length."""
    return Vec_Normalize(vector, eps)


def Gf_GetProjection(vector, onto):
    """vector.GetProjection(onto)."""
    return Vec_GetProjection(vector, onto)


def Gf_GetComplement(vector, onto):
    """vector.GetComplement(onto)."""
    return Vec_GetComplement(vector, onto)


def Gf_GetHomogenized(vector):
    """A vector of four divided by its last element, which counts as 1 where it is zero."""
    weight = vector[3] if vector[3] != 0.0 else 1.0
    return Vec___truediv__(like(vector, vector[0], vector[1], vector[2], weight), weight)


def Gf_Project(vector):
    """The first three elements of a vector of four, divided by the last unless that is zero."""
    inverse = round_like(vector, float_divide(1.0, vector[3])) if vector[3] != 0.0 else 1.0
    if is_single(vector):
        return make_vec3f(inverse * vector[0], inverse * vector[1], inverse * vector[2])
    else:
        return make_vec3d(inverse * vector[0], inverse * vector[1], inverse * vector[2])


def Gf_HomogeneousCross(first, second):
    """The cross product of two homogenized vectors of four, with 1 as its last element."""
    a, b = Gf_GetHomogenized(first), Gf_GetHomogenized(second)
    return like(
        first,
        round_like(first, a[1] * b[2]) - round_like(first, a[2] * b[1]),
        round_like(first, a[2] * b[0]) - round_like(first, a[0] * b[2]),
        round_like(first, a[0] * b[1]) - round_like(first, a[1] * b[0]),
        1.0,
    )


# ------------------------------------------------------------------------------------------------ spherical interpolation
def _sine(angle):
    # C's sin is NaN where Python's raises.
    return sine(angle) if fabs(angle) <= _LARGEST else angle - angle


def _cosine(angle):
    return cosine(angle) if fabs(angle) <= _LARGEST else angle - angle


def _slerp_vectors(alpha, first, second):
    angle = arc_cosine(Gf_Clamp(Vec_GetDot(first, second), -1.0, 1.0))
    if fabs(angle) < 0.001:
        return Gf_Lerp(alpha, first, second)
    sine_of_angle = _sine(angle)
    if fabs(sine_of_angle) < 0.00001:
        frame = Vec_BuildOrthonormalFrame(first)
        along, across = _cosine(alpha * 3.141592653589793), _sine(alpha * 3.141592653589793)
        return Vec___add__(Vec___mul__(first, along), Vec___mul__(frame[0], across))
    reciprocal = float_divide(1.0, sine_of_angle)
    near = Vec___mul__(first, _sine((1.0 - alpha) * angle) * reciprocal)
    return Vec___add__(near, Vec___mul__(second, _sine(alpha * angle) * reciprocal))


def _slerp_quaternions(alpha, first, second):
    projection = sum_of_products(first, second)
    distance = 1.0 - fabs(projection)
    near, far = 1.0 - alpha, alpha
    if distance > 0.00001:
        angle = round_like(first, arc_cosine(fabs(projection)))
        sine_of_angle = round_like(first, _sine(angle))
        near = float_divide(_sine((1.0 - alpha) * angle), sine_of_angle)
        far = float_divide(_sine(alpha * angle), sine_of_angle)
    if projection < 0.0:
        far = -far
    return Quat___add__(Quat___mul__(first, near), Quat___mul__(second, far))


def Gf_Slerp(alpha, first, second):
    """The point at alpha of the arc from one vector of three or quaternion to another; sines and arc cosines are the library's own."""
    if size(first) == 3:
        return _slerp_vectors(alpha, first, second)
    else:
        return _slerp_quaternions(alpha, first, second)
