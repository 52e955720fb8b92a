"""Make a wheel of the gateway without the compiler: `server/thin/pyproject.toml` and the modules that it comes to.

python scripts/build_thin.py [--output FOLDER]

A module belongs to it if the gateway imports it, at whatever place. What only a gateway with a compiler asks for is `LEFT_OUT`: that is
where the compiler would begin.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from draw_rooms import PACKAGE, imported_modules, modules

ROOT = Path(__file__).resolve().parents[1]
# The root of the packages.
_ABOVE = PACKAGE.parents[1]
_GATEWAY = "servers.gateway"
# servers/gateway/serving.py asks for one of them.
LEFT_OUT = {"servers.pool.pool", "servers.pool.compiler_version"}


def parts() -> dict[str, Path]:
    """Return what the thin gateway is made of: its modules' names, below the package, and files."""
    known = modules(PACKAGE)
    found: dict[str, Path] = {}
    # Every module of the gateway's own folder is its, whoever imports it.
    waiting = {name for name in known if name.startswith(_GATEWAY)}
    while waiting:
        name = waiting.pop()
        if name in found or name in LEFT_OUT:
            continue
        found[name] = known[name]
        # The package itself imports nothing but for types.
        waiting |= imported_modules(known[name], known) | {name.rpartition(".")[0]} if name else set()
    return found


def stage(folder: Path) -> None:
    """Lay out in a folder what the wheel is made from."""
    found = parts()
    # What the gateway serves lies beside what it computes.
    served = (path for path in found[_GATEWAY].parent.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc"))
    for path in (*found.values(), *served):
        target = folder / path.relative_to(_ABOVE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    for path in (ROOT / "LICENSE", ROOT / "server" / "thin" / "pyproject.toml"):
        shutil.copyfile(path, folder / path.name)


def build(output: Path) -> Path:
    """Make the wheel and return its path."""
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        stage(Path(folder))
        asked = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check", "-w", str(output), folder]
        subprocess.run([sys.executable, "-m", "pip", *asked], check=True)
    return next(output.glob("portalis_translator-*+thin-*.whl"))


def main() -> int:
    """Build it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--output", type=Path, default=ROOT / "dist", help="the folder that gets it")
    print(f"wrote {build(parser.parse_args().output)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
