"""Run a finished module whose entry takes messages with Python values: objects cross as they are, and change in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from portalis.translator.calling.changes import refuse_shared_values
from portalis.translator.calling.executable import Unfit, raised, require_answer
from portalis.translator.calling.outcome import Outcome, identity
from portalis.translator.calling.values import write_back
from portalis.translator.calling.wire import MessageReader, MessageWriter, Misfit, TooDeep, TooLong
from portalis.translator.diagnostics import GuardError
from portalis.translator.ir.errors import ErrorSite
from portalis.translator.ir.nodes import Function, Program
from portalis.translator.ir.types import TEXT, holds_set

# A message in; the error word and the answer out.
RawWireCall: TypeAlias = Callable[[bytes], tuple[int, bytes]]


class WiredExecutable:
    """One entry of one artefact that crosses by wire, callable with Python values; no message has more than `limit` bytes.

    `raw` runs the entry in the sandbox; it raises the bridge's own `GuestStop` where a budget ends the call.
    """

    def __init__(self, program: Program, function: Function, sites: Sequence[ErrorSite], raw: RawWireCall, limit: int) -> None:
        self.program = program
        self.function = function
        self.sites = tuple(sites)
        self.raw = raw
        self.limit = limit
        self.types = tuple(parameter.type for parameter in function.params)
        self._names = tuple(parameter.name for parameter in function.params)
        self._identity = program.entry_called(function.name).identity
        # Where the module keeps sets from call to call, the program never asks for an order.
        variables = program.function(program.initial).params if program.initial else ()
        self._any_order = any(holds_set(parameter.type) for parameter in variables)

    def run(self, arguments: Sequence[Any]) -> Outcome:
        """Call with exact Python values and change the caller's objects as CPython would.

        Raises Unfit where an argument is of another type, GuardError where a value leaves the typed world otherwise, MalformedMessage
        where the module's answer is none; then no object has changed.
        """
        writer = self._written(arguments)
        word, answer = self.raw(writer.message())
        site = require_answer(word, self.sites)
        reader = MessageReader(answer, writer.objects, runs=writer.runs, any_order=self._any_order, classes=writer.classes)
        try:
            value: Any = None if site is not None else reader.read(self.function.result)
            told = str(reader.read(TEXT)) if site is not None and site.form != "constant" else None
            after = [reader.read(type_) for type_ in self.types]
        except (TooDeep, RecursionError) as reason:
            raise GuardError(f"its answer: {reason}") from None
        printed = _printable(reader.read(TEXT)) if self.function.prints else ""
        reader.end()
        reader.commit()
        for parameter, argument, changed in zip(self.function.params, arguments, after, strict=True):
            if parameter.by_ref:
                write_back(argument, parameter.type, changed)
        if site is not None:
            return raised(site, arguments, told, self.program.exceptions, printed)
        for path, name in self._identity:
            own = arguments[self._names.index(name)]
            value = own if not path else (*value[: path[0]], own, *value[path[0] + 1 :])
        return Outcome(value, None, tuple(arguments), identity(value, arguments, self.types), printed)

    def _written(self, arguments: Sequence[Any]) -> MessageWriter:
        writer = MessageWriter(self.limit, arguments=True, any_order=self._any_order)
        for name, value, type_ in zip(self._names, arguments, self.types, strict=True):
            try:
                writer.write(value, type_)
            except Misfit as reason:
                raise Unfit(f"{_shown(name)}: {reason}") from None
            except (TooLong, RecursionError):
                raise GuardError(f"{_shown(name)}: there is no room for so much") from None
        refuse_shared_values(arguments, self.types)
        return writer


def _shown(name: str) -> str:
    """Return an argument, or a variable of the module, as a message names it."""
    variable, dot, _ = name.partition(".")
    return f"the module's `{variable}`" if dot else f"argument `{name}`"


def _printable(text: str) -> str:
    """Return what was printed; GuardError where CPython would have stopped at it, since no encoding has lone surrogates."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise GuardError("it prints a lone surrogate, which no output takes")
    return text
