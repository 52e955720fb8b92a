"""docs/binding.md does what it says: its files and commands as they stand there, each with the exit status written beside it."""

from __future__ import annotations

import gc
import json
import re
import shlex
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pxr import Sdf, Usd

from portalis.translator.ir.host import HOST_TYPES
from portalis.translator.stage.plan.targets import _INSTANCER_NAMES, _POINTS_NAMES
from portalis.translator.stage.registry import register_schemas
from portalis.translator.stage.transforms.names import ALIASES
from tests.pages.snippets import run_command

# Before the first stage of this process is opened: tests that bind may come after these.
register_schemas()

PAGE = (Path(__file__).parents[1] / "docs" / "binding.md").read_text(encoding="utf-8")
FILES = re.findall(r"```python\n# (\w+\.py)\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = re.findall(r"^\$ (.*?)(?:  +# (\d))?$", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the page, and every command run in its order."""
    place = tmp_path_factory.mktemp("page")
    for name, text in FILES:
        (place / name).write_text(text)
    for command, status in COMMANDS:
        program, *arguments = shlex.split(command)
        ended, output = run_command(program, arguments, place)
        assert ended == int(status or 0), f"{command}\n{output}"
        assert "Traceback" not in output, command
        if "--json" in command:
            assert json.loads(output)["ok"] is (ended == 0), command
        # The next one finds files alone, as a process of its own would.
        gc.collect()
        assert not [layer for layer in Sdf.Layer.GetLoadedLayers() if layer.realPath.startswith(str(place))], command
    return place


def test_every_command_of_the_page_ends_with_the_status_beside_it(folder: Path) -> None:
    assert len(COMMANDS) >= 17 and {status for _, status in COMMANDS} == {"", "1", "2"}
    baked = Usd.Stage.Open(str(folder / "out.usda"))
    assert len(baked.GetPrimAtPath("/World/Wheel").GetAttribute("xformOp:orient").GetTimeSamples()) == 24
    stages = [Usd.Stage.Open(str(folder / name)) for name in ("lamp.usda", "over.usda")]
    lamps = [stage.GetPrimAtPath("/World/Lamp").GetPrimTypeInfo() for stage in stages]
    assert [any("Portalis" in name for name in lamp.GetAppliedAPISchemas()) for lamp in lamps] == [True, False]


def test_the_example_of_what_is_authored_is_what_bind_authors(folder: Path) -> None:
    (shown,) = re.findall(r"```\n(def SphereLight.*?)```", PAGE, re.DOTALL)
    layer = (folder / "lamp.usda").read_text()
    for line in shown.splitlines():
        assert line.strip() in layer, line


def test_a_script_node_and_the_behaviour_that_the_page_makes_of_it_give_the_same(folder: Path) -> None:
    (node,) = re.findall(r"```python\n(def compute\(db\):.*?)```", PAGE, re.DOTALL)
    namespace: dict[str, Any] = {}
    exec(node, namespace)
    given = re.findall(r"--input (\w+)=([\d.]+)", next(command for command, _ in COMMANDS if "gust.py" in command))
    inputs = SimpleNamespace(deltaSeconds=1.0 / 24.0, **{name: float(value) for name, value in given})
    db = SimpleNamespace(inputs=inputs, outputs=SimpleNamespace(), internal_state=SimpleNamespace(phase=0.0))
    expected = []
    for _ in range(24):
        assert namespace["compute"](db) is True
        expected.append(db.outputs.speed)
    baked = Usd.Stage.Open(str(folder / "out.usda"))
    speed = baked.GetAttributeAtPath("/World/Wind.speed")
    assert [speed.Get(code) for code in speed.GetTimeSamples()] == expected and len({*expected}) > 20


def test_the_page_names_every_alias_and_every_value_of_the_host() -> None:
    table = PAGE.partition("## How a name finds")[2].partition("## What crosses")[0]
    names = set(re.findall(r"`(\w+)`", table))
    assert {*ALIASES, *_INSTANCER_NAMES, *_POINTS_NAMES, *HOST_TYPES} <= names
