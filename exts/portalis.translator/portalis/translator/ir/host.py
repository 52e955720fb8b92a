"""What a host fills in by name, unless the function or its binding says otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from portalis.translator.ir.types import FLOAT, INT, MatrixType, Type, VecType

HOST_TYPES: Mapping[str, Type] = {
    "current_time": FLOAT,
    "delta_time": FLOAT,
    "frame": INT,
    "index": INT,
    "seed": INT,
    "gravity": VecType(3, "d"),
    "gravity_world": VecType(3, "d"),
    "meters_per_unit": FLOAT,
    "parent_to_world": MatrixType(4),
}
