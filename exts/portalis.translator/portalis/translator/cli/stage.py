"""`portalis bind` and `portalis check`: behaviours on USD stages without Kit."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, ParamSpec, TypeVar

import typer

from portalis.translator.cli.output import counted, diagnostic_json, err, fail, os_error, out, print_json, refuse
from portalis.translator.saving import claimed

if TYPE_CHECKING:
    from portalis.translator.stage.problems import StageError, StageProblem

# Prims that get a binding by composition are named up to this many.
_HEIRS_SHOWN = 8

StageArgument = Annotated[Path, typer.Argument(metavar="STAGE", help="A USD file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]
_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


def opens_stages(command: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Have a command print OpenUSD's warnings when it ends, as it prints everything else."""

    @functools.wraps(command)
    def run(*args: _Parameters.args, **kwargs: _Parameters.kwargs) -> _Result:
        from portalis.translator.stage.files import warnings_told

        with warnings_told(lambda text: err.print(f"OpenUSD: {text}", style="yellow", markup=False)):
            return command(*args, **kwargs)

    return run


@opens_stages
def bind_command(
    stage: StageArgument,
    targets: Annotated[
        list[str], typer.Argument(metavar="PRIM... FILE[:NAME]", help="Prim paths (quoted, `*` matches), then the Python file.")
    ],
    input_: Annotated[
        list[str] | None,
        typer.Option(
            "--input", metavar="PARAMETER=ATTRIBUTE", help="What a parameter reads: an attribute, or a value: wind='(1.0, 0.0, 0.0)'."
        ),
    ] = None,
    output_: Annotated[
        list[str] | None, typer.Option("--output", metavar="RESULT=ATTRIBUTE", help="Where a result goes; `result` is one without a name.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="The binding's instance name; the function's name is the default.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="behavior, crowd or array; what the prim is decides by default.")] = None,
    previous: Annotated[
        list[str] | None, typer.Option("--previous", metavar="PARAMETER", help="An input that reads the value of the frame before.")
    ] = None,
    destination: Annotated[Path | None, typer.Option("-o", "--output-stage", help="Author into this layer over STAGE, new or not.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Bind a behaviour to prims.

    Authors the schemas and the code into the stage, and takes note that you trust the code. Transforms go by name: a parameter or result
    called position, orientation, scale or transform is the prim's own; any other name is an attribute's.
    """
    if len(targets) < 2:
        raise typer.BadParameter("at least one prim and the Python file are needed, such as: portalis bind s.usda /World/Ball ball.py")
    from portalis.translator.diagnostics import TranslationError
    from portalis.translator.frontend import read_source
    from portalis.translator.stage.author.binding import bind
    from portalis.translator.stage.author.trust import Approvals, settings_folder
    from portalis.translator.stage.files import expand, open_over, open_stage
    from portalis.translator.stage.layers import save
    from portalis.translator.stage.plan.discovery import discover
    from portalis.translator.stage.plan.wires import wires as wires_of
    from portalis.translator.stage.problems import StageError
    from portalis.translator.stage.run.engine import TranslatorEngine

    file, function = _split_name(targets[-1])
    try:
        source = read_source(Path(file))
        options: dict[str, Any] = {"instance_name": name, "kind": _kind(kind), "previous": previous or ()}
        options |= {"inputs": _pairs(input_ or (), "--input"), "outputs": _pairs(output_ or (), "--output")}
        # Between reading a stage and saving it, what another program binds would be lost.
        with claimed(destination or stage):
            opened = open_stage(stage)
            if destination is not None:
                refuse_same_file(stage, destination, as_json)
                opened = open_over(opened, destination)
            engine = TranslatorEngine()
            # Verified before it is bound: a stage never carries code that was refused.
            behaviour = engine.compile(source, function)
            paths = expand(opened, targets[:-1])
            approvals = Approvals(settings_folder())
            before = {binding.key for binding in discover(opened).bindings}
            keys = bind(opened, paths, source, behaviour.interface, approvals=approvals, engine=engine, **options)
            heirs = [str(item.key) for item in discover(opened).bindings if item.key not in before and item.key not in keys]
            save(opened.GetEditTarget().GetLayer())
    except TranslationError as error:
        refuse(error, as_json)
    except StageError as error:
        refuse_stage(error, as_json)
    except OSError as error:
        fail(os_error(error), as_json)
    where = str(destination or stage)
    ports = wires_of(opened, keys[0], behaviour.interface)
    if as_json:
        print_json({"ok": True, "stage": where, "bindings": [str(key) for key in keys], "heirs": heirs, "ports": ports})
    else:
        out.print(f"bound {behaviour.interface.name} to {counted(len(keys), 'prim')} in {where}", markup=False)
        if heirs:
            shown = ", ".join(heirs[:_HEIRS_SHOWN]) + (f" and {len(heirs) - _HEIRS_SHOWN:,} more" if len(heirs) > _HEIRS_SHOWN else "")
            out.print(f"  which also binds what inherits, specializes or references them: {shown}", markup=False)
        width = max(map(len, ports))
        for port, words in ports.items():
            out.print(f"  {port:<{width}}  {words}", markup=False)


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
        print_json({"ok": not errors, "bindings": bindings, "problems": [_problem_json(problem) for problem in problems]})
    else:
        print_problems(problems)
        warnings = len(problems) - len(errors)
        out.print(f"{counted(bindings, 'binding')}: {counted(len(errors), 'error')}, {counted(warnings, 'warning')}", markup=False)
    raise typer.Exit(1 if errors else 0)


def refuse_same_file(stage: Path, output: Path, as_json: bool) -> None:
    if output.resolve() == stage.resolve():
        fail(f"{output} is the stage itself: baking goes into a layer over it", as_json, ["name another file with -o"])


def _split_name(text: str) -> tuple[str, str]:
    """Split FILE[:NAME]; a colon that belongs to a Windows drive stays."""
    file, colon, name = text.rpartition(":")
    return (file, name) if colon and name.isidentifier() and file else (text, "")


def _pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    pairs = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise typer.BadParameter(f"{option} {text!r}: write NAME=ATTRIBUTE")
        pairs[key.strip()] = value.strip()
    return pairs


def _kind(text: str | None) -> Any:
    if text not in (None, "behavior", "crowd", "array"):
        raise typer.BadParameter(f"--kind {text!r}: it is behavior, crowd or array")
    return text


def refuse_stage(error: StageError, as_json: bool) -> NoReturn:
    if as_json:
        print_json({"ok": False, "problems": [_problem_json(problem) for problem in error.problems]})
    else:
        print_problems(error.problems)
    raise typer.Exit(1)


def _problem_json(problem: StageProblem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "message": problem.message,
        "path": problem.path,
        "help": problem.help,
        "severity": problem.severity,
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
