"""What commands say where something is odd: a sentence with what to do, never a traceback, a cut word or a call that is none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from portalis.translator.cli.output import out
from tests.test_cli import BALLS, bound, own_settings, portalis, scene

__all__ = ["own_settings", "scene"]


def _process(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "portalis.translator.cli", *map(str, arguments)]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, timeout=120)


def test_a_locale_without_the_characters_gets_their_numbers() -> None:
    done = _process("explain", "P0103", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING="")
    assert done.returncode == 0 and "Traceback" not in done.stderr and "\\u2026" in done.stdout


@pytest.mark.parametrize("encoding", ["rot13", "base64", "hex"])
def test_a_codec_that_makes_no_text_is_no_encoding(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "f.py"
    path.write_text(f"# coding: {encoding}\ndef f(x: float): return x\n")
    result = portalis("translate", path)
    assert result.exit_code == 1 and ":1:1: P0003" in result.stderr and "is no encoding of text" in result.stderr


def test_what_a_script_has_of_its_host_is_answered_with_how_a_behaviour_is_given_it(tmp_path: Path) -> None:
    path = tmp_path / "f.py"
    path.write_text("class A:\n    x: float = 0.0\n\n    def on_update(self, delta_time: float):\n        self.x = self.prim.size\n")
    result = portalis("translate", path)
    assert "P0505" in result.stderr and "reaches no stage" in result.stderr and "prim: float" not in result.stderr


def test_the_call_that_an_open_length_is_answered_with_is_one(tmp_path: Path) -> None:
    path = tmp_path / "f.py"
    path.write_text("def mean(xs: list[float], scale: float, *, offset: int = 0) -> float:\n    return xs[0] * scale\n")
    (line,) = [line for line in portalis("translate", path, "--emit", "ptx").stderr.splitlines() if "--example" in line]
    example = line.partition('--example "')[2].partition('"')[0]
    assert example == "mean([0.5, 0.5, 0.5], 0.5)" and portalis("translate", path, "--example", example).exit_code == 0


def test_an_output_that_is_a_sublayer_of_the_stage_is_a_sentence(bare: Path, tmp_path: Path) -> None:
    before = bare.read_bytes()
    for command in (
        ("bind", tmp_path / "over.usda", BALLS[0], tmp_path / "fall.py"),
        ("run", tmp_path / "over.usda", "--frames", 1, "--overwrite"),
    ):
        result = portalis(*command, "-o", bare)
        assert result.exit_code == 1 and "PS171" in result.stderr and "Traceback" not in result.output, result.output
    assert bare.read_bytes() == before


@pytest.fixture
def bare(scene: Path, tmp_path: Path) -> Path:
    """A stage that is a sublayer of over.usda, to which something is bound."""
    assert (
        portalis(
            "bind", scene, BALLS[0], tmp_path / "fall.py", "--input", "velocity=(0.0, 0.0, 0.0)", "-o", tmp_path / "over.usda"
        ).exit_code
        == 0
    )
    return scene


@pytest.mark.parametrize(
    "content", ["[" * 100_000, '{"a": {"sha256": [1], "writes": {"x": 1}, "mac": 3}, "b": [[]]}', "\x00", "[]", "folder"]
)
def test_damaged_approvals_approve_nothing(content: str, scene: Path, tmp_path: Path) -> None:
    bound(scene)
    file = tmp_path / "settings" / "approvals.json"
    assert portalis("run", scene, "--frames", 1).exit_code == 0
    file.unlink()
    if content == "folder":
        file.mkdir()
    else:
        file.write_text(content)
    result = portalis("run", scene, "--frames", 1)
    assert result.exit_code == 1 and "PS150" in result.output and "Traceback" not in result.output


@pytest.mark.parametrize("damage", ["short", "open to others"])
def test_a_damaged_key_is_named(damage: str, scene: Path, tmp_path: Path) -> None:
    bound(scene)
    key = tmp_path / "settings" / "host.key"
    if damage == "short":
        key.write_bytes(b"junk")
    else:
        key.chmod(0o644)
    for command in (("run", scene, "--frames", 1), ("bind", scene, BALLS[0], tmp_path / "fall.py", "--rebind")):
        result = portalis(*command)
        assert result.exit_code == 1 and "PS151" in result.output and "host.key" in result.output and "Traceback" not in result.output


def test_a_table_is_never_cut_to_letters(scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bound(scene)
    monkeypatch.setattr(out, "width", 30)
    text = portalis("run", scene, "--frames", 1).stdout
    assert "behaviour: update" in text and "status: ok" in text and "…" not in text
    monkeypatch.setattr(out, "width", 120)
    assert "┃ behaviour ┃" in portalis("run", scene, "--frames", 1).stdout


def test_code_that_is_weakly_verified_is_bound_with_that_word(scene: Path, tmp_path: Path) -> None:
    rare = "".join(f"        if speed > {number}.0:\n            radius = {number}.0\n" for number in range(9))
    text = f"def rare(speed: float):\n    radius = 1.0\n    if speed * 3.0 == 0.1234567:\n{rare}    return radius\n"
    (tmp_path / "rare.py").write_text(text)
    result = portalis("bind", scene, BALLS[0], tmp_path / "rare.py", "--input", "speed=0.75")
    assert result.exit_code == 0 and "weakly verified: only" in result.stderr, result.output
    answer = json.loads(portalis("bind", scene, BALLS[0], tmp_path / "rare.py", "--rebind", "--json").stdout)
    assert answer["verified"] == "weakly verified" and answer["why"]
    for command in (("check", scene), ("run", scene, "--frames", 1)):
        result = portalis(*command)
        assert result.exit_code == 0 and "PS113" in result.stderr and "weakly verified: only" in result.stderr, result.output
    # What is claimed of another text than the one that is there is nobody's claim.
    edited = tmp_path / "edited.usda"
    text = scene.read_text()
    edited.write_text(text.replace("radius = 1.0", "radius = 2.0").replace("portalis:sourceSha256 = ", "portalis:moduleSha256 = "))
    result = portalis("check", edited)
    assert result.exit_code == 0 and "PS113" not in result.stderr and edited.read_text() != text


def test_a_file_of_value_clips_that_cannot_be_opened_is_a_sentence(tmp_path: Path) -> None:
    scene, over = tmp_path / "scene.usda", tmp_path / "over.usda"
    scene.write_text("""#usda 1.0
