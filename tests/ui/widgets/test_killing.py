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
    cache = tmp_path / "cache" / "portalis"

    def start(found: Path, *typed: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "tests.ui.widgets.typist", str(found), *typed], cwd=tmp_path, env=environment)

    def has(copy: Path, text: str) -> bool:
        return copy.exists() and text in copy.read_text(encoding="utf-8")

    def kill_when(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
        try:
            wait_for(condition, process)
        finally:
            process.kill()
        assert process.wait() == -signal.SIGKILL

    one, other, third = (tmp_path / name for name in ("one.py", "other.py", "third.py"))
    first = start(one, "# typed ", "once more\n")
    try:
        wait_for(lambda: has(cache / "unsaved.py", "once more"), first)
        # A second one beside it neither takes up nor writes over what the first one has.
        kill_when(lambda: has(cache / "unsaved-2.py", "beside"), start(other, "# beside\n"))
    finally:
        first.kill()
    first.wait()
    assert not one.read_text(encoding="utf-8").startswith("# typed") and "# typed" not in other.read_text(encoding="utf-8")
    kill_when(third.exists, start(third))
    assert third.read_text(encoding="utf-8").startswith("# typed once more\n")
