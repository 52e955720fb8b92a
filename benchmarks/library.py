"""The speed of the library's `math`: nanoseconds a value in the sandbox, beside glibc with and without its FMA variants.

Stands for: what a behaviour that calls `math` pays. Ours is the code that prims run, in SIMD lanes ("lanes"), and the exact function lane
by lane ("scalar"), which is what errors and extreme arguments fall back on. glibc's functions are called from a compiled loop in two
processes of their own. The library may not use fused multiply-adds, because WASM has none and the same bits are wanted everywhere, so the
process that it is measured against runs with

    GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-AVX2

which makes glibc choose its variants without; whether that has an effect is shown by the results' bits. All take turns, and the best of the
rounds counts. Leaves out: USD, copying in and out, and the accuracy (`library_accuracy`). glibc's results differ from machine to machine.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from common import Result, arguments, show
from numpy.typing import NDArray

from portalis.translator.backends.llvm import BuildOptions, build_lanes
from portalis.translator.bridge import LaneModule, heap_bytes_needed
from portalis.translator.frontend import lower
from portalis.translator.ir.abi import lane_signature
from portalis.translator.ir.nodes import Function
from portalis.translator.passes.lanes.body import total_body
from portalis.translator.passes.pipeline import optimise
from portalis.translator.source import SourceFile

TUNABLES = "glibc.cpu.hwcaps=-FMA,-AVX2"
COUNT = 20_000
ROUNDS = 7
Range = tuple[float, float]


@dataclass(frozen=True)
class Subject:
    """A function and the ordinary range of each argument; `bound` is the ratio to glibc without FMA that it is held to."""

    name: str
    ranges: tuple[Range, ...]
    bound: float = 1.3
    title: str = ""
    """What the row is called where it is not the function's name."""


SUBJECTS = (
    Subject("pow", ((0.1, 10.0), (-5.0, 5.0)), 1.5),
    Subject("exp", ((-10.0, 10.0),), 1.5),
    Subject("log", ((0.01, 100.0),), 1.5),
    Subject("exp2", ((-10.0, 10.0),)),
    Subject("expm1", ((-2.0, 2.0),)),
    Subject("log2", ((0.01, 100.0),)),
    Subject("log10", ((0.01, 100.0),)),
    Subject("log1p", ((-0.9, 10.0),)),
    Subject("sin", ((-10.0, 10.0),)),
    Subject("cos", ((-10.0, 10.0),)),
    Subject("tan", ((-10.0, 10.0),)),
    Subject("asin", ((-1.0, 1.0),)),
    Subject("acos", ((-1.0, 1.0),)),
    Subject("atan", ((-10.0, 10.0),)),
    Subject("atan2", ((-1.0, 1.0), (-1.0, 1.0))),
    Subject("sinh", ((-5.0, 5.0),)),
    Subject("cosh", ((-5.0, 5.0),)),
    Subject("tanh", ((-3.0, 3.0),)),
    Subject("asinh", ((-10.0, 10.0),)),
    Subject("acosh", ((1.0, 10.0),)),
    Subject("atanh", ((-1.0, 1.0),)),
    Subject("cbrt", ((-100.0, 100.0),)),
    Subject("hypot", ((-10.0, 10.0), (-10.0, 10.0))),
    Subject("sin", ((-1e9, 1e9),), title="sin, to 1e9"),
    Subject("cos", ((-1e9, 1e9),), title="cos, to 1e9"),
    Subject("tan", ((-1e9, 1e9),), title="tan, to 1e9"),
)


@dataclass(frozen=True)
class Figures:
    """Nanoseconds a value of one subject, the ratio to glibc without FMA, and whether the tunables changed a bit of its results."""

    name: str
    lanes: float
    scalar: float
    glibc_without_fma: float
    glibc: float
    ratio: float
    bound: float
    tunables_have_an_effect: bool


