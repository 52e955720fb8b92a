"""Methods of lists and texts: rows that name the function of `library/` that each is."""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from portalis.translator.frontend.calls.binder import Misfit, Parameters, positional_only
from portalis.translator.frontend.calls.methods.encodings import encode
from portalis.translator.frontend.calls.methods.texts import rows_of_texts
from portalis.translator.frontend.calls.numbers.flags import as_flag
from portalis.translator.frontend.calls.rows import Row
from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import constant, describe
from portalis.translator.frontend.facts.model import Fact, Known, Unknown
from portalis.translator.frontend.types.numbers.wide import INTS, narrowed
from portalis.translator.frontend.types.references.hashed import as_sought, grown_for, grown_to_hold
from portalis.translator.frontend.types.references.list import mixed, put_in
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.unions.members import coerced
from portalis.translator.ir.types import NONE, TEXT, DictRef


@dataclass(frozen=True, slots=True)
class LibraryMethod:
    """A method that is a function of a module of the library: `takes` the types of its arguments ("item": an element of the receiver's).

    With fewer arguments than it takes at most, it is the function with their number behind its name.
    """

    module: str
    function: str
    takes: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def refuse_arguments(infer: Inference, node: ast.Call, row: Row, args: Sequence[Known], misfit: Misfit | None) -> Unknown:
    """Refuse a method that has no meaning for its arguments."""
    given = ", ".join(describe(arg.type) for arg in args[1:]) or "nothing"
    return infer.refuse("P0310", node, f"`{row.name}` is not called with {given} here", "see Python's documentation of it")


