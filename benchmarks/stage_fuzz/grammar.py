"""Random stages and edits, as lists of steps: every step stands for itself, so that any of them can be left out."""

from __future__ import annotations

import random
from typing import Any, TypeAlias

from stage_fuzz.sources import INPUTS, OUTPUTS, PLACES, PORTS, SOURCES, SUITS

Step: TypeAlias = tuple[Any, ...]

PATHS = ("/World", "/World/A", "/World/B", "/World/A/C", "/World/Dust", "/World/Many", "/Class", "/Other")
PRIM_TYPES = ("Xform", "Sphere", "Points", "PointInstancer", "Mesh", "Scope", "Camera", "DistantLight", "PhysicsScene", "Nonsense", "")
OPS = (
    ("xformOp:translate", ("double3", "float3", "half3")),
    ("xformOp:translate:pivot", ("double3", "float3")),
    ("!invert!xformOp:translate:pivot", ()),
    ("xformOp:rotateXYZ", ("double3", "float3", "half3")),
    ("xformOp:rotateY", ("double", "float", "half")),
    ("xformOp:orient", ("quatd", "quatf", "quath")),
    ("xformOp:scale", ("double3", "float3", "half3")),
    ("xformOp:transform", ("matrix4d",)),
    ("xformOp:translate:extra", ("double3",)),
    ("!resetXformStack!", ()),
    ("xformOp:nonsense", ("double3",)),
    ("", ()),
)
# Names of ordinary attributes, some of which no behaviour may write.
NAMES = ("value", "other", "speed", "visibility", "points", "widths", "positions", "primvars:displayColor", "inputs:intensity", "info:id")
NAMES = (
    *NAMES,
    "primvars:mass",
    "number",
    "three",
    "value",
    "inputs:script",
    "omni:scripting:scripts",
    "xformOpOrder",
    "extent",
    "protoIndices",
    "radius",
    "ünïcode",
    "a:b:c",
)
TYPES = ("double", "float", "half", "int", "uint", "uchar", "int64", "bool", "token", "string", "asset", "timecode", "uint64")
TYPES = (*TYPES, "double3", "float3", "half3", "int2", "quatd", "quath", "matrix4d", "matrix2d", "color3f", "frame4d", "opaque")
TYPES = (*TYPES, *(f"{name}[]" for name in ("double", "float", "point3f", "vector3d", "int", "token", "quath", "half3", "string", "bool")))
KINDS = ("behavior", "crowd", "array")
INSTANCES = ("one", "two", "module", "x_y", "ünïcode", "a:b", "")
FIELDS = (
    ("function", ("string", "token", "int")),
    ("enabled", ("bool", "int", "string")),
    ("phase", ("token", "string", "double")),
    ("order", ("int", "double", "string")),
    ("rate", ("double", "float", "token")),
    ("previous", ("token[]", "string[]", "token")),
    ("extentMode", ("token", "int")),
)
SCENE = (
    ("seed", ("int", "int64", "string")),
    ("fixedStep", ("double", "float", "token")),
    ("fuelPerFrame", ("int64", "int", "double")),
    ("memoryBytes", ("int64", "int", "string")),
    ("secondsPerFrame", ("double", "token")),
)
ROOT = ("metersPerUnit", "timeCodesPerSecond", "framesPerSecond", "startTimeCode", "endTimeCode", "upAxis", "defaultPrim", "startFrame")
ROOT = (*ROOT, "customLayerData", "comment", "kilogramsPerUnit", "expressionVariables")
NUMBERS = (0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 3.0, 24.0, 1e-9, 1e9, 1e39, 1e308, 70000.0, float("inf"), float("-inf"), float("nan"), 5e-324)
WHOLES = (0, 1, -1, 2, 3, 255, 256, 2**31 - 1, -(2**31), 2**62, 2**63 - 1)
TEXTS = (
    "",
    "update",
    "move",
    "count",
    "loop",
    "lateUpdate",
    "prePhysics",
    "inherited",
    "invisible",
    "computed",
    "authored",
    "Y",
    "Z",
    "World",
)
TEXTS = (*TEXTS, "\x1b[2J", "a\nb", "ü", "x" * 3000, "/World/A", "position", "value", "__import__", "{}", "\u202e")


