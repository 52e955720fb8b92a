"""The library's precompiled objects: shipped in a wheel, or made at first use and kept in the user's cache.

A process that compiles opens no files once it has begun, so its host hands it the bundle that this module finds or makes. Without one,
every process compiles what it needs itself: slower, and never different.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from portalis.translator.installed import version
from portalis.translator.ir.nodes import Program
from portalis.translator.private.host_key import UnsafeFile
from portalis.translator.private.signed import SignedFolder, open_signed

PACKAGE = Path(__file__).parents[1]
# What decides the texts of the objects.
_SOURCES = ("library", "ir", "frontend", "passes", "backends/llvm")
_KEPT = 4
_DIGEST_BYTES = hashlib.sha256().digest_size
_BUILD_SECONDS = 300.0


def shipped_bundle(package: Path = PACKAGE) -> Path:
    """Return where a wheel has the bundle that was made for the LLVM which is installed."""
    return package / "backends" / "llvm" / f"library-llvmlite-{version('llvmlite') or 'absent'}.objects"


@functools.cache
def library_bundle() -> bytes:
    """Return the bundle for processes that this one starts, made where there is none; empty where none can be kept."""
    with contextlib.suppress(OSError):
        if content := read_shipped(shipped_bundle()):
            return content
    files = _user_files()
    return kept_bundle(files) if files is not None else b""


def latest_bundle() -> bytes:
    """Return the last bundle that was kept for this user, of whatever sources; empty where there is none."""
    files = _user_files()
    return (files.latest() or b"") if files is not None else b""


def _user_files() -> SignedFolder | None:
    try:
        return open_signed(Path(platformdirs.user_cache_dir("portalis", appauthor=False)) / "library", "library objects", _KEPT)
    except (OSError, UnsafeFile):
        return None


def kept_bundle(files: SignedFolder) -> bytes:
    """Return the bundle of a folder of the user's; made and stored where it is not there, is damaged, or the sources have changed."""
    name = files.name(repr(_identity()), ".objects")
    found = files.load(name)
    if found is not None:
        return found
    made = build_bundle(files.latest() or b"")
    # What cannot be kept would be made again by every process.
    return made if made and files.store(name, made) else b""


def write_shipped(path: Path, bundle: bytes) -> None:
    """Write a bundle as a wheel carries it: after its digest."""
    path.write_bytes(hashlib.sha256(bundle).digest() + bundle)


def read_shipped(path: Path) -> bytes:
    """Return a bundle that a wheel brought; empty where a bit of it is another than when it was made. Raises OSError."""
    content = path.read_bytes()
    digest, bundle = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    return bundle if hashlib.sha256(bundle).digest() == digest else b""


def build_bundle(before: bytes = b"") -> bytes:
    """Make the bundle in a process of its own, since LLVM may abort; empty where that failed.

    Objects that `before`, an earlier bundle, holds are taken from it: most of the library is as it was when a line of it has changed.
    """
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (str(PACKAGE.parents[1]), *sys.path)))}
    command = [_interpreter(), "-m", __name__]
    try:
        done = subprocess.run(command, env=environment, input=before, capture_output=True, timeout=_BUILD_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return done.stdout if done.returncode == 0 else b""


def compile_library(before: bytes = b"") -> bytes:
    """Compile the closed set of the library in this process, but for what an earlier bundle holds."""
    from portalis.translator.backends.llvm import compile_ahead, installed_objects

    if before:
        installed_objects().install(before)
    return compile_ahead(library_programs())


def library_programs() -> Iterator[Program]:
    """Yield the programs that between them call everything in the library that can be listed."""
    from portalis.translator.diagnostics import TranslationError
    from portalis.translator.frontend import lower
    from portalis.translator.library.closed_set import closed_set, closed_set_with_references
    from portalis.translator.passes.pipeline import optimise
    from portalis.translator.source import SourceFile

    for text in closed_set():
        with contextlib.suppress(TranslationError):
            yield optimise(lower(SourceFile("<library>", text), "f").program)
    for text in closed_set_with_references():
        yield optimise(lower(SourceFile("<library>", text), "f", references=True).program)


def _interpreter() -> str:
    # A host that embeds Python, such as Kit, is no interpreter itself: it names one in the environment.
    return os.environ.get("PORTALIS_PYTHON") or sys.executable


def _identity() -> tuple[object, ...]:
    sources = sorted(found for folder in _SOURCES for found in _changes(PACKAGE / folder))
    return (_interpreter(), sys.version, version("llvmlite"), sources)


def _changes(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Yield each source file with when it was last changed and its size."""
    for root, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".py"):
                path = os.path.join(root, name)
                status = os.stat(path)
                yield path, status.st_mtime_ns, status.st_size


if __name__ == "__main__":
    sys.stdout.buffer.write(compile_library(sys.stdin.buffer.read()))
