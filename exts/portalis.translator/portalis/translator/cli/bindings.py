"""`portalis list`, `unbind`, `enable` and `disable`: the bindings that a stage has."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from portalis.translator.cli.bind import OverOption, opened_for_edits, print_ports
from portalis.translator.cli.output import fail, os_error, out, print_json
from portalis.translator.cli.stage import JsonOption, StageArgument, opens_stages, print_problems, problem_json, refuse_stage
from portalis.translator.saving import claimed
from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.stage.files import Stage
    from portalis.translator.stage.plan.listing import Listed

PatternsArgument = Annotated[list[str], typer.Argument(metavar="PRIM...", help="Prim paths; quoted, `*` matches.")]
NameOption = Annotated[str | None, typer.Option("--name", help="Only the binding of this name; all bindings of the prims without it.")]
_Result = TypeVar("_Result")
# Paths that are named in one line.
_SHOWN = 6


@opens_stages
def list_command(stage: StageArgument, as_json: JsonOption = False) -> None:
    """List the bindings of a stage.

    Each with its prim, function, wires and the layer that it is authored in; prims whose bindings are alike share one entry. Nothing is
    translated or run.
    """
    from portalis.translator.stage.files import open_stage
    from portalis.translator.stage.plan.discovery import discover
    from portalis.translator.stage.plan.listing import list_bindings
    from portalis.translator.stage.problems import StageError

    try:
        opened = open_stage(stage)
        listed, problems = list_bindings(opened), discover(opened).problems
    except StageError as error:
        refuse_stage(error, as_json)
    if as_json:
        problem_rows = [problem_json(problem) for problem in problems]
        print_json({"ok": True, "stage": str(stage), "bindings": [dataclasses.asdict(item) for item in listed], "problems": problem_rows})
        return
    print_problems(problems)
    alike: defaultdict[str, list[Listed]] = defaultdict(list)
    for item in listed:
        alike[repr(dataclasses.replace(item, path=""))].append(item)
    for items in alike.values():
        _print_binding(items[0], _shown([item.path for item in items]))
    out.print(f"{counted(len(listed), 'binding')} in {stage}", markup=False)


def _print_binding(item: Listed, paths: str) -> None:
    what = f"{item.function or 'the only function'} of {item.module or 'no module'}"
    settings = [item.phase] if item.phase != "update" else []
    settings += [f"order {item.order}"] if item.order else []
    settings += [f"{item.rate:g} Hz"] if item.rate else []
    kind = f", {item.kind}" if item.kind != "behavior" else ""
    said = f"{paths}  {item.name}{kind}: {what}{''.join(f', {text}' for text in settings)}"
    out.print(said + (f" (does not run: {item.why_not})" if item.why_not else ""), style="dim" if item.why_not else None, markup=False)
    print_ports(item.ports)
    out.print(f"  authored in {', '.join(item.layers)}", markup=False)


@opens_stages
def unbind_command(
    stage: StageArgument, prims: PatternsArgument, name: NameOption = None, destination: OverOption = None, as_json: JsonOption = False
) -> None:
    """Take bindings away.

    What bind authored for them goes with them: their module and the transform ops that it appended, where nothing else uses them.
    Says what stays. Approvals of the code stay too.
    """
    from portalis.translator.stage.author.managing import chosen, unbind

    done = _edited(stage, destination, as_json, lambda opened: unbind(opened, chosen(opened, prims, name)))
    where, keys = str(destination or stage), [str(key) for key in done.keys]
    if as_json:
        left = [dataclasses.asdict(item) for item in done.left]
        print_json({"ok": True, "stage": where, "bindings": keys, "removed": list(done.removed), "left": left})
        return
    out.print(f"unbound {_shown(keys)} in {where}", markup=False)
    if done.removed:
        out.print(f"  removed with it, since nothing else uses it: {_shown(done.removed)}", markup=False)
    for item in done.left:
        out.print(f"  left {item.path}: {item.why}", markup=False)


@opens_stages
def enable_command(
    stage: StageArgument, prims: PatternsArgument, name: NameOption = None, destination: OverOption = None, as_json: JsonOption = False
) -> None:
    """Have bindings run again.

    Refused where the stage would then have an error that it does not have now.
    """
    _switch(stage, prims, name, destination, as_json, enabled=True)


@opens_stages
def disable_command(
    stage: StageArgument, prims: PatternsArgument, name: NameOption = None, destination: OverOption = None, as_json: JsonOption = False
) -> None:
    """Have bindings not run, and keep them."""
    _switch(stage, prims, name, destination, as_json, enabled=False)


def _switch(stage: Path, prims: list[str], name: str | None, destination: Path | None, as_json: bool, *, enabled: bool) -> None:
    from portalis.translator.stage.author.managing import chosen, set_enabled
    from portalis.translator.stage.run.engine import TranslatorEngine

    def edit(opened: Stage) -> tuple[list[str], list[str]]:
        bindings = chosen(opened, prims, name)
        changed = set_enabled(opened, bindings, enabled, TranslatorEngine())
        return [str(key) for key in changed], [str(item.key) for item in bindings if item.key not in changed]

    changed, before = _edited(stage, destination, as_json, edit)
    where, word = str(destination or stage), "enabled" if enabled else "disabled"
    if as_json:
        print_json({"ok": True, "stage": where, "enabled": enabled, "bindings": changed, "unchanged": before})
        return
    if changed:
        out.print(f"{word} {_shown(changed)} in {where}", markup=False)
    if before:
        out.print(f"{word} before: {_shown(before)}", markup=False)


def _edited(stage: Path, destination: Path | None, as_json: bool, edit: Callable[[Stage], _Result]) -> _Result:
    """Open a stage, edit it and save the layer that was edited, or end with the reason why not."""
    from portalis.translator.stage.layers import save
    from portalis.translator.stage.problems import StageError

    try:
        # As for bind: between reading and saving, what another program binds would be lost.
        with claimed(destination or stage):
            opened = opened_for_edits(stage, destination, as_json)
            result = edit(opened)
            save(opened.GetEditTarget().GetLayer())
    except StageError as error:
        refuse_stage(error, as_json)
    except OSError as error:
        fail(os_error(error), as_json)
    return result


def _shown(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
