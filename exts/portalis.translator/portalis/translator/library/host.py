"""The library's `math` as CPython can call it: with ints and bools where a float is meant, as the real one takes them."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

from portalis.translator.library import math as source

_INTEGRAL = ("floor", "ceil", "trunc")
_CONVERSIONS: dict[str, Callable[[Any], Any]] = {"float": float, "int": int}


@functools.cache
def host_math() -> ModuleType:
    """Return a module with the names that CPython's `math` and the library have in common."""
    module = ModuleType("math")
    for name in dir(math):
        if hasattr(source, name):
            value = getattr(source, name)
            setattr(module, name, _converting(value) if isinstance(value, FunctionType) else value)
    return module


def _converting(function: FunctionType) -> Callable[..., Any]:
    """Convert arguments to the types that the parameters are annotated with; floor, ceil and trunc of an int are that int."""
    parameters = inspect.signature(function).parameters
    conversions = {name: _CONVERSIONS[parameter.annotation] for name, parameter in parameters.items()}
    in_order = tuple(conversions.values())

    @functools.wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        if function.__name__ in _INTEGRAL and isinstance(arguments[0], int):
            return int(arguments[0])
        # What is too many is left to the function itself, which raises TypeError.
        converted = [convert(value) for convert, value in zip(in_order, arguments, strict=False)]
        return function(*converted, *arguments[len(in_order) :], **{name: conversions[name](value) for name, value in named.items()})

    return call
