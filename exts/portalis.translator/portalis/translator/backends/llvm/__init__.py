"""The LLVM back-end: a program becomes LLVM text, an optimised wasm object and a finished module without imports; lanes also PTX."""

from portalis.translator.backends.llvm.build import SCALAR, BuildOptions, Built, build_lanes, build_scalar
from portalis.translator.backends.llvm.library import compile_ahead
from portalis.translator.backends.llvm.link import repage
from portalis.translator.backends.llvm.machine import InternalCompilerError
from portalis.translator.backends.llvm.precompiled import installed_objects, unpack_objects
from portalis.translator.backends.llvm.ptx import DeviceModule, NoKernel, build_ptx
from portalis.translator.backends.llvm.wat import disassemble

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
