"""`portalis render`: pictures of a stage."""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from portalis.translator.cli.output import err, fail, os_error, out, print_json
from portalis.translator.cli.stage import JsonOption, StageArgument, opens_stages

if TYPE_CHECKING:
    from portalis.translator.pictures.render import Photographer, Renderer


@opens_stages
def render_command(
    stage: StageArgument,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT.png", help="The picture.")],
    frame: Annotated[float | None, typer.Option("--frame", help="Which frame; the stage's first is the default.")] = None,
    camera: Annotated[
        str | None, typer.Option("--camera", metavar="PATH", help="Which camera; the first, or one that sees everything, is the default.")
    ] = None,
    size: Annotated[str | None, typer.Option("--size", metavar="WxH", help="In pixels; 1280 wide is the default.")] = None,
    renderer: Annotated[str, typer.Option("--renderer", metavar="gl", help="Who draws.")] = "auto",
    as_json: JsonOption = False,
) -> None:
    """Draw a stage.

    What is drawn: meshes, the basic shapes, points, instances and curves, in the constant colours of their materials or their display
    colours, under one sun. What is left out is listed on standard error.
    """
    from portalis.translator.pictures.errors import PictureError

    if frame is not None and not math.isfinite(frame):
        raise typer.BadParameter("--frame is a number")
    asked = _Asked(stage, output, frame, camera, size, renderer)
    try:
        made = _render(asked)
    except PictureError as error:
        fail(str(error), as_json, [error.help] if error.help else [], status=error.status)
    except OSError as error:
        fail(os_error(error), as_json)
    if as_json:
        print_json({"ok": True, **asdict(made)})
    else:
        _print(made)


@dataclass(frozen=True)
class _Asked:
    stage: Path
    output: Path
    frame: float | None
    camera: str | None
    size: str | None
    renderer: str


@dataclass(frozen=True)
class _Made:
    """A picture that was written: what is in it, what is not, and what it cost."""

    output: str
    width: int
    height: int
    frames: list[float]
    camera: str | None
    renderer: str
    drawn: int
    skipped: dict[str, int]
    blank: list[float]
    seconds: dict[str, float]
    memory_mb: float


def _render(asked: _Asked) -> _Made:
    clock = _Clock()
    from portalis.translator.pictures.files import require_suffix, write_png
    from portalis.translator.pictures.render import Photographer, open_renderer, parse_size, require_frames, usual_frame
    from portalis.translator.stage.files import open_stage

    clock.lap("imports")
    require_suffix(asked.output)
    size = parse_size(asked.size) if asked.size is not None else None
    opened = open_stage(asked.stage)
    frames = [asked.frame if asked.frame is not None else usual_frame(opened)]
    require_frames(opened, frames)
    clock.lap("open")
    drawing = open_renderer(asked.renderer)
    clock.lap("renderer")
    photographer = Photographer(opened, drawing, frames, camera=asked.camera, size=size)
    clock.lap("extract")
    picture = photographer.take(frames[0])
    clock.lap("draw")
    write_png(asked.output, picture)
    clock.lap("write")
    return _made(asked, photographer, drawing, frames, clock)


def _made(asked: _Asked, photographer: Photographer, drawing: Renderer, frames: list[float], clock: _Clock) -> _Made:
    from portalis.translator.stage.memory import peak_memory_mb

    width, height = photographer.size
    return _Made(
        str(asked.output), width, height, frames, photographer.camera, drawing.name, photographer.drawn, dict(photographer.skipped),
        photographer.blank, clock.laps, round(peak_memory_mb(), 1),
    )  # fmt: skip


class _Clock:
    """Seconds by what they went into."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self.laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round(now - self._last, 3)
        self._last = now


def _print(made: _Made) -> None:
    for kind, count in made.skipped.items():
        err.print(f"left out: {kind} ({count:,})", style="yellow", markup=False)
    if made.blank:
        err.print(f"nothing of what is drawn is in the picture of frame {made.blank[0]:g}", style="yellow", markup=False)
    where = made.camera or "a camera that sees everything"
    out.print(f"wrote {made.output}: {made.width}x{made.height}, frame {made.frames[0]:g}, from {where}, by {made.renderer}", markup=False)
    seconds = ", ".join(f"{name} {value:.2f}" for name, value in made.seconds.items())
    out.print(f"seconds: {seconds}; peak {made.memory_mb:.0f} MB", markup=False)
