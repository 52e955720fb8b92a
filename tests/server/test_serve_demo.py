"""`make serve-demo`, as somebody sees it who interrupts it."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from portalis.translator.servers.triton.installation import Installation

pytest.importorskip("fastapi", reason="the extra `gateway` is not installed")
SCRIPT = Path(__file__).parents[2] / "scripts" / "serve_demo.py"


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed")
def test_every_way_in_gives_the_embedded_modules_and_an_interrupt_leaves_nothing(installation: Installation) -> None:
    process = subprocess.Popen([sys.executable, str(SCRIPT)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("serving"):
            process.send_signal(signal.SIGINT)
    text = "".join(lines)
    assert process.wait(100) == 0, text
    assert text.count("equal to embedded, byte for byte") == 5 and "DIFFERENT" not in text and text.endswith("left behind: nothing\n")
