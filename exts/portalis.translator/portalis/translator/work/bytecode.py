"""Bytecode for modules that confined processes import: they may write no file, so that Python would compile their modules anew each time.

Python writes bytecode where a module is first imported. Installed packages mostly have it; a checkout has not, and neither has what no
process but a judge imports.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib.machinery import PathFinder


def write_bytecode(*packages: str) -> None:
    """Compile what has changed in packages since its bytecode was written; where that cannot be written, leave it."""
    if sys.dont_write_bytecode or sys.pycache_prefix or not sys.implementation.cache_tag:
        return
    for package in packages:
        stale = list(_stale(package))
        if stale:
            import py_compile

            for source in stale:
                try:
                    py_compile.compile(source, doraise=True, quiet=1)
                except (OSError, py_compile.PyCompileError):
                    break


def _stale(package: str) -> Iterator[str]:
    """Yield the modules of a package whose bytecode is missing or older than they are."""
    ending = f".{sys.implementation.cache_tag}.pyc"
    for place in _places(package):
        for folder, folders, names in os.walk(place):
            folders[:] = [name for name in folders if name != "__pycache__"]
            written = _times(f"{folder}/__pycache__")
            if any(name.endswith(".py") for name in names):
                for name, time in _times(folder).items():
                    if name.endswith(".py") and written.get(name[:-3] + ending, -1.0) < time:
                        yield f"{folder}/{name}"


def _places(package: str) -> list[str]:
    """Return a package's folders, without importing it."""
    if package in sys.modules:
        return list(sys.modules[package].__path__)
    spec = PathFinder.find_spec(package)
    return list(spec.submodule_search_locations or ()) if spec else []


def _times(folder: str) -> dict[str, float]:
    try:
        with os.scandir(folder) as entries:
            return {entry.name: entry.stat().st_mtime for entry in entries}
    except OSError:
        return {}
