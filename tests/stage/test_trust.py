"""Trust: approvals live in the user's settings, and nothing in a stage can approve itself."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from pxr import Usd, UsdGeom

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.trust import Approvals, TrustPolicy, described
from portalis.translator.stage.files import expand
from portalis.translator.stage.plan.check import check
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.plan.interface import BehaviourInterface
from portalis.translator.stage.plan.modules import ModuleSource, read_module, source_sha256
from portalis.translator.stage.plan.prepare import prepare
from portalis.translator.stage.problems import StageError
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.stage.run.loop import Simulation
from portalis.translator.stage.run.warm import requests, warm
from portalis.translator.translating.options import Options
from tests.stage.conftest import MOVE, BindSource, bind_with
from tests.stage.cpython_engine import CPythonBehaviour, CPythonEngine

SHA = "ab" * 32


def test_an_approval_covers_its_write_set_and_nothing_more(approvals: Approvals) -> None:
    approvals.approve(SHA, ["/A.xformOp:translate", "/A.radius"])
    assert approvals.approved(SHA, ["/A.radius"])
    assert approvals.approved(SHA, ["/A.radius", "/A.xformOp:translate"])
    assert not approvals.approved(SHA, ["/A.radius", "/A.visibility"])
    assert not approvals.approved(SHA, ["/B.radius"])
    assert not approvals.approved("cd" * 32, ["/A.radius"])


def test_approvals_of_one_source_add_up(approvals: Approvals) -> None:
    approvals.approve(SHA, ["/A.radius"])
    approvals.approve(SHA, ["/B.radius"])
    assert approvals.approved(SHA, ["/A.radius", "/B.radius"])
    assert not approvals.approved(SHA, ["/A.radius", "/C.radius"])


def test_code_that_writes_nothing_needs_an_approval_too(approvals: Approvals) -> None:
    assert not approvals.approved(SHA, [])
    approvals.approve("cd" * 32, ["/A.radius"])
    assert not approvals.approved(SHA, [])
    approvals.approve(SHA, [])
    assert approvals.approved(SHA, []) and not approvals.approved(SHA, ["/A.radius"])


def test_many_prims_are_named_by_a_few_and_a_number() -> None:
    assert described([]) == "nothing"
    assert described(["/A.radius"]) == "radius of /A"
    assert described([f"/World/P{n}.size" for n in range(4)] + ["/W.b"]) == (
        "b of /W; size of /World/P0, /World/P1, /World/P2 and 1 more prim"
    )


@pytest.mark.skipif(os.name != "posix", reason="modes of folders are POSIX's")
@pytest.mark.parametrize("mode", [0o777, 0o770, 0o707, 0o1777])
def test_settings_that_others_can_write_to_approve_nothing(approvals: Approvals, mode: int) -> None:
    module = ModuleSource("/M", SourceFile("m.py", MOVE), SHA, "layer")
    approvals.approve(SHA, ["/A.radius"])
    assert TrustPolicy(approvals).problem(module, ["/A.radius"]) is None
    approvals.folder.chmod(mode)
    problem = TrustPolicy(approvals).problem(module, ["/A.radius"])
    assert problem is not None and problem.code == "PS151" and "chmod 700" in problem.help
    with pytest.raises(StageError, match="PS151"):
        approvals.approve(SHA, ["/A.radius"])
    approvals.folder.chmod(0o755)
    assert TrustPolicy(approvals).problem(module, ["/A.radius"]) is None


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away")
def test_settings_of_another_user_approve_nothing(approvals: Approvals) -> None:
    approvals.approve(SHA, ["/A.radius"])
    os.chown(approvals.folder, 65534, 65534)
    with pytest.raises(StageError, match="another user"):
        approvals.approved(SHA, ["/A.radius"])


def test_approved_code_that_is_pointed_at_another_prim_asks_again(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, approvals: Approvals
) -> None:
    for path in ("/World/A", "/World/B"):
        UsdGeom.Xform.Define(stage, path).AddTranslateOp(UsdGeom.XformOp.PrecisionDouble).Set((0, 0, 0))
    (key,) = bind_source(stage, "/World/A", MOVE, approvals=approvals)
    Simulation(stage, engine, TrustPolicy(approvals)).prepare()
    writes = stage.GetPrimAtPath("/World/A").GetRelationship(f"{key.prefix}writes:position")
    writes.SetTargets(["/World/B.xformOp:translate"])
    with pytest.raises(StageError, match=r"PS150.*xformOp:translate of /World/B"):
        Simulation(stage, engine, TrustPolicy(approvals)).prepare()
    prepared = prepare(stage, engine)
    (request,) = requests(prepared, TrustPolicy(approvals))
    request.approve(approvals)
    assert not requests(prepared, TrustPolicy(approvals))
    Simulation(stage, engine, TrustPolicy(approvals)).prepare()


def test_a_pattern_of_prims_means_those_that_were_there(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, approvals: Approvals
) -> None:
    for name in ("P1", "P2", "P3"):
        UsdGeom.Xform.Define(stage, f"/World/{name}")
    bind_source(stage, expand(stage, ["/World/P[12]"]), MOVE, approvals=approvals)
    stage.GetPrimAtPath("/World/P2").SetActive(False)
    Simulation(stage, engine, TrustPolicy(approvals)).prepare()
    bind_source(stage, "/World/P3", MOVE)
    with pytest.raises(StageError, match=r"PS150.*/World/P3"):
        Simulation(stage, engine, TrustPolicy(approvals)).prepare()


def test_a_crowd_is_approved_whatever_its_length(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, approvals: Approvals
) -> None:
    points = UsdGeom.Points.Define(stage, "/World/Points")
    points.CreatePointsAttr([(0, 0, 0)])
    source = (
        "from pxr import Gf\n\ndef update(position: Gf.Vec3f):\n    position = position + Gf.Vec3f(1.0, 0.0, 0.0)\n    return position\n"
    )
    bind_source(stage, "/World/Points", source, approvals=approvals)
    points.GetPointsAttr().Set([(0, 0, 0)] * 5)
    with Simulation(stage, engine, TrustPolicy(approvals)) as simulation:
        simulation.step()
        assert points.GetPointsAttr().Get()[4][0] == 1.0


def test_an_approval_outlives_the_process(approvals: Approvals) -> None:
    approvals.approve(SHA, ["/A.radius"])
    assert Approvals(approvals.folder).approved(SHA, ["/A.radius"])


def test_a_record_that_this_user_did_not_write_approves_nothing(approvals: Approvals, tmp_path: Path) -> None:
    approvals.approve(SHA, ["/A.radius"])
    file = approvals.folder / "approvals.json"
    records = json.loads(file.read_bytes())
    for record in records.values():
        record["writes"] = ["/A.radius", "/A.visibility"]
    file.write_text(json.dumps(records))
    assert not approvals.approved(SHA, ["/A.radius"])
    stranger = Approvals(tmp_path / "stranger")
    stranger.approve(SHA, ["/A.radius"])
    file.write_bytes((stranger.folder / "approvals.json").read_bytes())
    assert not approvals.approved(SHA, ["/A.radius"])


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"a": 1}', b'{"a": {"mac": 3}}', b"\xff"])
def test_a_damaged_file_approves_nothing_and_can_be_written_again(approvals: Approvals, content: bytes) -> None:
    approvals.approve(SHA, ["/A.radius"])
    (approvals.folder / "approvals.json").write_bytes(content)
    assert not approvals.approved(SHA, ["/A.radius"])
    approvals.approve(SHA, ["/A.radius"])
    assert approvals.approved(SHA, ["/A.radius"])


def test_code_that_came_with_a_stage_does_not_run_headless(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, approvals: Approvals
) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE)
    with pytest.raises(StageError, match="PS150"):
        Simulation(stage, engine, TrustPolicy(approvals)).start()


def test_code_that_was_bound_here_runs_until_its_text_or_its_write_set_changes(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, approvals: Approvals
) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    (key,) = bind_source(stage, "/World/A", MOVE, approvals=approvals)
    with Simulation(stage, engine, TrustPolicy(approvals)) as simulation:
        simulation.step()
    module = stage.GetPrimAtPath("/World/Portalis/behaviour")
    edited = MOVE.replace("2.0", "4.0")
    module.GetAttribute("portalis:source").Set(edited)
    module.GetAttribute("portalis:sourceSha256").Set(source_sha256(edited))
    with pytest.raises(StageError, match="PS150"):
        Simulation(stage, engine, TrustPolicy(approvals)).prepare()
    module.GetAttribute("portalis:source").Set(MOVE)
    module.GetAttribute("portalis:sourceSha256").Set(source_sha256(MOVE))
    scale = UsdGeom.Xformable(stage.GetPrimAtPath("/World/A")).AddScaleOp(UsdGeom.XformOp.PrecisionDouble).GetAttr()
    scale.Set((1, 1, 1))
    stage.GetPrimAtPath("/World/A").GetRelationship(f"{key.prefix}writes:position").SetTargets([scale.GetPath()])
    with pytest.raises(StageError, match="xformOp:scale"):
        Simulation(stage, engine, TrustPolicy(approvals)).prepare()


def test_a_pattern_trusts_by_path_hash_or_layer(stage: Usd.Stage, bind_source: BindSource, approvals: Approvals) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE)
    module = read_module(stage, "/World/Portalis/behaviour")
    for pattern in ("/World/*", module.sha256[:10] + "*", module.origin):
        assert TrustPolicy(approvals, (pattern,)).problem(module, ["x"]) is None
    for pattern in ("/Other/*", "zz*", ""):
        problem = TrustPolicy(approvals, (pattern,)).problem(module, ["x"])
        assert problem is not None and problem.code == "PS150"


def test_a_run_that_is_not_strict_leaves_untrusted_code_out(
    stage: Usd.Stage, bind_source: BindSource, engine: BehaviourEngine, approvals: Approvals
) -> None:
    for path, text in (("/World/A", MOVE), ("/World/B", MOVE + "\n# another\n")):
        UsdGeom.Xform.Define(stage, path)
        bind_source(stage, path, text, approvals=approvals if path == "/World/A" else None)
    with Simulation(stage, engine, TrustPolicy(approvals), strict=False) as simulation:
        simulation.step()
        assert [stage.GetAttributeAtPath(f"{path}.xformOp:translate").Get()[0] > 0 for path in ("/World/A", "/World/B")] == [True, False]
        assert [problem.code for problem in simulation.problems] == ["PS150"]


class Recording:
    """An engine that also remembers whose code it was asked to compile: compiling runs the code to verify it."""

    def __init__(self) -> None:
        self._engine = CPythonEngine()
        self.compiled: list[str] = []

    def interface(self, source: SourceFile, function: str) -> BehaviourInterface:
        return self._engine.interface(source, function)

    def compile(self, source: SourceFile, function: str) -> CPythonBehaviour:
        self.compiled.append(source.text)
        return self._engine.compile(source, function)


def test_nothing_of_code_that_nobody_approved_is_compiled(stage: Usd.Stage, approvals: Approvals) -> None:
    engine, trust = Recording(), TrustPolicy(approvals)
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_with(engine)(stage, "/World/A", MOVE)
    assert not check(stage, engine)
    prepared = prepare(stage, engine)
    warm(prepared, engine, trust)
    with pytest.raises(StageError, match="PS150"):
        Simulation(stage, engine, trust).prepare()
    Simulation(stage, engine, trust, strict=False).prepare()
    assert engine.compiled == []
    for request in requests(prepared, trust):
        request.approve(approvals)
    warm(prepared, engine, trust)
    with Simulation(stage, engine, trust, strict=False) as simulation:
        assert engine.compiled == [MOVE, MOVE]
        module, edited = stage.GetPrimAtPath("/World/Portalis/behaviour"), MOVE.replace("2.0", "4.0")
        module.GetAttribute("portalis:source").Set(edited)
        module.GetAttribute("portalis:sourceSha256").Set(source_sha256(edited))
        simulation.step()
        assert edited not in engine.compiled and "PS150" in {problem.code for problem in simulation.problems}


def test_a_source_that_is_not_the_recorded_one_does_not_run(stage: Usd.Stage, bind_source: BindSource, approvals: Approvals) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE, approvals=approvals)
    stage.GetAttributeAtPath("/World/Portalis/behaviour.portalis:source").Set(MOVE + "# and more\n")
    with pytest.raises(StageError, match=r"PS110.*differs from the recorded"):
        read_module(stage, "/World/Portalis/behaviour")


def test_code_of_a_stage_is_never_taken_for_typed_here() -> None:
    engine = TranslatorEngine(Options(cases=16, typed=True))
    assert not engine.compile(SourceFile("behaviour.py", MOVE), "").translation.options.typed
