"""Where prims are in the world is composed from columns, with the bits that OpenUSD composes; the stage is told nothing between frames."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from pxr import Gf, Sdf, Tf, Usd, UsdGeom, UsdPhysics

from portalis.translator.stage.columns.backend import Indices
from portalis.translator.stage.plan import composed
from portalis.translator.stage.plan.publish import publish_set
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.problems import StageError
from portalis.translator.stage.run.loop import Publish, Simulation
from portalis.translator.stage.transforms import worlds
from portalis.translator.stage.transforms.exact import LocalMatrices, agrees, identities, local_matrices, product
from portalis.translator.stage.transforms.stack import read_stack
from portalis.translator.stage.values import Codec, Rows, codec_of
from tests.stage.conftest import bind_with, new_stage
from tests.stage.cpython_engine import CPythonEngine
from tests.stage.test_headless import TRUST
from tests.stage.transforms.stacks import EULER, FLAT, as_value, type_name

FRAMES = 4
KINDS = (
    "translate",
    "scale",
    "orient",
    "transform",
    *EULER,
    *(f"{kind}{axis}" for kind in ("translate", "rotate", "scale") for axis in "XYZ"),
)
ODD = (0.0, -0.0, 1.0, -1.0, 90.0, -180.0, 360.0, 1e-300, 1e300, 1e22, 1e-11, math.inf, -math.inf, math.nan)
MOVE = "from pxr import Gf\n\ndef move({0}: Gf.Vec3d, frame: int):\n    {0} = {0} + Gf.Vec3d(0.1, -7.3 * frame, 1.7)\n    return {0}\n"
TURN = "def turn(value: float, frame: int):\n    value = value * 1.01 + 3.7 * frame\n    return value\n"
SPIN = "from pxr import Gf\n\ndef spin(q: Gf.Quatd):\n    q = q * Gf.Quatd(0.8, 0.0, 0.36, 0.48)\n    return q\n"
LOOK = "from pxr import Gf\n\ndef look(target: Gf.Matrix4d):\n    seen = target\n    return seen\n"
SPACE = "from pxr import Gf\n\ndef space(parent_to_world: Gf.Matrix4d):\n    seen = parent_to_world\n    return seen\n"


def _number(rng: random.Random, odd: float) -> float:
    return rng.choice(ODD) if rng.random() < odd else rng.choice((rng.gauss(0.0, 1.0), rng.uniform(-400.0, 400.0)))


def _value(rng: random.Random, kind: str, name: str, odd: float) -> object:
    """Return a value of an attribute's type, as far as it fits."""
    sdf_type = Sdf.ValueTypeNames.Find(name)
    if kind == "transform" and rng.random() < odd:
        return FLAT if rng.random() < 0.5 else Gf.Matrix4d(*[_number(rng, odd) for _ in range(16)])
    if kind == "transform":
        turn = Gf.Rotation(Gf.Vec3d(1.0, 2.0, rng.gauss(0.0, 1.0)), rng.uniform(0.0, 300.0))
        return Gf.Matrix4d(turn, Gf.Vec3d(_number(rng, odd), 1.0, -2.0))
    if kind == "orient" and rng.random() < 0.5:
        return as_value(sdf_type, [rng.gauss(0.0, 1.0) for _ in range(4)])
    largest = {"half": 6e4, "half3": 6e4, "quath": 6e4, "float": 3e38, "float3": 3e38, "quatf": 3e38}.get(name, math.inf)
    numbers = [_number(rng, odd) for _ in range(4 if kind == "orient" else 3 if name.endswith("3") else 1)]
    fitting = [math.copysign(min(abs(number), largest), number) if math.isfinite(number) else number for number in numbers]
    return fitting[0] if len(fitting) == 1 else type(sdf_type.defaultValue)(*fitting)


