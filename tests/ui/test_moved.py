"""Lines of a text, found again after it was edited."""

from __future__ import annotations

import pytest

from portalis.translator.ui.models.moved import line_now

TEXT = "a\nb\nc\nd\n"


@pytest.mark.parametrize(
    ("now", "lines"),
    [
        (TEXT, [1, 2, 3, 4]),
        ("x\ny\n" + TEXT, [3, 4, 5, 6]),
        ("a\nB\nc\nd\n", [1, 0, 3, 4]),
        ("a\nc\nx\nd\n", [1, 0, 2, 4]),
        ("\na\nb\nx\nc", [2, 3, 5, 0]),
        ("", [0, 0, 0, 0]),
    ],
)
def test_a_line_is_found_where_it_is_as_it_was(now: str, lines: list[int]) -> None:
    assert [line_now(TEXT, now, line) for line in (1, 2, 3, 4)] == lines
    assert line_now(TEXT, now, 0) == line_now(TEXT, now, 9) == 0
