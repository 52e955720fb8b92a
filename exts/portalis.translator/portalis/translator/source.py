"""Source text and positions in it: what every diagnostic and every IR node points to; and how text of unknown origin is read and shown."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass, field

# The most that a source may have; a generated table fits, and nobody waits for a disk to be read.
MOST_BYTES = 2 << 20


def visible(text: str) -> str:
    """Return `text` with everything a terminal could obey or hide (escapes, controls, direction marks) as `\\x1b`; lines and tabs stay."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() or character in "\n\t" else _escaped(character) for character in text)


def visible_line(text: str) -> str:
    """Return `text` as `visible` does, on one line: where a name or a message stands, nobody can begin a line of their own."""
    return text if text.isprintable() else "".join(character if character.isprintable() else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def read_regular_file(path: os.PathLike[str] | str, most: int = MOST_BYTES) -> bytes:
    """Return a file's bytes, of a larger one the first `most + 1`; OSError where it cannot be read or is no regular file.

    What a stage names may be a pipe that nobody writes to, or a device without end: neither is waited for.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
    # Looked at before it is opened, since opening alone makes some devices act, and again when nobody can exchange it any more.
    _require_regular(path, os.stat(path).st_mode)
    with open(os.open(path, flags), "rb") as file:
        _require_regular(path, os.fstat(file.fileno()).st_mode)
        return file.read(most + 1)


def _require_regular(path: os.PathLike[str] | str, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is a pipe or a device, not a regular file", str(path))


# Thousands are made for a file, and a frozen one takes five times as long to make; nobody assigns to one.
@dataclass(slots=True, order=True, unsafe_hash=True)
class Span:
    """A range of a source file; lines and columns are 1-based, columns count code points, the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class SourceFile:
    """The text of one module; `path` is what a user would recognise, not necessarily a file on disk."""

    path: str
    text: str
    lines: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Only the line ends that Python's tokenizer knows: str.splitlines would also split at form feeds and U+2028.
        normalised = self.text.replace("\r\n", "\n").replace("\r", "\n")
        object.__setattr__(self, "lines", tuple(normalised.split("\n")))

    def line(self, number: int) -> str:
        """Return line `number` (1-based) without its end, or an empty string past the end of the file."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def span(self, line: int, byte_column: int, end_line: int, end_byte_column: int) -> Span:
        """Build a span from `ast` positions, whose columns are 0-based offsets into the line's UTF-8."""
        return Span(self.path, line, self._column(line, byte_column), end_line, self._column(end_line, end_byte_column))

    def _column(self, line: int, byte_column: int) -> int:
        encoded = self.line(line).encode("utf-8")
        return len(encoded[:byte_column].decode("utf-8", "replace")) + 1
