"""What a stage says of time and units, held against what can be run: a rate of zero is none, a range does not end before it starts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from pxr import Usd, UsdGeom

from portalis.translator.stage.plan.bindings import PrimBinding
from portalis.translator.stage.plan.discovery import SceneSettings
from portalis.translator.stage.problems import StageProblem

# A frame that takes more steps than this is a typing error in the step rather than a wish: at 24 frames a second it is 4 microseconds.
MAX_STEPS_PER_FRAME = 10_000
# Frames are apart by so many of the smallest steps that time codes have at their place, or some of them are one.
_STEPS_APART = 8
_DEFAULTS = SceneSettings()
_POSITIVE = ("metersPerUnit", "kilogramsPerUnit", "timeCodesPerSecond", "framesPerSecond")
_FINITE = ("startTimeCode", "endTimeCode", "startFrame", "endFrame")


def settings_problems(
    stage: Usd.Stage, scene: SceneSettings = _DEFAULTS, bindings: Sequence[PrimBinding] = (), fps: float | None = None
) -> tuple[StageProblem, ...]:
    """Return what keeps a whole stage from running at `fps` frames a second, the stage's own rate by default, naming each field."""
    found = [*_root_problems(stage), *(problem for binding in bindings if binding.enabled for problem in _rate_problems(binding))]
    if not 0.0 <= scene.fixed_step < math.inf:
        message = f"portalis:scene:fixedStep = {scene.fixed_step:g} is no time step"
        found.append(StageProblem("PS140", message, scene.path, "seconds, or 0 for one step a frame"))
    elif not found and scene.fixed_step > 0.0:
        steps = 1.0 / (fps or stage.GetTimeCodesPerSecond()) / scene.fixed_step
        if steps > MAX_STEPS_PER_FRAME:
            message = f"portalis:scene:fixedStep = {scene.fixed_step:g} is {steps:.3g} steps a frame"
            found.append(StageProblem("PS140", message, scene.path, f"a step of which a frame takes at most {MAX_STEPS_PER_FRAME:,}"))
    if not found and (far := _too_far(stage, fps)) is not None:
        found.append(far)
    return tuple(found)


def _too_far(stage: Usd.Stage, fps: float | None) -> StageProblem | None:
    """Say that time codes are so large that two frames would have the same one, or return None."""
    rate = float(stage.GetTimeCodesPerSecond())
    code = max((float(stage.GetStartTimeCode()), float(stage.GetEndTimeCode())), key=abs)
    if math.ulp(code) * _STEPS_APART <= rate / (fps or rate):
        return None
    message = f"at the time code {code:g} there are no numbers for frames that are {rate / (fps or rate):g} time codes apart"
    return StageProblem("PS140", message, stage.GetRootLayer().identifier, "move the range, startTimeCode to endTimeCode, towards 0")


def _root_problems(stage: Usd.Stage) -> Iterator[StageProblem]:
    layer = stage.GetRootLayer().identifier
    for names, wanted, fits in ((_POSITIVE, "positive", _is_positive), (_FINITE, "finite", math.isfinite)):
        for name in names:
            if stage.HasAuthoredMetadata(name) and not fits(value := float(stage.GetMetadata(name))):
                yield StageProblem("PS140", f"{name} = {value:g} is not {wanted}", layer, "author it again in the root layer, or remove it")
    if (axis := str(stage.GetMetadata(UsdGeom.Tokens.upAxis))) not in (UsdGeom.Tokens.y, UsdGeom.Tokens.z):
        # OpenUSD shows such a stage in one of the two, and nothing says where down is.
        yield StageProblem("PS140", f"upAxis = {axis!r} is neither Y nor Z", layer, "author it again in the root layer, or remove it")
    if stage.HasAuthoredTimeCodeRange() and stage.GetStartTimeCode() > stage.GetEndTimeCode():
        message = f"startTimeCode = {stage.GetStartTimeCode():g} is after endTimeCode = {stage.GetEndTimeCode():g}"
        yield StageProblem("PS140", message, layer, "exchange them in the root layer")


def _rate_problems(binding: PrimBinding) -> Iterator[StageProblem]:
    if not 0.0 <= binding.rate < math.inf:
        message = f"rate = {binding.rate:g} is no number of calls a second"
        yield StageProblem("PS140", message, f"{binding.key.path}.{binding.key.prefix}rate", "calls a second, or 0 for each frame")


def _is_positive(value: float) -> bool:
    return 0.0 < value < math.inf
