"""A studio whose process is killed: the next one has what was typed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 240.0
    while not condition():
        assert process.poll() is None, "the studio ended by itself"
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_what_was_typed_outlives_a_kill(tmp_path: Path) -> None:
    places = {"XDG_CACHE_HOME": "cache", "XDG_DATA_HOME": "data", "PORTALIS_CONFIG": "settings"}
    environment = os.environ | {name: str(tmp_path / folder) for name, folder in places.items()}
    environment["PYTHONPATH"] = os.pathsep.join((str(ROOT), environment.get("PYTHONPATH", "")))
    found, copy = tmp_path / "found.py", tmp_path / "cache" / "portalis" / "unsaved.py"

    def start(*typed: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "tests.ui.widgets.typist", str(found), *typed], cwd=tmp_path, env=environment)

    def kill_when(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
        try:
            wait_for(condition, process)
        finally:
            process.kill()
        assert process.wait() == -signal.SIGKILL

    kill_when(lambda: copy.exists() and "once more" in copy.read_text(encoding="utf-8"), start("# typed ", "once more\n"))
    assert not found.read_text(encoding="utf-8").startswith("# typed")
    found.unlink()
    kill_when(found.exists, start())
    assert found.read_text(encoding="utf-8").startswith("# typed once more\n")
