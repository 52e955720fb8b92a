"""What a port has now, in a few characters: of an attribute, of a default that applies, of the host."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.stage.columns.units import HostValues
    from portalis.translator.stage.plan.interface import BehaviourInterface


def value_of(stage: Any, path: str) -> str:
    """Return the value that an attribute has now; empty where the path names none."""
    attribute = stage.GetAttributeAtPath(path) if path else None
    if not attribute:
        return ""
    value = attribute.Get()
    if value is None:
        return "no value"
    return counted(len(value), "element") if attribute.GetTypeName().isArray else in_short(value)


class Unbound:
    """What the inputs of a behaviour have on a stage that nothing is bound to. What the stage says of it is read once."""

    def __init__(self, stage: Any, interface: BehaviourInterface) -> None:
        self._stage = stage
        self._interface = interface

    def value(self, name: str, frame: int) -> str:
        """Return the host's value in a frame of a run, else the default; empty where the behaviour keeps it, and where there is none."""
        from portalis.translator.stage.author.trial import comes_from_host
        from portalis.translator.stage.columns.units import stage_clock
        from portalis.translator.stage.plan.interface import LANE_HOST_VALUES

        if name in dict(self._interface.fields):
            return ""
        if name in LANE_HOST_VALUES:
            return "each prim's own"
        if comes_from_host(name):
            slots = self._host.uniform(name, stage_clock(self._stage).at(frame))
            return in_short(slots[0] if len(slots) == 1 else slots)
        return next((in_short(item.default) for item in self._interface.parameters if item.name == name and item.has_default), "")

    @functools.cached_property
    def _host(self) -> HostValues:
        from portalis.translator.stage.columns.units import HostValues
        from portalis.translator.stage.plan.discovery import discover

        return HostValues(self._stage, discover(self._stage).scene.seed)


def in_short(value: Any) -> str:
    """Return a value in a few characters."""
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, str):
        return value
    try:
        return f"({', '.join(f'{item:.4g}' for item in value)})"
    except (TypeError, ValueError):
        return str(value)
