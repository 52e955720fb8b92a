"""Layers as files: an overlay over a stage, which means what the stage means, and saving it."""

from __future__ import annotations

import os
from pathlib import Path

from pxr import Sdf, Tf, Usd

from portalis.translator.stage.problems import StageError, StageProblem

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
BAKED_MARK = "portalisBaked"


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
        return BAKED_MARK in Sdf.Layer.OpenAsAnonymous(str(path), metadataOnly=True).customLayerData
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
