"""Edits while behaviours run: one coalesced notice, state kept, what fails leaves the old one running."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pxr import Gf, Sdf, Usd, UsdGeom

from portalis.translator.source import SourceFile
from portalis.translator.stage.plan.bindings import BindingKey
from portalis.translator.stage.plan.modules import source_sha256
from portalis.translator.stage.problems import StageProblem
from portalis.translator.stage.run.kept import BehaviourTally
from portalis.translator.stage.run.loop import Simulation
from portalis.translator.stage.run.reload import Edits
from portalis.translator.stage.run.report import BehaviourReport, behaviour_reports, blame
from portalis.translator.stage.run.states import Builds, Reloads
from tests.stage.conftest import MOVE, BindSource, Simulate, export

COUNTER = """\
from pxr import Gf

class Counter:
    count: int = 0
    size: float = 1.0
    position: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 0.0)

    def on_update(self):
        self.count = self.count + 1
        self.position = Gf.Vec3d(float(self.count), self.size, 0.0)
"""
MODULE = "/World/Portalis/behaviour"


def _edit(stage: Usd.Stage, text: str) -> None:
    with Sdf.ChangeBlock():
        prim = stage.GetRootLayer().GetPrimAtPath(MODULE)
        prim.attributes["portalis:source"].default = text
        prim.attributes["portalis:sourceSha256"].default = source_sha256(text)


def _x(stage: Usd.Stage, path: str = "/World/A") -> float:
    return float(stage.GetAttributeAtPath(f"{path}.xformOp:translate").Get()[0])


def test_a_hot_reload_keeps_fields_whose_name_and_type_are_unchanged(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", COUNTER)
    with simulate(stage) as simulation:
        simulation.run(3)
        _edit(
            stage,
            COUNTER.replace("count + 1", "count + 100")
            .replace("size: float = 1.0", "size: int = 7")
            .replace("self.size", "float(self.size)"),
        )
        simulation.step()
        assert tuple(stage.GetAttributeAtPath("/World/A.xformOp:translate").Get()) == (103.0, 7.0, 0.0)


def test_an_edit_that_is_refused_leaves_the_old_one_running(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", COUNTER)
    with simulate(stage) as simulation:
        simulation.run(2)
        stage.GetAttributeAtPath(f"{MODULE}.portalis:source").Set("not the text of the recorded hash")
        simulation.run(2)
        assert _x(stage) == 4.0
        assert [problem.code for problem in simulation.problems] == ["PS110"]


def test_a_prim_that_is_deleted_is_dropped_and_the_rest_runs(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    for path in ("/World/A", "/World/B"):
        UsdGeom.Xform.Define(stage, path)
    bind_source(stage, ["/World/A", "/World/B"], COUNTER)
    with simulate(stage) as simulation:
        simulation.step()
        stage.RemovePrim("/World/A")
        simulation.step()
        assert _x(stage, "/World/B") == 2.0
        assert [behaviour.prims for behaviour in simulation.report().behaviours] == [1]
    assert not stage.GetPrimAtPath("/World/A")


def test_a_binding_that_appears_joins_in(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    for path in ("/World/A", "/World/B"):
        UsdGeom.Xform.Define(stage, path)
    bind_source(stage, "/World/A", COUNTER)
    with simulate(stage) as simulation:
        simulation.run(2)
        bind_source(stage, "/World/B", COUNTER)
        simulation.step()
        assert (_x(stage), _x(stage, "/World/B")) == (3.0, 1.0)


def test_an_attribute_whose_type_changes_stops_only_its_binding(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    text = "def update(x: float):\n    x = x + 1.0\n    return x\n"
    for path in ("/World/A", "/World/B"):
        stage.DefinePrim(path).CreateAttribute("x", Sdf.ValueTypeNames.Double).Set(0.0)
    bind_source(stage, ["/World/A", "/World/B"], text)
    with simulate(stage) as simulation:
        simulation.step()
        spec = stage.GetRootLayer().GetPrimAtPath("/World/A")
        spec.RemoveProperty(spec.properties["x"])
        Sdf.AttributeSpec(spec, "x", Sdf.ValueTypeNames.String)
        simulation.step()
        assert stage.GetAttributeAtPath("/World/B.x").Get() == 2.0
        assert simulation.problems


def test_a_muted_layer_takes_its_bindings_out_and_brings_them_back(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    for path in ("/World/A", "/World/B"):
        UsdGeom.Xform.Define(stage, path).AddTranslateOp().Set(Gf.Vec3d(0))
    bind_source(stage, "/World/A", COUNTER)
    layer = Sdf.Layer.CreateAnonymous()
    stage.GetRootLayer().subLayerPaths.append(layer.identifier)
    stage.SetEditTarget(layer)
    bind_source(stage, "/World/B", COUNTER)
    with simulate(stage) as simulation:
        simulation.step()
        stage.MuteLayer(layer.identifier)
        simulation.step()
        assert (_x(stage), len(simulation.report().behaviours), simulation.report().prims) == (2.0, 1, 1)
        stage.UnmuteLayer(layer.identifier)
        simulation.step()
        assert (_x(stage), _x(stage, "/World/B")) == (3.0, 1.0)


def test_a_variant_switch_takes_effect_at_the_next_frame(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    prim = stage.GetPrimAtPath("/World/A")
    variants = prim.GetVariantSets().AddVariantSet("speed")
    (key,) = bind_source(stage, "/World/A", MOVE, inputs={"speed": "1.0"})
    stage.GetPrimAtPath("/World/A").RemoveProperty(f"{key.prefix}inputs:speed")
    for name, speed in (("slow", 1.0), ("fast", 10.0)):
        variants.AddVariant(name)
        variants.SetVariantSelection(name)
        with variants.GetVariantEditContext():
            prim.CreateAttribute(f"{key.prefix}inputs:speed", Sdf.ValueTypeNames.Double).Set(speed)
    variants.SetVariantSelection("slow")
    with simulate(stage, fps=1.0) as simulation:
        simulation.step()
        assert _x(stage) == 1.0
        variants.SetVariantSelection("fast")
        simulation.step()
        assert _x(stage) == 11.0


def test_a_literal_that_is_edited_counts_from_the_next_frame(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    (key,) = bind_source(stage, "/World/A", MOVE, inputs={"speed": "1.0"})
    with simulate(stage, fps=1.0) as simulation:
        simulation.step()
        stage.GetAttributeAtPath(f"/World/A.{key.prefix}inputs:speed").Set(5.0)
        simulation.step()
        assert _x(stage) == 6.0


def test_an_attribute_that_becomes_animated_is_read_every_frame(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    text = "def update(x: float, y: float):\n    y = x\n    return y\n"
    prim = stage.DefinePrim("/World/A")
    x, y = (prim.CreateAttribute(name, Sdf.ValueTypeNames.Double) for name in "xy")
    x.Set(0.0)
    y.Set(0.0)
    bind_source(stage, "/World/A", text)
    with simulate(stage) as simulation:
        simulation.step()
        for code in range(1, 6):
            x.Set(code * 10.0, code)
        seen = []
        for _ in range(2):
            simulation.step()
            seen.append(y.Get())
        assert seen == [20.0, 30.0]


def test_the_enabled_switch_works_while_running(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    (key,) = bind_source(stage, "/World/A", MOVE, inputs={"speed": "1.0"})
    with simulate(stage, fps=1.0) as simulation:
        simulation.step()
        stage.GetAttributeAtPath(f"/World/A.{key.prefix}enabled").Set(False)
        simulation.step()
        assert _x(stage) == 1.0


def test_an_edit_while_running_survives_stop(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE)
    with simulate(stage) as simulation:
        simulation.step()
        stage.DefinePrim("/World/Edited")
        simulation.step()
        edited = stage.GetRootLayer().ExportToString()
    assert stage.GetRootLayer().ExportToString() == edited
    assert stage.GetPrimAtPath("/World/Edited") and _x(stage) == 0.0


def test_clearing_the_session_layer_does_not_detach_the_frames(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE, inputs={"speed": "1.0"})
    before = export(stage)
    with simulate(stage, fps=1.0) as simulation:
        simulation.step()
        stage.GetSessionLayer().Clear()
        simulation.step()
        assert _x(stage) == 2.0
    assert export(stage) == before


@pytest.mark.parametrize("session", [False, True])
def test_results_that_are_muted_are_said_to_be_until_they_are_not(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate, session: bool
) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE, inputs={"speed": "1.0"})
    before = export(stage)
    with simulate(stage, fps=1.0) as simulation:
        simulation.step()
        layer = stage.GetSessionLayer().identifier if session else stage.GetSessionLayer().subLayerPaths[0]
        stage.MuteLayer(layer)
        for _ in range(2):
            simulation.step()
            assert not UsdGeom.Xformable(stage.GetPrimAtPath("/World/A")).GetLocalTransformation().ExtractTranslation()[0]
            (said,) = simulation.problems
            assert (said.code, said.path, said.severity) == ("PS136", layer, "warning")
            assert simulation.report().problems == (str(said),)
            assert [item.state for item in simulation.report().behaviours] == ["running"]
        stage.UnmuteLayer(layer)
        simulation.step()
        # What the stage had without the results was gone on from, twice.
        assert _x(stage) == 3.0 and not simulation.problems
    assert export(stage) == before


def test_an_opinion_of_the_session_layer_over_results_is_told_until_it_is_gone(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate
) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE, inputs={"speed": "1.0"})
    place = stage.GetAttributeAtPath("/World/A.xformOp:translate")
    with simulate(stage, fps=1.0) as simulation:
        simulation.step()
        with Usd.EditContext(stage, stage.GetSessionLayer()):
            place.Set((9.0, 0.0, 0.0))
        for _ in range(2):
            simulation.step()
            (said,) = simulation.problems
            assert (said.code, said.path, _x(stage)) == ("PS136", str(place.GetPath()), 9.0)
            assert [item.state for item in simulation.report().behaviours] == ["dirty"]
        with Usd.EditContext(stage, stage.GetSessionLayer()):
            place.Clear()
        simulation.step()
        # It went on from where the prim was put.
        assert _x(stage) == 12.0 and not simulation.problems


# ------------------------------------------------------------------------------------------------------- states, patience, blame
def _standing(simulation: Simulation) -> list[tuple[str, str, str]]:
    return [(item.state, item.status, item.reason) for item in simulation.report().behaviours]


REFUSED = COUNTER.replace("float(self.count)", "float(open(self.count))")


def test_what_cannot_run_is_dirty_with_the_reason_and_the_old_one_runs_on(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate
) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", COUNTER)
    with simulate(stage) as simulation:
        simulation.step()
        assert _standing(simulation) == [("running", "ok", "")]
        _edit(stage, REFUSED)
        simulation.run(2)
        ((state, status, reason),) = _standing(simulation)
        assert (state, status, _x(stage)) == ("dirty", "ok", 3.0)
        assert reason.startswith("the source was refused: 1 reason: ") and "open" in reason and ":10:" in reason
        simulation.pause()
        assert _standing(simulation)[0][0] == "dirty", "a pause does not hide it"
        simulation.resume()
        _edit(stage, COUNTER.replace("count + 1", "count + 10"))
        simulation.run(2)
        assert (_standing(simulation), _x(stage)) == ([("running", "ok", "")], 23.0)
        simulation.pause()
        assert _standing(simulation) == [("paused", "ok", "the run holds")]


def test_a_source_that_nobody_trusts_is_dirty_too(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", COUNTER)
    with simulate(stage) as simulation:
        simulation.step()
        stage.GetAttributeAtPath(f"{MODULE}.portalis:source").Set("not the text of the recorded hash")
        simulation.step()
        assert [(state, bool(reason)) for state, _, reason in _standing(simulation)] == [("dirty", True)]


def test_a_lane_that_failed_is_the_reason_of_a_degraded_behaviour(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    for name in "AB":
        stage.DefinePrim(f"/World/{name}").CreateAttribute("x", Sdf.ValueTypeNames.Double).Set(0.0 if name == "A" else 1.0)
    bind_source(stage, ["/World/A", "/World/B"], "def update(x: float):\n    x = 1.0 / x\n    return x\n")
    with simulate(stage) as simulation:
        simulation.step()
        ((state, status, reason),) = _standing(simulation)
        assert (state, status) == ("running", "degraded") and reason.endswith("ZeroDivisionError: float division by zero")


def test_a_module_that_keeps_failing_waits_longer_each_time(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", COUNTER)
    with simulate(stage) as simulation:
        for frame in range(22):
            # Somebody's editor saves at each frame, and never what can run.
            _edit(stage, f"{REFUSED}# {frame}\n")
            simulation.step()
            state = _standing(simulation)[0]
            assert state[0] in ("dirty", "loading") and state[1] == "ok"
        ((state, _, reason),) = _standing(simulation)
        assert state == "loading" and reason == "an edit waits until frame 36: the last 5 could not run"
        _edit(stage, COUNTER.replace("count + 1", "count + 100"))
        simulation.run(14)
        assert _x(stage) == 36.0, "until then the old one runs"
        simulation.step()
        assert (_x(stage), _standing(simulation)) == (136.0, [("running", "ok", "")])


def test_an_edit_waits_on_where_its_module_ran_meanwhile() -> None:
    reloads, edit = Reloads(), Edits(structure={f"{MODULE}.portalis:source"})
    running = [(BindingKey("/World/A", "behavior", "move"), (MODULE,))]
    reloads.settled(edit, [StageProblem("PS122", "refused", MODULE)], [MODULE], 0)
    assert not reloads.admit(edit, 1)
    assert reloads.standing(running, False) == ("loading", "an edit waits until frame 2: the last 1 could not run")
    # Its prims were composed anew for another reason, and it ran as it was.
    reloads.settled(Edits(), [], [MODULE], 1)
    assert reloads.standing(running, False) == ("loading", "an edit waits for the next frame")
    assert reloads.admit(Edits(), 2).structure == edit.structure
    assert reloads.standing(running, False) == ("running", "")


def test_patience_begins_anew_after_an_edit_that_ran(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", COUNTER)
    with simulate(stage) as simulation:
        for frame in range(6):
            _edit(stage, f"{REFUSED}# {frame}\n")
            simulation.step()
        _edit(stage, COUNTER + "# mended\n")
        simulation.run(8)
        _edit(stage, REFUSED)
        simulation.step()
        _edit(stage, COUNTER.replace("count + 1", "count + 100"))
        simulation.step()
        assert _standing(simulation)[0][2] == "an edit waits until frame 16: the last 1 could not run"
        simulation.step()
        assert _x(stage) == 116.0


def test_other_edits_do_not_wait_for_a_module_that_fails(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    for path in ("/World/A", "/World/B"):
        UsdGeom.Xform.Define(stage, path)
    bind_source(stage, "/World/A", COUNTER)
    with simulate(stage) as simulation:
        for frame in range(8):
            _edit(stage, f"{REFUSED}# {frame}\n")
            simulation.step()
        bind_source(stage, "/World/B", MOVE, inputs={"speed": "24.0"})
        simulation.step()
        assert _x(stage, "/World/B") == 1.0


DIVIDES = "def update(x: float, by: float):\n    x = 1.0 / by\n    return x\n"


def _dividing(stage: Usd.Stage, bind_source: BindSource) -> None:
    """Bind two prims that divide by nothing; each has something else."""
    for name in "AB":
        for attribute, value in (("x", 7.0), ("by", 0.0), ("other", 2.0)):
            stage.DefinePrim(f"/World/{name}").CreateAttribute(attribute, Sdf.ValueTypeNames.Double).Set(value)
    bind_source(stage, ["/World/A", "/World/B"], DIVIDES)


def test_an_edited_behaviour_is_one_row_whose_errors_begin_anew(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    _dividing(stage, bind_source)
    with simulate(stage) as simulation:
        simulation.step()
        assert [(item.errors, item.status) for item in simulation.report().behaviours] == [(2, "stopped")]
        _edit(stage, DIVIDES.replace("1.0 / by", "x + 1.0"))
        simulation.run(2)
        assert [(item.name, item.errors, item.status) for item in simulation.report().behaviours] == [("update", 0, "ok")]
        assert not simulation.report().first_errors


def test_a_prim_that_is_bound_to_something_else_runs_again_and_the_others_error_stays(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate
) -> None:
    _dividing(stage, bind_source)
    with simulate(stage) as simulation:
        simulation.step()
        bind_source(stage, "/World/A", DIVIDES, inputs={"by": "other"}, rebind=True)
        simulation.run(2)
        assert stage.GetAttributeAtPath("/World/A.x").Get() == 0.5
        assert [(item.errors, item.status) for item in simulation.report().behaviours] == [(1, "degraded")]
        assert [item.prim for item in simulation.report().first_errors] == ["/World/B"]


class _Later:
    """A loader that is ready when a test says so."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.done = False

    def ready(self, source: SourceFile, function: str, builds: Builds) -> bool:
        self.asked.append(source.text)
        return self.done


