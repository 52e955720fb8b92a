"""The README's examples do what it says, typed in as they stand there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from pxr import Usd, UsdGeom

from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from portalis.translator.verify.drift import uses_libm

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
FILES = re.findall(r"```python\n# (\w+\.py)\n(.*?)```", README, re.DOTALL)
COMMANDS = re.findall(r"^\$ (.*)$", README, re.MULTILINE)
# Needs a window.
NOT_RUN = ("usdview",)


def test_every_command_of_the_readme_works(tmp_path: Path) -> None:
    for name, text in FILES:
        (tmp_path / name).write_text(text)
    environment = os.environ | {
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        "PORTALIS_CONFIG": str(tmp_path / "settings"),
    }
    ran = 0
    for command in COMMANDS:
        program, *arguments = shlex.split(command, comments=True)
        if program in NOT_RUN:
            continue
        result = subprocess.run([program, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
        assert result.returncode == 0, f"{command}\n{result.stdout}{result.stderr}"
        ran += 1
    assert ran >= 7 and {"fall.py", "orbit.py", "make_scene.py"} <= {name for name, _ in FILES}
    baked = Usd.Stage.Open(str(tmp_path / "out.usda"))
    assert UsdGeom.GetStageMetersPerUnit(baked) == 1.0 and baked.GetPrimAtPath("/World/Ground")
    assert len(baked.GetPrimAtPath("/World/Moon").GetAttribute("xformOp:translate").GetTimeSamples()) == 240
    for prim in ("/World/Ball0", "/World/Ball4"):
        # They fall for a second and a half, bounce, and come to rest on the ground.
        moved = baked.GetPrimAtPath(prim).GetAttribute("xformOp:translate")
        heights = [moved.Get(time)[1] for time in range(240)]
        assert 0.3 == min(heights) == heights[-1] and 30 <= heights.index(0.3) <= 40, heights


def test_the_python_interface_of_the_readme_works() -> None:
    (snippet,) = (text for text in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "import translate" in text)
    names: dict[str, object] = {}
    exec(snippet, names)
    assert names["t"]([3.0, 4.0]) == 3.5  # type: ignore[operator]


def test_every_link_of_the_readme_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links and not [link for link in links if "://" not in link and not (Path(__file__).parents[1] / link).exists()]


def test_the_readme_names_all_that_drifts() -> None:
    (sentence,) = [part for part in README.replace("\n", " ").split(". ") if "reported apart, as drift" in part]
    computed = {name: f"x {name} y" for name in ("+", "-", "*", "/", "//", "%", "**")} | {"math": "math.sin(x) + y"}
    drifting = set()
    for name, text in computed.items():
        lowered = lower(SourceFile("f.py", f"import math\n\n\ndef f(x: float, y: float) -> float:\n    return {text}\n"), None)
        drifting |= {name} if uses_libm(lowered.program) else set()
    assert drifting == set(re.findall(r"`([^`]+)`", sentence)) == {"math", "**"}
