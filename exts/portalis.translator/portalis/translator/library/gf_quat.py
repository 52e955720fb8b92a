"""`Gf.Quatd` and `Gf.Quatf`: what their operators and methods compute, rounding by rounding (see gf_vec.py).

Elements in storage order: i, j, k, real. Where a `Quatd` meets a `Quatf`, OpenUSD converts the latter, which loses nothing.
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from portalis.translator.library.intrinsics import (
    element,
    float_divide,
    is_single,
    like,
    make_vec3d,
    make_vec3f,
    round_like,
    set_elements,
    size,
    square_root,
)


def Quat_GetReal(self):
    """The real part."""
    return element(self, 3)


def Quat_GetImaginary(self):
    """A new vector of the imaginary part, in the quaternion's precision."""
    if is_single(self):
        return make_vec3f(element(self, 0), element(self, 1), element(self, 2))
    else:
        return make_vec3d(element(self, 0), element(self, 1), element(self, 2))


def Quat_SetReal(self, real):
    """Change the real part."""
    set_elements(self, element(self, 0), element(self, 1), element(self, 2), real)


def Quat_SetImaginary(self, imaginary):
    """Change the imaginary part to a vector of the same precision."""
    set_elements(self, imaginary[0], imaginary[1], imaginary[2], element(self, 3))


def Quat_SetImaginary3(self, i, j, k):
    """`SetImaginary(i, j, k)`."""
    set_elements(self, i, j, k, element(self, 3))


def Quat___add__(self, other):
    """self + other, element by element."""
    return like(
        self,
        element(self, 0) + element(other, 0),
        element(self, 1) + element(other, 1),
        element(self, 2) + element(other, 2),
        element(self, 3) + element(other, 3),
    )


def Quat___sub__(self, other):
    """self - other, element by element."""
    return like(
        self,
        element(self, 0) - element(other, 0),
        element(self, 1) - element(other, 1),
        element(self, 2) - element(other, 2),
        element(self, 3) - element(other, 3),
    )


def Quat___neg__(self):
    """-self."""
    return like(self, -element(self, 0), -element(self, 1), -element(self, 2), -element(self, 3))


def _copy_to(target, source):
    set_elements(target, element(source, 0), element(source, 1), element(source, 2), element(source, 3))


def Quat___iadd__(self, other):
    """self += other."""
    changed = Quat___add__(self, other)
    _copy_to(self, changed)


def Quat___isub__(self, other):
    """self -= other."""
    changed = Quat___sub__(self, other)
    _copy_to(self, changed)


def _dot_imaginary(left, right):
    first = round_like(left, element(left, 0) * element(right, 0))
    second = round_like(left, element(left, 1) * element(right, 1))
    third = round_like(left, element(left, 2) * element(right, 2))
    return round_like(left, round_like(left, first + second) + third)


def _dot(left, right):
    return round_like(left, _dot_imaginary(left, right) + round_like(left, element(left, 3) * element(right, 3)))


def _product_element(left, real, imaginary, other_real, other_imaginary, crossed, crossed_back):
    summed = round_like(left, round_like(left, real * other_imaginary) + round_like(left, other_real * imaginary))
    return round_like(left, summed + round_like(left, round_like(left, crossed) - round_like(left, crossed_back)))


def _product(left, right):
    i, j, k, real = element(left, 0), element(left, 1), element(left, 2), element(left, 3)
    other_i, other_j, other_k, other_real = element(right, 0), element(right, 1), element(right, 2), element(right, 3)
    return like(
        left,
        _product_element(left, real, i, other_real, other_i, j * other_k, k * other_j),
        _product_element(left, real, j, other_real, other_j, k * other_i, i * other_k),
        _product_element(left, real, k, other_real, other_k, i * other_j, j * other_i),
        round_like(left, real * other_real) - _dot_imaginary(left, right),
    )


def _scaled(quaternion, factor):
    rounded = round_like(quaternion, factor)
    return like(
        quaternion,
        element(quaternion, 0) * rounded,
        element(quaternion, 1) * rounded,
        element(quaternion, 2) * rounded,
        element(quaternion, 3) * rounded,
    )


