"""`portalis explain CODE`: a diagnostic's page."""

from __future__ import annotations

import difflib
from typing import Annotated

import typer

from portalis.translator.cli.output import fail, out, print_json


def explain_command(
    code: Annotated[str | None, typer.Argument(metavar="CODE", help="Such as PT101; without one, all are listed.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")] = False,
) -> None:
    """Say what a diagnostic means and what to write instead."""
    from portalis.translator.diagnostics_catalogue import CATALOGUE
    from portalis.translator.stage.problems import CODES

    titles = {key: page.title for key, page in sorted(CATALOGUE.items())} | dict(sorted(CODES.items()))
    if code is None:
        if as_json:
            print_json(titles)
            return
        for key, title in titles.items():
            out.print(f"{key}  {title}", markup=False)
        return
    if code.upper() in CODES:
        if as_json:
            print_json({"code": code.upper(), "title": CODES[code.upper()]})
        else:
            out.print(f"{code.upper()}: {CODES[code.upper()]}", markup=False)
        return
    page = CATALOGUE.get(code.upper())
    if page is None:
        near = difflib.get_close_matches(code.upper(), titles, n=3, cutoff=0.5)
        fail(
            f"there is no diagnostic {code!r}", as_json, [f"did you mean {', '.join(near)}?"] if near else ["`portalis explain` lists all"]
        )
    if as_json:
        print_json(
            {"code": code.upper(), **{name: getattr(page, name) for name in ("title", "explanation", "example_wrong", "example_right")}}
        )
        return
    out.print(f"{code.upper()}: {page.title}", style="bold", markup=False)
    out.print(f"\n{page.explanation}", markup=False)
    for label, text in (("Refused", page.example_wrong), ("Write instead", page.example_right)):
        if text:
            out.print(f"\n{label}:\n", markup=False)
            out.print("\n".join(f"    {line}" for line in text.strip("\n").splitlines()), markup=False)
