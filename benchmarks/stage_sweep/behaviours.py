"""The behaviours that the sweep binds, as Python text: one for each type of value, of exact arithmetic alone: CPython is the judge."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pxr import Gf, Sdf

from portalis.translator.stage.values import Codec, codec_of


@dataclass(frozen=True)
class Behaviour:
    """A function's text; `ports` are the parameters that are bound, in order, and `extra` the host values that follow them."""

    name: str
    text: str
    ports: tuple[str, ...]
    extra: tuple[str, ...]

    def function(self) -> Callable[..., Any]:
        """Return the function as CPython makes it."""
        namespace: dict[str, Any] = {}
        exec(compile(self.text, f"{self.name}.py", "exec"), namespace)
        function: Callable[..., Any] = namespace[self.name]
        return function


@functools.cache
def python_type(type_name: str) -> str | None:
    """Return the Python type that every value of an attribute type (or of its elements) has, or None where behaviours cannot take it."""
    codec = codec_of(type_name)
    if codec is None or codec.family == "token":
        return None
    return _spelled(codec)


def _spelled(codec: Codec) -> str | None:
    letter = "d" if codec.dtype.itemsize == 8 else "f"
    match codec.family, codec.layout:
        case "float", "scalar":
            return "float"
        case "float", "vector":
            return f"Gf.Vec{codec.width}{letter}"
        case "float", "quaternion":
            return f"Gf.Quat{letter}"
        case "float", "matrix":
            return f"Gf.Matrix{codec.shape[-1]}d"
        case "int", "scalar":
            return "int"
        case "int", "vector":
            return f"tuple[{', '.join(['int'] * codec.width)}]"
        case "bool", _:
            return "bool"
    return None


def from_stage(value: Any, spelled: str) -> Any:
    """Return a value as OpenUSD gave it as the Python type that a behaviour takes; that changes no value."""
    if spelled.startswith("Gf.Quat"):
        return getattr(Gf, spelled[3:])(value)
    if spelled.startswith("Gf."):
        return getattr(Gf, spelled[3:])(value)
    if isinstance(value, Sdf.TimeCode):
        return value.GetValue()
    return tuple(value) if spelled.startswith("tuple") else value


def to_stage(value: Any, type_name: str) -> Any:
    """Return what a behaviour returned as the type of an attribute or of its elements, as the constructors of OpenUSD convert it."""
    default = Sdf.ValueTypeNames.Find(type_name).scalarType.defaultValue
    if isinstance(default, bool | int | float | str):
        return value
    return type(default)(*value) if isinstance(value, tuple) else type(default)(value)


@functools.cache
def drift(spelled: str, crowd: bool) -> Behaviour:
    """A behaviour that reads a value, writes it back, and depends on the frame; an element's also on its index."""
    name = f"drift_{_identifier(spelled)}{'_crowd' if crowd else ''}"
    by = "float(frame) + float(index) * 0.5" if crowd else "float(frame)"
    whole = "frame + index" if crowd else "frame"
    extra = ("frame", "index") if crowd else ("frame",)
    match spelled:
        case "float":
            body = f"value = value * 0.75 + ({by}) * 0.0625"
        case "int":
            body = f"value = (value + {whole}) % 7"
        case "bool":
            body = "value = not value"
        case _ if spelled.startswith("tuple"):
            count = spelled.count("int")
            body = f"value = ({', '.join(f'value[{i}] + ({whole}) % {i + 2}' for i in range(count))})"
        case _ if spelled.startswith("Gf.Vec"):
            parts = ", ".join(("0.125", "-0.25", "0.5", "1.0")[: int(spelled[6])])
            body = f"value = value * 0.75 + {spelled}({parts}) * ({by})"
        case _ if spelled.startswith("Gf.Quat"):
            body = f"value = value * {spelled}(0.875, 0.25, -0.125, 0.0625)"
        case _:
            size = int(spelled[9])
            rows = ["0.75" if i == j else "0.125" if i > j else "-0.0625" for i in range(size) for j in range(size)]
            body = f"value = value * {spelled}({', '.join(rows)})"
    return _behaviour(name, [("value", spelled)], extra, body, "value")