def generate(seed: int) -> list[Step]:
    """Return a random script: a stage is built, bound, run, and edited while it runs."""
    dice = random.Random(seed)
    steps: list[Step] = []
    for _ in range(dice.randrange(3, 14)):
        steps.append(_building(dice))
    for _ in range(dice.randrange(1, 5)):
        steps += _binding(dice)
    if dice.random() < 0.6:
        steps.append(_damage(dice))
    steps.append(("start", dice.random() < 0.5, dice.choice((None, 24.0, 60.0, 7.0))))
    for _ in range(dice.randrange(1, 7)):
        steps.append(("frames", dice.randrange(1, 4)))
        steps += [_edit(dice) for _ in range(dice.randrange(0, 3))]
    steps += [("frames", 1), ("stop",)]
    if dice.random() < 0.2:
        steps.append(("command line", dice.random() < 0.3))
    return steps


def value_of(dice: random.Random, type_name: str) -> Any:
    """Return a random value for an attribute of some type, as plain Python; now and then one of another type, or None."""
    if dice.random() < 0.04:
        return dice.choice((None, "text", 1.5, True))
    if type_name.endswith("[]"):
        return [_element(dice, type_name[:-2]) for _ in range(dice.choice((0, 1, 2, 3, 3, 3, 5)))]
    return _element(dice, type_name)


def _element(dice: random.Random, name: str) -> Any:
    if name in ("int", "uint", "uchar", "int64", "uint64"):
        return dice.choice(WHOLES) if dice.random() < 0.3 else dice.randrange(0, 4)
    if name == "bool":
        return dice.random() < 0.5
    if name in ("token", "string", "asset"):
        return dice.choice(TEXTS)
    size = {"matrix4d": 16, "frame4d": 16, "matrix2d": 4, "quatd": 4, "quatf": 4, "quath": 4, "int2": 2}.get(name, 3 if "3" in name else 1)
    if name == "int2":
        return [dice.choice(WHOLES[:6]), dice.choice(WHOLES[:6])]
    if size == 16 and dice.random() < 0.6:
        return [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, *(_number(dice) for _ in range(3)), 1.0]
    numbers = [_number(dice) for _ in range(size)]
    return numbers if size > 1 else numbers[0]


def _number(dice: random.Random) -> float:
    return dice.choice(NUMBERS) if dice.random() < 0.15 else float(dice.randrange(-16, 17)) / 4.0


def _building(dice: random.Random) -> Step:
    path = dice.choice(PATHS)
    match dice.randrange(12):
        case 0 | 1 | 2:
            return ("prim", path, dice.choice(PRIM_TYPES))
        case 3 | 4:
            chosen = dice.sample(OPS, dice.randrange(1, 4))
            return (
                "ops",
                path,
                [(name, dice.choice(types), value_of(dice, types[0])) if types else (name, "", None) for name, types in chosen],
            )
        case 5 | 6 | 7:
            type_name = dice.choice(TYPES)
            return ("attribute", f"{path}.{dice.choice(NAMES)}", type_name, value_of(dice, type_name))
        case 8:
            type_name = dice.choice(TYPES)
            name = f"{path}.{dice.choice((*NAMES, 'xformOp:translate'))}"
            return ("animate", name, type_name, [(_number(dice), value_of(dice, type_name)) for _ in range(dice.randrange(1, 4))])
        case 9:
            return (dice.choice(("reference", "inherit", "specialize", "payload")), path, dice.choice(PATHS))
        case 10:
            return ("root", dice.choice(ROOT), dice.choice((*NUMBERS, *TEXTS)))
        case _:
            return dice.choice((("class", path), ("instanceable", path), ("variants", path), ("over", path)))


def _port(dice: random.Random, source: str, direction: int) -> str:
    """Return a name that a source knows, and now and then another."""
    known = PORTS.get(source, (INPUTS, OUTPUTS))[direction]
    return dice.choice(known if dice.random() < 0.85 else (INPUTS, OUTPUTS)[direction])


def _place(dice: random.Random, port: str) -> str:
    """Return an attribute that could hold what goes by a name, and now and then another one or a literal."""
    if dice.random() < 0.85:
        return dice.choice(PLACES.get(port, ("value", "other")))
    return dice.choice((*NAMES, "2.0", "1", "'inherited'", "(1.0, 2.0, 3.0)", "/World/A.value", "xformOp:translate"))


