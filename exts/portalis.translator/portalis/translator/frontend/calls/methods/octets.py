"""Methods of bytes: rows that are those of texts of the same numbers, where these do the same, and what they give as bytes again."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from portalis.translator.frontend.calls.binder import Parameters, positional_only
from portalis.translator.frontend.calls.methods.encodings import decode
from portalis.translator.frontend.calls.methods.objects import BOUNDED, LibraryMethod, library_method, refuse_arguments
from portalis.translator.frontend.calls.methods.texts import SPLIT, affix_meaning, split_meaning, strip_meaning
from portalis.translator.frontend.calls.rows import Meaning, Row
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, element_at, hold
from portalis.translator.frontend.facts.model import Evaluated, Fact, Known, Step, Unknown
from portalis.translator.frontend.types.numbers.wide import INTS, narrowed
from portalis.translator.frontend.types.octets.changing import as_bytearray, numbers_in
from portalis.translator.frontend.types.octets.octets import as_octets, as_text, is_octets
from portalis.translator.frontend.types.references.text import text_constant
from portalis.translator.frontend.types.sequences import make_tuple
from portalis.translator.ir.types import BYTEARRAY, NEVER, NONE, OCTETS, TEXT, ListRef, TupleType

_TEXTS = ListRef(TEXT)
_LIBRARY: Mapping[str, LibraryMethod] = {
    **{name: LibraryMethod("octets", name) for name in (
        "capitalize", "isalnum", "isalpha", "isascii", "isdigit", "islower", "isspace", "istitle", "isupper", "lower", "swapcase",
        "title", "upper",
    )},
    **{name: LibraryMethod("searching", name, ("str",), BOUNDED) for name in ("count", "find", "rfind")},
    **{name: LibraryMethod("octets", name, ("str",), BOUNDED) for name in ("index", "rindex")},
    **{name: LibraryMethod("searching", name, ("str",)) for name in ("removeprefix", "removesuffix")},
    **{name: LibraryMethod("editing", name, ("str",)) for name in ("partition", "rpartition")},
    "expandtabs": LibraryMethod("editing", "expandtabs", (), ("int",), ("tabsize",)),
    "replace": LibraryMethod("editing", "replace", ("str", "str"), ("int",)),
    "splitlines": LibraryMethod("octets", "splitlines", (), ("bool",), ("keepends",)),
    "zfill": LibraryMethod("editing", "zfill", ("int",)),
}  # fmt: skip
# Methods that take a number for the bytes of it alone.
_SOUGHT = frozenset(("count", "find", "rfind", "index", "rindex"))
_FILLED = ("center", "ljust", "rjust")


def _taken(infer: Inference, node: ast.Call, name: str, value: Known) -> Fact | None:
    """Return an argument of a method as the same method of a text takes it; None where there is none."""
    if is_octets(value.type):
        return None if value.type == BYTEARRAY and name in _FILLED else as_text(value)
    if value.type == TEXT:
        return None
    if isinstance(value.type, TupleType) and OCTETS in value.type.items:
        if any(item != OCTETS for item in value.type.items):
            return None
        return make_tuple(infer, node, [as_text(element_at(value, index, OCTETS)) for index in range(len(value.type.items))])
    return value


def _given(infer: Inference, node: ast.Call, found: Fact | None) -> Fact | None:
    """Return what a method of a text gave as what that of bytes gives."""
    if not isinstance(found, Known):
        return found
    if found.type == TEXT:
        return as_octets(found)
    if isinstance(found.type, ListRef) and found.type == _TEXTS:
        return infer.library(node, "octets", "as_octets_each", [found])
    if isinstance(found.type, TupleType) and found.type.items and set(found.type.items) == {TEXT}:
        steps: list[Step] = []
        held = hold(infer, found, "parts", steps)
        parts = [as_octets(element_at(held, index, TEXT)) for index in range(len(found.type.items))]
        made = make_tuple(infer, node, parts)
        return after(infer.span(node), steps, made) if isinstance(made, Known) else made
    return found


def as_of_octets(name: str, meaning: Meaning) -> Meaning:
    """Return the meaning of a method of bytes that is one of texts."""

    def of_octets(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        steps: list[Step] = []
        # A bytearray is looked at when all arguments have been evaluated.
        kept = any(value.type == BYTEARRAY or isinstance(value.type, TupleType) for value in args)
        held = [hold(infer, value, "octets", steps) if kept else value for value in args]
        if name in _SOUGHT and len(args) > 1 and args[1].type in INTS:
            held = [hold(infer, value, "octets", steps) for value in args]
            number = infer.library(node, "octets", "single", [narrowed(infer, node, held[1])])
            if not isinstance(number, Known):
                return number
            held[1] = as_octets_known(number)
        texts = [_taken(infer, node, name, value) for value in held]
        known = [text for text in texts if isinstance(text, Known)]
        if len(known) < len(texts):
            return next((text for text in texts if isinstance(text, Unknown)), None)
        found = _given(infer, node, meaning(infer, node, known))
        return after(infer.span(node), steps, found) if isinstance(found, Known) else found

    return of_octets


def as_octets_known(text: Known) -> Known:
    """Return a text as bytes."""
    found = as_octets(text)
    assert isinstance(found, Known)
    return found


def _filled(name: str) -> Meaning:
    def meaning(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        receiver, width, *filler = args
        if width.type not in INTS:
            return None
        if not filler:
            return infer.library(node, "editing", f"{name}_1", [receiver, narrowed(infer, node, width)])
        if filler[0].type != TEXT:
            return None
        kind = text_constant(infer, node, "bytes")
        return infer.library(node, "octets", f"{name}_filled", [receiver, narrowed(infer, node, width), filler[0], kind])

    return meaning


def _translate(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    receiver, table, removed = args
    if removed.type != TEXT:
        return None
    if table.type == NONE and table.is_constant:
        return infer.library(node, "octets", "without", [receiver, removed])
    return infer.library(node, "octets", "translated", [receiver, table, removed]) if table.type == TEXT else None


def _hex(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    receiver, *given = args
    values = [as_text(value) if value.type == OCTETS else value for value in given]
    if (values and values[0].type != TEXT) or any(value.type not in INTS for value in values[1:]):
        return None
    rest = [*values[:1], *[narrowed(infer, node, value) for value in values[1:]]]
    return infer.library(node, "codecs", f"hex_{len(rest)}", [as_text(receiver), *rest])


def joined_octets(infer: Inference, node: ast.AST, separator: Known, parts: Known) -> Fact | None:
    """Return `separator.join(parts)` of a list of bytes; None where it holds something else."""
    assert isinstance(parts.type, ListRef)
    if parts.type.item == NEVER:
        # Nothing is known to be in it: of nothing it is nothing.
        return after(parts.span, [Evaluated(one.span, one) for one in (separator, parts)], constant(parts.span, b""))
    if parts.type.item == BYTEARRAY:
        return as_octets(infer.library(node, "octet_lists", "joined", [as_text(separator), parts]))
    if infer.unify(parts.type, ListRef(OCTETS, parts.type.site)) is None:
        return None
    return as_octets(infer.library(node, "octets", "joined", [as_text(separator), parts]))


def make_octet_table(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `bytes.maketrans(old, new)`."""
    if any(not is_octets(arg.type) for arg in args):
        return None
    return as_octets(infer.library(node, "octets", "maketrans", [as_text(arg) for arg in args]))


