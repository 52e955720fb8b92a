"""Modules damaged at random never take the process with them, whichever way they trap."""

from __future__ import annotations

import ast
import os
import subprocess
import sys

import pytest

from tests.bridge.modules import ROOT

COUNT = 2_500


@pytest.mark.parametrize(("seed", "signals"), [(1, "0"), (2, "1")])
def test_damaged_module_is_refused_or_runs_within_its_budget(seed: int, signals: str) -> None:
    environment = {**os.environ, "PORTALIS_SIGNALS_BASED_TRAPS": signals}
    command = [sys.executable, "-m", "tests.bridge.mutate", str(seed), str(COUNT)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False)
    *numbers, last = done.stdout.splitlines()
    assert done.returncode == 0, f"died after mutation {last} of seed {seed}: exit status {done.returncode}\n{done.stderr[-2000:]}"
    fates = ast.literal_eval(last)
    assert len(numbers) == COUNT and sum(fates.values()) == COUNT
    # All of this has to occur, or the mutations do not reach what they are to reach.
    assert {"InvalidModule", "ended", "memory", "trap", "fuel", "GuestMisbehaved"} <= set(fates), fates