def test_an_edit_that_loads_leaves_the_old_one_running_until_it_is_ready(
    stage: Usd.Stage, bind_source: BindSource, simulate: Simulate
) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", COUNTER)
    loader = _Later()
    with simulate(stage, loader=loader) as simulation:
        simulation.step()
        assert not loader.asked, "a run starts with everything at hand"
        edited = COUNTER.replace("count + 1", "count + 100")
        _edit(stage, edited)
        simulation.run(3)
        assert _x(stage) == 4.0 and loader.asked[0] == edited
        assert _standing(simulation) == [("loading", "ok", "an edit is being translated and verified")]
        loader.done = True
        simulation.step()
        assert (_x(stage), _standing(simulation)) == (104.0, [("running", "ok", "")])


def _cost(name: str, milliseconds: float, share: float) -> BehaviourReport:
    plain = {"prims": 1, "lanes": 1, "errors": 0, "status": "ok", "state": "running", "reason": ""}
    return BehaviourReport(name=name, ms_per_frame=milliseconds, share=share, **plain)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("costs", "frame_ms", "said"),
    [
        (
            [("calm", 1.0, 0.02), ("spin", 41.2, 0.93)],
            44.1,
            "spin takes 93% of the frame: 41.2 of 44.1 ms, and 60 frames per second leave 16.7",
        ),
        (
            [("calm", 30.0, 0.42), ("spin", 41.2, 0.58)],
            44.1,
            "spin takes 58% of what behaviours take side by side: 41.2 of 71.2 ms, and 60 frames per second leave 16.7",
        ),
        ([("calm", 1.0, 0.1), ("spin", 9.0, 0.9)], 10.0, ""),
        ([], 99.0, ""),
        ([("idle", 0.0, 0.0)], 99.0, ""),
    ],
)
def test_who_burns_the_frame_is_named_with_the_share(costs: Sequence[tuple[str, float, float]], frame_ms: float, said: str) -> None:
    assert blame([_cost(*cost) for cost in costs], frame_ms, 60.0) == said


