"""Bake: keep what behaviours computed, as time samples in a layer over the stage."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pxr import Sdf, Usd

from portalis.translator.stage.columns.backend import Indices
from portalis.translator.stage.layers import BAKED_MARK, flattened, write
from portalis.translator.stage.plan.discovery import discover
from portalis.translator.stage.plan.resolve import Target
from portalis.translator.stage.values import Codec, Rows


@dataclass(slots=True)
class _Held:
    """The last sample of an attribute: the frame it was taken at, and its value."""

    frame: int
    value: object


class Baker:
    """A sink that writes time samples into `layer`; call `finish` after the last frame."""

    def __init__(self, layer: Sdf.Layer) -> None:
        self._layer = layer
        self._held: dict[str, _Held] = {}
        self._codes: list[float] = []

    def at(self, time_code: float) -> None:
        """Begin the frame whose samples lie at `time_code`; doing so again changes nothing."""
        if not self._codes or self._codes[-1] != time_code:
            self._codes.append(time_code)

    def column(self, targets: Sequence[Target], codec: Codec, strings: Sequence[str], which: Indices, rows: Rows) -> None:
        """Take new values of single-valued attributes."""
        token = codec.family == "token"
        values = [strings[index] for index in rows[:, 0].tolist()] if token else codec.values_of_rows(rows)
        with Sdf.ChangeBlock():
            for index, value in zip(which.tolist(), values, strict=True):
                self._sample(targets[index], value, codec)

    def array(self, target: Target, codec: Codec, rows: Rows) -> None:
        """Take the new elements of an array attribute."""
        self._sample(target, codec.array_of_rows(rows), codec)

    def finish(self, fps: float, *, flat: bool = False) -> None:
        """Author the range and the frame rate, and save the layer, or where `flat` one that needs no other, under its name.

        `StageError` where it cannot be written: then the file is as it was.
        The layer plays back; nothing that is bound runs on top of it. An authored range grows to hold the samples and never shrinks. An
        authored frame rate stays: it says how to look, not when.
        """
        if self._codes:
            self._cover(self._codes[0], self._codes[-1])
        if not self._layer.HasFramesPerSecond() and fps != self._layer.timeCodesPerSecond:
            self._layer.framesPerSecond = fps
        self._disable()
        self._layer.customLayerData = self._layer.customLayerData | {BAKED_MARK: True}
        write(flattened(self._layer) if flat else self._layer, Path(self._layer.identifier))

    def _disable(self) -> None:
        """Switch off what ran: on top of its own results it would begin where it ended."""
        for binding in discover(Usd.Stage.Open(self._layer)).bindings:
            if binding.enabled:
                path = f"{binding.key.path}.{binding.key.prefix}enabled"
                Sdf.JustCreatePrimAttributeInLayer(self._layer, path, Sdf.ValueTypeNames.Bool, Sdf.VariabilityUniform)
                self._layer.GetAttributeAtPath(path).default = False

    def _cover(self, first: float, last: float) -> None:
        authored = self._authored
        if authored.GetRootLayer().HasStartTimeCode() or authored.HasAuthoredTimeCodeRange():
            first = min(first, authored.GetStartTimeCode())
        if authored.GetRootLayer().HasEndTimeCode() or authored.HasAuthoredTimeCodeRange():
            last = max(last, authored.GetEndTimeCode())
        self._layer.startTimeCode, self._layer.endTimeCode = first, last

    def _sample(self, target: Target, value: object, codec: Codec) -> None:
        frame = len(self._codes) - 1
        held = self._held.get(target.path)
        if held is None:
            before = self._authored_values(target.path, frame)
            type_name = Sdf.ValueTypeNames.Find(target.type_name)
            Sdf.JustCreatePrimAttributeInLayer(self._layer, target.path, type_name, Sdf.VariabilityVarying)
            # The first sample would be the value of all frames before it: those keep what they had.
            for code, authored in before:
                self._layer.SetTimeSample(target.path, code, authored)
        elif held.frame < frame - 1:
            # A value that was held gets a second sample just before it changes. Between floats USD interpolates, and even between two
            # equal ones the last bit may be lost: those get every sample.
            first = held.frame + 1 if codec.family == "float" else frame - 1
            for missed in range(first, frame):
                self._layer.SetTimeSample(target.path, self._codes[missed], held.value)
        self._layer.SetTimeSample(target.path, self._codes[frame], value)
        self._held[target.path] = _Held(frame, value)

    def _authored_values(self, path: str, frames: int) -> list[tuple[float, object]]:
        """Return what an attribute is at the first `frames` time codes without this bake."""
        attribute = self._authored.GetAttributeAtPath(path) if frames else None
        values = [(code, attribute.Get(code)) for code in self._codes[:frames]] if attribute else []
        return [(code, value) for code, value in values if value is not None]

    @functools.cached_property
    def _authored(self) -> Usd.Stage:
        return Usd.Stage.Open(Sdf.Layer.FindOrOpenRelativeToLayer(self._layer, self._layer.subLayerPaths[0]))