def _stack(rng: random.Random, prim: Usd.Prim, most: int, odd: float, animated: float = 0.0) -> None:
    """Give a prim random ops: of any precision, with suffixes, inverse, twice, without a value, animated, resetting what is above."""
    order = ["!resetXformStack!"] if rng.random() < 0.1 else []
    for _ in range(rng.randint(0, most)):
        kind = rng.choice((*KINDS, "transform", "transform"))
        name = f"xformOp:{kind}{rng.choice(('', ':a', ':b'))}"
        if kind in ("scaleX", "scaleY", "scaleZ") and any(name in token for token in order):
            # Standing twice, it is composed by OpenUSD alone: another test has it.
            continue
        if not prim.GetAttribute(name):
            made = prim.CreateAttribute(name, Sdf.ValueTypeNames.Find(type_name(kind, rng.choice(("double", "float", "half")))), False)
            times = (1.0, 2.5, 5.0) if rng.random() < animated else (None,) if rng.random() < 0.95 else ()
            for time in times:
                made.Set(_value(rng, kind, str(made.GetTypeName()), odd), Usd.TimeCode.Default() if time is None else time)
        inverse = "!invert!" if rng.random() < 0.25 else ""
        order.append(f"{inverse}{name}")
        if rng.random() < 0.15 and "scale" not in name:
            order.append(f"{'' if inverse else '!invert!'}{name}")
    UsdGeom.Xformable(prim).CreateXformOpOrderAttr(order)


def _composed(cache: UsdGeom.XformCache, prim: Usd.Prim) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    try:
        return np.array(cache.GetLocalToWorldTransform(prim))
    except Tf.ErrorException:
        return None


def _same(left: np.ndarray[Any, Any], right: np.ndarray[Any, Any]) -> bool:
    """Tell whether all bits are the same; a NaN is like any other."""
    return bool(((left.view(np.uint64) == right.view(np.uint64)) | (np.isnan(left) & np.isnan(right))).all())


def test_stacks_of_any_ops_compose_to_the_bits_of_openusd() -> None:
    assert agrees()
    rng, refused, compared = random.Random(7), 0, 0
    for _ in range(400):
        stage = Usd.Stage.CreateInMemory()
        prim = UsdGeom.Xform.Define(stage, "/P").GetPrim()
        _stack(rng, prim, 6, 0.2)
        stack, wanted = read_stack(prim), _composed(UsdGeom.XformCache(), prim)
        values = []
        for op in stack.ops:
            value, codec = stage.GetAttributeAtPath(op.path).Get(), codec_of(op.type_name)
            assert codec is not None
            values.append(np.array([op.identity]) if value is None else codec.rows_of_values([value]).astype(np.float64))
        with np.errstate(all="ignore"):
            local, bad = local_matrices(stack.ops, values)
            found = local if stack.resets else product(local, identities(1))
        assert bool(bad[0]) == (wanted is None)
        refused += wanted is None
        if wanted is not None:
            compared += 1
            assert _same(found[:, :, 0], wanted), stack
    assert compared > 300 and refused > 0


def test_a_product_has_the_same_bits_alone_and_among_others() -> None:
    rng = np.random.default_rng(3)
    one, other = rng.normal(size=(2, 4, 4, 50))
    together = product(one, other)
    for index in range(50):
        wanted = Gf.Matrix4d(*one[:, :, index].ravel().tolist()) * Gf.Matrix4d(*other[:, :, index].ravel().tolist())
        assert np.array_equal(together[:, :, index], np.array(wanted))
        assert np.array_equal(together[:, :, index], product(one[:, :, [index]], other[:, :, [index]])[:, :, 0])


class Rows64:
    """Keeps the last value of each attribute that is written."""

    def __init__(self) -> None:
        self.rows: dict[str, np.ndarray[Any, np.dtype[np.float64]]] = {}

    def at(self, time_code: float) -> None:
        """Nothing depends on the time."""

    def column(self, targets: Sequence[Target], codec: Codec, strings: Sequence[str], which: Indices, rows: Rows) -> None:
        self.rows |= {targets[index].path: row.astype(np.float64) for index, row in zip(which.tolist(), rows, strict=True)}

    def array(self, target: Target, codec: Codec, rows: Rows) -> None:
        raise AssertionError("no arrays are written")


