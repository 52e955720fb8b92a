"""Hold this checkout's tests to those of another: no test disappears without a named successor.

    python scripts/compare_test_ids.py OLD_TREE [--successors FILE]

FILE (`tests/successors.txt`) has one removed id a line, ` -> `, and the id that holds the same now. `*` at the end of both stands for the
same rest, at the end of the first alone for any rest; the first line that fits counts. Exit status 1 where a test has neither its own id
nor a successor, or where a line names a successor that does not exist.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXTENSIONS = ("exts/portalis.translator", "exts/portalis.schema")


def collected(tree: Path) -> list[str]:
    """Return the ids of all tests of a checkout."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(str(tree / folder) for folder in EXTENSIONS)}
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "-o", "addopts=", "tests"]
    done = subprocess.run(command, cwd=tree, env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"the tests of {tree} cannot be collected:\n{done.stdout[-2000:]}")
    return [line for line in done.stdout.splitlines() if "::" in line]


@dataclass(frozen=True)
class Rule:
    """What became of one test, or of all whose ids begin alike."""

    old: str
    new: str

    def successor(self, identifier: str) -> str | None:
        """Return the id that stands in for a removed one; None where this rule does not speak of it."""
        if not self.old.endswith("*"):
            return self.new if identifier == self.old else None
        start = self.old[:-1]
        if not identifier.startswith(start):
            return None
        return self.new[:-1] + identifier[len(start) :] if self.new.endswith("*") else self.new


def read_rules(path: Path) -> list[Rule]:
    """Read a file of successors."""
    lines = (line.strip() for line in path.read_text("utf-8").splitlines())
    pairs = (line.partition(" -> ") for line in lines if line and not line.startswith("# "))
    return [Rule(old.strip(), new.strip()) for old, _, new in pairs]


def orphans(old: Iterable[str], new: Iterable[str], rules: Sequence[Rule]) -> list[str]:
    """List what has no successor, and rules whose successor is not there."""
    present = set(new)
    # A rule may name a test whatever its parameters.
    present |= {identifier.partition("[")[0] for identifier in present}
    found = []
    for identifier in old:
        if identifier in present:
            continue
        successor = next((name for rule in rules if (name := rule.successor(identifier)) is not None), None)
        if successor is None:
            found.append(f"{identifier}: gone, without a successor")
        elif successor not in present:
            found.append(f"{identifier}: its successor {successor} does not exist")
    return found


def main() -> int:
    """Collect both sides, compare and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path, metavar="OLD_TREE")
    parser.add_argument("--successors", type=Path, default=ROOT / "tests" / "successors.txt", metavar="FILE")
    options = parser.parse_args()
    with ThreadPoolExecutor() as pool:
        old, new = pool.map(collected, (options.old.resolve(), ROOT))
    found = orphans(old, new, read_rules(options.successors))
    print(*found, sep="\n")
    gone = len(set(old) - set(new))
    print(f"{len(old)} tests were, {len(new)} are; {gone} ids are gone, {len(found)} of them without a successor that exists")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
