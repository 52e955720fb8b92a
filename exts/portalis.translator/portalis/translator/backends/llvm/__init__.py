"""The LLVM back-end: a program becomes LLVM text, an optimised wasm object and a finished module without imports."""

from portalis.translator.backends.llvm.build import BuildOptions, Built, build_lanes, build_scalar
from portalis.translator.backends.llvm.link import repage
from portalis.translator.backends.llvm.machine import InternalCompilerError
from portalis.translator.backends.llvm.wat import disassemble

__all__ = ["BuildOptions", "Built", "InternalCompilerError", "build_lanes", "build_scalar", "disassemble", "repage"]
