"""Programs that come with Portalis but are not part of the package: demos and benchmarks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from portalis.translator.cli.output import fail


def folder(name: str) -> Path:
    """Find `demos` or `benchmarks`: in a checkout above this package, or where an installation puts shared files."""
    checkouts = (parent / name for parent in Path(__file__).resolve().parents)
    installed = Path(sys.prefix) / "share" / "portalis" / name
    for candidate in (*checkouts, installed):
        if (candidate / "README.md").is_file():
            return candidate
    fail(f"the {name} are not part of this installation", details=["clone the repository and run `make demo` there"])


def run_program(path: Path, arguments: list[str]) -> int:
    """Run a Python program with this interpreter, in the caller's working directory, and return its exit status."""
    return subprocess.run([sys.executable, str(path), *arguments], check=False).returncode
