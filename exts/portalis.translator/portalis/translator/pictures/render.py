"""From a stage to pictures: which frame, which camera, which size, and who draws."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from pxr import Usd

from portalis.translator.pictures.camera import View, fit
from portalis.translator.pictures.drawing.gl import GlRenderer, Picture
from portalis.translator.pictures.drawing.light import PAPER, Background
from portalis.translator.pictures.drawing.rays import RayRenderer
from portalis.translator.pictures.errors import PictureError
from portalis.translator.pictures.frames import LARGEST, SMALLEST
from portalis.translator.pictures.scene import Numbers, Scene
from portalis.translator.pictures.usd.cameras import camera_view, find_camera
from portalis.translator.pictures.usd.extraction import Extractor

SIZE = (1280, 720)
STRIP_WIDTH = 360
RENDERERS = ("auto", "gl", "rays")
VARIABLE = "PORTALIS_RENDERER"


class Renderer(Protocol):
    """Who draws scenes."""

    name: str

    def picture(
        self, scene: Scene, view: View, width: int, height: int, *, z_up: bool, samples: int = 2, background: Background = PAPER
    ) -> Picture:
        """Return a picture (height, width, 3)."""

    def identify(self, scene: Scene, view: View, width: int, height: int, *, z_up: bool) -> Numbers:
        """Return whose each pixel is."""

    def close(self) -> None:
        """Give back what it holds."""


def open_renderer(wanted: str = "auto") -> Renderer:
    """Return the renderer that is asked for, by name or by the environment; `PictureError` where it cannot be had."""
    name = wanted if wanted != "auto" else os.environ.get(VARIABLE, "") or "auto"
    if name not in RENDERERS:
        asked = f"{VARIABLE}={name}" if name != wanted else name
        raise PictureError(f"there is no renderer {asked}", f"there are: {', '.join(RENDERERS)}", status=2)
    if name == "rays":
        return RayRenderer()
    try:
        return GlRenderer()
    except PictureError as error:
        if name == "gl":
            raise
        try:
            return RayRenderer()
        except PictureError:
            raise error from None


class Photographer:
    """Takes pictures of one stage, from one camera and of one size; a fitted camera sees all of the frames that it was told of.

    `PictureError` where the camera is none, or where nothing is drawn in any of the frames.
    """

    def __init__(
        self,
        stage: Usd.Stage,
        renderer: Renderer,
        frames: Sequence[float],
        *,
        camera: str | None = None,
        size: tuple[int, int] | None = None,
        width: int = SIZE[0],
    ) -> None:
        self._extractor = Extractor(stage)
        self._renderer = renderer
        self._camera = find_camera(stage, camera)
        self._fitted: View | None = None
        # The frame and what is drawn of it: it is asked for by the fit, and then by the picture.
        self._made: tuple[float, Scene] | None = None
        self.skipped: Counter[str] = Counter()
        self.drawn = 0
        self.blank: list[float] = []
        self.size = size or self._usual_size(frames[0], width)
        if self._camera is None:
            self._fit(frames)
        elif all(self._scene(frame).empty for frame in frames):
            self._refuse_nothing(frames)

    @property
    def camera(self) -> str | None:
        """The camera's path, or None where it is a fitted one."""
        return str(self._camera.GetPath()) if self._camera else None

    def take(self, frame: float) -> Picture:
        """Return the picture of a frame (height, width, 3)."""
        scene, (width, height) = self._scene(frame), self.size
        self.drawn = sum(len(batch.matrices) for batch in scene.batches) + len(scene.spheres.radii)
        for kind, count in scene.skipped.items():
            self.skipped[kind] = max(self.skipped[kind], count)
        picture = self._renderer.picture(scene, self._view(frame), width, height, z_up=self._extractor.z_up)
        if bool((picture == picture[:, :1]).all()):
            self.blank.append(frame)
        return picture

    def _view(self, frame: float) -> View:
        if self._camera is None:
            assert self._fitted is not None
            return self._fitted
        return camera_view(self._camera, Usd.TimeCode(frame)).widened(self.size[0] / self.size[1])

    def _usual_size(self, frame: float, width: int) -> tuple[int, int]:
        """Return a picture's size of the camera's own shape; even, as videos have to be."""
        aspect = camera_view(self._camera, Usd.TimeCode(frame)).aspect if self._camera else SIZE[0] / SIZE[1]
        return width, min(max(round(width / aspect / 2) * 2, SMALLEST), LARGEST // 2)

    def _scene(self, frame: float) -> Scene:
        if self._made is None or self._made[0] != frame:
            self._made = (frame, self._extractor.scene(Usd.TimeCode(frame)))
        return self._made[1]

    def _fit(self, frames: Sequence[float]) -> None:
        # The first one last: it is drawn first.
        scenes = (self._scene(frame) for frame in reversed(frames))
        self._fitted = fit(scenes, self.size[0] / self.size[1], z_up=self._extractor.z_up)
        if self._fitted is None:
            self._refuse_nothing(frames)

    def _refuse_nothing(self, frames: Sequence[float]) -> None:
        skipped = self._scene(frames[0]).skipped
        left_out = ", ".join(f"{count:,} {kind}" for kind, count in skipped.items())
        where = f"frame {frames[0]:g}" if len(frames) == 1 else f"frames {frames[0]:g} to {frames[-1]:g}"
        help_ = f"it has {left_out}, which are not drawn" if left_out else "no visible prim has a shape"
        raise PictureError(f"there is nothing to draw at {where}", help_)
