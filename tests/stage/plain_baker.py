"""A bake as plain calls of OpenUSD, sample by sample as frames come: what every other way must equal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pxr import Sdf, Usd

from portalis.translator.stage.columns.backend import Indices
from portalis.translator.stage.plan.resolved import Target
from portalis.translator.stage.values import Codec, Rows


class PlainBaker:
    """A sink that puts samples into `layer`; `authored` is the stage that is baked."""

    def __init__(self, layer: Sdf.Layer, authored: Usd.Stage) -> None:
        self.layer = layer
        self._authored = authored
        self._held: dict[str, tuple[int, Any]] = {}
        self._codes: list[float] = []

    def at(self, time_code: float) -> None:
        if not self._codes or self._codes[-1] != time_code:
            self._codes.append(time_code)

    def column(self, targets: Sequence[Target], codec: Codec, strings: Sequence[str], which: Indices, rows: Rows) -> None:
        values = [strings[index] for index in rows[:, 0].tolist()] if codec.family == "token" else codec.values_of_rows(rows)
        for index, value in zip(which.tolist(), values, strict=True):
            self._sample(targets[index], value, codec)

    def array(self, target: Target, codec: Codec, rows: Rows) -> None:
        self._sample(target, codec.array_of_rows(rows), codec)

    def _sample(self, target: Target, value: Any, codec: Codec) -> None:
        frame, path = len(self._codes) - 1, target.path
        if path not in self._held:
            Sdf.JustCreatePrimAttributeInLayer(self.layer, path, Sdf.ValueTypeNames.Find(target.type_name), Sdf.VariabilityVarying)
            attribute = self._authored.GetAttributeAtPath(path)
            for code in self._codes[:frame] if attribute else []:
                if attribute.Get(code) is not None:
                    self.layer.SetTimeSample(path, code, attribute.Get(code))
        elif self._held[path][0] < frame - 1:
            since, held = self._held[path]
            # Floats are interpolated: they get every sample. The others get one just before they change.
            for missed in range(since + 1 if codec.family == "float" else frame - 1, frame):
                self.layer.SetTimeSample(path, self._codes[missed], held)
        self.layer.SetTimeSample(path, self._codes[frame], value)
        self._held[path] = (frame, value)
