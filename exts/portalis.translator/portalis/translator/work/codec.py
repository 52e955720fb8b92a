"""Dataclasses as bytes and back, held to their own annotations on both ways: nothing is constructed that the schema does not name.

The text is JSON. A dataclass is an object with exactly its fields, one of a union of dataclasses `[class name, object]`, a tuple a list,
bytes are base64. Floats keep their bits (JSON as Python writes it has inf and nan).
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import functools
import json
import types
import typing
from collections.abc import Callable
from typing import Any, Literal, TypeAlias, TypeVar, Union

T = TypeVar("T")
Codec: TypeAlias = Callable[[Any], Any]
_SCALARS = (int, float, bool, str)
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class CodecError(Exception):
    """A value or a text that does not fit its schema."""


def encode(kind: type[Any], value: Any) -> bytes:
    """Return a value of a dataclass as bytes; CodecError where a field holds what it is not declared to hold."""
    return _JSON.encode(_codec(kind)[0](value)).encode("utf-8", "surrogatepass")


def decode(kind: type[T], data: bytes) -> T:
    """Return the value that `encode` wrote; CodecError where the bytes are not exactly one value of this class."""
    try:
        document = json.loads(data.decode("utf-8", "surrogatepass"))
        return typing.cast(T, _codec(kind)[1](document))
    except (ValueError, RecursionError) as error:
        raise CodecError(f"no {kind.__name__}: {type(error).__name__}: {ascii(error)[:200]}") from None


def _make_codec(kind: Any) -> tuple[Codec, Codec]:
    """Return what writes and what reads values of one annotation."""
    if kind is None or kind is types.NoneType:
        return (_scalar(types.NoneType),) * 2
    if kind in _SCALARS:
        return (_scalar(kind),) * 2
    if kind is bytes:
        return _write_bytes, _read_bytes
    if dataclasses.is_dataclass(kind):
        return _dataclass_codec(typing.cast(type, kind))
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is Literal:
        return (_literal(arguments),) * 2
    if origin is tuple:
        return _tuple_codec(arguments)
    if origin is dict and arguments[0] is str:
        return _dict_codec(arguments[1])
    if origin in (Union, types.UnionType):
        return _union_codec(arguments)
    raise TypeError(f"{kind} cannot cross between processes")


_codec: Callable[[Any], tuple[Codec, Codec]] = functools.cache(_make_codec)


def _scalar(kind: type) -> Codec:
    def check(value: Any) -> Any:
        if type(value) is not kind:
            raise CodecError(f"{kind.__name__} was expected, not {type(value).__name__}")
        return value

    return check


def _literal(choices: tuple[Any, ...]) -> Codec:
    # By type, since True is 1 and what is no scalar has no hash.
    known = {type(choice): frozenset(other for other in choices if type(other) is type(choice)) for choice in choices}

    def check(value: Any) -> Any:
        if value not in known.get(type(value), ()):
            raise CodecError(f"one of {choices} was expected")
        return value

    return check


def _write_bytes(value: Any) -> str:
    if type(value) is not bytes:
        raise CodecError(f"bytes were expected, not {type(value).__name__}")
    return base64.b64encode(value).decode("ascii")


def _read_bytes(text: Any) -> bytes:
    if type(text) is not str:
        raise CodecError(f"base64 was expected, not {type(text).__name__}")
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise CodecError("base64 was expected") from None


def _items(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise CodecError(f"{kind.__name__} was expected, not {type(value).__name__}")
    return value


def _tuple_codec(arguments: tuple[Any, ...]) -> tuple[Codec, Codec]:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        # Looked up when first used: an annotation may name the class that it stands in.
        item = functools.cache(lambda: _codec(arguments[0]))
        return lambda value: list(map(item()[0], _items(value, tuple))), lambda parts: tuple(map(item()[1], _items(parts, list)))
    codecs = [_codec(argument) for argument in arguments]

    def convert(value: Any, kind: type, way: int) -> list[Any]:
        if len(_items(value, kind)) != len(codecs):
            raise CodecError(f"{len(codecs)} items were expected, not {len(value)}")
        return [codec[way](part) for codec, part in zip(codecs, value, strict=True)]

    return lambda value: convert(value, tuple, 0), lambda parts: tuple(convert(parts, list, 1))


def _dict_codec(argument: Any) -> tuple[Codec, Codec]:
    codec, text = _codec(argument), _scalar(str)

    def convert(value: Any, way: int) -> dict[str, Any]:
        return {text(key): codec[way](item) for key, item in _items(value, dict).items()}

    return lambda value: convert(value, 0), lambda value: convert(value, 1)


def _union_codec(arguments: tuple[Any, ...]) -> tuple[Codec, Codec]:
    classes: dict[str, Any] = {kind.__name__: kind for kind in arguments if isinstance(kind, type) and dataclasses.is_dataclass(kind)}
    others = [kind for kind in arguments if not dataclasses.is_dataclass(kind)]
    simple = {types.NoneType if kind is None else typing.get_origin(kind) or kind: kind for kind in others}

    def write(value: Any) -> Any:
        name = type(value).__name__
        if classes.get(name) is type(value):
            return value_of_class(name, value)
        if type(value) in simple:
            return _codec(simple[type(value)])[0](value)
        raise CodecError(f"one of {arguments} was expected, not {name}")

    def value_of_class(name: str, value: Any) -> Any:
        document = _codec(classes[name])[0](value)
        return document if len(classes) == 1 else [name, document]

    def read(document: Any) -> Any:
        if len(classes) == 1 and type(document) is dict:
            return _codec(next(iter(classes.values())))[1](document)
        if len(classes) > 1 and type(document) is list and len(document) == 2 and type(document[0]) is str and document[0] in classes:
            return _codec(classes[document[0]])[1](document[1])
        kind = tuple if type(document) is list else type(document)
        if kind in simple:
            return _codec(simple[kind])[1](document)
        raise CodecError(f"one of {arguments} was expected")

    return write, read


def _dataclass_codec(kind: type) -> tuple[Codec, Codec]:
    @functools.cache
    def codecs() -> dict[str, tuple[Codec, Codec]]:
        hints = typing.get_type_hints(kind)
        return {field.name: _codec(hints[field.name]) for field in dataclasses.fields(kind) if field.init}

    # A field that leads back to its object says as which attribute it is written.
    attributes = {field.name: field.metadata.get("written", field.name) for field in dataclasses.fields(kind)}

    def write(value: Any) -> dict[str, Any]:
        if type(value) is not kind:
            raise CodecError(f"{kind.__name__} was expected, not {type(value).__name__}")
        return {name: write_field(getattr(value, attributes[name])) for name, (write_field, _) in codecs().items()}

    def read(document: Any) -> Any:
        if type(document) is not dict or document.keys() != codecs().keys():
            raise CodecError(f"{kind.__name__} has the fields {', '.join(codecs())}")
        return kind(**{name: read_field(document[name]) for name, (_, read_field) in codecs().items()})

    return write, read
