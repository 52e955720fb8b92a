"""`make test-kit`: what it says where there is no Kit, and what it asks one for where there is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell script")


def run(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if key not in ("KIT", "MAKEFLAGS", "MAKELEVEL")}
    return subprocess.run(
        ["make", "--no-print-directory", "-C", str(ROOT), "test-kit"],
        capture_output=True,
        text=True,
        timeout=60,
        env=clean | environment,
    )


@pytest.mark.parametrize("kit", [None, "/there/is/none", "/tmp"])
def test_without_a_kit_it_says_what_to_do(tmp_path: Path, kit: str | None) -> None:
    done = run(tmp_path, **({"KIT": kit} if kit else {}))
    assert done.returncode != 0
    assert f"there is no Kit here{f' ({kit})' if kit else ''}: name its executable" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_kit_is_asked_to_test_the_extension_and_its_answer_is_the_answer(tmp_path: Path) -> None:
    folder = tmp_path / "kit"
    (folder / "exts").mkdir(parents=True)
    kit = folder / "kit"
    kit.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\nexit 3\n', encoding="utf-8")
    kit.chmod(0o755)
    done = run(tmp_path, KIT=str(folder), PORTALIS_EXTS=str(ROOT / "exts"))
    assert done.returncode != 0, "Kit said 3"
    assert {
        "--/exts/omni.kit.test/testExts/0=portalis.translator",
        "--/exts/omni.kit.test/runTestsAndQuit=true",
        str(ROOT / "exts"),
        f"{folder}/exts",
        "--no-window",
    } <= set(done.stdout.splitlines())
