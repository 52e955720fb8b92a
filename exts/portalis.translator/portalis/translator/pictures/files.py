"""Pictures as files, each the old one or all of the new one: PNG, animated WebP, MP4, and strips of some frames."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from portalis.translator.pictures.drawing.gl import Picture
from portalis.translator.pictures.errors import PictureError
from portalis.translator.saving import claimed, replacing

STILL, MOVING = (".png",), (".webp", ".mp4")
_EXTRA = "pip install 'portalis-translator[pictures]'"
# How good what loses something is: of 100 for WebP, and H.264's factor, of which less is better.
_WEBP_QUALITY, _H264_FACTOR = 82, 20
# A strip: frames beside one another at most, and pixels between them.
_ACROSS, _GAP = 6, 6
_LARGEST_WEBP = 16383


@dataclass(frozen=True)
class Film:
    """Some frames to be taken, one after the other, for a file: `take` makes the picture of one, `fps` of them make a second."""

    frames: Sequence[float]
    size: tuple[int, int]
    fps: float
    take: Callable[[float], Picture]


def require_suffix(path: Path, size: tuple[int, int] | None = None) -> None:
    """Raise `PictureError` where a name does not end in what can be written, or a picture's size is none for it."""
    suffix = path.suffix.lower()
    if suffix not in (*STILL, *MOVING):
        raise PictureError(f"{path} has no name of a picture", f"a name ends in {', '.join((*STILL, *MOVING))}", status=2)
    if size is not None and suffix == ".mp4" and (size[0] % 2 or size[1] % 2):
        raise PictureError(f"an MP4 of {size[0]}x{size[1]} cannot be made", "its width and height are even: --size 1280x720", status=2)
    if size is not None and suffix == ".webp" and max(size) > _LARGEST_WEBP:
        raise PictureError(f"a WebP of {size[0]}x{size[1]} cannot be made", f"a side has at most {_LARGEST_WEBP} pixels", status=2)


def write(path: Path, film: Film) -> None:
    """Write a film's frames in the format that a name ends in; one at a time is in memory.

    OSError where that fails, `PictureError` where the format's writer is missing.
    """
    require_suffix(path, film.size)
    writers = {".png": _write_png, ".webp": _write_webp, ".mp4": _write_mp4}
    with claimed(path), _told(path), replacing(path) as temporary:
        writers[path.suffix.lower()](temporary, film)


def strip(film: Film) -> Film:
    """Return a film of one picture, in which some of the frames, evenly apart, stand side by side."""
    count = min(len(film.frames), _ACROSS)
    chosen = [film.frames[round(at)] for at in np.linspace(0, len(film.frames) - 1, count)]
    width, height = film.size

    def take(_: float) -> Picture:
        whole = np.full((height, count * width + (count - 1) * _GAP, 3), 255, np.uint8)
        for number, frame in enumerate(chosen):
            start = number * (width + _GAP)
            whole[:, start : start + width] = _labelled(film.take(frame), f"{frame:g}")
        return whole

    return Film(film.frames[:1], (count * width + (count - 1) * _GAP, height), film.fps, take)


def _labelled(picture: Picture, text: str) -> Picture:
    """Return a picture with a frame's number in its lower left corner."""
    from PIL import ImageDraw, ImageFont

    image = _pillow().fromarray(picture)
    size = max(11, picture.shape[0] // 18)
    try:
        font = ImageFont.load_default(size)
    except (ImportError, OSError):
        # Pillow without FreeType has one small font.
        font = ImageFont.load_default()
    ImageDraw.Draw(image).text((size // 2, picture.shape[0] - size // 2), text, fill=(40, 44, 52), font=font, anchor="ls")
    return np.asarray(image)


def _write_png(path: Path, film: Film) -> None:
    _pillow().fromarray(film.take(film.frames[0])).save(path, format="PNG")


def _write_webp(path: Path, film: Film) -> None:
    first = _reel(film)
    if len(film.frames) == 1:
        first.save(path, format="WEBP", quality=_WEBP_QUALITY, method=4)
        return
    # Pillow asks for one frame after the other and keeps only what is encoded.
    first.save(path, format="WEBP", save_all=True, duration=1000.0 / film.fps, loop=0, quality=_WEBP_QUALITY, method=4, kmin=9, kmax=17)


def _reel(film: Film) -> Any:
    """Return an image of Pillow's whose frames are drawn when they are loaded."""
    pillow = _pillow()

    class Reel(pillow.Image):  # type: ignore[name-defined,misc]
        n_frames = len(film.frames)
        at, drawn = 0, -1

        def seek(self, frame: int) -> None:
            self.at = frame

        def tell(self) -> int:
            return int(self.at)

        def load(self) -> Any:
            if self.drawn != self.at:
                self.drawn = self.at
                self.im = pillow.fromarray(film.take(film.frames[self.at])).im
            return super().load()

    reel = Reel()
    reel._mode, reel._size = "RGB", film.size
    return reel


def _write_mp4(path: Path, film: Film) -> None:
    try:
        import imageio_ffmpeg
    except ImportError as error:
        raise PictureError("imageio-ffmpeg is not installed", _EXTRA) from error
    options = ["-crf", str(_H264_FACTOR), "-movflags", "+faststart", "-threads", "2"]
    try:
        writer = imageio_ffmpeg.write_frames(
            str(path),
            film.size,
            fps=film.fps,
            codec="libx264",
            quality=None,
            macro_block_size=2,
            output_params=options,
            ffmpeg_log_level="error",
        )
        with contextlib.closing(writer):
            writer.send(None)
            for frame in film.frames:
                writer.send(np.ascontiguousarray(film.take(frame)))
    except RuntimeError as error:
        # What imageio-ffmpeg raises where it has no encoder, or one that ends.
        raise PictureError(f"no MP4 could be made: {str(error).strip().splitlines()[-1]}", _EXTRA) from error


def _pillow() -> Any:
    """Return Pillow's module of images, or raise `PictureError`."""
    try:
        from PIL import Image
    except ImportError as error:
        raise PictureError("Pillow is not installed", _EXTRA) from error
    return Image


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Have an error name the file that is wanted: the one beside it is nobody's business."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error
