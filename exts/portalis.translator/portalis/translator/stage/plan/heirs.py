"""Inputs whose attribute gets its value, by composition, from another one that a behaviour writes.

What is written to a prim shows on whatever inherits or specializes it, or references it within the stage. Behaviours hand their results
only to those who read the attribute itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pxr import Pcp, Sdf, Usd

from portalis.translator.stage.plan.bindings import OWN, PrimBinding
from portalis.translator.stage.plan.composed import ancestor_ops
from portalis.translator.stage.plan.resolved import ResolvedBinding
from portalis.translator.stage.problems import StageProblem

_SPACES = ("gravity", "parent_to_world")
_VALUES = ("default", "timeSamples", "spline")


def may_have_heirs(bindings: Sequence[PrimBinding]) -> bool:
    """Tell whether what is written may show on a prim that does not write the same: heirs have the bindings of a prim, too.

    They write the same unless the binding is switched off there, or goes beyond its own prim.
    """
    every = {id(item.authored): item.authored for item in bindings}.values()
    return any(not said.enabled or any(path[0] != OWN for spec in said.outputs for path in spec.writes) for said in every)


def inherited_inputs(stage: Usd.Stage, bindings: Sequence[ResolvedBinding]) -> list[tuple[ResolvedBinding, StageProblem]]:
    """Return the bindings that read an attribute which would follow what another one writes elsewhere."""
    writers = {path: item for item in bindings for path in item.written}
    sites: dict[str, tuple[str, ...]] = {}
    found = []
    for item in bindings:
        for path in dict.fromkeys(_read(stage, item)):
            prim, _, name = path.rpartition(".")
            if prim not in sites:
                sites[prim] = _sites(stage.GetPrimAtPath(prim))
            source = next((f"{site}.{name}" for site in sites[prim] if f"{site}.{name}" in writers), None)
            if source is not None and path not in writers and not _is_said(stage, path):
                message = f"{item.key} reads this attribute, which follows {source} by composition, and {writers[source].key} writes that"
                found.append((item, StageProblem("PS128", message, path, f"read {source} instead, or author a value here")))
    return found


def _read(stage: Usd.Stage, item: ResolvedBinding) -> Iterator[str]:
    yield from (item.source_path(place) for place, path in enumerate(item.decision.read) if path is not None)
    yield from item.composed_of
    if item.elements is not None:
        yield item.elements
    if not item.lane_hosts.isdisjoint(_SPACES):
        yield from ancestor_ops(stage.GetPrimAtPath(item.key.path), item.space_of_parent)


def _sites(prim: Usd.Prim) -> tuple[str, ...]:
    """Return the other prims of the stage's own layers that a prim is composed of."""
    if not prim:
        return ()
    # A node lives no longer than its index.
    index = prim.GetPrimIndex()
    own = index.rootNode
    paths = [str(node.path.StripAllVariantSelections()) for node in _below(own) if node.layerStack == own.layerStack]
    return tuple(dict.fromkeys(path for path in paths if path != str(prim.GetPath())))


def _below(node: Pcp.NodeRef) -> Iterator[Pcp.NodeRef]:
    for child in node.children:
        yield child
        yield from _below(child)


def _is_said(stage: Usd.Stage, path: str) -> bool:
    """Tell whether the strongest value of an attribute is authored on its own prim in the stage's own layers."""
    attribute = stage.GetAttributeAtPath(path)
    specs: list[Sdf.PropertySpec] = attribute.GetPropertyStack(Usd.TimeCode.Default()) if attribute else []
    strongest = next((spec for spec in specs if any(map(spec.HasInfo, _VALUES))), None)
    return strongest is not None and str(strongest.path) == path and strongest.layer in stage.GetLayerStack()
