"""The real omni.ui, where this Python has it; `tests/ui/test_widgets.py` runs this folder in a Python that does."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portalis.translator.ui.display import DisplayError
from tests.ui.widgets.display import prepare_tests

LONGEST = "longest that the window kept its thread between two frames"

try:
    prepare_tests()
except DisplayError:
    collect_ignore_glob = ["*.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what the tests saw of how long the window keeps its thread."""
    screen = sys.modules.get("tests.ui.widgets.screen")
    if screen is not None:
        terminalreporter.write_line(f"{LONGEST}: {screen.Screen.longest * 1000.0:.0f} ms of its processor time")


@pytest.fixture(autouse=True, scope="session")
def own_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """omni.ui writes its layout to the working folder when it ends: it ends here, in a folder of its own."""
    os.chdir(tmp_path_factory.mktemp("layout"))
    yield
    standalone = importlib.import_module("omni.ui.standalone")
    standalone.shutdown()


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Approvals made by a test are not the user's, and files go to the test's own folder."""
    monkeypatch.setenv("PORTALIS_CONFIG", str(tmp_path / "settings"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def studio() -> Iterator[object]:
    """The studio with its own stage, and a user in front of it."""
    from tests.ui.widgets.user import StudioUser

    user = StudioUser()
    yield user
    user.close()