def bytearray_from_hex(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `bytearray.fromhex(text)`."""
    found = from_hex(infer, node, args)
    return as_bytearray(numbers_in(infer, node, found)) if isinstance(found, Known) else found


def from_hex(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    """Return `bytes.fromhex(text)`."""
    return as_octets(infer.library(node, "codecs", "fromhex", args)) if args[0].type == TEXT else None


@cache
def octets_rows() -> Mapping[str, Row]:
    """Return the rows of the methods of bytes, by their names; their first argument is the receiver."""
    affix, filled = positional_only("self", "affix", optional=("start", "end")), positional_only("self", "width", optional=("fillchar",))
    translate = Parameters(("self", "table", "delete"), 2, (), {"delete": ast.Constant(b"")})
    hexed = Parameters(("self", "sep", "bytes_per_sep"), 1, (), {"sep": None, "bytes_per_sep": None})
    rows = {
        **{name: library_method("bytes", name, method) for name, method in _LIBRARY.items()},
        **{name: Row(f"bytes.{name}", SPLIT, split_meaning(name, "octets"), refuse_arguments) for name in ("split", "rsplit")},
        **{name: Row(f"bytes.{name}", affix, affix_meaning(name), refuse_arguments) for name in ("startswith", "endswith")},
        **{
            name: Row(f"bytes.{name}", positional_only("self", optional=("octets",)), strip_meaning(name, "octets"), refuse_arguments)
            for name in ("lstrip", "rstrip", "strip")
        },
        **{name: Row(f"bytes.{name}", filled, _filled(name), refuse_arguments) for name in _FILLED},
        "translate": Row("bytes.translate", translate, _translate, refuse_arguments),
    }
    decoded = Parameters(("self", "encoding", "errors"), 1, (), {"encoding": ast.Constant("utf-8"), "errors": ast.Constant("strict")})
    return {
        **{name: replace(row, meaning=as_of_octets(name, row.meaning)) for name, row in rows.items() if row.meaning is not None},
        "decode": Row("bytes.decode", decoded, decode, refuse_arguments),
        "hex": Row("bytes.hex", hexed, _hex, refuse_arguments),
    }
