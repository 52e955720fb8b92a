"""What each run of the cookbook reads and writes, as somebody would write it down who reads the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pxr import Usd, UsdGeom

from tests.cookbook.plain import Loop, attribute, parent_to_world, world_position


@dataclass(frozen=True)
class Run:
    """A run of a page: the stage that its program makes, how many frames, and the loops, in the order in which they run."""

    page: str
    stage: str
    frames: int
    loops: tuple[Loop, ...]
    prepare: Callable[[Usd.Stage], object] | None = None


_WHEELS = ("/World/Cart/FrontWheel", "/World/Cart/RearWheel")
_BOXES = tuple(f"/World/Box{number}" for number in range(5))
_LAMPS = ("/World/Machine0/Lamp", "/World/Machine1/Lamp")
_MOVED = "xformOp:translate"


def _wheel(file: str) -> Loop:
    reads = {"radius": attribute("radius"), "world_position": world_position(), "parent_to_world": parent_to_world}
    return Loop(file, "Wheel", _WHEELS, reads, {"angle": "xformOp:rotateZ"})


def _carry(speed: str) -> Loop:
    reads = {"position": attribute(_MOVED), "speed": attribute(speed)}
    return Loop("carry.py", "carry", _BOXES, reads, {"position": _MOVED, "visibility": "visibility"})


def _blink(file: str) -> Loop:
    writes = {"intensity": "inputs:intensity", "emissive": "/World/Looks/Bulb/Surface.inputs:emissiveColor"}
    return Loop(file, "blink", ("/World/Beacon/Light",), {"color": attribute("inputs:color")}, writes)


def _hover(**given: float) -> Loop:
    reads = {name: attribute(name) for name in ("height", "gust", "thrust") if name not in given}
    writes = {"position": _MOVED, "thrust": "thrust"}
    return Loop("hover.py", "Hover", ("/World/Drone",), {"position": attribute(_MOVED), **reads}, writes, given)


def _orbit(file: str) -> Loop:
    return Loop(file, "orbit", ("/World/Camera",), {"target": world_position("/World/Hero")}, {"transform": "xformOp:transform"})


def _reach(file: str) -> Loop:
    writes = {"shoulder": "/World/Arm/Upper.xformOp:rotateZ", "elbow": "/World/Arm/Upper/Lower.xformOp:rotateZ"}
    return Loop(file, "reach", ("/World/Arm",), {"target": attribute(f"/World/Target.{_MOVED}")}, writes)


def _door(**given: float) -> Loop:
    reads = {"visitor": world_position("/World/Guest"), "position": attribute(_MOVED), "state": attribute("state")}
    writes = {"position": _MOVED, "state": "state", "opened": "opened"}
    return Loop("door.py", "Door", ("/World/Door",), {**reads, "opened": attribute("opened")}, writes, given)


def _show(file: str, read: str) -> Loop:
    return Loop(file, "show", _LAMPS, {read: attribute(read)}, {"label": "label", "color": "inputs:color"})


_COUNT = Loop("count.py", "Count", ("/World/gate",), {"sensor": attribute("sensor")}, {"parts": "parts", "alarm": "alarm"})
_TRAVEL_READS = {"speed": attribute("speed"), "travelled": attribute("travelled")}
_TRAVEL = Loop("travel.py", "travel", ("/World/belt",), _TRAVEL_READS, {"travelled": "travelled"})


def _add_matrix(stage: Usd.Stage) -> object:
    return UsdGeom.Xformable(stage.GetPrimAtPath("/World/Camera")).AddTransformOp()


# By the file that the page's command writes.
RUNS: Mapping[str, Run] = {
    "rolling.usda": Run("wheel", "cart.usda", 49, (_wheel("wheel.py"),)),
    "slipping.usda": Run("wheel", "cart.usda", 49, (_wheel("slipping.py"),)),
    "riding.usda": Run("conveyor", "belt.usda", 120, (_carry("speed"),)),
    "stopping.usda": Run("conveyor", "belt.usda", 120, (_carry("/World/Belt.speed"),)),
    "blinking.usda": Run("blinking_light", "beacon.usda", 48, (_blink("blink.py"),)),
    "breathing.usda": Run("blinking_light", "beacon.usda", 48, (_blink("breathe.py"),)),
    "hovering.usda": Run("pid", "drone.usda", 240, (_hover(),)),
    "sagging.usda": Run("pid", "drone.usda", 240, (_hover(ki=0.0, gust=-4.0),)),
    "orbiting.usda": Run("camera_orbit", "shot.usda", 96, (_orbit("orbit.py"),), _add_matrix),
    "craning.usda": Run("camera_orbit", "shot.usda", 96, (_orbit("crane.py"),), _add_matrix),
    "reaching.usda": Run("inverse_kinematics", "arm.usda", 97, (_reach("reach.py"),)),
    "reaching_down.usda": Run("inverse_kinematics", "arm.usda", 97, (_reach("reach_down.py"),)),
    "opening.usda": Run("state_machine", "door.usda", 240, (_door(),)),
    "patient.usda": Run("state_machine", "door.usda", 240, (_door(patience=1.5, speed=0.6),)),
    "labelled.usda": Run("text_and_tables", "machines.usda", 36, (_show("show.py", "state"),)),
    "by_code.usda": Run("text_and_tables", "machines.usda", 36, (_show("show_code.py", "code"),)),
    "counted.usda": Run("events_from_tags", "line.usda", 96, (_COUNT,)),
    "travelled.usda": Run("events_from_tags", "line.usda", 96, (_COUNT, _TRAVEL)),
}
