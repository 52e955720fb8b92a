"""Arrays that get their first values late, change their length or are blocked for some frames: each frame is that of a plain loop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pxr import Sdf, Usd, UsdGeom

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.author.trust import Approvals, TrustPolicy
from portalis.translator.stage.plan.check import check
from portalis.translator.stage.run.loop import Simulation
from portalis.translator.stage.schema import Kind
from tests.stage.conftest import new_stage
from tests.stage.cpython_engine import CPythonEngine

START, FRAMES = 1, 6
LIST = 'def f(a: list[float]):\n    """>>> f([1.0, 2.0])"""\n    b = a[0] + 10.0 * a[1]\n    return b\n'
# An array's samples: of so many elements, or blocked (None); and how many it has by default (None: it has none).
SAMPLES = st.dictionaries(st.integers(START - 1, START + FRAMES), st.one_of(st.none(), st.integers(0, 3)), max_size=5)
DEFAULT = st.one_of(st.none(), st.integers(0, 3))


def _author(attribute: Usd.Attribute, samples: dict[int, int | None], default: int | None) -> None:
    def elements(number: int, code: int) -> list[Any]:
        numbers = [0.5 * code + index for index in range(number)]
        return [(item, 0.0, 0.0) for item in numbers] if str(attribute.GetTypeName()) == "point3f[]" else numbers

    if default is not None:
        attribute.Set(elements(default, -1))
    for code, count in samples.items():
        attribute.Set(Sdf.ValueBlock() if count is None else elements(count, code), code)


def _list(value: Any) -> list[Any]:
    return list(value) if value is not None else []


def _run(stage: Usd.Stage, text: str, kind: Kind, outcome: Any) -> None:
    """Bind and check; run where that finds no error, and give each frame to `outcome`."""
    engine, source = CPythonEngine(), SourceFile("f.py", text)
    bind(stage, ["/World/P"], source, engine.interface(source, ""), kind=kind)
    errors = [problem.code for problem in check(stage, engine) if problem.severity == "error"]
    expected, refused, fails = outcome
    assert errors == (["PS120"] if refused else [])
    if refused:
        return
    b = stage.GetAttributeAtPath("/World/P.primvars:b") or stage.GetAttributeAtPath("/World/P.b")
    with Simulation(stage, engine, TrustPolicy(Approvals(Path("/nonexistent")), ("*",))) as run:
        for frame in expected:
            run.step()
            assert (_list(b.Get()) if kind == "crowd" else b.Get()) == frame
        assert bool(run.report().behaviours[0].errors) == fails


@pytest.mark.parametrize("default", [None, 7.0])
@given(points=SAMPLES, count=DEFAULT, samples=SAMPLES, elements=DEFAULT)
@settings(max_examples=40)
def test_lanes_follow_the_points_and_fail_where_an_array_does_not_fit(
    points: dict[int, int | None], count: int | None, samples: dict[int, int | None], elements: int | None, default: float | None
) -> None:
    stage = new_stage()
    prim = UsdGeom.Points.Define(stage, "/World/P")
    _author(prim.CreatePointsAttr(), points, 0 if count is None and not points else count)
    UsdGeom.PrimvarsAPI(prim).CreatePrimvar("b", Sdf.ValueTypeNames.DoubleArray, "vertex")
    a = UsdGeom.PrimvarsAPI(prim).CreatePrimvar("a", Sdf.ValueTypeNames.DoubleArray, "vertex").GetAttr()
    _author(a, samples, elements)
    expected: list[list[float]] = []
    before, size, refused, fails = list[float](), -1, False, False
    for code in range(START, START + FRAMES):
        lanes, values = len(_list(prim.GetPointsAttr().Get(code))), _list(a.Get(code))
        if lanes != size:
            # Whoever has another number of elements begins with what the stage has, which is nothing.
            before, size = [], lanes
        if not values and default is not None:
            values = [default]
        fits = len(values) in (1, lanes)
        if lanes and fits:
            before = [value + 1.0 for value in (values * lanes if len(values) == 1 else values)]
        refused |= code == START and lanes > 0 and not values
        fails |= lanes > 0 and not fits
        expected.append(before)
    stands = "" if default is None else f" = {default}"
    _run(stage, f"def f(a: float{stands}):\n    b = a + 1.0\n    return b\n", "crowd", (expected, refused, fails))


@given(samples=SAMPLES, elements=DEFAULT)
@settings(max_examples=40)
def test_an_array_that_counts_itself_has_its_own_lanes_in_each_frame(samples: dict[int, int | None], elements: int | None) -> None:
    stage = new_stage()
    prim = stage.DefinePrim("/World/P", "Scope")
    a = prim.CreateAttribute("a", Sdf.ValueTypeNames.DoubleArray)
    prim.CreateAttribute("b", Sdf.ValueTypeNames.DoubleArray)
    _author(a, samples, elements)
    seen = [_list(a.Get(code)) for code in range(START, START + FRAMES)]
    # Without a value at any time there is nothing that could say how many elements there are.
    refused = not seen[0] and not a.ValueMightBeTimeVarying()
    expected = [[value + 1.0 for value in values] for values in seen]
    _run(stage, "def f(a: float):\n    b = a + 1.0\n    return b\n", "crowd", (expected, refused, False))


@given(samples=SAMPLES, elements=DEFAULT)
@settings(max_examples=40)
def test_a_whole_array_of_another_length_fails_in_its_frames_alone(samples: dict[int, int | None], elements: int | None) -> None:
    stage = new_stage()
    prim = stage.DefinePrim("/World/P", "Scope")
    a = prim.CreateAttribute("a", Sdf.ValueTypeNames.DoubleArray)
    prim.CreateAttribute("b", Sdf.ValueTypeNames.Double).Set(0.0)
    _author(a, samples, elements)
    seen = [a.Get(code) for code in range(START, START + FRAMES)]
    expected, before = [], 0.0
    for value in seen:
        before = value[0] + 10.0 * value[1] if len(_list(value)) == 2 else before
        expected.append(before)
    fails = any(len(_list(value)) != 2 for value in seen)
    _run(stage, LIST, "array", (expected, seen[0] is None, fails))
