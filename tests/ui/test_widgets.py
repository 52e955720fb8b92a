"""The window on the real omni.ui: run in `.venv-ui`, which `scripts/setup.sh ui` makes where there is a Python 3.12 and Vulkan."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-ui" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
_PROBE = "from portalis.translator.ui.display import prepare_display; prepare_display(headless=True); import omni.ui"


@pytest.fixture(scope="module")
def python() -> str:
    """A Python in which omni.ui draws."""
    if not PYTHON.exists():
        pytest.skip("there is no .venv-ui: `scripts/setup.sh ui` makes it where there is a Python 3.12 or newer")
    done = subprocess.run([str(PYTHON), "-c", _PROBE], capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        pytest.skip(f"omni.ui cannot draw here: {done.stderr.strip().splitlines()[-1]}")
    return str(PYTHON)


# Twice as many pixels a point: what is tested of it is where things are, which is what changes, and that who looks finds it.
_RUNS = [
    ("tests/ui/widgets", "1"),
    ("tests/kit/session", "1"),
    ("tests/ui/widgets/test_layout.py::test_every_widget_lies_in_the_window", "2"),
    ("tests/ui/widgets/test_states.py::test_looking_changes_nothing_that_is_drawn", "2"),
    ("tests/ui/widgets/test_states.py::test_a_fault_that_is_planted_is_found", "2"),
]


@pytest.mark.parametrize(("tests", "scale"), _RUNS)
def test_on_the_real_widgets(python: str, tests: str, scale: str) -> None:
    # Kit puts every extension's folder on the path; an editable installation knows that of the translator alone, and of one checkout.
    folders = os.pathsep.join(str(ROOT / "exts" / name) for name in ("portalis.translator", "portalis.schema"))
    environment = os.environ | {"PYTHONPATH": folders, "PORTALIS_UI_SCALE": scale}
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", tests]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=2400, env=environment)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
