"""Spaces in which a host value cannot be what a behaviour takes it for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pxr import Sdf, Tf, Usd, UsdGeom

from portalis.translator.stage.plan.resolved import HostSource, ResolvedBinding
from portalis.translator.stage.problems import StageProblem

_MEASURED = frozenset(("gravity", "meters_per_unit"))
# How far a row's length may be from 1: rotations of single precision are no scale.
_UNIT = 1e-5


def space_problems(stage: Usd.Stage, bindings: Sequence[ResolvedBinding]) -> list[StageProblem]:
    """Warn of bindings that take gravity or the size of a unit and write into a space that is scaled at the stage's start."""
    cache = UsdGeom.XformCache(Usd.TimeCode(stage.GetStartTimeCode()))
    scaled: dict[Sdf.Path, bool] = {}
    problems = []
    for item in bindings:
        names = [port.name for port in item.decision.inputs if isinstance(port.source, HostSource) and port.name in _MEASURED]
        if not names or not item.moves:
            continue
        path = Sdf.Path(item.key.path)
        space = path.GetParentPath() if item.space_of_parent else path
        if space not in scaled:
            scaled[space] = _is_scaled(cache, stage.GetPrimAtPath(space))
        if scaled[space] and not (item.space_of_parent and UsdGeom.Xformable(stage.GetPrimAtPath(path)).GetResetXformStack()):
            message = f"{item.interface.name} takes {' and '.join(names)} in the space of {space}, which is scaled"
            help_ = "meters_per_unit is the stage's and does not follow; take gravity_world and parent_to_world, or unscale the parent"
            problems.append(StageProblem("PS126", message, item.key.path, help_, "warning"))
    return problems


def _is_scaled(cache: UsdGeom.XformCache, prim: Usd.Prim) -> bool:
    try:
        linear = np.array(cache.GetLocalToWorldTransform(prim))[:3, :3]
    except Tf.ErrorException:
        # An op on the way that OpenUSD does not compose.
        return False
    return bool((np.abs(np.sqrt((linear * linear).sum(axis=1)) - 1.0) > _UNIT).any())
