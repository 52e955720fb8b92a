"""Calling a function of the user's and recording everything that its caller could observe."""

from __future__ import annotations

import contextlib
import functools
import inspect
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from portalis.translator.calling.outcome import Outcome, identity
from portalis.translator.ir.recursion import RECURSION, RECURSION_LIMIT
from portalis.translator.ir.types import Type


class ObservedFunction:
    """A function of the user's, called with its arguments in order."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        plain: Any = inspect.unwrap(function)
        code: types.CodeType = plain.__code__
        count = code.co_argcount + code.co_kwonlyargcount
        self._by_position, self._by_name = code.co_argcount, code.co_varnames[code.co_argcount : count]
        # What holds any number of further arguments comes after them.
        self.rest = code.co_varnames[count] if code.co_flags & inspect.CO_VARARGS else None
        self.names = (*code.co_varnames[: code.co_argcount], *(() if self.rest is None else (self.rest,)), *self._by_name)
        values = plain.__defaults__ or ()
        defaults = dict(zip(range(code.co_argcount - len(values), code.co_argcount), values, strict=True))
        named = plain.__kwdefaults__ or {}
        # By the position of the parameter.
        self.defaults = defaults | {index: named[name] for index, name in enumerate(self.names) if name in named}

    def given(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Return what each parameter gets of the arguments of a call, those that are left out but for any number of further ones."""
        found = dict(zip(self.names[: self._by_position], args, strict=False))
        return found | ({} if self.rest is None else {self.rest: tuple(args[self._by_position :])}) | dict(kwargs)

    def call(self, arguments: Sequence[Any]) -> Any:
        """Call it."""
        if not self._by_name and self.rest is None:
            return self._function(*arguments)
        count = self._by_position
        further = () if self.rest is None else arguments[count]
        by_name = arguments[len(arguments) - len(self._by_name) :] if self._by_name else ()
        return self._function(*arguments[:count], *further, **dict(zip(self._by_name, by_name, strict=True)))


@contextlib.contextmanager
def room_for_recursion() -> Iterator[None]:
    """Let calls nest as deeply as is promised, whatever the depth of whoever makes them."""
    limit = sys.getrecursionlimit()
    # Each counted call is two frames, and what they call has to fit above them.
    sys.setrecursionlimit(_depth() + 4 * RECURSION_LIMIT)
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def observe(function: Callable[..., Any], arguments: Sequence[Any], parameter_types: Sequence[Type]) -> Outcome:
    """Call a function and record everything a caller could observe."""
    with room_for_recursion():
        try:
            value = ObservedFunction(function).call(arguments)
        except Exception as error:
            return Outcome(exception=(type(error).__name__, str(error)), arguments=tuple(arguments), error=error)
    return Outcome(value, None, tuple(arguments), identity(value, arguments, parameter_types))


class DepthCounter:
    """Holds the recursive functions of a module to the depth that is promised, all together.

    CPython's own limit also counts whoever called, C code in between included, so that it would strike somewhere else in every host.
    """

    def __init__(self) -> None:
        self._depth = 0

    def hold(self, namespace: dict[str, Any], recursive: Iterable[str]) -> None:
        """Count calls of the functions and methods of a module with these names; what stands in functions counts for itself."""
        for name in recursive:
            *owner, attribute = name.split(".")
            if owner and owner[0] in namespace:
                scope = namespace[owner[0]]
                setattr(scope, attribute, self._counted_method(vars(scope)[attribute]))
            elif attribute in namespace:
                namespace[attribute] = self.counted(namespace[attribute])

    def _counted_method(self, found: Any) -> Any:
        if isinstance(found, property):
            return property(self.counted(found.fget)) if found.fget is not None else found
        if isinstance(found, staticmethod | classmethod):
            return type(found)(self.counted(found.__func__))
        return self.counted(found)

    def counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function whose calls count."""

        @functools.wraps(function)
        def call(*arguments: Any, **named: Any) -> Any:
            if self._depth >= RECURSION_LIMIT:
                raise RecursionError(RECURSION[1])
            self._depth += 1
            try:
                return function(*arguments, **named)
            finally:
                self._depth -= 1

        return call


def _depth() -> int:
    """Count the frames below the observed function, which CPython's limit includes."""
    frame, depth = sys._getframe(1), 0
    while frame is not None:
        depth += 1
        frame = frame.f_back  # type: ignore[assignment]
    return depth
