"""The command line's root: every command, and what happens when one fails.

Exit status: 0 done, 1 refused or failed, 2 used wrongly, 128 + n ended by signal n. Commands import what they need when they run,
so that `--help` is instant.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import os
import sys
import traceback
from typing import Annotated, NoReturn

import typer

from portalis.translator.cli import (
    bench,
    bind,
    bindings,
    demo,
    doctor,
    explain,
    interrupt,
    jobs,
    keys,
    render,
    run,
    serve,
    stage,
    studio,
    translate,
)
from portalis.translator.cli.output import err
from portalis.translator.cli.usage import JsonUsage

app = typer.Typer(
    name="portalis",
    cls=JsonUsage,
    help="Ordinary Python, verified against CPython, as sandboxed WebAssembly on USD stages.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("translate")(translate.translate_command)
app.command("bind")(bind.bind_command)
app.command("unbind")(bindings.unbind_command)
app.command("list")(bindings.list_command)
app.command("enable")(bindings.enable_command)
app.command("disable")(bindings.disable_command)
app.command("run")(run.run_command)
app.command("render")(render.render_command)
app.command("check")(stage.check_command)
app.command("serve")(serve.serve_command)
app.add_typer(keys.keys, name="keys")
app.add_typer(jobs.jobs, name="jobs")
app.command("demo")(demo.demo_command)
app.command("bench")(bench.bench_command)
app.command("studio")(studio.studio_command)
app.command("doctor")(doctor.doctor_command)
app.command("explain")(explain.explain_command)


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"portalis {version('portalis-translator')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)] = False,
) -> None:
    """What `portalis` takes before a command."""


def main() -> None:
    """Run the command line; an interrupt ends it with status 130 and no traceback, a mistake of ours with status 1 and one."""
    # Before numpy is imported: OpenBLAS's threads, one for each core, would wait busily for large matrices, which nobody has.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    ending = interrupt.InterruptHandler()
    for stream in (sys.stdout, sys.stderr):
        # What a terminal or a locale has no character for is shown by its number.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        ending.install()
        app()
    except KeyboardInterrupt:
        _end(128 + ending.number if ending.number else interrupt.STATUS)
    except SystemExit:
        if ending.number:
            # Typer ends with 130 whatever the signal was, and a callback may have swallowed it.
            _end(128 + ending.number)
        raise
    except BrokenPipeError:
        # The reader of a pipe (`| head`) went away: nobody is left to tell.
        sys.stderr.close()
        sys.exit(1)
    except Exception:
        # A mistake of ours, whose traceback may quote anybody's text.
        err.print(traceback.format_exc())
        sys.exit(1)


def _end(status: int) -> NoReturn:
    """End with a status after an interrupt. CPython itself would end by SIGINT where one passed through code that a library of C++ ran."""
    atexit._run_exitfuncs()
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)
