"""A completed file as OpenUSD reads it, held against what was meant."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pxr import Sdf

from portalis.translator.stage.bake.samples import Samples, samples
from portalis.translator.stage.bake.setting import rows_at, values
from portalis.translator.stage.bake.spool import Attribute, Spool
from portalis.translator.stage.values import changed_rows

# Of so many attributes every sample is read.
_READ_WHOLE = 16


def wrong_samples(layer: Sdf.Layer, spool: Spool) -> str:
    """Say where the samples of `layer` are not those of `spool`, bit by bit; empty where they are.

    Compared are how many samples each attribute has, the times and values of its first and last, and all of some attributes by chance.
    """
    chosen = set(random.sample(range(len(spool.attributes)), min(_READ_WHOLE, len(spool.attributes))))
    for chunk in samples(spool):
        first, last = np.argmax(chunk.there, axis=1), chunk.there.shape[1] - 1 - np.argmax(chunk.there[:, ::-1], axis=1)
        counts = chunk.counts
        for frames in (first, last):
            if path := _wrong_at(layer, spool, chunk, frames):
                return path
        for index, number in enumerate(chunk.numbers.tolist()):
            path = spool.attributes[number].target.path
            if layer.GetNumTimeSamplesForPath(path) != counts[index] or (number in chosen and _wrong(layer, spool, chunk, index)):
                return f"the samples of {path}"
    return ""


def _wrong_at(layer: Sdf.Layer, spool: Spool, chunk: Samples, frames: NDArray[np.intp]) -> str:
    """Say which attribute has another value at its own one of `frames`; those of one type are compared together."""
    groups: dict[str, list[int]] = {}
    for index, number in enumerate(chunk.numbers.tolist()):
        groups.setdefault(spool.attributes[number].target.type_name, []).append(index)
    for indices in groups.values():
        attributes = [spool.attributes[int(chunk.numbers[index])] for index in indices]
        paths = [attribute.target.path for attribute in attributes]
        codes = [spool.codes[frame] for frame in frames[indices].tolist()]
        found = list(map(layer.QueryTimeSample, paths, codes))
        if attributes[0].codec.array:
            expected = values(attributes[0], spool, chunk.places[indices, frames[indices]])
            wrong: Sequence[bool] = [not _same_array(attributes[0], one, other) for one, other in zip(expected, found, strict=True)]
        else:
            rows = rows_at(attributes[0], spool, chunk.places[indices, frames[indices]])
            wrong = _differing(attributes[0], spool, rows, found)
        if any(wrong):
            return f"a value of {paths[list(wrong).index(True)]}"
    return ""


def _wrong(layer: Sdf.Layer, spool: Spool, chunk: Samples, index: int) -> bool:
    attribute = spool.attributes[int(chunk.numbers[index])]
    codes = [spool.codes[frame] for frame in np.flatnonzero(chunk.there[index]).tolist()]
    if list(layer.ListTimeSamplesForPath(attribute.target.path)) != codes:
        return True
    found = [layer.QueryTimeSample(attribute.target.path, code) for code in codes]
    if attribute.codec.array:
        return not all(map(_same_array, [attribute] * len(found), values(attribute, spool, chunk.places[index][chunk.there[index]]), found))
    return any(_differing(attribute, spool, rows_at(attribute, spool, chunk.places[index][chunk.there[index]]), found))


def _differing(attribute: Attribute, spool: Spool, rows: NDArray[Any], found: Sequence[Any]) -> Sequence[bool]:
    """Tell of each value whether it is another one than was meant."""
    if any(value is None for value in found):
        return [value is None for value in found]
    if attribute.codec.family == "token":
        tokens = list(spool.tokens)
        return [tokens[number] != value for number, value in zip(rows[:, 0].tolist(), found, strict=True)]
    return changed_rows(attribute.codec.rows_of_values(found), rows.astype(attribute.codec.dtype, copy=False)).tolist()  # type: ignore[no-any-return]


def _same_array(attribute: Attribute, one: Any, other: Any) -> bool:
    if other is None or len(one) != len(other):
        return False
    return not changed_rows(*(attribute.codec.rows_of_array(value) for value in (one, other))).any()
