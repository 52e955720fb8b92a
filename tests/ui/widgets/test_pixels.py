"""Frames whose pixels are left out are followed by pictures that have all of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from portalis.translator.ui.style import PREVIEW_BACKGROUND, panel_style
from tests.ui.widgets.pixels import read_picture
from tests.ui.widgets.user import StudioUser


def test_a_picture_has_the_colours_of_what_is_drawn(studio: StudioUser, tmp_path: Path) -> None:
    studio.picture(tmp_path / "window.bmp")
    pixels = read_picture(tmp_path / "window.bmp").astype(int)
    style = panel_style()
    packed = [style[f"Rectangle::{name}"]["background_color"] for name in ("ground", "field")]
    surfaces = [[colour >> shift & 255 for shift in (0, 8, 16)] for colour in packed]
    # The last is behind what the preview draws of the stage.
    for colour in (*surfaces, np.multiply(PREVIEW_BACKGROUND, 255.0)):
        assert (np.abs(pixels - colour) <= 1.0).all(axis=2).sum() > 10_000, colour
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 200
