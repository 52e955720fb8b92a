"""The half of `translation_compared.py` that runs inside one tree: it does one task so many times and prints what it saw as JSON.

What it uses of the package must be found in both trees, so it names as little of it as can be, and says where a name may be.
"""

from __future__ import annotations

import importlib
import json
import statistics
import sys
import time
from typing import Any

import numpy as np
from translation_latency import snippet

PACKAGE = "portalis.translator."
LANES, BLOCKS, FRAMES = 10_000, 15, 20
ORBIT = """
from pxr import Gf

def update(position: Gf.Vec3d, velocity: Gf.Vec3d, delta_time):
    distance = position.GetLength()
    velocity += position * (-delta_time / (distance * distance * distance))
    position += velocity * delta_time
    return position, velocity
"""
FILTER = """
def update(value: float, state: float, drift: float, gain: float = 0.2):
    predicted = state + drift
    error = value - predicted
    if error > 1.0:
        error = 1.0
    elif error < -1.0:
        error = -1.0
    state = predicted + gain * error
    drift = drift * 0.99 + 0.01 * error
    return state, drift
"""


def find(name: str, *modules: str) -> Any:
    """Return a name from the first of some modules that has it."""
    for module in modules:
        try:
            return getattr(importlib.import_module(PACKAGE + module), name)
        except (ImportError, AttributeError):
            continue
    raise SystemExit(f"{name} is in none of {', '.join(modules)}: say in benchmarks/tree_driver.py where it is")


def translate(lines: int, typed: bool, count: int) -> dict[str, Any]:
    """Translate and verify snippets of so many lines, each new to every cache; one before counts as warm-up."""
    package = importlib.import_module("portalis.translator")
    fields = package.Options.model_fields
    options = package.Options(**({"typed": typed} if "typed" in fields else {}))
    entry = f"step_{max(1, lines // 10) - 1}"
    seconds = []
    for salt in range(count + 1):
        source = snippet(lines, salt)
        started = time.perf_counter()
        package.translate(source, entry, options=options)
        seconds.append(time.perf_counter() - started)
    return {"seconds": seconds[1:]}


def lower(lines: int, count: int) -> dict[str, Any]:
    """Lower snippets of so many lines; their seconds of the processor."""
    run, source_file = find("lower", "frontend"), find("SourceFile", "source")
    seconds = []
    for salt in range(count + 1):
        source = source_file("<snippet>", snippet(lines, salt))
        started = time.process_time()
        run(source, f"step_{lines // 10 - 1}", ())
        seconds.append(time.process_time() - started)
    return {"processor": seconds[1:]}


def frames(name: str) -> dict[str, Any]:
    """Run frames of a behaviour over many lanes; the median of their seconds of the processor."""
    package = importlib.import_module("portalis.translator")
    uniform: tuple[str, ...] = ("delta_time",)
    if name == "projectile":
        with open(f"{sys.path[0]}/../demos/projectile/projectile.py", encoding="utf-8") as stream:
            source = stream.read()
        uniform = ("wind", "gravity", "meters_per_unit", "delta_time")
    else:
        source = {"orbit": ORBIT, "filter": FILTER}[name]
        uniform = uniform if name == "orbit" else ()
    build = find("build_lane_program", "translating.lanes", "lanes")
    program = build(package.translate(source, "update"), "update", uniform)
    module = program.module(LANES)
    generator = np.random.default_rng(1)
    for columns in module.inputs.values():
        for column in columns:
            column[:] = generator.uniform(0.5, 1.5, column.shape)
    seconds = []
    for _ in range(BLOCKS):
        started = time.process_time()
        for _ in range(FRAMES):
            run = module.run(LANES)
            assert run.stop is None and run.errors == 0
        seconds.append((time.process_time() - started) / FRAMES)
    return {"processor": [statistics.median(seconds)]}


def main(task: str, *arguments: str) -> None:
    """Do a task and print its answer."""
    match task:
        case "translate":
            answer = translate(int(arguments[0]), arguments[1] == "typed", int(arguments[2]))
        case "lower":
            answer = lower(int(arguments[0]), int(arguments[1]))
        case "frames":
            answer = frames(arguments[0])
        case _:
            raise SystemExit(f"there is no task {task}")
    print(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
