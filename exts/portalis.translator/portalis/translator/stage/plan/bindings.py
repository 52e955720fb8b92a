"""Bindings as they are authored: what one says, apart from the prim that it is on, is one object for all that say the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from portalis.translator.stage.schema import Kind, Phase, prefix

# Stands for the bound prim's path; every other path begins with a slash.
OWN = "~"


# Tuples with names, of which a stage makes several a prim: each is made in half of a frozen dataclass's time.
class BindingKey(NamedTuple):
    """What identifies a binding: the prim's path, the kind of schema and the instance name."""

    path: str
    kind: Kind
    instance: str

    def __str__(self) -> str:
        return f"{self.path} ({self.instance})"

    @property
    def prefix(self) -> str:
        """The namespace of the binding's properties."""
        return prefix(self.kind, self.instance)


class InputSpec(NamedTuple):
    """An authored `inputs:NAME`: the attribute's own path and the attributes that it connects to."""

    name: str
    attribute: str
    connections: tuple[str, ...]
    previous: bool


class OutputSpec(NamedTuple):
    """An authored output: its `outputs:NAME` attribute, where there is one, and the targets of `writes:NAME`."""

    name: str
    attribute: str | None
    writes: tuple[str, ...]


class Authored(NamedTuple):
    """What a binding says, whichever prim it is on: the paths of `inputs` and `outputs` are as that prim sees them (`seen_from`)."""

    modules: tuple[str, ...]
    function: str
    enabled: bool
    phase: Phase
    order: int
    rate: float
    inputs: tuple[InputSpec, ...]
    outputs: tuple[OutputSpec, ...]
    extent_mode: str = "computed"


class PrimBinding(NamedTuple):
    """One behaviour bound to one prim, as authored."""

    key: BindingKey
    authored: Authored

    @property
    def modules(self) -> tuple[str, ...]:
        """The prims of its modules; one, where it can run."""
        return self.authored.modules

    @property
    def function(self) -> str:
        """The name of the function or class in the module."""
        return self.authored.function

    @property
    def enabled(self) -> bool:
        """Whether it is meant to run."""
        return self.authored.enabled

    @property
    def phase(self) -> Phase:
        """The part of a frame in which it runs."""
        return self.authored.phase

    @property
    def order(self) -> int:
        """Its place among those that wait for nobody."""
        return self.authored.order

    @property
    def rate(self) -> float:
        """How often it runs, a second; 0: in each frame."""
        return self.authored.rate

    @property
    def extent_mode(self) -> str:
        """Whether the host keeps the prim's extent up to date."""
        return self.authored.extent_mode

    @property
    def inputs(self) -> tuple[InputSpec, ...]:
        """Its inputs, with the paths that they have on its prim."""
        owner = self.key.path
        return tuple(
            [
                InputSpec(
                    spec.name, placed(owner, spec.attribute), tuple([placed(owner, path) for path in spec.connections]), spec.previous
                )
                for spec in self.authored.inputs
            ]
        )

    @property
    def outputs(self) -> tuple[OutputSpec, ...]:
        """Its outputs, with the paths that they have on its prim."""
        owner = self.key.path
        return tuple(
            [
                OutputSpec(
                    spec.name, spec.attribute and placed(owner, spec.attribute), tuple([placed(owner, path) for path in spec.writes])
                )
                for spec in self.authored.outputs
            ]
        )

    @property
    def writes(self) -> list[str]:
        """The paths of all attributes that it names as written."""
        owner = self.key.path
        return [owner + path[1:] if path[0] == OWN else path for spec in self.authored.outputs for path in spec.writes]


def seen_from(owner: str, path: str) -> str:
    """Return a path as the prim at `owner` sees it: `OWN` stands for its own, and what is elsewhere is as it was."""
    size = len(owner)
    return OWN + path[size:] if path.startswith(owner) and path[size : size + 1] in (".", "/") else path


def placed(owner: str, path: str) -> str:
    """Return what `seen_from` made of a path as the path that it is for the prim at `owner`."""
    return owner + path[1:] if path[0] == OWN else path


def placed_all(owners: Sequence[str], path: str) -> list[str]:
    """Return what `placed` returns for each prim."""
    if path[0] != OWN:
        return [path] * len(owners)
    rest = path[1:]
    return [owner + rest for owner in owners]
