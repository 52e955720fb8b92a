"""The module's state in an oracle: what it is when the module was imported, and for the time of a call what the case says.

A variable of the module is a list that holds its value, or nothing where it has none.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from portalis.translator.calling.wire import MessageReader, MessageWriter, Misfit, TooLong
from portalis.translator.ir.types import Type
from portalis.translator.verify.oracle.answers import bounded
from portalis.translator.verify.oracle.messages import STATE_LIMIT, LoadRequest, ModuleValue
from portalis.translator.verify.oracle.program import Oracle


def initial_state(oracle: Oracle, request: LoadRequest) -> ModuleValue | None:
    """Return the state that a module which nothing has called has, as a message; None where it has none."""
    if not request.state:
        return None
    writer = MessageWriter(STATE_LIMIT)
    try:
        for name, type_ in request.state:
            writer.write(_cell(oracle.namespace, name), type_)
    except Misfit as reason:
        return ModuleValue(b"", bounded(str(reason)))
    except TooLong:
        return ModuleValue(b"", "more than fits a message")
    return ModuleValue(writer.message(), "")


def _cell(namespace: dict[str, Any], name: str) -> list[Any]:
    if "(" in name:
        return [_Default(namespace, name).value]
    return [namespace[name]] if name in namespace else []


class _Default:
    """The default of a parameter, named "function(parameter)"."""

    def __init__(self, namespace: dict[str, Any], name: str) -> None:
        function, _, parameter = name.removesuffix(")").partition("(")
        self._function: Any = inspect.unwrap(namespace[function])
        self._parameter = parameter
        code = self._function.__code__
        positional = code.co_varnames[: code.co_argcount]
        left_out = code.co_argcount - len(self._function.__defaults__ or ())
        self._place = positional.index(parameter) - left_out if parameter in positional else None

    @property
    def value(self) -> Any:
        """The object that the default is."""
        function = self._function
        return function.__kwdefaults__[self._parameter] if self._place is None else function.__defaults__[self._place]

    @value.setter
    def value(self, made: Any) -> None:
        function, place = self._function, self._place
        if place is None:
            function.__kwdefaults__ = {**function.__kwdefaults__, self._parameter: made}
        else:
            function.__defaults__ = (*function.__defaults__[:place], made, *function.__defaults__[place + 1 :])


class StateOfCall:
    """Puts into a module what a case says of its state, and into the case's arguments what a call left."""

    def __init__(self, state: Sequence[tuple[str, Type]], initial: ModuleValue | None) -> None:
        self._names = tuple(name for name, _ in state)
        self._types = tuple(type_ for _, type_ in state)
        self._initial = initial

    def fresh(self) -> list[Any]:
        """Return the initial state, made anew; Misfit where it is none of its types."""
        if self._initial is None:
            return []
        if self._initial.why_not:
            raise Misfit(self._initial.why_not)
        reader = MessageReader(self._initial.packed)
        return [reader.read(type_) for type_ in self._types]

    def default(self, function: str, parameter: str, cells: Sequence[list[Any]]) -> list[Any]:
        """Return the list with the default of a parameter; an empty one where it is none of the state."""
        name = f"{function}({parameter})"
        return cells[self._names.index(name)] if name in self._names else []

    def called(self, namespace: dict[str, Any], arguments: Sequence[Any], call: Callable[[Sequence[Any]], Any]) -> Any:
        """Make a call with the arguments that are not state, in a module whose state the last ones are."""
        if not self._names:
            return call(arguments)
        own, cells = arguments[: -len(self._names)], arguments[-len(self._names) :]
        for name, cell in zip(self._names, cells, strict=True):
            if "(" in name:
                _Default(namespace, name).value = cell[0]
                continue
            namespace.pop(name, None)
            if cell:
                namespace[name] = cell[0]
        try:
            return call(own)
        finally:
            for name, cell in zip(self._names, cells, strict=True):
                cell[:] = _cell(namespace, name)
