"""The kinds of binding: what a lane is, and how attributes meet lanes. One class each; nothing else compares kinds while frames run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from portalis.translator.stage.schema import Kind

# How an attribute meets the lanes of a binding: a value for its one lane, a value that all its lanes share, an element for each lane,
# or a whole array as the list of its one lane.
LaneShape: TypeAlias = Literal["value", "shared", "elements", "list"]


@dataclass(frozen=True, slots=True)
class BehaviourKind:
    """One lane a prim: PortalisBehaviorAPI."""

    name: Kind = "behavior"
    # Lanes are numbered by element, and not by binding.
    numbers_elements: bool = False
    # `parent_to_world` is the prim's own space, in which its elements live, and not its parent's.
    in_own_space: bool = False

    def shape(self, array: bool) -> LaneShape:
        """Return how a single value, or with `array` an array, meets the lanes."""
        return "value"


@dataclass(frozen=True, slots=True)
class CrowdKind:
    """One lane an element of a prim's arrays: PortalisCrowdAPI."""

    name: Kind = "crowd"
    numbers_elements: bool = True
    in_own_space: bool = True

    def shape(self, array: bool) -> LaneShape:
        """Return how a single value, or with `array` an array, meets the lanes."""
        return "elements" if array else "shared"


@dataclass(frozen=True, slots=True)
class ArrayKind:
    """One lane a prim, which takes whole arrays as lists: PortalisArrayAPI."""

    name: Kind = "array"
    numbers_elements: bool = False
    in_own_space: bool = False

    def shape(self, array: bool) -> LaneShape:
        """Return how a single value, or with `array` an array, meets the lanes."""
        return "list" if array else "value"


BindingKind: TypeAlias = BehaviourKind | CrowdKind | ArrayKind
_KINDS: dict[Kind, BindingKind] = {"behavior": BehaviourKind(), "crowd": CrowdKind(), "array": ArrayKind()}


def kind_of(name: Kind) -> BindingKind:
    """Return the class that stands for a kind of schema."""
    return _KINDS[name]
