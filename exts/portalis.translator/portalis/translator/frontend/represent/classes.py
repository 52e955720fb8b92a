"""Which objects may be one, and whether a value can stand for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from portalis.translator.frontend.facts.aliasing import Observation

Representation: TypeAlias = Literal["value", "reference"]


@dataclass(frozen=True, slots=True)
class AliasClass:
    """Roots whose objects may be one, and what is observed of them: the first observation tells why they would be a reference."""

    roots: frozenset[str]
    observations: tuple[Observation, ...]

    @property
    def representation(self) -> Representation:
        return "reference" if self.observations else "value"


def alias_classes(shared: Iterable[tuple[str, str]], observations: Iterable[Observation]) -> tuple[AliasClass, ...]:
    """Unite roots that may share an object, and give each class what was observed of its roots, in order."""
    leader: dict[str, str] = {}

    def find(root: str) -> str:
        while leader.setdefault(root, root) != root:
            root = leader[root]
        return root

    def unite(roots: Iterable[str]) -> None:
        first, *rest = sorted(roots)
        one = find(first)
        for other in rest:
            leader[find(other)] = one

    seen = list(observations)
    for pair in shared:
        unite(pair)
    for observation in seen:
        if observation.roots:
            unite(observation.roots)
    members: dict[str, set[str]] = {}
    for root in list(leader):
        members.setdefault(find(root), set()).add(root)
    found: dict[str, list[Observation]] = {name: [] for name in members}
    homeless: list[Observation] = []
    for observation in seen:
        (found[find(min(observation.roots))] if observation.roots else homeless).append(observation)
    classes = [AliasClass(frozenset(members[name]), tuple(found[name])) for name in members]
    return tuple(classes) + tuple(AliasClass(frozenset(), (one,)) for one in homeless)
