"""Starting Python with one of our modules as its program, and nothing else of this process's: not its environment, not its descriptors."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from portalis.translator.work.confine import Launcher, minimal_environment

PYTHON_VARIABLE = "PORTALIS_PYTHON"
_PACKAGE_FOLDER = str(Path(__file__).parents[3])


def start_confined(program: str, *arguments: str, python: str | None = None) -> subprocess.Popen[bytes]:
    """Start `program.main(host, *arguments)`, a process that ends when this one does, with pipes for all its streams.

    `host` is the number of this process. A host that embeds Python, such as Kit, is no interpreter itself: it names one in
    `PORTALIS_PYTHON`.
    """
    command = _command(program, (str(os.getpid()), *arguments), python)
    return _launcher().start(command, minimal_environment(), subprocess.PIPE)


def start_nursery(program: str, *arguments: str, python: str | None, hash_seed: str, control: int) -> subprocess.Popen[bytes]:
    """Start `program.main(*arguments)` with a socket as its standard input; it ends when that closes."""
    return subprocess.Popen(
        _command(program, arguments, python),
        stdin=control,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=minimal_environment(PYTHONHASHSEED=hash_seed),
        start_new_session=True,
    )


def _command(program: str, arguments: Sequence[str], python: str | None) -> list[str]:
    interpreter = python or os.environ.get(PYTHON_VARIABLE) or sys.executable
    # The child finds the package where this process found it, whatever its working directory is.
    path = [folder for folder in (*sys.path, _PACKAGE_FOLDER) if folder]
    text = f"import sys; sys.path[:] = {path!r} + list(filter(None, sys.path)); from {program} import main; main(*{tuple(arguments)!r})"
    return [interpreter, "-s", "-P", "-c", text]


@functools.cache
def _launcher() -> Launcher:
    return Launcher()
