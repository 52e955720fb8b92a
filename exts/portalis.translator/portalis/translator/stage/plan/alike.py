"""Which of many prims have the same facts as the first, as far as those decide how bindings of one wiring are resolved.

A call of OpenUSD for each fact and prim, and no work in Python: of thousands of prims nearly all are alike, and who is not is looked at by
itself (`patterns.Resolver`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import repeat
from operator import eq, is_

from pxr import Usd, UsdPhysics

from portalis.translator.stage.plan.targets import GRAPH_MARK, authored_type_problem

# Functions of the class: looked up on an object of OpenUSD, each takes twice as long.
_attribute_of, _has_attribute, _type_info = Usd.Prim.GetAttribute, Usd.Prim.HasAttribute, Usd.Prim.GetPrimTypeInfo
_prim_stack, _value_of = Usd.Prim.GetPrimStack, Usd.Attribute.Get
_connected = Usd.Attribute.HasAuthoredConnections
_type_name, _variability = Usd.Attribute.GetTypeName, Usd.Attribute.GetVariability


def have_same_facts(
    first: Usd.Prim,
    prims: Sequence[Usd.Prim],
    paths: Sequence[str],
    read: Collection[str],
    written: Collection[str],
    in_graph: Callable[[Usd.Prim, str], bool],
    start: Usd.TimeCode,
) -> list[bool]:
    """Tell of each prim whether its attributes that are `read` or `written`, and itself, decide what those of `first` do.

    The authored properties of all have the same names. False where it was not found out. `in_graph` tells whether a prim, at its path, is
    part of a graph that a host executes; a run begins at `start`.
    """
    if first.HasAPI(UsdPhysics.RigidBodyAPI):
        # Whether physics moves it is a value of its own.
        return [False] * len(prims)
    same = list(map(eq, map(_type_info, prims), repeat(_type_info(first))))
    _both(same, map(eq, map(Usd.Prim.IsInstanceProxy, prims), repeat(first.IsInstanceProxy())))
    _both(same, map(eq, map(Usd.Prim.IsInPrototype, prims), repeat(first.IsInPrototype())))
    # The type's name is the same; what is above is asked once for all that are below.
    if first.HasProperty(GRAPH_MARK):
        _both(same, map(eq, map(_has_attribute, prims, repeat(GRAPH_MARK)), repeat(_has_attribute(first, GRAPH_MARK))))
    above = [path.rpartition("/")[0] for path in paths]
    graphs = {path: bool(path) and in_graph(prim.GetParent(), path) for path, prim in dict(zip(above, prims, strict=True)).items()}
    place = str(first.GetPath().GetParentPath())
    _both(same, map(eq, map(graphs.__getitem__, above), repeat(place != "/" and in_graph(first.GetParent(), place))))
    # No attribute of a prim with one opinion can be authored with two types, but for those that its schema has.
    simple = [size == 1 for size in map(len, map(_prim_stack, prims))]
    built_in = frozenset(first.GetPrimDefinition().GetPropertyNames())
    for name in dict.fromkeys((*read, *written)):
        attributes, one = list(map(_attribute_of, prims, repeat(name))), _attribute_of(first, name)
        type_name = _type_name(one)
        _both(same, map(eq, map(_type_name, attributes), repeat(type_name)))
        # An op without a value is the identity.
        if name in read and not name.startswith("xformOp:"):
            there = _value_of(one, start) is not None
            _both(same, [(value is not None) == there for value in map(_value_of, attributes, repeat(start))])
        if name in read:
            _both(same, map(eq, map(_connected, attributes), repeat(_connected(one))))
        if name in written:
            # Of the values of an enumeration there is one each.
            _both(same, map(is_, map(_variability, attributes), repeat(_variability(one))))
            if name.startswith("xformOp:"):
                orders = map(_value_of, map(_attribute_of, prims, repeat("xformOpOrder")))
                _both(same, map(eq, orders, repeat(_value_of(_attribute_of(first, "xformOpOrder")))))
        if name in built_in or not all(simple):
            alone = repeat(False) if name in built_in else simple
            same = [
                so_far and (is_alone or authored_type_problem(attribute) is None)
                for so_far, is_alone, attribute in zip(same, alone, attributes, strict=False)
            ]
        if str(type_name) in ("token", "string"):
            _both(same, map(eq, map(text_facts, attributes), repeat(text_facts(one))))
    return same


def text_facts(attribute: Usd.Attribute) -> tuple[object, ...]:
    """Return what decides whether a text may be written: whether its author made the attribute, and the texts that are allowed."""
    return attribute.IsCustom(), *(attribute.GetMetadata("allowedTokens") or ())


def _both(same: list[bool], also: Collection[bool] | map[bool]) -> None:
    """Keep in `same` what is so `also`."""
    found = list(also)
    if not all(found):
        same[:] = [before and now for before, now in zip(same, found, strict=True)]
