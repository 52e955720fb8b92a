"""Calls of every public method of Python's containers, and what becomes of each: the same as in CPython, a guard, or a refusal."""

from __future__ import annotations

import builtins
import copy
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portalis.translator.calling.executable import GuardError
from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.source import SourceFile
from tests.references.method_shapes import CHANGED, SHAPES

CALLS, EXAMPLES = 12, 5


_TEXTS = (
    "", "a", "ab", "abc", "aXbX", "Hello, World", "  two  words ", "tab\tand\ttab", "one\ntwo\r\nthree\r", "x=1=2", "123", "-007", "+5",
    "٣٤", "ß", "ǅ", "İ", "éÉ", "😀a😀", "e\u0301", "a\x0bb\x0cc\x1c\x85\u2028d", "A1b2",
    "ʼn", "ﬁne", "Ⅷ", "½", "_id9", "9id", "\u00a0x\u3000", "aaa", "aaaa",
)  # fmt: skip
_SHORT = ("", "a", "b", "X", "aa", "ab", " ", "\n", "=", "o", "l", "123", "😀", "wo", "-")
_CHARACTERS = ("x", " ", "0", "é", "😀", "ab", "")
_OCTETS = (
    b"", b"a", b"abc", b"aXbX", b"Hello, World's end", b"  two \x1c words ", b"tab\tand\ttab", b"one\ntwo\r\nthree\r\x0b", b"x=1=2",
    b"123", b"-007", b"+5", b"\x00\x80\xff", b"\xc3\xa9 \xe2\x82\xac", b"\xf0\x9f\x98", b"\xed\xa0\x80a", b"A1b2", b"aaaa", b"abab'\"\\",
)  # fmt: skip
_PIECES = (b"", b"a", b"b", b"X", b"aa", b"ab", b" ", b"\n", b"=", b"o", b"\xff", b"wo", b"-")
_FLOATS = (0.0, -0.0, 1.0, 2.5, -3.25, 1e300)


def _several(make: Callable[[random.Random], Any], longest: int = 5) -> Callable[[random.Random], Any]:
    return lambda chance: [make(chance) for _ in range(chance.randint(0, longest))]


def _of(*values: Any) -> Callable[[random.Random], Any]:
    return lambda chance: chance.choice(values)


def _dict(key: str, value: str) -> Callable[[random.Random], Any]:
    return lambda chance: {MAKE[key](chance): MAKE[value](chance) for _ in range(chance.randint(0, 5))}


# What a parameter is given, by its name without what stands behind a low line.
MAKE: Mapping[str, Callable[[random.Random], Any]] = {
    "text": _of(*_TEXTS),
    "part": _of(*_SHORT),
    "char": _of(*_CHARACTERS),
    "maybe": _of(None, *_SHORT),
    "affixes": _several(_of(*_SHORT), 3),
    "data": _of(*_OCTETS),
    "array": lambda chance: bytearray(chance.choice(_OCTETS)),
    "piece": _of(*_PIECES),
    "filler": _of(b"*", b"\xff", b"ab", b""),
    "octet": _of(0, 97, 98, 255, 256, -1),
    "octets": _several(_of(0, 97, 255, 256)),
    "table": _of(bytes(range(256)), bytes(range(255, -1, -1)), b"short"),
    "digitsof": _of("", "00ff", "Ab 1c\n", "a", "abc", "1g", "é0", " 0 1"),
    "flag": _of(True, False),
    "integer": _of(0, 1, -1, 2, 127, 128, -128, -129, 255, 65536, 2**62, -(2**62), 2**63 - 1, -(2**63)),
    "z": _of(0j, 1 + 2j, complex(-0.0, 1.5), -2.5j),
    "width": _of(-1, 0, 1, 3, 5, 6, 9),
    "index": _of(*range(-7, 8), 2**62, -(2**62)),
    "few": _of(-2, -1, 0, 1, 2, 3),
    "number": lambda chance: chance.randint(-3, 6),
    "real": _of(*_FLOATS),
    "word": _of("", "a", "b", "c", "ab"),
    "pair": lambda chance: (chance.randint(0, 2), chance.choice("ab")),
    "either": _of(1, 2, "a", "b"),
    "optional": _of(None, 1, 2, 3),
    "row": lambda chance: [chance.randint(0, 2) for _ in range(chance.randint(0, 2))],
}
MAKE = {
    **MAKE,
    **{f"{name}s": _several(MAKE[name]) for name in ("number", "real", "word", "pair", "either", "optional", "row")},
    "counts": _dict("word", "number"),
    "names": _dict("number", "word"),
    "weights": _dict("pair", "real"),
    "lists": _dict("word", "row"),
    "fields": lambda chance: {"a": chance.choice(_TEXTS), "b": chance.choice(_TEXTS)},
    "tableint": lambda chance: {chance.choice((97, 98, 88, 32, 128512)): chance.choice((65, 66, 128513)) for _ in range(3)},
    "tablestr": lambda chance: {chance.choice((97, 98, 88, 32)): chance.choice(("", "z", "long")) for _ in range(3)},
    "tablenone": lambda chance: {chance.choice((97, 98, 88, 32)): chance.choice((None, "z")) for _ in range(3)},
    "group": lambda chance: {chance.randint(0, 7) for _ in range(chance.randint(0, 6))},
    "letters": lambda chance: {chance.choice("abcd") for _ in range(chance.randint(0, 4))},
    "frozen": lambda chance: frozenset(chance.randint(0, 7) for _ in range(chance.randint(0, 6))),
    "frozenletters": lambda chance: frozenset(chance.choice("abcd") for _ in range(chance.randint(0, 4))),
    "digits": lambda chance: [chance.randint(0, 7) for _ in range(chance.randint(0, 5))],
    "several": lambda chance: tuple(chance.randint(0, 4) for _ in range(chance.randint(0, 5))),
}  # fmt: skip

