"""Tuples that grow from call to call of a function that calls itself."""

from __future__ import annotations

from collections.abc import Sequence

from portalis.translator.frontend.facts.contents import as_any_length
from portalis.translator.frontend.facts.sites import Sites
from portalis.translator.ir.types import TupleType, Type


def grown(sites: Sites, types: tuple[Type, ...], begun: Sequence[tuple[Type, ...]]) -> tuple[Type, ...]:
    """Return the types for which a function is inferred, given those of its calls that are begun: what grows is a tuple of any length.

    A tuple of values of several types is known to grow where a second call has a longer one.
    """
    return tuple([_grown(sites, type_, [known[index] for known in begun]) for index, type_ in enumerate(types)]) if begun else types


def _grown(sites: Sites, type_: Type, begun: Sequence[Type]) -> Type:
    if not isinstance(type_, TupleType):
        return type_
    shorter = {len(one.items) for one in begun if isinstance(one, TupleType) and one.named == type_.named} & {*range(len(type_.items))}
    found = as_any_length(type_) if len(shorter) < 2 else sites.any_length(type_)
    return found if shorter and found is not None else type_
