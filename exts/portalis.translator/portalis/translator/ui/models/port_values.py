"""What a port has now, in a few characters: of an attribute, of what ops compose, of the behaviour itself, of the host, of a default."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from portalis.translator.source import SourceFile
from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.stage.columns.units import FrameTime, HostValues
    from portalis.translator.stage.plan.bindings import BindingKey
    from portalis.translator.stage.plan.interface import BehaviourInterface
    from portalis.translator.stage.run.engine import TranslatorEngine
    from portalis.translator.stage.run.kept import KeptField

Way: TypeAlias = Literal["input", "output"]


class Run(Protocol):
    """What of a run the values follow from."""

    @property
    def frame(self) -> int:
        """The number of frames that were run since the start."""

    def engine(self) -> TranslatorEngine:
        """Return what knows where a behaviour's fields start."""

    def field(self, key: BindingKey, name: str) -> KeptField | None:
        """Return what a binding keeps in a field; None where it does not run."""


@dataclass(frozen=True, slots=True)
class PortOn:
    """A port of a behaviour on a prim: `read` and `written` are the paths of what it takes and gives, empty where there is none."""

    way: Way
    name: str
    key: BindingKey
    read: str
    written: str


class PortValues:
    """What the ports of a behaviour have now, bound or not, on a stage. What does not change with time is read once."""

    def __init__(self, stage: Any, source: SourceFile, interface: BehaviourInterface, run: Run) -> None:
        self._stage = stage
        self._source = source
        self._interface = interface
        self._run = run

    def of(self, port: PortOn) -> str:
        """Return the value; empty where there is none, as of a result that goes nowhere.

        What a behaviour changes and writes nowhere is what it keeps, wherever it was read at first.
        """
        if port.name in dict(self._interface.fields) and not port.written:
            changes = port.name in dict(self._interface.outputs)
            if changes and (kept := self._run.field(port.key, port.name)) is not None:
                return in_short(kept.first) if kept.lanes == 1 else counted(kept.lanes, "element")
            if not port.read:
                return in_short(self._initial[port.name])
        path = port.read if port.way == "input" else port.written
        return self._at(path) if path or port.way == "output" else self._by_itself(port.name)

    def _at(self, path: str) -> str:
        """Return the value that an attribute has now, or what ops compose to where the path stands for that."""
        from portalis.translator.stage.transforms.names import composed_name
        from portalis.translator.stage.transforms.one_prim import composed_value

        if not path:
            return ""
        if composed_name(path) is not None:
            value = composed_value(self._stage, path, self._now.time_code)
            return in_short(value) if value is not None else "no value"
        attribute = self._stage.GetAttributeAtPath(path)
        if not attribute:
            return ""
        value = attribute.Get(self._now.time_code)
        if value is None:
            return "no value"
        return counted(len(value), "element") if attribute.GetTypeName().isArray else in_short(value)

    def _by_itself(self, name: str) -> str:
        """Return the host's value, else the default; empty where there is none."""
        from portalis.translator.stage.author.trial import comes_from_host
        from portalis.translator.stage.plan.interface import LANE_HOST_VALUES

        if name in LANE_HOST_VALUES:
            return "each prim's own"
        if comes_from_host(name):
            slots = self._host.uniform(name, self._now)
            return in_short(slots[0] if len(slots) == 1 else slots)
        return next((in_short(item.default) for item in self._interface.parameters if item.name == name and item.has_default), "")

    @property
    def _now(self) -> FrameTime:
        """The time of the frame that was run last, or of the first where none was."""
        from portalis.translator.stage.columns.units import stage_clock

        return stage_clock(self._stage).at(max(self._run.frame - 1, 0))

    @functools.cached_property
    def _initial(self) -> Mapping[str, Any]:
        return self._run.engine().initial(self._source, self._interface.name)

    @functools.cached_property
    def _host(self) -> HostValues:
        from portalis.translator.stage.columns.units import HostValues
        from portalis.translator.stage.plan.discovery import discover

        return HostValues(self._stage, discover(self._stage).scene.seed)


def in_short(value: Any) -> str:
    """Return a value in a few characters: of a quaternion its real part first."""
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, str):
        return value
    if hasattr(value, "GetImaginary"):
        value = (value.GetReal(), *value.GetImaginary())
    try:
        return f"({', '.join(f'{item:.4g}' for item in value)})"
    except (TypeError, ValueError):
        return str(value)
