"""Write docs/methods.md: what becomes of every public method of Python's containers, called in many ways with generated arguments.

python scripts/write_methods_page.py            # run every call in the interpreter and rewrite the page
python scripts/write_methods_page.py --wasm     # the same in wasm
python scripts/write_methods_page.py --check    # exit status 1 where the page is not what this program writes

Exit status 1, too, where anything differs from CPython: then nothing is written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.references.methods import Outcome, outcome, shapes  # noqa: E402
from tests.semantics.objects import EXECUTORS  # noqa: E402

PAGE = ROOT / "docs" / "methods.md"


def page(found: Sequence[Outcome]) -> str:
    """Return the page's text."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Sequence[Outcome]) -> Iterator[str]:
    yield "<!-- Written by scripts/write_methods_page.py, which runs what it tells of: run it again. -->"
    yield "# Methods"
    yield ""
    yield "Every public method of these classes, called in several ways, each a function that is translated and held to CPython 3.11 on"
    yield "generated arguments: value, exception with its message, and the arguments afterwards. A name stands for a parameter, of a type"
    yield "that its name tells (`text`, `numbers`, `words`; `counts` is a dict from str to int). *Stopped* are calls that a guard ended;"
    yield "what is refused has its code beside it."
    for owner, of_owner in groupby(found, key=lambda one: one.shape.owner):
        yield from (
            "",
            f"## {owner}",
            "",
            "| method | ways | calls as in CPython | of them raised | stopped | refused |",
            "|---|---|---|---|---|---|",
        )
        for method, group in groupby(of_owner, key=lambda one: one.shape.method):
            ways = list(group)
            accepted = [one for one in ways if not one.codes]
            raised, guarded = sum(one.raised for one in ways), sum(one.guarded for one in ways)
            equal = sum(one.equal for one in ways) + raised
            refused = "<br>".join(f"`{one.shape.text}` {' '.join(one.codes)}".replace("|", "\\|") for one in ways if one.codes)
            yield f"| `{method}` | {len(accepted)} of {len(ways)} | {equal or ''} | {raised or ''} | {guarded or ''} | {refused} |"


def main() -> int:
    """Run all calls, and write or compare the page."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    parser.add_argument("--wasm", action="store_true", help="run wasm instead of the interpreter")
    options = parser.parse_args()
    execute = EXECUTORS["llvm small" if options.wasm else "interpreter"]
    found = [outcome(shape, execute) for shape in shapes()]
    different = [line for one in found for line in one.different]
    if different:
        print("\n".join(different))
        return 1
    text = page(found)
    if options.check:
        same = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        print(f"{PAGE.name}: {'up to date' if same else 'stale: run scripts/write_methods_page.py'}")
        return 0 if same else 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
