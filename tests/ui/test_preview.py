"""What the preview decides before anything is drawn: how finely, and where its camera stands."""

from __future__ import annotations

import numpy as np
import pytest

from portalis.translator.pictures.camera import fit
from portalis.translator.pictures.scene import Scene, Spheres
from portalis.translator.ui.camera import OrbitCamera
from portalis.translator.ui.pace import Pace


def test_a_slow_machine_draws_half_of_what_moves_and_a_fast_one_all_of_it() -> None:
    pace = Pace()
    for _ in range(4):
        pace.took(0.030)
    assert pace.divisor == 1, "too few to tell"
    pace.took(0.030)
    assert pace.divisor == 2
    for _ in range(20):
        pace.took(0.009)
    assert pace.divisor == 2, "a whole one would take four times as much"
    for _ in range(20):
        pace.took(0.002)
    assert pace.divisor == 1
    for seconds in (0.2, 0.002, 0.002, 0.002, 0.002):
        pace.took(seconds)
    assert pace.divisor == 1, "one late picture decides nothing"


@pytest.mark.parametrize("z_up", [True, False])
def test_the_orbit_camera_stands_where_the_fit_says(z_up: bool) -> None:
    centres = np.random.default_rng(1).uniform(-5.0, 9.0, (30, 3))
    balls = Spheres(centres, np.full(30, 0.5), np.ones((30, 3), np.float32), np.ones(30, np.uint32))
    camera = OrbitCamera(np.zeros(3), 1.0, z_up=z_up)
    view = fit([Scene(spheres=balls, paths=("/Balls",))], 1.5, z_up=z_up, heading=camera.heading, elevation=camera.elevation)
    assert view is not None
    camera.stand(view.matrix, 1.0, 4.0)
    seen = camera.seen(1.5)
    assert seen.matrix == pytest.approx(view.matrix, abs=1e-9) and seen.window == pytest.approx(view.window)
    place = np.linalg.inv(view.matrix)[3, :3]
    camera.turn(20.0, -5.0)
    assert np.linalg.norm(np.linalg.inv(camera.view())[3, :3] - camera.target) == pytest.approx(np.linalg.norm(place - camera.target))
