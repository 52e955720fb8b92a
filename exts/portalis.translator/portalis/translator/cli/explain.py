"""`portalis explain CODE`: a diagnostic's page; `portalis explain NAME`: what becomes of a function or method."""

from __future__ import annotations

import dataclasses
import difflib
from typing import Annotated

import typer

from portalis.translator.cli.output import fail, out, print_json


def explain_command(
    code: Annotated[
        str | None,
        typer.Argument(metavar="CODE", help="Such as PT101, or a callable such as math.hypot; without one, all codes are listed."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")] = False,
) -> None:
    """Say what a diagnostic means, or what becomes of a function."""
    from portalis.translator.diagnostics.catalogue import CATALOGUE, CodePage
    from portalis.translator.stage.problems import CODES, StageCode

    pages: dict[str, CodePage | StageCode] = {**dict(sorted(CATALOGUE.items())), **dict(sorted(CODES.items()))}
    titles = {key: page.title for key, page in pages.items()}
    if code is None:
        if as_json:
            print_json(titles)
            return
        for key, title in titles.items():
            out.print(f"{key}  {title}", markup=False)
        return
    known = code.upper()
    page = pages.get(known)
    if page is None and _explain_callable(code, as_json):
        return
    if page is None:
        near = difflib.get_close_matches(known, titles, n=3, cutoff=0.5)
        help_ = f"did you mean {', '.join(near)}?" if near else "`portalis explain` lists all"
        fail(f"there is no diagnostic {code!r}", as_json, [help_], status=2)
    if as_json:
        print_json({"code": known, **dataclasses.asdict(page)})
        return
    out.print(f"{known}: {page.title}", style="bold", markup=False)
    if isinstance(page, StageCode):
        out.print(f"\nWhat to do: {page.remedy}", markup=False)
        return
    out.print(f"\n{page.explanation}", markup=False)
    for label, text in (("Refused", page.example_wrong), ("Write instead", page.example_right)):
        if text:
            out.print(f"\n{label}:\n", markup=False)
            out.print("\n".join(f"    {line}" for line in text.strip("\n").splitlines()), markup=False)


def _explain_callable(name: str, as_json: bool) -> bool:
    """Say what becomes of a function or method; False where nothing of that name is known."""
    from portalis.translator.frontend.calls.table import describe_callable

    told = describe_callable(name)
    if told is None:
        return False
    if as_json:
        print_json({"callable": name, "told": told})
    else:
        out.print(told, markup=False)
    return True
