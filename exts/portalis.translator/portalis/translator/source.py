"""Source text and positions in it: what every diagnostic and every IR node points to."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
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
