"""What tests of other rooms take from pytest, made without it: a check calls them while a mistake is planted."""

from __future__ import annotations

import functools
import inspect
import os
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from portalis.translator.servers.triton.access import FOLDER_VARIABLE
from portalis.translator.stage.author.trust import SETTINGS_VARIABLE, Approvals
from tests import test_cli, test_terminal
from tests.stage.conftest import bind_with, new_stage
from tests.stage.cpython_engine import CPythonEngine


class Given:
    """The fixtures of one test, each made when it is asked for."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    @functools.cached_property
    def tmp_path(self) -> Path:
        return Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="mutant-")))

    @functools.cached_property
    def monkeypatch(self) -> pytest.MonkeyPatch:
        return self._stack.enter_context(pytest.MonkeyPatch.context())

    @functools.cached_property
    def stage(self) -> Any:
        return new_stage()

    @functools.cached_property
    def engine(self) -> CPythonEngine:
        return CPythonEngine()

    @functools.cached_property
    def bind_source(self) -> Any:
        return bind_with(self.engine)

    @functools.cached_property
    def approvals(self) -> Approvals:
        return Approvals(self.tmp_path / "settings")

    @functools.cached_property
    def keys(self) -> Path:
        self.monkeypatch.setenv(FOLDER_VARIABLE, str(self.tmp_path / "keys"))
        return self.tmp_path / "keys"

    @functools.cached_property
    def snippet(self) -> Path:
        return test_cli.make_snippet(self.tmp_path)


# Stages in files, which differ from one module of tests to another.
SCENES = {test_cli: test_cli.make_scene, test_terminal: test_terminal.make_scene}


def call(function: Callable[..., object], *args: Any) -> None:
    """Call a test: a parameter that is named like a fixture gets it, the others take `args` in order. Settings are not the user's."""
    with ExitStack() as stack:
        given, rest = Given(stack), iter(args)
        scenes = {module.__name__: make for module, make in SCENES.items()}
        stack.enter_context(mock.patch.dict(os.environ, {SETTINGS_VARIABLE: str(given.tmp_path / "settings")}))
        values = []
        for name in inspect.signature(function).parameters:
            if name == "scene":
                values.append(scenes[function.__module__](given.tmp_path))
            else:
                values.append(getattr(given, name) if hasattr(Given, name) else next(rest))
        function(*values)
