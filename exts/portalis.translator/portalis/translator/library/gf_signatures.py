"""What the library offers of `pxr.Gf`, and the argument types that OpenUSD 26.11's Python bindings accept for it.

A parameter of type FLOAT takes an int or a bool too, converted to a double before the call, unless the signature is `exact`: there
ints mean something else in OpenUSD. A parameter of type INT takes an int or a bool. Other types are taken as they are: the bindings
convert between precisions only where a signature here says so. Keyword arguments are not listed, since most of the bindings have none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from portalis.translator.ir.types import FLOAT, INT, MatrixType, QuatType, Type, VecType

GfType: TypeAlias = VecType | QuatType | MatrixType
VECTORS = (VecType(2, "d"), VecType(2, "f"), VecType(3, "d"), VecType(3, "f"), VecType(4, "d"), VecType(4, "f"))
QUATERNIONS = (QuatType("d"), QuatType("f"))
MATRICES = (MatrixType(3), MatrixType(4))
# Functions of the module that OpenUSD computes with the platform's C library, hence not bit for bit: the library's own is what is exact.
DRIFTING = {"Slerp": "Gf_Slerp"}


@dataclass(frozen=True, slots=True)
class GfSignature:
    """One way to call: the library function that is meant, the parameters after the receiver, and how many of the last may be left out."""

    function: str
    parameters: tuple[Type, ...] = ()
    optional: int = 0
    exact: bool = False


Signatures: TypeAlias = Mapping[str, tuple[GfSignature, ...]]


@cache
def methods(receiver: GfType) -> Signatures:
    """Return the methods and operators (`__add__`, …) of a type, by their Python names."""
    match receiver:
        case VecType():
            return _vector_methods(receiver)
        case QuatType():
            return _quaternion_methods(receiver)
        case MatrixType():
            return _matrix_methods(receiver)


@cache
def functions() -> Signatures:
    """Return the functions of the module, by their Python names."""
    numbers: dict[str, tuple[GfSignature, ...]] = {
        name: (GfSignature(f"Gf_{name}", (FLOAT,)),)
        for name in ("Abs", "Ceil", "Floor", "Round", "Sqrt", "DegreesToRadians", "RadiansToDegrees")
    }
    exact = {name: (GfSignature(f"Gf_{name}", (FLOAT,) * count, exact=True),) for name, count in (("Sgn", 1), ("Min", 2), ("Max", 2))}
    generic = {
        "Clamp": (GfSignature("Gf_Clamp", (FLOAT, FLOAT, FLOAT)),),
        "SmoothStep": (GfSignature("Gf_SmoothStep", (FLOAT,) * 5, optional=2),),
        "Sqr": (GfSignature("Gf_Sqr", (FLOAT,), exact=True), *(GfSignature("Gf_Sqr", (type_,)) for type_ in VECTORS)),
        "Dot": _alike("Dot", (FLOAT, *VECTORS, *QUATERNIONS)),
        "Lerp": (GfSignature("Gf_Lerp", (FLOAT,) * 3), *(GfSignature("Gf_Lerp", (FLOAT, type_, type_)) for type_ in VECTORS)),
        "IsClose": (
            GfSignature("Gf_IsClose", (FLOAT,) * 3),
            *(GfSignature("Gf_IsClose", (vector, vector, FLOAT)) for vector in VECTORS),
            *(GfSignature("Gf_IsClose", (matrix, matrix, FLOAT)) for matrix in MATRICES),
        ),
    }
    pairs = {name: _alike(name, (FLOAT, *VECTORS)) for name in ("CompMult", "CompDiv")}
    vectors = {name: _alike(name, VECTORS) for name in ("GetProjection", "GetComplement")}
    fours = {
        name: tuple(GfSignature(f"Gf_{name}", (VecType(4, scalar),)) for scalar in ("d", "f")) for name in ("GetHomogenized", "Project")
    }
    lengths = {
        "GetLength": tuple(GfSignature("Gf_GetLength", (type_,)) for type_ in VECTORS),
        "GetNormalized": tuple(GfSignature("Gf_GetNormalized", (type_, FLOAT), optional=1) for type_ in VECTORS),
        "Normalize": tuple(GfSignature("Gf_Normalize", (type_, FLOAT), optional=1) for type_ in VECTORS),
        "Slerp": tuple(GfSignature("Gf_Slerp", (FLOAT, type_, type_)) for type_ in (VecType(3, "d"), VecType(3, "f"), *QUATERNIONS)),
        "Cross": _alike("Cross", (VecType(3, "d"), VecType(3, "f"))),
        "HomogeneousCross": _alike("HomogeneousCross", (VecType(4, "d"), VecType(4, "f"))),
    }
    return {**numbers, **exact, **generic, **pairs, **vectors, **fours, **lengths}


def _alike(name: str, types: tuple[Type, ...]) -> tuple[GfSignature, ...]:
    return tuple(GfSignature(f"Gf_{name}", (type_, type_)) for type_ in types)


def _named(family: str, names: tuple[str, ...], parameters: tuple[Type, ...], optional: int = 0) -> dict[str, tuple[GfSignature, ...]]:
    return {name: (GfSignature(f"{family}_{name}", parameters, optional),) for name in names}


def _vector_methods(receiver: VecType) -> Signatures:
    same = ("__add__", "__sub__", "__iadd__", "__isub__", "GetDot", "GetProjection", "GetComplement")
    compared = (receiver,) if receiver.scalar == "f" else (receiver, VecType(receiver.size, "f"))
    table = {
        **_named("Vec", same, (receiver,)),
        **_named("Vec", ("__rmul__", "__imul__", "__truediv__", "__itruediv__"), (FLOAT,)),
        **_named("Vec", ("__neg__", "GetLength"), ()),
        **_named("Vec", ("GetNormalized", "Normalize"), (FLOAT,), optional=1),
        "__mul__": (GfSignature("Vec___mul__", (FLOAT,)), GfSignature("Vec___mul__", (receiver,))),
        **{name: tuple(GfSignature(f"Vec_{name}", (other,)) for other in compared) for name in ("__eq__", "__ne__")},
    }
    if receiver.size == 3:
        table |= _named("Vec", ("__xor__", "GetCross"), (receiver,))
        table |= _named("Vec", ("BuildOrthonormalFrame",), (FLOAT,), optional=1)
    return table


def _quaternion_methods(receiver: QuatType) -> Signatures:
    others = (receiver,) if receiver.scalar == "f" else (receiver, QuatType("f"))
    imaginary = VecType(3, receiver.scalar)
    return {
        **{
            name: tuple(GfSignature(f"Quat_{name}", (other,)) for other in others)
            for name in ("__add__", "__sub__", "__iadd__", "__isub__", "__eq__", "__ne__")
        },
        **{name: tuple(GfSignature(f"Quat_{name}", (other,)) for other in (FLOAT, *others)) for name in ("__mul__", "__imul__")},
        **_named("Quat", ("__rmul__", "__truediv__", "__itruediv__", "SetReal"), (FLOAT,)),
        **_named("Quat", ("__neg__", "GetReal", "GetImaginary", "GetLength", "GetConjugate", "GetInverse"), ()),
        **_named("Quat", ("GetNormalized", "Normalize"), (FLOAT,), optional=1),
        "SetImaginary": (GfSignature("Quat_SetImaginary", (imaginary,)), GfSignature("Quat_SetImaginary3", (FLOAT, FLOAT, FLOAT))),
        "Transform": (GfSignature("Quat_Transform", (imaginary,)),),
    }


def _matrix_methods(receiver: MatrixType) -> Signatures:
    row = VecType(receiver.size, "d")
    vectors = (VecType(receiver.size, "d"), VecType(receiver.size, "f"))
    plain = ("__neg__", "GetDeterminant", "GetInverse", "GetTranspose", "GetHandedness", "IsRightHanded", "IsLeftHanded")
    numbers = (FLOAT,) * receiver.size**2
    table = {
        **_named("Matrix", ("__add__", "__sub__", "__iadd__", "__isub__", "__truediv__", "__eq__", "__ne__"), (receiver,)),
        **_named("Matrix", (*plain, "SetIdentity", "SetZero"), ()),
        "__mul__": tuple(GfSignature("Matrix___mul__", (other,)) for other in (FLOAT, receiver, *vectors)),
        "__imul__": tuple(GfSignature("Matrix___imul__", (other,)) for other in (FLOAT, receiver)),
        "__rmul__": tuple(GfSignature("Matrix___rmul__", (other,)) for other in (FLOAT, *vectors)),
        "Set": (GfSignature(f"Matrix{receiver.size}d_Set", numbers),),
        **_named("Matrix", ("GetRow", "GetColumn"), (INT,)),
        **_named("Matrix", ("SetRow", "SetColumn"), (INT, row)),
        "SetDiagonal": tuple(GfSignature("Matrix_SetDiagonal", (other,)) for other in (FLOAT, row)),
        "SetScale": tuple(GfSignature("Matrix_SetScale", (other,)) for other in (FLOAT, VecType(3, "d"))),
        "SetRotate": tuple(GfSignature("Matrix_SetRotate", (other,)) for other in QUATERNIONS),
    }
    return table if receiver.size == 3 else {**table, **_transformation_methods()}


def _transformation_methods() -> Signatures:
    point, rotations = VecType(3, "d"), (*QUATERNIONS, MatrixType(3))
    plain = ("GetDeterminant3", "ExtractTranslation", "ExtractRotationMatrix", "ExtractRotationQuat", "HasOrthogonalRows3")
    return {
        **_named("Matrix", plain, ()),
        **_named("Matrix", ("GetRow3",), (INT,)),
        **_named("Matrix", ("SetRow3",), (INT, point)),
        **_named("Matrix", ("SetTranslate", "SetTranslateOnly"), (point,)),
        **_named("Matrix", ("SetTransform",), (MatrixType(3), point)),
        **_named("Matrix", ("SetLookAt",), (point, point, point)),
        **{name: tuple(GfSignature(f"Matrix_{name}", (other,)) for other in rotations) for name in ("SetRotate", "SetRotateOnly")},
        **{
            name: tuple(GfSignature(f"Matrix_{name}", (VecType(3, scalar),)) for scalar in ("d", "f"))
            for name in ("Transform", "TransformDir", "TransformAffine")
        },
    }


@cache
def constructors(type_: GfType) -> tuple[GfSignature, ...]:
    """Return how a type is constructed; an intrinsic `make_…` takes one number an element, in the constructor's order."""
    name = str(type_).removeprefix("Gf.")
    number = GfSignature(f"{name}_of_number", (FLOAT,), optional=1)
    numbers = GfSignature(f"make_{name.lower()}", (FLOAT,) * len(type_.elements))
    match type_:
        case VecType(size, _):
            others = (VecType(size, "d"), VecType(size, "f"))
            return (number, numbers, *(GfSignature(f"{name}_of_vector", (other,)) for other in others))
        case QuatType(scalar):
            parts = GfSignature(f"{name}_of_parts", (FLOAT, VecType(3, scalar)))
            return (number, numbers, parts, *(GfSignature(f"{name}_of_quaternion", (other,)) for other in QUATERNIONS))
        case MatrixType(size):
            diagonal = GfSignature(f"{name}_of_diagonal", (VecType(size, "d"),))
            plain = (number, numbers, diagonal, GfSignature(f"{name}_of_matrix", (type_,)))
            if size == 4:
                return (*plain, GfSignature(f"{name}_of_parts", (MatrixType(3), VecType(3, "d"))))
            return (*plain, *(GfSignature(f"{name}_of_quaternion", (other,)) for other in QUATERNIONS))


@cache
def constants(type_: GfType) -> Mapping[str, tuple[float, ...]]:
    """Return the static methods without arguments of a type and the elements, in storage order, of the new value that each returns."""
    match type_:
        case VecType(size, _):
            return {f"{axis}Axis": tuple(float(i == k) for i in range(size)) for k, axis in enumerate("XYZW"[:size])}
        case QuatType():
            return {"GetIdentity": (0.0, 0.0, 0.0, 1.0), "GetZero": (0.0, 0.0, 0.0, 0.0)}
        case MatrixType():
            return {}
