"""The desktop window's own close button, and how a close is taken back."""

from __future__ import annotations

import contextlib
import ctypes
import os
from pathlib import Path

from omni.ui import _ui

from portalis.translator.ui.models.leaving import Leaving


class Closing:
    """Tells when a window is left: one that was closed over unsaved text stays, with the question.

    Where GLFW cannot be told that it was not closed, nobody hears of a second click: the window closes when the text is saved or discarded.
    """

    def __init__(self, leaving: Leaving) -> None:
        self._leaving = leaving
        self._was_closed = False

    def done(self) -> bool:
        """Tell whether the window is left, after each frame."""
        before, self._was_closed = self._was_closed, bool(_ui._standalone_should_close())
        if self._was_closed and not before:
            if self._leaving.closed():
                return True
            self._was_closed = not take_close_back()
            self._leaving.for_good = self._was_closed
        return self._leaving.agreed


def take_close_back() -> bool:
    """Have the window as if it was not closed; False where that cannot be."""
    for path in sorted(Path(_ui.__file__).parent.glob("libomniui_standalone.so*")) if hasattr(os, "RTLD_NOLOAD") else ():
        with contextlib.suppress(OSError, AttributeError):
            # The one that omni.ui itself has loaded, with GLFW in it; OpenGL alone knows which its window is.
            glfw = ctypes.CDLL(str(path), mode=os.RTLD_NOLOAD | os.RTLD_LAZY)
            glfw.glfwGetCurrentContext.restype = ctypes.c_void_p
            glfw.glfwSetWindowShouldClose.argtypes = [ctypes.c_void_p, ctypes.c_int]
            if window := glfw.glfwGetCurrentContext():
                glfw.glfwSetWindowShouldClose(window, 0)
    return not _ui._standalone_should_close()
