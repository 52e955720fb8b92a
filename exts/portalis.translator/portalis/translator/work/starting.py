"""Starting Python with one of our modules as its program, and nothing else of this process's: not its environment, not its descriptors."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO

PYTHON_VARIABLE = "PORTALIS_PYTHON"
# What a loader may need to find shared libraries, and Windows to start anything; keys and addresses are never in these.
_LOADER_VARIABLES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "PORTALIS_SIGNALS_BASED_TRAPS")
_PACKAGE_FOLDER = str(Path(__file__).parents[3])


def start_python(
    module: str,
    *arguments: str,
    python: str | None = None,
    variables: dict[str, str] | None = None,
    stdin: int | IO[bytes] = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    """Start `module.main(*arguments)` in a session of its own, with pipes for standard output and error.

    A host that embeds Python, such as Kit, is no interpreter itself: it names one in `PORTALIS_PYTHON`.
    """
    interpreter = python or os.environ.get(PYTHON_VARIABLE) or sys.executable
    # The child finds the package where this process found it, whatever its working directory is.
    path = [folder for folder in (*sys.path, _PACKAGE_FOLDER) if folder]
    program = f"import sys; sys.path[:0] = {path!r}; from {module} import main; main(*{arguments!r})"
    environment = {name: os.environ[name] for name in _LOADER_VARIABLES if name in os.environ} | (variables or {})
    return subprocess.Popen(
        [interpreter, "-s", "-P", "-c", program],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=sys.platform != "win32",
    )
