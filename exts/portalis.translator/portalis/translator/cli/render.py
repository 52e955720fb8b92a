"""`portalis render`: pictures of a stage."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from portalis.translator.cli.output import err, fail, os_error, out, print_json
from portalis.translator.cli.stage import JsonOption, StageArgument, opens_stages
from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.pictures.render import Photographer, Renderer


@opens_stages
def render_command(
    stage: StageArgument,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT", help="The file: OUT.png, OUT.webp or OUT.mp4.")],
    frame: Annotated[float | None, typer.Option("--frame", help="Which frame; the stage's first is the default.")] = None,
    frames: Annotated[
        str | None, typer.Option("--frames", metavar="A:B", help="Which frames, both included; A:BxN takes every Nth.")
    ] = None,
    camera: Annotated[
        str | None, typer.Option("--camera", metavar="PATH", help="Which camera; the first, or one that sees everything, is the default.")
    ] = None,
    size: Annotated[str | None, typer.Option("--size", metavar="WxH", help="In pixels; 1280 wide is the default.")] = None,
    film_strip: Annotated[bool, typer.Option("--film-strip", help="Put some of the frames side by side in one picture.")] = False,
    renderer: Annotated[str, typer.Option("--renderer", metavar="gl|rays", help="Who draws; rays need no OpenGL.")] = "auto",
    as_json: JsonOption = False,
) -> None:
    """Draw a stage: a picture, a film, or a strip of frames.

    What is drawn: meshes, the basic shapes, points, instances and curves, in the constant colours of their materials or their display
    colours, under one sun. What is left out is listed on standard error.
    """
    from portalis.translator.pictures.errors import PictureError

    if frame is not None and not math.isfinite(frame):
        raise typer.BadParameter("--frame is a number")
    if frame is not None and frames is not None:
        raise typer.BadParameter("--frame and --frames are two ways to say which")
    if film_strip and frame is not None:
        raise typer.BadParameter("--film-strip is of many frames: say --frames A:B")
    asked = _Asked(stage, output, frame, frames, camera, size, film_strip, renderer)
    try:
        made = _render(asked, as_json)
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
    frames: str | None
    camera: str | None
    size: str | None
    film_strip: bool
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


def _render(asked: _Asked, as_json: bool) -> _Made:
    clock = _Clock()
    from portalis.translator.pictures.files import Film, require_suffix, strip, write
    from portalis.translator.pictures.frames import parse_size, require_frames
    from portalis.translator.pictures.render import SIZE, STRIP_WIDTH, Photographer, open_renderer
    from portalis.translator.stage.files import open_stage

    clock.lap("imports")
    size = parse_size(asked.size) if asked.size is not None else None
    require_suffix(asked.output, size)
    opened = open_stage(asked.stage)
    frames, step = _frames(asked, opened)
    require_frames(opened, frames)
    clock.lap("open")
    drawing = open_renderer(asked.renderer)
    clock.lap("renderer")
    width = STRIP_WIDTH if asked.film_strip else SIZE[0]
    photographer = Photographer(opened, drawing, frames, camera=asked.camera, size=size, width=width)
    clock.lap("extract")
    with _progress(len(frames), as_json) as advance:

        def take(frame: float) -> Any:
            clock.lap("write")
            picture = photographer.take(frame)
            clock.lap("draw")
            advance()
            return picture

        film = Film(frames, photographer.size, opened.GetTimeCodesPerSecond() / step, take)
        film = strip(film) if asked.film_strip else film
        write(asked.output, film)
    clock.lap("write")
    return _made(asked, photographer, drawing, frames, film.size, clock)


def _frames(asked: _Asked, opened: Any) -> tuple[list[float], float]:
    """Return the frames that are wanted, and how many time codes are between two."""
    from portalis.translator.pictures.errors import PictureError
    from portalis.translator.pictures.files import MOVING
    from portalis.translator.pictures.frames import own_range, parse_frames, usual_frame

    moving = asked.output.suffix.lower() in MOVING and not asked.film_strip
    if asked.frames is not None:
        frames, step = parse_frames(asked.frames)
        if len(frames) > 1 and not moving and not asked.film_strip:
            raise PictureError(f"a PNG holds one frame, not {len(frames):,}", "add --film-strip, or name a .webp or .mp4", status=2)
        return frames, step
    if asked.frame is not None:
        return [asked.frame], 1.0
    return (own_range(opened) if moving or asked.film_strip else [usual_frame(opened)]), 1.0


@contextlib.contextmanager
def _progress(count: int, as_json: bool) -> Iterator[Callable[[], None]]:
    """Show how far it is, on a terminal and where there is something to wait for."""
    from rich.progress import Progress

    with Progress(console=err, transient=True, disable=as_json or count < 2 or not err.is_terminal) as progress:
        task = progress.add_task("frames", total=count)
        yield lambda: progress.advance(task)


def _made(asked: _Asked, photographer: Photographer, drawing: Renderer, frames: list[float], size: tuple[int, int], clock: _Clock) -> _Made:
    from portalis.translator.stage.memory import peak_memory_mb

    return _Made(
        str(asked.output), *size, frames, photographer.camera, drawing.name, photographer.drawn, dict(photographer.skipped),
        photographer.blank, clock.laps, round(peak_memory_mb(), 1),
    )  # fmt: skip


class _Clock:
    """Seconds by what they went into."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self.laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round(self.laps.get(name, 0.0) + now - self._last, 3)
        self._last = now


def _print(made: _Made) -> None:
    for kind, count in made.skipped.items():
        err.print(f"left out: {kind} ({count:,})", style="yellow", markup=False)
    if made.blank:
        more = f" and {len(made.blank) - 1:,} more" if len(made.blank) > 1 else ""
        err.print(f"nothing of what is drawn is in the picture of frame {made.blank[0]:g}{more}", style="yellow", markup=False)
    where = made.camera or "a camera that sees everything"
    which = f"frame {made.frames[0]:g}" if len(made.frames) == 1 else f"{counted(len(made.frames), 'frame')}"
    out.print(f"wrote {made.output}: {made.width}x{made.height}, {which}, from {where}, by {made.renderer}", markup=False)
    seconds = ", ".join(f"{name} {value:.2f}" for name, value in made.seconds.items())
    out.print(f"seconds: {seconds}; peak {made.memory_mb:.0f} MB", markup=False)
