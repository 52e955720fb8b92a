"""`bind` looks only at the bindings that what it authored can concern: its answer is that of a look at all of them."""

from __future__ import annotations

import os
import random
from collections import Counter
from typing import Any

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.source import SourceFile
from portalis.translator.stage.author import binding as binding_module
from portalis.translator.stage.author.binding import bind
from portalis.translator.stage.plan.check import check
from portalis.translator.stage.plan.concerned import concerned
from portalis.translator.stage.plan.discovery import discover
from portalis.translator.stage.plan.prepare import Prepared, prepare
from portalis.translator.stage.problems import StageError
from portalis.translator.stage.run.engine import TranslatorEngine
from tests.stage.conftest import export, new_stage

KEEP = """\
class Keep:
    a: float = 1.0
    n: int = 0

    def on_update(self, b: float):
        self.a = self.a + b
        self.n += 1
"""
EARLY = """\
class Early:
    a: float = 1.0

    def on_init(self, b: float):
        self.a = b

    def on_update(self, b: float):
        self.a = self.a + b
"""
SOURCES = {
    "move": "def move(position: Gf.Vec3d, speed: float):\n    position = position + Gf.Vec3d(speed, 0.0, 0.0)\n    return position\n",
    "place": "def place(frame: int):\n    position = Gf.Vec3d(float(frame), 0.0, 0.0)\n    return position\n",
    "sense": "def sense(a: float):\n    b = a + 1.0\n    return b\n",
    "twice": "def twice(b: float):\n    a = b * 2.0\n    return a\n",
    "start": "def start(frame: int):\n    a = 1.0 + float(frame)\n    return a\n",
    "fall": "def fall(gravity: Gf.Vec3d, a: float):\n    b = a + gravity[2]\n    return b\n",
    "keep": KEEP,
    "early": EARLY,
    "mode": 'def mode(kind: str):\n    b = 1.0 if kind == "walk" else 2.0\n    return b\n',
    "tell": 'def tell(frame: int):\n    kind = "walk" if frame > 2 else "jump"\n    return kind\n',
    "look": "def look(a: Gf.Vec3d):\n    b = a[0]\n    return b\n",
}
PRIMS = ["/World", "/World/A", "/World/A/B", "/World/A/B/C", "/World/D", "/World/D/E", "/World/F", "/Base", "/World/Wind"]


def _build(dice: random.Random) -> Usd.Stage:
    stage = new_stage()
    for path in PRIMS:
        prim = UsdGeom.Xform.Define(stage, path).GetPrim()
        for name in ("a", "b"):
            if dice.random() < 0.92:
                attribute = prim.CreateAttribute(name, Sdf.ValueTypeNames.Double)
                if dice.random() < 0.92:
                    attribute.Set(1.0)
        if dice.random() < 0.5:
            prim.CreateAttribute("kind", Sdf.ValueTypeNames.String).Set(dice.choice(("walk", "walk", "swim")))
        if dice.random() < 0.5:
            UsdGeom.Xformable(prim).AddTranslateOp().Set(Gf.Vec3d(1.0, 2.0, 3.0))
        if dice.random() < 0.3:
            UsdGeom.Xformable(prim).AddScaleOp().Set(Gf.Vec3f(2.0, 2.0, 2.0))
    for path in dice.sample(PRIMS[1:7], 2):
        if dice.random() < 0.5:
            stage.GetPrimAtPath(path).GetInherits().AddInherit("/Base")
        elif dice.random() < 0.3:
            stage.GetPrimAtPath(path).GetReferences().AddInternalReference("/Base")
    if dice.random() < 0.2:
        stage.SetEditTarget(stage.GetSessionLayer())
    return stage