def test_shares_of_behaviours_in_threads_are_parts_of_what_they_take_together() -> None:
    tallies = {("module", name): BehaviourTally(bridge=seconds, fault_count=1) for name, seconds in (("a", 3.0), ("b", 1.0))}
    reports = behaviour_reports(tallies, [], {}, (10, 2.0), lambda _: ("running", ""))
    assert [item.share for item in reports] == [0.75, 0.25]


def test_shares_are_parts_of_the_frame(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    for path in ("/World/A", "/World/B"):
        UsdGeom.Xform.Define(stage, path)
    bind_source(stage, "/World/A", COUNTER)
    bind_source(stage, "/World/B", MOVE)
    with simulate(stage) as simulation:
        simulation.run(4)
        shares = [item.share for item in simulation.report().behaviours]
    assert len(shares) == 2 and all(share > 0.0 for share in shares) and sum(shares) <= 1.0


def test_what_was_left_behind_goes_with_its_prim(stage: Usd.Stage, bind_source: BindSource, simulate: Simulate) -> None:
    """A binding that was stopped leaves what it wrote; where the prim is deleted later, no opinion of ours may keep a ghost of it."""
    UsdGeom.Xform.Define(stage, "/World/A").AddTranslateOp()
    UsdGeom.Xform.Define(stage, "/World/B").AddTranslateOp()
    bind_source(stage, ["/World/A", "/World/B"], MOVE)
    with simulate(stage) as simulation:
        simulation.step()
        stage.GetPrimAtPath("/World/A").SetActive(False)
        simulation.step()
        stage.GetPrimAtPath("/World/B").SetActive(False)
        simulation.step()
        for path in ("/World/A", "/World/B"):
            stage.RemovePrim(path)
            simulation.step()
            assert not stage.GetPrimAtPath(path)
