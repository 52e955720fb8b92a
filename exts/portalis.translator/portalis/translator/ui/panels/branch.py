"""What stands before a row of a tree."""

from __future__ import annotations

import omni.ui as ui


def build_branch(level: int, height: int, opens: bool, expanded: bool) -> None:
    """Draw the indentation of a row in the current container and, where it `opens`, the triangle that opens it."""
    with ui.HStack(width=16 * (level + 1), height=height):
        ui.Spacer()
        with ui.VStack(width=14):
            ui.Spacer()
            if opens:
                alignment = ui.Alignment.CENTER_BOTTOM if expanded else ui.Alignment.RIGHT_CENTER
                ui.Triangle(name="branch", width=8, height=8, alignment=alignment)
            ui.Spacer()