def _request(dice: random.Random) -> tuple[list[str], str, dict[str, Any]]:
    name = dice.choice([*SOURCES])
    paths = dice.sample(PRIMS, 1 if dice.random() < 0.8 else 2)
    options: dict[str, Any] = {"inputs": {}, "outputs": {}}
    other = dice.choice(PRIMS)
    for port in ("a", "b", "kind", "speed"):
        if f"{port}:" in SOURCES[name].partition("return")[0] and dice.random() < 0.4:
            value = "1.0" if port != "kind" else "walk"
            names = [f"{other}.{port}", f"{other}.b", value, f"{other}.world_position", f"{other}.portalis:behavior:keep:inputs:b"]
            options["inputs"][port] = dice.choice(names)
    if "speed:" in SOURCES[name]:
        options["inputs"].setdefault("speed", "1.0")
    if dice.random() < 0.3:
        result = {"move": "position", "place": "position", "twice": "a", "start": "a", "keep": "a", "early": "a", "tell": "kind"}.get(
            name, "b"
        )
        options["outputs"][result] = f"{other}.{result}"
    if dice.random() < 0.15:
        options["previous"] = [dice.choice(("a", "b"))]
    if dice.random() < 0.25:
        options["instance_name"] = dice.choice(("keep", "other"))
    options["rebind"] = dice.random() < 0.1
    return paths, name, options


def _answer(stage: Usd.Stage, engine: TranslatorEngine, request: tuple[list[str], str, dict[str, Any]], with_engine: bool) -> Any:
    paths, name, options = request
    text = SOURCES[name]
    source = SourceFile(f"{name}.py", f"from pxr import Gf\n\n{text}" if "Gf." in text else text)
    warnings: list[Any] = []
    more = {"engine": engine, "warn": warnings.append} if with_engine else {}
    try:
        return bind(stage, paths, source, engine.interface(source, ""), **options, **more), warnings
    except StageError as error:
        return str(error), warnings


def _whole(stage: Usd.Stage, engine: TranslatorEngine, fps: float | None = None, changed: Any = None) -> Prepared:
    return prepare(stage, engine, fps)


def _script(seed: int) -> list[tuple[tuple[list[str], str, dict[str, Any]], bool]]:
    dice = random.Random(seed)
    # Some are bound unchecked, so that there is something wrong before.
    return [(_request(dice), dice.random() > 0.03) for _ in range(12)]


CASES = int(os.environ.get("PORTALIS_CONCERNED_CASES", "40"))


