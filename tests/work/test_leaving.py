"""Whoever of a host, its judge, its nurseries and its oracles is killed, at whatever moment: nobody is left, and the host goes on."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

if sys.platform != "linux":
    pytest.skip("processes are gathered as Linux can", allow_module_level=True)

from .processes import EXTENSION, ROOT

MOMENTS = [
    ("starting", "host"),
    ("building", "host"),
    ("building", "judge"),
    ("computing", "host"),
    ("computing", "judge"),
    ("computing", "nursery"),
    ("computing", "oracle"),
]


@pytest.mark.parametrize(("moment", "victim"), MOMENTS)
def test_nobody_is_left(moment: str, victim: str) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (ROOT, EXTENSION)))}
    done = subprocess.run(
        [sys.executable, "-m", "tests.work.reaper", moment, victim], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines() == ([] if victim == "host" else ["verified"]) + ["all ended"], done.stderr
