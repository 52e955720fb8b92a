"""The fuzzers over stages and modules, for a moment; `python benchmarks/fuzz_stages.py --minutes N` goes on for as long as one likes.

PORTALIS_FUZZ_SEED chooses other cases than the usual ones; a failure prints the case, made smaller, and how to run it again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "fuzz_stages.py"
SEED = os.environ.get("PORTALIS_FUZZ_SEED", "5000")


def _fuzz(*arguments: object) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, str(PROGRAM), "--json", "--seed", SEED, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert done.stdout, done.stderr
    (campaign,) = json.loads(done.stdout)
    return done.returncode, campaign


@pytest.mark.parametrize(
    ("what", "cases", "seen"),
    [
        ("stages", 40, {"started", "bound", "frames", "stopped", "faults", "check 0", "check 1"}),
        ("modules", 120, {"InvalidModule", "ended", "GuestMisbehaved", "fuel", "trap", "memory", "lane ended", "lane exception"}),
    ],
)
def test_nothing_that_anybody_makes_hurts(what: str, cases: int, seen: set[str]) -> None:
    status, campaign = _fuzz("--what", what, "--cases", cases)
    findings = [
        f"--case {item['seed']} --steps {','.join(map(str, item['kept']))}\n{item['script']}\n{item['failure']}"
        for item in campaign["findings"]
    ]
    assert (status, findings) == (0, []), "\n\n".join(findings)
    # All of this has to occur, or the cases do not reach what they are to reach.
    assert campaign["cases"] == cases and seen <= {name for name, count in campaign["fates"].items() if count}, campaign["fates"]
