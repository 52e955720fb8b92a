"""Which samples a bake has: an attribute keeps its value between two samples only as long as OpenUSD does not interpolate there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portalis.translator.stage.bake.spool import Spool

# Entries of a table of attributes by frames: what is held in memory at a time.
_ENTRIES = 1 << 20


@dataclass(frozen=True, slots=True)
class Samples:
    """The samples of the attributes `numbers`: (attributes, frames), whether there is one, and where its value lies or what it is."""

    numbers: NDArray[np.int64]
    there: NDArray[np.bool_]
    places: NDArray[np.int64]

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many samples each attribute has."""
        return np.asarray(self.there.sum(axis=1), np.int64)


def samples(spool: Spool) -> Iterator[Samples]:
    """Yield the samples of all attributes that were written, some attributes at a time, in the order of their numbers."""
    step = max(1, _ENTRIES // max(1, len(spool.codes)))
    floats = np.array([attribute.codec.family == "float" for attribute in spool.attributes], np.bool_)
    for start in range(0, len(spool.attributes), step):
        numbers = np.arange(start, min(start + step, len(spool.attributes)))
        written = spool.first[numbers] >= 0
        if written.any():
            places = spool.gather(start, start + len(numbers))[written]
            yield _held(numbers[written], places, spool.first[numbers[written]], floats[numbers[written]])


def _held(numbers: NDArray[np.int64], places: NDArray[np.int64], first: NDArray[np.int64], floats: NDArray[np.bool_]) -> Samples:
    """Add the samples that hold a value.

    A value that was held gets a second sample just before it changes. Between floats USD interpolates, and even between two equal ones the
    last bit may be lost: those get every sample. Before the first frame in which it was written an attribute is what it was then.
    """
    given = places >= 0
    if given.all():
        return Samples(numbers, given, places)
    frames = np.arange(places.shape[1])
    ran = frames > first[:, None]
    last = places.shape[1] - 1 - np.argmax(given[:, ::-1], axis=1)
    just_before = np.zeros_like(given)
    just_before[:, :-1] = given[:, 1:]
    there = given | (ran & np.where(floats[:, None], frames < last[:, None], just_before))
    latest = np.maximum.accumulate(np.where(given, frames, 0), axis=1)
    return Samples(numbers, there, np.take_along_axis(places, latest, axis=1))
