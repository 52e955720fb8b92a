"""`portalis translate --check`: what of a code base is translated, what is refused, and what would unlock most of it."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from portalis.translator.cli.output import diagnostic_json, err, fail, os_error, out, print_json
from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.translating.survey import Surveyed, Unit


def survey_command(place: str, cases: int, as_json: bool) -> NoReturn:
    """Translate every function and behaviour class under a folder, or of a file, and show a summary; status 1 where any is refused."""
    from portalis.translator.translating.survey import python_files, units_of

    folder = Path(place)
    if not folder.exists():
        fail(f"there is no folder or file {place}", as_json, status=2)
    try:
        files = python_files(folder)
    except OSError as error:
        fail(f"cannot read {os_error(error)}", as_json)
    if not files:
        fail(f"{place} holds no Python file", as_json, status=2)
    units, unreadable = units_of(files)
    surveyed = [*unreadable, *_with_progress(units, cases)]
    if as_json:
        print_json(_document(len(files), surveyed))
    else:
        _show(place, len(files), surveyed)
    raise typer.Exit(0 if all(item.status.endswith("verified") for item in surveyed) else 1)


def _with_progress(units: Sequence[Unit], cases: int) -> Iterator[Surveyed]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from portalis.translator.translating.survey import survey

    columns = (MofNCompleteColumn(), BarColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=err, disable=not err.is_terminal, transient=True) as progress:
        task = progress.add_task("", total=len(units))
        for unit in units:
            progress.update(task, description=f"{unit.path.name}: {unit.name}".translate({ord("["): "("}))
            yield survey(unit, cases)
            progress.advance(task)


def _document(files: int, surveyed: Sequence[Surveyed]) -> dict[str, object]:
    from portalis.translator.translating.survey import blockers

    return {
        "ok": all(item.status.endswith("verified") for item in surveyed),
        "files": files,
        "statuses": Counter(item.status for item in surveyed),
        "blockers": [dataclasses.asdict(item) for item in blockers(surveyed)],
        "functions": [
            {
                "file": item.path,
                "name": item.name,
                "line": item.line,
                "status": item.status,
                "diagnostics": [diagnostic_json(one) for one in item.diagnostics],
            }
            for item in surveyed
        ],
    }


def _show(place: str, files: int, surveyed: Sequence[Surveyed]) -> None:
    from portalis.translator.translating.survey import blockers

    units = [item for item in surveyed if item.status != "unreadable"]
    statuses = Counter(item.status for item in units)
    translated = statuses["verified"] + statuses["weakly verified"]
    share = f" ({100 * translated / len(units):.0f} %)" if units else ""
    out.print(f"{place}: {counted(files, 'file')}, {counted(len(units), 'function')}: {translated:,} translated{share}", style="bold")
    for status, count in statuses.most_common():
        out.print(f"  {count:>6,} {status}")
    for item in surveyed:
        if item.status == "unreadable":
            why = f"{item.diagnostics[0].code}: {item.diagnostics[0].message}" if item.diagnostics else "cannot be read"
            out.print(f"  {item.path}: {why}")
    ranked = blockers(surveyed)
    if not ranked:
        return
    out.print("what stands in the way, first what unlocks most:")
    for blocker in ranked:
        then = f"without it and all above {translated + blocker.unlocked:,} are translated"
        out.print(f"  {blocker.code}  refuses {blocker.refuses:,}, alone {blocker.alone:,}; {then}", style="bold")
        for message, count, where in blocker.messages:
            out.print(f"         {count:,} × {message} ({where})")
    out.print("`portalis explain CODE` tells more; --json lists every function with its reasons")
