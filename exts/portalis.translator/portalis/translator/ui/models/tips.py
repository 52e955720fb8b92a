"""What is said where a pointer rests, in lines that fit beside it: omni.ui breaks none, and cuts what is wider than the window."""

from __future__ import annotations

import textwrap

from portalis.translator.ui.models.glyphs import glyphs

_LETTERS = 64


def tip(text: str) -> str:
    """Return a text in lines of at most 64 letters; a path that is longer goes on in the next."""
    return "\n".join(_broken(line) for line in glyphs(text).split("\n"))


def _broken(line: str) -> str:
    return line if len(line) <= _LETTERS else "\n".join(textwrap.wrap(line, _LETTERS, break_on_hyphens=False))
