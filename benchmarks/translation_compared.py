"""What a translation costs in this tree and in an older one, the two alternating in one run: processor time of the parent and all children.

    python benchmarks/translation_compared.py OLD_TREE [--pairs 15] [--only TEXT]

Stands for: pressing Translate, warm, on 10 and on 1,000 lines with 256 cases, for text that its user typed and for text that came from
elsewhere; lowering alone; one cold command; one frame of three behaviours over 10,000 prims. Every process that is started counts, from its
start to its end: what a warm translation costs is the difference between a process that does some and one that does none. Without OLD_TREE
the tree is compared with itself, which shows the noise. Leaves out: wall time of other machines, and the network.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from common import Result, arguments, milliseconds, show

ROOT = Path(__file__).resolve().parents[1]
DRIVER = Path(__file__).with_name("tree_driver.py")
PACKAGES = ("exts/portalis.translator", "exts/portalis.schema")
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER
COLD = "def f(x: float, y: float) -> float:\n    if x > y:\n        return x * y + 0.5\n    return x / (y * y + 1.0)\n"


@dataclass(frozen=True)
class Sample:
    """What doing a thing once cost: seconds of the processor, and of the wall where that means anything."""

    processor: float
    wall: float | None = None


@dataclass(frozen=True)
class Subject:
    """One thing to do in a tree, and the ratio of new to old that is aimed at."""

    title: str
    aim: float
    sample: Callable[[Path], Sample]


@dataclass
class Pairs:
    """Samples of both trees, taken in pairs."""

    old: list[Sample] = field(default_factory=list)
    new: list[Sample] = field(default_factory=list)

    def ratios(self) -> list[float]:
        """Return the ratio of each pair, in order of size."""
        return sorted(after.processor / before.processor for before, after in zip(self.old, self.new, strict=True))


def run(tree: Path, *command: str) -> tuple[str, float, float]:
    """Run Python in a tree to its end and that of all it started; return what it printed, and seconds of the processor and of the wall."""
    path = os.pathsep.join(str(tree / package) for package in PACKAGES)
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([sys.executable, *command], env=os.environ | {"PYTHONPATH": path}, cwd=tree, stdout=subprocess.PIPE, text=True)
    wall = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} in {tree} ended with status {done.returncode}")
    # What it left behind is this process's to wait for.
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def translations(lines: int, kind: str, count: int) -> Callable[[Path], Sample]:
    """Return what takes one sample of a warm translation: so many more of them in one process than in another."""

    def sample(tree: Path) -> Sample:
        _, none, _ = run(tree, str(DRIVER), "translate", str(lines), kind, "0")
        answer, some, _ = run(tree, str(DRIVER), "translate", str(lines), kind, str(count))
        return Sample((some - none) / count, statistics.median(json.loads(answer)["seconds"]))

    return sample


def inside(*task: str) -> Callable[[Path], Sample]:
    """Return what takes one sample of something that the driver times itself."""

    def sample(tree: Path) -> Sample:
        answer, _, _ = run(tree, str(DRIVER), *task)
        return Sample(statistics.median(json.loads(answer)["processor"]))

    return sample


def cold(tree: Path) -> Sample:
    """Take one sample of a whole command."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "snippet.py"
        path.write_text(COLD, encoding="utf-8")
        _, processor, wall = run(tree, "-m", "portalis.translator.cli", "translate", str(path))
    return Sample(processor, wall)


def subjects(quick: bool) -> list[Subject]:
    """List what is compared."""
    few, some = (2, 1) if quick else (40, 3)
    return [
        Subject("10 lines, 256 cases, typed", 0.55, translations(10, "typed", few)),
        Subject("10 lines, 256 cases, fresh oracle", 0.75, translations(10, "fresh", few)),
        Subject("1,000 lines, 256 cases", 0.5, translations(1000, "typed", some)),
        Subject("lowering of 1,000 lines", 1.25, inside("lower", "1000", str(some))),
        Subject("cold `portalis translate`", 0.6, cold),
        *(Subject(f"a frame of the {name}", 1.05, inside("frames", name)) for name in ("projectile", "orbit", "filter")),
    ]


def compare(subject: Subject, old: Path, pairs: int, quick: bool) -> Pairs:
    """Take pairs of samples, each tree first in turn, after one of each that does not count, but where it is to be quick."""
    found = Pairs()
    for tree in () if quick else (old, ROOT):
        subject.sample(tree)
    for number in range(pairs):
        for tree in (old, ROOT) if number % 2 == 0 else (ROOT, old):
            (found.old if tree is old else found.new).append(subject.sample(tree))
    return found


def _wall(samples: list[Sample]) -> str:
    walls = [item.wall for item in samples if item.wall is not None]
    return milliseconds(statistics.median(walls)) if walls else ""


def main() -> None:
    """Compare and print."""
    parser = arguments(__doc__ or "")
    parser.add_argument("old", nargs="?", type=Path, default=ROOT, metavar="OLD_TREE")
    parser.add_argument("--pairs", type=int, default=15, metavar="N")
    parser.add_argument("--only", default="", metavar="TEXT", help="only what has this in its title")
    options = parser.parse_args()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    # A tree that is compared with itself is still two.
    old = Path(options.old.resolve())
    columns = ("what", "old, ms", "new, ms", "new / old", "quartiles", "aim", "old wall, ms", "new wall, ms")
    result = Result("processor time of the parent and all children (medians)", columns)
    pairs = 1 if options.quick else options.pairs
    for subject in subjects(options.quick):
        if options.only not in subject.title:
            continue
        found = compare(subject, old, pairs, options.quick)
        ratios = found.ratios()
        low, high = ratios[len(ratios) // 4], ratios[-1 - len(ratios) // 4]
        medians = [milliseconds(statistics.median(item.processor for item in side)) for side in (found.old, found.new)]
        ratio, spread = f"{statistics.median(ratios):.3f}", f"{low:.3f} … {high:.3f}"
        result.rows.append([subject.title, *medians, ratio, spread, f"≤ {subject.aim:g}", _wall(found.old), _wall(found.new)])
        result.data[subject.title] = {"old": [item.processor for item in found.old], "new": [item.processor for item in found.new]}
        print(f"{subject.title}: {ratio}", file=sys.stderr, flush=True)
    result.remarks.append(f"{pairs} pairs, alternating in one run")
    show([result], options.json)


if __name__ == "__main__":
    sys.exit(main())
