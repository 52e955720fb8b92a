"""Run a finished module with Python values: the one place where slots, error words and changed arguments meet."""

from __future__ import annotations

import ast
import builtins
import errno
import functools
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from portalis.translator.calling.outcome import Outcome, identity
from portalis.translator.calling.values import SlotValue, build, classes_in, flatten, mismatch, refuse_aliases, write_back
from portalis.translator.calling.wire import MalformedMessage
from portalis.translator.diagnostics import GuardError
from portalis.translator.ir.errors import ErrorSite
from portalis.translator.ir.nodes import Function, Program
from portalis.translator.ir.types import Slot
from portalis.translator.source import Span

# Of the literal that an exception's argument comes as.
_LITERAL_LIMIT = 1 << 20


class RawResult(Protocol):
    """What the bridge gives back for one scalar call."""

    @property
    def error_word(self) -> int: ...

    @property
    def values(self) -> Sequence[SlotValue]: ...


RawCall = Callable[[Sequence[SlotValue], tuple[Slot, ...]], RawResult]


class Unfit(GuardError):
    """An argument is not of the entry's type: nothing was run, and nothing changed."""


class Executable:
    """One entry of one artefact, callable with Python values.

    `raw` runs the entry in the sandbox; it raises the bridge's own `GuestStop` where a budget ends the call.
    """

    def __init__(self, program: Program, function: Function, sites: Sequence[ErrorSite], raw: RawCall) -> None:
        self.program = program
        self.function = function
        self.sites = tuple(sites)
        self.raw = raw
        self.types = tuple(parameter.type for parameter in function.params)
        self._by_ref = tuple((index, parameter.type) for index, parameter in enumerate(function.params) if parameter.by_ref)
        kinds = list(function.result.slots)
        for _, type_ in self._by_ref:
            kinds += type_.slots
        self._result_slots = tuple(kinds)
        self._names = tuple(parameter.name for parameter in function.params)
        self._identity = program.entry_called(function.name).identity

    def run(self, arguments: Sequence[Any]) -> Outcome:
        """Call with exact Python values and change mutable arguments as CPython would.

        Raises Unfit where an argument is of another type, GuardError where a value leaves the typed world otherwise.
        """
        strings = self.program.strings
        for name, value, type_ in zip(self._names, arguments, self.types, strict=True):
            reason = mismatch(value, type_, strings)
            if reason:
                raise Unfit(f"argument `{name}`: {reason}")
        if self._by_ref:
            refuse_aliases(arguments, self.types)
        flat = [slot for value, type_ in zip(arguments, self.types, strict=True) for slot in flatten(value, type_, strings)]
        result = self.raw(flat, self._result_slots)
        return self._outcome(result, arguments)

    def _outcome(self, result: RawResult, arguments: Sequence[Any]) -> Outcome:
        site = require_answer(result.error_word, self.sites)
        strings = self.program.strings
        supply = iter(result.values)
        value = build(self.function.result, supply, strings, classes_in(arguments))
        for index, type_ in self._by_ref:
            write_back(arguments[index], type_, build(type_, supply, strings))
        if site is not None:
            return raised(site, arguments, own=self.program.exceptions)
        value = self._with_identity(value, arguments)
        return Outcome(value, None, tuple(arguments), identity(value, arguments, self.types))

    def _with_identity(self, value: Any, arguments: Sequence[Any]) -> Any:
        """Put the caller's own objects where CPython would return them rather than copies."""
        for path, name in self._identity:
            own = arguments[self._names.index(name)]
            value = own if not path else (*value[: path[0]], own, *value[path[0] + 1 :])
        return value


Own: TypeAlias = tuple[tuple[str, str], ...]
# Exceptions that a program takes from modules that it imports, each with its base: a caller can name them.
_OF_MODULES: Mapping[tuple[str, str], str] = {("StatisticsError", "ValueError"): "statistics"}


def exception_class(name: str, own: Own) -> type[Exception]:
    """Return a class of exceptions; of the program's own, each with its base, one of the same name, which its caller cannot name."""
    known = _OF_MODULES.get((name, dict(own).get(name, "")))
    # Who can name the class has imported its module.
    found: type[Exception] = getattr(sys.modules[known], name) if known is not None and known in sys.modules else _made_class(name, own)
    return found


@functools.lru_cache(maxsize=256)
def _made_class(name: str, own: Own) -> type[Exception]:
    base = dict(own).get(name)
    found: type[Exception] = (
        getattr(builtins, name) if base is None else type(name, (exception_class(base, own),), {"__module__": "__main__"})
    )
    return found


def python_exception(site: ErrorSite, told: str | None = None, own: Own = ()) -> Exception:
    """Make the exception that CPython would have raised, with the text that came with it where its site says that one does.

    An overflowing power carries an errno and its text. Raises MalformedMessage where the text is no literal and has to be one.
    """
    message = site.message if told is None else told
    arguments: tuple[Any, ...] = () if message is None else (message,)
    if message == str((errno.ERANGE, "Numerical result out of range")):
        arguments = (errno.ERANGE, "Numerical result out of range")
    if site.form == "literal":
        arguments = (_literal(told or ""),)
    elif site.form == "arguments":
        arguments = _arguments(told or "")
    return exception_class(site.name, own)(*arguments)


class _Floats(ast.NodeTransformer):
    """Puts in the floats that have no literal."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.copy_location(ast.Constant(float(node.id)), node) if node.id in ("inf", "nan") else node


def _literal(text: str) -> Any:
    try:
        return ast.literal_eval(_Floats().visit(ast.parse(text[:_LITERAL_LIMIT], mode="eval")))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise MalformedMessage("an exception's argument is no literal") from None


def _arguments(text: str) -> tuple[Any, ...]:
    found = _literal(text)
    if type(found) is not tuple:
        raise MalformedMessage("an exception's arguments are no tuple")
    return found


def raised(site: ErrorSite, arguments: Sequence[Any], told: str | None = None, own: Own = (), printed: str = "") -> Outcome:
    """Return the outcome of a call that raised at a site."""
    error = python_exception(site, told, own)
    return Outcome(exception=(site.name, str(error)), arguments=tuple(arguments), printed=printed, error=error)


def require_answer(word: int, sites: Sequence[ErrorSite]) -> ErrorSite | None:
    """Return where a call raised, if it did; GuardError where a guard stopped it."""
    site, span = locate(word, sites)
    if site is not None and site.kind == "guard":
        raise GuardError(site.name, span)
    return site


def locate(word: int, sites: Sequence[ErrorSite]) -> tuple[ErrorSite | None, Span | None]:
    """Decode an error word: the site, and the place in the user's own source that it is reported at."""
    if not word:
        return None, None
    site = sites[(word & 0xFFFF) - 1]
    call = (word >> 16) & 0xFFFF
    return site, sites[call - 1].span if call else site.span
