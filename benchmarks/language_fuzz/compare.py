"""One random module: translated, called, and held to CPython. What it is made of and what it does stay apart."""

from __future__ import annotations

import contextlib
import io
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

from language_fuzz.writer import Module
from portalis.translator import Options
from portalis.translator.bridge import BridgeError, GuestStop
from portalis.translator.diagnostics import GuardError, TranslationError
from portalis.translator.translating.translate import translate

# Of processor time in this process; what it waits for on a loaded machine gets more by the clock.
SECONDS, WAITED_SECONDS = 20, 200
# What a refusal says that is a finding: disagreement, and what could not be built.
MISMATCHES = ("PV901", "PV902", "PV903")


@dataclass(frozen=True)
class Fate:
    """What became of a module: `kind` is "refused", "same", "guarded" where a call was, "slow", or a finding ("wrong", "crash")."""

    kind: str
    detail: str = ""

    @property
    def found(self) -> bool:
        """Whether this must not be."""
        return self.kind in ("wrong", "crash")


class TooSlow(BaseException):
    """The module takes longer than a fuzzer waits; none of what a module catches."""


@contextlib.contextmanager
def limited(seconds: int, waited: int = WAITED_SECONDS) -> Iterator[None]:
    """Raise TooSlow where what is inside takes so many seconds of processor time, or many more by the clock; in the main thread."""

    def give_up(number: int, frame: FrameType | None) -> None:
        raise TooSlow

    limits = {signal.SIGPROF: (signal.ITIMER_PROF, seconds), signal.SIGALRM: (signal.ITIMER_REAL, waited)}
    before = {number: signal.signal(number, give_up) for number in limits}
    for timer, limit in limits.values():
        signal.setitimer(timer, limit)
    try:
        yield
    finally:
        for number, (timer, _) in limits.items():
            signal.setitimer(timer, 0)
            signal.signal(number, before[number])


def fate_of(module: Module, options: Options) -> Fate:
    """Translate a module, call it, and compare."""
    try:
        with limited(SECONDS):
            return _fate(module, options)
    except TooSlow:
        return Fate("slow")


def _fate(module: Module, options: Options) -> Fate:
    # What no call of CPython's can be asked for is none of ours either: its first calls tell the types.
    examples = [f"f({call})" for call in module.calls[:3]]
    try:
        translation = translate(module.text, "f", examples, options=options)
    except TranslationError as error:
        codes = sorted({diagnostic.code for diagnostic in error.diagnostics})
        if any(code in MISMATCHES for code in codes):
            return Fate("wrong", str(error)[:2000])
        return Fate("refused", " ".join(codes))
    except Exception as error:
        return Fate("crash", f"{type(error).__name__}: {error}"[:2000])
    return compared(module, translation)


def compared(module: Module, run: Callable[..., Any]) -> Fate:
    """Hold what runs a module's function to CPython."""
    namespace: dict[str, Any] = {}
    exec(compile(module.text, "<random>", "exec"), namespace)
    guarded = ""
    for call in module.calls:
        # Made twice: a copy of a set may have its elements in another order.
        theirs, ours = _arguments(call), _arguments(call)
        wanted = outcome(namespace["f"], theirs)
        try:
            found = outcome(run, ours)
        except (GuardError, GuestStop) as stop:
            guarded = str(stop)
            continue
        if found != wanted:
            return Fate("wrong", f"f({call}) gives {wanted} in CPython, {found} here")
    return Fate("guarded", guarded) if guarded else Fate("same")


def _arguments(call: str) -> tuple[Any, ...]:
    found: tuple[Any, ...] = eval(f"({call},)", {"__builtins__": {}, "set": set, "bytearray": bytearray})
    return found


def outcome(function: Any, given: tuple[Any, ...]) -> tuple[str, ...]:
    """Return what a call gives, raises and prints, and what its arguments are afterwards, with types and orders, as text."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            ended = ("gives", shown(function(*given)))
        except (GuardError, GuestStop, BridgeError):
            raise
        except RecursionError:
            ended = ("raises", "RecursionError")
        except Exception as error:
            ended = ("raises", f"{type(error).__name__}: {error}")
    return (*ended, shown(list(given)), printed.getvalue())


def shown(value: Any) -> str:
    """Return a value as text: elements in order, but for sets of texts, whose order is nobody's; an iterator as what it gives."""
    if isinstance(value, set | frozenset):
        parts = [shown(item) for item in value]
        return f"{type(value).__name__}{sorted(parts) if _has_text(value) else parts}"
    if isinstance(value, dict):
        name = "" if type(value) is dict else type(value).__name__
        return name + "{" + ", ".join(f"{shown(key)}: {shown(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}({', '.join(shown(item) for item in value)})"
    if isinstance(value, Iterator):
        return f"iterator({', '.join(shown(item) for item in value)})"
    return hex(value) if type(value) is int and value.bit_length() > 14_000 else repr(value)


def _has_text(value: Any) -> bool:
    return any(isinstance(item, str) or (isinstance(item, tuple | frozenset) and _has_text(item)) for item in value)
