"""Patterns and texts that somebody might come to write, drawn from a seed."""

from __future__ import annotations

import random
import re

ATOMS = (
    ".",
    r"\w",
    r"\d",
    r"\s",
    r"\W",
    r"\D",
    r"\S",
    "[ab]",
    "[^a]",
    "[a-c1]",
    r"[\d_]",
    r"[^\w]",
    "[^b\n]",
    "^",
    "$",
    r"\b",
    r"\B",
    r"\A",
    r"\Z",
)
FLAGS = (0, 0, 0, re.I, re.M, re.S, re.A, re.I | re.A, re.M | re.S)


class Patterns:
    """Draws patterns; which groups are open or there already is known while one is drawn."""

    def __init__(self, seed: int) -> None:
        self.source = random.Random(seed)
        self._groups = 0

    def draw(self, depth: int = 3) -> str:
        """Return a pattern; CPython may refuse it."""
        self._groups = 0
        return self._alternatives(depth)

    def text(self, most: int = 9) -> str:
        """Return a text that patterns may match, seldom with something beyond ASCII."""
        letters = "aabbc1 _-\nAB" if self.source.random() < 0.9 else "aé\u212a\u3000b"
        return "".join(self.source.choice(letters) for _ in range(self.source.randint(0, most)))

    def _alternatives(self, depth: int) -> str:
        return "|".join(self._sequence(depth) for _ in range(self.source.choice((1, 1, 1, 2, 3))))

    def _sequence(self, depth: int) -> str:
        return "".join(self._item(depth) for _ in range(self.source.randint(1, 3)))

    def _item(self, depth: int) -> str:
        atom = self._atom(depth)
        if self.source.random() > 0.4 or atom in ("^", "$"):
            return atom
        often = self.source.choice(("*", "+", "?", "{2}", "{1,2}", "{0,1}", "{2,}", "{,2}"))
        return atom + often + self.source.choice(("", "", "", "?", "?", "+"))

    def _atom(self, depth: int) -> str:
        kind = self.source.randrange(20)
        if kind < 6:
            return self.source.choice("aabbc1 _-\n")
        if kind < 10:
            return self.source.choice(ATOMS)
        if depth <= 0:
            return "a"
        if kind < 14:
            self._groups += 1
            return f"({self._alternatives(depth - 1)})"
        if kind == 14:
            return f"(?:{self._alternatives(depth - 1)})"
        if kind == 15:
            return self.source.choice(("(?=", "(?!", "(?<=", "(?<!", "(?>")) + f"{self._alternatives(depth - 1)})"
        number = self.source.randint(1, self._groups) if self._groups else 0
        if kind == 16 and number:
            return f"\\{number}"
        if kind == 17 and number:
            return f"(?({number}){self._sequence(depth - 1)}|{self._sequence(depth - 1)})"
        return f"(?i:{self._alternatives(depth - 1)})" if kind == 18 else "b"
