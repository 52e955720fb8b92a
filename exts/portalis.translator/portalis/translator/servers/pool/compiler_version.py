"""The number of this compiler: what a translation's bytes depend on, as a version that Triton can name a folder by."""

from __future__ import annotations

import functools
import hashlib
from importlib import metadata
from pathlib import Path

# Rooms that show translations to somebody, or carry them: they change no byte of one.
_HOSTS = frozenset({"cli", "stage", "ui", "extension.py"})
_CARRIERS = frozenset({"servers/clients", "servers/gateway", "servers/triton"})
_BUILT_WITH = ("llvmlite", "wasmtime")


@functools.cache
def compiler_version() -> int:
    """Return 48 bits of a hash over the compiler's sources and the versions of what it compiles with.

    A client asks for exactly this version of the server's model, so that it never gets an answer of another compiler.
    """
    package = Path(__file__).parents[2]
    digest = hashlib.sha256()
    for name in _BUILT_WITH:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    for path in sorted(package.rglob("*.py")):
        place = path.relative_to(package)
        if place.parts[0] not in _HOSTS and "/".join(place.parts[:2]) not in _CARRIERS:
            content = path.read_bytes()
            digest.update(f"{place.as_posix()} {len(content)}\n".encode() + content)
    # Never 0, which Triton reads as "any".
    return int.from_bytes(digest.digest()[:6]) | 1