class Glibc:
    """A process with glibc in a loop."""

    def __init__(self, tunables: str) -> None:
        environment = {**os.environ, "GLIBC_TUNABLES": tunables}
        command = [sys.executable, str(Path(__file__).with_name("glibc_loop.py"))]
        self._process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def measure(self, name: str, columns: list[list[float]]) -> tuple[float, str]:
        """Return the best time over the columns in seconds, and a digest of the results."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps([name, columns]) + "\n")
        self._process.stdin.flush()
        seconds, digest = json.loads(self._process.stdout.readline())
        return seconds, digest

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


@contextmanager
def ours(subject: Subject, columns: list[NDArray[np.float64]], speculate: bool) -> Iterator[Callable[[], float]]:
    """Give a function that runs the library over the columns and returns the guest's seconds."""
    names = ("x", "y")[: len(columns)]
    parameters = ", ".join(f"{name}: float" for name in names)
    text = f"import math\n\n\ndef update({parameters}) -> float:\n    z = math.{subject.name}({', '.join(names)})\n    return z\n"
    program = optimise(lower(SourceFile("library.py", text), "update").program)
    fast = total_body(program, program.entry) if speculate else None
    signature = lane_signature(program, "update")
    count = len(columns[0])
    heap = heap_bytes_needed(signature, count)
    built = build_lanes(program, "update", signature, fast if isinstance(fast, Function) else None, heap, BuildOptions())
    with LaneModule(built.wasm, signature, count, name=subject.name) as module:
        for name, column in zip(names, columns, strict=True):
            module.inputs[name][0][:] = column
        yield lambda: module.run(count).seconds


def measure(subject: Subject, plain: Glibc, without: Glibc, rounds: int) -> Figures:
    """Measure one subject, everybody in turn."""
    draw = random.Random(1)
    values = [[draw.uniform(*bounds) for _ in range(COUNT)] for bounds in subject.ranges]
    columns = [np.array(column) for column in values]
    best = [float("inf")] * 4
    digests: list[set[str]] = [set(), set()]
    with ours(subject, columns, True) as lanes, ours(subject, columns, False) as scalar:
        for _ in range(rounds):
            times = [min(lanes() for _ in range(5)), min(scalar() for _ in range(3))]
            for process, seen in zip((without, plain), digests, strict=True):
                seconds, digest = process.measure(subject.name, values)
                times.append(seconds)
                seen.add(digest)
            best = list(map(min, best, times))
    nanoseconds = [seconds / COUNT * 1e9 for seconds in best]
    effect = digests[0] != digests[1]
    return Figures(subject.title or subject.name, *nanoseconds, nanoseconds[0] / nanoseconds[2], subject.bound, effect)


def tabulate(found: list[Figures]) -> Result:
    """Lay the figures out."""
    columns = ("function", "lanes", "scalar", "glibc without FMA", "glibc", "lanes / without FMA", "bound", "other bits without FMA")
    shown = Result("library.math, ns a value", columns, data={"tunables": TUNABLES, "functions": [asdict(item) for item in found]})
    for item in found:
        times = (item.lanes, item.scalar, item.glibc_without_fma, item.glibc)
        verdict = f"{item.ratio:.2f}" if item.ratio <= item.bound else f"{item.ratio:.2f} (over)"
        effect = "yes" if item.tunables_have_an_effect else "none seen"
        shown.rows.append([item.name, *(f"{value:.2f}" for value in times), verdict, f"{item.bound}", effect])
    shown.remarks.append(f"glibc without FMA: GLIBC_TUNABLES={TUNABLES}")
    lanes = {item.name: item.lanes for item in found}
    for name in ("sin", "cos", "tan"):
        if name in lanes and f"{name}, to 1e9" in lanes:
            shown.remarks.append(f"{name}, |x| < 1e9: {lanes[f'{name}, to 1e9'] / lanes[name]:.2f} times its ordinary cost")
    return shown


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__ or "")
    parser.add_argument("functions", nargs="*", help="names in math; all of them when left out")
    options = parser.parse_args()
    chosen = [subject for subject in SUBJECTS if not options.functions or subject.name in options.functions]
    plain, without = Glibc(""), Glibc(TUNABLES)
    try:
        found = [measure(subject, plain, without, 1 if options.quick else ROUNDS) for subject in chosen]
    finally:
        plain.close()
        without.close()
    show([tabulate(found)], options.json)


if __name__ == "__main__":
    main()