def library_method(owner: str, name: str, method: LibraryMethod) -> Row:
    """Return the row of a method that is a function of the library."""

    def meaning(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
        receiver, *given = args
        wanted = (*method.takes, *method.optional)[: len(given)]
        receiver = grown_for(infer, receiver, dict(zip(wanted, given, strict=False)))
        values = [_fitting(infer, node, receiver, value, kind) for value, kind in zip(given, wanted, strict=True)]
        found = [value for value in values if isinstance(value, Known)]
        if len(found) < len(values):
            return next((value for value in values if isinstance(value, Unknown)), None)
        suffix = f"_{len(given)}" if method.optional else ""
        return infer.library(node, method.module, f"{method.function}{suffix}", [receiver, *found])

    names = method.names or tuple(f"argument_{index}" for index in range(len(method.takes) + len(method.optional)))
    parameters = Parameters(("self", *names), 1 + (0 if method.names else len(names)), (), dict.fromkeys(names[len(method.takes) :]))
    return Row(f"{owner}.{name}", parameters, meaning, refuse_arguments)


def _fitting(infer: Inference, node: ast.Call, receiver: Known, value: Known, kind: str) -> Known | Unknown | None:
    """Return an argument as a library function takes it; None where it has another type."""
    match kind:
        case "int":
            return narrowed(infer, node, value) if value.type in INTS else None
        case "str":
            return value if value.type == TEXT else None
        case "start" | "stop":
            # `sys.maxsize` is what CPython itself takes for an end that is None.
            end = constant(value.span, 0 if kind == "start" else sys.maxsize) if value.type == NONE and value.is_constant else value
            return narrowed(infer, node, end) if end.type in INTS else None
        case "bool":
            return as_flag(infer, node, value)
        case "item":
            stored = put_in(infer, receiver, value)
            if stored is not None:
                return stored
            refused = mixed(infer, node, receiver, value)
            assert isinstance(refused, Unknown)
            return refused
        case "same":
            return value if infer.unify(receiver.type, value.type) is not None else None
        case "key":
            return as_sought(infer, receiver, value)
        case "any":
            return value
        case _:
            raise AssertionError(kind)


def _append(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    receiver, value = args
    stored = put_in(infer, receiver, value)
    return mixed(infer, node, receiver, value) if stored is None else operated(infer.span(node), NONE, "list.append", receiver, stored)


_LIST: Mapping[str, LibraryMethod] = {
    "clear": LibraryMethod("lists", "clear"),
    "copy": LibraryMethod("lists", "copied"),
    "count": LibraryMethod("lists", "count_of", ("any",)),
    "extend": LibraryMethod("lists", "extend", ("same",)),
    "index": LibraryMethod("lists", "index_of", ("any",), ("int", "int")),
    "insert": LibraryMethod("lists", "insert", ("int", "item")),
    "pop": LibraryMethod("lists", "pop", (), ("int",)),
    "remove": LibraryMethod("lists", "remove", ("any",)),
    "reverse": LibraryMethod("ordering", "reverse"),
}
BOUNDED = ("start", "stop")
_TEXT: Mapping[str, LibraryMethod] = {
    **{name: LibraryMethod("casing", name) for name in (
        "capitalize", "casefold", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric",
        "isprintable", "isspace", "istitle", "isupper", "lower", "swapcase", "title", "upper",
    )},
    **{name: LibraryMethod("searching", name, ("str",), BOUNDED) for name in (
        "count", "find", "index", "rfind", "rindex",
    )},
    **{name: LibraryMethod("editing", name, ("int",), ("str",)) for name in ("center", "ljust", "rjust")},
    **{name: LibraryMethod("searching", name, ("str",)) for name in ("removeprefix", "removesuffix")},
    **{name: LibraryMethod("editing", name, ("str",)) for name in ("partition", "rpartition")},
    "expandtabs": LibraryMethod("editing", "expandtabs", (), ("int",), ("tabsize",)),
    "replace": LibraryMethod("editing", "replace", ("str", "str"), ("int",)),
    "splitlines": LibraryMethod("editing", "splitlines", (), ("bool",), ("keepends",)),
    "zfill": LibraryMethod("editing", "zfill", ("int",)),
}  # fmt: skip


@cache
def list_rows() -> Mapping[str, Row]:
    """Return the rows of the methods of lists, by their names; their first argument is the receiver."""
    rows = {name: library_method("list", name, method) for name, method in _LIST.items()}
    return {**rows, "append": Row("list.append", positional_only("self", "value"), _append, refuse_arguments)}


_DICT: Mapping[str, LibraryMethod] = {
    "clear": LibraryMethod("dictionaries", "clear"),
    "get": LibraryMethod("dictionaries", "get", ("key",), ("any",)),
    "pop": LibraryMethod("dictionaries", "pop", ("key",), ("any",)),
    "update": LibraryMethod("dictionaries", "update", ("same",)),
}


def _setdefault(infer: Inference, node: ast.Call, args: Sequence[Known]) -> Fact | None:
    receiver, key, default = args
    grown = grown_to_hold(infer, node, receiver, key, default)
    if isinstance(grown, Unknown):
        return grown
    assert isinstance(grown.type, DictRef)
    stored = coerced(infer, key, grown.type.key), coerced(infer, default, grown.type.value)
    return infer.library(node, "dictionaries", "setdefault", [grown, *stored])


@cache
def dict_rows() -> Mapping[str, Row]:
    """Return the rows of the methods of dicts."""
    setdefault = Parameters(("self", "key", "default"), 3, (), {"default": ast.Constant(None)})
    rows = {name: library_method("dict", name, method) for name, method in _DICT.items()}
    return {**rows, "setdefault": Row("dict.setdefault", setdefault, _setdefault, refuse_arguments)}


@cache
def tuple_rows() -> Mapping[str, Row]:
    """Return the rows of the methods of tuples of any length."""
    return {
        "count": library_method("tuple", "count", _LIST["count"]),
        "index": library_method("tuple", "index", replace(_LIST["index"], module="tuples")),
    }


@cache
def text_rows() -> Mapping[str, Row]:
    """Return the rows of the methods of texts."""
    encoded = Parameters(("self", "encoding", "errors"), 1, (), {"encoding": ast.Constant("utf-8"), "errors": ast.Constant("strict")})
    return {
        **{name: library_method("str", name, method) for name, method in _TEXT.items()},
        **rows_of_texts(),
        "encode": Row("str.encode", encoded, encode, refuse_arguments),
    }
