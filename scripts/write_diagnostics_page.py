"""Write docs/diagnostics.md: every code, as `portalis explain CODE` tells it, from the same tables.

python scripts/write_diagnostics_page.py            # rewrite the page
python scripts/write_diagnostics_page.py --check    # exit status 1 where the page is not what this program writes
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from portalis.translator.diagnostics.catalogue import CATALOGUE
from portalis.translator.stage.problems import CODES

PAGE = Path(__file__).parents[1] / "docs" / "diagnostics.md"
# The first characters of a group's codes, and what it is about.
GROUPS = {
    "P00": "Reading the file, and limits",
    "P01": "The entry and its types",
    "P02": "Not translated",
    "P03": "Names and types",
    "P04": "Objects under two names",
    "P05": "Behaviour classes",
    "PV9": "Verification",
    "PS1": "Stages",
}
INTRODUCTION = """\
<!-- Written by scripts/write_diagnostics_page.py from the tables of `portalis explain`: edit those, and run it. -->
# Diagnostics

Every code, what it means and what to write instead: what `portalis explain CODE` prints. `portalis explain` lists the titles, with `--json`
for programs. A source is told all its reasons at once, each with line and column; so is a stage, each with prim and attribute.
"""


def page() -> str:
    """Return the page's text."""
    return "\n".join([INTRODUCTION, *_groups()]).rstrip() + "\n"


def _groups() -> Iterator[str]:
    codes = [*sorted(CATALOGUE), *sorted(CODES)]
    for prefix, group in groupby(codes, key=lambda code: code[:3]):
        yield from (f"## {GROUPS[prefix]}", "")
        for code in group:
            yield from (f"### {code}", "")
            yield from _source(code) if code in CATALOGUE else _stage(code)


def _source(code: str) -> Iterator[str]:
    told = CATALOGUE[code]
    yield from (f"**{_escaped(told.title).rstrip('.')}.** {_escaped(told.explanation)}", "")
    for label, text in (("Refused:", told.example_wrong), ("Write instead:", told.example_right)):
        if text:
            yield from (label, "", "```text", text.strip("\n"), "```", "")


def _stage(code: str) -> Iterator[str]:
    yield from (f"**{_escaped(CODES[code].title).rstrip('.')}.** {_escaped(CODES[code].remedy)}", "")


def _escaped(text: str) -> str:
    """Return text whose marks are not taken for Markdown's; what stands in backticks is left as it is."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([*_<\[])", r"\\\1", part) for part in parts)


if __name__ == "__main__":
    # Of the folder of this script, which is on the path when it is run and not when it is imported.
    from generated import write_or_check

    sys.exit(write_or_check(PAGE, page(), __doc__ or ""))
