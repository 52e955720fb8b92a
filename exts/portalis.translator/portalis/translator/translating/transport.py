"""Requests to the worker as bytes. Library functions keep their identity on the other side, so that what is known of them is known once."""

from __future__ import annotations

import copyreg
import functools
import io
import pickle
from typing import Any

from portalis.translator.ir.nodes import Function

# Both sides hold the library's specialisations for as long as they live; a program uses dozens of them.
_KEPT = 4096


def dump_request(value: Any) -> bytes:
    """Pickle a request; only ever sent from parent to child."""
    stream = io.BytesIO()
    pickler = pickle.Pickler(stream, protocol=pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = copyreg.dispatch_table | {Function: _reduce_function}
    pickler.dump(value)
    return stream.getvalue()


def load_request(request: bytes) -> Any:
    """Undo `dump_request`."""
    return pickle.loads(request)


def _reduce_function(function: Function) -> Any:
    if not function.library:
        return function.__reduce_ex__(pickle.HIGHEST_PROTOCOL)
    return _load_library_function, (_library_function(function),)


@functools.lru_cache(maxsize=_KEPT)
def _library_function(function: Function) -> bytes:
    return pickle.dumps(function, protocol=pickle.HIGHEST_PROTOCOL)


@functools.lru_cache(maxsize=_KEPT)
def _load_library_function(blob: bytes) -> Any:
    return pickle.loads(blob)
