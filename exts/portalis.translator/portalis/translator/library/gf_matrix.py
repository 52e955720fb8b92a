"""`Gf.Matrix3d` and `Gf.Matrix4d`: what their operators and methods compute, operation by operation.

Elements row by row; a matrix multiplies row vectors, so a translation is in the last row. What reads and writes a matrix as a
transformation is in gf_transform.py.
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from portalis.translator.library.intrinsics import (
    element,
    fabs,
    float_divide,
    like,
    make_vec3d,
    make_vec4d,
    set_elements,
    size,
)

# The largest single: what the diagonal of a singular matrix's inverse is filled with.
_LARGEST_SINGLE = 3.4028234663852886e38


def Matrix___add__(self, other):
    """self + other, element by element."""
    if size(self) == 9:
        return like(self,
            element(self, 0) + element(other, 0), element(self, 1) + element(other, 1), element(self, 2) + element(other, 2),
            element(self, 3) + element(other, 3), element(self, 4) + element(other, 4), element(self, 5) + element(other, 5),
            element(self, 6) + element(other, 6), element(self, 7) + element(other, 7), element(self, 8) + element(other, 8),
        )  # fmt: skip
    else:
        return like(self,
            element(self, 0) + element(other, 0), element(self, 1) + element(other, 1),
            element(self, 2) + element(other, 2), element(self, 3) + element(other, 3),
            element(self, 4) + element(other, 4), element(self, 5) + element(other, 5),
            element(self, 6) + element(other, 6), element(self, 7) + element(other, 7),
            element(self, 8) + element(other, 8), element(self, 9) + element(other, 9),
            element(self, 10) + element(other, 10), element(self, 11) + element(other, 11),
            element(self, 12) + element(other, 12), element(self, 13) + element(other, 13),
            element(self, 14) + element(other, 14), element(self, 15) + element(other, 15),
        )  # fmt: skip


def Matrix___sub__(self, other):
    """self - other, element by element."""
    if size(self) == 9:
        return like(self,
            element(self, 0) - element(other, 0), element(self, 1) - element(other, 1), element(self, 2) - element(other, 2),
            element(self, 3) - element(other, 3), element(self, 4) - element(other, 4), element(self, 5) - element(other, 5),
            element(self, 6) - element(other, 6), element(self, 7) - element(other, 7), element(self, 8) - element(other, 8),
        )  # fmt: skip
    else:
        return like(self,
            element(self, 0) - element(other, 0), element(self, 1) - element(other, 1),
            element(self, 2) - element(other, 2), element(self, 3) - element(other, 3),
            element(self, 4) - element(other, 4), element(self, 5) - element(other, 5),
            element(self, 6) - element(other, 6), element(self, 7) - element(other, 7),
            element(self, 8) - element(other, 8), element(self, 9) - element(other, 9),
            element(self, 10) - element(other, 10), element(self, 11) - element(other, 11),
            element(self, 12) - element(other, 12), element(self, 13) - element(other, 13),
            element(self, 14) - element(other, 14), element(self, 15) - element(other, 15),
        )  # fmt: skip


def Matrix___neg__(self):
    """-self."""
    if size(self) == 9:
        return like(self,
            -element(self, 0), -element(self, 1), -element(self, 2),
            -element(self, 3), -element(self, 4), -element(self, 5),
            -element(self, 6), -element(self, 7), -element(self, 8),
        )  # fmt: skip
    else:
        return like(self,
            -element(self, 0), -element(self, 1),
            -element(self, 2), -element(self, 3),
            -element(self, 4), -element(self, 5),
            -element(self, 6), -element(self, 7),
            -element(self, 8), -element(self, 9),
            -element(self, 10), -element(self, 11),
            -element(self, 12), -element(self, 13),
            -element(self, 14), -element(self, 15),
        )  # fmt: skip


def _scaled(self, factor):
    if size(self) == 9:
        return like(self,
            element(self, 0) * factor, element(self, 1) * factor, element(self, 2) * factor,
            element(self, 3) * factor, element(self, 4) * factor, element(self, 5) * factor,
            element(self, 6) * factor, element(self, 7) * factor, element(self, 8) * factor,
        )  # fmt: skip
    else:
        return like(self,
            element(self, 0) * factor, element(self, 1) * factor,
            element(self, 2) * factor, element(self, 3) * factor,
            element(self, 4) * factor, element(self, 5) * factor,
            element(self, 6) * factor, element(self, 7) * factor,
            element(self, 8) * factor, element(self, 9) * factor,
            element(self, 10) * factor, element(self, 11) * factor,
            element(self, 12) * factor, element(self, 13) * factor,
            element(self, 14) * factor, element(self, 15) * factor,
        )  # fmt: skip


def _copy_to(self, source):
    if size(self) == 9:
        set_elements(self,
            element(source, 0), element(source, 1), element(source, 2),
            element(source, 3), element(source, 4), element(source, 5),
            element(source, 6), element(source, 7), element(source, 8),
        )  # fmt: skip
    else:
        set_elements(self,
            element(source, 0), element(source, 1),
            element(source, 2), element(source, 3),
            element(source, 4), element(source, 5),
            element(source, 6), element(source, 7),
            element(source, 8), element(source, 9),
            element(source, 10), element(source, 11),
            element(source, 12), element(source, 13),
            element(source, 14), element(source, 15),
        )  # fmt: skip


def Matrix___iadd__(self, other):
    """self += other."""
    changed = Matrix___add__(self, other)
    _copy_to(self, changed)


def Matrix___isub__(self, other):
    """self -= other."""
    changed = Matrix___sub__(self, other)
    _copy_to(self, changed)


def Matrix___imul__(self, other):
    """self *= number or matrix; not `m *= m`, where OpenUSD reads rows that it has already overwritten."""
    changed = Matrix___mul__(self, other)
    _copy_to(self, changed)


def Matrix___eq__(self, other):
    """Whether all elements are equal."""
    same = element(self, 0) == element(other, 0) and element(self, 1) == element(other, 1) and element(self, 2) == element(other, 2)
    same = same and element(self, 3) == element(other, 3) and element(self, 4) == element(other, 4)
    same = same and element(self, 5) == element(other, 5) and element(self, 6) == element(other, 6)
    same = same and element(self, 7) == element(other, 7) and element(self, 8) == element(other, 8)
    if size(self) == 16:
        same = same and element(self, 9) == element(other, 9) and element(self, 10) == element(other, 10)
        same = same and element(self, 11) == element(other, 11) and element(self, 12) == element(other, 12)
        same = same and element(self, 13) == element(other, 13) and element(self, 14) == element(other, 14)
        same = same and element(self, 15) == element(other, 15)
    return same


def Matrix___ne__(self, other):
    """Whether any element differs."""
    return not Matrix___eq__(self, other)


# ------------------------------------------------------------------------------------------------------------ products
def _from_rows3(matrix, first, second, third):
    return like(matrix, first[0], first[1], first[2], second[0], second[1], second[2], third[0], third[1], third[2])


def _from_rows4(matrix, first, second, third, fourth):
    return like(
        matrix,
        first[0], first[1], first[2], first[3],
        second[0], second[1], second[2], second[3],
        third[0], third[1], third[2], third[3],
        fourth[0], fourth[1], fourth[2], fourth[3],
    )  # fmt: skip


def _row_product3(x, y, z, matrix):
    return (
        x * element(matrix, 0) + y * element(matrix, 3) + z * element(matrix, 6),
        x * element(matrix, 1) + y * element(matrix, 4) + z * element(matrix, 7),
        x * element(matrix, 2) + y * element(matrix, 5) + z * element(matrix, 8),
    )


def _row_product4(x, y, z, w, matrix):
    return (
        x * element(matrix, 0) + y * element(matrix, 4) + z * element(matrix, 8) + w * element(matrix, 12),
        x * element(matrix, 1) + y * element(matrix, 5) + z * element(matrix, 9) + w * element(matrix, 13),
        x * element(matrix, 2) + y * element(matrix, 6) + z * element(matrix, 10) + w * element(matrix, 14),
        x * element(matrix, 3) + y * element(matrix, 7) + z * element(matrix, 11) + w * element(matrix, 15),
    )


def _product(left, right):
    if size(left) == 9:
        first = _row_product3(element(left, 0), element(left, 1), element(left, 2), right)
        second = _row_product3(element(left, 3), element(left, 4), element(left, 5), right)
        third = _row_product3(element(left, 6), element(left, 7), element(left, 8), right)
        return _from_rows3(left, first, second, third)
    else:
        first = _row_product4(element(left, 0), element(left, 1), element(left, 2), element(left, 3), right)
        second = _row_product4(element(left, 4), element(left, 5), element(left, 6), element(left, 7), right)
        third = _row_product4(element(left, 8), element(left, 9), element(left, 10), element(left, 11), right)
        fourth = _row_product4(element(left, 12), element(left, 13), element(left, 14), element(left, 15), right)
        return _from_rows4(left, first, second, third, fourth)


def _column_product(matrix, vector):
    x, y, z = vector[0], vector[1], vector[2]
    if size(matrix) == 9:
        return make_vec3d(
            x * element(matrix, 0) + y * element(matrix, 1) + z * element(matrix, 2),
            x * element(matrix, 3) + y * element(matrix, 4) + z * element(matrix, 5),
            x * element(matrix, 6) + y * element(matrix, 7) + z * element(matrix, 8),
        )
    else:
        w = vector[3]
        return make_vec4d(
            x * element(matrix, 0) + y * element(matrix, 1) + z * element(matrix, 2) + w * element(matrix, 3),
            x * element(matrix, 4) + y * element(matrix, 5) + z * element(matrix, 6) + w * element(matrix, 7),
            x * element(matrix, 8) + y * element(matrix, 9) + z * element(matrix, 10) + w * element(matrix, 11),
            x * element(matrix, 12) + y * element(matrix, 13) + z * element(matrix, 14) + w * element(matrix, 15),
        )


def Matrix___mul__(self, other):
    """self * number, self * matrix, or self * column vector, which gives doubles for a single vector too."""
    if size(other) == 0:
        return _scaled(self, other)
    elif size(other) <= 4:
        return _column_product(self, other)
    else:
        return _product(self, other)


def Matrix___rmul__(self, other):
    """number * self, or row vector * self, which gives doubles for a single vector too."""
    if size(other) == 0:
        return _scaled(self, other)
    elif size(other) == 3:
        row = _row_product3(other[0], other[1], other[2], self)
        return make_vec3d(row[0], row[1], row[2])
    else:
        row = _row_product4(other[0], other[1], other[2], other[3], self)
        return make_vec4d(row[0], row[1], row[2], row[3])


def Matrix___truediv__(self, other):
    """self * other.GetInverse()."""
    return _product(self, Matrix_GetInverse(other))


# -------------------------------------------------------------------------------------------- determinants and inverses
def _determinant3(a, b, c, d, e, f, g, h, i):
    return a * e * i + b * f * g + c * d * h - a * f * h - b * d * i - c * e * g


def Matrix_GetDeterminant3(self):
    """The determinant of the upper left 3 by 3 elements of a 4 by 4 matrix."""
    return _determinant3(
        element(self, 0), element(self, 1), element(self, 2),
        element(self, 4), element(self, 5), element(self, 6),
        element(self, 8), element(self, 9), element(self, 10),
    )  # fmt: skip


def Matrix_GetDeterminant(self):
    """The determinant."""
    a, b, c, d, e, f = element(self, 0), element(self, 1), element(self, 2), element(self, 3), element(self, 4), element(self, 5)
    g, h, i = element(self, 6), element(self, 7), element(self, 8)
    if size(self) == 9:
        return _determinant3(a, b, c, d, e, f, g, h, i)
    else:
        x, y, z = element(self, 12), element(self, 13), element(self, 14)
        j, k = element(self, 9), element(self, 10)
        without_first = -d * _determinant3(e, f, g, i, j, k, x, y, z)
        without_second = h * _determinant3(a, b, c, i, j, k, x, y, z)
        without_third = element(self, 11) * _determinant3(a, b, c, e, f, g, x, y, z)
        without_fourth = element(self, 15) * _determinant3(a, b, c, e, f, g, i, j, k)
        return without_first + without_second - without_third + without_fourth


def _pairs(a0, a1, a2, a3, b0, b1, b2, b3):
    # The 2 by 2 determinants of two columns: rows 01, 02, 03, 12, 13, 23.
    return (
        a0 * b1 - a1 * b0,
        a0 * b2 - a2 * b0,
        a0 * b3 - a3 * b0,
        a1 * b2 - a2 * b1,
        a1 * b3 - a3 * b1,
        a2 * b3 - a3 * b2,
    )


def _even_cofactors(c0, c1, c2, c3, pairs):
    return (
        c2 * pairs[4] - c3 * pairs[3] - c1 * pairs[5],
        c0 * pairs[5] - c2 * pairs[2] + c3 * pairs[1],
        c1 * pairs[2] - c3 * pairs[0] - c0 * pairs[4],
        c0 * pairs[3] - c1 * pairs[1] + c2 * pairs[0],
    )


def _odd_cofactors(c0, c1, c2, c3, pairs):
    return (
        c1 * pairs[5] - c2 * pairs[4] + c3 * pairs[3],
        c2 * pairs[2] - c3 * pairs[1] - c0 * pairs[5],
        c0 * pairs[4] - c1 * pairs[2] + c3 * pairs[0],
        c1 * pairs[1] - c2 * pairs[0] - c0 * pairs[3],
    )


def _inverse4(matrix):
    a0, a1, a2, a3 = element(matrix, 0), element(matrix, 4), element(matrix, 8), element(matrix, 12)
    b0, b1, b2, b3 = element(matrix, 1), element(matrix, 5), element(matrix, 9), element(matrix, 13)
    c0, c1, c2, c3 = element(matrix, 2), element(matrix, 6), element(matrix, 10), element(matrix, 14)
    d0, d1, d2, d3 = element(matrix, 3), element(matrix, 7), element(matrix, 11), element(matrix, 15)
    left = _pairs(a0, a1, a2, a3, b0, b1, b2, b3)
    right = _pairs(c0, c1, c2, c3, d0, d1, d2, d3)
    first = _odd_cofactors(b0, b1, b2, b3, right)
    second = _even_cofactors(a0, a1, a2, a3, right)
    third = _odd_cofactors(d0, d1, d2, d3, left)
    fourth = _even_cofactors(c0, c1, c2, c3, left)
    determinant = a3 * first[3] + a2 * first[2] + a1 * first[1] + a0 * first[0]
    if fabs(determinant) > 0.0:
        return _scaled(_from_rows4(matrix, first, second, third, fourth), float_divide(1.0, determinant))
    else:
        x = _LARGEST_SINGLE
        return _from_rows4(matrix, (x, 0.0, 0.0, 0.0), (0.0, x, 0.0, 0.0), (0.0, 0.0, x, 0.0), (0.0, 0.0, 0.0, 1.0))


def _inverse3(matrix):
    a, b, c = element(matrix, 0), element(matrix, 1), element(matrix, 2)
    d, e, f = element(matrix, 3), element(matrix, 4), element(matrix, 5)
    g, h, i = element(matrix, 6), element(matrix, 7), element(matrix, 8)
    determinant = -(c * e * g) + b * f * g + c * d * h - a * f * h - b * d * i + a * e * i
    if fabs(determinant) > 0.0:
        first = (-(f * h) + e * i, c * h - b * i, -(c * e) + b * f)
        second = (f * g - d * i, -(c * g) + a * i, c * d - a * f)
        third = (-(e * g) + d * h, b * g - a * h, -(b * d) + a * e)
        return _scaled(_from_rows3(matrix, first, second, third), float_divide(1.0, determinant))
    else:
        x = _LARGEST_SINGLE
        return _from_rows3(matrix, (x, 0.0, 0.0), (0.0, x, 0.0), (0.0, 0.0, x))


def Matrix_GetInverse(self):
    """The inverse; where the determinant is zero or NaN, a scale by the largest single."""
    if size(self) == 9:
        return _inverse3(self)
    else:
        return _inverse4(self)


def Matrix_GetHandedness(self):
    """The sign of the determinant of the upper left 3 by 3 elements: 1.0, -1.0 or 0.0."""
    # Not a conditional expression: only one branch exists for each of the two types.
    if size(self) == 9:  # noqa: SIM108
        determinant = Matrix_GetDeterminant(self)
    else:
        determinant = Matrix_GetDeterminant3(self)
    return -1.0 if determinant < 0.0 else (1.0 if determinant > 0.0 else 0.0)


def Matrix_IsRightHanded(self):
    """Whether the handedness is 1."""
    return Matrix_GetHandedness(self) == 1.0


def Matrix_IsLeftHanded(self):
    """Whether the handedness is -1."""
    return Matrix_GetHandedness(self) == -1.0


def all_below(matrix, tolerance):
    """Whether the absolute values of all elements are below the tolerance."""
    below = fabs(element(matrix, 0)) < tolerance and fabs(element(matrix, 1)) < tolerance and fabs(element(matrix, 2)) < tolerance
    below = below and fabs(element(matrix, 3)) < tolerance and fabs(element(matrix, 4)) < tolerance
    below = below and fabs(element(matrix, 5)) < tolerance and fabs(element(matrix, 6)) < tolerance
    below = below and fabs(element(matrix, 7)) < tolerance and fabs(element(matrix, 8)) < tolerance
    if size(matrix) == 16:
        below = below and fabs(element(matrix, 9)) < tolerance and fabs(element(matrix, 10)) < tolerance
        below = below and fabs(element(matrix, 11)) < tolerance and fabs(element(matrix, 12)) < tolerance
        below = below and fabs(element(matrix, 13)) < tolerance and fabs(element(matrix, 14)) < tolerance
        below = below and fabs(element(matrix, 15)) < tolerance
    return below
