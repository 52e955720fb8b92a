"""What the constructors of `Gf` types do beyond storing one number an element.

`TYPE_of_number` fills a vector, is a quaternion's real part, or a matrix's diagonal; `TYPE_of_vector` and `TYPE_of_quaternion` copy or
convert the precision; `TYPE_of_diagonal` and `TYPE_of_matrix` build matrices.
"""

# mypy: allow-untyped-defs, allow-untyped-calls
from portalis.translator.library.gf_transform import Matrix_SetRotate, Matrix_SetTransform
from portalis.translator.library.intrinsics import (
    element,
    make_matrix3d,
    make_matrix4d,
    make_quatd,
    make_quatf,
    make_vec2d,
    make_vec2f,
    make_vec3d,
    make_vec3f,
    make_vec4d,
    make_vec4f,
)


def Vec2d_of_number(value=0.0):
    """All elements are value."""
    return make_vec2d(value, value)


def Vec2d_of_vector(vector):
    """The elements of a vector of either precision."""
    return make_vec2d(vector[0], vector[1])


def Vec2f_of_number(value=0.0):
    """All elements are value."""
    return make_vec2f(value, value)


def Vec2f_of_vector(vector):
    """The elements of a vector of either precision."""
    return make_vec2f(vector[0], vector[1])


def Vec3d_of_number(value=0.0):
    """All elements are value."""
    return make_vec3d(value, value, value)


def Vec3d_of_vector(vector):
    """The elements of a vector of either precision."""
    return make_vec3d(vector[0], vector[1], vector[2])


def Vec3f_of_number(value=0.0):
    """All elements are value."""
    return make_vec3f(value, value, value)


def Vec3f_of_vector(vector):
    """The elements of a vector of either precision."""
    return make_vec3f(vector[0], vector[1], vector[2])


def Vec4d_of_number(value=0.0):
    """All elements are value."""
    return make_vec4d(value, value, value, value)


def Vec4d_of_vector(vector):
    """The elements of a vector of either precision."""
    return make_vec4d(vector[0], vector[1], vector[2], vector[3])


def Vec4f_of_number(value=0.0):
    """All elements are value."""
    return make_vec4f(value, value, value, value)


def Vec4f_of_vector(vector):
    """The elements of a vector of either precision."""
    return make_vec4f(vector[0], vector[1], vector[2], vector[3])


def Quatd_of_number(real=0.0):
    """A real quaternion."""
    return make_quatd(real, 0.0, 0.0, 0.0)


def Quatd_of_parts(real, imaginary):
    """A quaternion from its real part and a vector of its precision."""
    return make_quatd(real, imaginary[0], imaginary[1], imaginary[2])


def Quatd_of_quaternion(quaternion):
    """The elements of a quaternion of either precision."""
    return make_quatd(element(quaternion, 3), element(quaternion, 0), element(quaternion, 1), element(quaternion, 2))


def Quatf_of_number(real=0.0):
    """A real quaternion."""
    return make_quatf(real, 0.0, 0.0, 0.0)


def Quatf_of_parts(real, imaginary):
    """A quaternion from its real part and a vector of its precision."""
    return make_quatf(real, imaginary[0], imaginary[1], imaginary[2])


def Quatf_of_quaternion(quaternion):
    """The elements of a quaternion of either precision."""
    return make_quatf(element(quaternion, 3), element(quaternion, 0), element(quaternion, 1), element(quaternion, 2))


def Matrix3d_of_number(value=1.0):
    """A multiple of the identity."""
    return make_matrix3d(value, 0.0, 0.0, 0.0, value, 0.0, 0.0, 0.0, value)


def Matrix3d_of_diagonal(vector):
    """A diagonal matrix."""
    return make_matrix3d(vector[0], 0.0, 0.0, 0.0, vector[1], 0.0, 0.0, 0.0, vector[2])


def Matrix3d_of_matrix(matrix):
    """A copy."""
    return make_matrix3d(
        element(matrix, 0), element(matrix, 1), element(matrix, 2),
        element(matrix, 3), element(matrix, 4), element(matrix, 5),
        element(matrix, 6), element(matrix, 7), element(matrix, 8),
    )  # fmt: skip


def Matrix3d_of_quaternion(rotation):
    """The rotation by a quaternion of either precision."""
    matrix = Matrix3d_of_number()
    Matrix_SetRotate(matrix, rotation)
    return matrix


def Matrix4d_of_number(value=1.0):
    """A multiple of the identity."""
    return make_matrix4d(value, 0.0, 0.0, 0.0, 0.0, value, 0.0, 0.0, 0.0, 0.0, value, 0.0, 0.0, 0.0, 0.0, value)


def Matrix4d_of_diagonal(vector):
    """A diagonal matrix."""
    x, y, z, w = vector[0], vector[1], vector[2], vector[3]
    return make_matrix4d(x, 0.0, 0.0, 0.0, 0.0, y, 0.0, 0.0, 0.0, 0.0, z, 0.0, 0.0, 0.0, 0.0, w)


def Matrix4d_of_matrix(matrix):
    """A copy."""
    return make_matrix4d(
        element(matrix, 0), element(matrix, 1), element(matrix, 2), element(matrix, 3),
        element(matrix, 4), element(matrix, 5), element(matrix, 6), element(matrix, 7),
        element(matrix, 8), element(matrix, 9), element(matrix, 10), element(matrix, 11),
        element(matrix, 12), element(matrix, 13), element(matrix, 14), element(matrix, 15),
    )  # fmt: skip


def Matrix4d_of_parts(rotation, translation):
    """A rotation, as a 3 by 3 matrix, followed by a translation."""
    matrix = Matrix4d_of_number()
    Matrix_SetTransform(matrix, rotation, translation)
    return matrix
