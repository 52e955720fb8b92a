"""Frame times: what is kept, how columns are made of it, what a file holds."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portalis.translator.ui.models.history import PARTS, FrameHistory, nice_scale


def history(times: list[float]) -> FrameHistory:
    made = FrameHistory()
    for frame, seconds in enumerate(times):
        made.add(frame, float(frame), (seconds, seconds / 2.0, 0.0, seconds / 4.0))
    return made


@given(st.lists(st.floats(0.0, 10.0), min_size=1, max_size=300), st.integers(1, 400), st.integers(1, 60))
def test_a_curve_never_clips_and_shows_the_costliest_frame_of_each_column(times: list[float], frames: int, columns: int) -> None:
    curve = history(times).curve(frames, columns)
    assert len(curve) <= columns + 1
    shown = times[-frames:]
    rows = [curve.at((column + 0.5) / len(curve)) for column in range(len(curve))]
    costliest = max(row.whole for row in rows)
    assert costliest == pytest.approx(1750.0 * max(shown), rel=1e-9)
    assert costliest <= curve.scale * 1.000001
    for lower, upper in zip(curve.stacked, curve.stacked[1:], strict=False):
        assert all(below <= above for below, above in zip(lower, upper, strict=True))
    assert list(curve.stacked[-1]) == pytest.approx([row.whole for row in rows])


def test_a_pointer_names_the_frame_under_it() -> None:
    curve = history([0.001, 0.002, 0.004]).curve(10, 10)
    assert [curve.at(place).frame for place in (-1.0, 0.0, 0.4, 0.99, 2.0)] == [0, 0, 1, 2, 2]
    assert curve.at(0.5).words() == "frame 1: 3.50 ms (read 2.00  run 1.00  write 0.00  USD and rest 0.50)"


@pytest.mark.parametrize(("most", "scale"), [(0.0, 0.1), (0.1, 0.1), (0.11, 0.2), (3.0, 5.0), (16.7, 20.0), (1234.0, 2000.0)])
def test_scales_are_round(most: float, scale: float) -> None:
    assert nice_scale(most) == pytest.approx(scale)


def test_files_hold_every_frame(tmp_path: Path) -> None:
    made = history([0.001, 0.002])
    assert made.export(tmp_path / "frames.csv") == 2
    rows = list(csv.DictReader((tmp_path / "frames.csv").open()))
    assert [float(row["read ms"]) for row in rows] == [1.0, 2.0]
    assert list(rows[0]) == [
        "frame",
        "time code",
        *(f"{part} ms" for part in PARTS),
    ]
    made.export(tmp_path / "frames.json")
    assert [row["run ms"] for row in json.loads((tmp_path / "frames.json").read_text())] == [0.5, 1.0]
