"""What a frame of the studio's preview costs: 10,000 spheres and 2,000 boxes of which every one moves, at 800 by 450 pixels.

Stands for: two crowds (Points, and a PointInstancer of a Cube) that get new places in every frame, as a run gives them: from the values on
the stage to bytes that omni.ui takes. "whole" draws every pixel, "half" half the width and height, as the studio does while something moves
and where whole pictures take too long. "still" has four samples a pixel. Where the wheel `ovui` is installed, also whole frames of omni.ui
with the picture in them. Processor time is of all threads. Leaves out: the behaviours that compute the places.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable

import numpy as np
from common import Result, arguments, chatter_apart, show
from pxr import Gf, Usd, UsdGeom, Vt

from portalis.translator.pictures.camera import fit
from portalis.translator.pictures.drawing.gl import GlRenderer
from portalis.translator.pictures.usd.live import LiveScene

SPHERES, BOXES, WIDTH, HEIGHT = 10_000, 2_000, 800, 450
WAYS = (("whole", 1, 1), ("half", 2, 1), ("still", 1, 2))


class Crowds:
    """A stage of two crowds in a box of 20 units, which `move` gives other places."""

    def __init__(self) -> None:
        self.stage = Usd.Stage.CreateInMemory()
        self._random = np.random.default_rng(3)
        spheres = UsdGeom.Points.Define(self.stage, "/Spheres")
        spheres.GetWidthsAttr().Set(Vt.FloatArray([0.2] * SPHERES))
        spheres.GetDisplayColorAttr().Set([(0.2, 0.5, 0.9)])
        boxes = UsdGeom.PointInstancer.Define(self.stage, "/Boxes")
        cube = UsdGeom.Cube.Define(self.stage, "/Boxes/Box")
        cube.GetSizeAttr().Set(0.3)
        cube.GetDisplayColorAttr().Set([(0.9, 0.5, 0.2)])
        boxes.GetPrototypesRel().AddTarget("/Boxes/Box")
        boxes.GetProtoIndicesAttr().Set(Vt.IntArray(BOXES))
        self._targets = ((spheres.GetPointsAttr(), SPHERES), (boxes.GetPositionsAttr(), BOXES))
        self._places = [self._random.uniform(-10.0, 10.0, (count, 3)).astype(np.float32) for _, count in self._targets]
        self._turns = boxes.GetOrientationsAttr()
        self._turns.Set(Vt.QuathArray([Gf.Quath(1, 0, 0, 0)] * BOXES))
        self.move()

    def move(self) -> None:
        """Give every element another place, near by."""
        for (attribute, count), places in zip(self._targets, self._places, strict=True):
            places += self._random.uniform(-0.05, 0.05, (count, 3)).astype(np.float32)
            attribute.Set(Vt.Vec3fArray.FromNumpy(places))


def percentiles(seconds: list[float]) -> list[float]:
    """Return the 50th and 95th percentile in milliseconds."""
    return [round(float(value) * 1000.0, 1) for value in np.percentile(seconds, (50, 95))]


def measured(frame: Callable[[], object], before: Callable[[], None], count: int) -> tuple[list[float], list[float]]:
    """Return percentiles of what a frame takes, on the clock and of the processor."""
    clock, processor = [], []
    for number in range(count + 3):
        before()
        start, busy = time.perf_counter(), time.process_time()
        frame()
        if number >= 3:
            clock.append(time.perf_counter() - start)
            processor.append(time.process_time() - busy)
    return percentiles(clock), percentiles(processor)


def core(crowds: Crowds, count: int) -> Result:
    """Measure the drawing core alone."""
    live, renderer = LiveScene(crowds.stage), GlRenderer()
    view = fit([live.scene(0.0)], WIDTH / HEIGHT, z_up=False)
    assert view is not None
    rows = []
    for name, divisor, samples in WAYS:
        size = (WIDTH // divisor, HEIGHT // divisor)

        def frame(size: tuple[int, int] = size, samples: int = samples) -> None:
            renderer.picture(live.scene(0.0), view, *size, z_up=False, samples=samples, channels=4)

        clock, processor = measured(frame, crowds.move, count)
        rows.append([name, f"{size[0]}x{size[1]}", str(samples**2), *map(str, (*clock, *processor))])
    alone, alone_processor = measured(lambda: live.scene(0.0), crowds.move, count)
    rows.append(["from the stage alone", "", "", *map(str, (*alone, *alone_processor))])
    live.close()
    columns = ["way", "pixels", "samples", "p50 ms", "p95 ms", "processor p50 ms", "processor p95 ms"]
    title = f"{SPHERES:,} spheres and {BOXES:,} boxes that move, drawn by {renderer.name}"
    return Result(title, columns, rows, ['from values on the stage to bytes; the studio\'s pictures are "half" or "whole" while it plays'])


def window(crowds: Crowds, count: int) -> Result | None:
    """Measure frames of omni.ui that show the crowds, where there is one."""
    try:
        from portalis.translator.ui.display import DisplayError, prepare_display

        prepare_display(headless=True)
    except DisplayError:
        return None
    import asyncio

    import omni.ui as ui
    from omni.ui import standalone, testing

    from portalis.translator.ui.viewport import make_viewport

    standalone.init("preview", WIDTH, HEIGHT, max_fps=None)
    shown = ui.Window("preview", width=WIDTH, height=HEIGHT, padding_x=0, padding_y=0, flags=ui.WINDOW_FLAGS_NO_TITLE_BAR)
    shown.setPosition(0, 0)
    with shown.frame:
        view = make_viewport(lambda path: None)
    loop = asyncio.new_event_loop()
    # omni.ui leaves its layout in the working folder when it ends.
    os.chdir(tempfile.mkdtemp(prefix="portalis-"))
    view.show(crowds.stage, 0.0)

    def draw() -> None:
        view.update(0.0)
        loop.run_until_complete(testing.next_frame())

    for _ in range(5):
        draw()
    view.frame(0.0)
    rows = []
    for name, before in (("moving", crowds.move), ("at rest", lambda: None)):
        clock, processor = measured(draw, before, count)
        rows.append([name, *map(str, (*clock, *processor))])
    view.close()
    columns = ["frames", "p50 ms", "p95 ms", "processor p50 ms", "processor p95 ms"]
    return Result("The same in a window of omni.ui, frame included", columns, rows, [f"{WIDTH}x{HEIGHT}, drawn to memory"])


def main() -> None:
    """Measure and print."""
    options = arguments(__doc__ or "").parse_args()
    count = 3 if options.quick else 120
    crowds = Crowds()
    gc.disable()
    with chatter_apart():
        results = [core(crowds, count)]
        if (framed := window(crowds, count)) is not None:
            results.append(framed)
    show(results, options.json)


if __name__ == "__main__":
    sys.exit(main())
