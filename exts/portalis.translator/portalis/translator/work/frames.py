"""Frames on a pipe: one letter, a length, a payload. Whoever reads says first which letters it expects and how long each may be."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import IO, Protocol

_HEADER = struct.Struct("<cI")
MEGABYTE = 1 << 20


class FrameError(Exception):
    """The other side wrote what it may not: an unknown letter or a frame beyond its limit."""


class Readable(Protocol):
    """What frames are read from."""

    def read(self, count: int, /) -> bytes:
        """Return so many bytes, or fewer where there are no more."""


def write_frame(stream: IO[bytes], letter: bytes, payload: bytes) -> None:
    """Write one frame. The stream is buffered, so that a header and a short payload are one write."""
    stream.write(_HEADER.pack(letter, len(payload)))
    stream.write(payload)
    stream.flush()


def read_frame(stream: Readable, limits: Mapping[bytes, int]) -> tuple[bytes, bytes]:
    """Read one frame whose letter is a key of `limits`; nothing beyond a limit is read.

    Raises EOFError where the pipe closed, FrameError where the other side does not keep to the limits.
    """
    header = stream.read(_HEADER.size)
    if len(header) < _HEADER.size:
        raise EOFError("the pipe closed")
    letter, length = _HEADER.unpack(header)
    if letter not in limits:
        raise FrameError(f"a frame {letter!r} came where {sorted(limits)} were expected")
    if length > limits[letter]:
        raise FrameError(f"a frame {letter!r} of {length} bytes came where at most {limits[letter]} were expected")
    payload = stream.read(length)
    if len(payload) < length:
        raise EOFError("the pipe closed")
    return letter, payload