(
    startTimeCode = 0
    endTimeCode = 3
)
def "A" (
    clips = {
        dictionary default = {
            asset[] assetPaths = [@./clip.usda@, @./torn.usdc@]
            asset manifestAssetPath = @./clip.usda@
            string primPath = "/A"
            double2[] active = [(0, 0), (2, 1)]
            double2[] times = [(0, 0), (9, 9)]
        }
    }
)
{
    double speed
    double out = 0
}
""")
    (tmp_path / "clip.usda").write_text('#usda 1.0\ndef "A"\n{\n    double speed.timeSamples = { 0: 1, 1: 2 }\n}\n')
    (tmp_path / "torn.usdc").write_bytes(b"PXR-USDC\0\0\1" + bytes(100))
    (tmp_path / "take.py").write_text("def take(speed: float):\n    out = speed * 2.0\n    return out\n")
    assert portalis("bind", scene, "/A", tmp_path / "take.py", "-o", over).exit_code == 0
    result = portalis("run", over, "--frames", "4", "-o", tmp_path / "out.usda", "--json")
    assert result.exit_code == 1 and "Traceback" not in result.stderr and not (tmp_path / "out.usda").exists(), result.stderr
    (problem,) = json.loads(result.stdout)["problems"]
    assert problem["code"] == "PS170" and "torn.usdc" in problem["message"]
    assert portalis("run", over, "--frames", "2").exit_code == 0


def test_a_file_whose_name_is_no_text_is_a_sentence(scene: Path, tmp_path: Path) -> None:
    bound(scene)
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/odd\xff.usda"))
    odd.write_bytes(scene.read_bytes())
    for command in (("check", odd), ("list", odd), ("run", odd, "--frames", 1), ("run", scene, "--frames", 1, "-o", odd, "--overwrite")):
        result = portalis(*command)
        assert result.exit_code == 1 and "is not text in UTF-8" in result.stderr and "Traceback" not in result.output, result.output
    assert odd.read_bytes() == scene.read_bytes()


def test_the_studio_answers_in_json_where_it_cannot_open(tmp_path: Path) -> None:
    result = portalis("studio", tmp_path / "missing.usda", "--json")
    assert result.exit_code == 1 and json.loads(result.stdout)["ok"] is False


def test_a_function_that_the_file_does_not_define_has_neighbours(scene: Path, tmp_path: Path) -> None:
    (tmp_path / "drift.py").write_text("def update(radius: float):\n    radius = radius + 1.0\n    return radius\n")
    result = portalis("bind", scene, BALLS[0], f"{tmp_path / 'drift.py'}:updte")
    assert result.exit_code == 1 and "did you mean `update`? it defines: update" in " ".join(result.output.split()), result.output
    result = portalis("bind", scene, BALLS[0], f"{tmp_path / 'drift.py'}:zebra")
    assert result.exit_code == 1 and "did you mean" not in result.output and "it defines: update" in result.output
