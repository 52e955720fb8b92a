"""What an oracle says of one call, in a binary format that has nothing to interpret: fixed slots or a message, lengths before texts.

Whoever reads an answer knows the types that it must have. What does not fit them, to the last byte, is no answer at all: AnswerError.
"""

from __future__ import annotations

import functools
import struct
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from portalis.translator.calling.outcome import Identity
from portalis.translator.calling.values import SlotValue
from portalis.translator.ir.types import Type
from portalis.translator.verify.oracle.messages import WIRE_LIMIT, pack_slots, require_values, slot_format, slots_of, unpack_slots

# value: slots of the result and of the arguments afterwards. raised: an exception and the arguments. misfit: something was not of its type.
# steps: it took more than it was given. unknown: it would have taken more time or memory than there is.
Kind: TypeAlias = Literal["value", "raised", "misfit", "steps", "unknown"]
_KINDS: tuple[Kind, ...] = ("value", "raised", "misfit", "steps", "unknown")
TEXT_LIMIT = 4096
_TEXTS = struct.Struct("<HH")
_COUNTS = struct.Struct("<BH")
_ANSWER_LENGTH = struct.Struct("<I")
_PAIR = struct.Struct("<hH")
_VALUE, _NO_IDENTITY = b"\0", b"\0"
_NO_WAYS, _WITH_DRIFT, _NOTHING_ELSE = b"\0\0", b"\1", b"\0\0\0"


class AnswerError(Exception):
    """An answer that no oracle of ours gives."""


@dataclass(frozen=True, slots=True)
class Told:
    """How one call ended, as slots: the result's and those of every mutable argument after the call; `texts` are an exception's class and
    message, or what a misfit was and how it looks. Of an entry that crosses by wire, `answer` is all that there is but the texts."""

    kind: Kind
    result: tuple[SlotValue, ...] = ()
    finals: tuple[SlotValue, ...] = ()
    texts: tuple[str, str] = ("", "")
    identity: Identity = frozenset()
    answer: bytes = b""


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """An answer: what happened, which ways decisions went for the first time, and what the platform's own libm gives."""

    told: Told
    taken: tuple[int, ...] = ()
    drift: Told | None = None


class AnswerShape(ABC):
    """What answers on an entry look like."""

    def limit(self, ways: int) -> int:
        """Return the most bytes that an answer can have where there are so many ways of decisions."""
        told = 1 + self._value_limit() + _TEXTS.size + 8 * TEXT_LIMIT
        return 2 * told + 1 + 2 + 2 * ways

    def write(self, answer: CallAnswer) -> bytes:
        """Return an answer as bytes."""
        drift = b"\0" if answer.drift is None else b"\1" + self.write_told(answer.drift)
        return self.write_told(answer.told) + self.write_ways(answer.taken) + drift

    @staticmethod
    def write_ways(taken: Sequence[int]) -> bytes:
        """Return the ways that decisions went."""
        return struct.pack(f"<H{len(taken)}H", len(taken), *taken)

    def read(self, data: bytes, ways: int) -> CallAnswer:
        """Read an answer about which nothing is trusted; AnswerError where it is none."""
        try:
            reader = AnswerReader(data)
            told = self._read_told(reader)
            (count,) = struct.unpack("<H", reader.take(2))
            taken = struct.unpack(f"<{count}H", reader.take(2 * count))
            if any(way >= ways for way in taken):
                raise ValueError("a decision that was not asked about")
            drift = self._read_told(reader) if _flag(reader) else None
            reader.end()
        except (ValueError, struct.error) as error:
            raise AnswerError(f"the oracle's answer cannot be read: {error}") from None
        return CallAnswer(told, taken, drift)

    def write_told(self, told: Told) -> bytes:
        """Return how a call ended."""
        parts = [bytes((_KINDS.index(told.kind),)), self._write_values(told)]
        if told.kind in ("raised", "misfit"):
            first, second = (text.encode("utf-8", "surrogatepass") for text in told.texts)
            parts += [_TEXTS.pack(len(first), len(second)), first, second]
        if told.kind == "value":
            parts.append(bytes((len(told.identity),)))
            parts += [_PAIR.pack(path[0] if path else -1, position) for path, position in sorted(told.identity)]
        return b"".join(parts)

    def _read_told(self, reader: AnswerReader) -> Told:
        number = reader.take(1)[0]
        if number >= len(_KINDS):
            raise ValueError(f"no kind of outcome has the number {number}")
        told = self._read_values(_KINDS[number], reader)
        if told.kind in ("raised", "misfit"):
            lengths = _TEXTS.unpack(reader.take(_TEXTS.size))
            first, second = (reader.take(length).decode("utf-8", "surrogatepass") for length in lengths)
            told = replace(told, texts=(first, second))
        return replace(told, identity=self._read_identity(reader)) if told.kind == "value" else told

    def _read_identity(self, reader: AnswerReader) -> Identity:
        pairs = [_PAIR.unpack(reader.take(_PAIR.size)) for _ in range(reader.take(1)[0])]
        if any(not self._can_be(path, position) for path, position in pairs):
            raise ValueError("a result is an argument that there is not")
        return frozenset(((path,) if path >= 0 else (), position) for path, position in pairs)

    @abstractmethod
    def _value_limit(self) -> int:
        """Return the most bytes that values and identities take."""

    @abstractmethod
    def _write_values(self, told: Told) -> bytes:
        """Return the values of an outcome, none where its kind has none."""

    @abstractmethod
    def _read_values(self, kind: Kind, reader: AnswerReader) -> Told:
        """Read them; ValueError where they are none."""

    @abstractmethod
    def _can_be(self, path: int, position: int) -> bool:
        """Tell whether the part of the result at `path` (-1: all of it) can be the argument at a position."""


