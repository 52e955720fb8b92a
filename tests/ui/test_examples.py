"""The examples menu: what is in it, and what becomes of an example that is made, made again, stopped, or cannot be made."""

from __future__ import annotations

import dataclasses
import sys
import threading
from pathlib import Path

import pytest

from portalis.translator.stage.files import open_stage
from portalis.translator.ui.models.examples import Example, Making, Stopped, find_examples

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTALIS_CONFIG", str(tmp_path / "settings"))


def test_every_page_of_the_cookbook_and_the_demos_are_there(tmp_path: Path) -> None:
    examples = {item.name: item for item in find_examples()}
    pages = {path.stem for path in (ROOT / "docs" / "cookbook").glob("*.md")} - {"README"}
    demos = {path.parent.name for path in (ROOT / "demos").glob("*/live.py")} - {"fluid"}
    assert set(examples) == pages | demos and len(pages) > 5 and len(demos) > 3
    assert all(item.title and item.shows and item.commands for item in examples.values())
    # What is found in a page is what it takes to bind what it shows, and no more.
    wheel = examples["wheel"]
    assert wheel.stage == "cart.usda" and wheel.commands[-1][3:] == (
        "bind",
        "cart.usda",
        "/World/Cart/*Wheel",
        "wheel.py",
        "--output",
        "angle=xformOp:rotateZ",
    )
    assert find_examples(tmp_path) == ()


def test_an_example_is_made_in_a_folder_of_its_own_each_time(tmp_path: Path) -> None:
    wheel = next(item for item in find_examples() if item.name == "wheel")
    # Its program alone: what binding costs is paid once, by the test of the window.
    wheel = dataclasses.replace(wheel, commands=wheel.commands[:1])
    path = Making(wheel, tmp_path / "examples").make()
    assert path == tmp_path / "examples" / "wheel" / "cart.usda"
    assert open_stage(path).GetPrimAtPath("/World/Cart/FrontWheel")
    path.write_text("mine")
    assert Making(wheel, tmp_path / "examples").make().parent.name == "wheel_2" and path.read_text() == "mine"


def test_what_cannot_be_made_says_why_and_what_is_stopped_ends(tmp_path: Path) -> None:
    def example(program: str) -> Example:
        return Example("one", "One", "nothing", (), ((sys.executable, "-c", program),), "one.usda")

    with pytest.raises(RuntimeError, match="no such wheel"):
        Making(example("raise ValueError('no such wheel')"), tmp_path).make()
    making, failures = Making(example("import time; time.sleep(600)"), tmp_path), []

    def make() -> None:
        try:
            making.make()
        except Stopped as error:
            failures.append(error)

    thread = threading.Thread(target=make)
    thread.start()
    making.stop()
    thread.join(60.0)
    assert len(failures) == 1
