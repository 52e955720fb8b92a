"""The samples of a bake put into a layer one by one: what every format and every kind of sample can take."""

from __future__ import annotations

import collections
import itertools
from collections.abc import Iterator, Sequence
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
    for chunk in samples(spool):
        for index, number in enumerate(chunk.numbers.tolist()):
            target = spool.attributes[number].target
            if not layer.GetAttributeAtPath(target.path):
                Sdf.JustCreatePrimAttributeInLayer(layer, target.path, Sdf.ValueTypeNames.Find(target.type_name), Sdf.VariabilityVarying)
            codes = [spool.codes[frame] for frame in np.flatnonzero(chunk.there[index]).tolist()]
            calls = map(Sdf.Layer.SetTimeSample, itertools.repeat(layer), itertools.repeat(target.path), codes, values(spool, chunk, index))
            collections.deque(calls, maxlen=0)


def values(spool: Spool, chunk: Samples, index: int) -> Sequence[Any]:
    """Return the values of one attribute's samples, as Sdf takes them."""
    attribute = spool.attributes[int(chunk.numbers[index])]
    places = chunk.places[index][chunk.there[index]]
    if attribute.codec.array:
        return [attribute.codec.array_of_rows(rows) for rows in _arrays(attribute, spool, places)]
    rows = rows_at(attribute, spool, places)
    if attribute.codec.family == "token":
        tokens = list(spool.tokens)
        return [tokens[number] for number in rows[:, 0].tolist()]
    return list(attribute.codec.values_of_rows(rows.astype(attribute.codec.dtype, copy=False)))


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
