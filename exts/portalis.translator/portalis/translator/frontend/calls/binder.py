"""The one binder of arguments to parameters, by CPython's rules: for calls in the source, examples, built-ins and the library alike."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Parameters:
    """A signature: positional parameters (the first `only_by_position` of them have no name for callers), keyword-only ones, defaults.

    A default of None stands for an argument that may be left out, and then is not passed. `variadic`: any number of further positional
    arguments, which a function of the source gets in the parameter `rest`, as it gets further keywords in `named`.
    """

    positional: tuple[str, ...]
    only_by_position: int = 0
    only_by_name: tuple[str, ...] = ()
    defaults: Mapping[str, ast.expr | None] = field(default_factory=dict)
    variadic: bool = False
    rest: str | None = None
    named: str | None = None

    @property
    def order(self) -> tuple[str, ...]:
        """Every parameter, in the order of a definition: positional ones, `*rest`, keyword-only ones, `**named`."""
        rest, named = ((name,) if name is not None else () for name in (self.rest, self.named))
        return (*self.positional, *rest, *self.only_by_name, *named)

    @property
    def nameable(self) -> tuple[str, ...]:
        """The parameters that a keyword argument may name."""
        return self.positional[self.only_by_position :] + self.only_by_name

    def shown(self) -> str:
        """Return how it is called, as its user may read it: `(x, y, rel_tol=…)`."""
        shown = [f"{item}=…" if item in self.defaults else item for item in self.order if item != "self"]
        return f"({', '.join([*shown, *(['…'] if self.variadic else [])])})"


@dataclass(frozen=True, slots=True)
class Bound:
    """Which argument each parameter gets, in the order of evaluation: positional ones, then keywords; `defaulted` get their default.

    What no parameter has a name for is "*3", by its place, or "**name".
    """

    arguments: tuple[tuple[str, int], ...]
    defaulted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why CPython would raise TypeError: too many positional arguments, a keyword that no parameter takes, parameters without any."""

    kind: Literal["too many", "keyword", "missing"]
    names: tuple[str, ...] = ()


def bind(parameters: Parameters, positional: int, keywords: Sequence[str]) -> Bound | Misfit:
    """Match `positional` arguments and then `keywords` (argument numbers go on counting) to parameters."""
    if positional > len(parameters.positional) and not parameters.variadic:
        return Misfit("too many")
    bound = {name: index for index, name in enumerate(parameters.positional[:positional])}
    bound |= {f"*{index}": index for index in range(len(parameters.positional), positional)}
    nameable = parameters.nameable
    for index, keyword in enumerate(keywords):
        place = f"**{keyword}" if keyword not in nameable and parameters.named is not None else keyword
        if place in bound or (place == keyword and keyword not in nameable):
            return Misfit("keyword", (keyword,))
        bound[place] = positional + index
    wanted = (*parameters.positional, *parameters.only_by_name)
    missing = tuple(name for name in wanted if name not in bound and name not in parameters.defaults)
    if missing:
        return Misfit("missing", missing)
    return Bound(tuple(bound.items()), tuple(name for name in parameters.defaults if name not in bound))


def positional_only(*names: str, optional: Sequence[str] = (), variadic: bool = False) -> Parameters:
    """Return the parameters of a built-in that takes no keywords."""
    return Parameters((*names, *optional), len(names) + len(optional), (), dict.fromkeys(optional), variadic)


def parameters_of(definition: ast.FunctionDef) -> Parameters:
    """Return the parameters of a function."""
    given = definition.args
    positional = tuple(parameter.arg for parameter in (*given.posonlyargs, *given.args))
    defaults = dict(zip(positional[len(positional) - len(given.defaults) :], given.defaults, strict=True))
    for parameter, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        if default is not None:
            defaults[parameter.arg] = default
    only_by_name = tuple(parameter.arg for parameter in given.kwonlyargs)
    rest, named = (None if one is None else one.arg for one in (given.vararg, given.kwarg))
    return Parameters(positional, len(given.posonlyargs), only_by_name, defaults, rest is not None, rest, named)


def names_of(definition: ast.FunctionDef) -> tuple[str, ...]:
    """Return the names of a function's parameters, as `Parameters.order` does."""
    return tuple([parameter.arg for parameter in in_order(definition)])


def in_order(definition: ast.FunctionDef) -> list[ast.arg]:
    """Return the nodes of a function's parameters, in the order of `Parameters.order`."""
    given = definition.args
    rest, named = ([] if one is None else [one] for one in (given.vararg, given.kwarg))
    return [*given.posonlyargs, *given.args, *rest, *given.kwonlyargs, *named]