# Parameters whose type no example tells in full.
ANNOTATED = {
    "several": "tuple[int, ...]",
    "maybe": "str | None",
    "optional": "int | None",
    "optionals": "list[int | None]",
    "eithers": "list[int | str]",
}


class _Raised(Exception):
    """What a program raised: the name of its class, and its text."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One way of calling a method: an expression whose names are parameters, the first the receiver."""

    owner: str
    method: str
    text: str

    @property
    def parameters(self) -> list[str]:
        """The names in it that are given values, in order."""
        found: list[str] = []
        word = ""
        for character in self.text + " ":
            if character.isidentifier() or (word and character.isdigit()):
                word += character
                continue
            if word and word.partition("_")[0] in MAKE and word not in found:
                found.append(word)
            word = ""
        return found

    @property
    def source(self) -> str:
        """A program that makes the call, and where the receiver may have changed, returns it too."""
        annotated = [f"{name}: {ANNOTATED[kind]}" if (kind := name.partition("_")[0]) in ANNOTATED else name for name in self.parameters]
        heading = f"def f({', '.join(annotated)}):\n"
        if self.owner in CHANGED and "." in self.text:
            return f"{heading}    found = {self.text}\n    return found, {self.parameters[0]}\n"
        return f"{heading}    return {self.text}\n"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a shape: the codes that refused it, or how many calls were equal, raised as in CPython, and were stopped."""

    shape: Shape
    codes: tuple[str, ...] = ()
    equal: int = 0
    raised: int = 0
    guarded: int = 0
    different: tuple[str, ...] = ()


def shapes() -> Iterator[Shape]:
    """Go over all shapes, by owner and method."""
    for owner, methods in SHAPES.items():
        for method in [name for name in dir(getattr(builtins, owner)) if not name.startswith("_")]:
            for text in methods[method]:
                yield Shape(owner, method, text)


def calls_of(shape: Shape) -> list[tuple[Any, ...]]:
    """Return arguments for a shape, the same ones in every process."""
    chance = random.Random(f"{shape.owner} {shape.text}")
    return [tuple(MAKE[name.partition("_")[0]](chance) for name in shape.parameters) for _ in range(CALLS)]


def called(function: Callable[..., Any], arguments: Sequence[Any]) -> tuple[Any, ...]:
    """Return what a call gives or raises, and its arguments afterwards."""
    given = copy.deepcopy(list(arguments))
    try:
        value = function(*given)
    except GuardError:
        return ("guarded",)
    except _Raised as error:
        return *error.args, given
    except Exception as error:
        return type(error).__name__, str(error), given
    return "value", value, given


def outcome(shape: Shape, execute: Callable[[Lowered], Any]) -> Outcome:
    """Translate a shape and hold every call to CPython's."""
    namespace: dict[str, Any] = {}
    exec(shape.source, namespace)
    calls = calls_of(shape)
    good = [call for call in calls if called(namespace["f"], call)[0] == "value"] or calls
    # What is empty tells no type, and each type is a signature.
    good.sort(key=lambda call: sum(one in ([], {}, set(), ()) for one in call))
    examples = tuple(dict.fromkeys("f(" + ", ".join(map(repr, call)) + ")" for call in good[:EXAMPLES]))
    try:
        executable = execute(lower(SourceFile("methods.py", shape.source), "f", examples, references=True))
    except TranslationError as error:
        return Outcome(shape, tuple(dict.fromkeys(found.code for found in error.diagnostics)))

    def ours(*arguments: Any) -> Any:
        found = executable.run(arguments)
        if found.exception is not None:
            raise _Raised(*found.exception)
        return found.value

    equal, raised, guarded, different = 0, 0, 0, []
    for call in calls:
        mine, wanted = called(ours, call), called(namespace["f"], call)
        if mine[0] == "guarded":
            guarded += 1
        elif _shown(mine) != _shown(wanted):
            different.append(f"{shape.text} of {call}: {mine} for {wanted}")
        elif mine[0] == "value":
            equal += 1
        else:
            raised += 1
    return Outcome(shape, (), equal, raised, guarded, tuple(different))


def _shown(found: Any) -> str:
    """Return an outcome as text in which a set of texts has no order, since CPython's differs from run to run."""
    if isinstance(found, set | frozenset) and all(isinstance(one, str) for one in found):
        return f"{type(found).__name__} {sorted(found)}"
    if isinstance(found, list | tuple):
        return f"{type(found).__name__} {[_shown(one) for one in found]}"
    return repr(found)
