"""How the cost of a frame grows from one element to a million, beside what users would pick instead; with `--picture`, as a plot.

Stands for: projectiles that are the points of one crowd, in single precision, and on prims, in double precision, as far as ten thousand.
"Headless" and "live" are whole frames on a stage, "the guest" is the time inside the sandboxed function; CPython is one call of the same
function for each element, over real `Gf` types. The peers (crowd_peers.py) advance arrays and read and write no stage. All of one size
alternate in this process, and the medians are shown. Leaves out: bakes, Kit, the GPU, and start-up (frames.py).
"""

from __future__ import annotations

import runpy
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from common import Result, arguments, chatter_apart, machine, show
from crowd_peers import absent, peers
from pxr import Gf
from stage_bench import CROWD, DELTA_TIME, PRIMS, Bench, crowd, crowd_columns, prims, timed

from portalis.translator.stage.registry import register_schemas

COUNTS, QUICK_COUNTS = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000), (1, 20)
MOST_PRIMS = 10_000
FRAME_AT_60 = 1e3 / 60.0
# How each is drawn: colour (Okabe and Ito's, told apart by most of the colour-blind), dashes, width.
STYLES: dict[str, tuple[str, str, float]] = {
    "crowd, headless": ("#0072b2", "-", 2.6),
    "crowd, live": ("#56b4e9", "-", 2.6),
    "prims, headless": ("#009e73", "-", 2.6),
    "prims, live": ("#cc79a7", "-", 2.6),
    "crowd, the guest": ("#0072b2", ":", 1.4),
    "CPython": ("#000000", "--", 1.4),
    "numpy, one core": ("#d55e00", "--", 1.4),
    "Numba, one core": ("#e69f00", "--", 1.4),
    "Numba, all cores": ("#e69f00", "-.", 1.4),
    "Warp on the CPU, one core": ("#999999", "--", 1.4),
}


def cpython_step(folder: Path, count: int) -> Callable[[], object]:
    """Return what calls the user's function once for each element, as a script on a prim does."""
    file = folder / "projectile.py"
    file.write_text(CROWD, encoding="utf-8")
    update = runpy.run_path(str(file))["update"]
    state = [(Gf.Vec3f(*map(float, p)), Gf.Vec3f(*map(float, v))) for p, v in zip(*crowd_columns(count), strict=True)]

    def step() -> None:
        state[:] = [update(position, velocity, DELTA_TIME) for position, velocity in state]

    return step


def frames(bench: Bench, folder: Path, count: int) -> dict[str, float]:
    """Return the milliseconds that one frame of `count` elements takes, by who computes it."""
    made = {"crowd": bench.bound(crowd(count), CROWD)}
    calls: dict[str, Callable[[], float]] = {name: timed(step) for name, step in peers(count)}
    calls["crowd, the guest"] = bench.guest(CROWD, count)
    if count <= MOST_PRIMS:
        calls["CPython"] = timed(cpython_step(folder, count))
        made["prims"] = bench.bound(prims(count), PRIMS)
    simulations = []
    try:
        for name, stage in made.items():
            # The stage of a live frame has listeners of its own, and keeps what it got: the other one has its own stage.
            other = bench.bound(crowd(count) if name == "crowd" else prims(count), CROWD if name == "crowd" else PRIMS)
            for how, of, publish in (("headless", stage, "needed"), ("live", other, "all")):
                simulation = bench.simulation(of, publish)
                simulation.start()
                simulations.append(simulation)
                calls[f"{name}, {how}"] = timed(simulation.step)
        medians = bench.alternate(*calls.values())
    finally:
        for simulation in simulations:
            simulation.stop()
    return {name: seconds * 1e3 for name, seconds in zip(calls, medians, strict=True)}


def draw(found: Mapping[int, Mapping[str, float]], file: Path) -> bool:
    """Draw the plot and return True; False where there is no matplotlib to draw with."""
    try:
        import matplotlib
    except ImportError:
        return False
    matplotlib.use("Agg")
    from matplotlib import pyplot

    pyplot.rcParams.update({"svg.hashsalt": "growth", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 10})
    figure, axes = pyplot.subplots(figsize=(10.5, 6.4))
    ends: list[tuple[float, str, str]] = []
    for name, (colour, dashes, width) in STYLES.items():
        points = [(count, of[name]) for count, of in found.items() if name in of]
        if points:
            axes.plot(*zip(*points, strict=True), dashes, color=colour, linewidth=width, marker="o", markersize=3, label=name)
            ends.append((points[-1][1], name, colour))
    axes.axhline(FRAME_AT_60, color="#888888", linewidth=0.8)
    axes.text(1.0, FRAME_AT_60 * 1.12, "a frame at 60 per second", color="#666666", fontsize=8)
    axes.set(xscale="log", yscale="log", xlabel="elements", ylabel="milliseconds a frame", title="What a frame costs, by how many it moves")
    axes.grid(True, which="major", color="#dddddd", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    handles, labels = axes.get_legend_handles_labels()
    order = sorted(range(len(ends)), key=lambda index: -ends[index][0])
    legend = [[items[index] for index in order] for items in (handles, labels)]
    axes.legend(*legend, frameon=False, loc="center left", bbox_to_anchor=(1.01, 0.5), title="at their largest, dearest first")
    of = machine()
    versions = ", ".join(f"{name} {of[name]}" for name in ("python", "numpy", "wasmtime", "usd-core", "numba", "warp-lang"))
    figure.text(
        0.01, 0.01, f"{of['processor']}, {of['cores']} cores, {of['system']}\n{versions}; drawn by benchmarks/growth.py", fontsize=7
    )
    figure.tight_layout(rect=(0.0, 0.05, 1.0, 1.0))
    figure.savefig(file, metadata={"Date": None} if file.suffix == ".svg" else None)
    pyplot.close(figure)
    return True


def table(found: Mapping[int, Mapping[str, float]]) -> Result:
    """Return the table: a row for who computes, a column for how many."""
    result = Result("milliseconds a frame, by how many it moves", ("who", *(f"{count:,}" for count in found)))
    for name in STYLES:
        if any(name in of for of in found.values()):
            result.rows.append([name, *(_shown(of.get(name)) for of in found.values())])
    data: dict[str, Any] = {str(count): dict(of) for count, of in found.items()}
    result.data = data
    result.remarks = absent()
    return result


def _shown(milliseconds: float | None) -> str:
    return "" if milliseconds is None else f"{milliseconds:.3g}" if milliseconds < 100.0 else f"{milliseconds:.0f}"


def main() -> None:
    """Measure, print, and draw where asked to."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--picture", type=Path, metavar="FILE.svg", help="draw the plot there")
    options = parser.parse_args()
    register_schemas()
    found: dict[int, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as name, chatter_apart():
        bench = Bench(Path(name), options.quick)
        for count in QUICK_COUNTS if options.quick else COUNTS:
            found[count] = frames(bench, Path(name), count)
    result = table(found)
    if options.picture is not None and not draw(found, options.picture):
        result.remarks.append("no picture, for want of matplotlib: pip install 'portalis-translator[bench]'")
    show([result], options.json)


if __name__ == "__main__":
    sys.exit(main())
