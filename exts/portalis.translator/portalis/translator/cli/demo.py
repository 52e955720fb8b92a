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
    every: Annotated[bool, typer.Option("--all", help="Run all of them, one after the other.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with one JSON document a demo.")] = False,
) -> None:
    """List the demos, or run one or all.

    Each goes from Python to moving prims, and ends with its figures, its checks and its picture.
    """
    demos = {path.parent.name: path for path in sorted(folder("demos").glob("*/demo.py"))}
    if name is not None and every:
        fail("--all runs every demo: name one, or say --all", as_json, status=2)
    if every:
        raise typer.Exit(max(_run(demos[key], key, output, frames, as_json) for key in demos))
    if name is None:
        summaries = {key: _summary(path) for key, path in demos.items()}
        if as_json:
            print_json(summaries)
            return
        width = max(map(len, summaries))
        for key, summary in summaries.items():
            out.print(f"{key:<{width}} {summary}", markup=False)
        return
    if name not in demos:
        fail(f"there is no demo {name!r}", as_json, [f"there are: {', '.join(demos)}"], status=2)
    raise typer.Exit(_run(demos[name], name, output, frames, as_json))


def _run(program: Path, name: str, output: Path, frames: int | None, as_json: bool) -> int:
    """Run one demo to its end; return its exit status."""
    if not as_json:
        out.print(name, style="bold")
    try:
        (output / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(os_error(error), as_json, ["name a folder that can be written to: -o FOLDER"])
    arguments = ["--output", str(output / name)]
    arguments += ["--frames", str(frames)] if frames else []
    arguments += ["--json"] if as_json else []
    return run_program(program, arguments)


def _summary(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0]
