"""What references refer to: objects in an arena of guest memory, and the functions on them that are written in LLVM's own text.

The arena begins behind what the host wrote for the call and ends with the memory. It only grows; the next call starts it anew.
"""

from __future__ import annotations

from portalis.translator.backends.llvm.heap.functions import HEAP_FUNCTIONS, heap_text
from portalis.translator.backends.llvm.heap.layout import GLOBALS, constant_text, declarations, globals_text

__all__ = ["GLOBALS", "HEAP_FUNCTIONS", "constant_text", "declarations", "globals_text", "heap_text"]
