"""What colour a prim has: its material's constant diffuse colour, else its display colour, else grey."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from pxr import Sdf, Usd, UsdGeom, UsdShade

from portalis.translator.pictures.scene import Floats

Skip = Callable[[str], None]
GREY = np.array([0.45, 0.46, 0.48], np.float32)
# What a UsdPreviewSurface has that says nothing of its colour.
_PLAIN = np.array([0.18, 0.18, 0.18], np.float32)
_PREVIEW = "UsdPreviewSurface"


@dataclass(frozen=True)
class Look:
    """A colour that a material gives to all of a shape, or None where the shape's own counts; and what of the material is not drawn."""

    colour: Floats | None
    skipped: tuple[str, ...] = ()
    varies: bool = False


@dataclass(frozen=True)
class Display:
    """What `displayColor` says: rows (n, 3) and their interpolation; whether another time may differ."""

    rows: Floats
    interpolation: str
    varies: bool


class Colours:
    """Looks colours up at one time, each material once."""

    def __init__(self, time: Usd.TimeCode, skipped: Counter[str]) -> None:
        self._time = time
        self._skipped = skipped
        self._looks: dict[Sdf.Path, Look] = {}

    def look(self, prim: Usd.Prim) -> Look:
        """Return what the material that is bound to a prim says of its colour."""
        material, _ = UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()
        if not material:
            return _NO_LOOK
        path = material.GetPath()
        if path not in self._looks:
            look = self._looks[path] = self._look(material)
            for kind in look.skipped:
                self._skipped[kind] += 1
        return self._looks[path]

    def display(self, prim: Usd.Prim) -> Display:
        """Return the display colour's rows: a grey one where there is none."""
        primvar = UsdGeom.PrimvarsAPI(prim).FindPrimvarWithInheritance("displayColor")
        if not primvar or not primvar.HasAuthoredValue():
            return _NO_DISPLAY
        varies = primvar.ValueMightBeTimeVarying()
        rows = np.array(primvar.ComputeFlattened(self._time) or (), np.float32).reshape(-1, 3)
        if not len(rows):
            return Display(GREY[None], "constant", varies)
        return Display(np.nan_to_num(rows, nan=0.0, posinf=1.0, neginf=0.0), str(primvar.GetInterpolation()), varies)

    def single(self, prim: Usd.Prim) -> tuple[Floats, bool]:
        """Return one colour for a whole prim, and whether another time may differ."""
        look = self.look(prim)
        if look.colour is not None:
            return look.colour, look.varies
        display = self.display(prim)
        return display.rows[0], display.varies or look.varies

    def _look(self, material: UsdShade.Material) -> Look:
        shader = material.ComputeSurfaceSource()[0]
        if not shader:
            others = material.GetSurfaceOutputs()
            return Look(None, ("materials that are no UsdPreviewSurface",) if others else ())
        if shader.GetShaderId() != _PREVIEW:
            return Look(None, ("materials that are no UsdPreviewSurface",))
        skipped = tuple(what for name, what in _NOT_DRAWN.items() if (value := shader.GetInput(name)) and self._counts(value))
        diffuse = shader.GetInput("diffuseColor")
        if not diffuse:
            return Look(_PLAIN, skipped)
        sources = diffuse.GetValueProducingAttributes()
        if not sources or UsdShade.Utils.GetType(sources[0].GetName()) != UsdShade.AttributeType.Output:
            value = (sources[0] if sources else diffuse.GetAttr()).Get(self._time)
            varies = bool(sources and sources[0].ValueMightBeTimeVarying())
            return Look(_PLAIN if value is None else np.array(value, np.float32), skipped, varies)
        reader = UsdShade.Shader(sources[0].GetPrim())
        if (reader.GetShaderId() or "").startswith("UsdPrimvarReader") and _reads_display_colour(reader):
            return Look(None, skipped)
        return Look(None, (*skipped, "textures"))

    def _counts(self, value: UsdShade.Input) -> bool:
        """Tell whether an input says something else than nothing."""
        sources = value.GetValueProducingAttributes()
        if not sources:
            return False
        if UsdShade.Utils.GetType(sources[0].GetName()) == UsdShade.AttributeType.Output:
            return True
        said = sources[0].Get(self._time)
        plain = 1.0 if value.GetBaseName() == "opacity" else 0.0
        return bool(np.any(np.array(said if said is not None else plain) != plain))


_NO_LOOK, _NO_DISPLAY = Look(None), Display(GREY[None], "constant", False)
# Inputs of a UsdPreviewSurface that would be seen, and what they are called.
_NOT_DRAWN = {"opacity": "transparency", "emissiveColor": "emission", "displacement": "displacement"}


def _reads_display_colour(reader: UsdShade.Shader) -> bool:
    name = reader.GetInput("varname")
    sources = name.GetValueProducingAttributes() if name else []
    return bool(sources and str(sources[0].Get()) == "displayColor")
