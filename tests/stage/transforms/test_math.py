"""Stacks composed, taken apart and solved in numpy, against OpenUSD's composition of each."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.stage.transforms.compose import compose
from portalis.translator.stage.transforms.parts import Part, read_part
from portalis.translator.stage.transforms.roles import lacks, roles
from portalis.translator.stage.transforms.rotations import Array, euler_angles, euler_matrix, quaternion_matrix
from portalis.translator.stage.transforms.solve import Solver
from portalis.translator.stage.transforms.stack import Stack, read_stack
from portalis.translator.stage.values import codec_of
from tests.stage.transforms.stacks import (
    CASES,
    EULER,
    PRECISIONS,
    TOLERANCES,
    Case,
    distance,
    local_matrix,
    make,
    pivotless,
    rotation_scale,
)

EVERY = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
PRECISE = pytest.mark.parametrize("precision", PRECISIONS)
# Angles at, near and far from where two axes of a rotation fall together.
MIDDLE = (90.0, -90.0, 90.0 - 1e-14, 90.0 - 1e-9, -90.0 + 1e-6, 89.9, 91.0, 180.0, 0.0, 1e-9, 37.0, -150.0)


def values_of(stage: Usd.Stage, stack: Stack) -> list[Array]:
    """Read the ops' values as rows (1, width)."""
    rows = []
    for op in stack.ops:
        codec = codec_of(op.type_name)
        assert codec is not None
        rows.append(codec.rows_of_values([stage.GetAttributeAtPath(op.path).Get()]).astype(np.float64))
    return rows


def write(stage: Usd.Stage, stack: Stack, solved: dict[int, Array]) -> None:
    """Set the solved values as attributes of their own types."""
    for index, rows in solved.items():
        codec = codec_of(stack.ops[index].type_name)
        assert codec is not None
        (value,) = codec.values_of_rows(rows.astype(codec.dtype))
        stage.GetAttributeAtPath(stack.ops[index].path).Set(value)


@EVERY
@PRECISE
def test_a_stack_composes_as_openusd_composes_it(stage: Usd.Stage, case: Case, precision: str) -> None:
    xform = make(stage, "/World/A", case, precision)
    stack = read_stack(xform.GetPrim())
    composed = compose(stack.ops, values_of(stage, stack), 1)[0]
    assert distance(composed, local_matrix(xform)) < 1e-14
    assert stack.resets == case.resets == xform.GetResetXformStack()


@EVERY
@PRECISE
def test_the_parts_that_are_read_compose_to_the_matrix(stage: Usd.Stage, case: Case, precision: str) -> None:
    xform = make(stage, "/World/A", case, precision)
    stack = read_stack(xform.GetPrim())
    values = values_of(stage, stack)
    read = {part: read_part(part, stack.ops, values, 1) for part in ("position", "orientation", "scale", "transform")}
    wanted = pivotless(xform)
    assert np.abs(read["position"][0][0] - wanted[3, :3]).max() < 1e-14 and not read["position"][1].any()
    assert distance(read["transform"][0].reshape(4, 4), local_matrix(xform)) < 1e-14
    if read["orientation"][1].any():
        assert "orientation" in case.refuses and read["scale"][1].any()
    else:
        found = rotation_scale(read["orientation"][0][0], read["scale"][0][0])
        assert distance(found, wanted[:3, :3]) < 1e-12


@EVERY
@PRECISE
@pytest.mark.parametrize("parts", ["position", "orientation", "scale", "position orientation", "position orientation scale"])
def test_what_is_solved_composes_to_what_is_wanted_or_is_refused(stage: Usd.Stage, case: Case, precision: str, parts: str) -> None:
    xform = make(stage, "/World/A", case, precision)
    stack = read_stack(xform.GetPrim())
    chosen, refused = roles(stack)
    values = values_of(stage, stack)
    written: list[Part] = [part for part in ("position", "orientation", "scale") if part in parts.split()]
    without = {part for part in written if getattr(chosen, part) is None}
    assert all(lacks(stack, part) or part in refused for part in without)
    if without:
        return
    now = {part: read_part(part, stack.ops, values, 1) for part in ("position", "orientation", "scale")}
    new = {"position": (-3.0, 0.5, 8.0), "orientation": (0.3, -0.2, 0.6, 0.7), "scale": (1.5, 2.0, -0.75)}
    wanted = {part: np.array([new[part]]) for part in written}
    solution = Solver(stack.ops, chosen).solve(values, wanted)
    if solution.bad.any():
        # Values that such a stack cannot be given.
        assert case.refuses & set(written) or (case.name == "units" and "scale" in written)
        return
    rest = {part: wanted.get(part, now[part][0]) for part in now}
    before = pivotless(xform)
    write(stage, stack, solution.values)
    after = pivotless(xform)
    goal = np.eye(4)
    goal[3, :3] = rest["position"][0]
    goal[:3, :3] = rotation_scale(rest["orientation"][0], rest["scale"][0]) if parts != "position" else before[:3, :3]
    assert distance(goal, after) < TOLERANCES["double" if "matrix" in case.name else precision]


