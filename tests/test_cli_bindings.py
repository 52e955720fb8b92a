"""The commands on bindings that are there, and what every command says of wrong usage, as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pxr import Sdf, Usd, UsdUtils

from tests.test_cli import BALLS, bound, own_settings, portalis, scene

__all__ = ["own_settings", "scene"]

GROW = "from pxr import Gf\n\ndef grow(scale: Gf.Vec3f):\n    scale = scale * 2.0\n    return scale\n"
VELOCITY = ("--input", "velocity=(0.0, 0.0, 0.0)")


def test_bound_listed_switched_and_unbound(scene: Path, tmp_path: Path) -> None:
    original = scene.read_text()
    (tmp_path / "grow.py").write_text(GROW)
    result = portalis("bind", scene, "/World/Ball*", tmp_path / "grow.py")
    assert result.exit_code == 0 and "appended xformOp:scale, at first the identity, to 3 prims" in result.stdout, result.output
    text = portalis("list", scene).stdout
    assert f"{', '.join(BALLS)}  grow: grow of /World/Portalis/grow" in text and f"authored in {scene}" in text and "3 bindings" in text
    (first, *_) = json.loads(portalis("list", scene, "--json").stdout)["bindings"]
    assert first["path"] == BALLS[0] and first["ports"] == {"scale": "reads and writes xformOp:scale"} and first["enabled"]

    assert portalis("disable", scene, "/World/Ball[01]").exit_code == 0
    assert "disabled before: /World/Ball0 (grow)" in portalis("disable", scene, BALLS[0]).stdout
    assert "does not run: disabled" in portalis("list", scene).stdout
    answer = json.loads(portalis("enable", scene, "/World/*", "--json").stdout)
    assert answer["bindings"] == ["/World/Ball0 (grow)", "/World/Ball1 (grow)"] and answer["unchanged"] == ["/World/Ball2 (grow)"]

    result = portalis("unbind", scene, BALLS[0])
    assert "unbound /World/Ball0 (grow)" in result.stdout and "left /World/Portalis/grow: other bindings use it" in result.stdout
    answer = json.loads(portalis("unbind", scene, "/World/*", "--name", "grow", "--json").stdout)
    assert answer["ok"] and "/World/Portalis/grow" in answer["removed"] and not answer["left"]
    assert scene.read_text() == original


def test_rebind_replaces_and_says_so(scene: Path, tmp_path: Path) -> None:
    path = tmp_path / "grow.py"
    path.write_text(GROW)
    refused = portalis("bind", scene, BALLS[0], path, "--rebind")
    assert refused.exit_code == 1 and "PS106" in refused.stderr and "bind without --rebind" in refused.stderr
    assert portalis("bind", scene, BALLS[0], path).exit_code == 0
    path.write_text(GROW.replace("2.0", "3.0"))
    result = portalis("bind", scene, BALLS[0], path, "--rebind")
    assert result.exit_code == 0 and "which replaces 1 binding of that name" in result.stdout, result.output
    assert scene.read_text().count("def PortalisModule") == 1 and "scale * 3.0" in scene.read_text()


def test_what_is_bound_elsewhere_is_switched_in_a_layer_over_it(scene: Path, tmp_path: Path) -> None:
    bound(scene)
    over, before = tmp_path / "over.usda", scene.read_text()
    assert portalis("disable", scene, BALLS[0], "-o", over).exit_code == 0
    assert scene.read_text() == before
    rows = json.loads(portalis("list", over, "--json").stdout)["bindings"]
    assert [row["enabled"] for row in rows] == [False, True, True]
    assert str(scene) in portalis("unbind", scene, BALLS[1], "-o", over).stdout
    assert [row["path"] for row in json.loads(portalis("list", over, "--json").stdout)["bindings"]] == [BALLS[0], BALLS[2]]


@pytest.mark.parametrize("command", ["unbind", "enable", "disable"])
def test_nothing_is_bound_there(command: str, scene: Path) -> None:
    before = scene.read_bytes()
    result = portalis(command, scene, "/World/Nobody")
    assert result.exit_code == 1 and "PS106" in result.stderr and scene.read_bytes() == before
    answer = json.loads(portalis(command, scene, "/World/Nobody", "--json").stdout)
    assert not answer["ok"] and answer["problems"][0]["code"] == "PS106"


def test_a_package_is_bound_over(scene: Path, tmp_path: Path) -> None:
    package = tmp_path / "scene.usdz"
    assert UsdUtils.CreateNewUsdzPackage(str(scene), str(package))
    before = package.read_bytes()
    result = portalis("bind", package, BALLS[0], tmp_path / "fall.py", *VELOCITY)
    assert result.exit_code == 1 and "-o OVER.usda" in result.stderr and "permissions" not in result.stderr
    assert portalis("bind", package, BALLS[0], tmp_path / "fall.py", *VELOCITY, "-o", tmp_path / "over.usda").exit_code == 0
    assert package.read_bytes() == before and Usd.Stage.Open(str(tmp_path / "over.usda")).GetPrimAtPath(BALLS[0])


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("World/Ball0", "prim paths begin with /; did you mean /World/Ball0?"),
        ("World/Ball*", "prim paths begin with /; did you mean /World/Ball*?"),
        ("Ball1", "prim paths begin with /; did you mean /World/Ball1?"),
        ("/World/ball0", "did you mean /World/Ball0"),
        ("/World/Boll*", "did you mean /World/Ball0"),
        ("/World/Ball 0", "did you mean /World/Ball0"),
    ],
)
def test_a_prim_that_is_not_there_has_neighbours(pattern: str, said: str, scene: Path, tmp_path: Path) -> None:
    result = portalis("bind", scene, pattern, tmp_path / "fall.py")
    assert result.exit_code == 1 and "PS101" in result.stderr and said in result.stderr, result.stderr
    assert "OpenUSD" not in result.stderr


@pytest.mark.parametrize(
    "arguments", [("nonsense",), ("bind",), ("bind", "s.usda", "only.py"), ("run", "s.usda", "--frames", "0"), ("check", "s.usda", "--no")]
)
def test_wrong_usage_is_one_json_document_where_json_is_asked_for(arguments: tuple[str, ...]) -> None:
    result = portalis(*arguments, "--json")
    answer = json.loads(result.stdout)
    assert result.exit_code == 2 and answer["ok"] is False and answer["error"] and "--help" in answer["details"][0]
    plain = portalis(*arguments)
    assert plain.exit_code == 2 and not plain.stdout and "Usage" in plain.stderr


def test_the_file_in_the_wrong_place_is_told(scene: Path, tmp_path: Path) -> None:
    path = tmp_path / "grow.py"
    path.write_text(GROW)
    for places in ((path, BALLS[0]), (f"{path}:grow", BALLS[0], BALLS[1])):
        result = portalis("bind", scene, *places)
        assert result.exit_code == 2 and "the Python file comes last" in " ".join(result.stderr.split()), result.output
    assert "Portalis" not in scene.read_text()


def test_bind_says_where_prims_differ(scene: Path, tmp_path: Path) -> None:
    (tmp_path / "see.py").write_text("def see(speed: float = 2.0):\n    seen = speed\n    return seen\n")
    stage = Usd.Stage.Open(str(scene))
    for path in BALLS:
        stage.GetPrimAtPath(path).CreateAttribute("seen", Sdf.ValueTypeNames.Double)
    stage.GetPrimAtPath(BALLS[1]).CreateAttribute("speed", Sdf.ValueTypeNames.Double).Set(3.0)
    stage.Save()
    result = portalis("bind", scene, "/World/Ball*", tmp_path / "see.py", "--json")
    ports = json.loads(result.stdout)["ports"]
    assert ports["seen"] == "writes seen"
    first = f"its default on {BALLS[0]} and 1 more"
    assert ports["speed"] == f"{first}; reads speed (now 3.0, in place of the default 2.0) on {BALLS[1]}"
