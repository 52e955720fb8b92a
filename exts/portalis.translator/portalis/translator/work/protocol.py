"""The letters of frames between a host and its judge, and between a host and an oracle, and what is packed in them."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from portalis.translator.work.link import Run

# What a host sends its judge, and a judge its host. Either trusts the other with its memory: the host is ours, and a judge never runs a
# user's text.
JOB, REPLY, NO_ORACLE = b"j", b"a", b"f"
READY, DONE, FAILED, LOAD, LOADED, CALLS = b"p", b"r", b"e", b"o", b"w", b"c"
SIZE_LIMIT = (1 << 32) - 1
HOST_LETTERS = {JOB: SIZE_LIMIT, REPLY: SIZE_LIMIT, NO_ORACLE: SIZE_LIMIT}
JUDGE_LETTERS = {READY: 1 << 16, DONE: SIZE_LIMIT, FAILED: 1 << 20, LOAD: SIZE_LIMIT, LOADED: 0, CALLS: SIZE_LIMIT}
_RUN = struct.Struct("<IIQ")
_LENGTH = struct.Struct("<I")
_LOAD = struct.Struct("<I?")
_PART = struct.Struct("<II?")
_ANSWER = struct.Struct("<III")


def pack_load(request: bytes, limit: int, uses_gf: bool) -> bytes:
    """Return a request to load, the longest answer that a run may have, and whether the oracle needs OpenUSD."""
    return _LOAD.pack(min(limit, SIZE_LIMIT), uses_gf) + request


def unpack_load(payload: bytes) -> tuple[bytes, int, bool]:
    """Undo `pack_load`."""
    return payload[_LOAD.size :], *_LOAD.unpack_from(payload)


@dataclass(frozen=True)
class Part:
    """What one frame of an oracle said of the next `count` runs; None where no oracle came back from them."""

    count: int
    answers: bytes | None


def pack_parts(parts: Sequence[Part]) -> bytes:
    """Return what was heard of all runs, as bytes."""
    return b"".join(_PART.pack(part.count, len(part.answers or b""), part.answers is None) + (part.answers or b"") for part in parts)


def unpack_parts(data: bytes) -> list[Part]:
    """Undo `pack_parts`."""
    parts, at = [], 0
    while at < len(data):
        count, length, dropped = _PART.unpack_from(data, at)
        at += _PART.size
        parts.append(Part(count, None if dropped else data[at : at + length]))
        at += length
    return parts


# What a host sends an oracle, and an oracle its host. The host trusts none of it: letters and lengths are known before anything is read.
ORACLE_LOAD, ORACLE_RUNS = b"l", b"r"
ORACLE_READY, ORACLE_LOADED, ORACLE_ANSWER, ORACLE_BROKEN = b"p", b"d", b"a", b"x"
# Of processor time for what one source makes an oracle do; one that serves several gets it anew for each.
PROCESSOR_SECONDS = 60
READY_LIMIT, LOADED_LIMIT, BROKEN_LIMIT = 1 << 16, 1 << 24, 1 << 13


RUN_BYTES = _RUN.size


def pack_orders(runs: Sequence[Run], together: int) -> bytes:
    """Return runs for an oracle, which tells so many answers at a time."""
    return _LENGTH.pack(together) + b"".join([_RUN.pack(*run) for run in runs])


def split_orders(data: bytes) -> tuple[int, bytes]:
    """Return how many answers are wanted at a time, and the runs, each `RUN_BYTES` long."""
    (together,) = _LENGTH.unpack_from(data)
    return together, data[_LENGTH.size :]


def join_orders(together: int, runs: bytes) -> bytes:
    """Undo `split_orders`."""
    return _LENGTH.pack(together) + runs


def unpack_runs(runs: bytes) -> list[Run]:
    """Return runs from their bytes."""
    return list(map(Run._make, _RUN.iter_unpack(runs)))


def pack_answer(run: Run, answer: bytes) -> bytes:
    """Return an answer with the run that it is on."""
    return _ANSWER.pack(run.entry, run.case, len(answer)) + answer


def unpack_answers(runs: Sequence[Run], data: bytes) -> list[bytes]:
    """Return the answers of one frame; ValueError where they are not exactly the answers on these runs."""
    found, at = [], 0
    for run in runs:
        if len(data) - at < _ANSWER.size:
            raise ValueError("the oracle told too little")
        entry, case, length = _ANSWER.unpack_from(data, at)
        at += _ANSWER.size
        answer = data[at : at + length]
        if (entry, case) != (run.entry, run.case) or len(answer) != length:
            raise ValueError("the oracle answered what it was not asked")
        found.append(answer)
        at += length
    if at != len(data):
        raise ValueError("the oracle told too much")
    return found


def answers_limit(count: int, limit: int) -> int:
    """Return the longest frame that so many answers of so many bytes come in."""
    return min(SIZE_LIMIT, count * (limit + _ANSWER.size))
