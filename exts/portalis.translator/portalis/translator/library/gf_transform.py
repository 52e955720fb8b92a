"""`Gf.Matrix3d` and `Gf.Matrix4d` as transformations, and their rows and columns.

What changes a matrix and returns it in Python returns self here. OpenUSD does not check the index of a row or column in the functions
that take one, and reads or writes memory that is not the matrix's: such an index is guarded.
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from portalis.translator.library.gf_vec import Vec___sub__, Vec_GetCross, Vec_GetDot, Vec_GetNormalized
from portalis.translator.library.intrinsics import (
    element,
    fabs,
    float_divide,
    guard,
    make_matrix3d,
    make_matrix4d,
    make_quatd,
    make_vec3d,
    make_vec4d,
    set_elements,
    size,
    square_root,
)

_ORTHOGONAL_TOLERANCE = 1e-6


# ---------------------------------------------------------------------------------------------------- rows and columns
def _check_index(index, count):
    if index < 0 or index >= count:
        guard("a row or column that the matrix does not have")


def _chosen3(index, first, second, third):
    return first if index == 0 else (second if index == 1 else third)


def _chosen4(index, first, second, third, fourth):
    return first if index == 0 else (second if index == 1 else (third if index == 2 else fourth))


def _row3(matrix, index):
    # Choosing among all rows keeps element indices constant, which lanes need.
    return make_vec3d(
        _chosen3(index, element(matrix, 0), element(matrix, 3), element(matrix, 6)),
        _chosen3(index, element(matrix, 1), element(matrix, 4), element(matrix, 7)),
        _chosen3(index, element(matrix, 2), element(matrix, 5), element(matrix, 8)),
    )


def _row4(matrix, index):
    return make_vec4d(
        _chosen4(index, element(matrix, 0), element(matrix, 4), element(matrix, 8), element(matrix, 12)),
        _chosen4(index, element(matrix, 1), element(matrix, 5), element(matrix, 9), element(matrix, 13)),
        _chosen4(index, element(matrix, 2), element(matrix, 6), element(matrix, 10), element(matrix, 14)),
        _chosen4(index, element(matrix, 3), element(matrix, 7), element(matrix, 11), element(matrix, 15)),
    )


def Matrix_GetRow(self, index):
    """A new vector of a row's elements."""
    if size(self) == 9:
        _check_index(index, 3)
        return _row3(self, index)
    else:
        _check_index(index, 4)
        return _row4(self, index)


def Matrix_GetRow3(self, index):
    """A new vector of the first three elements of a row of a 4 by 4 matrix."""
    row = Matrix_GetRow(self, index)
    return make_vec3d(row[0], row[1], row[2])


def Matrix_GetColumn(self, index):
    """A new vector of a column's elements."""
    return Matrix_GetRow(Matrix_GetTranspose(self), index)


def Matrix_GetTranspose(self):
    """A new matrix whose rows are self's columns."""
    if size(self) == 9:
        return make_matrix3d(
            element(self, 0), element(self, 3), element(self, 6),
            element(self, 1), element(self, 4), element(self, 7),
            element(self, 2), element(self, 5), element(self, 8),
        )  # fmt: skip
    else:
        return make_matrix4d(
            element(self, 0), element(self, 4), element(self, 8), element(self, 12),
            element(self, 1), element(self, 5), element(self, 9), element(self, 13),
            element(self, 2), element(self, 6), element(self, 10), element(self, 14),
            element(self, 3), element(self, 7), element(self, 11), element(self, 15),
        )  # fmt: skip


def _set_rows3(matrix, first, second, third):
    set_elements(
        matrix,
        first[0], first[1], first[2],
        second[0], second[1], second[2],
        third[0], third[1], third[2],
    )  # fmt: skip


def _set_rows4(matrix, first, second, third, fourth):
    set_elements(
        matrix,
        first[0], first[1], first[2], first[3],
        second[0], second[1], second[2], second[3],
        third[0], third[1], third[2], third[3],
        fourth[0], fourth[1], fourth[2], fourth[3],
    )  # fmt: skip


def Matrix_SetRow(self, index, row):
    """Overwrite a row with a vector's elements."""
    if size(self) == 9:
        _check_index(index, 3)
        first = row if index == 0 else _row3(self, 0)
        second = row if index == 1 else _row3(self, 1)
        third = row if index == 2 else _row3(self, 2)
        _set_rows3(self, first, second, third)
    else:
        _check_index(index, 4)
        first = row if index == 0 else _row4(self, 0)
        second = row if index == 1 else _row4(self, 1)
        third = row if index == 2 else _row4(self, 2)
        fourth = row if index == 3 else _row4(self, 3)
        _set_rows4(self, first, second, third, fourth)


def Matrix_SetRow3(self, index, row):
    """Overwrite the first three elements of a row of a 4 by 4 matrix."""
    last = _chosen4(index, element(self, 3), element(self, 7), element(self, 11), element(self, 15))
    whole = make_vec4d(row[0], row[1], row[2], last)
    Matrix_SetRow(self, index, whole)


