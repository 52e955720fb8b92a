"""The judge's program: it does once whatever imports a module or opens a file, gives up what it does not need, and serves its jobs."""

from __future__ import annotations

import os
from collections.abc import Callable

from portalis.translator.bridge.engine import POOL_VARIABLE, SIGNALS_VARIABLE
from portalis.translator.translating.judging import JOBS
from portalis.translator.work.bytecode import write_bytecode
from portalis.translator.work.confine import bounds_addresses
from portalis.translator.work.serving import serve

# What a judge imports, and hardly anybody else does.
_PACKAGES = ("portalis.translator", "llvmlite", "wasmtime")


def main(host: str, memory_limit: str, ready_for: str) -> None:
    """Serve jobs until standard input closes.

    Being `ready_for` "scalars" it builds scalar modules, for "programs" lanes and kernels as well, and for "sources" it lowers to scalar
    modules. A job that it is not ready for fails on the first module that it would import.
    """
    write_bytecode(*_PACKAGES)
    # Nobody else handles signals in this process; without explicit checks of bounds a module compiles in a fifth less time.
    os.environ.setdefault(SIGNALS_VARIABLE, "1")
    # Every case that is stopped takes an instance, one after the other. A pool reserves addresses for all its places at once.
    if not bounds_addresses():
        os.environ.setdefault(POOL_VARIABLE, "1")
    serve(JOBS, int(host), int(memory_limit), _WARM_UPS[ready_for])


def _know_scalars() -> None:
    """Build and run a scalar module of our own."""
    from portalis.translator.translating.warming import warm_up

    warm_up()


def _know_programs() -> None:
    """Build a program of our own in all the ways in which one is built."""
    # Numpy is imported for arrays alone: OpenBLAS's threads, one for each core, would wait busily for large matrices.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    from portalis.translator.translating.warming_lanes import warm_up_lanes

    _know_scalars()
    warm_up_lanes()


def _know_sources() -> None:
    """Read the library's sources as well, which lowering looks into."""
    from portalis.translator.translating.warming_sources import read_library

    _know_scalars()
    read_library()


_WARM_UPS: dict[str, Callable[[], None]] = {"scalars": _know_scalars, "programs": _know_programs, "sources": _know_sources}
