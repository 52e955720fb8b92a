"""What the modules that another checkout builds do on their verification cases, compared with this one's modules, bit by bit.

    python scripts/compare_outcomes.py OLD_TREE [--cases N] [--group NAME …] [--random N] [--reviewed FILE]

Every program of the tests that the old tree translates; its cases are the old tree's, the same for both. Which exception or guard ends a
call, where the user is shown it, the bits of every result and of every changed argument are compared; which NaN it is, and fuel, are not.
FILE (`tests/reviewed.txt`) names programs whose difference was reviewed, one a line. Exit status 1 where another differs.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from two_trees import REVIEWED, ROOT, Difference, Request, ask, conclude

OUT_OF_FUEL = "stopped: fuel"
SHOWN_CALLS = 5


def main() -> int:
    """Compare and report."""
    from tests.programs import more
    from tests.programs.registry import groups, named_programs

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path, metavar="OLD_TREE")
    parser.add_argument("--cases", type=int, default=256, metavar="N")
    parser.add_argument("--group", action="append", choices=list(groups()), help="only these programs of the registry, and nothing else")
    parser.add_argument("--random", type=int, default=100, metavar="N")
    parser.add_argument("--reviewed", type=Path, metavar="FILE", default=REVIEWED)
    options = parser.parse_args()
    old = options.old.resolve()
    made_up = () if options.group else more.random_programs(1000, options.random)
    programs = [asdict(program) for program in (*named_programs(options.group), *made_up)]
    made = ask("cases", {old: [program | {"count": options.cases} for program in programs]})[old]
    requests = [program | answer for program, answer in zip(programs, made, strict=True) if answer["cases"] is not None]
    answers = ask("outcomes", {old: requests, ROOT: requests})
    compared = [compare(*item) for item in zip(requests, answers[old], answers[ROOT], strict=True)]
    for program in compared:
        if program.stopped:
            print(f"{program.stopped} calls of {program.difference.name} run out of fuel on one side alone")
    print(f"{sum(len(lines['lines']) for lines in answers[old])} calls on each side")
    return conclude([item.difference for item in compared if item.difference.old], len(requests), options.reviewed)


@dataclass(frozen=True)
class Compared:
    """One program: the calls that end differently, and how many of the others one tree's module had no fuel for."""

    difference: Difference
    stopped: int


def compare(request: Request, old: dict[str, Any], new: dict[str, Any]) -> Compared:
    """Compare outcomes call by call. How far fuel goes is a matter of how code was generated: where it ended a call, nothing is known."""
    cases = [f"{entry}({', '.join(map(str, case))})" for entry, of_entry in request["cases"].items() for case in of_entry]
    differing = [item for item in zip(cases, old["lines"], new["lines"], strict=True) if item[1] != item[2]]
    told = [item for item in differing if not any(line.endswith(OUT_OF_FUEL) for line in item[1:])]
    shown = [tuple(f"{item[0]} gave {item[side].partition(': ')[2]}" for item in told[:SHOWN_CALLS]) for side in (1, 2)]
    return Compared(Difference(request["name"], *shown), len(differing) - len(told))


if __name__ == "__main__":
    sys.exit(main())
