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


def test_two_edits_far_apart_leave_what_is_between_them() -> None:
    lines = [f"line {number}" if number % 5 else "" for number in range(5000)]
    edited = ["changed", *lines[1:2], "new", *lines[2:4000], *lines[4001:]]
    found = [line_now("\n".join(lines), "\n".join(edited), number) for number in range(1, 5001)]
    assert found == [0, 2, *range(4, 4002), 0, *range(4002, 5001)]


class Line(str):
    """A line that counts how often it is compared."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        Line.compared += 1
        return str.__eq__(self, str(other))

    __hash__ = str.__hash__


class Text(str):
    """A text that is made of such lines."""

    __slots__ = ()

    def split(self, *_: object) -> list[str]:  # type: ignore[override]
        return list(map(Line, str.split(self, "\n")))


def test_lines_are_compared_a_few_times_each_however_alike_they_are() -> None:
    """It is asked after every key: a module of 5,000 lines of few kinds kept the window for seconds."""
    lines = [f"x{number * 7919 % 120} = 1" for number in range(5000)]
    before, now = Text("\n".join(lines)), Text("\n".join(line if place % 7 else f"{line}!" for place, line in enumerate(lines)))
    Line.compared = 0
    line_now(before, now, 1)
    assert Line.compared < 20 * len(lines)
