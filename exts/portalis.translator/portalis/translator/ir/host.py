"""What a host fills in by name, unless the function or its binding says otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from portalis.translator.ir.types import FLOAT, INT, MatrixType, QuatType, Type, VecType

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
# What a prim's transform and its parts are, by the names that find them: to be written as annotations, for they may mean an attribute, too.
TRANSFORM_TYPES: Mapping[str, Type] = {
    **dict.fromkeys(("position", "translate", "translation", "scale", "world_position"), VecType(3, "d")),
    **dict.fromkeys(("orientation", "orient", "world_orientation"), QuatType("d")),
    **dict.fromkeys(("transform", "matrix", "world_transform"), MatrixType(4)),
}
