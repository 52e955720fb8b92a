"""Sweep a folder of USD files: bind behaviours over every stage, run and bake them, and hold each value to plain OpenUSD and CPython.

    python benchmarks/stages.py FOLDER... [--most 10] [--every 1] [--json] [--rows FILE.jsonl]

It stands for what people have: transforms through every stack of ops, crowds, lights, cameras, primvars of each interpolation, animated
inputs, over every composition arc. Bindings go into a layer over the stage in a temporary folder; the sources' bytes are compared before
and after. Each binding is judged *right* (12 frames, value for value as a loop in CPython over `pxr` computes them), *refused* (with the
code), *wrong*, *traceback*, *hang* or *crash*; so is everything that a bake must leave alone. Left out: live runs, stages that need
other resolvers or plugins, prims beyond the first 6,000 of a stage, and elements of an array beyond 20,000.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import selectors
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from common import Result, show
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

_SUFFIXES = frozenset((".usd", ".usda", ".usdc", ".usdz"))
_BAD = ("wrong", "traceback", "hang", "crash")
_VERDICTS = ("right", "refused", *_BAD)
WHOLE = "the stage as a whole"
_STARTING_SECONDS = 300.0


class Worker:
    """The process that sweeps; started anew after a stage that hung or that it did not survive."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any] | str:
        """Return the answer, or "hang" or "crash" with the process gone."""
        process = self._running()
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            line = _read_line(process.stdout, seconds)
        except BrokenPipeError:
            line = b""
        if line is None or not line.endswith(b"\n"):
            self.close()
            return "hang" if line is None else "crash"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            with self._log.open("ab") as log:
                environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])}
                arguments = [sys.executable, "-m", "stage_sweep.worker"]
                self._process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=environment)
            assert self._process.stdout is not None
            if _read_line(self._process.stdout, _STARTING_SECONDS) != b"ready\n":
                self.close()
                raise SystemExit(f"the worker does not start; see --log: {self._log}")
        return self._process


def _read_line(stream: IO[bytes], seconds: float) -> bytes | None:
    """Return what a process answers, up to the end of its line or of the stream; None where it does not within `seconds`."""
    ends, read = time.monotonic() + seconds, b""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while not read.endswith(b"\n"):
            if not selector.select(max(0.0, ends - time.monotonic())):
                return None
            part = os.read(stream.fileno(), 1 << 20)
            if not part:
                break
            read += part
    return read


def stages_below(folders: Sequence[Path]) -> list[Path]:
    """Return every file below `folders` that may be USD, in an order that mixes the folders but is always the same."""
    files = sorted({file for folder in folders for file in folder.rglob("*") if file.suffix.lower() in _SUFFIXES and file.is_file()})
    random.Random(1).shuffle(files)
    return files


def sweep(files: Sequence[Path], most: int, seconds: float, log: Path) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of each stage."""
    worker, seen = Worker(log), {}
    try:
        for file in files:
            answer = worker.ask({"path": str(file), "most": most, "seen": seen}, seconds)
            if isinstance(answer, str):
                yield [{"stage": str(file), "kind": WHOLE, "prim": "", "verdict": answer, "detail": f"after {seconds:g} s at most"}]
            else:
                seen = answer["seen"]
                yield answer["rows"]
    finally:
        worker.close()


def summarise(rows: Sequence[dict[str, Any]], elapsed: float) -> Result:
    """Return the table by kind: what is bound, over all composition arcs; and how many stages, kinds and arcs there were."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    stages: dict[str, set[str]] = defaultdict(set)
    arcs: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        what, _, arc = row["kind"].partition(" · ")
        counts[what][row["verdict"]] += 1
        stages[what].add(row["stage"])
        if arc:
            arcs[what].add(arc)
    result = Result("Bindings over real stages, by kind", ("kind", "arcs", "stages", *_VERDICTS, "refused with"))
    for what in sorted(counts):
        codes = Counter(row["detail"][:30] for row in rows if row["kind"].partition(" · ")[0] == what and row["verdict"] == "refused")
        shown = ", ".join(f"{code} ×{count}" for code, count in codes.most_common(3))
        numbers = [str(counts[what][verdict] or "") for verdict in _VERDICTS]
        result.rows.append([what, " ".join(sorted(arcs[what])), str(len(stages[what])), *numbers, shown])
    bindings = [row for row in rows if row["kind"] != WHOLE]
    swept = {row["stage"] for row in bindings}
    total = Counter(row["verdict"] for row in rows)
    result.data = {
        "stages": len(swept),
        "kinds": len({row["kind"] for row in bindings}),
        "kinds_without_arcs": len({row["kind"].partition(" · ")[0] for row in bindings}),
        "bindings": len(bindings),
        "verdicts": dict(total),
        "seconds": elapsed,
    }
    totals = ", ".join(f"{total[verdict]:,} {verdict}" for verdict in (*_VERDICTS, "unreadable", "nothing"))
    remark = f"{len(swept):,} stages, {result.data['kinds']:,} kinds ({result.data['kinds_without_arcs']:,} apart from arcs)"
    result.remarks = [f"{remark}, {len(bindings):,} bindings: {totals}; {elapsed:.0f} s"]
    return result


def main() -> int:
    """Sweep, print the table and what went wrong; status 1 where anything did."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--json", action="store_true", help="answer with one JSON document")
    parser.add_argument("--most", type=int, default=10, help="bindings a stage, at most (10)")
    parser.add_argument("--every", type=int, default=1, help="sweep one stage in so many")
    parser.add_argument("--offset", type=int, default=0, help="begin with this stage of the order")
    parser.add_argument("--seconds", type=float, default=180.0, help="a stage that takes longer hangs (180)")
    parser.add_argument("--rows", type=Path, metavar="FILE.jsonl", help="write every row there as it comes")
    parser.add_argument("--log", type=Path, default=Path(os.devnull), help="what libraries print on standard error")
    options = parser.parse_args()
    files = stages_below(options.folders)[options.offset :: options.every]
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    started, rows = time.monotonic(), []
    columns = (TextColumn("stages"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.fields[bad]} wrong"))
    with contextlib.ExitStack() as stack:
        written = stack.enter_context(options.rows.open("w", encoding="utf-8")) if options.rows else None
        progress = stack.enter_context(Progress(*columns, console=console, disable=not console.is_terminal))
        task = progress.add_task("", total=len(files), bad=0)
        for of_stage in sweep(files, options.most, options.seconds, options.log):
            rows += of_stage
            for row in of_stage:
                if written is not None:
                    written.write(json.dumps(row) + "\n")
                    written.flush()
                if row["verdict"] in _BAD:
                    progress.console.print(f"{row['verdict']}: {row['stage']} {row['prim']} [{row['kind']}] {row['detail']}", markup=False)
            progress.update(task, advance=1, bad=sum(row["verdict"] in _BAD for row in rows))
    result = summarise(rows, time.monotonic() - started)
    result.data["bad"] = [row for row in rows if row["verdict"] in _BAD]
    show([result], options.json)
    return 1 if result.data["bad"] else 0


if __name__ == "__main__":
    sys.exit(main())
