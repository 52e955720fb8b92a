"""`portalis bind` and `portalis check`: behaviours on USD stages without Kit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from portalis.translator.cli.output import diagnostic_json, err, fail, out, print_json, refuse

if TYPE_CHECKING:
    from portalis.translator.stage.problems import StageError, StageProblem

StageArgument = Annotated[Path, typer.Argument(metavar="STAGE", help="A USD file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]


def bind_command(
    stage: StageArgument,
    targets: Annotated[list[str], typer.Argument(metavar="PRIM... FILE[:NAME]", help="Prim paths (`*` matches), then the Python file.")],
    input_: Annotated[list[str] | None, typer.Option("--input", metavar="PARAMETER=ATTRIBUTE", help="Or =LITERAL.")] = None,
    output_: Annotated[list[str] | None, typer.Option("--output", metavar="RESULT=ATTRIBUTE")] = None,
    name: Annotated[str | None, typer.Option("--name", help="The binding's instance name; the function's name is the default.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="behavior, crowd or array; what the prim is decides by default.")] = None,
    destination: Annotated[Path | None, typer.Option("-o", "--output-stage", help="Author into a new layer over STAGE.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Bind a behaviour to prims: author the schemas, and take note that you trust the code."""
    if len(targets) < 2:
        raise typer.BadParameter("at least one prim and the Python file are needed, such as: portalis bind s.usda /World/Ball ball.py")
    from portalis.translator.driver import TranslationError
    from portalis.translator.frontend import read_source
    from portalis.translator.stage.binding import bind
    from portalis.translator.stage.engine import TranslatorEngine
    from portalis.translator.stage.files import expand, open_over, open_stage
    from portalis.translator.stage.problems import StageError
    from portalis.translator.stage.trust import Approvals, settings_folder

    file, function = _split_name(targets[-1])
    try:
        source = read_source(Path(file))
        opened = open_stage(stage)
        if destination is not None:
            refuse_same_file(stage, destination, as_json)
            opened = open_over(opened, destination)
        engine = TranslatorEngine()
        # Verified before it is bound: a stage never carries code that was refused.
        behaviour = engine.compile(source, function)
        paths = expand(opened, targets[:-1])
        wires = {"inputs": _pairs(input_ or (), "--input"), "outputs": _pairs(output_ or (), "--output")}
        approvals = Approvals(settings_folder())
        keys = bind(opened, paths, source, behaviour.interface, **wires, instance_name=name, kind=_kind(kind), approvals=approvals)
    except TranslationError as error:
        refuse(error, as_json)
    except StageError as error:
        refuse_stage(error, as_json)
    except OSError as error:
        fail(f"{error.filename or destination}: {error.strerror or error}", as_json)
    opened.GetEditTarget().GetLayer().Save()
    where = str(destination or stage)
    if as_json:
        print_json({"ok": True, "stage": where, "bindings": [str(key) for key in keys]})
    else:
        out.print(f"bound {behaviour.interface.name} to {len(keys)} prims in {where}", markup=False)


def check_command(stage: StageArgument, as_json: JsonOption = False) -> None:
    """Validate every binding of a stage; nothing is run. Status 1 where something is wrong."""
    from portalis.translator.stage.check import check
    from portalis.translator.stage.engine import TranslatorEngine
    from portalis.translator.stage.files import open_stage
    from portalis.translator.stage.problems import StageError

    try:
        problems = check(open_stage(stage), TranslatorEngine())
    except StageError as error:
        problems = error.problems
    errors = [problem for problem in problems if problem.severity == "error"]
    if as_json:
        print_json({"ok": not errors, "problems": [_problem_json(problem) for problem in problems]})
    else:
        for problem in problems:
            print_problem(problem)
        out.print(f"{len(errors)} errors, {len(problems) - len(errors)} warnings", markup=False)
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
        for problem in error.problems:
            print_problem(problem)
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


def print_problem(problem: StageProblem) -> None:
    err.print(f"{problem.severity}: {problem}", style="bold red" if problem.severity == "error" else "yellow", markup=False)
    for diagnostic in problem.diagnostics:
        err.print(f"  {diagnostic.span}: {diagnostic.code}: {diagnostic.message}", markup=False)
