"""Run benchmarks and write what they print, as tables with the machine and the versions, into benchmarks/RESULTS.md.

    python benchmarks/write_results.py                                      # those that measure speed
    python benchmarks/write_results.py bridge_call "triton_load --clients 4"  # these, with their own options
    python benchmarks/write_results.py --add gpu.json                       # and what --json printed on another machine

Nothing is written where one of them fails.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from portalis.translator.cli.bench import SPEED

HERE = Path(__file__).parent
# What draws a picture, and where it belongs.
_DRAWING = {"growth": "docs/pictures/growth.svg"}


def run(command: str, quick: bool) -> dict[str, Any]:
    """Run one benchmark, `NAME [OPTION]…`, and return its JSON document; SystemExit with what it said where it fails."""
    name, *options = shlex.split(command)
    program = [sys.executable, str(HERE / f"{name}.py"), "--json", *(["--quick"] if quick else []), *options]
    result = subprocess.run(program, stdout=subprocess.PIPE, text=True, cwd=HERE.parent)
    if result.returncode != 0:
        raise SystemExit(f"write_results: {name} ended with status {result.returncode}; nothing is written")
    document: dict[str, Any] = json.loads(result.stdout)
    return {**document, "command": shlex.join(["python", f"benchmarks/{name}.py", *options])}


def _drawing(command: str) -> str:
    """Return a command that also draws its picture, where it has one and nothing else is asked of it."""
    return f"{command} --picture {_DRAWING[command]}" if command in _DRAWING else command


def page(documents: Sequence[dict[str, Any]], day: str) -> str:
    """Return the page: every table with its remarks, and which machine and versions gave it."""
    lines = ["<!-- Written by benchmarks/write_results.py: run that instead of editing this. -->", "# Results", ""]
    lines += [f"Written on {day} by `benchmarks/write_results.py`; each benchmark's first lines say what it stands for.", ""]
    machines = [document["machine"] for document in documents]
    for document in documents:
        for result in document["results"]:
            lines += [f"## {result['title']}", "", *_table(result["columns"], result["rows"]), ""]
            lines += [*(f"{remark}  " for remark in result["remarks"]), ""] if result["remarks"] else []
            lines += [f"`{document['command']}`, on machine {_number(document['machine'], machines)}", ""]
    lines += ["## Machines", "", *_machines(machines)]
    return "\n".join(lines).rstrip() + "\n"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"


def _number(machine: dict[str, str], machines: Sequence[dict[str, str]]) -> int:
    different = [item for index, item in enumerate(machines) if item not in machines[:index]]
    return different.index(machine) + 1


def _machines(machines: Sequence[dict[str, str]]) -> Iterator[str]:
    for index, machine in enumerate(machines):
        if machine not in machines[:index]:
            yield f"{_number(machine, machines)}. {', '.join(f'{name} {value}' for name, value in machine.items())}"


def main() -> None:
    """Run, then write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("benchmarks", nargs="*", default=SPEED, metavar="NAME", help=f"without one: {', '.join(SPEED)}")
    parser.add_argument(
        "--add", action="append", default=[], type=Path, metavar="FILE.json", help="a document that --json printed elsewhere"
    )
    parser.add_argument("--output", type=Path, default=HERE / "RESULTS.md")
    parser.add_argument("--quick", action="store_true", help="only show that it works: figures that mean nothing")
    options = parser.parse_args()
    documents = [run(_drawing(command) if not options.quick else command, options.quick) for command in options.benchmarks]
    documents += [{"command": path.name, **json.loads(path.read_text(encoding="utf-8"))} for path in options.add]
    day = date.today().isoformat()
    options.output.write_text(
        page(documents, f"{day}, from quick runs whose figures mean nothing," if options.quick else day), encoding="utf-8"
    )
    print(f"wrote {options.output}")


if __name__ == "__main__":
    main()
