"""Wrong usage, told as everything else is: in words, or with `--json` as one document."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup

from portalis.translator.cli.output import fail

# Click's UsageError, wherever this Typer keeps its Click.
_UsageError: Any = typer.BadParameter.__bases__[0]
_AS_JSON = "portalis.as_json"


class JsonUsage(TyperGroup):
    """Commands of which wrong usage is one JSON document too where `--json` stands among the arguments; the status is 2 either way."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Parse what stands before a command."""
        as_json = "--json" in args
        with _told(as_json):
            context = super().make_context(info_name, args, parent, **extra)
        context.meta[_AS_JSON] = as_json
        return context

    def invoke(self, ctx: Any) -> Any:
        """Parse what stands behind a command and run it."""
        with _told(ctx.meta[_AS_JSON]):
            return super().invoke(ctx)


@contextmanager
def _told(as_json: bool) -> Iterator[None]:
    try:
        yield
    except _UsageError as error:
        if not as_json:
            raise
        path = error.ctx.command_path if error.ctx is not None else "portalis"
        fail(error.format_message(), True, [f"`{path} --help` lists what it takes"], status=error.exit_code)
