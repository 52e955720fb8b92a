"""`portalis studio` where it cannot open a window: a sentence, never a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import typer

from portalis.translator.cli.studio import studio_command
from portalis.translator.ui import display
from portalis.translator.ui.display import DisplayError, prepare_display

COMMAND = [sys.executable, "-c", "import sys; from portalis.translator.cli import main; sys.argv = ['portalis', *sys.argv[1:]]; main()"]


@pytest.mark.skipif(sys.version_info[:2] == (3, 12), reason="the wheel may be there")
def test_another_python_is_told_which_one_is_needed() -> None:
    done = subprocess.run([*COMMAND, "studio"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "needs Python 3.12" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("rate", ["0", "-1", "nan", "inf"])
def test_a_rate_that_is_none_is_refused(rate: str) -> None:
    with pytest.raises(typer.BadParameter, match="positive"):
        studio_command(publish_hz=float(rate))


def test_without_the_wheel_the_studio_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(display.sys, "version_info", (3, 12, 1))
    with pytest.raises(DisplayError, match=r"portalis-translator\[studio\]"):
        prepare_display()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems bring Vulkan and CUDA otherwise")
def test_a_stand_in_needs_a_compiler(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(display.shutil, "which", lambda _: None)

    def absent(*_: object, **__: object) -> None:
        raise OSError("no such library")

    monkeypatch.setattr(display.ctypes, "CDLL", absent)
    with pytest.raises(DisplayError, match="no C compiler"):
        display._provide_cuda()
    with pytest.raises(DisplayError, match="libvulkan1"):
        display._require_vulkan()
