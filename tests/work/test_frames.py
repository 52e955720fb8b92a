"""Frames of a pipe on whose other end anybody may write: letters and lengths are known before anything is read."""

from __future__ import annotations

import io
import struct

import pytest

from portalis.translator.work.frames import FrameError, read_frame, write_frame
from portalis.translator.work.link import Run
from portalis.translator.work.protocol import pack_answer, pack_answers, pack_runs, unpack_answer, unpack_answers, unpack_runs


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


def test_runs_and_answers_come_back() -> None:
    runs = [Run(0, 1, 2), Run(3, 2**32 - 1, 2**63)]
    assert unpack_runs(pack_runs(runs)) == runs
    answers = [b"", None, b"x" * 300, None]
    assert unpack_answers(pack_answers(answers)) == answers


def test_an_answer_on_another_call_is_none() -> None:
    assert unpack_answer(Run(1, 2, 3), pack_answer(Run(1, 2, 9), b"told")) == b"told"
    for other in (Run(1, 3, 3), Run(0, 2, 3)):
        assert unpack_answer(Run(1, 2, 3), pack_answer(other, b"told")) is None
    assert unpack_answer(Run(1, 2, 3), b"") is None
