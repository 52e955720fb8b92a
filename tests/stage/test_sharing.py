"""What fields of a behaviour share from one call to the next: nobody can tell, or it is refused; CPython's own objects are the oracle."""

from __future__ import annotations

import pytest
from pxr import Gf, Sdf, Usd

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.stage.run.engine import TranslatorEngine
from tests.stage.conftest import Simulate, bind_with

FRAMES = 6
HEAD = "from pxr import Gf\n\n\n"
VECTOR = "    {}: Gf.Vec3d = Gf.Vec3d(0.0)\n"
LIST = "    {}: list[Gf.Vec3d] = [Gf.Vec3d(1.0), Gf.Vec3d(2.0), Gf.Vec3d(3.0)]\n"
BY_VALUE = {
    "a list whose elements move up": LIST.format("seen")
    + """
    def on_update(self, target: Gf.Vec3d):
        for i in range(2):
            self.seen[i] = self.seen[i + 1]
        self.seen[2] = target
        self.level = self.seen[0][0] + self.seen[1][1] + self.seen[2][2]
""",
    "what was there before": VECTOR.format("last")
    + VECTOR.format("before")
    + """
    def on_update(self, target: Gf.Vec3d):
        self.level += (target - self.last).GetLength() + self.before[0]
        self.before = self.last
        self.last = target
""",
    "another field is changed in place": VECTOR.format("last")
    + VECTOR.format("before")
    + VECTOR.format("total")
    + """
    def on_update(self, target: Gf.Vec3d):
        self.before = self.last
        self.last = target
        self.total += self.before
        self.total[0] += 1.0
        self.level = self.total[0] + self.total[1]
""",
    "what the caller gave is changed later": VECTOR.format("last")
    + """
    def on_update(self, target: Gf.Vec3d):
        self.level = self.last[0]
        self.last = Gf.Vec3d(target)
        self.last[0] += 5.0
""",
}
REFUSED = {
    "a part of itself": LIST.format("seen")
    + """
    def on_update(self):
        self.seen[0][0] += 1.0
        self.level = self.seen[1][0]
        self.seen[0] = self.seen[1]
""",
    "two fields": VECTOR.format("a")
    + VECTOR.format("b")
    + """
    def on_update(self):
        self.a[0] += 1.0
        self.level = self.b[0]
        self.a = self.b
""",
    "through a third one": VECTOR.format("a")
    + VECTOR.format("b")
    + VECTOR.format("c")
    + """
    def on_play(self):
        self.c = self.b

    def on_update(self):
        self.c += Gf.Vec3d(1.0)
        self.level = self.a[0]
        self.b = self.a
""",
    "by a method that is called": VECTOR.format("a")
    + VECTOR.format("b")
    + """
    def push(self):
        self.a[0] += 1.0

    def on_update(self):
        self.push()
        self.level = self.b[0]
        self.a = self.b
""",
    "by a function that is called": LIST.format("seen")
    + """
    def on_update(self):
        push(self.seen)
        self.level = self.seen[1][0]
        self.seen[0] = self.seen[1]


def push(points):
    points[0][0] += 1.0
""",
    "a list and what is in it": LIST.format("seen")
    + VECTOR.format("last")
    + """
    def on_update(self):
        self.last[0] += 1.0
        self.level = self.seen[0][0]
        self.last = self.seen[0]
""",
}


def _source(body: str) -> str:
    return f"{HEAD}class Behaviour:\n    level: float = 0.0\n{body}"


@pytest.mark.parametrize("name", BY_VALUE)
def test_objects_that_nobody_changes_are_as_good_as_equal_ones(
    name: str, stage: Usd.Stage, simulate: Simulate, sandbox_engine: TranslatorEngine
) -> None:
    prim = stage.DefinePrim("/World/A")
    level = prim.CreateAttribute("level", Sdf.ValueTypeNames.Double)
    level.Set(0.0)
    target = prim.CreateAttribute("target", Sdf.ValueTypeNames.Double3)
    for frame in range(FRAMES):
        target.Set(Gf.Vec3d(frame, frame * frame, 1.0), stage.GetStartTimeCode() + frame)
    text = _source(BY_VALUE[name])
    bind_with(sandbox_engine)(stage, "/World/A", text)
    namespace: dict[str, type] = {}
    exec(text, namespace)
    behaviour, expected, found = namespace["Behaviour"](), [], []
    with simulate(stage) as simulation:
        for frame in range(FRAMES):
            behaviour.on_update(target.Get(stage.GetStartTimeCode() + frame))
            expected.append(behaviour.level)
            simulation.step()
            found.append(level.Get())
        assert not simulation.report().first_errors
    assert found == expected and len({*expected}) > 2


@pytest.mark.parametrize("name", REFUSED)
def test_an_object_that_is_changed_in_place_under_two_names_is_refused(name: str) -> None:
    with pytest.raises(TranslationError) as refused:
        lower(SourceFile("behaviour.py", _source(REFUSED[name])), "Behaviour", references=False)
    assert {item.code for item in refused.value.diagnostics} == {"P0405"}
