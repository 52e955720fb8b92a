"""Replacements of `sub`: text with groups in it, as CPython's own parser reads them."""

from __future__ import annotations

import re
from typing import Any

from portalis.translator.frontend.read.patterns.cpython import parser
from portalis.translator.frontend.read.patterns.program import Invalid, Pattern
from portalis.translator.frontend.read.patterns.sets import Untranslated

MAX_TEMPLATE = 4_000


def read_template(text: str, pattern: Pattern) -> str:
    """Return a replacement as pairs of cells: 0 and a character, 1 and the number of a group.

    Raises Invalid where CPython raises re.error or IndexError, and Untranslated where it has no translation.
    """
    if len(text) > MAX_TEMPLATE or any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        raise Untranslated("a replacement as long as this one, or with a surrogate")
    if "\\" not in text:
        return "".join(f"\0{character}" for character in text)
    try:
        parsed = parser.parse_template(text, re.compile(pattern.text, pattern.flags))
    except (re.error, IndexError) as error:
        raise Invalid(str(error)) from None
    return "".join(_cells(item) for item in _items(parsed))


def _items(parsed: Any) -> list[str | int | None]:
    """Return the texts and group numbers of a template: CPython 3.12 gives a list of both, earlier ones two lists."""
    if isinstance(parsed, list):
        return list(parsed)
    groups, literals = parsed
    found: list[str | int | None] = list(literals)
    for index, group in groups:
        found[index] = group
    return found


def _cells(item: str | int | None) -> str:
    if isinstance(item, int):
        return f"\1{chr(item)}"
    return "".join(f"\0{character}" for character in item or "")
