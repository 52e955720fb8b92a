"""A preview of the stage where there is no OpenGL, drawn with omni.ui.scene: spheres as discs, crowds as points, the rest as wires."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import omni.ui as ui
from omni.ui import scene as sc

from portalis.translator.stage.preview import Preview
from portalis.translator.ui.camera import OrbitCamera
from portalis.translator.ui.style import GRID_LINE, SELECTED, panel_style

NOTHING = "Nothing to draw: open a stage with shapes."
_SELECTED = (*SELECTED, 1.0)
_GRID_HALF = 8
_DRAG_DEGREES = 90.0
# More spheres than this are points: the discs of some hundreds cost milliseconds a frame.
_MOST_DISCS = 400
_CORNERS = 16


class WireView:
    """Draws a `Preview`; drag turns the camera, the wheel goes nearer."""

    def __init__(self) -> None:
        self._preview: Preview | None = None
        self._camera = OrbitCamera(np.zeros(3), 5.0, z_up=True)
        self._selected: frozenset[str] = frozenset()
        self._balls: Any = None
        self._crowds: list[Any] = []
        self._wires: list[Any] = []
        with ui.Frame(horizontal_clipping=True, vertical_clipping=True), ui.ZStack(style=panel_style()):
            ui.Rectangle(name="field")
            self._view = sc.SceneView(aspect_ratio_policy=sc.AspectRatioPolicy.STRETCH, identifier="viewport")
            self._hint = ui.Label("", name="empty", alignment=ui.Alignment.CENTER, identifier="viewport_hint")
        self._view.set_mouse_wheel_fn(lambda _x, y, _modifiers: self._camera.approach(0.9**y))

    def show(self, stage: Any, time_code: float) -> None:
        """Draw another stage, or this one as it is now."""
        preview = self._preview = Preview(stage)
        nothing = not (preview.balls or preview.wires or preview.crowd_positions(time_code))
        self._hint.text = NOTHING if nothing else ""
        self._build(time_code)

    def frame(self, time_code: float) -> None:
        """Put the camera where it sees everything, and lay the grid out for it."""
        if self._preview is not None:
            centre, radius = self._preview.bounds(time_code)
            self._camera = OrbitCamera(centre, radius, z_up=self._preview.z_up)
            self._build(time_code)

    def select(self, paths: Sequence[str]) -> None:
        """Draw these prims in the colour of the selection."""
        self._selected = frozenset(paths)
        self._colour()

    def update(self, time_code: float) -> None:
        """Move everything to where it is now, and the camera to where it was turned."""
        self._aim()
        preview = self._preview
        if preview is None:
            return
        if isinstance(self._balls, sc.PolygonMesh):
            self._balls.positions, self._balls.colors = self._discs(time_code)
        elif self._balls is not None:
            self._balls.positions = preview.ball_positions(time_code).tolist()
        for shape, (_, colour, points) in zip(self._crowds, preview.crowd_positions(time_code), strict=False):
            if len(points):
                shape.positions = points.tolist()
                shape.colors = [[*colour, 1.0]] * len(points)
                shape.sizes = [3.0] * len(points)
        for shape, points in zip(self._wires, preview.wire_points(time_code), strict=True):
            shape.positions = points.tolist()

    def close(self) -> None:
        """Nothing is held."""

    # ------------------------------------------------------------------------------------------------------------ building
    def _build(self, time_code: float) -> None:
        self._balls, self._crowds, self._wires = None, [], []
        self._view.scene.clear()
        with self._view.scene:
            sc.Screen(gesture=sc.DragGesture(mouse_button=0, on_changed_fn=self._dragged))
            self._grid()
            if self._preview is not None:
                self._shapes(self._preview, time_code)
        self._colour()
        self._aim()

    def _shapes(self, preview: Preview, time_code: float) -> None:
        for wire, points in zip(preview.wires, preview.wire_points(time_code), strict=True):
            colours = [[*wire.colour, 1.0]] * len(points)
            counts, indices = list(wire.face_counts), list(wire.face_indices)
            thicknesses = [1.0] * len(points)
            self._wires.append(sc.PolygonMesh(points.tolist(), colours, counts, indices, thicknesses=thicknesses, wireframe=True))
        if 0 < (count := len(preview.balls)) <= _MOST_DISCS:
            self._balls = sc.PolygonMesh(*self._discs(time_code), [_CORNERS] * count, list(range(_CORNERS * count)))
        elif count:
            colours = [[*ball.colour, 1.0] for ball in preview.balls]
            self._balls = sc.Points(preview.ball_positions(time_code).tolist(), sizes=[4.0] * count, colors=colours)
        for _, colour, points in preview.crowd_positions(time_code):
            positions = points.tolist() or [[0.0, 0.0, 0.0]]
            self._crowds.append(sc.Points(positions, sizes=[3.0] * len(positions), colors=[[*colour, 1.0]] * len(positions)))

    def _grid(self) -> None:
        """Draw lines on the ground, one unit of a round size apart."""
        step = 10.0 ** np.floor(np.log10(self._camera.radius / 2.0))
        far = step * _GRID_HALF
        for index in range(-_GRID_HALF, _GRID_HALF + 1):
            across = index * step
            for ends in (((across, -far), (across, far)), ((-far, across), (far, across))):
                points = [[x, y, 0.0] if self._z_up() else [x, 0.0, y] for x, y in ends]
                sc.Line(points[0], points[1], color=GRID_LINE, thickness=1)

    def _z_up(self) -> bool:
        return self._preview is None or self._preview.z_up

    def _discs(self, time_code: float) -> tuple[list[list[float]], list[list[float]]]:
        """Return corners and colours of discs that face the camera, the farthest first."""
        assert self._preview is not None
        centres, radii = self._preview.ball_positions(time_code), self._preview.ball_radii(time_code)
        view = self._camera.view()
        order = np.argsort(centres @ view[:3, 2])
        angles = np.linspace(0.0, 2.0 * np.pi, _CORNERS, endpoint=False)
        rim = np.outer(np.cos(angles), view[:3, 0]) + np.outer(np.sin(angles), view[:3, 1])
        corners = centres[order][:, None, :] + radii[order][:, None, None] * rim
        base = np.array([_SELECTED[:3] if ball.path in self._selected else ball.colour for ball in self._preview.balls])
        colours = np.ones((len(order), _CORNERS, 4))
        colours[:, :, :3] = base[order][:, None, :]
        return corners.reshape(-1, 3).tolist(), colours.reshape(-1, 4).tolist()

    def _colour(self) -> None:
        preview = self._preview
        if preview is None:
            return
        if isinstance(self._balls, sc.Points):
            self._balls.colors = [_SELECTED if ball.path in self._selected else (*ball.colour, 1.0) for ball in preview.balls]
        for shape, wire in zip(self._wires, preview.wires, strict=True):
            colour = _SELECTED if wire.path in self._selected else (*wire.colour, 1.0)
            shape.colors = [colour] * len(shape.positions)

    # -------------------------------------------------------------------------------------------------------------- camera
    def _dragged(self, sender: Any) -> None:
        moved = sender.gesture_payload.mouse_moved
        self._camera.turn(-moved[0] * _DRAG_DEGREES, -moved[1] * _DRAG_DEGREES)

    def _aim(self) -> None:
        aspect = max(self._view.computed_width, 1.0) / max(self._view.computed_height, 1.0)
        self._view.model.set_floats("view", self._camera.view().ravel().tolist())
        self._view.model.set_floats("projection", self._camera.projection(aspect).ravel().tolist())