def Matrix_SetColumn(self, index, column):
    """Overwrite a column with a vector's elements."""
    transposed = Matrix_GetTranspose(self)
    Matrix_SetRow(transposed, index, column)
    back = Matrix_GetTranspose(transposed)
    if size(self) == 9:
        _set_rows3(self, _row3(back, 0), _row3(back, 1), _row3(back, 2))
    else:
        _set_rows4(self, _row4(back, 0), _row4(back, 1), _row4(back, 2), _row4(back, 3))


# -------------------------------------------------------------------------------------------------------- whole matrices
def Matrix3d_Set(self, a, b, c, d, e, f, g, h, i):
    """Overwrite all nine elements, row by row."""
    set_elements(self, a, b, c, d, e, f, g, h, i)
    return self


def Matrix4d_Set(self, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p):  # noqa: E741
    """Overwrite all sixteen elements, row by row."""
    set_elements(self, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
    return self


def _set_diagonal3(matrix, x, y, z):
    _set_rows3(matrix, (x, 0.0, 0.0), (0.0, y, 0.0), (0.0, 0.0, z))


def _set_diagonal4(matrix, x, y, z, w):
    _set_rows4(matrix, (x, 0.0, 0.0, 0.0), (0.0, y, 0.0, 0.0), (0.0, 0.0, z, 0.0), (0.0, 0.0, 0.0, w))


def Matrix_SetDiagonal(self, value):
    """Make self a diagonal of one number or of a vector's elements; return self."""
    if size(self) == 9:
        if size(value) == 0:
            _set_diagonal3(self, value, value, value)
        else:
            _set_diagonal3(self, value[0], value[1], value[2])
    elif size(value) == 0:
        _set_diagonal4(self, value, value, value, value)
    else:
        _set_diagonal4(self, value[0], value[1], value[2], value[3])
    return self


def Matrix_SetIdentity(self):
    """Make self the identity; return self."""
    return Matrix_SetDiagonal(self, 1.0)


def Matrix_SetZero(self):
    """Make all elements zero; return self."""
    return Matrix_SetDiagonal(self, 0.0)


def Matrix_SetScale(self, scale):
    """Make self a scale by one number or by a vector of three; return self."""
    if size(self) == 9:
        return Matrix_SetDiagonal(self, scale)
    elif size(scale) == 0:
        _set_diagonal4(self, scale, scale, scale, 1.0)
        return self
    else:
        _set_diagonal4(self, scale[0], scale[1], scale[2], 1.0)
        return self


def Matrix_SetTranslate(self, translation):
    """Make self a translation; return self."""
    last = (translation[0], translation[1], translation[2], 1.0)
    _set_rows4(self, (1.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0), last)
    return self


def Matrix_SetTranslateOnly(self, translation):
    """Overwrite the last row with a translation; return self."""
    first, second, third = _row4(self, 0), _row4(self, 1), _row4(self, 2)
    _set_rows4(self, first, second, third, (translation[0], translation[1], translation[2], 1.0))
    return self


def _rotation_rows(rotation):
    # The three rows of a rotation given as a quaternion, which should have unit length, or as a 3 by 3 matrix.
    if size(rotation) == 9:
        return _row3(rotation, 0), _row3(rotation, 1), _row3(rotation, 2)
    else:
        i, j, k, r = element(rotation, 0), element(rotation, 1), element(rotation, 2), element(rotation, 3)
        return (
            make_vec3d(1.0 - 2.0 * (j * j + k * k), 2.0 * (i * j + k * r), 2.0 * (k * i - j * r)),
            make_vec3d(2.0 * (i * j - k * r), 1.0 - 2.0 * (k * k + i * i), 2.0 * (j * k + i * r)),
            make_vec3d(2.0 * (k * i + j * r), 2.0 * (j * k - i * r), 1.0 - 2.0 * (j * j + i * i)),
        )


def _with_last(vector, last):
    return (vector[0], vector[1], vector[2], last)


def Matrix_SetRotate(self, rotation):
    """Make self the rotation by a quaternion or (4 by 4) with these 3 by 3 elements; return self."""
    rows = _rotation_rows(rotation)
    if size(self) == 9:
        _set_rows3(self, rows[0], rows[1], rows[2])
    else:
        _set_rows4(self, _with_last(rows[0], 0.0), _with_last(rows[1], 0.0), _with_last(rows[2], 0.0), (0.0, 0.0, 0.0, 1.0))
    return self


def Matrix_SetRotateOnly(self, rotation):
    """Overwrite the upper left 3 by 3 elements with a rotation; return self."""
    rows = _rotation_rows(rotation)
    first = make_vec4d(rows[0][0], rows[0][1], rows[0][2], element(self, 3))
    second = make_vec4d(rows[1][0], rows[1][1], rows[1][2], element(self, 7))
    third = make_vec4d(rows[2][0], rows[2][1], rows[2][2], element(self, 11))
    last = _row4(self, 3)
    _set_rows4(self, first, second, third, last)
    return self


def Matrix_SetTransform(self, rotation, translation):
    """Make self a rotation (a 3 by 3 matrix) followed by a translation; return self."""
    Matrix_SetRotate(self, rotation)
    return Matrix_SetTranslateOnly(self, translation)


def Matrix_SetLookAt(self, eye, center, up):
    """Make self the view from an eye point at a centre, which looks along -z; return self."""
    view = Vec_GetNormalized(Vec___sub__(center, eye))
    right = Vec_GetNormalized(Vec_GetCross(view, up))
    above = Vec_GetCross(right, view)
    last = (-Vec_GetDot(right, eye), -Vec_GetDot(above, eye), Vec_GetDot(view, eye), 1.0)
    first = (right[0], above[0], -view[0], 0.0)
    second = (right[1], above[1], -view[1], 0.0)
    _set_rows4(self, first, second, (right[2], above[2], -view[2], 0.0), last)
    return self


# ------------------------------------------------------------------------------------------------- points and directions
def Matrix_TransformDir(self, direction):
    """The direction (of either precision) without the translation, in doubles."""
    x, y, z = direction[0], direction[1], direction[2]
    return make_vec3d(
        x * element(self, 0) + y * element(self, 4) + z * element(self, 8),
        x * element(self, 1) + y * element(self, 5) + z * element(self, 9),
        x * element(self, 2) + y * element(self, 6) + z * element(self, 10),
    )


def Matrix_TransformAffine(self, point):
    """The point (of either precision) as if the last column were (0, 0, 0, 1), in doubles."""
    turned = Matrix_TransformDir(self, point)
    return make_vec3d(turned[0] + element(self, 12), turned[1] + element(self, 13), turned[2] + element(self, 14))


def Matrix_Transform(self, point):
    """The point (of either precision) divided by its homogeneous coordinate unless that is zero, in doubles."""
    moved = Matrix_TransformAffine(self, point)
    weight = point[0] * element(self, 3) + point[1] * element(self, 7) + point[2] * element(self, 11) + element(self, 15)
    inverse = float_divide(1.0, weight) if weight != 0.0 else 1.0
    return make_vec3d(inverse * moved[0], inverse * moved[1], inverse * moved[2])


# ---------------------------------------------------------------------------------------------------------------- parts
def Matrix_ExtractTranslation(self):
    """The first three elements of the last row."""
    return make_vec3d(element(self, 12), element(self, 13), element(self, 14))


def Matrix_ExtractRotationMatrix(self):
    """The upper left 3 by 3 elements."""
    return make_matrix3d(
        element(self, 0), element(self, 1), element(self, 2),
        element(self, 4), element(self, 5), element(self, 6),
        element(self, 8), element(self, 9), element(self, 10),
    )  # fmt: skip


def _clamped(real):
    return -1.0 if real < -1.0 else (1.0 if real > 1.0 else real)


def Matrix_ExtractRotationQuat(self):
    """The rotation as a quaternion; right only where the upper left 3 by 3 elements are orthonormal."""
    a, e, i, weight = element(self, 0), element(self, 5), element(self, 10), element(self, 15)
    b, c, d, f, g, h = element(self, 1), element(self, 2), element(self, 4), element(self, 6), element(self, 8), element(self, 9)
    largest = (a if a > i else i) if a > e else (e if e > i else i)
    if a + e + i > largest:
        real = 0.5 * square_root(a + e + i + weight)
        scale = 4.0 * real
        return make_quatd(_clamped(real), float_divide(f - h, scale), float_divide(g - c, scale), float_divide(b - d, scale))
    elif a > e and a > i:
        q = 0.5 * square_root(a - e - i + weight)
        scale = 4.0 * q
        return make_quatd(_clamped(float_divide(f - h, scale)), q, float_divide(b + d, scale), float_divide(g + c, scale))
    elif e > i and not a > e:
        q = 0.5 * square_root(e - i - a + weight)
        scale = 4.0 * q
        return make_quatd(_clamped(float_divide(g - c, scale)), float_divide(b + d, scale), q, float_divide(f + h, scale))
    else:
        q = 0.5 * square_root(i - a - e + weight)
        scale = 4.0 * q
        return make_quatd(_clamped(float_divide(b - d, scale)), float_divide(c + g, scale), float_divide(h + f, scale), q)


def Matrix_HasOrthogonalRows3(self):
    """Whether the first three rows of a 4 by 4 matrix, without their last element, are at right angles within 1e-6."""
    first, second, third = Matrix_GetRow3(self, 0), Matrix_GetRow3(self, 1), Matrix_GetRow3(self, 2)
    return (
        fabs(Vec_GetDot(first, second)) < _ORTHOGONAL_TOLERANCE
        and fabs(Vec_GetDot(first, third)) < _ORTHOGONAL_TOLERANCE
        and fabs(Vec_GetDot(second, third)) < _ORTHOGONAL_TOLERANCE
    )
