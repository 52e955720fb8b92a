"""Frames of a pipe on whose other end anybody may write: letters and lengths are known before anything is read."""

from __future__ import annotations

import io
import struct

import pytest

from portalis.translator.work.frames import FrameError, read_frame, write_frame
from portalis.translator.work.link import Run
from portalis.translator.work.protocol import (
    RUN_BYTES,
    Part,
    join_orders,
    pack_answer,
    pack_orders,
    pack_parts,
    split_orders,
    unpack_answers,
    unpack_parts,
    unpack_runs,
)


class Counted(io.BytesIO):
    """Remembers the largest read that was asked for."""

    largest = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.largest = max(self.largest, -1 if size is None else size)
        return super().read(size)


def test_a_frame_comes_back() -> None:
    stream = io.BytesIO()
    write_frame(stream, b"a", b"payload")
    write_frame(stream, b"b", b"")
    stream.seek(0)
    assert [read_frame(stream, {b"a": 7, b"b": 0}) for _ in range(2)] == [(b"a", b"payload"), (b"b", b"")]
    with pytest.raises(EOFError):
        read_frame(stream, {b"a": 7})


def test_a_letter_that_is_not_expected_is_refused() -> None:
    stream = io.BytesIO(struct.pack("<cI", b"z", 0))
    with pytest.raises(FrameError, match="b'z'"):
        read_frame(stream, {b"a": 100})


def test_a_frame_beyond_its_limit_is_not_read() -> None:
    stream = Counted(struct.pack("<cI", b"a", 32) + b"x" * 32)
    with pytest.raises(FrameError, match="at most 16"):
        read_frame(stream, {b"a": 16})
    assert stream.largest < 16


@pytest.mark.parametrize("cut", [1, 4, 5, 9])
def test_a_frame_that_ends_too_early_is_an_end(cut: int) -> None:
    whole = io.BytesIO()
    write_frame(whole, b"a", b"payload")
    with pytest.raises(EOFError):
        read_frame(io.BytesIO(whole.getvalue()[:cut]), {b"a": 7})


def test_runs_and_what_was_heard_of_them_come_back() -> None:
    runs = [Run(0, 1, 2), Run(3, 2**32 - 1, 2**63)]
    together, packed = split_orders(pack_orders(runs, 7))
    assert (together, unpack_runs(packed), len(packed)) == (7, runs, 2 * RUN_BYTES)
    assert join_orders(7, packed) == pack_orders(runs, 7)
    parts = [Part(2, b""), Part(1, None), Part(32, b"x" * 300), Part(4, None)]
    assert unpack_parts(pack_parts(parts)) == parts


def test_answers_are_those_on_the_runs_that_were_asked() -> None:
    runs = [Run(1, 2, 9), Run(1, 3, 9)]
    told = pack_answer(runs[0], b"one") + pack_answer(runs[1], b"")
    assert unpack_answers(runs, told) == [b"one", b""]
    other = pack_answer(Run(0, 2, 9), b"one") + pack_answer(runs[1], b"")
    wrong = [told[:-1], told + b"x", b"", told[:12], pack_answer(runs[0], b"one"), other]
    for data in wrong:
        with pytest.raises(ValueError, match="the oracle"):
            unpack_answers(runs, data)
