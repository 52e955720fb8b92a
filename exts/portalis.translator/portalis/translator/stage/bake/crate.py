"""Completing a usdc file: the attributes that OpenUSD wrote with one sample each get the samples of a bake.

The format is public: OpenUSD's pxr/usd/usd/crateFile.h, and the AOUSD core specification. A file begins with a bootstrap (identifier,
version, place of the table of contents). Values follow, then six sections of structure, then the table of contents, which names them. A
value reference of eight bytes has the type in bits 48 to 55, flags above and below them what it refers to: a place in the file, or up to
four bytes of the value itself. A record of time samples is: distance to a reference of the times, that reference, distance to the number
of values, that number, a reference each.

What is added lies between the values and the sections, which move back: where OpenUSD saves edits into such a file, it overwrites all that
follows the first section.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from portalis.translator.stage.bake.samples import samples
from portalis.translator.stage.bake.spool import ALIGNMENT, Attribute, Spool

_IDENTIFIER = b"PXR-USDC"
# Versions whose structure is compressed and whose arrays have sizes of 64 bits; what came after 0.7 are types of values.
_OLDEST, _NEWEST = (0, 7), (0, 11)
_BOOTSTRAP = struct.Struct("<8s8Bq")
_SECTION = struct.Struct("<16sqq")
_SECTIONS = {b"TOKENS", b"STRINGS", b"FIELDS", b"FIELDSETS", b"PATHS", b"SPECS"}
_ARRAY, _INLINED = 1 << 63, 1 << 62
_PLACE = (1 << 48) - 1
_TIME_SAMPLES, _DOUBLE_VECTOR = 46, 48
_TYPES = {
    "Bool": 1,
    "UChar": 2,
    "Int": 3,
    "UInt": 4,
    "Int64": 5,
    "Half": 7,
    "Float": 8,
    "Double": 9,
    "Token": 11,
    "Matrix2d": 13,
    "Matrix3d": 14,
    "Matrix4d": 15,
    "Quatd": 16,
    "Quatf": 17,
    "Quath": 18,
    **{f"Vec{size}{letter}": 19 + 4 * (size - 2) + index for size in (2, 3, 4) for index, letter in enumerate("dfhi")},
}


class UnknownCrateError(Exception):
    """A file is not laid out as this module knows it."""


@dataclass(frozen=True, slots=True)
class Crate:
    """A usdc file in memory: its bytes, where its sections begin, and where each ends that it has."""

    content: bytes
    start: int
    contents: int
    sections: Mapping[bytes, tuple[int, int]]

    @classmethod
    def parse(cls, content: bytes) -> Crate:
        """Read the bootstrap and the table of contents; UnknownCrateError where they are not as expected."""
        if len(content) < _BOOTSTRAP.size or not content.startswith(_IDENTIFIER):
            raise UnknownCrateError("this is no usdc file")
        _, major, minor, *_, place = _BOOTSTRAP.unpack_from(content)
        if not _OLDEST <= (major, minor) <= _NEWEST:
            raise UnknownCrateError(f"version {major}.{minor}")
        count = _word(content, place)
        if place + 8 + count * _SECTION.size != len(content):
            raise UnknownCrateError("something follows the table of contents")
        rows = [_SECTION.unpack_from(content, place + 8 + index * _SECTION.size) for index in range(count)]
        sections = {name.rstrip(b"\0"): (start, size) for name, start, size in rows}
        start = min((start for start, _ in sections.values()), default=0)
        if set(sections) != _SECTIONS or not start >= 88 or any(begin + size > place for begin, size in sections.values()):
            raise UnknownCrateError(f"sections {sorted(sections)}")
        return cls(content, start, place, sections)

    def sample_records(self) -> NDArray[np.int64]:
        """Return where the records of time samples begin, in the order of the fields."""
        place, size = self.sections[b"FIELDS"]
        count = _word(self.content, place)
        skipped = place + 16 + _word(self.content, place + 8)
        packed = self.content[skipped + 8 : skipped + 8 + _word(self.content, skipped)]
        if skipped + 8 + len(packed) != place + size:
            raise UnknownCrateError("the section of fields")
        references = np.frombuffer(_decompressed(packed, 8 * count), "<u8")
        return np.asarray(references[_types(references) == _TIME_SAMPLES] & _PLACE, np.int64)

    def words(self, places: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Return the eight bytes at each place."""
        if len(places) and not 0 <= places.min() <= places.max() <= self.start - 8:
            raise UnknownCrateError("a value outside the values")
        content = np.frombuffer(self.content, np.uint8)
        return np.asarray(content[places[:, None] + np.arange(8)].view("<u8")[:, 0])

    def relocated(self, distance: int) -> bytes:
        """Return the sections and the table of contents as they are `distance` bytes further back."""
        table = [_SECTION.pack(name.ljust(16, b"\0"), start + distance, size) for name, (start, size) in self.sections.items()]
        return self.content[self.start : self.contents] + struct.pack("<Q", len(table)) + b"".join(table)


