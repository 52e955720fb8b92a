"""`portalis bind`, `portalis run`, `portalis check`: behaviours on USD stages without Kit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from portalis.translator.cli.output import diagnostic_json, err, fail, out, print_json, refuse

if TYPE_CHECKING:
    from portalis.translator.stage.loop import Simulation
    from portalis.translator.stage.problems import StageError, StageProblem
    from portalis.translator.stage.report import RunReport

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
            _refuse_same_file(stage, destination, as_json)
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
        _refuse_stage(error, as_json)
    except OSError as error:
        fail(f"{error.filename or destination}: {error.strerror or error}", as_json)
    opened.GetEditTarget().GetLayer().Save()
    where = str(destination or stage)
    if as_json:
        print_json({"ok": True, "stage": where, "bindings": [str(key) for key in keys]})
    else:
        out.print(f"bound {behaviour.interface.name} to {len(keys)} prims in {where}", markup=False)


def run_command(
    stage: StageArgument,
    frames: Annotated[int | None, typer.Option("--frames", min=1, help="How many; the stage's own range is the default.")] = None,
    fps: Annotated[float | None, typer.Option("--fps", help="Frames per second; the stage's time codes per second is the default.")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Bake the frames into this layer over STAGE.")] = None,
    flatten: Annotated[bool, typer.Option("--flatten", help="Bake one layer that needs no other.")] = False,
    report_file: Annotated[Path | None, typer.Option("--report", metavar="FILE.json", help="Write the costs as JSON.")] = None,
    trust: Annotated[list[str] | None, typer.Option("--trust", metavar="PATTERN", help="Run modules at this path, hash or layer.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Run what is bound, frame by frame; show the costs. Status 1 where a behaviour was refused or had errors."""
    if fps is not None and not 0.0 < fps < 1e6:
        raise typer.BadParameter("--fps is a positive number")
    if flatten and output is None:
        raise typer.BadParameter("--flatten needs -o OUT: it says how to write it")
    from portalis.translator.stage.bake import Baker, overlay
    from portalis.translator.stage.engine import TranslatorEngine
    from portalis.translator.stage.files import flatten as flatten_layer
    from portalis.translator.stage.files import open_stage, own_frames
    from portalis.translator.stage.loop import Simulation
    from portalis.translator.stage.problems import StageError
    from portalis.translator.stage.trust import default_policy

    try:
        opened = open_stage(stage)
        count = frames or own_frames(opened, fps)
        if count is None:
            fail("the stage has no range of its own", as_json, ["say how many frames with --frames N"], status=2)
        baker = None
        if output is not None:
            _refuse_same_file(stage, output, as_json)
            baker = Baker(overlay(opened, output))
        policy = default_policy(tuple(trust or ()))
        simulation = Simulation(opened, TranslatorEngine(), policy, fps=fps, strict=False, sinks=[baker] if baker else [])
        with simulation:
            _frames(simulation, baker, count, as_json)
            report = simulation.report()
    except StageError as error:
        _refuse_stage(error, as_json)
    except OSError as error:
        fail(str(error), as_json)
    if baker is not None and output is not None:
        baker.finish(simulation.clock.fps)
        if flatten:
            flatten_layer(output)
    if report_file is not None:
        try:
            report_file.write_text(report.model_dump_json(indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            fail(f"cannot write {report_file}: {error.strerror}", as_json)
    if as_json:
        print_json(report)
    else:
        show_report(report, simulation.problems)
        if output is not None:
            out.print(f"wrote {output}", markup=False)
    healthy = report.behaviours and all(item.status == "ok" for item in report.behaviours)
    raise typer.Exit(0 if healthy and not report.problems else 1)


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
            _print_problem(problem)
        out.print(f"{len(errors)} errors, {len(problems) - len(errors)} warnings", markup=False)
    raise typer.Exit(1 if errors else 0)


def _refuse_same_file(stage: Path, output: Path, as_json: bool) -> None:
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


def _frames(simulation: Simulation, baker: Any, count: int, as_json: bool) -> None:
    from rich.progress import Progress

    with Progress(console=err, transient=True, disable=as_json or not err.is_terminal) as progress:
        task = progress.add_task("frames", total=count)
        for _ in range(count):
            if baker is not None:
                baker.at(simulation.clock.at(simulation.frame).time_code)
            simulation.step()
            progress.advance(task)


def _refuse_stage(error: StageError, as_json: bool) -> NoReturn:
    if as_json:
        print_json({"ok": False, "problems": [_problem_json(problem) for problem in error.problems]})
    else:
        for problem in error.problems:
            _print_problem(problem)
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


def _print_problem(problem: StageProblem) -> None:
    err.print(f"{problem.severity}: {problem}", style="bold red" if problem.severity == "error" else "yellow", markup=False)
    for diagnostic in problem.diagnostics:
        err.print(f"  {diagnostic.span}: {diagnostic.code}: {diagnostic.message}", markup=False)


def show_report(report: RunReport, problems: Sequence[StageProblem]) -> None:
    """Print the table of costs, what is wrong with the stage, and the first errors of lanes."""
    from rich.table import Table

    for problem in problems:
        _print_problem(problem)
    frame, bridge, usd = report.frame_ms, report.bridge_ms, report.stage_ms
    table = Table("behaviour", "prims", "lanes", "ms per frame", "errors", "status", title=f"{report.frames} frames at {report.fps:g} fps")
    for item in report.behaviours:
        table.add_row(item.name, str(item.prims), str(item.lanes), f"{item.ms_per_frame:.3f}", str(item.errors), item.status)
    out.print(table)
    out.print(f"frame p50 {frame.p50:.3f} ms, p95 {frame.p95:.3f} ms, p99 {frame.p99:.3f} ms", markup=False)
    out.print(
        f"of it sandbox p50 {bridge.p50:.3f} ms, USD reads and writes p50 {usd.p50:.3f} ms; peak {report.memory_mb:.0f} MB", markup=False
    )
    for error in report.first_errors:
        place = f"{error.file}:{error.line}: " if error.line else ""
        err.print(f"{error.prim}: {error.behaviour}: frame {error.frame}: {place}{error.error}: {error.message}", style="red", markup=False)
