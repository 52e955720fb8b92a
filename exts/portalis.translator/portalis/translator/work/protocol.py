"""The letters of frames between a host and its judge, and between a host and an oracle, and what is packed in them."""

from __future__ import annotations

import struct
from collections.abc import Sequence

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
_ECHO = struct.Struct("<II")
_DROPPED = 0xFFFFFFFF


def pack_runs(runs: Sequence[Run]) -> bytes:
    """Return runs as bytes."""
    return b"".join(_RUN.pack(run.entry, run.case, run.steps) for run in runs)


def unpack_runs(data: bytes) -> list[Run]:
    """Undo `pack_runs`."""
    return [Run(*fields) for fields in _RUN.iter_unpack(data)]


def pack_answers(answers: Sequence[bytes | None]) -> bytes:
    """Return answers, and gaps where they were dropped, as bytes."""
    return b"".join(_LENGTH.pack(_DROPPED) if answer is None else _LENGTH.pack(len(answer)) + answer for answer in answers)


def unpack_answers(data: bytes) -> list[bytes | None]:
    """Undo `pack_answers`."""
    answers: list[bytes | None] = []
    at = 0
    while at < len(data):
        (length,) = _LENGTH.unpack_from(data, at)
        at += _LENGTH.size
        answers.append(None if length == _DROPPED else data[at : at + length])
        at += 0 if length == _DROPPED else length
    return answers


def pack_load(request: bytes, limit: int) -> bytes:
    """Return a request to load and the longest answer that a run may have."""
    return _LENGTH.pack(min(limit, _DROPPED - 1)) + request


def unpack_load(payload: bytes) -> tuple[bytes, int]:
    """Return the request and the limit of a `LOAD` frame."""
    (limit,) = _LENGTH.unpack_from(payload)
    return payload[_LENGTH.size :], limit


# What a host sends an oracle, and an oracle its host. The host trusts none of it: letters and lengths are known before anything is read.
ORACLE_LOAD, ORACLE_RUNS = b"l", b"r"
ORACLE_READY, ORACLE_LOADED, ORACLE_ANSWER, ORACLE_BROKEN = b"p", b"d", b"a", b"x"
# Of processor time for what one source makes an oracle do; one that serves several gets it anew for each.
PROCESSOR_SECONDS = 60
READY_LIMIT, LOADED_LIMIT, BROKEN_LIMIT = 1 << 16, 1 << 24, 1 << 13


def pack_answer(run: Run, answer: bytes) -> bytes:
    """Return an answer with the run that it is on."""
    return _ECHO.pack(run.entry, run.case) + answer


def unpack_answer(run: Run, data: bytes) -> bytes | None:
    """Return the answer on a run; None where it is on another."""
    return data[_ECHO.size :] if data[: _ECHO.size] == _ECHO.pack(run.entry, run.case) else None


def answer_frame_limit(limit: int) -> int:
    """Return the longest frame that an answer of so many bytes comes in."""
    return limit + _ECHO.size
