"""`Gf.Vec2/3/4d` and `Gf.Vec2/3/4f`: what their operators and methods compute, rounding by rounding.

Elements of a single vector are floats that a single can hold. Where C++ computes in singles, every operation is rounded (`round_like`);
an operation on singles done in double and then rounded gives the single result, because a double has more than twice the bits. Where C++
mixes a single with a double (scaling by a double, 1 / length), the operation is done in double and only its result is rounded.
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from portalis.translator.library.intrinsics import float_divide, like, round_like, set_elements, size, square_root


def Vec___add__(self, other):
    """self + other, element by element."""
    if size(self) == 2:
        return like(self, self[0] + other[0], self[1] + other[1])
    elif size(self) == 3:
        return like(self, self[0] + other[0], self[1] + other[1], self[2] + other[2])
    else:
        return like(self, self[0] + other[0], self[1] + other[1], self[2] + other[2], self[3] + other[3])


def Vec___sub__(self, other):
    """self - other, element by element."""
    if size(self) == 2:
        return like(self, self[0] - other[0], self[1] - other[1])
    elif size(self) == 3:
        return like(self, self[0] - other[0], self[1] - other[1], self[2] - other[2])
    else:
        return like(self, self[0] - other[0], self[1] - other[1], self[2] - other[2], self[3] - other[3])


def Vec___neg__(self):
    """-self."""
    if size(self) == 2:
        return like(self, -self[0], -self[1])
    elif size(self) == 3:
        return like(self, -self[0], -self[1], -self[2])
    else:
        return like(self, -self[0], -self[1], -self[2], -self[3])


def _scaled(vector, factor):
    if size(vector) == 2:
        return like(vector, vector[0] * factor, vector[1] * factor)
    elif size(vector) == 3:
        return like(vector, vector[0] * factor, vector[1] * factor, vector[2] * factor)
    else:
        return like(vector, vector[0] * factor, vector[1] * factor, vector[2] * factor, vector[3] * factor)


def _scale_in_place(vector, factor):
    if size(vector) == 2:
        set_elements(vector, vector[0] * factor, vector[1] * factor)
    elif size(vector) == 3:
        set_elements(vector, vector[0] * factor, vector[1] * factor, vector[2] * factor)
    else:
        set_elements(vector, vector[0] * factor, vector[1] * factor, vector[2] * factor, vector[3] * factor)


def Vec_GetDot(self, other):
    """The dot product, summed from the first element on."""
    total = round_like(self, round_like(self, self[0] * other[0]) + round_like(self, self[1] * other[1]))
    if size(self) >= 3:
        total = round_like(self, total + round_like(self, self[2] * other[2]))
    if size(self) == 4:
        total = round_like(self, total + round_like(self, self[3] * other[3]))
    return total


def Vec___mul__(self, other):
    """self * number scales; self * vector is the dot product."""
    if size(other) == 0:
        return _scaled(self, other)
    else:
        return Vec_GetDot(self, other)


def Vec___rmul__(self, other):
    """number * self."""
    return _scaled(self, other)


def _reciprocal(vector, divisor):
    # Gf divides a vector by multiplying with 1 / divisor, which differs from dividing each element.
    return float_divide(1.0, round_like(vector, divisor))


def Vec___truediv__(self, other):
    """self / number; nothing is raised for a zero."""
    return _scaled(self, _reciprocal(self, other))


def Vec_GetCross(self, other):
    """The cross product of two vectors of three elements."""
    return like(
        self,
        round_like(self, self[1] * other[2]) - round_like(self, self[2] * other[1]),
        round_like(self, self[2] * other[0]) - round_like(self, self[0] * other[2]),
        round_like(self, self[0] * other[1]) - round_like(self, self[1] * other[0]),
    )


def Vec___xor__(self, other):
    """self ^ other, the cross product."""
    return Vec_GetCross(self, other)


def Vec___eq__(self, other):
    """Whether all elements are equal; other may have another precision."""
    if size(self) == 2:
        return self[0] == other[0] and self[1] == other[1]
    elif size(self) == 3:
        return self[0] == other[0] and self[1] == other[1] and self[2] == other[2]
    else:
        return self[0] == other[0] and self[1] == other[1] and self[2] == other[2] and self[3] == other[3]


def Vec___ne__(self, other):
    """Whether any element differs."""
    return not Vec___eq__(self, other)


def Vec___iadd__(self, other):
    """self += other."""
    if size(self) == 2:
        set_elements(self, self[0] + other[0], self[1] + other[1])
    elif size(self) == 3:
        set_elements(self, self[0] + other[0], self[1] + other[1], self[2] + other[2])
    else:
        set_elements(self, self[0] + other[0], self[1] + other[1], self[2] + other[2], self[3] + other[3])


def Vec___isub__(self, other):
    """self -= other."""
    if size(self) == 2:
        set_elements(self, self[0] - other[0], self[1] - other[1])
    elif size(self) == 3:
        set_elements(self, self[0] - other[0], self[1] - other[1], self[2] - other[2])
    else:
        set_elements(self, self[0] - other[0], self[1] - other[1], self[2] - other[2], self[3] - other[3])


def Vec___imul__(self, other):
    """self *= number."""
    _scale_in_place(self, other)


def Vec___itruediv__(self, other):
    """self /= number."""
    factor = _reciprocal(self, other)
    _scale_in_place(self, factor)


def Vec_GetLength(self):
    """The Euclidean length; it overflows and underflows where the sum of squares does."""
    return round_like(self, square_root(Vec_GetDot(self, self)))


def _divisor(vector, length, eps):
    limit = round_like(vector, eps)
    return length if length > limit else limit


def Vec_GetNormalized(self, eps=1e-10):
    """self divided by its length, or by eps where the length is not greater."""
    return _scaled(self, _reciprocal(self, _divisor(self, Vec_GetLength(self), eps)))


def Vec_Normalize(self, eps=1e-10):
    """Change self to `GetNormalized(eps)` and return the length that it had."""
    length = Vec_GetLength(self)
    factor = _reciprocal(self, _divisor(self, length, eps))
    _scale_in_place(self, factor)
    return length


def Vec_GetProjection(self, other):
    """other * (self * other): the projection where other has unit length."""
    return _scaled(other, Vec_GetDot(self, other))


def Vec_GetComplement(self, other):
    """self - self.GetProjection(other)."""
    return Vec___sub__(self, Vec_GetProjection(self, other))


def Vec_BuildOrthonormalFrame(self, eps=1e-10):
    """Two vectors of unit length at right angles to self and one another; shorter by length / eps where self is shorter than eps."""
    limit = round_like(self, eps)
    length = Vec_GetLength(self)
    if length == 0.0:
        return like(self, 0.0, 0.0, 0.0), like(self, 0.0, 0.0, 0.0)
    direction = _scaled(self, float_divide(1.0, length))
    first = Vec_GetCross(like(self, 1.0, 0.0, 0.0), direction)
    if Vec_GetDot(first, first) < 1e-4 * 1e-4:
        first = Vec_GetCross(like(self, 0.0, 1.0, 0.0), direction)
    first = Vec_GetNormalized(first)
    second = Vec_GetCross(direction, first)
    if length < limit:
        shrink = round_like(self, float_divide(length, limit))
        first = _scaled(first, shrink)
        second = _scaled(second, shrink)
    return first, second
