"""Which prims are drawn: visible, of the purposes render and default, in the order of the stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pxr import Usd, UsdGeom, UsdLux

_DEFINED = Usd.TraverseInstanceProxies()
OF_PROTOTYPES = Usd.TraverseInstanceProxies(Usd.PrimIsActive & Usd.PrimIsLoaded)
_HIDDEN_PURPOSES = (UsdGeom.Tokens.proxy, UsdGeom.Tokens.guide)
# What is drawn (`extraction` knows how), by the schema's type name.
_SIZED = frozenset(("Sphere", "Cube", "Cylinder", "Cylinder_1", "Cone", "Capsule", "Capsule_1", "Plane"))
SHAPES = _SIZED | {"Mesh", "Points", "PointInstancer", "BasisCurves", "HermiteCurves", "NurbsCurves"}


class Walk:
    """Goes over a stage at one time, and counts by kind what it leaves out."""

    def __init__(self, time: Usd.TimeCode) -> None:
        self._time = time
        self.skipped: Counter[str] = Counter()
        # Whether another time may show other prims.
        self.varies = False

    def drawn(self, root: Usd.Prim, *, purpose: str = "", below: Any = _DEFINED) -> Iterator[Usd.Prim]:
        """Yield the prims at and below `root` that have a shape; what is below a PointInstancer is drawn where its elements are.

        `below` says which children count: those of a prototype need not be defined.
        """
        if not self._visible(root):
            return
        own = UsdGeom.Imageable(root).GetPurposeAttr().Get() if root.IsA(UsdGeom.Imageable) else None
        # The nearest purpose that is authored holds for all below it.
        if own and UsdGeom.Imageable(root).GetPurposeAttr().HasAuthoredValue():
            purpose = own
        kind = str(root.GetTypeName())
        if purpose not in _HIDDEN_PURPOSES:
            if kind in SHAPES:
                yield root
            else:
                self._count(root, kind)
        elif root.IsA(UsdGeom.Boundable):
            self.skipped[f"prims of purpose {purpose}"] += 1
        if kind == "PointInstancer":
            return
        for child in root.GetFilteredChildren(below):
            yield from self.drawn(child, purpose=purpose, below=below)

    def _visible(self, prim: Usd.Prim) -> bool:
        if not prim.IsA(UsdGeom.Imageable):
            return True
        attribute = UsdGeom.Imageable(prim).GetVisibilityAttr()
        if attribute.HasAuthoredValue():
            self.varies = self.varies or attribute.ValueMightBeTimeVarying()
            return bool(attribute.Get(self._time) != UsdGeom.Tokens.invisible)
        return True

    def _count(self, prim: Usd.Prim, kind: str) -> None:
        if prim.HasAPI(UsdLux.LightAPI):
            self.skipped["lights"] += 1
        elif kind == "Volume":
            self.skipped["volumes"] += 1
        elif prim.IsA(UsdGeom.Gprim):
            self.skipped[f"prims of type {kind}"] += 1