@dataclass(frozen=True)
class SlotShape(AnswerShape):
    """The types that answers on an entry have, whose values are slots."""

    result: Type
    mutable: tuple[Type, ...]
    strings: int
    parameters: int

    def _value_limit(self) -> int:
        slots = self.result.slot_count + sum(type_.slot_count for type_ in self.mutable)
        return 8 * slots + _COUNTS.size + 256 * _PAIR.size

    def _write_values(self, told: Told) -> bytes:
        result = pack_slots(self.result.slots, told.result) if told.kind == "value" else b""
        return result + pack_slots(slots_of(self.mutable), told.finals) if told.kind in ("value", "raised") else result

    def _read_values(self, kind: Kind, reader: AnswerReader) -> Told:
        result = self._read_slots(reader, (self.result,)) if kind == "value" else ()
        finals = self._read_slots(reader, self.mutable) if kind in ("value", "raised") else ()
        return Told(kind, result, finals)

    def _read_slots(self, reader: AnswerReader, types: tuple[Type, ...]) -> tuple[SlotValue, ...]:
        slots = slots_of(types)
        values = unpack_slots(slots, reader.take(slot_format(slots).size))
        require_values(types, values, self.strings)
        return values

    def _can_be(self, path: int, position: int) -> bool:
        return -1 <= path < len(self.result.elements) and position < self.parameters


@dataclass(frozen=True)
class WireShape(AnswerShape):
    """The types that answers on an entry that crosses by wire have.

    The answer's message, of at most so many bytes, is not read here: it is compared with another, byte by byte,
    and read where they differ.
    """

    result: Type
    parameters: tuple[Type, ...]
    prints: bool = False
    most: int = WIRE_LIMIT

    @staticmethod
    def plain(answer: bytes) -> bytes:
        """Return what an answer is that is a value, behind its kind and before its identities."""
        return _ANSWER_LENGTH.pack(len(answer)) + answer

    def _value_limit(self) -> int:
        return _ANSWER_LENGTH.size + self.most + 1

    def _write_values(self, told: Told) -> bytes:
        return self.plain(told.answer) if told.kind in ("value", "raised") else b""

    def _read_values(self, kind: Kind, reader: AnswerReader) -> Told:
        if kind not in ("value", "raised"):
            return Told(kind)
        (length,) = _ANSWER_LENGTH.unpack(reader.take(_ANSWER_LENGTH.size))
        return Told(kind, answer=reader.take(length))

    def _can_be(self, path: int, position: int) -> bool:
        # What is one object has one number: there is nothing else to tell.
        return False


class Reply:
    """One answer as it came, read no further than is needed; nothing in it is trusted. AnswerError where it is no answer."""

    def __init__(self, data: bytes, shape: AnswerShape, ways: int) -> None:
        self._data = data
        self._shape = shape
        self._ways = ways
        self._plain: bytes | None = None

    def is_value(self, packed: bytes) -> bool:
        """Tell whether it says, to the last byte, that the call gave this value and left these arguments, and returned none of them.

        Where it does not, it may still be the same: one NaN is like another.
        """
        told = _VALUE + packed + _NO_IDENTITY
        if not self._data.startswith(told):
            return False
        self._plain = told
        return True

    def is_just(self, packed: bytes | None) -> bool:
        """Tell whether it says that and nothing else: decisions went no new way, and nobody asked for the platform's own libm."""
        return packed is not None and self._data == _VALUE + packed + _NO_IDENTITY + _NOTHING_ELSE

    @functools.cached_property
    def _answer(self) -> CallAnswer:
        return self._shape.read(self._data, self._ways)

    @property
    def told(self) -> Told:
        """What happened."""
        return self._answer.told

    @property
    def taken(self) -> tuple[int, ...]:
        """The ways that decisions went."""
        rest = self._rest
        return () if rest == _NOTHING_ELSE or rest == self._same_drift else self._answer.taken

    @property
    def drift(self) -> Told | None:
        """What the platform's own libm gives."""
        return self._answer.drift

    @property
    def without_drift(self) -> bool:
        """Whether the platform's own libm gives the very same, as the bytes show."""
        return self._rest == self._same_drift

    @property
    def _rest(self) -> bytes | None:
        """What follows the value that it was found to be."""
        return None if self._plain is None else self._data[len(self._plain) :]

    @property
    def _same_drift(self) -> bytes:
        return _NO_WAYS + _WITH_DRIFT + (self._plain or b"")


def _flag(reader: AnswerReader) -> bool:
    value = reader.take(1)[0]
    if value > 1:
        raise ValueError(f"{value} came where 0 or 1 was expected")
    return value == 1


def bounded(text: str) -> str:
    """Return a text no longer than an answer may hold."""
    return text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - 1] + "…"


class AnswerReader:
    """Takes bytes from the front of an answer."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        """Return the next bytes; ValueError where there are not so many."""
        found = self._data[self._at : self._at + count]
        if len(found) < count:
            raise ValueError("it ends too early")
        self._at += count
        return found

    def end(self) -> None:
        """Raise ValueError where something is left."""
        if self._at != len(self._data):
            raise ValueError(f"{len(self._data) - self._at} bytes too many")
