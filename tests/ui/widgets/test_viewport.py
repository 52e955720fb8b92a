"""The preview under a user's mouse: a click picks, a drag turns, and there is one without OpenGL."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from omni.ui import testing
from pxr import Gf, UsdGeom

from portalis.translator.pictures.drawing.gl import GlRenderer
from portalis.translator.stage.outline import starter_stage
from portalis.translator.ui.viewport import PictureView
from portalis.translator.ui.wires import WireView
from tests.ui.widgets.user import StudioUser

BALL = "/World/Ball_22"


@pytest.fixture
def studio(studio: StudioUser) -> Iterator[StudioUser]:
    """One whose pixels are what is tested."""
    with studio.filled():
        yield studio


def on_screen(user: StudioUser, place: tuple[float, float, float]) -> tuple[float, float]:
    """Return where a place of the stage is on the screen."""
    view, image = user.studio.viewport, user.find("viewport")
    width, height = view._size()
    [[x, y]] = view._view().pixels(np.array([place]), width, height)
    return image.screen_position_x + x, image.screen_position_y + y


def click(user: StudioUser, x: float, y: float) -> None:
    user._loop.run_until_complete(testing.mouse_click(x, y))
    user.frames()


def test_a_click_selects_the_prim_that_is_there(studio: StudioUser) -> None:
    view = studio.studio.viewport
    if not isinstance(view, PictureView):
        pytest.skip("there is no OpenGL here")
    assert np.abs(view._camera.target - (0.0, 0.0, 2.5)).max() < 4.0 and 4.0 < view._camera.radius < 12.0, "it goes round the middle"
    # The ball in the middle of the grid, seen from the front.
    click(studio, *on_screen(studio, (0.0, 0.0, 3.6)))
    assert studio.find("selected").text == BALL and view._selected == (BALL,)
    image = studio.find("viewport")
    click(studio, image.screen_position_x + 4, image.screen_position_y + 4)
    assert view._selected == () and studio.studio.host.selected == ()


def test_a_drag_turns_and_selects_nothing_and_the_picture_is_drawn_once_at_rest(studio: StudioUser) -> None:
    view = studio.studio.viewport
    if not isinstance(view, PictureView):
        pytest.skip("there is no OpenGL here")
    studio.frames(4)
    taken: list[int] = []
    whole: Any = view._renderer.picture
    view._renderer.picture = lambda *args, samples, **options: (taken.append(samples), whole(*args, samples=samples, **options))[1]  # type: ignore[method-assign]
    studio.frames(5)
    assert taken == [], "nothing moves"
    before = view._camera.heading
    x, y = on_screen(studio, (0.0, 0.0, 3.6))
    studio._loop.run_until_complete(testing.mouse_drag(x, y, x + 60, y + 10))
    studio.frames(4)
    assert view._camera.heading != before and view._selected == ()
    assert taken[-1] == 2 and set(taken[:-1]) == {1}, "once finely, when it rests"


def test_who_moves_a_camera_looks_through_it() -> None:
    stage = starter_stage()
    place = UsdGeom.Camera.Define(stage, "/World/Camera").AddTranslateOp()
    user = StudioUser(stage)
    try:
        view = user.studio.viewport
        if not isinstance(view, PictureView):
            pytest.skip("there is no OpenGL here")
        user.click(f"prim_0_{BALL}")
        assert not user.find("look_through").visible
        user.select("/World/Camera")
        user.click("look_through")
        for x in (1.0, 2.0):
            place.Set(Gf.Vec3d(x, 2.0, 20.0))
            user.frames(2)
            seen = view._view().matrix
            assert np.allclose(np.linalg.inv(seen)[3, :3], (x, 2.0, 20.0)) and view._shown[1][:16] == tuple(seen.ravel())
        stage.RemovePrim("/World/Camera")
        user.frames(2)
        assert np.allclose(view._view().matrix, view._camera.view())
    finally:
        user.close()


def test_there_is_a_preview_without_opengl(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "moderngl", None)
    user = StudioUser()
    try:
        assert isinstance(user.studio.viewport, WireView)
        user.click("frame")
        user.click("prim_0_/World/Ball_00")
        user.frames(3)
        assert user.studio.viewport._selected == {"/World/Ball_00"}
    finally:
        user.close()


def test_the_first_picture_waits_for_no_program_to_be_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    draw, programs = GlRenderer.picture, []

    def picture(renderer: GlRenderer, *args: Any, **options: Any) -> Any:
        before = len(renderer._programs)
        drawn = draw(renderer, *args, **options)
        programs.append((before, len(renderer._programs)))
        return drawn

    monkeypatch.setattr(GlRenderer, "picture", picture)
    user = StudioUser()
    user.frames(5)
    user.close()
    assert programs[0] == (4, 4)
