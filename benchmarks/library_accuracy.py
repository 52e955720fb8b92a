"""The accuracy of the library's `math`: every function whose results are rounded, against the correctly rounded result.

What it stands for: the promise that no result is more than 1 ULP from the correctly rounded one, over the whole domain: usual arguments,
every exponent, huge angles, the neighbourhood of zeros and of the domain's ends, subnormal results. The library is run by CPython, and
compared bit by bit with the SIMD code that behaviours run ("other bits in wasm"). The reference has two levels, described in
tests/library/math_reference.py. "Error" is the largest distance from the exact value itself in ULP, where numpy's extended precision can
tell it. What it leaves out: the speed.

Takes about eight minutes; `--points` makes it shorter, and names of functions measure those alone.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from common import Result, arguments, show
from rich.console import Console
from rich.progress import Progress

# The references are those that the tests use.
sys.path.append(str(Path(__file__).parents[1]))

from tests.library.lane_functions import in_lanes
from tests.library.math_points import FUNCTIONS, Measured, Point, order
from tests.library.math_reference import correctly_rounded, extended_values
from tests.library.observing import bits

CHUNK = 100_000


@dataclass(frozen=True)
class Accuracy:
    """What was found for one function."""

    name: str
    points: int
    largest_difference_ulp: int
    correctly_rounded_percent: float
    largest_error_ulp: float | None
    other_bits_in_wasm: int
    worst_argument: Point


def largest_error(ours: list[float], wide: Any) -> tuple[float, int]:
    """Return the largest distance from the extended values, in units of the last place of normal results, and its index."""
    column = np.array(ours)
    with np.errstate(all="ignore"):
        errors = np.abs(column.astype(np.longdouble) - wide) / np.spacing(np.abs(wide.astype(np.float64)))
    errors = np.where(np.isfinite(errors) & (np.abs(column) > 2.3e-308), errors, 0)
    index = int(np.argmax(errors))
    return float(errors[index]), index


def measure(measured: Measured, count: int, seed: int, progress: Progress) -> Accuracy:
    """Compare `count` points, a chunk at a time."""
    task = progress.add_task(measured.name, total=count)
    worst, exact, error, others, argument = 0, 0, None, 0, measured.points(1, seed)[0]
    for start in range(0, count, CHUNK):
        points = measured.points(min(CHUNK, count - start), seed + start)
        ours = [measured.library(*point) for point in points]
        wide = extended_values(measured, points)
        differences = [
            abs(order(value) - order(right)) for value, right in zip(ours, correctly_rounded(measured, points, wide), strict=True)
        ]
        exact += differences.count(0)
        others += sum(bits(mine) != bits(value) for mine, value in zip(ours, in_lanes(measured.name, points), strict=True))
        largest = max(differences)
        if wide is not None:
            found, index = largest_error(ours, wide)
            if found > (error or 0.0):
                error = found
                argument = points[index] if worst <= 1 else argument
        if largest > worst:
            worst = largest
            argument = points[differences.index(largest)] if largest > 1 or wide is None else argument
        progress.advance(task, len(points))
    progress.remove_task(task)
    return Accuracy(measured.name, count, worst, 100.0 * exact / count, error, others, argument)


def tabulate(results: list[Accuracy]) -> Result:
    """Lay the figures out."""
    columns = (
        "function",
        "points",
        "largest difference (ULP)",
        "correctly rounded",
        "largest error (ULP)",
        "other bits in wasm",
        "worst argument",
    )
    shown = Result("library.math against the correctly rounded result", columns, data={"functions": [asdict(item) for item in results]})
    for item in results:
        error = "" if item.largest_error_ulp is None else f"{item.largest_error_ulp:.4f}"
        percent = f"{item.correctly_rounded_percent:.4f} %"
        worst = ", ".join(map(repr, item.worst_argument))
        shown.rows.append(
            [item.name, f"{item.points:,}", str(item.largest_difference_ulp), percent, error, str(item.other_bits_in_wasm), worst]
        )
    return shown


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = arguments("the accuracy of the library's math")
    parser.add_argument("functions", nargs="*", help="names in math; all of them when left out")
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    points = min(options.points, 1000) if options.quick else options.points
    chosen = [measured for measured in FUNCTIONS if not options.functions or measured.name in options.functions]
    with Progress(console=Console(stderr=True)) as progress:
        results = [measure(measured, points, options.seed, progress) for measured in chosen]
    show([tabulate(results)], options.json)


if __name__ == "__main__":
    main()