def _binding(dice: random.Random) -> list[Step]:
    source = dice.choice((*SOURCES, *PORTS, *PORTS))
    path = dice.choice(SUITS.get(source, PATHS) if dice.random() < 0.8 else PATHS)
    if dice.random() < 0.6:
        kind = dice.choice((None, None, None, *KINDS)) if source != "heights" else "array"
        inputs = {port: _place(dice, port) for port in (_port(dice, source, 0) for _ in range(dice.randrange(0, 3)))}
        outputs = {port: inputs.get(port) or _place(dice, port) for port in (_port(dice, source, 1) for _ in range(dice.randrange(0, 2)))}
        return [("bind", [path], source, kind, dice.choice(INSTANCES[:4]), inputs, outputs)]
    instance, kind = dice.choice(INSTANCES if dice.random() < 0.3 else INSTANCES[:2]), dice.choice(KINDS)
    steps: list[Step] = [
        ("module", f"/World/Portalis/{source}", source, dice.choice(("", "", "", "", "", "sha", "asset", "type", "missing"))),
        ("apply", path, kind, instance, f"/World/Portalis/{source}"),
    ]
    for name, types in dice.sample(FIELDS, dice.randrange(0, 3)):
        type_name = dice.choice(types if dice.random() < 0.5 else types[:1])
        value = source if name == "function" and dice.random() < 0.8 else value_of(dice, type_name)
        steps.append(("field", path, kind, instance, name, type_name, value))
    for name in {_port(dice, source, 0) for _ in range(3)}:
        type_name = dice.choice(TYPES if dice.random() < 0.4 else ("double", "double3"))
        to = dice.choice((None, *(_absolute(dice, path, _place(dice, name)) for _ in range(2))))
        steps.append(("input", path, kind, instance, name, type_name, value_of(dice, type_name), to))
    for name in {_port(dice, source, 1) for _ in range(2)}:
        targets = [_absolute(dice, path, _place(dice, name)) for _ in range(dice.choice((0, 1, 1, 1, 2)))]
        steps.append(("output", path, kind, instance, name, dice.choice((None, None, *TYPES[:6])), targets))
    return steps


def _absolute(dice: random.Random, path: str, place: str) -> str:
    owner = path if dice.random() < 0.8 else dice.choice(PATHS)
    return place if place.startswith("/") else f"{owner}.{place}"


def _damage(dice: random.Random) -> Step:
    match dice.randrange(4):
        case 0:
            name, types = dice.choice(SCENE)
            type_name = dice.choice(types)
            return ("scene", dice.choice(PATHS), name, type_name, value_of(dice, type_name))
        case 1:
            return ("root", dice.choice(ROOT), dice.choice((*NUMBERS, *TEXTS)))
        case 2:
            type_name = dice.choice(TYPES)
            return ("session", f"{dice.choice(PATHS)}.{dice.choice((*NAMES, 'xformOp:translate'))}", type_name, value_of(dice, type_name))
        case _:
            return ("sublayer", dice.choice(PATHS), dice.random() < 0.5)


def _edit(dice: random.Random) -> Step:
    path, source = dice.choice(PATHS), dice.choice(tuple(SOURCES))
    match dice.randrange(17):
        case 0:
            return ("delete", path)
        case 1:
            return ("active", path, dice.random() < 0.4)
        case 2 | 3:
            type_name = dice.choice(TYPES)
            return ("attribute", f"{path}.{dice.choice((*NAMES, 'xformOp:translate'))}", type_name, value_of(dice, type_name))
        case 4:
            type_name = dice.choice(TYPES)
            return ("retype", f"{path}.{dice.choice((*NAMES, 'xformOp:translate'))}", type_name, value_of(dice, type_name))
        case 5:
            return ("module", f"/World/Portalis/{source}", dice.choice(tuple(SOURCES)), dice.choice(("", "", "sha", "type")))
        case 6:
            name, types = dice.choice(FIELDS)
            type_name = dice.choice(types)
            return ("field", path, dice.choice(KINDS), dice.choice(INSTANCES), name, type_name, value_of(dice, type_name))
        case 7:
            return ("mute", dice.random() < 0.5)
        case 8:
            return ("variant", path, dice.choice(("one", "two", "")))
        case 9:
            return ("rename", path, dice.choice(PATHS))
        case 10:
            return dice.choice((("frame layer", "removed"), ("frame layer", "cleared"), ("frame layer", "last"), ("session cleared",)))
        case 11:
            return ("root", dice.choice(ROOT), dice.choice((*NUMBERS, *TEXTS)))
        case 12:
            return ("prim", path, dice.choice(PRIM_TYPES))
        case 13:
            type_name = dice.choice(TYPES)
            return ("session", f"{path}.{dice.choice((*NAMES, 'xformOp:translate'))}", type_name, value_of(dice, type_name))
        case 14:
            return (dice.choice(("reference", "inherit")), path, dice.choice(PATHS))
        case 15:
            return ("root layer cleared",) if dice.random() < 0.2 else ("reload",)
        case _:
            return _binding(dice)[0]
