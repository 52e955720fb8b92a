"""What the front-end hands on: a program and everything about its entry that a host or the verifier needs."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from portalis.translator.ir.nodes import Function, Literals, Program
from portalis.translator.ir.types import ListRef, TupleType, Type
from portalis.translator.source import SourceFile

# The last parameter of a function that gives the first elements of an iterator: how many are wanted.
LIMIT = "limit"


class AcceptedText:
    """An accepted module as `syntax.write` gives it, made when it is first asked for; it travels between processes as text."""

    def __init__(self, make: Callable[[], str]) -> None:
        self._make = make

    @functools.cached_property
    def text(self) -> str:
        """The module's text."""
        return self._make()

    def __reduce__(self) -> tuple[Callable[[str], AcceptedText], tuple[str]]:
        return _of_text, (self.text,)


def _of_text(text: str) -> AcceptedText:
    return AcceptedText(lambda: text)


@dataclass(frozen=True, slots=True)
class ParameterInfo:
    """One parameter of the entry: its type, the constant it defaults to, where its type came from, and how a call may pass it.

    What is passed in "any number" is a tuple. `display` is the default where it is made of several, as `[]` is. CPython makes it once: all
    calls that leave it out get one object.
    """

    name: str
    type: Type
    has_default: bool = False
    default: Literals = None
    type_from: Literal["annotation", "example", "default", "host"] = "annotation"
    passed: Literal["any way", "by position", "by name", "any number"] = "any way"
    display: str = ""

    def make_default(self) -> Any:
        """Return the default, made anew where it has parts."""
        return ast.literal_eval(self.display) if self.display else self.default

    def __str__(self) -> str:
        """Return the parameter as a user reads it: `dt: float = 0.5`."""
        return f"{self.name}: {self.type}" + (f" = {self.display or repr(self.default)}" if self.has_default else "")


@dataclass(frozen=True, slots=True)
class Example:
    """A call given by the user or a doctest: constant arguments by position and name, as Python source expressions."""

    text: str
    args: tuple[str, ...]
    kwargs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Overload:
    """The entry for arguments of one signature, and the examples that have it."""

    name: str
    parameters: tuple[ParameterInfo, ...]
    result: Type
    examples: tuple[Example, ...] = ()
    kind: Literal["function", "class"] = "function"
    gives_elements: bool = False

    @property
    def signature(self) -> str:
        """The signature as a user reads it: `f(position: Gf.Vec3d, dt: float) -> Gf.Vec3d`."""
        parameters, result = self.parameters, str(self.result)
        if self.gives_elements:
            assert isinstance(self.result, TupleType) and isinstance(self.result.items[0], ListRef)
            parameters, result = parameters[:-1], f"Iterator[{self.result.items[0].item}]"
        return f"{self.name}({', '.join(map(str, parameters))})" + (f" -> {result}" if self.kind == "function" else "")


@dataclass(frozen=True, slots=True)
class Lowered:
    """The result of the front-end; `accepted` is what may be executed of the source, for `syntax.read`.

    `parameters`, `result` and `examples` are those of the first signature; `others` are the same function for arguments of other types, in
    the order of the program's entries, and `refused` says of further signatures that examples show why they have no translation.

    Where `name` gives an iterator, `elements` is the function that stands for it: it takes `LIMIT` as well, and returns so many elements
    and how they ended (`assemble/elements.py`).
    """

    source: SourceFile
    program: Program
    kind: Literal["function", "class"]
    name: str
    parameters: tuple[ParameterInfo, ...]
    result: Type
    examples: tuple[Example, ...]
    accepted: AcceptedText = field(compare=False, repr=False)
    others: tuple[Overload, ...] = ()
    refused: tuple[str, ...] = ()
    elements: str = ""
    # The module's variables that are its state: what the last parameters of the program's entries hold.
    state: tuple[str, ...] = ()

    def entry_function(self, entry: str) -> Function:
        """Return the function behind a behaviour's entry; KeyError where the behaviour has no such entry."""
        behaviour = self.program.behaviour
        assert behaviour is not None, f"{self.name} is no behaviour"
        return self.program.function(dict(behaviour.entries)[entry])

    @property
    def called(self) -> str:
        """The name of the function that is called, which CPython has as well."""
        return self.elements or self.name

    @property
    def overloads(self) -> tuple[Overload, ...]:
        """The entry for each signature, the first one first. The oracle has their examples in this order."""
        return (Overload(self.name, self.parameters, self.result, self.examples, self.kind, bool(self.elements)), *self.others)

    @property
    def signature(self) -> str:
        """The first signature as a user reads it."""
        return self.overloads[0].signature