@dataclass(frozen=True, slots=True)
class _StandIns:
    """For each attribute, by its number, where its record of samples begins (-1: it has none), and the file's number of each token."""

    records: NDArray[np.int64]
    tokens: NDArray[np.int64]


def complete(file: Path, spool: Spool, holder: int | None) -> None:
    """Give the attributes in a usdc file their samples.

    OpenUSD wrote it with one sample for each attribute, at the time that is its number in `spool`. The attribute number `holder` has as
    many as there are tokens, whose values are those, in the order of the spool. UnknownCrateError where the file is not as expected,
    OSError where it cannot be written; then it is useless.
    """
    crate = Crate.parse(file.read_bytes())
    found = _stand_ins(crate, spool, holder)
    base = crate.start + -crate.start % ALIGNMENT
    with file.open("r+b") as out:
        out.seek(crate.start)
        out.write(bytes(base - crate.start))
        spool.values.copy_to(out)
        jumps = _Appending(out, base, base + spool.values.size, found).run(spool)
        end = out.tell()
        out.write(crate.relocated(end - crate.start))
        places = found.records[found.records >= 0]
        # The values of the file that OpenUSD wrote, with each record leading to its samples.
        values = np.frombuffer(bytearray(crate.content[: crate.start]), np.uint8)
        values[places[:, None] + np.arange(8)] = (jumps[found.records >= 0] - places).astype("<i8")[:, None].view(np.uint8)
        values[16:24] = np.frombuffer(struct.pack("<q", end + crate.contents - crate.start), np.uint8)
        out.seek(0)
        out.write(values.data)


def _stand_ins(crate: Crate, spool: Spool, holder: int | None) -> _StandIns:
    """Find the record of each attribute by the time of its stand-in."""
    records = crate.sample_records()
    after = records + crate.words(records).astype(np.int64)
    times = crate.words(after)
    if (_types(times) != _DOUBLE_VECTOR).any():
        raise UnknownCrateError("times of another type")
    first = crate.words((times & _PLACE).astype(np.int64) + 8).view("<f8").astype(np.int64)
    expected = np.flatnonzero(spool.first >= 0)
    if not np.array_equal(np.sort(first), expected):
        raise UnknownCrateError("other samples than the stand-ins")
    by_number = np.full(len(spool.attributes), -1, np.int64)
    by_number[first] = records
    if holder is None:
        return _StandIns(by_number, np.zeros(0, np.int64))
    counted = after[first == holder] + 8
    counted += crate.words(counted).astype(np.int64)
    if crate.words(counted)[0] != len(spool.tokens):
        raise UnknownCrateError("other tokens than the stand-ins")
    references = crate.words(counted[0] + 8 + 8 * np.arange(len(spool.tokens)))
    if (_types(references) != _TYPES["Token"]).any():
        raise UnknownCrateError("tokens of another type")
    return _StandIns(by_number, (references & 0xFFFFFFFF).astype(np.int64))


