"""Objects of the library that were compiled before, as a bundle of bytes, found by what they are made of.

An object is found by its text and by all that turns the text into it, so a bundle from elsewhere can be of no use, but never the wrong
object. Nothing here opens a file: whoever starts a process hands it a bundle.
"""

from __future__ import annotations

import functools
import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

from portalis.translator.backends.llvm.machine import fingerprint

_MAGIC = b"portalis library objects 1\0"
_DIGEST_BYTES = hashlib.sha256().digest_size
_LENGTH = struct.Struct("<I")
Key = bytes


def object_key(text: str, opt: int, simd: bool) -> Key:
    """Return the key of the object that a text is compiled to."""
    return hashlib.sha256(f"{fingerprint(opt, simd)}\0{text}".encode()).digest()


def pack_objects(objects: Mapping[Key, bytes]) -> bytes:
    """Return a bundle."""
    return b"".join((_MAGIC, *(key + _LENGTH.pack(len(item)) + item for key, item in sorted(objects.items()))))


def unpack_objects(bundle: bytes) -> dict[Key, bytes]:
    """Return what a bundle holds; ValueError where it is none. Whoever reads one from a disk must know first that it is undamaged."""
    if not bundle.startswith(_MAGIC):
        raise ValueError("it is no bundle of library objects")
    objects: dict[Key, bytes] = {}
    position = len(_MAGIC)
    while position < len(bundle):
        start = position + _DIGEST_BYTES + _LENGTH.size
        if start > len(bundle):
            raise ValueError("the bundle of library objects is torn")
        (length,) = _LENGTH.unpack_from(bundle, position + _DIGEST_BYTES)
        objects[bundle[position : position + _DIGEST_BYTES]] = bundle[start : start + length]
        position = start + length
    if position > len(bundle):
        raise ValueError("the bundle of library objects is torn")
    return objects


@dataclass
class LibraryObjects:
    """The objects that a process was handed."""

    _objects: dict[Key, bytes] = field(default_factory=dict)

    def install(self, bundle: bytes) -> None:
        """Add what a bundle holds; ValueError where it is none."""
        self._objects |= unpack_objects(bundle)

    def find(self, text: str, opt: int, simd: bool) -> bytes | None:
        """Return the object that a text is compiled to, where there is one."""
        return self._objects.get(object_key(text, opt, simd)) if self._objects else None


@functools.cache
def installed_objects() -> LibraryObjects:
    """Return this process's objects."""
    return LibraryObjects()