def _tree(seed: int) -> tuple[Usd.Stage, dict[str, tuple[str, bool]]]:
    """Make random prims in one another; of a third of the ops values are written. Return who reads which prim's matrix, or its space."""
    rng, stage, engine = random.Random(seed), new_stage(), CPythonEngine()
    bind = bind_with(engine)
    paths = ["/World"]
    for index in range(9):
        path = f"{rng.choice(paths[-4:])}/P{index}"
        paths.append(path)
        kind = rng.random()
        prim = stage.DefinePrim(path, "Xform" if kind < 0.8 else "Scope" if kind < 0.9 else "")
        if kind < 0.8:
            _stack(rng, prim, 4, 0.03, 0.2)
    readers: dict[str, tuple[str, bool]] = {}
    for path in paths[1:]:
        prim = stage.GetPrimAtPath(path)
        for op in UsdGeom.Xformable(prim).GetOrderedXformOps() if prim.IsA(UsdGeom.Xformable) else ():
            name, kind = op.GetAttr().GetName(), str(op.GetAttr().GetTypeName())
            text = TURN if kind in ("double", "float", "half") else SPIN if kind.startswith("quat") else MOVE.format("value")
            wires = dict.fromkeys(("q" if text is SPIN else "value",), name)
            if rng.random() < 0.5:
                try:
                    bind(stage, path, text, inputs=wires, outputs=wires, instance_name=f"on_{op.GetAttr().GetBaseName()}")
                except StageError:
                    continue
        for name in ("world_transform", "parent_to_world") if prim.IsA(UsdGeom.Xformable) else ():
            owner = f"/Seen_{name}{len(readers)}"
            stage.DefinePrim(owner).CreateAttribute("seen", Sdf.ValueTypeNames.Matrix4d).Set(Gf.Matrix4d(0.0))
            bind(stage, owner, LOOK, inputs={"target": f"{path}.{name}"})
            readers[owner] = path, name == "parent_to_world"
        prim.CreateAttribute("seen", Sdf.ValueTypeNames.Matrix4d).Set(Gf.Matrix4d(0.0))
        bind(stage, path, SPACE, instance_name="space")
        readers[path] = path, True
    return stage, readers


@pytest.mark.parametrize("seed", range(6))
def test_in_each_frame_prims_are_where_openusd_has_them(seed: int) -> None:
    stage, readers = _tree(seed)
    compared = 0
    with Simulation(stage, CPythonEngine(), TRUST, strict=False) as simulation:
        for _ in range(FRAMES):
            time = Usd.TimeCode(simulation.step().time_code)
            for owner, (path, of_parent) in readers.items():
                cache, prim = UsdGeom.XformCache(time), stage.GetPrimAtPath(path)
                resets = of_parent and prim.IsA(UsdGeom.Xformable) and UsdGeom.Xformable(prim).GetResetXformStack()
                wanted = np.eye(4) if resets else _composed(cache, prim.GetParent() if of_parent else prim)
                if wanted is not None:
                    assert _same(np.array(stage.GetAttributeAtPath(f"{owner}.seen").Get(time)), wanted), (owner, path)
                    compared += not np.isnan(wanted).any()
    assert compared > 3 * FRAMES