def test_the_answer_is_that_of_a_look_at_all_bindings(sandbox_engine: TranslatorEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    fates, looked = Counter[str](), Counter[str]()

    def narrow(stage: Usd.Stage, engine: TranslatorEngine, fps: float | None = None, changed: Any = None) -> Prepared:
        prepared = prepare(stage, engine, fps, changed)
        enabled = sum(item.enabled for item in prepared.found)
        looked["at all" if changed is None else "at some" if len(prepared.bindings) < enabled else "and all are concerned"] += 1
        return prepared

    for seed in range(CASES):
        one, other = _build(random.Random(seed)), _build(random.Random(seed))
        for request, with_engine in _script(seed):
            monkeypatch.setattr(binding_module, "prepare", narrow)
            answer = _answer(one, sandbox_engine, request, with_engine)
            monkeypatch.setattr(binding_module, "prepare", _whole)
            assert answer == _answer(other, sandbox_engine, request, with_engine), (seed, request)
            fates["refused" if isinstance(answer[0], str) else "odd" if answer[1] else "bound"] += 1
        assert export(one) == export(other) and check(one, sandbox_engine) == check(other, sandbox_engine), seed
    assert min(fates["refused"], fates["bound"]) >= CASES and fates["odd"] >= CASES // 20, fates
    assert looked["at some"] >= CASES and looked["at all"] >= CASES // 8, looked


def test_prims_that_have_nothing_to_do_with_one_another_are_not_looked_at(sandbox_engine: TranslatorEngine) -> None:
    stage = new_stage()
    source = SourceFile("sense.py", "def sense(a: float, wind: float):\n    b = a + wind\n    return b\n")
    stage.DefinePrim("/World/Wind").CreateAttribute("wind", Sdf.ValueTypeNames.Double).Set(1.0)
    paths = [f"/World/P{index}" for index in range(8)]
    for path in paths:
        prim = UsdGeom.Xform.Define(stage, path).GetPrim()
        for name in ("a", "b"):
            prim.CreateAttribute(name, Sdf.ValueTypeNames.Double).Set(1.0)
    for path in paths[:7]:
        bind(stage, [path], source, sandbox_engine.interface(source, ""), inputs={"wind": "/World/Wind.wind"})
    bind(stage, [paths[7]], source, sandbox_engine.interface(source, ""), inputs={"wind": "/World/P0.b"})
    found = discover(stage).bindings

    def who(*changed: str) -> list[str]:
        return [item.key.path for item, is_one in zip(found, concerned(found, changed), strict=True) if is_one]

    assert who("/World/P3") == ["/World/P3"]
    assert who("/World/P7") == who("/World/P0") == ["/World/P0", "/World/P7"]
    assert who("/World/P") == who("/World/P33") == []
    assert who("/World/Wind") == paths and who("/") == who("/World") == paths


WORLD = "def world(parent_to_world: Gf.Matrix4d):\n    b = parent_to_world[3][0]\n    return b\n"


@pytest.mark.parametrize("first", ["mover", "reader"])
def test_who_moves_what_is_above_concerns_those_below(sandbox_engine: TranslatorEngine, first: str) -> None:
    stage = new_stage()
    for path in ("/World/A", "/World/A/B", "/World/A/B/C"):
        UsdGeom.Xformable(UsdGeom.Xform.Define(stage, path)).AddTranslateOp().Set(Gf.Vec3d(1.0, 2.0, 3.0))
    stage.GetPrimAtPath("/World/A/B/C").CreateAttribute("b", Sdf.ValueTypeNames.Double).Set(1.0)
    requests = {
        "mover": ("/World/A", SourceFile("place.py", f"from pxr import Gf\n\n{SOURCES['place']}"), "lateUpdate"),
        "reader": ("/World/A/B/C", SourceFile("world.py", f"from pxr import Gf\n\n{WORLD}"), "prePhysics"),
    }
    for index in range(6):
        # Others, with which neither has to do: of a few that are bound all are looked at.
        UsdGeom.Xformable(UsdGeom.Xform.Define(stage, f"/World/P{index}")).AddTranslateOp()
        _bind_in_phase(stage, sandbox_engine, f"/World/P{index}", requests["mover"][1], "update")
    _bind_in_phase(stage, sandbox_engine, *requests[first])
    path, source, _ = requests["reader" if first == "mover" else "mover"]
    with pytest.raises(StageError, match="PS133"):
        bind(stage, [path], source, sandbox_engine.interface(source, ""), engine=sandbox_engine)


def test_what_is_read_through_the_input_of_a_binding_that_is_gone_concerns_its_reader(sandbox_engine: TranslatorEngine) -> None:
    stage = new_stage()
    for path in ("/World/A", "/World/B", "/World/C"):
        for name in ("a", "b"):
            UsdGeom.Xform.Define(stage, path).GetPrim().CreateAttribute(name, Sdf.ValueTypeNames.Double).Set(1.0)
    left = stage.GetPrimAtPath("/World/B").CreateAttribute("portalis:behavior:gone:inputs:a", Sdf.ValueTypeNames.Double)
    left.SetConnections(["/World/C.b"])
    source = SourceFile("sense.py", SOURCES["sense"])
    _bind_in_phase(stage, sandbox_engine, "/World/A", source, "prePhysics", {"a": str(left.GetPath())})
    with pytest.raises(StageError, match="PS133"):
        bind(stage, ["/World/C"], source, sandbox_engine.interface(source, ""), engine=sandbox_engine)


def _bind_in_phase(
    stage: Usd.Stage, engine: TranslatorEngine, path: str, source: SourceFile, phase: str, inputs: dict[str, str] | None = None
) -> None:
    (key,) = bind(stage, [path], source, engine.interface(source, ""), inputs=inputs or {}, engine=engine)
    stage.GetPrimAtPath(path).CreateAttribute(f"{key.prefix}phase", Sdf.ValueTypeNames.Token).Set(phase)
