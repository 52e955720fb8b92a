"""What holds the nodes: parameters, functions, what a host binds, and the program."""

from __future__ import annotations

from dataclasses import dataclass

from portalis.translator.ir.nodes.tree import Expr, Stmt
from portalis.translator.ir.types import RecordType, Type
from portalis.translator.source import Span


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter; one that is `by_ref` is changed in place by the callee, and the caller sees it."""

    name: str
    type: Type
    by_ref: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """One specialisation of one function: parameters and locals are unique names with one type each.

    `name` is unique in the program (`integrate`, `integrate.2`, `math.sin`); `display` is what the user wrote. `library` functions come
    from `library/`: their spans lie there, and an error raised inside is reported at the user's call. An entry that `tells` is part of a
    program that raises with computed texts, which come in its answer, and one that `prints` of a program that prints: what it printed does.
    One that `generates` yields; it is split before it is in a program. A recursive one is `deep` where the module lets CPython nest deeper
    than by default, so that nobody knows here how deep.
    """

    span: Span
    name: str
    display: str
    params: tuple[Param, ...]
    result: Type
    locals: tuple[tuple[str, Type], ...]
    body: tuple[Stmt, ...]
    library: bool = False
    recursive: bool = False
    docstring: str | None = None
    tells: bool = False
    prints: bool = False
    generates: bool = False
    deep: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Behaviour:
    """What a host binds: a function, or a class whose methods are the entries `on_init`, `on_play`, `on_update`, `on_stop`.

    For a function there is one entry, "update"; `outputs` names the elements that its result consists of, in order (`state` is None).
    For a class every entry takes `self` by reference and returns None; `state` is its record, `outputs` are those of its fields that some
    entry may change, in the record's order, and `initial` holds the constant that each field starts from.
    """

    name: str
    entries: tuple[tuple[str, str], ...]
    outputs: tuple[tuple[str, Type], ...]
    state: RecordType | None = None
    initial: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A function that a host calls. `identity` tells, for each part of its result that is one of the caller's own arguments, the path
    into the result and the parameter: () for the whole result, (1,) for the second element of a tuple."""

    function: str
    identity: tuple[tuple[tuple[int, ...], str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A closed world: every function that `entry` and `others` can reach, callees before callers where there is no recursion.

    `strings` holds every str constant, sorted by code points, so that comparing indices compares strings. `target` is the CPython
    version (major, minor) whose behaviour is meant. `identity` is that of `entry` (`Entry`); `others` are the same function specialised
    for arguments of other types. `exceptions` are the program's own classes of exceptions, each with its base, and `classes` those whose
    instances are frames, each with the names of its fields in the order of their places. Where the module has
    state, the last parameters of every entry are its variables, each in a list that holds its value or nothing, and `initial` is the
    function that makes it: it takes nothing but these lists, empty.
    """

    functions: tuple[Function, ...]
    entry: str
    strings: tuple[str, ...]
    target: tuple[int, int]
    behaviour: Behaviour | None = None
    identity: tuple[tuple[tuple[int, ...], str], ...] = ()
    others: tuple[Entry, ...] = ()
    exceptions: tuple[tuple[str, str], ...] = ()
    classes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    initial: str = ""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entry for each signature, the program's own first; of a class with methods only that which names it."""
        return (Entry(self.entry, self.identity), *self.others)

    def entry_called(self, name: str) -> Entry:
        """Return what a host knows of a function that it calls: of a method that nothing of its result is an argument."""
        return next((entry for entry in self.entries if entry.function == name), Entry(name))

    def function(self, name: str) -> Function:
        """Return the function called `name`; KeyError where there is none."""
        for function in self.functions:
            if function.name == name:
                return function
        raise KeyError(name)
