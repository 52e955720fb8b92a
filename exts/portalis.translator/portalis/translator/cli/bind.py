"""`portalis bind`: behaviours onto prims, in a stage or in a layer over it."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from portalis.translator.cli.output import err, fail, os_error, out, print_json, refuse
from portalis.translator.cli.stage import (
    JsonOption,
    StageArgument,
    opens_stages,
    print_problems,
    problem_json,
    refuse_same_file,
    refuse_stage,
)
from portalis.translator.saving import claimed
from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.stage.files import Stage
    from portalis.translator.stage.problems import StageProblem

# Prims that get a binding by composition are named up to this many.
_HEIRS_SHOWN = 8

OverOption = Annotated[Path | None, typer.Option("-o", "--output-stage", help="Author into this layer over STAGE, new or not.")]


@dataclass(frozen=True, slots=True)
class _Bound:
    """What was bound, in words: the function, the bindings, those of them that were there before, and who else gets them.

    `appended` are the transform ops that prims got, with how many did; `ports` what each port of the first binding reads and writes.
    """

    function: str
    keys: tuple[str, ...]
    replaced: tuple[str, ...]
    heirs: tuple[str, ...]
    appended: dict[str, int]
    ports: dict[str, str]
    warnings: tuple[StageProblem, ...]
    # What was verified of the code, in a word, and why it is no more than that.
    verified: str
    why: str


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
    rebind: Annotated[bool, typer.Option("--rebind", help="Replace the binding of that name; its wires stay where they fit.")] = False,
    destination: OverOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bind a behaviour to prims.

    Authors the schemas and the code into the stage, and takes note that you trust the code. Transforms go by name: a parameter or result
    called position, orientation, scale or transform is the prim's own; any other name is an attribute's.
    """
    if len(targets) < 2:
        raise typer.BadParameter("at least one prim and the Python file are needed, such as: portalis bind s.usda /World/Ball ball.py")
    if not Path(_split_name(targets[-1])[0]).is_file() and (
        files := [text for text in targets[:-1] if Path(_split_name(text)[0]).is_file()]
    ):
        raise typer.BadParameter(f"the Python file comes last: portalis bind {stage} … {files[0]}")
    from portalis.translator.diagnostics import TranslationError
    from portalis.translator.stage.collector import collector_paused
    from portalis.translator.stage.problems import StageError

    options: dict[str, Any] = {"instance_name": name, "kind": _kind(kind), "previous": previous or (), "rebind": rebind}
    options |= {"inputs": _pairs(input_ or (), "--input"), "outputs": _pairs(output_ or (), "--output")}
    try:
        # Between reading a stage and saving it, what another program binds would be lost.
        with claimed(destination or stage), collector_paused():
            opened = opened_for_edits(stage, destination, as_json)
            bound = _bind(opened, targets, options)
    except TranslationError as error:
        refuse(error, as_json)
    except StageError as error:
        refuse_stage(error, as_json)
    except OSError as error:
        fail(os_error(error), as_json)
    _tell(bound, str(destination or stage), as_json)


def opened_for_edits(stage: Path, destination: Path | None, as_json: bool) -> Stage:
    """Open a stage, its edits going to the layer over it at `destination` where one is named."""
    from portalis.translator.stage.files import open_over, open_stage, require_writable

    opened = open_stage(stage)
    if destination is None:
        require_writable(opened)
        return opened
    refuse_same_file(stage, destination, as_json)
    return open_over(opened, destination)


def _bind(opened: Stage, targets: Sequence[str], options: dict[str, Any]) -> _Bound:
    """Verify the file, bind it and save the layer that it was bound in."""
    from portalis.translator.frontend import read_source
    from portalis.translator.stage.author.binding import bind
    from portalis.translator.stage.author.trust import Approvals, settings_folder
    from portalis.translator.stage.files import expand
    from portalis.translator.stage.layers import save
    from portalis.translator.stage.plan.discovery import discover
    from portalis.translator.stage.plan.modules import claim
    from portalis.translator.stage.plan.wires import ops_of, wires_of_all
    from portalis.translator.stage.run.engine import TranslatorEngine

    file, function = _split_name(targets[-1])
    engine = TranslatorEngine()
    # Verified before it is bound: a stage never carries code that was refused.
    source = read_source(Path(file))
    behaviour = engine.compile(source, function)
    interface = behaviour.interface
    paths = expand(opened, targets[:-1])
    before = {binding.key for binding in discover(opened).bindings}
    ops = [ops_of(opened, path) for path in paths]
    warnings: list[StageProblem] = []
    options |= {"approvals": Approvals(settings_folder()), "engine": engine, "warn": warnings.append}
    keys = bind(opened, paths, source, interface, **options)
    known, made, found = before.union(keys), frozenset(keys), discover(opened).bindings
    heirs = tuple(str(item.key) for item in found if item.key not in known)
    if behaviour.verdict.status != "verified":
        for path in {path for item in found if item.key in made for path in item.modules}:
            claim(opened, path, source, behaviour.verdict)
    save(opened.GetEditTarget().GetLayer())
    appended = Counter(op for path, there in zip(paths, ops, strict=True) for op in ops_of(opened, path) if op not in there)
    replaced = tuple(str(key) for key in keys if key in before)
    ports = wires_of_all(opened, [item for item in found if item.key in made], interface, behaviour.initial())
    verdict = behaviour.verdict
    named = tuple(map(str, keys))
    return _Bound(interface.name, named, replaced, heirs, dict(appended), ports, tuple(warnings), verdict.status, verdict.why)


def _tell(bound: _Bound, where: str, as_json: bool) -> None:
    if as_json:
        told = dataclasses.asdict(bound) | {"warnings": [problem_json(problem) for problem in bound.warnings]}
        print_json({"ok": True, "stage": where, "bindings": told.pop("keys"), **told})
        return
    print_problems(bound.warnings)
    replaced = f", which replaces {counted(len(bound.replaced), 'binding')} of that name" if bound.replaced else ""
    out.print(f"bound {bound.function} to {counted(len(bound.keys), 'prim')} in {where}{replaced}", markup=False)
    if bound.verified != "verified":
        err.print(f"{bound.verified}: {bound.why}", style="yellow", markup=False)
    for op, number in bound.appended.items():
        out.print(f"  appended {op}, at first the identity, to {counted(number, 'prim')}", markup=False)
    if heirs := bound.heirs:
        shown = ", ".join(heirs[:_HEIRS_SHOWN]) + (f" and {len(heirs) - _HEIRS_SHOWN:,} more" if len(heirs) > _HEIRS_SHOWN else "")
        out.print(f"  which also binds what inherits, specializes or references them: {shown}", markup=False)
    print_ports(bound.ports)


def print_ports(ports: dict[str, str]) -> None:
    """Print what each port reads and writes, one a line."""
    width = max(map(len, ports), default=0)
    for port, words in ports.items():
        out.print(f"  {port:<{width}}  {words}", markup=False)


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
