"""What a judge does once before it is confined, so that no job imports a module or opens a file."""

from __future__ import annotations

import importlib
import pkgutil

from portalis.translator import library
from portalis.translator.backends.llvm import BuildOptions, build_scalar
from portalis.translator.bridge import ScalarModule, compile_once
from portalis.translator.frontend.calls.library import library_scope
from portalis.translator.ir.nodes import Function, Local, Param, Prim, Program, Return
from portalis.translator.ir.types import FLOAT
from portalis.translator.source import Span
from portalis.translator.verify.report import versions

_JOBS = ("build", "lane_building", "kernel_building")


def warm_up() -> None:
    """Import what jobs are done with, and build and run a program of our own."""
    for name in _JOBS:
        importlib.import_module(f"portalis.translator.translating.{name}")
    versions()
    here = Span("<warm-up>", 1, 1, 1, 1)
    x = Local(here, FLOAT, "x")
    function = Function(here, "f", "f", (Param("x", FLOAT),), FLOAT, (), (Return(here, Prim(here, FLOAT, "float.mul", (x, x))),))
    built = build_scalar(Program((function,), "f", (), (3, 11)), BuildOptions())
    with ScalarModule(compile_once(built.wasm)) as module:
        module.call("call", (2.0,), ("f64",))


def read_library() -> None:
    """Read the library's sources, which lowering looks into."""
    importlib.import_module("portalis.translator.translating.text")
    for module in pkgutil.iter_modules(library.__path__):
        library_scope(module.name)
