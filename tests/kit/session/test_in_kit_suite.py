"""The suite that is made for a real Kit, held to the stand-ins: it would run there, and asks for nothing that Kit has not."""

from __future__ import annotations

import importlib
import io
import os
import subprocess
import sys
import unittest
from pathlib import Path

import omni.ui as ui
from omni.ui import testing

from portalis.translator.stage.registry import register_schemas
from tests.kit.session.conftest import MakeKit
from tests.kit.session.user import running

ROOT = Path(__file__).parents[3]
_NAME = "test_the_suite_for_a_real_kit_passes_on_the_stand_ins"


def test_the_suite_for_a_real_kit_passes_on_the_stand_ins(make_kit: MakeKit) -> None:
    if ui.Workspace.get_window("Portalis") is not None:
        # omni.ui keeps the windows of tests before, by the same title; Kit has one.
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"{__file__}::{_NAME}"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, env=environment)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
        return
    # What portalis.schema does in Kit, before any stage is opened.
    register_schemas()
    kit = make_kit()
    kit.draw = testing.next_frame
    with running(kit) as user:

        def find(window: str, identifier: str) -> object:
            user.window = ui.Workspace.get_window(window)
            return user.find(identifier)

        kit.find_widget = find
        suite = unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module("portalis.translator.ui.kit.tests"))
        assert suite.countTestCases() == 3
        said = io.StringIO()
        result = unittest.TextTestRunner(said).run(suite)
        assert result.wasSuccessful() and not result.skipped, said.getvalue()


def test_a_kit_without_tests_loads_the_module_all_the_same(make_kit: MakeKit) -> None:
    make_kit(("omni.kit.test", "omni.kit.widget.text_editor"))
    module = importlib.import_module("portalis.translator.ui.kit.tests")
    assert not hasattr(module, "TestPortalis")
