"""The samples of a bake put into a layer one by one: what every format and every kind of sample can take.

OpenUSD itself writes vectors that differ in the sign of a zero as one in a usdc, which a completed file does not.
"""

from __future__ import annotations

import collections
import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pxr import Sdf

from portalis.translator.stage.bake.samples import Samples, samples
from portalis.translator.stage.bake.spool import Attribute, Spool


def set_samples(layer: Sdf.Layer, spool: Spool) -> None:
    """Put every sample into the layer, and take those out that its attributes have."""
    for attribute in spool.attributes:
        if layer.GetNumTimeSamplesForPath(attribute.target.path):
            layer.GetAttributeAtPath(attribute.target.path).ClearInfo("timeSamples")
    with Sdf.ChangeBlock():
        for chunk in samples(spool):
            for group in _alike(chunk, spool):
                _set(layer, spool, group)


def _alike(chunk: Samples, spool: Spool) -> Iterator[Samples]:
    """Split samples by the type of their attributes."""
    groups: dict[str, list[int]] = {}
    for index, number in enumerate(chunk.numbers.tolist()):
        groups.setdefault(spool.attributes[number].target.type_name, []).append(index)
    for indices in groups.values():
        yield Samples(chunk.numbers[indices], chunk.there[indices], chunk.places[indices])


def _set(layer: Sdf.Layer, spool: Spool, group: Samples) -> None:
    """Put the samples of attributes of one type into the layer; their values are read together."""
    attribute = spool.attributes[int(group.numbers[0])]
    every = iter(values(attribute, spool, group.places[group.there]))
    for index, number in enumerate(group.numbers.tolist()):
        target = spool.attributes[number].target
        if not layer.GetAttributeAtPath(target.path):
            Sdf.JustCreatePrimAttributeInLayer(layer, target.path, Sdf.ValueTypeNames.Find(target.type_name), Sdf.VariabilityVarying)
        codes = [spool.codes[frame] for frame in np.flatnonzero(group.there[index]).tolist()]
        own = itertools.islice(every, len(codes))
        collections.deque(
            map(Sdf.Layer.SetTimeSample, itertools.repeat(layer), itertools.repeat(Sdf.Path(target.path)), codes, own), maxlen=0
        )


def values(attribute: Attribute, spool: Spool, places: NDArray[np.int64]) -> Iterable[Any]:
    """Return the values at `places` of an attribute's type, as Sdf takes them."""
    if attribute.codec.array:
        return (attribute.codec.array_of_rows(rows) for rows in _arrays(attribute, spool, places))
    rows = rows_at(attribute, spool, places)
    if attribute.codec.family == "token":
        tokens = list(spool.tokens)
        return [tokens[number] for number in rows[:, 0].tolist()]
    return attribute.codec.values_of_rows(rows.astype(attribute.codec.dtype, copy=False))


def rows_at(attribute: Attribute, spool: Spool, places: NDArray[np.int64]) -> NDArray[Any]:
    """Return the values at `places` (values, width) of a single-valued attribute; a token is its number in the spool."""
    size, small = attribute.stored.row_bytes, attribute.stored.small
    raw = places.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :size] if small else spool.values.read_rows(places, size)
    return np.ascontiguousarray(raw).view(attribute.stored.dtype).reshape(len(places), attribute.codec.width)


def _arrays(attribute: Attribute, spool: Spool, places: NDArray[np.int64]) -> Iterator[NDArray[Any]]:
    for place in places.tolist():
        count = int(spool.values.read(place, 8).view("<u8")[0])
        raw = spool.values.read(place + 8, count * attribute.stored.row_bytes)
        yield raw.view(attribute.stored.dtype).astype(attribute.codec.dtype, copy=False).reshape(count, attribute.codec.width)
