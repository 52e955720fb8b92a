"""What of a stage can be bound: every prim's transform, attributes, primvars and elements, each with the kind it stands for."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pxr import Sdf, Usd, UsdGeom, UsdLux

from portalis.translator.stage.values import codec_of
from stage_sweep.behaviours import BLINK, GROW, MOVE, POSE, TURN, WORLD, Behaviour, drift, python_type, see

Shape: TypeAlias = Literal["attribute", "crowd", "transform", "see", "world", "refused"]
# Prims of a stage that are looked at, and elements of an array that CPython goes through one by one.
_MOST_PRIMS = 6_000
MOST_ELEMENTS = 20_000
# Attributes that no schema's user animates without being asked, but whose fallback is worth moving.
_WITH_FALLBACK = frozenset(
    (
        *("radius", "size", "height", "focalLength", "focusDistance", "clippingRange", "visibility", "horizontalAperture"),
        *("inputs:intensity", "inputs:exposure", "inputs:color", "inputs:angle", "inputs:radius", "inputs:enableColorTemperature"),
    )
)


@dataclass(frozen=True)
class Candidate:
    """One binding to try. `what` and `arc` name its kind; `attribute` is what is read and written, and for a transform empty.

    `code` is the refusal that is right for it, where nothing else is.
    """

    shape: Shape
    what: str
    arc: str
    prim: str
    behaviour: Behaviour
    attribute: str = ""
    type_name: str = ""
    code: str = ""

    @property
    def kind(self) -> str:
        """The kind of the row that it is counted in."""
        return f"{self.what} · {self.arc}" if self.arc else self.what

    def options(self, instance: str) -> list[str]:
        """Return the options of `portalis bind` that say how it is bound."""
        named = ["--name", instance]
        match self.shape:
            case "refused" if not self.attribute:
                return named
            case "attribute" | "crowd" | "refused":
                ports = ["--input", f"value={self.attribute}", "--output", f"value={self.attribute}"]
                return [*named, *ports, "--kind", "crowd" if self.shape == "crowd" else "behavior"]
            case "see":
                return [*named, "--input", f"value={self.attribute}", "--input", "seen=0.0", "--kind", "behavior"]
            case "world":
                return [*named, "--input", "seen=0.0", "--kind", "behavior"]
            case _:
                return [*named, "--kind", "behavior"]


def candidates(stage: Usd.Stage) -> Iterator[Candidate]:
    """Yield everything that could be bound on a composed stage, in its order."""
    everything = Usd.PrimRange.Stage(stage, Usd.TraverseInstanceProxies(Usd.PrimAllPrimsPredicate))
    for prim in itertools.islice(everything, _MOST_PRIMS):
        if prim.IsPseudoRoot():
            continue
        if prim.IsInstanceProxy():
            yield Candidate("refused", "inside an instance", "", str(prim.GetPath()), MOVE, code="PS103")
        elif not prim.IsActive() or not prim.IsLoaded() or prim.IsAbstract() or not prim.IsDefined():
            yield Candidate("refused", _absence(prim), "", str(prim.GetPath()), MOVE, code="PS105")
        else:
            yield from _of_prim(prim)


def _absence(prim: Usd.Prim) -> str:
    return "inactive prim" if not prim.IsActive() else "class" if prim.IsAbstract() else "unloaded" if not prim.IsLoaded() else "over"


def _of_prim(prim: Usd.Prim) -> Iterator[Candidate]:
    path, arc = str(prim.GetPath()), _arc(prim)
    if UsdGeom.Xformable(prim):
        shape = stack_shape(prim)
        for behaviour in (MOVE, TURN, GROW, POSE):
            yield Candidate("transform", f"{behaviour.name}: {shape}", arc, path, behaviour)
        yield Candidate("world", "parent_to_world", arc, path, WORLD)
    for attribute in prim.GetAttributes():
        name, type_name = attribute.GetName(), str(attribute.GetTypeName())
        wanted = attribute.HasAuthoredValue() or name in _WITH_FALLBACK
        if not wanted or codec_of(type_name) is None or name.startswith("portalis:"):
            continue
        yield from _of_attribute(prim, attribute, path, arc)


def _of_attribute(prim: Usd.Prim, attribute: Usd.Attribute, path: str, arc: str) -> Iterator[Candidate]:
    name, type_name = attribute.GetName(), str(attribute.GetTypeName())
    spelled = python_type(type_name)
    family, animated = _family(prim), " animated" if attribute.ValueMightBeTimeVarying() else ""
    if type_name == "token" and name == "visibility":
        yield Candidate("attribute", f"visibility{animated}", arc, path, BLINK, name, type_name)
    if spelled is None:
        return
    if not type_name.endswith("[]"):
        if name.startswith("xformOp:"):
            yield Candidate("attribute", f"op {_op_shape(name)} {type_name}{animated}", arc, path, drift(spelled, False), name, type_name)
        elif attribute.GetVariability() == Sdf.VariabilityUniform:
            yield Candidate("refused", "uniform attribute", "", path, drift(spelled, False), name, type_name, "PS130")
        else:
            yield Candidate("attribute", f"{family} {type_name}{animated}", arc, path, drift(spelled, False), name, type_name)
        yield Candidate("see", f"read {type_name}{animated}", arc, path, see(spelled), name, type_name)
        return
    if attribute.GetVariability() != Sdf.VariabilityUniform:
        yield Candidate("crowd", f"{_array_shape(prim, attribute)} {type_name}{animated}", arc, path, drift(spelled, True), name, type_name)


def stack_shape(prim: Usd.Prim) -> str:
    """Return the kinds and precisions of a prim's transform ops in their order, as one word."""
    xformable = UsdGeom.Xformable(prim)
    ops = [_op_shape(op.GetOpName(), str(op.GetAttr().GetTypeName())) for op in xformable.GetOrderedXformOps()]
    animated = " animated" if xformable.TransformMightBeTimeVarying() else ""
    reset = "reset+" if xformable.GetResetXformStack() else ""
    return f"{reset}{'+'.join(ops) or 'no ops'}{animated}"


