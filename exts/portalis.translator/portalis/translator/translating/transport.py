"""Requests to the worker as bytes. Library functions keep their identity on the other side, so that what is known of them is known once."""

from __future__ import annotations

import dataclasses
import functools
import io
import operator
import pickle
from collections.abc import Callable
from typing import Any

from portalis.translator.ir.nodes import Function

# Both sides hold the library's specialisations for as long as they live; a program uses dozens of them.
_KEPT = 4096


class _Pickler(pickle.Pickler):
    """Writes a dataclass with slots as a call of its class: what `dataclasses` writes instead looks its fields up for every object."""

    def reducer_override(self, value: Any) -> Any:
        kind: Any = type(value)
        take = _field_values(kind)
        return NotImplemented if take is None else (kind, take(value))


class _RequestPickler(_Pickler):
    """Writes library functions as bytes that are kept."""

    def reducer_override(self, value: Any) -> Any:
        if type(value) is Function and value.library:
            return _load_library_function, (_library_function(value),)
        return super().reducer_override(value)


@functools.cache
def _field_values(kind: type) -> Callable[[Any], tuple[Any, ...]] | None:
    """Return what takes an object's fields in the order of its class's parameters; None where the two are not the same."""
    if not dataclasses.is_dataclass(kind) or "__slots__" not in vars(kind) or hasattr(kind, "__post_init__"):
        return None
    fields = dataclasses.fields(kind)
    if not all(item.init and not item.kw_only for item in fields):
        return None
    names = [item.name for item in fields]
    take = operator.attrgetter(*names) if names else None
    if take is None:
        return lambda _: ()
    return take if len(names) > 1 else lambda value: (getattr(value, names[0]),)


def dump_request(value: Any) -> bytes:
    """Pickle a request; only ever sent from parent to child."""
    return _pickled(value, _RequestPickler)


def load_request(request: bytes) -> Any:
    """Undo `dump_request`."""
    return pickle.loads(request)


def _pickled(value: Any, pickler: type[_Pickler]) -> bytes:
    stream = io.BytesIO()
    pickler(stream, protocol=pickle.HIGHEST_PROTOCOL).dump(value)
    return stream.getvalue()


@functools.lru_cache(maxsize=_KEPT)
def _library_function(function: Function) -> bytes:
    return _pickled(function, _Pickler)


@functools.lru_cache(maxsize=_KEPT)
def _load_library_function(blob: bytes) -> Any:
    return pickle.loads(blob)
