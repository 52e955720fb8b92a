"""`requirements.lock`: what anybody can ask `make` to install is pinned there, at a version that the project takes."""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
# For other environments than .venv: the window's (Python 3.12 alone), and machines with a GPU.
ELSEWHERE = {"studio", "gpu"}
# What `pip freeze` takes for a part of Python, and leaves out.
UNLISTED = {"setuptools"}


def test_everything_that_is_installed_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"]]
    for extra, names in project["optional-dependencies"].items():
        asked += names if extra not in ELSEWHERE else []
    lines = (ROOT / "requirements.lock").read_text().split()
    pinned = {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}
    wanted = [Requirement(text) for text in asked]
    missing = {one.name for one in wanted if not one.specifier.contains(pinned.get(canonicalize_name(one.name), "0"))}
    assert missing == UNLISTED
