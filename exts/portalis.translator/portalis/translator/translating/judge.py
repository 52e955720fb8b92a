"""The judge's program: it does once whatever imports a module or opens a file, gives up what it does not need, and serves its jobs."""

from __future__ import annotations

from portalis.translator.translating.judging import JOBS
from portalis.translator.work.bytecode import write_bytecode
from portalis.translator.work.serving import serve

# What a judge imports, and hardly anybody else does.
_PACKAGES = ("portalis.translator", "llvmlite", "wasmtime")

_TEXT = "def update(x: float):\n    y = x * 2.0 if x > 1.0 else 0.0\n    return y\n"


def main(host: str, memory_limit: str, sources: str) -> None:
    """Serve jobs until standard input closes; `sources` is "sources" where it has to lower, too, and "programs" where it has not."""
    write_bytecode(*_PACKAGES)
    serve(JOBS, int(host), int(memory_limit), _know_sources if sources == "sources" else _know_programs)


def _know_programs() -> None:
    """Build a program of our own, in all the ways in which one is built."""
    from portalis.translator.translating.warming import warm_up

    warm_up()


def _know_sources() -> None:
    """Read the library's sources as well, which lowering looks into."""
    from portalis.translator.translating.warming import read_library

    _know_programs()
    read_library()
