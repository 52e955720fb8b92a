"""`portalis check`, and what the commands that open stages have in common."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, ParamSpec, TypeVar

import typer

from portalis.translator.cli.output import diagnostic_json, err, fail, out, print_json
from portalis.translator.saving import is_one_file
from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.stage.problems import StageError, StageProblem

StageArgument = Annotated[Path, typer.Argument(metavar="STAGE", help="A USD file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]
_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


def opens_stages(command: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Have a command print OpenUSD's warnings when it ends, as it prints everything else, and end where OpenUSD itself cannot go on."""

    @functools.wraps(command)
    def run(*args: _Parameters.args, **kwargs: _Parameters.kwargs) -> _Result:
        from portalis.translator.stage.files import unreadable_refused, warnings_told
        from portalis.translator.stage.problems import StageError

        with warnings_told(lambda text: err.print(f"OpenUSD: {text}", style="yellow", markup=False)):
            try:
                with unreadable_refused(Path(str(kwargs["stage"]))):
                    return command(*args, **kwargs)
            except StageError as error:
                refuse_stage(error, bool(kwargs["as_json"]))

    return run


@opens_stages
def check_command(stage: StageArgument, as_json: JsonOption = False) -> None:
    """Validate every binding of a stage, run nothing.

    Status 1 where something is wrong.
    """
    from portalis.translator.stage.files import open_stage
    from portalis.translator.stage.plan.check import check
    from portalis.translator.stage.plan.discovery import discover
    from portalis.translator.stage.problems import StageError
    from portalis.translator.stage.run.engine import TranslatorEngine

    bindings = 0
    try:
        opened = open_stage(stage)
        bindings = len(discover(opened).bindings)
        problems = check(opened, TranslatorEngine())
    except StageError as error:
        problems = error.problems
    errors = [problem for problem in problems if problem.severity == "error"]
    if as_json:
        print_json({"ok": not errors, "bindings": bindings, "problems": [problem_json(problem) for problem in problems]})
    else:
        print_problems(problems)
        warnings = len(problems) - len(errors)
        out.print(f"{counted(bindings, 'binding')}: {counted(len(errors), 'error')}, {counted(warnings, 'warning')}", markup=False)
    raise typer.Exit(1 if errors else 0)


def refuse_same_file(stage: Path, output: Path, as_json: bool) -> None:
    """End with status 1 where a layer over a stage would be written over the stage itself."""
    if output.resolve() == stage.resolve() or is_one_file(output, stage):
        fail(f"{output} is the stage itself: baking goes into a layer over it", as_json, ["name another file with -o"])


def refuse_stage(error: StageError, as_json: bool) -> NoReturn:
    """Show every problem of a refused operation and end with status 1."""
    if as_json:
        print_json({"ok": False, "problems": [problem_json(problem) for problem in error.problems]})
    else:
        print_problems(error.problems)
    raise typer.Exit(1)


def problem_json(problem: StageProblem) -> dict[str, Any]:
    """Return a problem as a plain dictionary."""
    return {
        "code": problem.code,
        "message": problem.message,
        "path": problem.path,
        "help": problem.help,
        "severity": problem.severity,
        "port": problem.port,
        "diagnostics": [diagnostic_json(item) for item in problem.diagnostics],
    }


def print_problems(problems: Sequence[StageProblem]) -> None:
    """Print problems; what is wrong with many prims in the same way is said once."""
    alike: dict[StageProblem, list[str]] = {}
    for problem in problems:
        alike.setdefault(dataclasses.replace(problem, path=""), []).append(problem.path)
    for problem, paths in alike.items():
        more = f" and {len(paths) - 1:,} more" if len(paths) > 1 else ""
        said = dataclasses.replace(problem, path=f"{paths[0]}{more}")
        err.print(f"{said.severity}: {said}", style="bold red" if said.severity == "error" else "yellow", markup=False)
