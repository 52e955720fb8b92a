"""Which frames, and of which size: what a user says, read or refused."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from pxr import Usd

from portalis.translator.pictures.errors import PictureError

SMALLEST, LARGEST = 16, 8192
_MOST_PIXELS = 7680 * 4320
_MOST_FRAMES = 100_000
_RANGE = re.compile(r"(-?\d+(?:\.\d+)?):(-?\d+(?:\.\d+)?)(?:x(\d+(?:\.\d+)?))?")


def usual_frame(stage: Usd.Stage) -> float:
    """Return the first frame of the stage's own range; 0 where it has none."""
    return float(stage.GetStartTimeCode()) if stage.HasAuthoredTimeCodeRange() else 0.0


def own_range(stage: Usd.Stage) -> list[float]:
    """Return the frames of the stage's own range; `PictureError` where it has none."""
    if not stage.HasAuthoredTimeCodeRange():
        raise PictureError("the stage has no range of its own", "say which frames: --frames A:B", status=2)
    return _spread(float(stage.GetStartTimeCode()), float(stage.GetEndTimeCode()), 1.0)


def parse_frames(text: str) -> tuple[list[float], float]:
    """Return the frames of A:B, both included, or of A:BxSTEP, and the step."""
    found = _RANGE.fullmatch(text)
    if found is None or (step := float(found[3] or 1.0)) <= 0.0:
        raise PictureError(f"{text!r} are no frames", "frames are FIRST:LAST, such as 0:48, or every second of them, 0:48x2", status=2)
    return _spread(float(found[1]), float(found[2]), step), step


def _spread(first: float, last: float, step: float) -> list[float]:
    if not (math.isfinite(first) and math.isfinite(last) and first <= last):
        raise PictureError(f"there are no frames from {first:g} to {last:g}", "the first one comes first", status=2)
    # A millionth of a step: a whole number of steps is not always a whole number in floating point.
    count = math.floor((last - first) / step + 1e-6) + 1
    if count > _MOST_FRAMES:
        raise PictureError(f"{count:,} frames are more than can be made", f"at most {_MOST_FRAMES:,}: take every Nth, A:BxN", status=2)
    return [first + step * number for number in range(count)]


def require_frames(stage: Usd.Stage, frames: Sequence[float]) -> None:
    """Raise `PictureError` where a frame lies outside the range that a stage says it has."""
    if not stage.HasAuthoredTimeCodeRange():
        return
    start, end = stage.GetStartTimeCode(), stage.GetEndTimeCode()
    outside = [frame for frame in frames if not start <= frame <= end]
    if outside and math.isfinite(start) and math.isfinite(end):
        raise PictureError(f"the stage has no frame {outside[0]:g}", f"its frames are {start:g} to {end:g}", status=2)


def parse_size(text: str) -> tuple[int, int]:
    """Return WIDTHxHEIGHT as two numbers; `PictureError` where it is none, or too small or large."""
    width, cross, height = text.lower().partition("x")
    if not (cross and width.isdecimal() and height.isdecimal() and len(text) < 16):
        raise PictureError(f"{text!r} is no size", "a size is WIDTHxHEIGHT in pixels: 1280x720", status=2)
    size = (int(width), int(height))
    if not all(SMALLEST <= side <= LARGEST for side in size) or size[0] * size[1] > _MOST_PIXELS:
        raise PictureError(f"a picture of {text} cannot be made", f"sides of {SMALLEST} to {LARGEST}, at most 7680x4320 in all", status=2)
    return size
