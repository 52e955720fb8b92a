"""`portalis translate --check`: a code base of a few files, with everything that a survey tells apart."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from portalis.translator.cli.app import app
from portalis.translator.diagnostics import Diagnostic
from portalis.translator.source import Span
from portalis.translator.translating.survey import Surveyed, blockers, python_files, units_of

PLAIN = "def half(x: float) -> float:\n    return x / 2.0\n"
UNTYPED = "def double(x):\n    return x + x\n"
USE = "from pack.untyped import double\n\ndef test_double():\n    assert double('ab') == 'abab'\n    assert double([1]) == [1, 1]\n"
ASKS = "def ask(x: int) -> int:\n    return eval('x')\n"
BROKEN = "def half(x:\n"


@pytest.fixture
def code_base(tmp_path: Path) -> Path:
    folder = tmp_path / "base"
    for name, text in {
        "plain.py": PLAIN,
        "pack/untyped.py": UNTYPED,
        "tests/test_untyped.py": USE,
        "asks.py": ASKS,
        "broken.py": BROKEN,
        "build/copied.py": PLAIN,
        "notes.txt": "not Python",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def check(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["translate", "--check", *arguments, "--cases", "8"])


def found(document: Any, name: str) -> Any:
    return next(item for item in document["functions"] if item["name"] == name)


def test_every_function_is_counted_by_what_became_of_it(code_base: Path) -> None:
    result = check(str(code_base), "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 1
    assert document["files"] == 5
    assert found(document, "half")["status"] == "verified"
    assert found(document, "ask")["status"] == "refused"
    assert document["statuses"]["unreadable"] == 1
    assert "eval" in found(document, "ask")["diagnostics"][0]["message"]


def test_calls_anywhere_in_the_code_base_give_types(code_base: Path) -> None:
    units, _ = units_of(python_files(code_base))
    assert next(unit.examples for unit in units if unit.name == "double") == ("double('ab')", "double([1])")
    assert found(json.loads(check(str(code_base), "--json").stdout), "double")["status"] == "verified"
    (code_base / "tests/test_untyped.py").unlink()
    assert found(json.loads(check(str(code_base), "--json").stdout), "double")["status"] == "refused"


def test_a_person_reads_shares_reasons_and_places(code_base: Path) -> None:
    text = check(str(code_base)).stdout
    assert "5 files, 4 functions: 2 translated (50 %)" in text
    assert "broken.py: P0001" in text
    assert "asks.py:2" in text


def test_all_translated_is_status_0(code_base: Path) -> None:
    assert check(str(code_base / "plain.py")).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"), [(["nowhere"], "no folder or file"), ([".", "-f", "half"], "--check takes all of a folder")]
)
def test_what_cannot_be_surveyed_is_used_wrongly(arguments: list[str], said: str) -> None:
    result = check(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    result = check(str(tmp_path))
    assert result.exit_code == 2
    assert "holds no Python file" in result.stderr


def test_nothing_of_a_code_base_runs_that_was_not_read(code_base: Path) -> None:
    trace = code_base / "trace"
    (code_base / "acts.py").write_text(f"open({str(trace)!r}, 'w').close()\n" + PLAIN)
    command = [sys.executable, "-m", "portalis.translator.cli", "translate", "--check", str(code_base / "acts.py"), "--json"]
    document = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)
    assert [item["name"] for item in document["functions"]] == ["half"]
    assert not trace.exists()


def test_codes_are_ranked_by_what_their_end_unlocks() -> None:
    span = Span("x.py", 3, 1, 3, 2)

    def refused(*codes: str) -> Surveyed:
        return Surveyed("x.py", "f", 1, "refused", tuple(Diagnostic(code, f"{code} is said", span) for code in codes))

    ranked = blockers([refused("P1", "P2"), refused("P2"), refused("P2"), refused("P1", "P3"), Surveyed("x.py", "g", 1, "verified")])
    assert [(item.code, item.refuses, item.alone, item.unlocked) for item in ranked] == [("P2", 3, 2, 2), ("P1", 2, 0, 3), ("P3", 1, 0, 4)]
    assert ranked[0].messages == (("P2 is said", 3, "x.py:3"),)
