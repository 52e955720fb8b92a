"""What every judge does once before it is confined, so that no job imports a module or opens a file."""

from __future__ import annotations

import importlib

from portalis.translator.backends.llvm import build_scalar
from portalis.translator.bridge import ScalarModule, compile_once
from portalis.translator.ir.nodes import Behaviour, Function, Local, Param, Prim, Program, Return
from portalis.translator.ir.types import FLOAT
from portalis.translator.source import Span
from portalis.translator.verify.report import versions


def warm_up() -> None:
    """Import what scalar modules are built with, and build and run a program of our own."""
    importlib.import_module("portalis.translator.translating.build")
    # CPython's parser imports its tables of characters for a name that is not ASCII, which a tree that is rewritten may have.
    importlib.import_module("unicodedata")
    versions()
    with ScalarModule(compile_once(build_scalar(warm_up_program()).wasm)) as module:
        module.call("call", (2.0,), ("f64",))


def warm_up_program() -> Program:
    """Return `f(x) = x * x`, as a function and as a behaviour."""
    here = Span("<warm-up>", 1, 1, 1, 1)
    x = Local(here, FLOAT, "x")
    function = Function(here, "f", "f", (Param("x", FLOAT),), FLOAT, (), (Return(here, Prim(here, FLOAT, "float.mul", (x, x))),))
    return Program((function,), "f", (), (3, 11), Behaviour("f", (("update", "f"),), (("y", FLOAT),)))
