"""The functions on objects: each is an object of its own, compiled once and linked to the programs that call it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portalis.translator.backends.llvm.heap import ints, lists, texts, wire

_NAME = re.compile(r"(?:define|call) \w+ @((?:heap|wire)\.\w+)\(")
_DEFINITION = re.compile(r"define (\w+ @((?:heap|wire)\.\w+)\(([^)]*)\))")


@dataclass(frozen=True, slots=True)
class HeapFunction:
    """One function: what a declaration says of it, and its definition."""

    prototype: str
    text: str


def _table(*sources: str) -> dict[str, HeapFunction]:
    found: dict[str, HeapFunction] = {}
    for source in sources:
        for text in re.split(r"(?m)^(?=define )", source):
            head = _DEFINITION.match(text)
            if head:
                found[head[2]] = HeapFunction(re.sub(r" %\w+", "", head[1]), text)
    return found


HEAP_FUNCTIONS = _table(lists.TEXT, ints.TEXT, texts.TEXT, wire.TEXT)


def mentioned(body: str) -> list[str]:
    """List the functions on objects that a text calls, but for those that it defines itself."""
    defined = {head[2] for head in _DEFINITION.finditer(body)}
    return [name for name in dict.fromkeys(_NAME.findall(body)) if name not in defined]


def heap_text(name: str) -> str:
    """Return the definition of one function; KeyError where there is none."""
    return HEAP_FUNCTIONS[name].text
