"""The LLVM back-end: a program becomes LLVM text, an optimised wasm object and a finished module without imports; lanes also PTX."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portalis.translator.backends.llvm.build import SCALAR, BuildOptions, Built, build_scalar
    from portalis.translator.backends.llvm.errors import InternalCompilerError
    from portalis.translator.backends.llvm.lane_build import build_lanes
    from portalis.translator.backends.llvm.library import compile_ahead
    from portalis.translator.backends.llvm.link import repage
    from portalis.translator.backends.llvm.precompiled import installed_objects, unpack_objects
    from portalis.translator.backends.llvm.ptx import DeviceModule, NoKernel, build_ptx
    from portalis.translator.backends.llvm.wat import disassemble

# Public name -> the module that holds it.
_HOMES = {
    "SCALAR": "build",
    "BuildOptions": "build",
    "Built": "build",
    "build_scalar": "build",
    "build_lanes": "lane_build",
    "compile_ahead": "library",
    "repage": "link",
    "InternalCompilerError": "errors",
    "installed_objects": "precompiled",
    "unpack_objects": "precompiled",
    "DeviceModule": "ptx",
    "NoKernel": "ptx",
    "build_ptx": "ptx",
    "disassemble": "wat",
}
__all__ = [
    "SCALAR",
    "BuildOptions",
    "Built",
    "DeviceModule",
    "InternalCompilerError",
    "NoKernel",
    "build_lanes",
    "build_ptx",
    "build_scalar",
    "compile_ahead",
    "disassemble",
    "installed_objects",
    "repage",
    "unpack_objects",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: a scalar module takes neither lanes nor kernels."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
