"""`portalis run`: what is bound to a stage, frame by frame, without Kit."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from portalis.translator.cli import interrupt
from portalis.translator.cli.output import err, fail, os_error, out, print_json, print_table
from portalis.translator.cli.stage import JsonOption, StageArgument, opens_stages, print_problems, refuse_same_file, refuse_stage
from portalis.translator.saving import claimed, is_one_file, replace_file
from portalis.translator.source import visible_line
from portalis.translator.words import counted

if TYPE_CHECKING:
    from pydantic import BaseModel

    from portalis.translator.stage.bake.baker import Baker
    from portalis.translator.stage.problems import StageProblem
    from portalis.translator.stage.recording.recorder import Recorder
    from portalis.translator.stage.recording.replayer import Difference, Replayer
    from portalis.translator.stage.run.loop import Simulation
    from portalis.translator.stage.run.phases import Phases
    from portalis.translator.stage.run.report import LaneError, RunReport


@opens_stages
def run_command(
    stage: StageArgument,
    frames: Annotated[int | None, typer.Option("--frames", min=1, help="How many; the stage's own range is the default.")] = None,
    fps: Annotated[float | None, typer.Option("--fps", help="Frames per second; the stage's time codes per second is the default.")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Bake the frames into this layer over STAGE.")] = None,
    flatten: Annotated[bool, typer.Option("--flatten", help="Bake one layer that needs no other.")] = False,
    deliver: Annotated[bool, typer.Option("--deliver", help="Flatten, and leave modules and bindings out.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace OUT even where no earlier bake wrote it.")] = False,
    report_file: Annotated[Path | None, typer.Option("--report", metavar="FILE.json", help="Write the costs as JSON.")] = None,
    trust: Annotated[
        list[str] | None, typer.Option("--trust", metavar="PATTERN", help="Run code of this module path, SHA-256 or layer.")
    ] = None,
    record: Annotated[
        Path | None, typer.Option("--record", metavar="FILE", help="Record what every call reads, and digests of results.")
    ] = None,
    replay: Annotated[
        Path | None, typer.Option("--replay", metavar="FILE", help="Run on what was recorded; require the same bits.")
    ] = None,
    lane_fuel: Annotated[
        int | None,
        typer.Option("--lane-fuel", min=1, metavar="N", help="Instructions a lane may use in a frame; a million by default."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Run what is bound, frame by frame.

    Shows the costs. Status 1 where a behaviour was refused or had errors. Ctrl-C ends the run after its frame and keeps what was baked.
    A run that is refused writes nothing.
    """
    if fps is not None and not 0.0 < fps < 1e6:
        raise typer.BadParameter("--fps is a positive number")
    if record is not None and replay is not None:
        raise typer.BadParameter("--record and --replay are two runs")
    if output is None and (flatten or deliver):
        raise typer.BadParameter(f"{'--deliver' if deliver else '--flatten'} needs -o OUT: it says how to write it")
    from portalis.translator.stage.problems import StageError

    job = _Job(stage, frames, fps, output, flatten, deliver, overwrite, report_file, tuple(trust or ()), record, replay, lane_fuel, as_json)
    try:
        with _claims(job), _prepared(job) as run, interrupt.noticed() as asked:
            ended = _run_and_keep(job, run, asked)
    except StageError as error:
        refuse_stage(error, as_json)
    except OSError as error:
        fail(os_error(error), as_json)
    except ValueError as error:
        fail(str(error), as_json)
    _print_ended(ended, output, as_json)
    if ended.interrupted:
        raise typer.Exit(asked.status)
    raise typer.Exit(0 if ended.healthy else 1)


@dataclass(frozen=True)
class _Job:
    """What the command line asks for."""

    stage: Path
    frames: int | None
    fps: float | None
    output: Path | None
    flatten: bool
    deliver: bool
    overwrite: bool
    report_file: Path | None
    trust: tuple[str, ...]
    record: Path | None
    replay: Path | None
    lane_fuel: int | None
    as_json: bool


@dataclass(frozen=True)
class _Run:
    """A simulation that is started, where its frames go and how many are wanted."""

    simulation: Simulation
    baker: Baker | None
    tap: Recorder | Replayer | None
    frames: int
    phases: Phases


@contextlib.contextmanager
def _claims(job: _Job) -> Iterator[None]:
    """Claim what is written over the whole run: two runs into one file would each lose what the other one computed."""
    named = {"-o": job.output, "--record": job.record, "--replay": job.replay, "--report": job.report_file}
    options: dict[Path, str] = {job.stage.resolve(): "STAGE"}
    for option, path in named.items():
        # What is no file, such as /dev/null, holds nothing that could be lost.
        if path is None or (path.exists() and not path.is_file()):
            continue
        if option == "-o":
            refuse_same_file(job.stage, path, job.as_json)
        if (other := options.setdefault(path.resolve(), option)) != option:
            fail(f"{other} and {option} name one file: {path}", job.as_json, [f"name another file with {option}"], status=2)
    if job.record is not None and job.record.exists() and not job.record.is_file():
        fail(f"--record {job.record} is no regular file", job.as_json, ["name another file"], status=2)
    with contextlib.ExitStack() as claims:
        for path in (job.output, job.record):
            if path is not None:
                claims.enter_context(claimed(path))
        yield


