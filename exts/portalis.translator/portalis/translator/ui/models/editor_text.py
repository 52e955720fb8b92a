"""A text under a caret: what keys do to it, what is selected, undo. Lines and columns count from 0 here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

INDENT = 4
_WORD = re.compile(r"\w+|[^\w\s]+")


class Place(NamedTuple):
    """Between two characters: before the one at `column`."""

    line: int
    column: int


class Span(NamedTuple):
    """From one place to a later one."""

    start: Place
    end: Place


@dataclass(slots=True)
class _Change:
    """What one step of undo takes back: `removed` stood at `start` where `inserted` stands now."""

    start: Place
    removed: str
    inserted: str
    before: tuple[Place, Place]
    after: tuple[Place, Place]
    joins: bool


class EditorText:
    """Lines, a caret, and an anchor: what lies between the two is selected. `version` is another one after every change of the text."""

    def __init__(self, text: str = "") -> None:
        self.version = 0
        self.reset(text)

    def reset(self, text: str) -> None:
        """Begin anew with another text, with nothing to undo."""
        self.lines = text.split("\n")
        self.caret = self.anchor = Place(0, 0)
        self.version += 1
        self._wanted: int | None = None
        self._done: list[_Change] = []
        self._undone: list[_Change] = []
        self._typing = False

    # ------------------------------------------------------------------------------------------------------------- looking
    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines)

    @property
    def selection(self) -> Span:
        """What is selected, in the order of the text; it begins where it ends where nothing is."""
        return Span(*sorted((self.caret, self.anchor)))

    @property
    def selected(self) -> str:
        """The text that is selected."""
        return self._between(*self.selection)

    @property
    def end(self) -> Place:
        """The place after the last character."""
        return Place(len(self.lines) - 1, len(self.lines[-1]))

    def nearest(self, line: int, column: int) -> Place:
        """Return the place in the text that is nearest to one that may be outside."""
        if line < 0:
            return Place(0, 0)
        if line >= len(self.lines):
            return self.end
        return Place(line, min(max(column, 0), len(self.lines[line])))

    # -------------------------------------------------------------------------------------------------------------- moving
    def place(self, place: Place, extend: bool = False) -> None:
        """Put the caret somewhere; `extend` leaves the anchor where it is."""
        self._typing, self._wanted = False, None
        self.caret = self.nearest(*place)
        if not extend:
            self.anchor = self.caret

    def select(self, start: Place, end: Place) -> None:
        """Select from one place to another, where the caret is then."""
        self.place(start)
        self.place(end, extend=True)

    def select_all(self) -> None:
        """Select everything."""
        self.select(Place(0, 0), self.end)

    def select_word(self, place: Place) -> None:
        """Select the word at a place, or what else stands there together."""
        line, column = self.nearest(*place)
        for found in _WORD.finditer(self.lines[line]):
            if found.start() <= column <= found.end():
                self.select(Place(line, found.start()), Place(line, found.end()))
                if column < found.end():
                    return

    def left(self, extend: bool = False) -> None:
        """Move a character back; out of a selection to its beginning."""
        start, end = self.selection
        self.place(start if start != end and not extend else self._before(self.caret), extend)

    def right(self, extend: bool = False) -> None:
        """Move a character on; out of a selection to its end."""
        start, end = self.selection
        self.place(end if start != end and not extend else self._after(self.caret), extend)

    def word_left(self, extend: bool = False) -> None:
        """Move to where a word begins before the caret."""
        self.place(self._word_before(), extend)

    def word_right(self, extend: bool = False) -> None:
        """Move to where a word ends after the caret."""
        self.place(self._word_after(), extend)

    def down(self, extend: bool = False, count: int = 1) -> None:
        """Move lines down (up, where `count` is negative), in the column that was asked for last."""
        wanted = self.caret.column if self._wanted is None else self._wanted
        line = self.caret.line + count
        self.place(Place(line, wanted), extend)
        self._wanted = wanted

    def home(self, extend: bool = False) -> None:
        """Move to where the line's text begins; from there to where the line does."""
        line, column = self.caret
        begins = _indent_of(self.lines[line])
        self.place(Place(line, 0 if column == begins else begins), extend)

    def to_end(self, extend: bool = False) -> None:
        """Move to the end of the line."""
        self.place(Place(self.caret.line, len(self.lines[self.caret.line])), extend)

    def top(self, extend: bool = False) -> None:
        """Move to the beginning of the text."""
        self.place(Place(0, 0), extend)

    def bottom(self, extend: bool = False) -> None:
        """Move to the end of the text."""
        self.place(self.end, extend)

    # ------------------------------------------------------------------------------------------------------------- editing
    def insert(self, text: str) -> None:
        """Put a text where the selection is."""
        self._replace(*self.selection, text)

    def type(self, character: str) -> None:
        """Take one character; a row of them is undone together."""
        start, end = self.selection
        joins = self._typing and start == end and not character.isspace()
        self._replace(start, end, character, joins)
        self._typing = not character.isspace()

    def enter(self) -> None:
        """Begin a line with the indentation of this one, and more where a block begins."""
        start, end = self.selection
        before = self.lines[start.line][: start.column]
        indent = before[: _indent_of(before)]
        if _opens_block(before):
            indent += " " * INDENT
        # Of a line that was only indented nothing stays.
        begin = start if before.strip() else Place(start.line, 0)
        self._replace(begin, end, "\n" + indent)

    def tab(self) -> None:
        """Go on to the next stop; where several lines are selected, indent them."""
        start, end = self.selection
        if start.line != end.line:
            self._shift_lines(lambda line: " " * INDENT + line if line else line)
        else:
            self._replace(start, end, " " * (INDENT - start.column % INDENT))

    def dedent(self) -> None:
        """Take a step of indentation from the line, or from all that are selected."""
        self._shift_lines(lambda line: line[_less(line) :])

    def backspace(self) -> None:
        """Remove what is selected, or the character before the caret; of the indentation, back to the last stop."""
        start, end = self.selection
        if start == end:
            before = self.lines[start.line][: start.column]
            stop = (start.column - 1) // INDENT * INDENT
            only_spaces = bool(before) and before.isspace() and "\t" not in before
            start = Place(start.line, stop) if only_spaces else self._before(start)
        self._replace(start, end, "")

    def delete(self) -> None:
        """Remove what is selected, or the character after the caret."""
        start, end = self.selection
        self._replace(start, end if start != end else self._after(end), "")

    def backspace_word(self) -> None:
        """Remove what is selected, or back to where a word begins."""
        start, end = self.selection
        self._replace(start if start != end else self._word_before(), end, "")

    def delete_word(self) -> None:
        """Remove what is selected, or on to where a word ends."""
        start, end = self.selection
        self._replace(start, end if start != end else self._word_after(), "")

    def cut(self) -> str:
        """Remove what is selected and return it."""
        taken = self.selected
        if taken:
            self.insert("")
        return taken

    # ---------------------------------------------------------------------------------------------------------------- undo
    def undo(self) -> None:
        """Take the last edit back."""
        if self._done:
            change = self._done.pop()
            self._put(change.start, self._shift(change.start, change.inserted), change.removed)
            self.anchor, self.caret = change.before
            self._undone.append(change)
            self._typing, self._wanted = False, None

    def redo(self) -> None:
        """Make the last edit again that was taken back."""
        if self._undone:
            change = self._undone.pop()
            self._put(change.start, self._shift(change.start, change.removed), change.inserted)
            self.anchor, self.caret = change.after
            self._done.append(change)
            self._typing, self._wanted = False, None

    # -------------------------------------------------------------------------------------------------------------- inside
    def _replace(self, start: Place, end: Place, text: str, joins: bool = False) -> None:
        self._typing = False
        removed = self._between(start, end)
        if not removed and not text:
            return
        before = self.anchor, self.caret
        self._put(start, end, text)
        self.caret = self.anchor = self._shift(start, text)
        self._remember(_Change(start, removed, text, before, (self.anchor, self.caret), joins))

    def _remember(self, change: _Change) -> None:
        self._undone.clear()
        self._wanted = None
        if change.joins and self._done:
            last = self._done[-1]
            last.inserted, last.after = last.inserted + change.inserted, change.after
        else:
            self._done.append(change)

    def _shift_lines(self, function: Callable[[str], str]) -> None:
        """Give the selected lines another indentation, and keep selected what is."""
        start, end = self.selection
        # A selection that ends before the first character of a line has nothing of it.
        last = end.line - 1 if end.column == 0 and end.line > start.line else end.line
        old = self.lines[start.line : last + 1]
        new = [function(line) for line in old]
        if new == old:
            return
        first = Place(start.line, 0)
        anchor, caret = (self._moved(item, start.line, old, new) for item in (self.anchor, self.caret))
        before = self.anchor, self.caret
        self._put(first, Place(last, len(old[-1])), "\n".join(new))
        self.anchor, self.caret = anchor, caret
        self._typing = False
        self._remember(_Change(first, "\n".join(old), "\n".join(new), before, (anchor, caret), joins=False))

    @staticmethod
    def _moved(place: Place, first: int, old: list[str], new: list[str]) -> Place:
        index = place.line - first
        if not 0 <= index < len(old):
            return place
        return Place(place.line, max(0, place.column + len(new[index]) - len(old[index])) if place.column else 0)

    def _put(self, start: Place, end: Place, text: str) -> None:
        """Replace a part of the text."""
        head, tail = self.lines[start.line][: start.column], self.lines[end.line][end.column :]
        self.lines[start.line : end.line + 1] = (head + text + tail).split("\n")
        self.version += 1

    def _between(self, start: Place, end: Place) -> str:
        if start.line == end.line:
            return self.lines[start.line][start.column : end.column]
        middle = self.lines[start.line + 1 : end.line]
        return "\n".join([self.lines[start.line][start.column :], *middle, self.lines[end.line][: end.column]])

    @staticmethod
    def _shift(start: Place, text: str) -> Place:
        """Return the place after a text that begins at a place."""
        lines = text.count("\n")
        column = len(text) - text.rfind("\n") - 1
        return Place(start.line + lines, column if lines else start.column + len(text))

    def _before(self, place: Place) -> Place:
        if place.column:
            return Place(place.line, place.column - 1)
        return Place(place.line - 1, len(self.lines[place.line - 1])) if place.line else place

    def _after(self, place: Place) -> Place:
        if place.column < len(self.lines[place.line]):
            return Place(place.line, place.column + 1)
        return Place(place.line + 1, 0) if place.line + 1 < len(self.lines) else place

    def _word_before(self) -> Place:
        line, column = self.caret
        begins = [found.start() for found in _WORD.finditer(self.lines[line]) if found.start() < column]
        return Place(line, begins[-1] if begins else 0) if column else self._before(self.caret)

    def _word_after(self) -> Place:
        line, column = self.caret
        ends = [found.end() for found in _WORD.finditer(self.lines[line]) if found.end() > column]
        length = len(self.lines[line])
        return Place(line, ends[0] if ends else length) if column < length else self._after(self.caret)


def _indent_of(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _less(line: str) -> int:
    """Return how many characters a step of indentation takes from a line."""
    if line.startswith("\t"):
        return 1
    spaces = len(line) - len(line.lstrip(" "))
    return (spaces - 1) % INDENT + 1 if spaces else 0


def _opens_block(before: str) -> bool:
    """Tell whether a line opens a block: its last character that is in no comment is a colon."""
    code = re.sub(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|#.*""", lambda found: found[1] or "", before)
    return code.rstrip().endswith(":")
