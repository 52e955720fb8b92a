"""Versions of installed packages.

What `importlib.metadata` says, read from the names of the folders that it reads: importing it, and the parser of mail that it reads them
with, is a tenth of what a process that compiles one function takes.
"""

from __future__ import annotations

import functools
import os
import sys


def version(package: str) -> str | None:
    """Return the version of a package, or None where it is not installed."""
    found = _versions().get(_normalised(package))
    if found is not None:
        return found
    # An older way of installing, or a module path of archives.
    from importlib import metadata

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


@functools.cache
def _versions() -> dict[str, str]:
    """Return what is on the module path, the first of a name; folders are called `name-version.dist-info`."""
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            with os.scandir(folder or ".") as entries:
                names = sorted(entry.name for entry in entries)
        except OSError:
            continue
        for name in names:
            stem, _, ending = name.rpartition(".")
            package, _, number = stem.partition("-")
            if ending == "dist-info" and number:
                found.setdefault(_normalised(package), number)
    return found


def _normalised(package: str) -> str:
    return package.lower().replace("-", "_").replace(".", "_")
