"""omni.ui as the tests of the window load it."""

from __future__ import annotations

from portalis.translator.ui.display import prepare_display
from tests.ui.widgets.pixels import leave_out_pixels
from tests.ui.widgets.scale import set_scale


def prepare_tests() -> None:
    """Prepare what `omni.ui` links to, before it is imported. Raises DisplayError where something is missing."""
    set_scale()
    leave_out_pixels()
    prepare_display(headless=True)
