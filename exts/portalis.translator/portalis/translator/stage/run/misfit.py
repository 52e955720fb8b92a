"""Which result does not fit its attribute, and what it was: looked for only where one did not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from portalis.translator.calling.values import build
from portalis.translator.stage.columns.outlets import Outlet
from portalis.translator.stage.columns.transfer import Mask
from portalis.translator.stage.plan.executor import UNFIT_OUTPUT, Columns, Fault
from portalis.translator.stage.plan.interface import BehaviourInterface


def misfit(outlets: Sequence[Outlet], views: Mapping[str, Columns], interface: BehaviourInterface, lanes: int, lane: int) -> Fault:
    """Return why results of a lane, which an outlet of them refuses, do not fit, with the first such result's name and value."""
    types = dict(interface.outputs)
    for outlet in outlets:
        alone: Mask = np.zeros(lanes, np.bool_)
        alone[lane] = True
        outlet.unfit(views[outlet.name], alone)
        if not alone[lane] and outlet.name in types:
            slots = [column[lane].item() for column in views[outlet.name]]
            value = build(types[outlet.name], iter(slots), interface.strings)
            if isinstance(value, str):
                why = "which its attribute does not allow"
            elif any(isinstance(slot, float) and not math.isfinite(slot) for slot in slots):
                why = "which is not finite"
            else:
                why = "which is out of its attribute's range"
            return replace(UNFIT_OUTPUT, message=f"{outlet.name} is {value!r}, {why}")
    return UNFIT_OUTPUT
