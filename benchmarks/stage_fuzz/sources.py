"""The Python texts that the fuzzer binds: a few of every kind, so that each is translated once, and some that nobody can translate."""

from __future__ import annotations

HEAD = "from pxr import Gf\n\n\n"
SOURCES: dict[str, str] = {
    "move": HEAD + "def move(position: Gf.Vec3d, delta_time: float, speed: float = 2.0):\n"
    "    position = position + Gf.Vec3d(speed * delta_time, 0.0, 0.0)\n    return position\n",
    "spin": HEAD + "def spin(orientation: Gf.Quatd, scale: Gf.Vec3d):\n    orientation = orientation * Gf.Quatd(0.6, 0.8, 0.0, 0.0)\n"
    "    scale = scale * 1.5\n    return orientation, scale\n",
    "count": "class Count:\n    total: float = 0.0\n    steps: int = 0\n\n    def on_update(self, value: float = 1.0):\n"
    "        self.total = self.total + value\n        self.steps = self.steps + 1\n\n    def on_stop(self):\n        self.total = -1.0\n",
    "scale_up": "def scale_up(value: float, index: int):\n    value = value * 2.0 + float(index)\n    return value\n",
    "loop": "def loop(value: float):\n    while value > 3.0:\n        value = value + 1.0\n    value = value + 1.0\n    return value\n",
    "deep": "def depth(level: int) -> int:\n    if level < 0:\n        return 0\n    return 1 + depth(level + 1)\n\n\n"
    "def deep(value: float):\n    if value > 2.0:\n        value = float(depth(0))\n    value = value + 1.0\n    return value\n",
    "divide": "def divide(value: float, other: float = 0.5):\n    value = 1.0 / (value - other)\n    return value\n",
    "ints": "def ints(value: int):\n    value = value * value + 1\n    return value\n",
    "words": 'def words(value: str):\n    value = "invisible" if value == "inherited" else "inherited"\n    return value\n',
    "world": HEAD
    + "def world(parent_to_world: Gf.Matrix4d, gravity: Gf.Vec3d, meters_per_unit: float, frame: int, seed: int, position: Gf.Vec3d):\n"
    "    position = parent_to_world.Transform(position) + gravity * meters_per_unit + Gf.Vec3d(float(frame + seed % 3), 0.0, 0.0)\n"
    "    return position\n",
    "points": HEAD
    + "def points(position: Gf.Vec3f, index: int):\n    position = position + Gf.Vec3f(0.0, float(index), 0.5)\n    return position\n",
    "heights": 'def heights(values: list[float]):\n    """Three.\n\n    >>> heights([1.0, 2.0, 3.0])\n    """\n'
    "    values = [values[1], values[2] / values[0], values[0]]\n    return values\n",
    "refused": "def refused(value: float):\n    import os\n    return os.getpid()\n",
    "broken": "def broken(:\n",
    "nothing": "",
    "nul": "def nul(value: float):\n    return value\0\n",
}
# What each takes and gives, by name.
PORTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "move": (("position", "speed", "delta_time"), ("position",)),
    "spin": (("orientation", "scale"), ("orientation", "scale")),
    "count": (("value", "total"), ("total", "steps")),
    "scale_up": (("value", "index"), ("value",)),
    "loop": (("value",), ("value",)),
    "deep": (("value",), ("value",)),
    "divide": (("value", "other"), ("value",)),
    "ints": (("value",), ("value",)),
    "words": (("value",), ("value",)),
    "world": (("position", "gravity", "seed", "parent_to_world"), ("position",)),
    "points": (("position",), ("position",)),
    "heights": (("values",), ("values",)),
}
# Names that are wrong for most.
INPUTS = ("position", "orientation", "scale", "value", "other", "speed", "delta_time", "total", "index", "gravity", "seed", "nonsense")
OUTPUTS = ("position", "orientation", "scale", "value", "total", "steps", "nonsense", "result")
# Prims that each suits, and for a name the attributes that could hold it.
SUITS: dict[str, tuple[str, ...]] = {"points": ("/World/Dust", "/World/Many"), "scale_up": ("/World/Dust", "/World/A", "/World/B")}
PLACES: dict[str, tuple[str, ...]] = {
    "position": ("xformOp:translate", "points", "positions"),
    "value": ("value", "value", "other", "radius", "widths", "primvars:mass", "visibility", "number", "/World/B.value", "/World/A.radius"),
    "values": ("three",),
}
