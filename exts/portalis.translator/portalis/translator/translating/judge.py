"""The judge's program: it imports what its jobs need and serves them."""

from __future__ import annotations

from portalis.translator.translating.judging import JOBS
from portalis.translator.work.serving import serve


def main(memory_limit: str) -> None:
    """Serve jobs until standard input closes."""
    serve(JOBS, int(memory_limit))
