"""Twenty kills -9 of commands that write, at random moments; `python -m tests.kill_campaign --kills 200` does more of the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]


@pytest.mark.skipif(os.name != "posix", reason="kill -9 and fork are POSIX's")
def test_twenty_kills_leave_the_old_file_or_all_of_the_new_one() -> None:
    command = [sys.executable, "-m", "tests.kill_campaign", "--kills", "20"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("every time\n") and "killed" in done.stdout
