"""Which results the stage needs while frames run: those from which OpenUSD composes something that the host then reads.

Everything else stays in columns, which behaviours hand to one another.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from pxr import Sdf, Usd, UsdGeom

from portalis.translator.stage.plan.bindings import placed
from portalis.translator.stage.plan.composed import WorldSource, asked_ops
from portalis.translator.stage.plan.resolved import ResolvedBinding
from portalis.translator.stage.plan.schedule import FramePlan
from portalis.translator.stage.transforms.stack import read_stack

# The arrays of point-based prims and of instancers that OpenUSD computes an extent of.
EXTENT_DECIDED_BY = frozenset(
    ("points", "widths", "positions", "orientations", "orientationsf", "scales", "protoIndices", "ids", "invisibleIds")
)
_GRAVITY = (".physics:gravityDirection", ".physics:gravityMagnitude")


def handed_paths(plan: FramePlan) -> frozenset[str]:
    """Return the attributes that one binding writes and another reads, as they are or composed with others."""
    items = [item for group in plan.groups for item in group]
    found = {path for item in items for source in item.decision.awaited if (path := placed(item.key.path, source.path)) in plan.writers}
    for item in items:
        if item.decision.composed_of:
            found.update(path for path in item.composed_of if path in plan.writers)
    return frozenset(found | _above(plan, _spaces(items)))


def extent_paths(stage: Usd.Stage, plan: FramePlan) -> tuple[str, ...]:
    """Return the prims whose extent the host keeps up to date: what is written can change it, and no behaviour writes it itself.

    Instancers come after what they instance, because their extent is computed from its.
    """
    items = [item for group in plan.groups for item in group]
    changing = {decision for decision in {item.decision for item in items} if decision.changes(EXTENT_DECIDED_BY)}
    items = [item for item in items if item.decision in changing and item.binding.extent_mode == "computed"] if changing else []
    paths = (path for item in items for path in item.written)
    prims = dict.fromkeys(prim for prim, _, name in (path.rpartition(".") for path in paths) if name in EXTENT_DECIDED_BY)
    measured = [prim for prim in prims if f"{prim}.extent" not in plan.writers]
    return tuple(_innermost_first({prim: _instanced(stage, prim, measured) for prim in measured}))


def _instanced(stage: Usd.Stage, path: str, among: Sequence[str]) -> list[str]:
    """Return which prims of `among` lie in the prototypes of an instancer; none for any other prim."""
    instancer = UsdGeom.PointInstancer(stage.GetPrimAtPath(path))
    prototypes = instancer.GetPrototypesRel().GetForwardedTargets() if instancer else []
    return [other for other in among if other != path and any(Sdf.Path(other).HasPrefix(prototype) for prototype in prototypes)]


def _innermost_first(instanced: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield each prim after those that it instances. What instances itself, which OpenUSD does not compose, comes in any order."""
    sorter = TopologicalSorter[str]()
    for path, inner in instanced.items():
        sorter.add(path, *inner)
    try:
        yield from sorter.static_order()
    except CycleError:
        yield from instanced


def publish_set(stage: Usd.Stage, plan: FramePlan) -> frozenset[str]:
    """Return the attributes that are written and have to be on the stage in every frame.

    They are what extents are computed from, arrays whose length says in each frame anew how many elements a crowd has, and the transforms
    above prims that only OpenUSD composes.
    """
    written = frozenset(plan.writers)
    measured = frozenset(path for path in extent_paths(stage, plan) if _has_extent(stage.GetPrimAtPath(path)))
    if any(UsdGeom.PointInstancer(stage.GetPrimAtPath(path)) for path in measured):
        # It is computed from prototypes: anything below them may count, wherever it comes from.
        return written
    # The host itself reads what gravity is.
    found = {path for path in written if path.endswith(_GRAVITY)}
    if measured:
        found |= {path for path in written if path.rpartition(".")[0] in measured and path.rpartition(".")[2] in EXTENT_DECIDED_BY}
    items = [item for group in plan.groups for item in group]
    counted = {item.elements for item in items if item.elements and _is_varying(stage, item.elements)}
    return frozenset(found | (counted & written) | (_asked(stage, plan, items) & written))


def _asked(stage: Usd.Stage, plan: FramePlan, items: Sequence[ResolvedBinding]) -> set[str]:
    """Return the ops of which OpenUSD itself has to be asked what they compose to."""
    spaces = _spaces(items)
    wanted = {(str(space), False) for space in spaces} if _above(plan, spaces) else set()
    for item in items:
        if item.decision.composed_of and not plan.writers.keys().isdisjoint(item.composed_of):
            sources = (port.source for port in item.inputs)
            wanted |= {(source.prim, source.name == "parent_to_world") for source in sources if isinstance(source, WorldSource)}
    read = functools.cache(read_stack)
    return {path for prim, of_parent in wanted for path in asked_ops(stage.GetPrimAtPath(prim), of_parent, read)}


def _spaces(items: Iterable[ResolvedBinding]) -> set[Sdf.Path]:
    """Return the prims in whose spaces bindings take what the host says of them."""
    return {_space(item) for item in items if not item.lane_hosts.isdisjoint(("parent_to_world", "gravity"))}


def _above(plan: FramePlan, spaces: Iterable[Sdf.Path]) -> set[str]:
    """Return the ops that are written and may decide where spaces are."""
    prims = {str(above) for space in spaces for above in space.GetPrefixes()}
    return {path for path in plan.writers if ".xformOp:" in path and path.partition(".")[0] in prims} if prims else set()


def _space(item: ResolvedBinding) -> Sdf.Path:
    """Return the prim in whose space a binding is."""
    prim = Sdf.Path(item.key.path)
    return prim if item.kind.in_own_space else prim.GetParentPath()


def _has_extent(prim: Usd.Prim) -> bool:
    boundable = UsdGeom.Boundable(prim)
    return bool(boundable) and bool(boundable.GetExtentAttr().HasAuthoredValue())


def _is_varying(stage: Usd.Stage, path: str) -> bool:
    return bool(stage.GetAttributeAtPath(path).ValueMightBeTimeVarying())
