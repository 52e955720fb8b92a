"""Frames whose pixels are left out are followed by pictures that have all of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from portalis.translator.ui.style import panel_style
from tests.ui.widgets.user import StudioUser


def test_a_picture_has_the_colours_of_what_is_drawn(studio: StudioUser, tmp_path: Path) -> None:
    studio.picture(tmp_path / "window.bmp")
    data = (tmp_path / "window.bmp").read_bytes()
    width, height = np.frombuffer(data, "<i4", 2, 18)
    begin, bits = np.frombuffer(data, "<u4", 1, 10)[0], data[28]
    rows = np.frombuffer(data, np.uint8, offset=begin).reshape(abs(height), -1)[:, : width * bits // 8]
    blue, green, red = np.moveaxis(rows.reshape(abs(height), width, -1)[..., :3].astype(np.uint32), -1, 0)
    seen, share = np.unique(red | green << 8 | blue << 16, return_counts=True)
    style = panel_style()
    for name in ("Rectangle::ground", "Rectangle::field"):
        packed = style[name]["background_color"] & 0xFFFFFF
        assert share[seen == packed].sum() > 10_000, name
    assert len(seen) > 200
