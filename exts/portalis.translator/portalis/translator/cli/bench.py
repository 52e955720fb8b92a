"""`portalis bench [NAME]`: the benchmarks that measure speed."""

from __future__ import annotations

from typing import Annotated

import typer

from portalis.translator.cli import interrupt
from portalis.translator.cli.output import fail
from portalis.translator.cli.programs import folder, run_program

SPEED = ("translation_latency", "projectile_frame", "bridge_call", "bake", "frames", "growth", "many_prims")
FUZZ = "fuzz"
HELPERS = (
    "common",
    "crowd_peers",
    "fuzz_language",
    "fuzz_stages",
    "glibc_loop",
    "language",
    "language_rust",
    "projectile_peers",
    "soak",
    "stage_bench",
    "stages",
    "tree_driver",
    "write_results",
)


def bench_command(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help=f"One benchmark; without one: {', '.join(SPEED)}.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with one JSON document per benchmark.")] = False,
    minutes: Annotated[float | None, typer.Option(metavar="N", min=0.01, help="How long `fuzz` looks for programs that differ.")] = None,
    rust: Annotated[bool, typer.Option("--rust", help="Let `fuzz` hold Rust to CPython, many programs a crate.")] = False,
) -> None:
    """Measure speed on this machine, or fuzz the language.

    Peers, what users would pick instead, run side by side in the same process.
    """
    if (minutes is not None or rust) and name != FUZZ:
        fail(f"{'--rust' if minutes is None else '--minutes'} is for `portalis bench fuzz`", as_json, [], status=2)
    if name == FUZZ:
        options = [*(["--minutes", str(minutes)] if minutes is not None else []), *(["--rust"] if rust else [])]
        options += ["--json"] if as_json else []
        raise typer.Exit(run_program(folder("benchmarks") / "fuzz_language.py", options))
    programs = {path.stem: path for path in sorted(folder("benchmarks").glob("*.py")) if path.stem not in HELPERS}
    if name is not None and name not in programs:
        fail(f"there is no benchmark {name!r}", as_json, [f"there are: {', '.join((*programs, FUZZ))}"], status=2)
    failed = False
    for item in [name] if name else SPEED:
        status = run_program(programs[item], ["--json"] if as_json else [])
        if status == interrupt.STATUS:
            raise typer.Exit(status)
        failed |= status != 0
    raise typer.Exit(1 if failed else 0)
