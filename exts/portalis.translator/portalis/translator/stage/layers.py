"""Layers as files: an overlay over a stage, which means what the stage means, and saving it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pxr import Sdf, Tf, Usd, UsdUtils, Vt

from portalis.translator.saving import beside, is_one_file, replacing
from portalis.translator.stage.problems import StageError, StageProblem

# The metadata of a stage live in its root layer alone, so a layer over it must repeat them to mean the same. These are composed from every
# layer below, and would be there twice.
_COMPOSED_FIELDS = frozenset({"subLayers", "subLayerOffsets", "layerRelocates", "primOrder"})
# What a bake leaves in its layer's customLayerData, so that baking again may replace it and nothing else.
BAKED_MARK = "portalisBaked"
_PATHS_COMPARED, _VALUES_COMPARED = 4096, 16
_SAMPLES = frozenset({"timeSamples"})


@dataclass(frozen=True)
class Overlay:
    """A layer over a stage that is to be saved at `path`.

    Until then it has a name of its own beside it, which no other layer of the program has, and from which relative paths mean the same.
    """

    layer: Sdf.Layer
    path: Path


def overlay(stage: Usd.Stage, path: Path, *, overwrite: bool = False, unsaved: bool = False) -> Overlay:
    """Make an empty layer, to be saved at `path`, whose only sublayer is the root layer of `stage`, with the same stage metadata.

    The sublayer's path is relative where both are files on one drive. No file is touched before the layer is saved. `StageError` where
    nothing can be written at `path`, where it holds anything but an earlier bake and `overwrite` does not allow to lose that, or where it
    is a layer of `stage` or one with edits that this program has not saved. So it is where `stage` itself has some, unless whoever calls
    allows it with `unsaved`, and tells its user: the layer will lie over files without them.
    """
    file_format = _writable_format(path)
    if path.exists() and not overwrite and not _is_baked(path):
        help_ = "name another file, or allow to replace this one: --overwrite"
        raise StageError(StageProblem("PS171", "the file exists, and no earlier bake wrote it", str(path), help_))
    refuse_open(stage, path)
    if not unsaved and (left := unsaved_layers(stage)):
        message = f"{left[0].identifier} has edits that are not saved, and the layer would lie over a file without them"
        raise StageError(StageProblem("PS171", message, str(path), "save the stage first"))
    root = stage.GetRootLayer()
    # Not CreateNew: that makes a file at once.
    layer = Sdf.Layer.New(file_format, str(beside(path.absolute())))
    for name in root.pseudoRoot.ListInfoKeys():
        if name not in _COMPOSED_FIELDS:
            layer.pseudoRoot.SetInfo(name, _anchored(root.pseudoRoot.GetInfo(name), root, path))
    layer.customLayerData = {name: value for name, value in layer.customLayerData.items() if name != BAKED_MARK}
    # Where two layers differ in it, OpenUSD moves the samples of the lower one; a missing one counts as framesPerSecond, or as 24.
    layer.timeCodesPerSecond = stage.GetTimeCodesPerSecond()
    layer.subLayerPaths.append(_relative(root.realPath, path) if root.realPath else root.identifier)
    return Overlay(layer, path)


def refuse_open(stage: Usd.Stage, path: Path) -> None:
    """Raise a `StageError` where writing the file at `path` would change `stage`, or lose edits that somebody in this program has.

    A stage is changed by what it does not show just now, too: another variant, a payload that is not loaded.
    """
    here = _open_at(path)
    if not here.isdisjoint(stage.GetUsedLayers()) or (path.is_file() and not _is_baked(path) and _is_needed(stage, path)):
        raise StageError(StageProblem("PS171", "this layer is a part of the stage", str(path), "name another file"))
    if any(layer.dirty for layer in here):
        help_ = "save them, or name another file"
        raise StageError(StageProblem("PS171", "this layer is open in this program, with edits that are not saved", str(path), help_))


def unsaved_layers(stage: Usd.Stage) -> list[Sdf.Layer]:
    """Return the layers of a stage, those of its session apart, of which no file says what they say here."""
    session = {*stage.GetLayerStack()} - {*stage.GetLayerStack(includeSessionLayers=False)}
    return [layer for layer in stage.GetUsedLayers() if layer not in session and (layer.dirty or layer.anonymous)]


def shown_again(path: Path) -> None:
    """Have whoever holds the layer at `path` open in this program see the file that was written there, unless there are edits to lose."""
    for layer in _open_at(path):
        if not layer.dirty:
            layer.Reload(force=True)


def _open_at(path: Path) -> set[Sdf.Layer]:
    """Return the layers that are open in this program and would be, or are, read from the file at `path`, whatever that is called there."""
    named = Sdf.Layer.Find(str(path.absolute()))
    loaded = Sdf.Layer.GetLoadedLayers()
    return {layer for layer in loaded if layer == named or (layer.realPath and is_one_file(path, Path(layer.realPath)))}


def _is_needed(stage: Usd.Stage, path: Path) -> bool:
    """Tell whether the file at `path` is among all that the root layer of `stage` leads to."""
    root = stage.GetRootLayer()
    needed = UsdUtils.ComputeAllDependencies(Sdf.AssetPath(root.identifier))[0] if root.realPath else []
    return any(is_one_file(path, Path(layer.realPath)) for layer in needed)


def _anchored(value: Any, root: Sdf.Layer, path: Path) -> Any:
    """Return a field of `root` as it means the same in a layer at `path`: a file named relative to the root layer stays that file."""
    if isinstance(value, dict):
        return {name: _anchored(item, root, path) for name, item in value.items()}
    if isinstance(value, Sdf.AssetPath) and root.realPath and value.path and not os.path.isabs(value.path):
        named = Path(root.realPath).parent / value.path
        # A name without a dot in front may also be found on a search path: that one means the same everywhere.
        if value.path.startswith(".") or named.is_file():
            return Sdf.AssetPath(_relative(str(named), path))
    return value


def flattened(layer: Sdf.Layer) -> Sdf.Layer:
    """Return a layer that holds all that `layer` is composed of, with the stage metadata of `layer` as they are."""
    flat = Usd.Stage.Open(layer).Flatten(addSourceFileComment=False)
    # Flattening names every file by where it is on this machine.
    for name in layer.pseudoRoot.ListInfoKeys():
        if name not in _COMPOSED_FIELDS:
            flat.pseudoRoot.SetInfo(name, layer.pseudoRoot.GetInfo(name))
    return flat


def save(layer: Sdf.Layer) -> None:
    """Save a layer to its own file; `StageError` where that cannot be written: then the file is as it was."""
    if not layer.realPath:
        # A resolver of its own knows where this is.
        _saved_by_usd(layer)
        return
    write(layer, Path(layer.realPath))
    # Its file was replaced without it: reading that again makes it clean.
    layer.Reload()


def write(layer: Sdf.Layer, path: Path) -> None:
    """Write what a layer holds to the file at `path`, which is replaced whole once what was written could be read back.

    `StageError` where that fails: then the file is as it was.
    """
    with said_as_problem(path), replacing(path) as temporary:
        export(layer, temporary, path)
        if wrong := difference(layer, Sdf.Layer.OpenAsAnonymous(str(temporary))):
            help_ = _BINARY if wrong.endswith(_TIME_CODE) else _WRITABLE
            raise StageError(StageProblem("PS171", f"what was written is not what was meant: {wrong}", str(path), help_))


def export(layer: Sdf.Layer, file: Path, path: Path) -> None:
    """Write a layer to `file`, in the format that the one at `path` has, or gets by its name. Tf.ErrorException where that fails."""
    layer.Export(str(file), args=_arguments(path))


@contextlib.contextmanager
def said_as_problem(path: Path) -> Iterator[None]:
    """Within the block, say as a `StageError` that the file at `path` could not be written."""
    try:
        yield
    except (Tf.ErrorException, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else " ".join(commentary(item) for item in error.args)
        message = f"the file could not be written: {reason or 'no reason is given'}"
        raise StageError(StageProblem("PS171", message, str(path), _WRITABLE)) from error


def commentary(item: Any) -> str:
    """Return what one of OpenUSD's diagnostics says; it quotes bytes of a file that need not be text."""
    try:
        return str(item.commentary).strip()
    except UnicodeDecodeError as error:
        return error.object.decode("utf-8", "backslashreplace").strip()


