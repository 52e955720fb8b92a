"""What every benchmark shares: timing, the description of the machine, and one table."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from importlib import metadata
from typing import Any

from rich.console import Console
from rich.table import Table

PACKAGES = ("portalis-translator", "llvmlite", "wasmtime", "numpy", "usd-core", "numba", "warp-lang")


@dataclass(frozen=True)
class Timing:
    """Seconds per call: the best of all rounds and the median of their means."""

    best: float
    median: float


def measure(function: Callable[[], Any], *, rounds: int = 9, seconds_per_round: float = 0.08, quick: bool = False) -> Timing:
    """Time a function: as many calls a round as fit the given time, at least one; the first call (warm-up) is left out.

    `quick` makes it one round of one call.
    """
    rounds, seconds_per_round = (1, 0.0) if quick else (rounds, seconds_per_round)
    function()
    started = time.perf_counter()
    function()
    calls = max(1, int(seconds_per_round / max(time.perf_counter() - started, 1e-7)))
    means = []
    for _ in range(rounds):
        started = time.perf_counter()
        for _ in range(calls):
            function()
        means.append((time.perf_counter() - started) / calls)
    return Timing(min(means), sorted(means)[len(means) // 2])


@contextlib.contextmanager
def chatter_apart() -> Iterator[None]:
    """Send what libraries print on standard output, from native code too, to standard error: the answer alone belongs there."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def machine() -> dict[str, str]:
    """Describe what the figures were taken on."""
    found = {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": platform.platform(),
        "python": platform.python_version(),
    }
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "absent"
    return found


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as stream:
            names = [line.partition(":")[2].strip() for line in stream if line.startswith("model name")]
        return names[0] if names else platform.processor()
    except OSError:
        return platform.processor() or platform.machine()


@dataclass
class Result:
    """A benchmark's answer: what it stands for, one table, and remarks that go with it."""

    title: str
    columns: Sequence[str]
    rows: list[list[str]] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def arguments(description: str) -> argparse.ArgumentParser:
    """Return a parser with the options that all benchmarks have."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="answer with one JSON document")
    parser.add_argument("--quick", action="store_true", help="only show that it works: one short round, whose figures mean nothing")
    return parser


def show(results: Sequence[Result], as_json: bool) -> None:
    """Print results with the machine they were taken on."""
    described = machine()
    if as_json:
        print(json.dumps({"machine": described, "results": [asdict(item) for item in results]}, indent=2))
        return
    console = Console(highlight=False, width=None if Console().is_terminal else 140)
    for result in results:
        table = Table(*result.columns, title=result.title, title_justify="left", title_style="bold")
        for row in result.rows:
            table.add_row(*row)
        console.print(table)
        for remark in result.remarks:
            console.print(f"  {remark}", markup=False)
    console.print("  " + ", ".join(f"{name} {value}" for name, value in described.items()), style="dim", markup=False)


def milliseconds(seconds: float) -> str:
    """Format a duration for a table."""
    return f"{seconds * 1e3:.2f}" if seconds >= 1e-4 else f"{seconds * 1e3:.4f}"
