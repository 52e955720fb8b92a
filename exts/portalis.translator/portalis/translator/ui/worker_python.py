"""The Python that runs the worker process: an application that embeds Python is none itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_PROBE = "import sys; print(sys.version_info[0], sys.version_info[1])"


def find_python(configured: str = "") -> str | None:
    """Return an interpreter of this Python's version: the one `configured`, this process, or one beside it; None where there is none."""
    return next((str(path) for path in _candidates(configured) if _is_ours(path)), None)


def _candidates(configured: str) -> Iterator[Path]:
    if configured:
        yield Path(configured)
        return
    executable = Path(sys.executable or "")
    if executable.stem.startswith("python"):
        yield executable
    # Kit keeps its Python in a folder of its own, which is sys.prefix or lies beside the application.
    for folder in (Path(sys.prefix), executable.parent / "python"):
        yield from (folder / "bin" / "python3", folder / "python.exe")


def _is_ours(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        answer = subprocess.run([str(path), "-c", _PROBE], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.stdout.split() == [str(part) for part in sys.version_info[:2]]
