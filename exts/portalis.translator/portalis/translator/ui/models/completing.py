"""The list of names that what is typed may become: when it opens, what keys do in it, what taking one of them does to the text."""

from __future__ import annotations

import keyword
from collections.abc import Callable, Sequence

from portalis.translator.ui.models import editor_keys as keys
from portalis.translator.ui.models.colours import Part
from portalis.translator.ui.models.editor_text import EditorText, Place
from portalis.translator.ui.models.names import Found, Known, Offer, names_at

# So many letters are typed before names are offered that nobody asked for.
_LETTERS = 2
_MOVES = {keys.UP: -1, keys.DOWN: 1}


class Completion:
    """The names that are offered, first those that the text defines; none where the list is closed. `known` are those from beside it."""

    def __init__(self, text: EditorText, known: Callable[[], Known]) -> None:
        self.offers: tuple[Offer, ...] = ()
        self.chosen = 0
        # Where the word begins that is completed.
        self.start = Place(0, 0)
        self._text = text
        self._known = known
        self._asked = False

    @property
    def is_open(self) -> bool:
        """Whether there is anything to choose from."""
        return bool(self.offers)

    def ask(self) -> None:
        """Offer names at the next look, however little is typed."""
        self._asked = True

    def look(self, parts: Sequence[Sequence[Part]]) -> None:
        """Offer what fits the text as it is now, whose parts are given."""
        text = self._text
        found = names_at(text.lines, parts, text.caret, self._known()) if text.caret == text.anchor else None
        offers = _fitting(found, self._asked) if found is not None else ()
        if found is None or not offers:
            self.close()
            return
        before = self.offers[self.chosen] if self.is_open and found.start == self.start else None
        self.offers, self.start = offers, found.start
        self.chosen = offers.index(before) if before in offers else 0

    def press(self, key: int, modifiers: int) -> bool:
        """Do what a key does to the list; False where that is nothing, or the list is closed."""
        held = keys.held(modifiers)
        if (key, held) == (keys.SPACE, keys.CONTROL):
            self.ask()
            return True
        if not self.is_open or held:
            return False
        if key == keys.ESCAPE:
            self.close()
        elif key in _MOVES:
            self.chosen = (self.chosen + _MOVES[key]) % len(self.offers)
        else:
            return False
        return True

    def take(self, index: int | None = None) -> None:
        """Put one of the names into the text, the chosen one where none is given."""
        name = self.offers[self.chosen if index is None else index].name
        text = self._text
        text.select(self.start, text.caret)
        text.insert(name)
        self.close()

    def close(self) -> None:
        """Offer nothing any more."""
        self.offers, self.chosen, self._asked = (), 0, False


def _fitting(found: Found, asked: bool) -> tuple[Offer, ...]:
    """Return the offers that begin as the word does, those in its case first."""
    word = found.word
    # What is a name already is left alone, so that Enter ends its line.
    if not asked:
        if len(word) < (0 if found.after_dot else _LETTERS) or keyword.iskeyword(word):
            return ()
        if any(item.name == word for item in found.offers):
            return ()
    same = [item for item in found.offers if item.name.startswith(word) and item.name != word]
    small = word.casefold()
    other = [item for item in found.offers if item.name.casefold().startswith(small) and not item.name.startswith(word)]
    return (*same, *other)