@pytest.mark.parametrize("seed", range(6))
def test_a_run_that_nobody_looks_at_tells_the_stage_nothing_of_it(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its bits are those of a live run, and of one in which OpenUSD is asked for every matrix."""

    def played(publish: Publish) -> tuple[dict[str, Any], int]:
        stage, _ = _tree(seed)
        sink, told = Rows64(), 0

        def count(notice: Usd.Notice.ObjectsChanged, _: Usd.Stage) -> None:
            nonlocal told
            told += len(notice.GetChangedInfoOnlyPaths()) + len(notice.GetResyncedPaths())

        with Simulation(stage, CPythonEngine(), TRUST, strict=False, publish=publish, sinks=[sink]) as simulation:
            simulation.step()
            key = Tf.Notice.Register(Usd.Notice.ObjectsChanged, count, stage)
            simulation.run(FRAMES)
            key.Revoke()
        return sink.rows, told

    headless, told = played("needed")
    live, shown = played("all")
    monkeypatch.setattr(composed, "agrees", lambda: False)
    asked, published = played("needed")
    assert headless.keys() == live.keys() >= asked.keys()
    for path, rows in headless.items():
        # What is no number throughout says, where OpenUSD is asked, that it composes nothing.
        assert _same(rows, live[path]) and (np.isnan(rows).all() or _same(rows, asked[path])), path
    assert told == 0
    assert shown > 0 and published > 0


def _edited(edit: Callable[[Usd.Stage], object]) -> tuple[list[Gf.Matrix4d], list[Gf.Matrix4d]]:
    """Return what is read, and what OpenUSD has, before and after an edit of what stands above a prim that moves."""
    stage, engine = new_stage(), CPythonEngine()
    above = UsdGeom.Xform.Define(stage, "/World/Above")
    above.AddTranslateOp().Set(Gf.Vec3d(1.0, 2.0, 3.0))
    above.AddScaleOp().Set(Gf.Vec3f(2.0, 3.0, 4.0))
    hero = UsdGeom.Xform.Define(stage, "/World/Above/Hero")
    hero.AddTranslateOp().Set(Gf.Vec3d(0.0))
    stage.DefinePrim("/Seen").CreateAttribute("seen", Sdf.ValueTypeNames.Matrix4d).Set(Gf.Matrix4d(0.0))
    bind = bind_with(engine)
    bind(stage, "/World/Above/Hero", MOVE.format("position"))
    bind(stage, "/Seen", LOOK, inputs={"target": "/World/Above/Hero.world_transform"})
    seen, wanted = [], []
    with Simulation(stage, engine, TRUST) as simulation:
        for frame in range(3):
            if frame == 1:
                edit(stage)
            time = Usd.TimeCode(simulation.step().time_code)
            seen.append(stage.GetAttributeAtPath("/Seen.seen").Get())
            wanted.append(hero.ComputeLocalToWorldTransform(time))
    return seen, wanted


EDITS: dict[str, Callable[[Usd.Stage], object]] = {
    "a value": lambda stage: stage.GetAttributeAtPath("/World/Above.xformOp:scale").Set(Gf.Vec3f(5.0)),
    "samples": lambda stage: [stage.GetAttributeAtPath("/World/Above.xformOp:scale").Set(Gf.Vec3f(time), time) for time in (1.0, 3.0)],
    "inverted": lambda stage: stage.GetAttributeAtPath("/World/Above.xformOpOrder").Set(["xformOp:translate", "!invert!xformOp:scale"]),
    "another order": lambda stage: stage.GetAttributeAtPath("/World/Above.xformOpOrder").Set(["xformOp:scale", "xformOp:translate"]),
    "a reset": lambda stage: UsdGeom.Xformable(stage.GetPrimAtPath("/World/Above/Hero")).SetResetXformStack(True),
    "another op": lambda stage: UsdGeom.Xformable(stage.GetPrimAtPath("/World")).AddRotateXOp().Set(30.0),
    "no op": lambda stage: stage.GetPrimAtPath("/World/Above").RemoveProperty("xformOp:scale"),
    "no transform": lambda stage: stage.GetPrimAtPath("/World/Above").SetTypeName("Scope"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=[name.replace(" ", "_") for name in EDITS])
def test_an_edit_above_a_prim_moves_it_in_the_next_frame(edit: Callable[[Usd.Stage], object]) -> None:
    seen, wanted = _edited(edit)
    assert seen == wanted and len(set(map(str, wanted))) == 3


def test_an_op_that_this_host_does_not_know_is_composed_by_openusd_or_is_no_value() -> None:
    """The first has no value, which OpenUSD leaves out; the second is none at all, for both who are below it; the third stands twice."""
    stage, engine = new_stage(), CPythonEngine()
    bind = bind_with(engine)
    ops = {"Left": ("translate:odd", "float4", None), "Refused": ("translate:odd", "float4", 1.0), "Twice": ("scaleX", "double", 3.0)}
    for name, (op, kind, value) in ops.items():
        above = UsdGeom.Xform.Define(stage, f"/World/{name}")
        odd = above.GetPrim().CreateAttribute(f"xformOp:{op}", Sdf.ValueTypeNames.Find(kind), False)
        if value is not None:
            odd.Set(value if kind == "double" else Gf.Vec4f(value))
        above.AddTranslateOp().Set(Gf.Vec3d(1.0, 0.0, 0.0))
        above.GetXformOpOrderAttr().Set([f"xformOp:{op}", "xformOp:translate", f"xformOp:{op}"])
        bind(stage, f"/World/{name}", MOVE.format("value"), inputs={"value": "xformOp:translate"}, outputs={"value": "xformOp:translate"})
        for index in range(2):
            UsdGeom.Xform.Define(stage, f"/World/{name}/P{index}").AddTranslateOp().Set(Gf.Vec3d(0.0, index, 0.0))
            owner = f"/Seen{name}{index}"
            stage.DefinePrim(owner).CreateAttribute("seen", Sdf.ValueTypeNames.Matrix4d).Set(Gf.Matrix4d(0.0))
            bind(stage, owner, LOOK, inputs={"target": f"/World/{name}/P{index}.world_transform"})
    sink = Rows64()
    with Simulation(stage, engine, TRUST, publish="needed", sinks=[sink]) as simulation:
        published = publish_set(stage, simulation._plan)
        time = Usd.TimeCode(simulation.step().time_code)
        faults = {fault.key.path for fault in simulation.faults()}
        for name in ("Left0", "Left1", "Twice0", "Twice1"):
            wanted = np.array(UsdGeom.XformCache(time).GetLocalToWorldTransform(stage.GetPrimAtPath(f"/World/{name[:-1]}/P{name[-1]}")))
            assert _same(sink.rows[f"/Seen{name}.seen"].reshape(4, 4), wanted) and wanted[3][0] not in (1.0, 3.0)
    assert faults == {"/SeenRefused0", "/SeenRefused1"}
    assert published == {f"/World/{name}.xformOp:translate" for name in ops}


def test_who_asks_for_the_same_prim_shares_its_matrix(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, engine = new_stage(), CPythonEngine()
    UsdPhysics.Scene.Define(stage, "/Scene")
    UsdGeom.Xform.Define(stage, "/World/Still").AddRotateXYZOp().Set(Gf.Vec3f(10.0, 20.0, 30.0))
    UsdGeom.Xform.Define(stage, "/World/Still/Hero").AddTranslateOp().Set(Gf.Vec3d(0.0))
    bind = bind_with(engine)
    bind(stage, "/World/Still/Hero", MOVE.format("position"))
    for index, name in enumerate(("world_transform", "world_transform", "parent_to_world")):
        stage.DefinePrim(f"/Seen{index}").CreateAttribute("seen", Sdf.ValueTypeNames.Matrix4d).Set(Gf.Matrix4d(0.0))
        bind(stage, f"/Seen{index}", LOOK, inputs={"target": f"/World/Still/Hero.{name}"}, instance_name=f"look{index}")
    composed_stacks: list[tuple[str, int]] = []

    class Counted(LocalMatrices):
        def compose(self, rows: Any, which: Any) -> Any:
            composed_stacks.append((self._ops[0].kind, len(rows[0])))
            return super().compose(rows, which)

    monkeypatch.setattr(worlds, "LocalMatrices", Counted)
    with Simulation(stage, engine, TRUST, publish="needed") as simulation:
        simulation.run(FRAMES)
    # What nobody moves is composed once, and what somebody moves once a frame.
    assert sorted(composed_stacks) == [("rotateXYZ", 1)] + [("translate", 1)] * FRAMES


def test_prims_below_a_thousand_others_have_a_place() -> None:
    stage = Usd.Stage.CreateInMemory()
    path = "/" + "/".join(["deep"] * 1100)
    with Sdf.ChangeBlock():
        for prefix in Sdf.Path(path).GetPrefixes():
            spec = Sdf.CreatePrimInLayer(stage.GetRootLayer(), prefix)
            spec.specifier, spec.typeName = Sdf.SpecifierDef, "Xform"
    prim = stage.GetPrimAtPath(path)
    UsdGeom.Xformable(stage.GetPrimAtPath("/deep")).AddTranslateOp().Set((1.0, 2.0, 3.0))
    place = prim.CreateAttribute("place", Sdf.ValueTypeNames.Double3)
    text = "from pxr import Gf\n\ndef look(parent_to_world: Gf.Matrix4d):\n    place = parent_to_world.GetRow3(3)\n    return place\n"
    bind_with(CPythonEngine())(stage, path, text)
    with Simulation(stage, CPythonEngine(), TRUST) as simulation:
        simulation.step()
        assert place.Get() == Gf.Vec3d(1.0, 2.0, 3.0)
