"""What a process writes on its standard error is read to its end, kept within bounds, and shown without control characters."""

from __future__ import annotations

import os

import pytest

from portalis.translator.work.tail import StderrTail


@pytest.mark.parametrize("mebibytes", [0, 4])
def test_the_end_of_it_is_kept(mebibytes: int) -> None:
    reading, writing = os.pipe()
    tail = StderrTail(os.fdopen(reading, "rb"))
    with os.fdopen(writing, "wb") as stream:
        for _ in range(mebibytes):
            stream.write(b"x" * (1 << 20))
        stream.write(b"\x1b]0;title\x07 the last words\xff")
    text = tail.text()
    assert text.endswith("the last words\ufffd")
    assert "\x1b" not in text and "\x07" not in text
    assert len(text) < 9000
