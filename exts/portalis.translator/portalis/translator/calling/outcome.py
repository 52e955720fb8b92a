"""What a call did, as far as a caller can see it; the same for CPython and for every artefact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from portalis.translator.ir.types import Type

Identity = frozenset[tuple[tuple[int, ...], int]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call did: its value, or the exception it raised (its class and text); the arguments as it left them; which results are
    arguments themselves; what it printed. `error` is an artefact's exception, ready to be raised."""

    value: Any = None
    exception: tuple[str, str] | None = None
    arguments: tuple[Any, ...] = ()
    identity: Identity = frozenset()
    printed: str = ""
    error: Exception | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return ": ".join(filter(None, self.exception)) if self.exception else repr(self.value)


def identity(value: Any, arguments: Sequence[Any], parameter_types: Sequence[Type]) -> Identity:
    """Find which parts of a result are the caller's own mutable arguments: (path into the result, argument's position)."""
    owned = {id(item): position for position, (item, type_) in enumerate(zip(arguments, parameter_types, strict=True)) if type_.mutable}
    if id(value) in owned:
        return frozenset({((), owned[id(value)])})
    if type(value) is not tuple:
        return frozenset()
    return frozenset(((index,), owned[id(item)]) for index, item in enumerate(value) if id(item) in owned)
