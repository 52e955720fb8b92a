"""Stages as files: opening them with the schemas known, layers over them, and prims by pattern."""

from __future__ import annotations

import contextlib
import fnmatch
import math
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from pxr import Sdf, Tf, Usd, UsdUtils

from portalis.translator.stage.layers import commentary, overlay, unusable_name
from portalis.translator.stage.plan.nearest import offered
from portalis.translator.stage.plan.settings import settings_problems
from portalis.translator.stage.problems import StageError, StageProblem
from portalis.translator.stage.registry import register_schemas
from portalis.translator.stage.schema import MODULE_TYPE, SCOPE_NAME

# What a room that does not know OpenUSD calls what is opened here.
Stage: TypeAlias = Usd.Stage


def open_stage(path: Path) -> Usd.Stage:
    """Open a stage, the schemas registered first, as OpenUSD demands. `StageError` where the file is missing or is not USD."""
    register_schemas()
    if problem := unusable_name(path):
        raise StageError(problem)
    if not path.is_file():
        raise StageError(StageProblem("PS170", f"there is no file {path}", str(path), "check the path"))
    try:
        stage = Usd.Stage.Open(str(path))
    except Tf.ErrorException as error:
        help_ = "open it with usdcat to see whether it is whole"
        raise StageError(StageProblem("PS170", f"this is not a USD file that can be opened{_reason(error)}", str(path), help_)) from error
    return stage


def _reason(error: Tf.ErrorException) -> str:
    """Return what OpenUSD's readers say of a file; last comes the stage's own error, which says only that it did not open."""
    comments = [commentary(item) for item in error.args[:-1]]
    # What its parser looked for is a rule of its own, in letters that nobody reads.
    return ": " + re.sub(r"parse error matching \S+.*", "the text is no USD from here on", comments[0], flags=re.DOTALL) if comments else ""


@contextlib.contextmanager
def unreadable_refused(path: Path) -> Iterator[None]:
    """Within the block, say as a `StageError` what OpenUSD raises: files of value clips are opened only when a value is asked for."""
    try:
        yield
    except Tf.ErrorException as error:
        reasons = " ".join(commentary(item) for item in error.args) or "no reason is given"
        help_ = "open the file that is named with usdcat to see whether it is whole"
        raise StageError(StageProblem("PS170", f"OpenUSD cannot go on: {reasons}", str(path), help_)) from error


@contextlib.contextmanager
def warnings_told(tell: Callable[[str], None]) -> Iterator[None]:
    """Within the block, keep OpenUSD's warnings off the terminal, to which it would copy a layer's text as it is; then `tell` each."""
    delegate = UsdUtils.CoalescingDiagnosticDelegate()
    try:
        yield
    finally:
        for item in delegate.TakeUncoalescedDiagnostics():
            tell(commentary(item))


def require_writable(stage: Usd.Stage) -> None:
    """Raise a `StageError` where a stage's own file is of a kind that nothing can be authored in."""
    layer = stage.GetRootLayer()
    if layer.GetFileFormat().SupportsEditing() and layer.GetFileFormat().SupportsWriting() and not layer.GetFileFormat().IsPackage():
        return
    what = "a package is read, never edited" if layer.GetFileFormat().IsPackage() else "files of this format are read, never written"
    raise StageError(StageProblem("PS102", what, layer.identifier, "author into a layer over it: -o OVER.usda"))


def open_over(stage: Usd.Stage, path: Path) -> Usd.Stage:
    """Open a layer over a stage as a stage whose edits go there: the one at `path`, or a new one, which is written once it is saved.

    `StageError` where the file at `path` is no layer over `stage`, or cannot be written.
    """
    if not path.exists():
        layer = overlay(stage, path).layer
        layer.identifier = str(path.absolute())
        return Usd.Stage.Open(layer)
    opened = open_stage(path)
    layer = opened.GetRootLayer()
    below = {Sdf.Find(layer.ComputeAbsolutePath(name)) for name in layer.subLayerPaths}
    if stage.GetRootLayer() not in below:
        message = f"the file exists, and is no layer over {stage.GetRootLayer().GetDisplayName()}"
        raise StageError(StageProblem("PS171", message, str(path), "name another file"))
    return opened


def own_frames(stage: Usd.Stage, fps: float | None = None) -> int | None:
    """Return how many frames lie in the stage's authored range, both ends included; None where it authors none.

    `StageError` where its rate or range is none.
    """
    if problems := settings_problems(stage):
        raise StageError(*problems)
    if not stage.HasAuthoredTimeCodeRange():
        return None
    rate = float(stage.GetTimeCodesPerSecond())
    seconds = (stage.GetEndTimeCode() - stage.GetStartTimeCode()) / rate
    if not math.isfinite(seconds * (fps or rate)):
        message = f"{stage.GetStartTimeCode():g} to {stage.GetEndTimeCode():g} is no number of frames at {fps or rate:g} a second"
        raise StageError(StageProblem("PS140", message, stage.GetRootLayer().identifier, "say how many frames: --frames"))
    # A millionth of a frame: a whole number of frames is not always a whole number in floating point.
    return math.floor(float(seconds) * (fps or rate) + 1e-6) + 1


def expand(stage: Usd.Stage, patterns: Sequence[str]) -> list[str]:
    """Turn prim patterns (`*`, `?`, `[…]`) into paths, in stage order; `StageError` where one matches nothing.

    The modules that `bind` itself leaves in a stage are no prims that a pattern means.
    """
    found: dict[str, None] = {}
    for pattern in patterns:
        if not any(character in pattern for character in "*?["):
            found[pattern] = None
            continue
        paths = (str(prim.GetPath()) for prim in stage.Traverse() if not _holds_modules(prim))
        matches = [path for path in paths if fnmatch.fnmatchcase(path, pattern)]
        if not matches:
            raise StageError(StageProblem("PS101", "no prim matches this pattern", pattern, offered(stage, pattern)))
        found.update(dict.fromkeys(matches))
    return list(found)


def _holds_modules(prim: Usd.Prim) -> bool:
    return prim.GetTypeName() == MODULE_TYPE or (
        prim.GetName() == SCOPE_NAME and any(child.GetTypeName() == MODULE_TYPE for child in prim.GetChildren())
    )
