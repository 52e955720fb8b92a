"""What the parts of a Python text are, for colouring: from Python's own tokenizer, and line by line where that gives up."""

from __future__ import annotations

import builtins
import keyword
import re
import time
import token
import tokenize
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["plain", "keyword", "string", "number", "comment", "defined", "builtin"]


class Part(NamedTuple):
    """From one column of a line up to another; what lies between parts is plain."""

    start: int
    end: int
    kind: Kind


_BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_")) | {"self"}
_STRINGS = {token.STRING, *(getattr(token, name) for name in ("FSTRING_START", "FSTRING_MIDDLE", "FSTRING_END") if hasattr(token, name))}
_PIECE = re.compile(
    r"""(?P<comment>\#.*)|(?P<string>(?:\b[rbfu]{1,2})?(?:\"{3}(?:\\.|[^\\])*?(?:\"{3}|$)|'{3}(?:\\.|[^\\])*?(?:'{3}|$)|"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?))|(?P<number>\b\d[\w.]*)|(?P<name>\b[^\W\d]\w*)""",
    re.IGNORECASE,
)
# A string of several lines that begins in a line and does not end there.
_OPENED = re.compile(r"""(?:[rbfu]{1,2})?(\"{3}|'{3})(?:\\.|(?!\1)[^\\])*""", re.IGNORECASE)


class Colours:
    """The parts of every line that are not plain, in their order, of a text that changes.

    Lines that were typed get theirs at once, each by itself; what the tokenizer says of the whole text takes its place some frames later.
    """

    def __init__(self) -> None:
        self.parts: list[list[Part]] = []
        # Whether the tokenizer has said of the whole text.
        self.settled = True
        self._lines: list[str] = []
        self._steps: Iterator[list[list[Part]]] = iter(())

    def take(self, lines: Sequence[str]) -> None:
        """Look at another text."""
        old, new = self._lines, list(lines)
        shorter = min(len(old), len(new))
        head = next((index for index in range(shorter) if old[index] != new[index]), shorter)
        tail = next((index for index in range(shorter - head) if old[-1 - index] != new[-1 - index]), shorter - head)
        typed = [list(_pieces(line)) for line in new[head : len(new) - tail]]
        self.parts = [*self.parts[:head], *typed, *self.parts[len(old) - tail :]]
        self._lines, self._steps, self.settled = new, _tokenized(new), False

    def step(self, seconds: float = 0.004) -> None:
        """Go on for some time."""
        end = time.perf_counter() + seconds
        for parts in self._steps:
            self.parts = parts or self.parts
            if time.perf_counter() >= end:
                return
        self.settled = True


def _tokenized(lines: Sequence[str]) -> Iterator[list[list[Part]]]:
    """Give the parts of every line at the end, and nothing in between."""
    found: list[list[Part]] = [[] for _ in lines]
    reached = 0
    before = ""
    try:
        for item in tokenize.generate_tokens(iter([f"{line}\n" for line in lines]).__next__):
            if item.type == token.ERRORTOKEN:
                raise tokenize.TokenError
            kind = _kind(item.type, item.string, before)
            if item.type in (token.NAME, token.OP):
                before = item.string
            if kind != "plain":
                _mark(found, lines, item, kind)
            if item.type != token.ENDMARKER:
                reached = max(reached, item.end[0])
            if item.type == token.NEWLINE:
                yield []
    except (tokenize.TokenError, SyntaxError, ValueError):
        # What is half typed does not tokenize; the lines that came before do, and of the others each is looked at by itself.
        quotes = ""
        for index in range(max(0, reached - 1), len(lines)):
            found[index], quotes = _half_typed(lines[index], quotes)
    yield found


def _half_typed(line: str, quotes: str) -> tuple[list[Part], str]:
    """Return the parts of a line, and the quotes of a string that goes on after it; `quotes` are those of one that it begins in."""
    end = line.find(quotes) if quotes else 0
    if end < 0:
        return [Part(0, len(line), "string")] if line else [], quotes
    begin = end + len(quotes)
    parts = [Part(0, begin, "string")] if begin else []
    parts += (Part(start + begin, stop + begin, kind) for start, stop, kind in _pieces(line[begin:]))
    opened = _OPENED.fullmatch(line, parts[-1].start) if parts and parts[-1].end > begin else None
    return parts, opened[1] if opened is not None else ""


def _mark(found: list[list[Part]], lines: Sequence[str], item: tokenize.TokenInfo, kind: Kind) -> None:
    (first, start), (last, end) = item.start, item.end
    for number in range(first, min(last, len(lines)) + 1):
        begin = start if number == first else 0
        until = end if number == last else len(lines[number - 1])
        if until > begin:
            found[number - 1].append(Part(begin, until, kind))


def _pieces(line: str) -> Iterator[Part]:
    before = ""
    for item in _PIECE.finditer(line):
        if item.lastgroup == "name":
            kind = _kind(token.NAME, item.group(), before)
            before = item.group()
        else:
            kind = item.lastgroup  # type: ignore[assignment]
        if kind != "plain":
            yield Part(item.start(), item.end(), kind)


def _kind(type_: int, text: str, before: str) -> Kind:
    if type_ == token.NAME:
        if keyword.iskeyword(text):
            return "keyword"
        if before in ("def", "class"):
            return "defined"
        return "builtin" if text in _BUILTINS and before != "." else "plain"
    if type_ in _STRINGS:
        return "string"
    return "number" if type_ == token.NUMBER else "comment" if type_ == tokenize.COMMENT else "plain"