def _saved_by_usd(layer: Sdf.Layer) -> None:
    with said_as_problem(Path(layer.identifier)):
        layer.Save()


def _arguments(path: Path) -> dict[str, str]:
    """Say which of its formats a .usd file is to have: the one that it has."""
    if path.suffix.lower() != ".usd" or not path.is_file():
        return {}
    with path.open("rb") as file:
        return {"format": "usdc" if file.read(8) == b"PXR-USDC" else "usda"}


def difference(wanted: Sdf.Layer, found: Sdf.Layer, *, samples: bool = True) -> str:
    """Say where a layer that was read back is not the one that was written; empty where it is.

    Compared are: every prim and property; of the first few thousand, or in a larger layer of as many spread over it, every field with its
    value, and where `samples` the time of every sample with up to 16 of the values, the first and the last among them.
    """
    paths, read = _paths(wanted), _paths(found)
    # Formats have orders of their own.
    if paths != read and (len(paths) != len(read) or set(paths) != set(read)):
        return f"{len(read):,} prims and properties instead of {len(paths):,}"
    for path in paths[:: -(-len(paths) // _PATHS_COMPARED) or 1]:
        before, after = wanted.GetObjectAtPath(path), found.GetObjectAtPath(path)
        if before is None or after is None:
            # A path without an object of its own in Python.
            continue
        names, left = set(before.ListInfoKeys()), set(after.ListInfoKeys())
        if left - names or any(not _is_empty(name, _field(before, name)) for name in names - left):
            return f"the fields of {path}"
        names = left
        for name in names - _SAMPLES:
            if not _alike(value := _field(before, name), _field(after, name)):
                return f"{name} of {path}{_of_time_codes(value)}"
        if samples and "timeSamples" in names and (wrong := _other_samples(wanted, found, path)):
            return wrong
    return ""


def _is_empty(name: str, value: Any) -> bool:
    """Tell whether a field says nothing, which OpenUSD's text leaves out: an empty comment, an order of no prims, a list of no edits."""
    if name in ("comment", "documentation", "primOrder", "propertyOrder"):
        return not value
    return type(value).__name__.endswith("ListOp") and bool(value == type(value)())


def _other_samples(wanted: Sdf.Layer, found: Sdf.Layer, path: Sdf.Path) -> str:
    codes = wanted.ListTimeSamplesForPath(path)
    if codes != found.ListTimeSamplesForPath(path):
        return f"the time samples of {path}"
    for code in {*codes[:: -(-len(codes) // _VALUES_COMPARED) or 1], *codes[-1:]}:
        if not _alike(value := wanted.QueryTimeSample(path, code), found.QueryTimeSample(path, code)):
            return f"the value of {path} at {code:g}{_of_time_codes(value)}"
    return ""


def _paths(layer: Sdf.Layer) -> list[Sdf.Path]:
    paths: list[Sdf.Path] = []
    layer.Traverse(Sdf.Path.absoluteRootPath, paths.append)
    # Targets are fields of their relationships as well, and not every format keeps more of them.
    return [path for path in paths if not path.IsTargetPath()]


def _field(spec: Any, name: str) -> Any:
    if name == "typeName" and isinstance(spec, Sdf.AttributeSpec):
        # A type has several names, and text has one of them: Vec3f[] is float3[].
        return spec.typeName
    with contextlib.suppress(TypeError):
        return spec.GetInfo(name)
    # A value without a type in Python: the offsets of sublayers.
    return None


def _alike(one: Any, other: Any) -> bool:
    if one == other:
        return True
    # NaN is not equal to itself, and yet the same. Of a time code, neither its name in Python nor OpenUSD's text has all digits.
    return not _is_time_code(one) and repr(one) == repr(other)


def _is_time_code(value: Any) -> bool:
    return isinstance(value, Sdf.TimeCode | Vt.TimeCodeArray)


def _of_time_codes(value: Any) -> str:
    return _TIME_CODE if _is_time_code(value) else ""


_TIME_CODE = ", a time code"
_BINARY = "OpenUSD's text has six digits of a time code: write a .usdc"
_WRITABLE = "check the folder's permissions and the space left, or name another file"


def unusable_name(path: Path, code: str = "PS170") -> StageProblem | None:
    """Say that a file's name is no text, which OpenUSD's names are, or return None."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return StageProblem(code, "the file's name is not text in UTF-8, and OpenUSD takes no other", repr(str(path)), "rename the file")
    return None


def _writable_format(path: Path) -> Sdf.FileFormat:
    """Return the format that a file's name asks for; `StageError` where nothing can be written there."""
    if problem := unusable_name(path, "PS171"):
        raise StageError(problem)
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


def _relative(file: str, path: Path) -> str:
    """Return `file` as a layer at `path` names it: relative where both are on one drive."""
    try:
        relative = os.path.relpath(file, path.parent.resolve())
    except ValueError:
        return file
    return "./" + Path(relative).as_posix() if not relative.startswith("..") else Path(relative).as_posix()
