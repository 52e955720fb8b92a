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
    "refused": "def refused(value: float):\n    import os\n    return os.getpid()\n",
    "broken": "def broken(:\n",
    "nothing": "",
    "nul": "def nul(value: float):\n    return value\0\n",
}
# What each takes and gives, by name, for bindings that are authored by hand; every other name is wrong on purpose.
INPUTS = ("position", "orientation", "scale", "value", "other", "speed", "delta_time", "total", "index", "gravity", "seed", "nonsense")
OUTPUTS = ("position", "orientation", "scale", "value", "total", "steps", "nonsense", "result")