def _refuse_layers(job: _Job, opened: Any) -> None:
    """End where a report or a recording would replace a layer of the stage."""
    used = [Path(layer.realPath) for layer in opened.GetUsedLayers() if layer.realPath]
    for option, path in (("--record", job.record), ("--report", job.report_file)):
        if path is not None and any(is_one_file(path, layer) for layer in used):
            fail(f"{option} {path} is a layer of the stage", job.as_json, ["name another file"], status=2)


@contextlib.contextmanager
def _prepared(job: _Job) -> Iterator[_Run]:
    """Open the stage and start what is bound to it; in the end give everything back that was not kept."""
    from portalis.translator.stage.run.phases import Phases

    phases = Phases()
    with phases.phase("imports"):
        from portalis.translator.stage.author.trust import default_policy
        from portalis.translator.stage.columns.units import stage_clock
        from portalis.translator.stage.files import open_stage, own_frames
        from portalis.translator.stage.recording.replayer import Replayer
        from portalis.translator.stage.run.engine import TranslatorEngine, lane_budget
        from portalis.translator.stage.run.loop import Simulation

    with phases.phase("open"):
        opened, fps = open_stage(job.stage), job.fps
    _refuse_layers(job, opened)
    tap = _tap(job.record, job.replay)
    replayed = tap if isinstance(tap, Replayer) else None
    if replayed is not None:
        fps = fps or replayed.fps
        replayed.require_clock(stage_clock(opened, fps))
    count = job.frames or (replayed.header.frames if replayed is not None else own_frames(opened, fps))
    if count is None:
        fail("the stage has no range of its own", job.as_json, ["say how many frames with --frames N"], status=2)
    with _baker(job, opened, phases) as baker:
        sinks = [baker] if baker is not None else []
        policy = default_policy(job.trust)
        # Nobody looks at the stage meanwhile.
        engine = TranslatorEngine(budget=lane_budget(job.lane_fuel))
        started = Simulation(opened, engine, policy, fps=fps, strict=False, sinks=sinks, tap=tap, publish="needed", phases=phases)
        with started as simulation:
            _require_something_bound(job, opened, simulation.report())
            yield _Run(simulation, baker, tap, count, phases)


def _require_something_bound(job: _Job, opened: Any, report: RunReport) -> None:
    from portalis.translator.stage.plan.discovery import discover

    if report.behaviours or report.problems:
        return
    if discover(opened).bindings:
        help_ = "a bake plays back: run the stage that it was made of"
        fail(f"everything that is bound in {job.stage} is disabled", job.as_json, [help_])
    fail(f"nothing is bound in {job.stage}", job.as_json, ["bind a behaviour: portalis bind STAGE PRIM FILE"])


def _run_and_keep(job: _Job, run: _Run, asked: interrupt.Asked) -> _Ended:
    """Run the frames and write what is to be kept of them, also where somebody asks to end meanwhile."""
    from portalis.translator.stage.recording.recorder import Recorder
    from portalis.translator.stage.recording.replayer import Replayer

    simulation, tap = run.simulation, run.tap
    done = 0 if simulation.report().refused else _frames(simulation, run.frames, job.as_json, asked)
    report = simulation.report()
    simulation.stop()
    if done and run.baker is not None:
        with run.phases.phase("bake"):
            run.baker.finish(simulation.clock.fps, flat=job.flatten, deliver=job.deliver)
    report = report.model_copy(update={"seconds": run.phases.seconds()})
    if done and job.report_file is not None:
        _write_model(job.report_file, report)
    if done and job.record is not None and isinstance(tap, Recorder):
        tap.save(job.record, simulation.clock, done)
    difference = tap.end(None if asked.is_set() else done) if isinstance(tap, Replayer) else None
    interrupted = asked.is_set() and done < run.frames
    return _Ended(report, tuple(simulation.problems), done, run.frames, interrupted, isinstance(tap, Replayer), difference)


@dataclass(frozen=True)
class _Ended:
    """A run that is over: its costs, how many of the wanted frames it made, and where it differs from the recording it replayed."""

    report: RunReport
    problems: tuple[StageProblem, ...]
    done: int
    wanted: int
    interrupted: bool
    replayed: bool
    difference: Difference | None

    @property
    def healthy(self) -> bool:
        """Whether every behaviour ran without an error, and as recorded."""
        report = self.report
        ran = bool(report.behaviours) and all(item.status == "ok" and item.lanes and not item.errors for item in report.behaviours)
        refused = any(problem.severity == "error" for problem in self.problems)
        return ran and not refused and self.difference is None


