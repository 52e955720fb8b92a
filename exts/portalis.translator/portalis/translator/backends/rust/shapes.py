"""Room on a page and what text takes of it, as rustfmt reckons."""

from __future__ import annotations

from dataclasses import dataclass, replace

WIDTH, STEP = 100, 4


@dataclass(frozen=True, slots=True)
class Shape:
    """Where an expression stands: its line's indentation, how far behind that it begins, and how many columns it has of a page's.

    Where it is `unbroken`, no chain of calls in it has several lines.
    """

    indent: int
    offset: int
    width: int
    page: int = WIDTH
    unbroken: bool = False

    @property
    def used(self) -> int:
        """The column at which the expression begins."""
        return self.indent + self.offset

    @property
    def after(self) -> int:
        """How many columns at the end of the line are for what follows."""
        return max(0, self.page - self.used - self.width)

    def behind(self, columns: int) -> Shape | None:
        """Return what is left behind so many columns."""
        return replace(self, offset=self.offset + columns, width=self.width - columns) if columns <= self.width else None

    def before(self, columns: int) -> Shape | None:
        """Return what is left before so many columns at the end."""
        return replace(self, width=self.width - columns) if columns <= self.width else None

    def below(self, after: int = 0) -> Shape | None:
        """Return a line of its own, one step further in, with so many columns for what follows."""
        return self.line(self.indent + STEP, after)

    def line(self, indent: int, after: int = 0) -> Shape | None:
        """Return a whole line of an indentation."""
        return replace(self, indent=indent, offset=0, width=self.page - indent - after) if indent + after <= self.page else None


def first(text: str) -> str:
    """Return the first line of a text."""
    return text.partition("\n")[0]


def last(text: str) -> str:
    """Return the last line of a text, with its indentation."""
    return text.rpartition("\n")[2]


def fits(text: str | None, shape: Shape) -> str | None:
    """Return a text that keeps to its columns, or None."""
    if text is None or len(first(text)) > shape.width:
        return None
    if "\n" not in text:
        return text
    wide = any(len(row) > shape.page for row in text.split("\n")[1:]) or len(last(text)) > shape.used + shape.width
    return None if wide else text


def is_extendable(text: str) -> bool:
    """Tell whether a text's last line only closes brackets, so that more may follow on it."""
    return last(text).strip("()]}?> \t") == ""


def prefers_below(same: str, below: str) -> bool:
    """Tell whether rustfmt puts what is assigned on the next line, rather than beside the name."""
    if "\n" not in below or same.count("\n") > below.count("\n") + 1:
        return True
    return any(first(same).endswith(end) and not first(below).endswith(end) for end in "([{")
