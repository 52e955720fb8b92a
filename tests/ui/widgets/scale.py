"""A UI scale for omni.ui without a screen, which otherwise always says 1: its own two questions are answered by a library of ours."""

from __future__ import annotations

import functools
import os

from tests.ui.widgets.native import answer

# How many pixels a point has in this process.
VARIABLE = "PORTALIS_UI_SCALE"
_ASKED = ("11getDpiScaleEj(void *self, unsigned monitor)", "20getAppWindowDpiScaleEPv(void *self, void *window)")
_CLASS = "_ZN4omni2ui10standalone22HeadlessVulkanPlatform"


def wanted_scale() -> float:
    """Return the scale that the environment asks for."""
    return float(os.environ.get(VARIABLE, "1"))


@functools.cache
def set_scale() -> None:
    """Have omni.ui, which is not loaded yet, draw with the scale that is asked for."""
    scale = wanted_scale()
    if scale != 1.0 and answer("".join(f"float {_CLASS}{asked} {{ return {scale}f; }}\n" for asked in _ASKED)) is None:
        raise RuntimeError("a UI scale needs a C compiler")
