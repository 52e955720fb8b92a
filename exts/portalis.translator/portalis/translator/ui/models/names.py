"""What may be typed at a place of a text: names that the text defines, and those that are known beside it.

From lines and what their parts are, not from a tree: what is being typed does not parse.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from portalis.translator.ui.models.colours import Part
from portalis.translator.ui.models.editor_text import Place

_WORD = re.compile(r"(?<![\w.])[^\W\d]\w*")
_OWNED = re.compile(r"\bself\.([^\W\d]\w*)")
_BEFORE = re.compile(r"([\w.]+\.|\b(?:def|class|as)\s+)?([^\W\d]\w*)?$")
_HEADER = re.compile(r"\s*(?:async\s+)?(def|class)\s+(\w+)\s*(\(.*?\))?")
_BOUND = re.compile(r"([^\W\d]\w*)\s*(?::\s*([\w.]+)[^=]*)?(?:=(?!=)|$)")
_IMPORT = re.compile(r"(?:from\s+([\w.]+)\s+)?import\s+(.+)")
_FROM = re.compile(r"\s*from\s+([\w.]+)\s+import\s+(?:.*,\s*)?$")


class Offer(NamedTuple):
    """A name that may be typed, and what it is, in a few characters."""

    name: str
    about: str


class Found(NamedTuple):
    """Where the word at the caret begins, the word up to the caret, and what it may become."""

    start: Place
    word: str
    offers: tuple[Offer, ...]
    after_dot: bool


class Known(NamedTuple):
    """Names from beside the text: of Python, after a dot (`math`, `Gf.Vec3d`), of what a binding gives, of a behaviour's methods."""

    builtins: Sequence[Offer]
    members: Callable[[str], Sequence[Offer]]
    ports: Sequence[Offer]
    methods: Sequence[Offer]


def names_at(lines: Sequence[str], parts: Sequence[Sequence[Part]], caret: Place, known: Known) -> Found | None:
    """Return what the word before the caret may become; None in comments, strings and numbers."""
    if _within(parts, caret):
        return None
    code = [_code(line, of_line) for line, of_line in zip(lines, parts, strict=True)]
    before = code[caret.line][: caret.column]
    owner, word = _BEFORE.search(before).groups("")  # type: ignore[union-attr]
    start = Place(caret.line, caret.column - len(word))
    if not owner and re.search(r"[\w.]$", before[: start.column]):
        return None
    # What is being typed is no name of the text.
    code[caret.line] = before[: start.column] + " " + re.sub(r"^\w+", "", code[caret.line][caret.column :])
    offers = _offers(code, start, owner.rstrip(), known)
    unique: dict[str, Offer] = {}
    for item in offers:
        if not keyword.iskeyword(item.name) and (item.name not in unique or not unique[item.name].about):
            unique[item.name] = item
    return Found(start, word, tuple(unique.values()), owner.endswith("."))


def known_names(ports: Sequence[Offer]) -> Known:
    """Return what the front-end knows, beside the names that a binding gives."""
    from portalis.translator.frontend.assemble.entry import METHODS
    from portalis.translator.frontend.infer.names.known import builtin_names, member_names

    return Known(
        [Offer(*item) for item in builtin_names()],
        lambda owner: [Offer(*item) for item in member_names(owner)],
        ports,
        [Offer(name, "(self)") for name in METHODS],
    )


def _offers(code: list[str], start: Place, owner: str, known: Known) -> Iterator[Offer]:
    function, class_ = _around(code, start)
    if owner in ("def", "class", "as"):
        yield from known.methods if owner == "def" and class_ is not None else ()
    elif owner == "self.":
        yield from _fields(code, class_)
    elif owner:
        yield from known.members(_type_of(owner[:-1], code, function, class_))
    elif (named := _FROM.match(code[start.line][: start.column])) is not None:
        yield from known.members(named[1].removeprefix("pxr."))
    elif function is not None and _in_signature(code, function.start, start):
        yield from known.ports
    else:
        if function is not None:
            yield from (Offer(name, "") for line in code[function.start : function.stop] for name in _WORD.findall(line))
        elif class_ is not None and not code[start.line][: start.column].strip():
            yield from known.ports
        yield from _of_module(code)
        yield from known.builtins


def _code(line: str, parts: Iterable[Part]) -> str:
    """Return a line with blanks where comments and strings stand."""
    for start, end, kind in parts:
        if kind in ("comment", "string"):
            line = line[:start] + " " * (end - start) + line[end:]
    return line


