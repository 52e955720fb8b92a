"""Bake: keep what behaviours computed, as time samples in a layer over the stage."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pxr import Sdf, Usd

from portalis.translator.stage.backend import Indices
from portalis.translator.stage.resolve import Target
from portalis.translator.stage.values import Codec, Rows

# The metadata of a stage live in its root layer alone, so a layer over it must repeat them to mean the same.
_STAGE_METADATA = (
    "defaultPrim",
    "upAxis",
    "metersPerUnit",
    "kilogramsPerUnit",
    "timeCodesPerSecond",
    "framesPerSecond",
    "startTimeCode",
    "endTimeCode",
    "colorConfiguration",
)


def overlay(stage: Usd.Stage, path: Path) -> Sdf.Layer:
    """Make an empty layer, to be saved at `path`, whose only sublayer is the root layer of `stage`, with the same stage metadata.

    The sublayer's path is relative where both are files on one drive.
    """
    root = stage.GetRootLayer()
    layer = Sdf.Layer.CreateNew(str(path))
    if layer is None:
        raise OSError(f"cannot write {path}")
    for name in _STAGE_METADATA:
        if root.pseudoRoot.HasInfo(name):
            layer.pseudoRoot.SetInfo(name, root.pseudoRoot.GetInfo(name))
    layer.subLayerPaths.append(_relative(root, path))
    return layer


def _relative(root: Sdf.Layer, path: Path) -> str:
    if not root.realPath:
        return str(root.identifier)
    try:
        relative = os.path.relpath(root.realPath, path.parent.resolve())
    except ValueError:
        return str(root.realPath)
    return "./" + Path(relative).as_posix() if not relative.startswith("..") else Path(relative).as_posix()


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
                self._sample(targets[index], value)

    def array(self, target: Target, codec: Codec, rows: Rows) -> None:
        """Take the new elements of an array attribute."""
        self._sample(target, codec.array_of_rows(rows))

    def finish(self, fps: float) -> None:
        """Author the range and the frame rate, and save the layer."""
        if self._codes:
            self._layer.startTimeCode, self._layer.endTimeCode = self._codes[0], self._codes[-1]
        self._layer.framesPerSecond = fps
        self._layer.Save()

    def _sample(self, target: Target, value: object) -> None:
        frame = len(self._codes) - 1
        held = self._held.get(target.path)
        if held is None:
            type_name = Sdf.ValueTypeNames.Find(target.type_name)
            Sdf.JustCreatePrimAttributeInLayer(self._layer, target.path, type_name, Sdf.VariabilityVarying)
        elif held.frame < frame - 1:
            # Samples are interpolated: a value that was held gets a second sample just before it changes.
            self._layer.SetTimeSample(target.path, self._codes[frame - 1], held.value)
        self._layer.SetTimeSample(target.path, self._codes[frame], value)
        self._held[target.path] = _Held(frame, value)
