"""Trust: approvals live in the user's settings, and nothing in a stage can approve itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pxr import Usd, UsdGeom

from portalis.translator.stage.executor import Engine
from portalis.translator.stage.loop import Simulation
from portalis.translator.stage.modules import read_module, source_sha256
from portalis.translator.stage.problems import StageError
from portalis.translator.stage.trust import Approvals, TrustPolicy
from tests.stage.conftest import MOVE, BindSource

SHA = "ab" * 32


def test_an_approval_covers_its_write_set_and_nothing_more(approvals: Approvals) -> None:
    approvals.approve(SHA, ["xformOp:translate", "radius"])
    assert approvals.approved(SHA, ["radius"])
    assert approvals.approved(SHA, ["radius", "xformOp:translate"])
    assert not approvals.approved(SHA, ["radius", "visibility"])
    assert not approvals.approved("cd" * 32, ["radius"])


def test_an_approval_outlives_the_process(approvals: Approvals) -> None:
    approvals.approve(SHA, ["radius"])
    assert Approvals(approvals.folder).approved(SHA, ["radius"])


def test_a_record_that_this_user_did_not_write_approves_nothing(approvals: Approvals, tmp_path: Path) -> None:
    approvals.approve(SHA, ["radius"])
    file = approvals.folder / "approvals.json"
    records = json.loads(file.read_bytes())
    for record in records.values():
        record["writes"] = ["radius", "visibility"]
    file.write_text(json.dumps(records))
    assert not approvals.approved(SHA, ["radius"])
    stranger = Approvals(tmp_path / "stranger")
    stranger.approve(SHA, ["radius"])
    file.write_bytes((stranger.folder / "approvals.json").read_bytes())
    assert not approvals.approved(SHA, ["radius"])


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"a": 1}', b'{"a": {"mac": 3}}', b"\xff"])
def test_a_damaged_file_approves_nothing_and_can_be_written_again(approvals: Approvals, content: bytes) -> None:
    approvals.approve(SHA, ["radius"])
    (approvals.folder / "approvals.json").write_bytes(content)
    assert not approvals.approved(SHA, ["radius"])
    approvals.approve(SHA, ["radius"])
    assert approvals.approved(SHA, ["radius"])


def test_code_that_came_with_a_stage_does_not_run_headless(
    stage: Usd.Stage, bind_source: BindSource, engine: Engine, approvals: Approvals
) -> None:
    UsdGeom.Xform.Define(stage, "/World/A")
    bind_source(stage, "/World/A", MOVE)
    with pytest.raises(StageError, match="PS150"):
        Simulation(stage, engine, TrustPolicy(approvals)).start()


def test_code_that_was_bound_here_runs_until_its_text_or_its_write_set_changes(
    stage: Usd.Stage, bind_source: BindSource, engine: Engine, approvals: Approvals
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
    stage: Usd.Stage, bind_source: BindSource, engine: Engine, approvals: Approvals
) -> None:
    for path, text in (("/World/A", MOVE), ("/World/B", MOVE + "\n# another\n")):
        UsdGeom.Xform.Define(stage, path)
        bind_source(stage, path, text, approvals=approvals if path == "/World/A" else None)
    with Simulation(stage, engine, TrustPolicy(approvals), strict=False) as simulation:
        simulation.step()
        assert [stage.GetAttributeAtPath(f"{path}.xformOp:translate").Get()[0] > 0 for path in ("/World/A", "/World/B")] == [True, False]
        assert [problem.code for problem in simulation.problems] == ["PS150"]
