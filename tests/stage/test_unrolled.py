"""Comprehensions in behaviours: over what has a known number of elements they run, as the text itself does in CPython."""

from __future__ import annotations

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.stage.run.engine import TranslatorEngine
from tests.stage.conftest import Simulate, bind_with

WRITTEN_OUT = """\
import math

from pxr import Gf

WEIGHTS = (0.5, 0.25, 0.25)


def blend(values: Gf.Vec3d):
    return sum(weight * value for weight, value in zip(WEIGHTS, values))


class Behaviour:
    level: float = 0.0
    samples: list[float] = [0.0, 0.0, 0.0, 0.0]
    flags: int = 0
    position: Gf.Vec3d = Gf.Vec3d(0.0)

    def on_update(self, speed: float, target: Gf.Vec3d):
        self.samples = [self.samples[i + 1] if i < 3 else speed for i in range(4)]
        heights = [math.sin(speed + phase) for phase in (0.0, 0.5, 1.0)]
        steps = [10 * i + j for i, j in enumerate([1, 2, 3])]
        rows = [[float(i * j) for j in range(2)] for i in range(1, 4)]
        points = [Gf.Vec3d(0.0), target, target * 2.0]
        lengths = [point.GetLength() for point in points]
        down = [-i for i in range(2, -3, -2)]
        widest = max(abs(value) for value in target)
        least = min([value for value in target])
        any_high = any(1.0 / sample > 0.2 for sample in [speed, 0.0])
        all_low = all(sample < 3.0 for sample in self.samples)
        self.flags = (1 if any_high else 0) + (2 if all_low else 0) + sum(steps) + sum(down)
        self.level = sum(self.samples) / len(self.samples) + sum(heights) + widest + least + blend(target) + sum(lengths) + rows[2][1]
        self.position = Gf.Vec3d(heights[0], heights[1], heights[2])
"""
# What elements are computed of may change what is gone over, or something else is meant: these are no displays.
LEFT = {
    "a call of the module's": "def g(x):\n    return x\n\n\ndef f(x: float):\n    level = [g(i) for i in range(3)][0]\n    return level\n",
    "a condition": "def f(x: float):\n    level = sum([x for i in range(3) if i > 1])\n    return level\n",
    "another range": (
        "def range(n: int):\n    return (n, n)\n\n\ndef f(x: float):\n    level = [x * i for i in range(3)][0]\n    return level\n"
    ),
    "a length of a name that is bound twice": (
        "def f(x: float, on: bool):\n    for xs in ((x, x), (x, x)):\n        pass\n    level = [y for y in xs][0]\n    return level\n"
    ),
}


def test_a_comprehension_over_so_many_elements_is_what_the_text_says(
    stage: Usd.Stage, simulate: Simulate, sandbox_engine: TranslatorEngine
) -> None:
    text = WRITTEN_OUT
    prim = UsdGeom.Xform.Define(stage, "/World/A").GetPrim()
    types = {"speed": Sdf.ValueTypeNames.Double, "target": Sdf.ValueTypeNames.Double3, "level": Sdf.ValueTypeNames.Double}
    speed, target, level = (prim.CreateAttribute(name, type_) for name, type_ in types.items())
    level.Set(0.0)
    flags = prim.CreateAttribute("flags", Sdf.ValueTypeNames.Int)
    flags.Set(0)
    UsdGeom.Xform(prim).AddTranslateOp().Set(Gf.Vec3d(0.0))
    for frame in range(6):
        speed.Set(0.75 * frame + 0.25, stage.GetStartTimeCode() + frame)
        target.Set(Gf.Vec3d(frame, -2.0 * frame, 0.5), stage.GetStartTimeCode() + frame)
    bind_with(sandbox_engine)(stage, "/World/A", text, "Behaviour")
    namespace: dict[str, type] = {}
    exec(text, namespace)
    behaviour = namespace["Behaviour"]()
    with simulate(stage) as simulation:
        for frame in range(6):
            code = stage.GetStartTimeCode() + frame
            behaviour.on_update(speed.Get(code), target.Get(code))
            simulation.step()
            assert (level.Get(), flags.Get()) == (pytest.approx(behaviour.level, rel=1e-15), behaviour.flags)
        assert not simulation.report().first_errors


@pytest.mark.parametrize("name", LEFT)
def test_what_may_be_something_else_is_refused_as_before(name: str) -> None:
    with pytest.raises(TranslationError) as refused:
        lower(SourceFile("behaviour.py", LEFT[name]), "f", by_value=True)
    assert "P0205" in {item.code for item in refused.value.diagnostics}, refused.value.diagnostics
