"""What every demo does besides its own: its arguments, saying how it was verified, frames with a bar, and figures as tables or as JSON."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from portalis.translator.source import SourceFile
from portalis.translator.stage.registry import register_schemas
from portalis.translator.stage.run.loop import Simulation
from portalis.translator.stage.run.report import Percentiles, RunReport, percentiles
from portalis.translator.translating.translation import Translation
from portalis.translator.words import counted


@dataclass(frozen=True)
class Check:
    """One comparison: what was found, between which bounds it has to lie, and over how many values (none in a run that is too short)."""

    name: str
    found: float
    low: float
    high: float
    values: int

    @property
    def holds(self) -> bool:
        """Whether what was found lies between the bounds; what is no number does not."""
        return not self.values or self.low <= self.found <= self.high

    @property
    def verdict(self) -> str:
        """What a table says of it."""
        return "too few frames" if not self.values else "yes" if self.holds else "NO"

    @property
    def bounds(self) -> str:
        """The bounds, as a table shows them."""
        return f"≤ {self.high:g}" if self.low == 0.0 else f"{self.low:.4g} to {self.high:.4g}"


def at_most(name: str, error: float, bound: float, values: int) -> Check:
    """Return the check that an error, which is never negative, is not past a bound."""
    return Check(name, float(error), 0.0, bound, values)


def options_of(description: str | None, name: str, frames: int, of_what: str = "") -> argparse.ArgumentParser:
    """Return the parser of the options that every demo has."""
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    parser.add_argument("--output", type=Path, default=Path("out") / name)
    parser.add_argument("--frames", type=int, default=frames, help=of_what or None)
    parser.add_argument("--json", action="store_true")
    return parser


def sources(folder: Path, *names: str) -> dict[str, SourceFile]:
    """Read a demo's behaviours: each name is a file of Python beside its program."""
    return {name: SourceFile(f"{name}.py", (folder / f"{name}.py").read_text(encoding="utf-8")) for name in names}


def fresh(folder: Path, *names: str) -> list[Path]:
    """Make a folder for results, without the files of an earlier run, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).unlink(missing_ok=True)
    return [folder / name for name in names]


class Demonstration:
    """One run of a demo: what it says on the way, and what it found by the name of each of its runs."""

    def __init__(self, output: Path, as_json: bool = False, quiet: bool = False) -> None:
        register_schemas()  # OpenUSD reads schemas once, when the first stage is made
        self.output = output
        self.runs: dict[str, RunReport] = {}
        self.checks: dict[str, list[Check]] = {}
        self._as_json = as_json
        self._verified: dict[str, Any] = {}
        self._others: dict[str, Percentiles] = {}
        # A table that is piped into a file has no terminal to fit into.
        width = None if sys.stdout.isatty() else 150
        self._console = Console(highlight=False, quiet=as_json or quiet, soft_wrap=True, width=width)
        output.mkdir(parents=True, exist_ok=True)

    @classmethod
    def of(cls, options: argparse.Namespace) -> Self:
        """Begin what the command line asks for."""
        return cls(options.output, options.json)

    def say(self, text: str) -> None:
        """Print a line, unless the answer is JSON."""
        self._console.print(text, markup=False)

    def verified(self, name: str, translation: Translation, crate: bool = False) -> None:
        """Say how a translation was verified, and write its module, its report and, if it is wanted, its crate."""
        report = translation.report
        assert report is not None, "demos verify what they run"
        wasm = report.artefact("wasm")
        self._verified[name] = report.document()
        (self.output / f"{name}.wasm").write_bytes(translation.wasm)
        (self.output / f"{name}.json").write_text(json.dumps(self._verified[name], indent=2) + "\n", encoding="utf-8")
        for file, text in translation.crate.files.items() if crate else ():
            path = self.output / "crates" / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        taken = report.branches.total - len(report.unexercised)
        rest = {"by raising the same": wasm.raised, "guarded": wasm.guarded, "too long to compare": wasm.over_budget + wasm.dropped}
        self.say(
            f"{name}: {wasm.status}: {wasm.agreed} of {counted(wasm.cases, 'case')} agree with CPython "
            f"{report.versions['cpython']} to the bit"
            f"{''.join(f', {count} {what}' for what, count in rest.items() if count)}; "
            f"{taken} of {counted(report.branches.total, 'branch', 'branches')} taken; {len(translation.wasm):,} bytes of WASM"
        )

    def frames(self, simulation: Simulation, count: int, what: str) -> Iterator[int]:
        """Run frames, and give the number of each when it was run."""
        with Progress(console=self._console, transient=True, disable=not self._console.is_terminal) as progress:
            task = progress.add_task(what, total=count)
            for frame in range(count):
                simulation.step()
                progress.advance(task)
                yield frame

    def took(self, what: str, seconds: Sequence[float]) -> None:
        """Take note of how long something else took, each time."""
        self._others[what] = percentiles(seconds)

    def end(self, picture: Path | None, stages: Sequence[Path]) -> int:
        """Print what it cost and what was found; return 0 where everything holds and every behaviour ran."""
        if self._as_json:
            self._print_json()
        else:
            self._print_costs()
            self._print_checks()
            self.say(f"picture: {picture or 'not drawn, for want of matplotlib: pip install matplotlib'}")
            self.say(f"{'stages' if len(stages) > 1 else 'stage'}:  {', '.join(map(str, stages))}")
        holds = all(check.holds for found in self.checks.values() for check in found)
        ran = all(item.status == "ok" for report in self.runs.values() for item in report.behaviours)
        return 0 if holds and ran else 1

    def _print_costs(self) -> None:
        costs = Table(
            "run", "lanes", "frames", "frame p50 ms", "p99", "sandbox p50 ms", "p99", "stage p50 ms", "p99", "status", title="costs"
        )
        for name, report in self.runs.items():
            times = [text for each in (report.frame_ms, report.bridge_ms, report.stage_ms) for text in _milliseconds(each)]
            lanes = sum(item.lanes for item in report.behaviours)
            status = ", ".join(sorted({item.status for item in report.behaviours}))
            costs.add_row(name, f"{lanes:,}", f"{report.frames:,}", *times, status)
        for name, each in self._others.items():
            costs.add_row(name, "", "", *_milliseconds(each))
        self._console.print(costs)
        for error in [error for report in self.runs.values() for error in report.first_errors]:
            self.say(f"{error.prim}, frame {error.frame}: {error.error} {error.message} ({error.file}:{error.line})")

    def _print_checks(self) -> None:
        table = Table("run", "check", "found", "bound", "values", "holds", title="checks")
        for name, found in self.checks.items():
            for check in found:
                table.add_row(name, check.name, f"{check.found:.3g}", check.bounds, f"{check.values:,}", check.verdict)
        self._console.print(table)

    def _print_json(self) -> None:
        answer = {
            "reports": self._verified,
            "runs": {name: report.model_dump() for name, report in self.runs.items()},
            "others_ms": {name: each.model_dump() for name, each in self._others.items()},
            "checks": {name: [asdict(check) | {"holds": check.holds} for check in found] for name, found in self.checks.items()},
            "output": os.fspath(self.output),
        }
        print(json.dumps(answer, indent=2))


def _milliseconds(each: Percentiles) -> tuple[str, str]:
    return f"{each.p50:.3f}", f"{each.p99:.3f}"
