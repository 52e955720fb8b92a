"""Programs that come with Portalis but are no modules of it: demos and benchmarks."""

from __future__ import annotations

import contextlib
import importlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from portalis.translator.cli import interrupt
from portalis.translator.cli.output import fail


def folder(name: str) -> Path:
    """Find `demos` or `benchmarks` above this module: in the package where it was installed, in the repository's root in a checkout."""
    for parent in Path(__file__).resolve().parents:
        if (parent / name / "README.md").is_file():
            return parent / name
    fail(f"the {name} are not part of this installation", details=["clone the repository and run `make demo` there"])


def run_program(path: Path, arguments: list[str]) -> int:
    """Run a Python program with this interpreter, in the caller's working directory, and return its exit status."""
    command = [sys.executable, "-m", "portalis.translator.cli.as_script", str(path), *arguments]
    with subprocess.Popen(command) as process, interrupt.noticed((signal.SIGINT,)) as asked:
        try:
            # Ctrl-C reaches the program too, and its end is the end of this.
            status = process.wait()
        except BaseException:
            # Other signals came to this process alone.
            process.terminate()
            raise
    return interrupt.STATUS if asked.is_set() else status


@contextlib.contextmanager
def imported(folder: Path, name: str) -> Iterator[ModuleType]:
    """Import a program's module as a run of it does: with its own folder first, whose modules have names that other programs' have too."""
    names = {path.stem for path in folder.glob("*.py")}
    hidden = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(hidden)
