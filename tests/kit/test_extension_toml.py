"""What the extension manager and a registry read, and what both extensions do where something is missing."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
NAMES = ("portalis.translator", "portalis.schema")
# Modules of ours that are imported only where a part of Kit is there.
OPTIONAL_MODULES = ("dialogs", "hotkeys", "notifications", "preferences", "section")
# What every published extension has in [package].
PUBLISHED = ("title", "version", "description", "category", "keywords", "readme", "changelog", "icon", "preview_image", "writeTarget")


def settings(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "exts" / name / "config" / "extension.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_every_key_that_publishing_checks_is_there(name: str) -> None:
    package = settings(name)["package"]
    assert all(package.get(key) for key in PUBLISHED), [key for key in PUBLISHED if not package.get(key)]
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
    for key in ("readme", "changelog", "icon", "preview_image"):
        assert (ROOT / "exts" / name / package[key]).is_file(), package[key]
    assert f"## [{package['version']}]" in (ROOT / "exts" / name / package["changelog"]).read_text(encoding="utf-8")
    assert all((ROOT / "exts" / name / page).is_file() for page in settings(name)["documentation"]["pages"])


@pytest.mark.parametrize("name", NAMES)
def test_pictures_are_what_the_extension_manager_shows(name: str) -> None:
    data = (ROOT / "exts" / name / "data" / "icon.png").read_bytes()
    assert data.startswith(b"\x89PNG") and struct.unpack(">II", data[16:24]) == (256, 256)
    assert 0 < (ROOT / "exts" / name / "data" / "preview.png").stat().st_size < 300_000


def test_there_is_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert {settings(name)["package"]["version"] for name in NAMES} == {project}


def test_schemas_come_first_and_stay() -> None:
    core = settings("portalis.schema")["core"]
    assert core == {"order": -100, "reloadable": False}
    assert "portalis.schema" in settings("portalis.translator")["dependencies"]


def test_bundled_packages_come_before_the_module_that_needs_them() -> None:
    modules = settings("portalis.translator")["python"]["module"]
    names = ["portalis.translator.extension", "portalis.translator.ui.kit.tests"]
    assert modules == [{"path": "pip_prebundle"}, *({"name": name} for name in names)]
    target = settings("portalis.translator")["package"]["writeTarget"]
    assert target == {"kit": True, "platform": True, "python": True}, "wheels are made for one Python on one platform"


def test_the_schema_files_have_one_source() -> None:
    copies = [path for path in (ROOT / "exts").rglob("*.usda") if "pip_prebundle" not in path.parts]
    assert copies == [] and not list((ROOT / "exts").rglob("plugInfo.json"))


@pytest.mark.parametrize("missing", ["wasmtime", "llvmlite", "pydantic"])
def test_without_a_package_the_window_says_what_to_do(missing: str) -> None:
    """Everything but drawing: the view models load, refuse to translate and to run, and name what is missing."""
    program = f"""
import sys
sys.modules[{missing!r}] = None
from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.models.translators import embedded, gateway, triton
from portalis.translator.stage.outline import starter_stage

class Host:
    stage = starter_stage()
    timeline = None
    def selection(self): return ()
    def history(self): return None

servers = [triton("127.0.0.1:9", lambda: None), gateway("http://127.0.0.1:9", lambda: None)]
model = PanelModel(Host(), [embedded(lambda: None), *servers], lambda: None)
assert model.message.startswith({missing!r} + " cannot be imported: install the release made for this Kit"), model.message
assert all(label.endswith("(offline)") for label in model.choice.labels()) and not model.can_translate
model.translate()
model.played()
assert model.run.state == "stopped" and {missing!r} in model.run.message, model.run.message
model.tick(0.1)
model.close()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, env=dict(os.environ))
    assert done.returncode == 0, done.stderr


def test_every_part_of_kit_that_is_imported_is_a_dependency_and_optional_where_it_is_gone_without() -> None:
    dependencies = settings("portalis.translator")["dependencies"]
    folder = ROOT / "exts" / "portalis.translator" / "portalis" / "translator" / "ui" / "kit"
    always, perhaps = set(), set()
    for path in folder.glob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if match := re.match(r"( *)(?:from|import) (omni\.[\w.]+|usdrt)", line):
                optional = match[1] or path.stem in OPTIONAL_MODULES
                (perhaps if optional else always).add(match[2])
    # The kernel has omni.kit.app and omni.ext in every application, and omni.kit.uiapp brings omni.ui.
    always -= {"omni.kit.app", "omni.ui", "omni.ext"}
    assert always and always <= {name for name, options in dependencies.items() if not options.get("optional")}
    named = [name for name, options in dependencies.items() if options.get("optional")]
    perhaps -= {"omni.ui", "usdrt"}
    assert perhaps and all(any(f"{module}.".startswith(f"{name}.") for name in named) for module in perhaps)
