"""A stand-in for `usdrt`, no friendlier than it: values of its own classes, attributes only where the host made them, no notices.

`HostFake` is what mirrors a stage into it: values at first, and every edit afterwards. Nothing here was run inside Kit.
"""

from __future__ import annotations

from collections import namedtuple
from types import SimpleNamespace
from typing import Any

from pxr import Gf, Sdf, Tf, Usd, UsdGeom

from portalis.translator.stage.columns.fabric import LOCAL_MATRIX, converts, fabric_value

# Functions and methods by dotted name, as in `signatures.py`.
SIGNATURES = {
    "usdrt.Usd.Stage.GetPrimAtPath": "path",
    "usdrt.Usd.Prim.IsValid": "",
    "usdrt.Usd.Prim.HasAttribute": "name",
    "usdrt.Usd.Prim.GetAttribute": "name",
    "usdrt.Usd.Attribute.Set": "value",
}


def _classes() -> dict[str, Any]:
    vectors = {f"Vec{size}{kind}": namedtuple(f"Vec{size}{kind}", list("xyzw")[: int(size)]) for size in "234" for kind in "dfhi"}  # type: ignore[misc]
    quaternions = {f"Quat{kind}": namedtuple(f"Quat{kind}", "real imaginary") for kind in "dfh"}  # type: ignore[misc]
    matrices = {f"Matrix{size}d": namedtuple(f"Matrix{size}d", [f"m{n}" for n in range(size * size)]) for size in (3, 4)}  # type: ignore[misc]
    return {**vectors, **quaternions, **matrices}


GF = SimpleNamespace(**_classes())


class AttributeFake:
    """One attribute in Fabric."""

    def __init__(self, values: dict[str, Any], path: str) -> None:
        self._values = values
        self._path = path

    def Set(self, value: Any) -> bool:
        assert not type(value).__module__.startswith("pxr"), "usdrt has classes of its own"
        assert type(value) is type(self._values[self._path]), "an attribute keeps its type"
        self._values[self._path] = value
        return True


class PrimFake:
    """A prim in Fabric."""

    def __init__(self, values: dict[str, Any], path: str) -> None:
        self._values = values
        self._path = path

    def IsValid(self) -> bool:
        return any(path.startswith(f"{self._path}.") for path in self._values)

    def HasAttribute(self, name: str) -> bool:
        return f"{self._path}.{name}" in self._values

    def GetAttribute(self, name: str) -> AttributeFake:
        assert self.HasAttribute(name)
        return AttributeFake(self._values, f"{self._path}.{name}")


class FabricStageFake:
    """Fabric: `values` by path."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def GetPrimAtPath(self, path: str) -> PrimFake:
        return PrimFake(self.values, path)


class HostFake:
    """Keeps a Fabric as the stage has it, where nobody else writes to it."""

    def __init__(self, stage: Usd.Stage) -> None:
        self.fabric = FabricStageFake()
        self.time = Usd.TimeCode(1.0)
        self.mirrored = 0
        self.fabric.values = seen(stage, 1.0)
        self._stage = stage
        self._key = Tf.Notice.Register(Usd.Notice.ObjectsChanged, self._changed, stage)

    def _changed(self, notice: Usd.Notice.ObjectsChanged, _: Usd.Stage) -> None:
        if resynced := [path.GetPrimPath() for path in notice.GetResyncedPaths()]:
            anew = seen(self._stage, self.time.GetValue())
            self.fabric.values |= {
                path: value for path, value in anew.items() if any(Sdf.Path(path).HasPrefix(above) for above in resynced)
            }
        for path in notice.GetChangedInfoOnlyPaths():
            if not path.IsPropertyPath():
                continue
            self.mirrored += 1
            prim = self._stage.GetPrimAtPath(path.GetPrimPath())
            if path.name.startswith("xformOp:"):
                self.fabric.values[f"{prim.GetPath()}.{LOCAL_MATRIX}"] = local_matrix(prim, self.time)
            elif str(path) in self.fabric.values:
                self.fabric.values[str(path)] = fabric_value(GF, prim.GetAttribute(path.name).Get(self.time))


def local_matrix(prim: Usd.Prim, time: Usd.TimeCode) -> Any:
    """Return a prim's local matrix as Fabric has it."""
    return fabric_value(GF, Gf.Matrix4d(UsdGeom.Xformable(prim).GetLocalTransformation(time)))


def seen(stage: Usd.Stage, code: float) -> dict[str, Any]:
    """Return what a host shows of a stage: the single values, and local matrices in place of ops."""
    found = {}
    for prim in stage.Traverse():
        if UsdGeom.Xformable(prim):
            found[f"{prim.GetPath()}.{LOCAL_MATRIX}"] = local_matrix(prim, Usd.TimeCode(code))
        for attribute in prim.GetAttributes():
            value = attribute.Get(Usd.TimeCode(code))
            if not attribute.GetName().startswith(("xformOp", "portalis:")) and converts(value):
                found[str(attribute.GetPath())] = fabric_value(GF, value)
    return found
