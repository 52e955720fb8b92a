"""What a judge does once before it is confined, so that no job imports a module or opens a file."""

from __future__ import annotations

import contextlib
import importlib
import pkgutil

from portalis.translator import library
from portalis.translator.backends.llvm import BuildOptions, build_lanes, build_scalar
from portalis.translator.bridge import LaneModule, ScalarModule, compile_once, heap_bytes_needed
from portalis.translator.diagnostics import TranslationError
from portalis.translator.ir.abi import lane_signature
from portalis.translator.ir.nodes import Behaviour, Function, Local, Param, Prim, Program, Return
from portalis.translator.ir.types import FLOAT
from portalis.translator.library.import_time import IGNORED_MODULES
from portalis.translator.source import Span
from portalis.translator.translating.messages import BuildSettings, TextRequest
from portalis.translator.verify.report import versions

_JOBS = ("build", "lane_building", "kernel_building")
_LANES = 2
# CPython's parser imports its tables of characters for a name that is not ASCII.
_REFUSED = "import math\n\n\ndef f(größe):\n    return math.sin(größe) + eval('1')\n"


def warm_up() -> None:
    """Import what jobs are done with, and build and run a program of our own, once and over lanes."""
    for name in _JOBS:
        importlib.import_module(f"portalis.translator.translating.{name}")
    versions()
    here = Span("<warm-up>", 1, 1, 1, 1)
    x = Local(here, FLOAT, "x")
    function = Function(here, "f", "f", (Param("x", FLOAT),), FLOAT, (), (Return(here, Prim(here, FLOAT, "float.mul", (x, x))),))
    program = Program((function,), "f", (), (3, 11), Behaviour("f", (("update", "f"),), (("y", FLOAT),)))
    with ScalarModule(compile_once(build_scalar(program).wasm)) as module:
        module.call("call", (2.0,), ("f64",))
    signature = lane_signature(program, "update")
    lanes = build_lanes(program, "update", signature, None, heap_bytes_needed(signature, _LANES), BuildOptions())
    with LaneModule(lanes.wasm, signature, _LANES) as lane_module:
        lane_module.active[:] = 1
        lane_module.run(_LANES)


def read_library() -> None:
    """Read the library's sources, which lowering looks into, and refuse a text of our own."""
    # Who is handed programs has no use for the front-end.
    from portalis.translator.frontend.calls.library import library_scope
    from portalis.translator.verify.oracle.witness import LocalOracle

    text = importlib.import_module("portalis.translator.translating.text")
    text.text_job(TextRequest(_REFUSED, "<warm-up>", None, ("f(1.0)",), BuildSettings(1, 0, 0, False, False), False), LocalOracle())
    for name in IGNORED_MODULES:
        # Lowering asks whether a name is one of theirs; `typing_extensions` need not be installed.
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    for module in pkgutil.iter_modules(library.__path__):
        # Those that only CPython runs are not in the library's dialect.
        with contextlib.suppress(TranslationError):
            library_scope(module.name)
