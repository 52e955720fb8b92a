"""What confined processes import is compiled once: they cannot write bytecode themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

WRITE = "import sys; sys.path.insert(0, {folder!r}); from portalis.translator.work.bytecode import write_bytecode; write_bytecode('house')"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A package with a room, without bytecode."""
    (tmp_path / "house" / "room").mkdir(parents=True)
    for path in ("house/__init__.py", "house/door.py", "house/room/__init__.py", "house/room/table.py"):
        (tmp_path / path).write_text("X = 1\n")
    return tmp_path / "house"


def written(house: Path, *flags: str) -> dict[str, float]:
    """Write the package's bytecode in a process of its own; each module with the time of its bytecode."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    subprocess.run([sys.executable, *flags, "-c", WRITE.format(folder=str(house.parent))], env=environment, check=True, timeout=60)
    return {path.name.partition(".")[0]: path.stat().st_mtime_ns for path in house.rglob("*.pyc")}


def test_bytecode_is_written_where_there_is_none_or_an_old_one(house: Path) -> None:
    first = written(house)
    assert set(first) == {"__init__", "door", "table"}
    assert written(house) == first
    later = (house / "door.py").stat().st_mtime + 100
    os.utime(house / "door.py", (later, later))
    assert {name for name, time in written(house).items() if time != first[name]} == {"door"}


def test_none_is_written_where_it_is_not_wanted_or_cannot_be(house: Path) -> None:
    assert written(house, "-B") == {}
    (house / "__pycache__").write_text("in the way")
    (house / "door.py").write_text("no Python at all (")
    assert set(written(house)) <= {"__init__", "table"}


def test_writing_it_imports_nothing(house: Path) -> None:
    (house / "__init__.py").write_text("raise SystemExit(9)\n")
    assert "door" in written(house)
