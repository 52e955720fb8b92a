"""What the transform ops of one prim compose to, for somebody who looks at it; lanes take the same from columns."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from pxr import Usd, UsdGeom

from portalis.translator.stage.transforms.judge import op_values, read_refusal
from portalis.translator.stage.transforms.names import TYPES, WORLD_TYPES, composed_name
from portalis.translator.stage.transforms.parts import Part, read_part
from portalis.translator.stage.transforms.spaces import of_world
from portalis.translator.stage.transforms.stack import read_stack, resets_stack
from portalis.translator.stage.values import codec_of


def composed_value(stage: Usd.Stage, path: str, time_code: float) -> Any:
    """Return the `Gf` value that a path such as `composed_path` makes stands for; None where the prim does not have it at this time."""
    name, prim = composed_name(path), stage.GetPrimAtPath(path.partition(".")[0])
    if name is None or not UsdGeom.Imageable(prim):
        return None
    codec = codec_of(TYPES[name])
    assert codec is not None, "parts of transforms have types that cross"
    if name in WORLD_TYPES:
        rows, bad = of_world(name, np.array(_to_world(prim, name == "parent_to_world", time_code))[None])
    else:
        stack, part = read_stack(prim), cast(Part, name)
        values = op_values(stage, stack.ops, time_code)
        if read_refusal(stack, values, part) is not None:
            return None
        rows, bad = read_part(part, stack.ops, values, 1)
    return None if bad[0] else next(iter(codec.values_of_rows(rows)))


def _to_world(prim: Usd.Prim, parent: bool, time_code: float) -> Any:
    cache = UsdGeom.XformCache(time_code)
    if not parent:
        return cache.GetLocalToWorldTransform(prim)
    # What resets its stack lies in the world's space.
    return cache.GetParentToWorldTransform(prim) if not resets_stack(prim) else np.eye(4)
