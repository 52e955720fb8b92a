"""Pixels only where somebody looks at them: without a screen the processor fills them, in twenty times what all else of a frame takes.

Windows are laid out, take clicks and keys and make their lists of triangles in every frame; what is left out is filling those.
"""

from __future__ import annotations

import ctypes
import functools
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.ui.widgets.native import answer

_SOURCE = """
#include <dlfcn.h>
#include <stdint.h>

typedef void (*draw)(void *, uint32_t, uint32_t, uint32_t, int32_t, uint32_t);
int portalis_filled = 0;

void vkCmdDrawIndexed(void *commands, uint32_t indices, uint32_t instances, uint32_t first, int32_t vertex, uint32_t instance) {
    static draw theirs;
    if (!theirs) theirs = (draw)dlsym(dlopen("libvulkan.so.1", RTLD_LAZY), "vkCmdDrawIndexed");
    if (portalis_filled) theirs(commands, indices, instances, first, vertex, instance);
}
"""

# As OpenGL calls leaving out everything after the lists of triangles.
_RASTERIZER_DISCARD = 0x8C89


@functools.cache
def leave_out_pixels() -> ctypes.c_int:
    """Have omni.ui, which is not loaded yet, fill no pixels while this is 0; where there is no compiler, they always are."""
    library = answer(_SOURCE) if sys.platform == "linux" else None
    return ctypes.c_int() if library is None else ctypes.c_int.in_dll(library, "portalis_filled")


@contextmanager
def filled() -> Iterator[None]:
    """Fill pixels in the frames that are drawn meanwhile."""
    switch = leave_out_pixels()
    switch.value = 1
    try:
        yield
    finally:
        switch.value = 0


def left_out_of(context: Any, left_out: bool) -> None:
    """Leave out the pixels of what is drawn in a context of OpenGL, or leave them out no more; nothing where there is none."""
    if context is not None:
        with context:
            (context.enable_direct if left_out else context.disable_direct)(_RASTERIZER_DISCARD)


def read_picture(path: Path) -> NDArray[np.uint8]:
    """Return the pixels of a BMP from the top down: height × width × red, green and blue."""
    data = path.read_bytes()
    width, height = np.frombuffer(data, "<i4", 2, 18)
    begin, bits = np.frombuffer(data, "<u4", 1, 10)[0], data[28]
    rows = np.frombuffer(data, np.uint8, offset=begin).reshape(abs(height), -1)[:, : width * bits // 8]
    return rows.reshape(abs(height), width, -1)[:: -1 if height > 0 else 1, :, 2::-1]
