"""What the window costs: its panels beside a run of 100 behaviours, and the longest that anything keeps its thread.

Stands for: a studio that plays 100 behaviours (each its own module, on a prim of its own) at 60 frames a second, with the table, the plot
and the overlay in view. "panels" is what the window does between two drawn frames besides running the behaviours (reports, the table, the
plot, its state), of this thread's processor time, averaged over all frames and in the dearest one. The session then does what a user does,
with the longest that one frame took the thread: on the clock, drawing included, and of its processor time. Leaves out: drawing, which is
omni.ui's own (here by a software renderer), and the preview. Needs the wheel `ovui`.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from common import Result, arguments, chatter_apart, show

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

BEHAVIOURS, WARM, FPS = 100, 10, 60.0
# The run itself is not measured, and would not leave this thread its pace where the machine is slow.
FRAMES_BETWEEN_STEPS = 12
TEXT = """from pxr import Gf

def rise_{number:02}(position: Gf.Vec3d, delta_time: float):
    position[2] += {number}.0 * delta_time
    return position
"""


def crowded() -> Any:
    """Return a stage of as many prims as behaviours, each bound to its own."""
    from pxr import Gf, UsdGeom

    from portalis.translator.source import SourceFile
    from portalis.translator.stage.author.binding import bind
    from portalis.translator.stage.author.trust import default_policy
    from portalis.translator.stage.outline import starter_stage
    from portalis.translator.stage.run.engine import TranslatorEngine

    stage, engine = starter_stage(), TranslatorEngine()
    for number in range(BEHAVIOURS):
        path = f"/World/Riser_{number:02}"
        UsdGeom.Xform.Define(stage, path).AddTranslateOp().Set(Gf.Vec3d(0.1 * number, 0.0, 0.0))
        source = SourceFile(f"rise_{number:02}.py", TEXT.format(number=number))
        bind(stage, [path], source, engine.interface(source, ""), approvals=default_policy().approvals)
    return stage


def paced(frame: Callable[[int], None], frames: int) -> None:
    """Call a function sixty times a second, as a window does that keeps up."""
    due = time.perf_counter()
    for number in range(frames):
        frame(number)
        due = max(due + 1.0 / FPS, time.perf_counter())
        time.sleep(due - time.perf_counter() if due > time.perf_counter() else 0.0)


def beside_a_run(frames: int) -> Result:
    """Measure the panels while everything plays."""
    from tests.ui.widgets.user import StudioUser

    user = StudioUser(crowded())
    run, panel, overlay = user.model.run, user.studio.panel, user.studio.overlay
    user.model.toggle_overlay()
    user.play(WARM)
    rows = []
    for label, kept in (("4 s", 240), ("10 min", 36_000)):
        panel._plot._show_range(kept)
        while kept > 240 and len(run.history) < kept:
            run.history.add(len(run.history), 0.0, (1e-3, 2e-3, 1e-3, 1e-3))
        taken: list[float] = []

        def frame(number: int, taken: list[float] = taken) -> None:
            if number % FRAMES_BETWEEN_STEPS == 0:
                run._step()
            start = time.thread_time()
            run._refresh(force=False)
            panel.tick()
            overlay.draw()
            taken.append((time.thread_time() - start) * 1e3)

        paced(frame, frames)
        rows.append([label, str(len(run.rows)), f"{sum(taken) / frames:.2f}", f"{max(taken):.1f}"])
    user.close()
    return Result("The panels beside a run, on this thread", ["plot shows", "behaviours", "ms a frame", "dearest frame ms"], rows)


def session() -> Result:
    """Do what a user does, and return the longest frame of each act."""
    from tests.ui.widgets.test_building import BALL, DOOR
    from tests.ui.widgets.user import StudioUser

    user = StudioUser()
    whole = user.frames
    longest: dict[str, list[float]] = {}
    act = "open"

    def frames(count: int = 3) -> None:
        for _ in range(count):
            start, busy = time.perf_counter(), time.thread_time()
            whole(1)
            taken = time.perf_counter() - start, time.thread_time() - busy
            kept = longest.setdefault(act, [0.0, 0.0])
            longest[act] = [max(pair) for pair in zip(kept, taken, strict=True)]

    user.frames = frames  # type: ignore[method-assign]
    user.write(DOOR)

    def does(name: str, *steps: Callable[[], object]) -> None:
        nonlocal act
        act = name
        for step in steps:
            step()
        user.frames(5)

    does("nothing", lambda: user.frames(20))
    does("translate", user.translate)
    does("select a prim", lambda: user.select(BALL))
    does("show a port", lambda: user.model.tabs.show_port("input hero"))
    does("bind ports", lambda: user.model.give("input", "hero", "/World/Ball_01.position"))
    does("bind ports", lambda: user.model.give("output", "angle", "xformOp:rotateZ"))
    does("bind", user.model.bindings.bind)
    does("play", lambda: user.play(30))
    does("pause", lambda: user.click("pause"))
    does("stop", lambda: user.click("stop"))
    for tab in ("Problems", "Rust", "WAT", "Proof"):
        does(f"show {tab}", lambda tab=tab: user.click(f"tab_{tab}"))  # type: ignore[misc]
    does("undo", lambda: user.click("undo"))
    does("redo", lambda: user.click("redo"))
    user.close()
    rows = [[name, *(f"{value * 1000.0:.0f}" for value in taken)] for name, taken in longest.items()]
    return Result("The longest frame of each act", ["act", "clock ms", "of this thread's processor ms"], rows)


def main() -> None:
    """Measure and print."""
    options = arguments(__doc__ or "").parse_args()
    folder = tempfile.mkdtemp(prefix="portalis-")
    os.environ["PORTALIS_CONFIG"] = folder
    # omni.ui leaves its layout in the working folder when it ends.
    os.chdir(folder)
    with chatter_apart():
        from tests.ui.widgets import screen  # noqa: F401

        results = [beside_a_run(30 if options.quick else 600), session()]
    show(results, options.json)


if __name__ == "__main__":
    main()