def _within(parts: Sequence[Sequence[Part]], caret: Place) -> bool:
    """Tell whether a place is in a comment or a string: the character before it is, or (of a line without any) the lines around it are."""
    line, column = caret
    if column:
        return any(part.start < column <= part.end and part.kind in ("comment", "string", "number") for part in parts[line])
    above = next((parts[index][-1] for index in range(line - 1, -1, -1) if parts[index]), None)
    below = next((parts[index][0] for index in range(line, len(parts)) if parts[index]), None)
    return above is not None and below is not None and above.kind == below.kind == "string" and below.start == 0


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _around(code: Sequence[str], place: Place) -> tuple[range | None, range | None]:
    """Return the lines of the function and of the class that a place is in."""
    function: range | None = None
    line = place.line
    limit = _indent(code[line]) + 1 if code[line].strip() else place.column
    while line >= 0:
        header, indent = _HEADER.match(code[line]), _indent(code[line])
        # What ends a signature is indented as its header; the line at the place itself may be a header.
        if code[line].strip() and indent < limit and not (code[line].lstrip().startswith(")") and line < place.line):
            limit = indent
            if header is not None and header[1] == "class":
                return function, _block(code, line, indent)
            if header is not None and function is None:
                function = _block(code, line, indent)
        line -= 1
    return function, None


def _block(code: Sequence[str], header: int, indent: int) -> range:
    """Return the lines of a block, its header first; a signature may end at the header's own indentation."""
    end = header + 1
    while end < len(code) and (not code[end].strip() or _indent(code[end]) > indent or code[end].lstrip().startswith(")")):
        end += 1
    return range(header, end)


def _in_signature(code: Sequence[str], header: int, place: Place) -> bool:
    """Tell whether a place is where a function of this header names a parameter."""
    text = "\n".join([*code[header : place.line], code[place.line][: place.column]])
    return text.count("(") > text.count(")") and re.search(r"[(,*]\s*$", text) is not None


def _fields(code: Sequence[str], class_: range | None) -> Iterator[Offer]:
    """Give the fields and methods of a class."""
    if class_ is None:
        return
    body = next((_indent(code[line]) for line in class_[1:] if code[line].strip()), 0)
    for line in class_[1:]:
        text = code[line]
        if text.strip() and _indent(text) == body:
            if (header := _HEADER.match(text)) is not None and header[1] == "def":
                yield Offer(header[2], (header[3] or "").replace("self, ", "").replace("self", ""))
            elif (bound := _BOUND.match(text.strip())) is not None and (bound[2] or "=" in text):
                yield Offer(bound[1], bound[2] or "")
    for line in class_[1:]:
        yield from (Offer(name, "") for name in _OWNED.findall(code[line]))


def _of_module(code: Sequence[str]) -> Iterator[Offer]:
    """Give what a module names outside its functions and classes."""
    for line in code:
        if not line or line[0].isspace():
            continue
        if (header := _HEADER.match(line)) is not None:
            yield Offer(header[2], header[3] or "" if header[1] == "def" else "class")
        elif (imported := _IMPORT.match(line)) is not None:
            yield from (Offer(name, "") for name, _ in _imported(imported))
        elif (bound := _BOUND.match(line)) is not None:
            yield Offer(bound[1], bound[2] or "")


def _imported(found: re.Match[str]) -> Iterator[tuple[str, str]]:
    """Give the names of an import, and what each is: a module, or what it names of one."""
    for item in found[2].strip("() ").split(","):
        name, _, other = (part.strip() for part in item.partition(" as "))
        if name.isidentifier() or (not found[1] and name):
            whole = f"{found[1]}.{name}" if found[1] else name
            yield other or name, whole.removeprefix("pxr.")


def _type_of(owner: str, code: Sequence[str], function: range | None, class_: range | None) -> str:
    """Return the module or the type that a name before a dot stands for, as far as the text says it."""
    modules = {name: whole for line in code if (found := _IMPORT.match(line.strip())) for name, whole in _imported(found)}
    first, _, rest = owner.partition(".")
    if first == "self" and rest and class_ is not None:
        name, scope = rest, class_
    else:
        name, scope = owner, function if function is not None else range(len(code))
    said = re.compile(rf"(?<![\w.])(?:self\.)?{re.escape(name)}\s*(?::|=(?!=))\s*([\w.]+)")
    owner = next((found[1] for line in scope if (found := said.search(code[line]))), owner)
    first, dot, rest = owner.partition(".")
    return f"{modules.get(first, first)}{dot}{rest}"