def _op_shape(name: str, type_name: str = "") -> str:
    inverse = "!" if name.startswith("!invert!") else ""
    parts = name.removeprefix("!invert!").split(":")
    suffix = (":pivot" if "pivot" in name.lower() else ":…") if len(parts) > 2 else ""
    letter = {"float": "f", "half": "h"}.get(type_name.rstrip("3"), "h" if type_name == "quath" else "f" if type_name == "quatf" else "")
    return f"{inverse}{parts[1]}{suffix}{letter}"


def _family(prim: Usd.Prim) -> str:
    if prim.HasAPI(UsdLux.LightAPI):
        return "light"
    if prim.IsA(UsdGeom.Camera):
        return "camera"
    name = str(prim.GetTypeName()) or "untyped"
    return "shading" if name in ("Shader", "Material", "NodeGraph") else name


def _array_shape(prim: Usd.Prim, attribute: Usd.Attribute) -> str:
    if UsdGeom.Primvar.IsPrimvar(attribute):
        primvar = UsdGeom.Primvar(attribute)
        indexed = " indexed" if primvar.IsIndexed() else ""
        size = " elementSize" if primvar.GetElementSize() != 1 else ""
        family = "curves" if prim.IsA(UsdGeom.Curves) else str(prim.GetTypeName()) or "untyped"
        return f"{family} primvar {primvar.GetInterpolation()}{indexed}{size}"
    return f"{prim.GetTypeName() or 'untyped'}.{attribute.GetName()}"


def _arc(prim: Usd.Prim) -> str:
    """Return the arc over which the first of a prim's opinions that are not local comes, or what else its composition is."""
    if prim.IsInstance():
        return "instance"
    arcs = {item.GetArcType() for item in Usd.PrimCompositionQuery(prim).GetCompositionArcs()}
    names = (
        ("Reference", "reference"),
        ("Payload", "payload"),
        ("Inherit", "inherit"),
        ("Specialize", "specialize"),
        ("Variant", "variant"),
        ("Relocate", "relocate"),
    )
    for arc, name in names:
        if any(str(item).endswith(arc) for item in arcs):
            return name
    return "sublayer" if len(prim.GetPrimStack()) > 1 else "local"


def choose(stage: Usd.Stage, seen: dict[str, int], most: int) -> list[Candidate]:
    """Choose at most `most` candidates, the kinds first that were seen least, no two of which write one attribute or one transform."""
    found: dict[str, list[Candidate]] = {}
    for item in candidates(stage):
        of_kind = found.setdefault(item.kind, [])
        # The first of a kind is a stage's most ordinary, a later one may be odd.
        if len(of_kind) < 3:
            of_kind.append(item)
    chosen: list[Candidate] = []
    taken: set[str] = set()
    for kind in sorted(found, key=lambda name: (seen.get(name, 0), name)):
        if len(chosen) == most:
            break
        item = found[kind][seen.get(kind, 0) % len(found[kind])]
        if _free(item, taken):
            chosen.append(item)
            seen[kind] = seen.get(kind, 0) + 1
    return chosen


def _free(item: Candidate, taken: set[str]) -> bool:
    """Tell whether nothing chosen writes what `item` writes, or (what is read apart) would change what it reads; take it then."""
    place = f"{item.prim}.xform" if item.shape == "transform" or item.attribute.startswith("xformOp:") else f"{item.prim}.{item.attribute}"
    if item.shape in ("refused", "world"):
        return True
    if place in taken:
        return False
    taken.add(place)
    return True


def names_of(items: Collection[Candidate]) -> dict[str, Candidate]:
    """Return the candidates by the instance names that they are bound under."""
    return {f"sweep{number}": item for number, item in enumerate(items)}