@pytest.mark.parametrize("kind", EULER)
@pytest.mark.parametrize("middle", MIDDLE)
def test_angles_are_exact_at_and_near_where_two_axes_meet(kind: str, middle: float) -> None:
    order = kind.removeprefix("rotate")
    places = ["XYZ".index(letter) for letter in order]
    angles = np.zeros((3, 3))
    for lane, (first, last) in enumerate(((20.0, -50.0), (0.0, 0.0), (170.0, 95.0))):
        angles[lane, places] = (first, middle, last)
    matrices = euler_matrix(order, angles)
    found = euler_matrix(order, euler_angles(order, matrices, np.zeros((3, 3)), 1e5))
    assert np.abs(found - matrices).max() < 2e-15
    # By OpenUSD, from the angles that were found.
    stage = Usd.Stage.CreateInMemory()
    op = getattr(UsdGeom.Xform.Define(stage, "/A"), f"Add{kind[0].upper()}{kind[1:]}Op")(UsdGeom.XformOp.PrecisionDouble)
    op.Set(Gf.Vec3d(*euler_angles(order, matrices, np.zeros((3, 3)), 1e5)[0]))
    assert np.abs(np.array(op.GetOpTransform(Usd.TimeCode.Default()))[:3, :3] - matrices[0]).max() < 4e-15


def test_angles_stay_near_those_before_and_within_the_steps_of_the_type() -> None:
    turning = np.arange(0.0, 2000.0, 25.0)
    near = np.zeros((1, 3))
    seen = []
    for angle in turning:
        near = euler_angles("XYZ", euler_matrix("XYZ", np.array([[0.0, 10.0, angle]])), near, 511.0)
        seen.append(near[0, 2])
    steps = np.abs(np.diff(seen))
    assert np.allclose(steps[steps < 100.0], 25.0) and (steps > 100.0).sum() == 5 and np.abs(seen).max() <= 511.0


def test_the_axes_that_were_mirrored_stay_the_mirrored_ones(stage: Usd.Stage) -> None:
    xform = make(stage, "/World/A", next(case for case in CASES if case.name == "matrix"), "double")
    stack = read_stack(xform.GetPrim())
    values = values_of(stage, stack)
    wanted = {"orientation": np.array([[0.1, 0.2, 0.3, -0.9]]), "scale": np.array([[1.0, 1.0, -2.0]])}
    wanted["orientation"] /= np.sqrt((wanted["orientation"] ** 2).sum())
    solution = Solver(stack.ops, roles(stack)[0]).solve(values, wanted)  # type: ignore[arg-type]
    assert not solution.bad.any()
    after = [solution.values.get(index, value) for index, value in enumerate(values)]
    scale, _ = read_part("scale", stack.ops, after, 1, wanted["scale"], wanted["orientation"])
    turned, _ = read_part("orientation", stack.ops, after, 1, wanted["scale"], wanted["orientation"])
    assert np.abs(scale - wanted["scale"]).max() < 1e-14 and np.abs(turned - wanted["orientation"]).max() < 1e-14


def test_many_lanes_are_each_what_one_lane_is() -> None:
    generator = np.random.default_rng(5)
    quaternions = generator.normal(size=(200, 4))
    quaternions /= np.sqrt((quaternions**2).sum(axis=1))[:, None]
    matrices = quaternion_matrix(quaternions)
    for lane in range(0, 200, 37):
        i, j, k, real = quaternions[lane]
        assert np.abs(np.array(Gf.Matrix4d().SetRotate(Gf.Quatd(real, i, j, k)))[:3, :3] - matrices[lane]).max() < 1e-15
    for kind in EULER:
        angles = euler_angles(kind.removeprefix("rotate"), matrices, np.zeros((200, 3)), 511.0)
        assert np.abs(euler_matrix(kind.removeprefix("rotate"), angles) - matrices).max() < 2e-15
        assert math.isclose(np.abs(angles).max(), 180.0, rel_tol=0.2)


@pytest.mark.parametrize("axis", ["x", "y", "z"])
def test_an_op_for_one_axis_composes(stage: Usd.Stage, axis: str) -> None:
    xform = UsdGeom.Xform.Define(stage, "/World/A")
    for kind in ("translate", "rotate", "scale"):
        xform.GetPrim().CreateAttribute(f"xformOp:{kind}{axis.upper()}", Sdf.ValueTypeNames.Float).Set(3.0)
    xform.CreateXformOpOrderAttr([f"xformOp:{kind}{axis.upper()}" for kind in ("translate", "rotate", "scale")])
    stack = read_stack(xform.GetPrim())
    assert distance(compose(stack.ops, values_of(stage, stack), 1)[0], local_matrix(xform)) < 1e-14
    assert {part: refusal.op.kind for part, refusal in roles(stack)[1].items()} == {
        "position": f"translate{axis.upper()}",
        "orientation": f"rotate{axis.upper()}",
        "scale": f"scale{axis.upper()}",
    }
