"""A dozen classic kernels, called by the translation, CPython, Numba where it can, and native C.

    python benchmarks/kernels.py [NAME…] [--json] [--quick]

It stands for heavy work in one call: loops over numbers, lists, texts and a dict. Every kernel makes its own input, so nothing but an int
crosses the sandbox. The answers must be equal, floats to nine digits among different compilers. Times are the best of several rounds, and
what a kernel takes is compared in one process. C is `cc -O2`, as written in `kernel_programs/kernels.c`: no bounds, no overflow, no guards.
Left out: translation (`translation_latency.py`), and what crossing costs (`bridge_call.py`).
"""

from __future__ import annotations

import ctypes
import functools
import importlib
import math
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from common import Result, arguments, measure, show

from portalis.translator import translate

PROGRAMS = Path(__file__).parent / "kernel_programs"
# What each is called with, and the type of its answer.
KERNELS = MappingProxyType(
    {
        "nbody": (2_000, float),
        "spectral_norm": (60, float),
        "fannkuch": (7, int),
        "mandelbrot": (60, int),
        "matrix_multiply": (60, float),
        "sort": (10_000, int),
        "words": (20_000, int),
        "string_building": (10_000, int),
        "sieve": (100_000, int),
        "levenshtein": (200, int),
        "k_means": (1_000, float),
        "fft": (11, float),
    }
)
NUMERIC = ("nbody", "spectral_norm", "fannkuch", "mandelbrot", "matrix_multiply", "sort", "sieve", "k_means", "fft")
QUICK = 8


def native(folder: Path) -> ctypes.CDLL | None:
    """Compile the C kernels; None where there is no compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    library = folder / "kernels.so"
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", library, PROGRAMS / "kernels.c", "-lm"], check=True)
    return ctypes.CDLL(str(library))


def numba_kernel(name: str) -> Callable[[int], Any] | None:
    """Return the kernel as Numba compiles it; None where it cannot, or is not there."""
    try:
        import numba
    except ModuleNotFoundError:
        return None
    module = importlib.import_module(f"kernel_programs.{name}")
    try:
        for helper, function in list(vars(module).items()):
            if callable(function) and getattr(function, "__module__", "") == module.__name__:
                setattr(module, helper, numba.njit(function))
        compiled: Callable[[int], Any] = getattr(module, name)
        compiled(QUICK)
    except numba.core.errors.NumbaError:
        return None
    finally:
        del sys.modules[module.__name__]
    return compiled


def main() -> int:
    """Measure and print; status 1 where answers differ."""
    parser = arguments(__doc__ or "")
    parser.add_argument("names", nargs="*", metavar="NAME", help="the kernels to run; all where none is named")
    options = parser.parse_args()
    columns = ("kernel", "translated, ms", "CPython / translated", "Numba / translated", "C / translated")
    result = Result("classic kernels, called once", columns)
    differ = []
    with tempfile.TemporaryDirectory() as folder:
        library = native(Path(folder))
        for name in options.names or KERNELS:
            number, kind = (QUICK, KERNELS[name][1]) if options.quick else KERNELS[name]
            peers = _peers(name, kind, library)
            answers = {peer: function(number) for peer, function in peers.items()}
            if any(not math.isclose(answer, answers["cpython"], rel_tol=1e-9) for answer in answers.values()):
                differ.append(f"{name}: {answers}")
            times = {
                peer: measure(functools.partial(function, number), rounds=5, quick=options.quick).best for peer, function in peers.items()
            }
            ratios = {peer: times[peer] / times["translated"] if peer in times else None for peer in ("cpython", "numba", "c")}
            result.data[name] = times
            shown = [f"{ratio:.2f}" if ratio is not None else "" for ratio in ratios.values()]
            result.rows.append([name, f"{times['translated'] * 1e3:.3f}", *shown])
    result.remarks = [*_means(result.data), *(f"DIFFERENT: {text}" for text in differ)]
    show([result], options.json)
    return 1 if differ else 0


def _peers(name: str, kind: type, library: ctypes.CDLL | None) -> dict[str, Callable[[int], Any]]:
    source = (PROGRAMS / f"{name}.py").read_text(encoding="utf-8")
    namespace: dict[str, Any] = {"__name__": name}
    exec(compile(source, name, "exec"), namespace)
    peers: dict[str, Callable[[int], Any]] = {"translated": translate(source, name, [f"{name}({QUICK})"]), "cpython": namespace[name]}
    if (compiled := numba_kernel(name)) is not None:
        peers["numba"] = compiled
    if library is not None:
        function = getattr(library, name)
        function.argtypes, function.restype = (ctypes.c_int64,), ctypes.c_double if kind is float else ctypes.c_int64
        peers["c"] = function
    return peers


def _means(data: dict[str, dict[str, float]]) -> list[str]:
    def mean(peer: str, names: tuple[str, ...]) -> str:
        ratios = [data[name][peer] / data[name]["translated"] for name in names if name in data and peer in data[name]]
        return f"{math.exp(sum(map(math.log, ratios)) / len(ratios)):.2f}" if ratios else "none"

    every, others = tuple(KERNELS), tuple(name for name in KERNELS if name not in NUMERIC)
    return [
        f"geometric means: CPython / translated {mean('cpython', every)}; C / translated {mean('c', NUMERIC)} on numbers and lists, "
        f"{mean('c', others)} on texts and dicts; Numba / translated {mean('numba', every)} where Numba can",
    ]


if __name__ == "__main__":
    sys.exit(main())
