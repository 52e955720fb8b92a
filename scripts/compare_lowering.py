"""What another checkout's front-end says of a large number of programs, compared with this one's: IR text and diagnostics.

    python scripts/compare_lowering.py OLD_TREE [SUITE.jsonl …] [--random N] [--damaged N] [--group NAME …] [--first] [--reviewed FILE]

Compared are all programs of the tests, aliases, N seeded random programs, N damaged ones, and the solutions of suites (JSON lines with
`code` and `test_list`). FILE (`tests/reviewed.txt`) names programs whose difference was reviewed, one a line. Exit status 1 where
another differs.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from itertools import chain
from pathlib import Path

from two_trees import REVIEWED, ROOT, ask, conclude, differences


def main() -> int:
    """Compare and report."""
    from tests.programs import more
    from tests.programs.registry import groups, named_programs

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path, metavar="OLD_TREE")
    parser.add_argument("suites", type=Path, nargs="*", metavar="SUITE.jsonl")
    parser.add_argument("--group", action="append", choices=list(groups()), help="only these programs of the registry, and nothing else")
    parser.add_argument("--random", type=int, default=500, metavar="N")
    parser.add_argument("--damaged", type=int, default=2000, metavar="N")
    parser.add_argument("--first", action="store_true", help="of a refusal compare the code and line of the first diagnostic alone")
    parser.add_argument("--reviewed", type=Path, metavar="FILE", default=REVIEWED)
    options = parser.parse_intermixed_args()
    made = (more.refused(), more.aliases(250), more.random_programs(0, options.random), more.damaged(1, options.damaged))
    programs = [*named_programs(options.group), *(() if options.group else chain(*made, *map(more.suite, options.suites)))]
    requests = [asdict(program) for program in programs]
    old = options.old.resolve()
    answers = ask("lowering", {old: requests, ROOT: requests})
    sides = [answers[tree] for tree in (old, ROOT)]
    if options.first:
        sides = [[{"lines": [answer["first"]]} if "first" in answer else answer for answer in side] for side in sides]
    found = list(differences([program.name for program in programs], *sides))
    return conclude(found, len(programs), options.reviewed)


if __name__ == "__main__":
    sys.exit(main())
