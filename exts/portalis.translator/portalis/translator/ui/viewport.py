"""The studio's preview of a stage: drawn by the core that draws pictures, or as wires where there is no OpenGL."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import omni.ui as ui

from portalis.translator.pictures.camera import View, fit, lens
from portalis.translator.pictures.drawing.gl import GlRenderer
from portalis.translator.pictures.drawing.light import Background
from portalis.translator.pictures.errors import PictureError
from portalis.translator.pictures.marking import Marker, grid
from portalis.translator.pictures.scene import Scene
from portalis.translator.pictures.usd.cameras import seen_through
from portalis.translator.pictures.usd.live import LiveScene
from portalis.translator.ui.camera import OrbitCamera
from portalis.translator.ui.pace import Pace
from portalis.translator.ui.style import PREVIEW_BACKGROUND, PREVIEW_GRID, SELECTED, panel_style
from portalis.translator.ui.wires import NOTHING, WireView

Picked = Callable[[str | None], None]
_BACKGROUND = Background(PREVIEW_BACKGROUND, PREVIEW_BACKGROUND)
# A drag over the whole width turns the camera by as much; one of fewer pixels is a click.
_DRAG_DEGREES, _CLICK = 180.0, 4.0


def make_viewport(picked: Picked) -> PictureView | WireView:
    """Return the best view that can be had here; a click in it tells `picked` the prim that is there, or None."""
    try:
        return PictureView(picked)
    except PictureError:
        return WireView()


class PictureView:
    """Draws a stage while it is edited; drag turns the camera, the wheel goes nearer, a click picks.

    What moves is drawn with half the lines where the machine is slow, and once more with all of them when it rests. `PictureError` where
    there is no OpenGL.
    """

    def __init__(self, picked: Picked) -> None:
        self._renderer = GlRenderer()
        self._picked = picked
        self._live: LiveScene | None = None
        self._stage: Any = None
        self._camera = OrbitCamera(np.zeros(3), 5.0, z_up=True)
        self._framed_for: float | None = None
        # The camera of the stage that it looks through, and what that sees now.
        self._through = ""
        self._seen: View | None = None
        self._marker = Marker(SELECTED)
        self._selected: tuple[str, ...] = ()
        self._pace = Pace()
        self._shown: tuple[object, ...] = ()
        self._fine = False
        self._dragged: tuple[float, float, float] | None = None
        self.seconds = 0.0
        self._provider = ui.ByteImageProvider()
        with ui.Frame(horizontal_clipping=True, vertical_clipping=True), ui.ZStack(style=panel_style()):
            ui.Rectangle(name="field")
            self._image = ui.ImageWithProvider(self._provider, fill_policy=ui.IwpFillPolicy.IWP_STRETCH, identifier="viewport")
            self._hint = ui.Label("", name="empty", alignment=ui.Alignment.CENTER, identifier="viewport_hint")
        self._image.set_mouse_pressed_fn(self._press)
        self._image.set_mouse_moved_fn(self._drag)
        self._image.set_mouse_released_fn(self._release)
        self._image.set_mouse_wheel_fn(lambda _x, y, _modifiers: self._approach(y))

    def show(self, stage: Any, time_code: float) -> None:
        """Draw another stage, or this one as it is now."""
        if stage is not self._stage:
            self._stop_following()
            self._stage, self._live, self._through = stage, LiveScene(stage), ""
        assert self._live is not None
        self._hint.text = NOTHING if self._live.scene(time_code).empty else ""

    def frame(self, time_code: float) -> None:
        """Put the camera where it sees everything."""
        self._through = ""
        if self._live is None:
            return
        scene, z_up = self._live.scene(time_code), self._live.z_up
        self._camera = OrbitCamera(np.zeros(3), 5.0, z_up=z_up)
        view = fit([scene], self._aspect(), z_up=z_up, heading=self._camera.heading, elevation=self._camera.elevation)
        if view is not None:
            nearest, farthest = scene.reach(np.stack([view.matrix[:3, 2], -view.matrix[:3, 2]]))
            self._camera.stand(view.matrix, float(nearest - farthest) / 2.0, float(nearest + farthest) / 2.0)
        self._framed_for = self._aspect()

    def look_through(self, camera: str) -> None:
        """Show what a camera of the stage sees, wherever it goes, until somebody turns, goes nearer or asks for everything."""
        self._through = camera

    def select(self, paths: Sequence[str]) -> None:
        """Draw these prims in the colour of the selection."""
        self._selected = tuple(paths)

    def update(self, time_code: float) -> None:
        """Draw what is to be seen now, if it is not what was drawn last."""
        width, height = self._size()
        if self._live is None or width < 2 or height < 2:
            return
        if self._renderer.prepare():
            # A frame each: together with the first picture they would keep the window waiting.
            return
        if self._through:
            self._seen = seen_through(self._stage, self._through, time_code)
            # One that is gone, or none any more, is left.
            self._through = self._through if self._seen is not None else ""
        else:
            self._seen = None
        if not self._through and self._framed_for is not None and abs(self._framed_for - self._aspect()) > 1e-3:
            # Nobody turned the camera since it was told to see everything: it does so in a window of another shape too.
            self.frame(time_code)
        scene = self._live.scene(time_code)
        seen = self._camera.state() if self._seen is None else (*self._seen.matrix.ravel().tolist(), *self._seen.window)
        wanted = (scene, seen, self._selected, width, height)
        if wanted != self._shown:
            self._shown, self._fine = wanted, False
            self._draw(scene, width, height, samples=1, divisor=self._pace.divisor)
            self._pace.took(self.seconds)
        elif not self._fine:
            self._fine = True
            self._draw(scene, width, height, samples=2)

    def pick(self, x: float, y: float) -> str | None:
        """Return the path of the prim at a place of the view, in pixels from its upper left corner."""
        width, height = self._size()
        if self._live is None or not (0 <= x < width and 0 <= y < height):
            return None
        scene: Scene = self._shown[0] if self._shown else self._live.scene(0.0)  # type: ignore[assignment]
        number = self._renderer.identify(scene, self._view().at(x, y, width, height), 1, 1, z_up=self._live.z_up)[0, 0]
        return scene.paths[number - 1] if number else None

    def close(self) -> None:
        """Follow the stage no longer, and give OpenGL's memory back."""
        self._stop_following()
        self._renderer.close()

    # ------------------------------------------------------------------------------------------------------------- drawing
    def _draw(self, scene: Scene, width: int, height: int, *, samples: int, divisor: int = 1) -> None:
        start = time.perf_counter()
        assert self._live is not None
        shown = self._marker.marked(scene, self._selected)
        if self._seen is None:
            # As thick as a pixel is where the camera looks at; one of the stage may stand in a line.
            thickness = 2.0 * self._camera.distance * lens(width / height)[1] * divisor / height
            lines = grid(self._camera.radius, thickness, PREVIEW_GRID, z_up=self._live.z_up)
            shown = replace(shown, batches=(*shown.batches, lines))
        picture = self._renderer.picture(
            shown,
            self._view(),
            width,
            height,
            z_up=self._live.z_up,
            samples=samples,
            divisor=divisor,
            background=_BACKGROUND,
            channels=4,
        )
        self._provider.set_data_array(picture, [width, height])
        self.seconds = time.perf_counter() - start

    def _view(self) -> View:
        return self._camera.seen(self._aspect()) if self._seen is None else self._seen.widened(self._aspect())

    def _size(self) -> tuple[int, int]:
        scale = ui.Workspace.get_dpi_scale()
        return int(self._image.computed_width * scale), int(self._image.computed_height * scale)

    def _aspect(self) -> float:
        width, height = self._size()
        return width / height if width > 0 and height > 0 else 16.0 / 9.0

    def _stop_following(self) -> None:
        if self._live is not None:
            self._live.close()
        self._live, self._shown = None, ()

    # --------------------------------------------------------------------------------------------------------------- mouse
    def _press(self, x: float, y: float, button: int, _modifiers: int) -> None:
        if button == 0:
            self._dragged = (x, y, 0.0)

    def _drag(self, x: float, y: float, _modifiers: int, _pressed: bool) -> None:
        if self._dragged is None:
            return
        before_x, before_y, far = self._dragged
        across, up = x - before_x, y - before_y
        far += abs(across) + abs(up)
        self._dragged = (x, y, far)
        if far >= _CLICK:
            self._framed_for, self._through = None, ""
            width = max(self._image.computed_width, 1.0)
            self._camera.turn(-across / width * _DRAG_DEGREES, up / width * _DRAG_DEGREES)

    def _release(self, x: float, y: float, button: int, _modifiers: int) -> None:
        dragged, self._dragged = self._dragged, None
        if button == 0 and dragged is not None and dragged[2] < _CLICK:
            scale = ui.Workspace.get_dpi_scale()
            self._picked(self.pick((x - self._image.screen_position_x) * scale, (y - self._image.screen_position_y) * scale))

    def _approach(self, turns: float) -> None:
        self._framed_for, self._through = None, ""
        self._camera.approach(0.9**turns)
