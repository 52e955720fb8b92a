"""Run the same requests in two checkouts of this repository and compare what they answer, a line at a time."""

from __future__ import annotations

import difflib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
EXTENSIONS = ("exts/portalis.translator", "exts/portalis.schema")
REVIEWED = ROOT / "tests" / "reviewed.txt"
SHOWN_LINES = 40

# The programs of this tree's tests are what is compared.
sys.path[:0] = [str(ROOT), *(str(ROOT / folder) for folder in EXTENSIONS)]

Request = dict[str, Any]


def ask(task: str, requests: Mapping[Path, Sequence[Request]]) -> dict[Path, list[dict[str, Any]]]:
    """Ask each tree its requests, all trees at the same time; SystemExit where one does not answer them all."""
    with ExitStack() as stack:
        running = []
        for tree, asked in requests.items():
            questions, answers = (stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8")) for _ in range(2))
            questions.writelines(json.dumps(item) + "\n" for item in asked)
            questions.seek(0)
            environment = os.environ | {"PYTHONPATH": os.pathsep.join(str(tree / folder) for folder in EXTENSIONS), "PYTHONHASHSEED": "0"}
            command = [sys.executable, str(ROOT / "scripts" / "tree_worker.py"), task, str(tree)]
            running.append((tree, subprocess.Popen(command, stdin=questions, stdout=answers, env=environment, cwd=tree), answers))
        found = {}
        for tree, process, answers in running:
            process.wait()
            answers.seek(0)
            found[tree] = [json.loads(line) for line in answers]
            asked = requests[tree]
            if process.returncode or len(found[tree]) != len(asked):
                name = asked[len(found[tree])]["name"] if len(found[tree]) < len(asked) else "the end"
                raise SystemExit(f"{tree} ended with status {process.returncode} at {name}")
    return found


@dataclass(frozen=True)
class Difference:
    """One program of which two trees do not say the same."""

    name: str
    old: tuple[str, ...]
    new: tuple[str, ...]

    def __str__(self) -> str:
        lines = list(difflib.unified_diff(self.old, self.new, "old", "new", lineterm="", n=2))
        rest = [f"… {len(lines) - SHOWN_LINES} more lines"] if len(lines) > SHOWN_LINES else []
        return "\n".join([f"=== {self.name}", *lines[:SHOWN_LINES], *rest])


def differences(names: Iterable[str], old: Iterable[dict[str, Any]], new: Iterable[dict[str, Any]]) -> Iterator[Difference]:
    """Yield every program whose lines differ."""
    for name, before, after in zip(names, old, new, strict=True):
        if before != after:
            yield Difference(name, tuple(before["lines"]), tuple(after["lines"]))


def conclude(found: Sequence[Difference], compared: int, allowed: Path) -> int:
    """Print what differs; return the exit status: 0 where every difference is a line of the file of reviewed ones."""
    reviewed = {line.partition("  #")[0].strip() for line in allowed.read_text("utf-8").splitlines()}
    for item in found:
        print(f"reviewed: {item.name}" if item.name in reviewed else item)
    unknown = [item for item in found if item.name not in reviewed]
    print(f"{compared} programs compared, {len(found)} differ, {len(found) - len(unknown)} of them reviewed")
    return 1 if unknown else 0