def Quat___mul__(self, other):
    """self * number scales; self * quaternion is their product."""
    if size(other) == 0:
        return _scaled(self, other)
    else:
        return _product(self, other)


def Quat___rmul__(self, other):
    """number * self."""
    return _scaled(self, other)


def Quat___imul__(self, other):
    """self *= number or quaternion."""
    changed = Quat___mul__(self, other)
    _copy_to(self, changed)


def Quat___truediv__(self, other):
    """self / number; nothing is raised for a zero. The real part is divided, the imaginary part multiplied with 1 / number."""
    divisor = round_like(self, other)
    reciprocal = float_divide(1.0, divisor)
    return like(
        self,
        element(self, 0) * reciprocal,
        element(self, 1) * reciprocal,
        element(self, 2) * reciprocal,
        float_divide(element(self, 3), divisor),
    )


def Quat___itruediv__(self, other):
    """self /= number."""
    changed = Quat___truediv__(self, other)
    _copy_to(self, changed)


def Quat___eq__(self, other):
    """Whether all elements are equal."""
    same_imaginary = (
        element(self, 0) == element(other, 0) and element(self, 1) == element(other, 1) and element(self, 2) == element(other, 2)
    )
    return same_imaginary and element(self, 3) == element(other, 3)


def Quat___ne__(self, other):
    """Whether any element differs."""
    return not Quat___eq__(self, other)


def Quat_GetLength(self):
    """The length of the four elements."""
    return round_like(self, square_root(_dot(self, self)))


def Quat_GetNormalized(self, eps=1e-10):
    """self / length, or the identity where the length is smaller than eps."""
    length = Quat_GetLength(self)
    if length < round_like(self, eps):
        return like(self, 0.0, 0.0, 0.0, 1.0)
    else:
        return Quat___truediv__(self, length)


def Quat_Normalize(self, eps=1e-10):
    """Change self to `GetNormalized(eps)` and return it (where a vector returns its length)."""
    changed = Quat_GetNormalized(self, eps)
    _copy_to(self, changed)
    return self


def Quat_GetConjugate(self):
    """The quaternion with the imaginary part negated."""
    return like(self, -element(self, 0), -element(self, 1), -element(self, 2), element(self, 3))


def Quat_GetInverse(self):
    """The conjugate divided by the squared length."""
    return Quat___truediv__(Quat_GetConjugate(self), _dot(self, self))


def _transformed_element(quaternion, along, imaginary, across, coordinate, twice_real, crossed):
    # Each of the three summands is a vector scaled in double by a factor of the quaternion's precision.
    parallel = round_like(quaternion, along * imaginary)
    kept = round_like(quaternion, across * coordinate)
    return round_like(quaternion, round_like(quaternion, parallel + kept) + round_like(quaternion, twice_real * crossed))


def _difference(quaternion, left, right):
    return round_like(quaternion, round_like(quaternion, left) - round_like(quaternion, right))


def Quat_Transform(self, point):
    """The point turned by the quaternion, which need not have unit length."""
    i, j, k, real = element(self, 0), element(self, 1), element(self, 2), element(self, 3)
    x, y, z = point[0], point[1], point[2]
    squared_imaginary = _dot_imaginary(self, self)
    squared_real = round_like(self, real * real)
    first = round_like(self, round_like(self, i * x) + round_like(self, j * y))
    along = round_like(self, 2.0 * round_like(self, first + round_like(self, k * z)))
    across = round_like(self, squared_real - squared_imaginary)
    twice_real = round_like(self, 2.0 * real)
    reciprocal = float_divide(1.0, round_like(self, squared_real + squared_imaginary))
    return like(
        point,
        _transformed_element(self, along, i, across, x, twice_real, _difference(self, j * z, k * y)) * reciprocal,
        _transformed_element(self, along, j, across, y, twice_real, _difference(self, k * x, i * z)) * reciprocal,
        _transformed_element(self, along, k, across, z, twice_real, _difference(self, i * y, j * x)) * reciprocal,
    )
