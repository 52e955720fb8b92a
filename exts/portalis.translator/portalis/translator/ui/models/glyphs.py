"""A user's text in characters that are seen: omni.ui loads its fonts with Latin-1, and draws nothing of much that they have besides."""

from __future__ import annotations

# Drawn of whatever is not: no look-alike, which would hide that a curly quote is none of Python's.
PLACEHOLDER = "\ufffd"


def glyphs(text: str) -> str:
    """Return a text with as many characters, each of which is seen; line ends and tabs stay."""
    return text if text.isascii() and text.isprintable() else "".join(map(_glyph, text))


def _glyph(character: str) -> str:
    seen = character in "\n\t…" or (character <= "\xff" and character.isprintable())
    return character if seen else PLACEHOLDER
