"""Make the release of the Kit extensions for this platform and this Python: one zip whose `exts/` is an extension search path.

    python scripts/package.py [-o FOLDER]

The wheels in it (wasmtime, llvmlite, pydantic and what they need) are the files of the environment that runs this script, so what was
tested is what is shipped. Kit brings numpy and OpenUSD itself: neither is ever part of a release.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import sysconfig
import tempfile
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

from portalis.translator.translating.library_objects import compile_library, latest_bundle, library_bundle, shipped_bundle, write_shipped

ROOT = Path(__file__).resolve().parents[1]
BUNDLED = ("wasmtime", "llvmlite", "pydantic", "platformdirs")
NEVER = frozenset(("numpy", "usd-core"))
# One date for everything: the same sources and the same wheels give the same zip.
_DATE = (1980, 1, 1, 0, 0, 0)
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def closure(names: tuple[str, ...]) -> list[str]:
    """Return the distributions that `names` need here, themselves included, in alphabetical order."""
    found: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop().lower().replace("_", "-")
        if name in found or name in NEVER:
            continue
        found.add(name)
        for requirement in metadata.requires(name) or ():
            # What an extra or another platform asks for is no part of this release.
            specifier, _, marker = requirement.partition(";")
            match = _NAME.match(specifier)
            if match and (not marker.strip() or _applies(marker)):
                pending.append(match.group())
    return sorted(found)


def _applies(marker: str) -> bool:
    from packaging.markers import Marker

    return Marker(marker).evaluate({"extra": ""})


def bundle(folder: Path) -> list[str]:
    """Copy the bundled distributions into `folder` and return their names with versions."""
    shipped = []
    for name in closure(BUNDLED):
        distribution = metadata.distribution(name)
        shipped.append(f"{name} {distribution.version}")
        for file in distribution.files or ():
            # Scripts lie outside the folder of packages; compiled files belong to whoever runs them.
            if ".." in file.parts or "__pycache__" in file.parts:
                continue
            target = folder / Path(*file.parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(distribution.locate_file(file), target)
    return shipped


def lay_out(folder: Path) -> list[str]:
    """Write both extensions below `folder` as Kit expects them, and return what is bundled."""
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info", "pip_prebundle", "premake5.lua", ".*")
    for name in ("portalis.schema", "portalis.translator"):
        target = folder / "exts" / name
        shutil.copytree(ROOT / "exts" / name, target, ignore=ignore)
        shutil.copyfile(ROOT / "LICENSE", target / "LICENSE")
        # Each extension is installed on its own, and both look for the schemas in a folder above their modules.
        shutil.copytree(ROOT / "schemas", target / "schemas", ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    # The objects that this user's processes are linked with, which were made of these sources.
    objects = library_bundle() or compile_library(latest_bundle())
    write_shipped(shipped_bundle(folder / "exts" / "portalis.translator" / "portalis" / "translator"), objects)
    prebundle = folder / "exts" / "portalis.translator" / "pip_prebundle"
    shipped = bundle(prebundle)
    _describe(prebundle)
    shutil.copyfile(ROOT / "CHANGELOG.md", folder / "CHANGELOG.md")
    return shipped


def _describe(prebundle: Path) -> None:
    """Tell `importlib.metadata` which Portalis this is; reports name the version."""
    information = prebundle / f"portalis_translator-{version()}.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: portalis-translator\nVersion: {version()}\n", encoding="utf-8")


def version() -> str:
    """Return the version of this release."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def release_name() -> str:
    """Return the zip's name: version, platform and Python."""
    platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    return f"portalis-{version()}-{platform}-cp{sys.version_info.major}{sys.version_info.minor}.zip"


def package(output: Path, compression: int = 6) -> Path:
    """Make the release in the folder `output` and return the zip's path; `compression` is zlib's level."""
    output.mkdir(parents=True, exist_ok=True)
    path = output / release_name()
    with tempfile.TemporaryDirectory(prefix="portalis-") as temporary:
        folder = Path(temporary)
        shipped = lay_out(folder)
        (folder / "BUNDLED.txt").write_text("\n".join(shipped) + "\n", encoding="utf-8")
        with zipfile.ZipFile(path, "w") as archive:
            for file in sorted(item for item in folder.rglob("*") if item.is_file()):
                entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), _DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, file.read_bytes(), compresslevel=compression)
    return path


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Make the release of the Kit extensions for this platform and this Python.")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "dist", help="the folder to write to")
    path = package(parser.parse_args().output)
    print(f"{path} ({path.stat().st_size / 1e6:.0f} MB)")


if __name__ == "__main__":
    main()
