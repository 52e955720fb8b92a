"""What the modules that another checkout builds do on their verification cases, compared with this one's modules, bit by bit.

    python scripts/compare_outcomes.py OLD_TREE [--cases N] [--group NAME …] [--random N] [--reviewed FILE]

Every program of the tests that the old tree translates; its cases are the old tree's, the same for both. Which exception or guard ends a
call, where the user is shown it, the bits of every result and of every changed argument are compared; which NaN it is, and fuel, are not.
FILE (`tests/reviewed.txt`) names programs whose difference was reviewed, one a line. Exit status 1 where another differs.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from two_trees import REVIEWED, ROOT, ask, conclude, differences


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
    found = list(differences([request["name"] for request in requests], answers[old], answers[ROOT]))
    print(f"{sum(len(lines['lines']) for lines in answers[old])} calls on each side")
    return conclude(found, len(requests), options.reviewed)


if __name__ == "__main__":
    sys.exit(main())
