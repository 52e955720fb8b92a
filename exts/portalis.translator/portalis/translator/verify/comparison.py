"""When two floats, or two exceptions, are the same."""

from __future__ import annotations

import math
import struct


def same_float(left: float, right: float) -> bool:
    """Tell whether two floats have the same bits, any NaN being the same as any other."""
    return (left == right and math.copysign(1.0, left) == math.copysign(1.0, right)) or (left != left and right != right)


def same_exception(left: tuple[str, str], right: tuple[str, str]) -> bool:
    """Tell whether two exceptions agree. CPython words RecursionError by where the limit happened to strike: its class decides."""
    return left == right or left[0] == right[0] == "RecursionError"


def ulp_distance(left: float, right: float) -> float:
    """Count the floats from one to the other; infinite where exactly one is NaN."""
    if left != left or right != right:
        return 0.0 if left != left and right != right else math.inf

    def ordinal(value: float) -> int:
        bits = int(struct.unpack("<q", struct.pack("<d", value))[0])
        return bits if bits >= 0 else -(bits & 0x7FFF_FFFF_FFFF_FFFF)

    return float(abs(ordinal(left) - ordinal(right)))
