"""The tritonserver inside the `nvidia-pytriton` wheel, and what it needs to start.

The wheel lives in an environment of its own (`.venv-server`) because this Triton garbles strings where its Python has NumPy 2.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT_VARIABLE = "PORTALIS_SERVER_ENVIRONMENT"
REMEDY = "run `scripts/setup.sh server` in a checkout (Linux on x86-64)"


class ServerError(Exception):
    """The server cannot be started, or ended by itself; `log` holds the last lines it wrote."""

    def __init__(self, message: str, log: tuple[str, ...] = ()) -> None:
        self.log = log
        super().__init__(message)


@dataclass(frozen=True)
class Installation:
    """A virtual environment with the wheel: its `tritonserver` folder, the stub for its Python, and where shared libraries are."""

    environment: Path
    triton: Path
    stub: Path
    libraries: tuple[Path, ...]


def find_installation() -> Installation:
    """Find the server environment: where PORTALIS_SERVER_ENVIRONMENT says, else `.venv-server` of this checkout; or raise ServerError."""
    named = os.environ.get(ENVIRONMENT_VARIABLE)
    candidates = [Path(named)] if named else [parent / ".venv-server" for parent in Path(__file__).resolve().parents]
    for environment in candidates:
        for triton in sorted(environment.glob("lib/python3.*/site-packages/pytriton/tritonserver")):
            site = triton.parents[1]
            minor = site.parent.name.removeprefix("python")
            stub = triton / "python_backend_stubs" / minor / "triton_python_backend_stub"
            libraries = (site / "nvidia_pytriton.libs", *_python_libraries(environment))
            return Installation(environment, triton, stub, libraries)
    place = named or "a `.venv-server` beside this package or above it"
    raise ServerError(f"there is no Triton server in {place}: {REMEDY}")


def _python_libraries(environment: Path) -> tuple[Path, ...]:
    """Return the folder of the environment's libpython, which the stub links; none where the loader knows it without us."""
    script = "import sysconfig as s; print(s.get_config_var('LIBDIR')); print(s.get_config_var('INSTSONAME'))"
    told = subprocess.run([environment / "bin" / "python", "-c", script], capture_output=True, text=True, check=True).stdout.split()
    folder = Path(told[0])
    return (folder,) if (folder / told[1]).is_file() else ()
