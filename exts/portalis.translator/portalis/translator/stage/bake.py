"""Bake: keep what behaviours computed, as time samples in a layer over the stage."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pxr import Sdf, Tf, Usd

from portalis.translator.stage.backend import Indices
from portalis.translator.stage.problems import StageError, StageProblem
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
# What a bake leaves in its layer's customLayerData, so that baking again may replace it and nothing else.
_MARK = "portalisBaked"


def overlay(stage: Usd.Stage, path: Path, *, overwrite: bool = False) -> Sdf.Layer:
    """Make an empty layer, to be saved at `path`, whose only sublayer is the root layer of `stage`, with the same stage metadata.

    The sublayer's path is relative where both are files on one drive. No file is touched before the layer is saved. `StageError` where
    nothing can be written at `path`, or where it holds anything but an earlier bake and `overwrite` does not allow to lose that.
    """
    file_format = _writable_format(path)
    if path.exists() and not overwrite and not _is_baked(path):
        help_ = "name another file, or allow to replace this one: --overwrite"
        raise StageError(StageProblem("PS171", "the file exists, and no earlier bake wrote it", str(path), help_))
    root = stage.GetRootLayer()
    # Not CreateNew: that empties the file at once, and an interrupted run would leave nothing of an earlier one.
    layer = Sdf.Layer.New(file_format, str(path.absolute()))
    for name in _STAGE_METADATA:
        if root.pseudoRoot.HasInfo(name):
            layer.pseudoRoot.SetInfo(name, root.pseudoRoot.GetInfo(name))
    layer.subLayerPaths.append(_relative(root, path))
    return layer


def save(layer: Sdf.Layer) -> None:
    """Save a layer; `StageError` where its file cannot be written."""
    try:
        layer.Save()
    except Tf.ErrorException as error:
        raise StageError(StageProblem("PS171", "the file could not be written", layer.identifier, _WRITABLE)) from error


_WRITABLE = "check the folder's permissions and the space left, or name another file"


def _writable_format(path: Path) -> Sdf.FileFormat:
    """Return the format that a file's name asks for; `StageError` where nothing can be written there."""
    if path.is_dir():
        raise StageError(StageProblem("PS171", "this is a folder", str(path), "name a file in it"))
    file_format = Sdf.FileFormat.FindByExtension(path.name)
    if file_format is None or not file_format.SupportsWriting():
        raise StageError(StageProblem("PS171", "its name says no format that can be written", str(path), "end it in .usda, .usdc or .usd"))
    existing = next(place for place in (path, *path.absolute().parents) if place.exists())
    if not os.access(existing, os.W_OK):
        raise StageError(StageProblem("PS171", f"{existing} cannot be written to", str(path), _WRITABLE))
    return file_format


def _is_baked(path: Path) -> bool:
    try:
        return _MARK in Sdf.Layer.OpenAsAnonymous(str(path), metadataOnly=True).customLayerData
    except Tf.ErrorException:
        return False


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
                self._sample(targets[index], value, codec)

    def array(self, target: Target, codec: Codec, rows: Rows) -> None:
        """Take the new elements of an array attribute."""
        self._sample(target, codec.array_of_rows(rows), codec)

    def finish(self, fps: float) -> None:
        """Author the range and the frame rate, and save the layer; `StageError` where it cannot be written."""
        if self._codes:
            self._layer.startTimeCode, self._layer.endTimeCode = self._codes[0], self._codes[-1]
        self._layer.framesPerSecond = fps
        self._layer.customLayerData = self._layer.customLayerData | {_MARK: True}
        save(self._layer)

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
