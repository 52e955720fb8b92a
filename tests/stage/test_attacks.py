"""Edits while behaviours play, of every kind that a stage knows, and listeners that meddle: what is not concerned runs on, and Stop gives
the stage back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pxr import Gf, Sdf, Tf, Usd, UsdGeom

from portalis.translator.stage.author.trust import Approvals, TrustPolicy
from portalis.translator.stage.plan.modules import source_sha256
from portalis.translator.stage.run.loop import Simulation
from tests.stage.conftest import MOVE, BindSource, Simulate, bind_with, new_stage
from tests.stage.cpython_engine import CPythonEngine

A, B = "/World/A", "/World/B"
MODULE = "/World/Portalis/behaviour"
ENABLED = f"{A}.portalis:behavior:update:enabled"


def _x(stage: Usd.Stage, path: str = B) -> float:
    return float(stage.GetAttributeAtPath(f"{path}.xformOp:translate").Get()[0])


def _rename(stage: Usd.Stage) -> None:
    edit = Sdf.BatchNamespaceEdit()
    edit.Add(A, "/World/Renamed")
    assert stage.GetRootLayer().Apply(edit)


def _retype(type_name: str) -> Callable[[Usd.Stage], None]:
    def edit(stage: Usd.Stage) -> None:
        spec = stage.GetRootLayer().GetPrimAtPath(A)
        spec.RemoveProperty(spec.properties["xformOp:translate"])
        Sdf.AttributeSpec(spec, "xformOp:translate", Sdf.ValueTypeNames.Find(type_name))

    return edit


def _module(targets: list[str]) -> Callable[[Usd.Stage], None]:
    return lambda stage: stage.GetPrimAtPath(A).GetRelationship("portalis:behavior:update:module").SetTargets(targets)


def _source(text: str) -> Callable[[Usd.Stage], None]:
    def edit(stage: Usd.Stage) -> None:
        module = stage.GetPrimAtPath(MODULE)
        module.GetAttribute("portalis:source").Set(text)
        module.GetAttribute("portalis:sourceSha256").Set(source_sha256(text))

    return edit


def _animated(stage: Usd.Stage) -> None:
    for code in range(5):
        stage.GetAttributeAtPath(f"{A}.xformOp:translate").Set(Gf.Vec3d(code, 0.0, 0.0), code)


def _over_a(stage: Usd.Stage) -> None:
    layer = Sdf.Layer.CreateAnonymous()
    stage.GetSessionLayer().subLayerPaths.insert(0, layer.identifier)
    stage.SetEditTarget(layer)
    stage.GetAttributeAtPath(f"{A}.xformOp:translate").Set(Gf.Vec3d(99.0, 0.0, 0.0))
    stage.SetEditTarget(stage.GetRootLayer())
    stage.GetSessionLayer().subLayerPaths.remove(layer.identifier)


# Each edit of /World/A or of what is around it; /World/B is to move on as if nothing were.
EDITS: dict[str, Callable[[Usd.Stage], object]] = {
    "deleted": lambda stage: stage.RemovePrim(A),
    "renamed": _rename,
    "deactivated": lambda stage: stage.GetPrimAtPath(A).SetActive(False),
    "an over without a def": lambda stage: stage.GetPrimAtPath(A).SetSpecifier(Sdf.SpecifierOver),
    "a class": lambda stage: stage.GetPrimAtPath(A).SetSpecifier(Sdf.SpecifierClass),
    "another type": lambda stage: stage.GetPrimAtPath(A).SetTypeName("Material"),
    "schemas removed": lambda stage: stage.GetPrimAtPath(A).ClearMetadata("apiSchemas"),
    "switched off": lambda stage: stage.GetPrimAtPath(A).CreateAttribute(ENABLED.partition(".")[2], Sdf.ValueTypeNames.Bool).Set(False),
    "attribute of strings": _retype("string"),
    "attribute of tokens": _retype("token"),
    "attribute of arrays": _retype("double3[]"),
    "attribute of another width": _retype("double2"),
    "attribute gone": lambda stage: stage.GetPrimAtPath(A).RemoveProperty("xformOp:translate"),
    "attribute blocked": lambda stage: stage.GetAttributeAtPath(f"{A}.xformOp:translate").Block(),
    "attribute animated": _animated,
    "op order blocked": lambda stage: stage.GetAttributeAtPath(f"{A}.xformOpOrder").Block(),
    "module missing": _module(["/Nowhere"]),
    "module itself": _module([A]),
    "no module": _module([]),
    "a thousand modules": _module([f"/World/M{index}" for index in range(1000)]),
    "writes itself": lambda stage: stage.GetPrimAtPath(A).GetRelationship("portalis:behavior:update:writes:position").SetTargets([A]),
    "writes the world": lambda stage: (
        stage.GetPrimAtPath(A)
        .GetRelationship("portalis:behavior:update:writes:position")
        .SetTargets([f"/World/W{index}.x" for index in range(1000)])
    ),
    "writes what B writes": lambda stage: (
        stage.GetPrimAtPath(A).GetRelationship("portalis:behavior:update:writes:position").SetTargets([f"{B}.xformOp:translate"])
    ),
    "instanceable": lambda stage: stage.GetPrimAtPath(A).SetInstanceable(True),
    "a reference to nowhere": lambda stage: stage.GetPrimAtPath(A).GetReferences().AddReference("nowhere.usda"),
    "a reference to itself": lambda stage: stage.GetPrimAtPath(A).GetReferences().AddInternalReference(A),
    "inherits from B": lambda stage: stage.GetPrimAtPath(A).GetInherits().AddInherit(B),
    "hidden by the session": _over_a,
    "edit target moved": lambda stage: stage.SetEditTarget(stage.GetSessionLayer()),
    "another rate": lambda stage: stage.SetTimeCodesPerSecond(1000.0),
    "no rate": lambda stage: stage.SetTimeCodesPerSecond(0.0),
    "another default prim": lambda stage: stage.SetDefaultPrim(stage.GetPrimAtPath(A)),
    "a payload unloaded": lambda stage: stage.Unload("/World/Payload"),
    "population masked": lambda stage: stage.SetPopulationMask(Usd.StagePopulationMask([B, "/World/Portalis"])),
    "reloaded": lambda stage: stage.Reload(),
    "session cleared": lambda stage: stage.GetSessionLayer().Clear(),
    "everything else removed": lambda stage: [stage.RemovePrim(path) for path in (A, "/World/Payload")],
}


@pytest.fixture
def playing() -> Usd.Stage:
    """Two movers of one behaviour, and a payload beside them."""
    stage = new_stage()
    for path in (A, B):
        UsdGeom.Xform.Define(stage, path).AddTranslateOp().Set(Gf.Vec3d(0.0))
    payload = Usd.Stage.CreateInMemory()
    payload.SetDefaultPrim(UsdGeom.Xform.Define(payload, "/Inside").GetPrim())
    stage.DefinePrim("/World/Payload").GetPayloads().AddPayload(payload.GetRootLayer().identifier)
    bind_with(CPythonEngine())(stage, [A, B], MOVE, inputs={"speed": "24.0"})
    # The layer would go away with its stage.
    stage.payload = payload
    return stage


def _trusting(stage: Usd.Stage, **options: object) -> Simulation:
    trust = TrustPolicy(Approvals(Path("/nonexistent")), ("*",))
    return Simulation(stage, CPythonEngine(), trust, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("publish", ["all", "needed"])
@pytest.mark.parametrize("what", EDITS)
def test_an_edit_while_it_plays_concerns_only_what_it_edits(playing: Usd.Stage, what: str, publish: str) -> None:
    with _trusting(playing, fps=24.0, strict=False, publish=publish) as simulation:
        simulation.run(2)
        EDITS[what](playing)
        if what == "reloaded":
            # An anonymous layer is emptied by it: nothing is bound any more, and that is what the run finds.
            simulation.run(2)
            return
        simulation.run(2)
        moved = [item.key.path for group in simulation._plan.groups for item in group]
        assert B in moved and simulation.frame == 4
        assert publish == "needed" or _x(playing) == 4.0
    session = playing.GetSessionLayer()
    assert not session.subLayerPaths
    assert not [spec for spec in session.rootPrims if what != "edit target moved"]
    assert _x(playing) == 0.0


SOURCES = {
    "refused": "def update(:\n",
    "another interface": "def other(radius: float):\n    radius = radius + 1.0\n    return radius\n",
    "fields of other types": "class update:\n    position: int = 0\n\n    def on_update(self):\n        self.position = 1\n",
    "empty": "",
    "two functions, and not the one": MOVE.replace("update", "once") + MOVE.replace("update", "again"),
    "it fails": MOVE.replace("speed * delta_time", "1.0 / (speed - speed)"),
}


@pytest.mark.parametrize("what", SOURCES)
def test_a_module_that_is_edited_into_anything_harms_nobody_else(playing: Usd.Stage, what: str) -> None:
    other = UsdGeom.Xform.Define(playing, "/World/C")
    other.AddTranslateOp().Set(Gf.Vec3d(0.0))
    bind_with(CPythonEngine())(playing, "/World/C", MOVE + "# another module\n", inputs={"speed": "24.0"})
    with _trusting(playing, fps=24.0, strict=False) as simulation:
        simulation.run(2)
        _source(SOURCES[what])(playing)
        simulation.run(2)
        assert _x(playing, "/World/C") == 4.0
        assert simulation.problems or simulation.report().first_errors
    assert not playing.GetSessionLayer().subLayerPaths and _x(playing, "/World/C") == 0.0


def _meddling(stage: Usd.Stage, what: str, done: list[str]) -> Callable[..., None]:
    """Return a listener that edits the stage while behaviours write to it, once, and says so in `done`."""

    def changed(notice: Usd.Notice.ObjectsChanged, _: Usd.Stage) -> None:
        if done:
            return
        done.append(what)
        if what == "raises":
            raise RuntimeError("a listener's own mistake")
        if what == "edits a value":
            stage.GetAttributeAtPath(f"{A}.portalis:behavior:update:inputs:speed").Set(48.0)
        if what == "deletes a prim":
            stage.RemovePrim(A)
        if what == "edits the module":
            _source(MOVE.replace("position + ", "position - "))(stage)
        if what == "clears the session":
            stage.GetSessionLayer().subLayerPaths.clear()
        if what == "mutes the frames":
            stage.MuteLayer(stage.GetSessionLayer().subLayerPaths[0])

    return changed


def test_a_module_that_is_edited_in_the_middle_of_a_frame_counts_from_the_next(playing: Usd.Stage) -> None:
    with _trusting(playing, fps=24.0, strict=False) as simulation:
        simulation.step()
        listener = _meddling(playing, "edits the module", [])
        key = Tf.Notice.Register(Usd.Notice.ObjectsChanged, listener, playing)
        simulation.step()
        key.Revoke()
        # Both prims have the whole frame from one source, though the first was written before the other.
        assert (_x(playing, A), _x(playing, B)) == (2.0, 2.0)
        simulation.step()
        assert (_x(playing, A), _x(playing, B)) == (1.0, 1.0)
    assert _x(playing) == 0.0


def test_a_value_that_is_edited_in_the_middle_of_a_frame_counts_from_the_next(playing: Usd.Stage) -> None:
    with _trusting(playing, fps=24.0, strict=False) as simulation:
        simulation.run(2)
        assert simulation.edited is None
        before = _x(playing, A)
        key = Tf.Notice.Register(Usd.Notice.ObjectsChanged, listener := _meddling(playing, "edits a value", []), playing)
        simulation.step()
        key.Revoke()
        assert _x(playing, A) == before + 1.0 and listener
        simulation.run(2)
        assert _x(playing, A) == before + 5.0 and simulation.edited == 3
    assert _x(playing, A) == 0.0


def test_what_is_bound_in_a_payload_leaves_with_it(playing: Usd.Stage) -> None:
    layer = playing.payload.GetRootLayer()  # type: ignore[attr-defined]
    UsdGeom.Xform.Define(playing.payload, "/Inside/C").AddTranslateOp().Set(Gf.Vec3d(0.0))  # type: ignore[attr-defined]
    bind_with(CPythonEngine())(playing, "/World/Payload/C", MOVE, inputs={"speed": "24.0"})
    before = layer.ExportToString()
    with _trusting(playing, fps=24.0, strict=False) as simulation:
        simulation.run(2)
        assert _x(playing, "/World/Payload/C") == 2.0
        playing.Unload("/World/Payload")
        simulation.run(2)
        assert not playing.GetPrimAtPath("/World/Payload/C").IsDefined() and _x(playing) == 4.0
        playing.Load("/World/Payload")
        simulation.step()
        assert _x(playing, "/World/Payload/C") > 0.0 and _x(playing) == 5.0
    assert _x(playing, "/World/Payload/C") == 0.0 and layer.ExportToString() == before


@pytest.mark.parametrize("what", ["raises", "edits a value", "deletes a prim", "clears the session", "mutes the frames"])
def test_a_listener_that_meddles_while_a_frame_is_written(playing: Usd.Stage, what: str) -> None:
    with _trusting(playing, fps=24.0, strict=False) as simulation:
        simulation.step()
        # OpenUSD does not keep a function that it is to call.
        listener = _meddling(playing, what, done := [])
        key = Tf.Notice.Register(Usd.Notice.ObjectsChanged, listener, playing)
        try:
            simulation.run(3)
        except RuntimeError as error:
            assert what == "raises" and "a listener's own mistake" in str(error)
        finally:
            key.Revoke()
        assert done == [what]
        for layer in playing.GetMutedLayers():
            playing.UnmuteLayer(layer)
        if what != "raises":
            assert simulation.frame == 4
            assert _x(playing) == 4.0
    assert not playing.GetSessionLayer().subLayerPaths and _x(playing) == 0.0


def _own_time(stage: Usd.Stage) -> None:
    """Bind something beside that keeps count of frames and of their times."""
    prim = stage.DefinePrim("/World/Clock")
    for name in ("count", "times"):
        prim.CreateAttribute(name, Sdf.ValueTypeNames.Double).Set(0.0)
    text = (
        "def update(count: float, times: float, current_time: float):\n    count = count + 1.0\n    times = times + current_time\n"
        "    return count, times\n"
    )
    bind_with(CPythonEngine())(stage, "/World/Clock", text)


# What a listener, or another thread, asks of a run in the middle of one of its frames.
ASKED: dict[str, Callable[[Simulation], object]] = {
    "step": lambda run: run.step(),
    "run": lambda run: run.run(2),
    "start": lambda run: run.start(),
    "rewind": lambda run: run.rewind(),
    "go_back": lambda run: run.go_back(0),
    "seek": lambda run: run.seek(3),
}


@pytest.mark.parametrize("on_a_thread", [False, True], ids=["listener", "thread"])
@pytest.mark.parametrize("what", ASKED)
def test_nobody_runs_a_frame_in_the_middle_of_a_frame(playing: Usd.Stage, what: str, on_a_thread: bool) -> None:
    _own_time(playing)
    told: list[str] = []
    asked: list[str] = []

    def ask() -> None:
        try:
            ASKED[what](simulation)
        except RuntimeError as error:
            told.append(str(error))

    def changed(*_: object) -> None:
        if asked:
            return
        asked.append(what)
        if on_a_thread:
            thread = threading.Thread(target=ask)
            thread.start()
            thread.join(60.0)
        else:
            ask()

    with _trusting(playing, fps=24.0, strict=False, keep_every=1) as simulation:
        simulation.step()
        key = Tf.Notice.Register(Usd.Notice.ObjectsChanged, changed, playing)
        simulation.run(3)
        key.Revoke()
        assert ["in the middle of a frame" in text for text in told] == [True] and simulation.frame == 4
        # Four frames, each once, each at its own time.
        own = [playing.GetAttributeAtPath(f"/World/Clock.{name}").Get() for name in ("count", "times")]
        assert own == [4.0, sum(simulation.clock.at(frame).current_time for frame in range(4))] and _x(playing) == 4.0
        simulation.rewind()
        assert simulation.frame == 0
    assert not playing.GetSessionLayer().subLayerPaths and _x(playing) == 0.0


@pytest.mark.parametrize("what", ["stop", "pause"])
def test_who_holds_or_ends_a_run_in_the_middle_of_a_frame_waits_for_its_end(playing: Usd.Stage, what: str) -> None:
    simulation = _trusting(playing, fps=24.0, strict=False)
    simulation.start()
    asked: list[tuple[str, int]] = []

    def changed(*_: object) -> None:
        if not asked:
            getattr(simulation, what)()
            asked.append((simulation.state, simulation.frame))

    key = Tf.Notice.Register(Usd.Notice.ObjectsChanged, changed, playing)
    simulation.step()
    key.Revoke()
    assert asked == [("running", 0)]
    assert (simulation.state, simulation.frame, _x(playing)) == (("stopped", 1, 0.0) if what == "stop" else ("paused", 1, 1.0))
    simulation.stop()
    assert not playing.GetSessionLayer().subLayerPaths and _x(playing) == 0.0


def test_frames_inside_somebody_elses_change_block(playing: Usd.Stage) -> None:
    with _trusting(playing, fps=24.0, strict=False) as simulation:
        simulation.step()
        with Sdf.ChangeBlock():
            simulation.run(2)
        assert _x(playing) == 3.0
    assert _x(playing) == 0.0


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, MemoryError, RuntimeError])
def test_whatever_ends_a_frame_the_stage_is_given_back(playing: Usd.Stage, error: type[BaseException]) -> None:
    class Sink:
        def at(self, _: float) -> None: ...

        def column(self, *_: object) -> None:
            raise error("now")

        array = column

    before = playing.GetRootLayer().ExportToString()
    with pytest.raises(error), _trusting(playing, fps=24.0, sinks=[Sink()]) as simulation:
        simulation.step()
    assert playing.GetRootLayer().ExportToString() == before and not playing.GetSessionLayer().subLayerPaths


def test_a_flood_of_errors_is_counted_and_not_kept(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    paths = [f"/World/P{index}" for index in range(100)]
    for path in paths:
        stage.DefinePrim(path).CreateAttribute("x", Sdf.ValueTypeNames.Double).Set(0.0)
    bind_source(stage, paths, "def update(x: float):\n    x = 1.0 / x\n    return x\n")
    with simulate(stage, on_error="retry") as simulation:
        simulation.run(20)
        report = simulation.report()
    assert report.behaviours[0].errors == 2000 and len(report.first_errors) == 64
    assert {error.frame for error in report.first_errors} == {0}