@functools.cache
def see(spelled: str) -> Behaviour:
    """A behaviour that only reads a value, and sums up what it saw over the frames in a result that its binding keeps."""
    match spelled:
        case "float":
            shown = "value"
        case "int":
            shown = "float(value)"
        case "bool":
            shown = "(1.0 if value else 0.0)"
        case _ if spelled.startswith("tuple"):
            shown = "float(value[0]) + float(value[1]) * 3.0"
        case _ if spelled.startswith("Gf.Vec"):
            shown = "value[0] + value[1] * 3.0"
        case _ if spelled.startswith("Gf.Quat"):
            shown = "value.GetReal() + value.GetImaginary()[1] * 3.0"
        case _:
            shown = "value[0, 0] + value[1, 0] * 3.0"
    return _behaviour(f"see_{_identifier(spelled)}", [("value", spelled), ("seen", "float")], (), f"seen = seen * 0.5 + {shown}", "seen")


BLINK = Behaviour(
    "blink",
    "def blink(value: str, frame: int):\n"
    '    if value == "inherited" or frame % 3 == 0:\n'
    '        value = "invisible"\n'
    "    else:\n"
    '        value = "inherited"\n'
    "    return value\n",
    ("value",),
    ("frame",),
)
MOVE = Behaviour(
    "move",
    "from pxr import Gf\n\n\ndef move(position: Gf.Vec3d, frame: int):\n"
    "    position = position + Gf.Vec3d(0.5, 0.25, -0.125) * float(frame + 1)\n    return position\n",
    ("position",),
    ("frame",),
)
TURN = Behaviour(
    "turn",
    "from pxr import Gf\n\n\ndef turn(orientation: Gf.Quatd):\n"
    "    orientation = orientation * Gf.Quatd(0.8, 0.0, 0.6, 0.0)\n    return orientation\n",
    ("orientation",),
    (),
)
GROW = Behaviour(
    "grow",
    "from pxr import Gf\n\n\ndef grow(scale: Gf.Vec3d):\n    scale = Gf.Vec3d(scale[0] * 1.0625, scale[1] * 1.125, scale[2] * 0.875)\n"
    "    return scale\n",
    ("scale",),
    (),
)
POSE = Behaviour(
    "pose",
    "from pxr import Gf\n\n\ndef pose(position: Gf.Vec3d, orientation: Gf.Quatd, scale: Gf.Vec3d, frame: int):\n"
    "    position = position + Gf.Vec3d(0.5, 0.25, -0.125) * float(frame + 1)\n"
    "    orientation = orientation * Gf.Quatd(0.6, 0.0, 0.0, 0.8)\n"
    "    scale = Gf.Vec3d(scale[0] * 1.0625, scale[1] * 1.125, scale[2] * 0.875)\n"
    "    return position, orientation, scale\n",
    ("position", "orientation", "scale"),
    ("frame",),
)
WORLD = Behaviour(
    "world",
    "from pxr import Gf\n\n\ndef world(parent_to_world: Gf.Matrix4d, meters_per_unit: float, current_time: float, delta_time: float,"
    " seen: float):\n    place = parent_to_world.Transform(Gf.Vec3d(1.0, 2.0, 3.0))\n"
    "    seen = place[0] + place[1] * 3.0 + place[2] * 5.0 + meters_per_unit + current_time * 7.0 + delta_time\n    return seen\n",
    ("seen",),
    ("parent_to_world", "meters_per_unit", "current_time", "delta_time"),
)


def _behaviour(name: str, ports: list[tuple[str, str]], extra: tuple[str, ...], body: str, result: str) -> Behaviour:
    heading = "from pxr import Gf\n\n\n" if any("Gf." in type_ for _, type_ in ports) else ""
    parameters = ", ".join([f"{port}: {type_}" for port, type_ in ports] + [f"{host}: int" for host in extra])
    text = f"{heading}def {name}({parameters}):\n    {body}\n    return {result}\n"
    return Behaviour(name, text, tuple(port for port, _ in ports), extra)


def _identifier(spelled: str) -> str:
    return "ints" + str(spelled.count("int")) if spelled.startswith("tuple") else spelled.removeprefix("Gf.").lower()
