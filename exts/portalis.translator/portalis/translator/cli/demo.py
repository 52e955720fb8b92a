"""`portalis demo [NAME]`: list the demos, or run one end to end."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Annotated

import typer

from portalis.translator.cli.output import fail, os_error, out, print_json
from portalis.translator.cli.programs import folder, run_program


def demo_command(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Which; without one, all are listed.")] = None,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FOLDER", help="Where results go.")] = Path("out"),
    frames: Annotated[int | None, typer.Option("--frames", min=1, help="How many frames; the demo knows its own number.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")] = False,
) -> None:
    """List the demos, or run one.

    It goes from Python to moving prims, and ends with its figures and its picture.
    """
    demos = {path.parent.name: path for path in sorted(folder("demos").glob("*/demo.py"))}
    if name is None:
        summaries = {key: _summary(path) for key, path in demos.items()}
        if as_json:
            print_json(summaries)
            return
        for key, summary in summaries.items():
            out.print(f"{key:<12} {summary}", markup=False)
        return
    if name not in demos:
        fail(f"there is no demo {name!r}", as_json, [f"there are: {', '.join(demos)}"], status=2)
    try:
        (output / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(os_error(error), as_json, ["name a folder that can be written to: -o FOLDER"])
    arguments = ["--output", str(output / name)]
    arguments += ["--frames", str(frames)] if frames else []
    arguments += ["--json"] if as_json else []
    raise typer.Exit(run_program(demos[name], arguments))


def _summary(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0]
