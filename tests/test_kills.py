"""Kills -9 of commands that write: while each writes, and at a random moment; `python -m tests.kill_campaign --kills 200` does more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kill_campaign import CASES

REPOSITORY = Path(__file__).parents[1]


@pytest.mark.skipif(os.name != "posix", reason="kill -9 and fork are POSIX's")
def test_two_kills_of_each_command_leave_the_old_file_or_all_of_the_new_one() -> None:
    command = [sys.executable, "-m", "tests.kill_campaign", "--kills", str(2 * len(CASES))]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("every time\n") and "killed" in done.stdout