def _print_ended(ended: _Ended, output: Path | None, as_json: bool) -> None:
    if as_json:
        replayed = {"difference": asdict(ended.difference) if ended.difference else None} if ended.replayed else {}
        print_json({"ok": ended.healthy and not ended.interrupted, **replayed, **ended.report.model_dump(mode="json")})
    else:
        show_report(ended.report, ended.problems)
        if output is not None and ended.done:
            out.print(f"wrote {output}", markup=False)
        if ended.difference:
            err.print(f"portalis: --replay: {ended.difference}", style="bold red", markup=False)
    if ended.interrupted:
        err.print(f"interrupted after {ended.done:,} of {counted(ended.wanted, 'frame')}", markup=False)


@contextlib.contextmanager
def _baker(job: _Job, opened: Any, phases: Phases) -> Iterator[Baker | None]:
    if job.output is None:
        yield None
        return
    with phases.phase("imports"):
        from portalis.translator.stage.bake.baker import Baker
        from portalis.translator.stage.layers import overlay
    with phases.phase("open"):
        over = overlay(opened, job.output, overwrite=job.overwrite)
    with contextlib.closing(Baker(over)) as baker:
        yield baker


def _tap(record: Path | None, replay: Path | None) -> Recorder | Replayer | None:
    from portalis.translator.stage.recording.recorder import Recorder
    from portalis.translator.stage.recording.replayer import Replayer

    return Replayer(replay) if replay is not None else Recorder() if record is not None else None


def _write_model(path: Path, model: BaseModel) -> None:
    replace_file(path, f"{model.model_dump_json(indent=2)}\n".encode())


def _frames(simulation: Simulation, count: int, as_json: bool, asked: interrupt.Asked) -> int:
    """Run `count` frames, fewer where somebody asked to end, and return how many were run."""
    from rich.progress import Progress

    with Progress(console=err, transient=True, disable=as_json or not err.is_terminal) as progress:
        task = progress.add_task("frames", total=count)
        for done in range(count):
            if asked.is_set():
                return done
            simulation.step()
            progress.advance(task)
    return count


def show_report(report: RunReport, problems: Sequence[StageProblem]) -> None:
    """Print the table of costs, what is wrong with the stage, and the first errors of lanes."""
    print_problems(problems)
    frame, bridge, usd = report.frame_ms, report.bridge_ms, report.stage_ms
    columns = ("behaviour", "prims", "lanes", "ms per frame", "share", "errors", "status")
    rows = [
        (visible_line(i.name), str(i.prims), str(i.lanes), f"{i.ms_per_frame:.3f}", f"{i.share:.0%}", str(i.errors), i.status)
        for i in report.behaviours
    ]
    print_table(f"{counted(report.frames, 'frame')} at {report.fps:g} fps", columns, rows)
    out.print(f"frame p50 {frame.p50:.3f} ms, p95 {frame.p95:.3f} ms, p99 {frame.p99:.3f} ms", markup=False)
    out.print(
        f"of it sandbox p50 {bridge.p50:.3f} ms, USD reads and writes p50 {usd.p50:.3f} ms; peak {report.memory_mb:.0f} MB", markup=False
    )
    out.print("seconds: " + ", ".join(f"{name} {seconds:.2f}" for name, seconds in report.seconds.items()), markup=False)
    if report.blame:
        out.print(visible_line(report.blame), markup=False)
    _print_errors(report)


def _print_errors(report: RunReport) -> None:
    """Print each error of a behaviour once, where it came first, with how often it was seen."""
    from portalis.translator.stage.run.engine import OUT_OF_FUEL, OUT_OF_TIME

    endless = "; a loop may never end: make sure that each round comes nearer to the end"
    helps = {OUT_OF_FUEL: f"{endless}, or, where it does end, give a lane more with --lane-fuel N", OUT_OF_TIME: endless}
    alike: dict[tuple[str, ...], list[LaneError]] = {}
    for error in report.first_errors:
        alike.setdefault((error.behaviour, error.file, str(error.line), error.error, error.message), []).append(error)
    for errors in alike.values():
        first = errors[0]
        place = f"{first.file}:{first.line}: " if first.line else ""
        more = f" (and {len(errors) - 1:,} more like it)" if len(errors) > 1 else ""
        help_ = helps.get(first.error, "")
        said = f"{first.prim}: {first.behaviour}: frame {first.frame}: {place}{first.error}: {first.message}{more}{help_}"
        err.print(visible_line(said), style="red", markup=False)
    kept, counted_ = len(report.first_errors), sum(item.errors for item in report.behaviours)
    if counted_ > kept:
        err.print(f"{counted_ - kept:,} later errors were counted and not kept", style="red", markup=False)
