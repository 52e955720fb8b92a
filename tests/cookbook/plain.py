"""The loop that somebody would write instead of binding: each prim in turn, in CPython, on OpenUSD's own Get and Set.

It knows nothing of bindings: what is read and written where stands in `wirings.py`, and `math` is the library's, run by CPython.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pxr import Gf, Usd, UsdGeom

from portalis.translator.source import SourceFile
from tests.executed import execute

# What a parameter is at a time code, for a prim.
Reading = Callable[[Usd.Prim, float], Any]


def attribute(name: str) -> Reading:
    """Read an attribute of the prim, or of another one by its path."""
    return lambda prim, code: find(prim, name).Get(code)


def world_position(path: str = "") -> Reading:
    """Read where a prim is on the stage."""

    def read(prim: Usd.Prim, code: float) -> Gf.Vec3d:
        other = prim.GetStage().GetPrimAtPath(path) if path else prim
        return UsdGeom.XformCache(code).GetLocalToWorldTransform(other).ExtractTranslation()

    return read


def parent_to_world(prim: Usd.Prim, code: float) -> Gf.Matrix4d:
    """Read the matrix from the space of a prim's ops to the world."""
    return UsdGeom.XformCache(code).GetParentToWorldTransform(prim)


def find(prim: Usd.Prim, name: str) -> Usd.Attribute:
    """Find an attribute by its name on the prim, or by its path."""
    return prim.GetStage().GetAttributeAtPath(name) if name.startswith("/") else prim.GetAttribute(name)


@dataclass(frozen=True)
class Loop:
    """One behaviour over some prims: what its parameters or fields read, where its results go, what it is given as values."""

    file: str
    name: str
    prims: tuple[str, ...]
    reads: Mapping[str, Reading]
    writes: Mapping[str, str]
    given: Mapping[str, Any] = field(default_factory=dict)


def run_loop(loop: Loop, folder: Path, stage: Usd.Stage, frames: int) -> Iterator[tuple[float, dict[str, Any]]]:
    """Run a loop on a stage that nothing is bound in; gives the time code of every frame and its values, by attribute path."""
    source = SourceFile(loop.file, (folder / loop.file).read_text(encoding="utf-8"))
    loaded = execute(source, loop.name, (), "exact").namespace[loop.name]
    lanes = [_lane(loop, loaded, stage.GetPrimAtPath(path)) for path in loop.prims]
    rate = stage.GetTimeCodesPerSecond()
    start = stage.GetStartTimeCode() if stage.HasAuthoredTimeCodeRange() else 0.0
    for frame in range(frames):
        code = start + frame
        now = {"frame": frame, "current_time": start / rate + frame / rate, "delta_time": 1.0 / rate, "gravity": Gf.Vec3d(0.0, -9.81, 0.0)}
        found = {}
        for lane in lanes:
            for target, value in lane(code, now).items():
                assert target.Set(value)
                found[str(target.GetPath())] = target.Get(code)
        yield code, found


def _lane(loop: Loop, loaded: Any, prim: Usd.Prim) -> Callable[[float, Mapping[str, Any]], dict[Usd.Attribute, Any]]:
    run = _object if isinstance(loaded, type) else _function
    step = run(loop, loaded, prim)
    return lambda code, now: {find(prim, loop.writes[name]): value for name, value in step(code, now).items() if name in loop.writes}


def _arguments(function: Any, loop: Loop, prim: Usd.Prim, code: float, now: Mapping[str, Any]) -> dict[str, Any]:
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    seen = {**now, **loop.given, **{name: read(prim, code) for name, read in loop.reads.items()}}
    return {name: seen[name] for name in names if name in seen}


def _function(loop: Loop, loaded: Any, prim: Usd.Prim) -> Callable[[float, Mapping[str, Any]], dict[str, Any]]:
    def step(code: float, now: Mapping[str, Any]) -> dict[str, Any]:
        result = loaded(**_arguments(loaded, loop, prim, code, now))
        return dict(zip(loop.writes, result if len(loop.writes) > 1 else (result,), strict=True))

    return step


def _object(loop: Loop, loaded: Any, prim: Usd.Prim) -> Callable[[float, Mapping[str, Any]], dict[str, Any]]:
    instance = loaded()
    begun = False

    def step(code: float, now: Mapping[str, Any]) -> dict[str, Any]:
        nonlocal begun
        for name, value in loop.given.items():
            setattr(instance, name, value)
        for name, read in loop.reads.items():
            # What the object writes itself it has as it left it.
            if not begun or name not in loop.writes:
                setattr(instance, name, read(prim, code))
        if not begun and hasattr(instance, "on_play"):
            instance.on_play()
        begun = True
        instance.on_update(**_arguments(instance.on_update.__func__, loop, prim, code, now))
        return {name: getattr(instance, name) for name in loop.writes}

    return step