class _Appending:
    """Writes records of samples, of values that begin at `base` in the file, from the place `position` on."""

    def __init__(self, out: IO[bytes], base: int, position: int, found: _StandIns) -> None:
        self._out = out
        self._base = base
        self._position = position
        self._tokens = found.tokens
        self._times: dict[bytes, int] = {}

    def run(self, spool: Spool) -> NDArray[np.int64]:
        """Write all records and return where that of each attribute begins."""
        jumps = np.zeros(len(spool.attributes), np.int64)
        codes = np.array(spool.codes, "<f8")
        kinds = np.array([_kind(attribute) for attribute in spool.attributes], np.uint64)
        small = np.array([attribute.stored.small for attribute in spool.attributes], np.bool_)
        tokens = np.array([attribute.codec.family == "token" for attribute in spool.attributes], np.bool_)
        for chunk in samples(spool):
            which = chunk.numbers
            places = chunk.places + np.where(small[which], 0, self._base)[:, None]
            if tokens[which].any():
                chosen = tokens[which]
                places[chosen] = self._tokens[np.where(chunk.there[chosen], places[chosen], 0)]
            references = places.view(np.uint64)
            references |= kinds[which][:, None]
            times, counts = self._time_references(chunk.there, codes), chunk.counts
            heads = np.cumsum(counts + 3) - (counts + 3)
            jumps[which] = self._position + 8 * heads
            self._write(_records(times, counts, heads, references, chunk.there))
        return jumps

    def _time_references(self, there: NDArray[np.bool_], codes: NDArray[np.float64]) -> NDArray[np.uint64]:
        """Return the reference of each attribute's times, written where no earlier attribute has the same."""
        packed = np.packbits(there, axis=1)
        size, patterns = packed.shape[1], packed.tobytes()
        result = np.empty(len(there), np.uint64)
        for index in range(len(there)):
            pattern = patterns[index * size : (index + 1) * size]
            place = self._times.get(pattern)
            if place is None:
                place = self._times[pattern] = self._position
                own = codes[there[index]]
                self._write(np.concatenate((np.array([len(own)], "<u8"), own.view("<u8"))))
            result[index] = _DOUBLE_VECTOR << 48 | place
        return result

    def _write(self, words: NDArray[np.uint64]) -> None:
        self._out.write(words.data)
        self._position += words.nbytes


def _records(
    times: NDArray[np.uint64],
    counts: NDArray[np.int64],
    heads: NDArray[np.int64],
    references: NDArray[np.uint64],
    there: NDArray[np.bool_],
) -> NDArray[np.uint64]:
    """Return the words of records that begin at `heads`."""
    words = np.empty(counts.sum() + 3 * len(counts), np.dtype("<u8"))
    # The times' reference, the distance of the number from there, the number.
    for offset, column in enumerate((times, np.full(len(counts), 8), counts)):
        words[heads + offset] = column
    if there.all():
        words.reshape(len(counts), -1)[:, 3:] = references
        return words
    values = np.ones(len(words), np.bool_)
    for offset in range(3):
        values[heads + offset] = False
    words[values] = references[there]
    return words


def _kind(attribute: Attribute) -> int:
    """Return what the references of an attribute's values say besides where or what they are; UnknownCrateError for other types."""
    flags = _ARRAY if attribute.codec.array else _INLINED if attribute.stored.small else 0
    kind = _TYPES.get(attribute.codec.vt_name.removesuffix("Array"))
    if kind is None:
        raise UnknownCrateError(f"values of type {attribute.codec.type_name}")
    return kind << 48 | flags


def _types(references: NDArray[np.uint64]) -> NDArray[Any]:
    return (references >> np.uint64(48)) & np.uint64(0xFF)


def _word(content: bytes, place: int) -> int:
    if not 0 <= place <= len(content) - 8:
        raise UnknownCrateError("a place outside the file")
    return int.from_bytes(content[place : place + 8], "little")


def _decompressed(packed: bytes, size: int) -> bytes:
    """Undo OpenUSD's fast compression: LZ4 blocks, one, or as many as the first byte says, each after its size."""
    if not packed:
        raise UnknownCrateError("nothing is compressed")
    if packed[0] == 0:
        result = _lz4(packed[1:])
    else:
        result, place = b"", 1
        for _ in range(packed[0]):
            length = int.from_bytes(packed[place : place + 4], "little")
            result += _lz4(packed[place + 4 : place + 4 + length])
            place += 4 + length
    if len(result) != size:
        raise UnknownCrateError("a section of another size")
    return result


def _lz4(block: bytes) -> bytes:
    """Decode a block of LZ4: literals and a match of what is there already, by turns."""
    out = bytearray()
    place, end = 0, len(block)
    try:
        while place < end:
            token = block[place]
            place += 1
            count = token >> 4
            if count == 15:
                place, count = _longer(block, place, count)
            out += block[place : place + count]
            place += count
            if place >= end:
                break
            start = len(out) - (block[place] | block[place + 1] << 8)
            place += 2
            count = token & 15
            if count == 15:
                place, count = _longer(block, place, count)
            count += 4
            if not 0 <= start < len(out):
                raise UnknownCrateError("a match before the beginning")
            piece = out[start : start + count]
            # A match may reach into itself: then it repeats.
            out += piece if len(piece) == count else (piece * (count // len(piece) + 1))[:count]
    except IndexError as error:
        raise UnknownCrateError("a block that breaks off") from error
    return bytes(out)


def _longer(block: bytes, place: int, count: int) -> tuple[int, int]:
    """Read the rest of a length of 15 or more."""
    while True:
        count += block[place]
        place += 1
        if block[place - 1] != 255:
            return place, count
