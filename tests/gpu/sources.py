"""Behaviours that the tests of kernels share."""

from __future__ import annotations

from pathlib import Path

PROJECTILE = (Path(__file__).parents[2] / "demos" / "projectile" / "projectile.py").read_text()

ORBIT = """
from pxr import Gf


def update(position: Gf.Vec3d, velocity: Gf.Vec3d, mass: float, delta_time: float, substeps: int):
    step = delta_time / substeps
    for _ in range(substeps):
        squared = Gf.Dot(position, position)
        velocity -= position * (mass / (squared * squared ** 0.5) * step)
        position += velocity * step
    return position, velocity
"""

FILTER = """
import math


class LowPass:
    value: float = 0.0
    steps: int = 0
    settled: bool = False

    def on_init(self):
        self.steps = 100

    def on_update(self, target: float, cutoff: float, delta_time: float):
        if self.steps <= 0:
            raise ValueError("exhausted")
        weight = 1.0 - math.exp(-cutoff * delta_time)
        before = self.value
        self.value += weight * (target - self.value)
        self.steps -= 1
        self.settled = abs(self.value - before) < 1e-9
"""

WAVES = """
import math
from pxr import Gf


def update(phase: float, height: float, n: int, weights: Gf.Vec3f):
    angle = math.sin(phase) + math.cos(height) * math.exp(-abs(phase)) + math.atan2(phase, height)
    power = abs(height) ** 1.5
    weights = weights * 0.25 + Gf.Vec3f(phase, height, 1.0)
    left = n % 7 + n // 3 + round(math.fmod(phase, 1000.0))
    product = n * left
    return angle, power, weights, product
"""

# Which zero and which NaN comes out is as CPython says, though a GPU's own minimum and maximum know better.
CHOICES = """
def update(x: float, y: float):
    a = x if x > 0.0 else 0.0
    b = x if x < 0.0 else 0.0
    c = x if x > -0.0 else -0.0
    d = x if x < 0.0 else -0.0
    e = 0.5 if x < 0.5 else x
    f = x if x > 0.5 else 0.5
    g = max(x, y)
    h = min(x, y)
    i = max(min(x, 1.0), 0.0)
    return a, b, c, d, e, f, g, h, i
"""

CLAMPED_SINGLES = """
from pxr import Gf


def update(v: Gf.Vec2f):
    w = Gf.Vec2f(max(v[0], 0.0), v[1] if v[1] < -0.0 else -0.0)
    return w
"""

ENDLESS = """
def update(n: int):
    i = 0
    while i != n:
        i += 1
        if i > 1000:
            i = 500
    return i
"""

RECURSIVE = """
def fibonacci(n: int) -> int:
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


def update(n: int):
    found = fibonacci(n)
    return found
"""


def doubling(depth: int) -> str:
    """Return a behaviour without a loop whose calls are 2 ** depth."""
    functions = ["def f0(n: int) -> int:\n    return n ^ 1\n"]
    functions += [f"def f{i}(n: int) -> int:\n    return f{i - 1}(f{i - 1}(n))\n" for i in range(1, depth + 1)]
    return "\n\n".join([*functions, f"def update(n: int):\n    m = f{depth}(n)\n    return m\n"])
