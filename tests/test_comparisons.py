"""The scripts that hold a checkout to another one: they find nothing between equal trees, and what was planted."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.compare_test_ids import Rule, orphans

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A checkout of the same sources, with the bytecode of all that is not planted: of them a comparison reads the packages alone."""
    shutil.copytree(REPOSITORY / "exts", tmp_path / "exts")
    return tmp_path


def compare(script: str, other: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(REPOSITORY / "scripts" / script), str(other), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


def plant(tree: Path, room: str, old: str, new: str) -> None:
    """Replace a passage that one module of a room has once."""
    (module,) = (path for path in (tree / "exts/portalis.translator/portalis/translator" / room).rglob("*.py") if old in path.read_text())
    text = module.read_text()
    assert text.count(old) == 1
    module.write_text(text.replace(old, new))


def test_equal_trees_lower_alike(other: Path) -> None:
    done = compare("compare_lowering.py", other, "--group", "catalogue")
    assert done.returncode == 0 and " 0 differ" in done.stdout, done.stdout + done.stderr


def test_a_planted_difference_of_lowering_is_shown_and_can_be_reviewed(other: Path, tmp_path: Path) -> None:
    plant(other, "frontend", "cannot access local variable", "can not access local variable")
    done = compare("compare_lowering.py", other, "--group", "cases")
    assert done.returncode == 1 and "=== cases: maybe_unassigned" in done.stdout and "can not access" in done.stdout
    reviewed = tmp_path / "reviewed"
    reviewed.write_text("".join(f"{line.removeprefix('=== ')}  # why\n" for line in done.stdout.splitlines() if line.startswith("=== ")))
    assert compare("compare_lowering.py", other, "--group", "cases", "--reviewed", str(reviewed)).returncode == 0


def test_modules_of_equal_trees_do_alike(other: Path) -> None:
    done = compare("compare_outcomes.py", other, "--group", "operators", "--cases", "20")
    assert done.returncode == 0 and "240 calls on each side" in done.stdout and " 0 differ" in done.stdout, done.stdout + done.stderr


def test_a_planted_difference_of_a_module_is_shown(other: Path) -> None:
    head = "def int_floordiv(left: int, right: int) -> int:\n"
    plant(other, "library", head, f"{head}    if left == 3037000500:\n        return 1\n")
    done = compare("compare_outcomes.py", other, "--group", "operators", "--cases", "200")
    assert done.returncode == 1 and "=== operators: a // b" in done.stdout and "=== operators: a % b" not in done.stdout


def test_a_test_that_is_gone_needs_a_successor_that_exists() -> None:
    old = ["a.py::one", "a.py::two[x-1]", "a.py::three[y]", "b.py::four"]
    new = ["a.py::one", "c.py::two[x-1]", "c.py::all[z]"]
    assert orphans(old, new, []) == [f"{name}: gone, without a successor" for name in old[1:]]
    rules = [Rule("a.py::two*", "c.py::two*"), Rule("a.py::three[*", "c.py::all"), Rule("b.py::four", "c.py::five")]
    assert orphans(old, new, rules) == ["b.py::four: its successor c.py::five does not exist"]
    assert not orphans(old[:3], new, rules)
