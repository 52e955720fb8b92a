"""Write docs/commands.md: every command with its arguments and options, as `--help` tells them.

python scripts/write_commands_page.py            # rewrite the page
python scripts/write_commands_page.py --check    # exit status 1 where the page is not what this program writes
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from portalis.translator.cli.app import app

PAGE = Path(__file__).parents[1] / "docs" / "commands.md"
INTRODUCTION = """\
<!-- Written by scripts/write_commands_page.py from the commands themselves: run it again. -->
# Commands

Every command, its arguments and options: what `--help` prints. Status 0: done; 1: refused or failed; 2: used wrongly; 128 + n: ended by
signal n ([Headless and farm](farm.md)).
"""


def page() -> str:
    """Return the page's text."""
    group: Any = get_command(app)
    parts = [INTRODUCTION]
    for name, command in sorted(group.commands.items()):
        if not command.hidden:
            parts += _command(name, command)
    return "\n".join(parts).rstrip() + "\n"


def _command(name: str, command: Any) -> Iterator[str]:
    context = command.context_class(command, info_name=f"portalis {name}")
    usage = " ".join(piece.replace("{", "").replace("}", "") for piece in command.collect_usage_pieces(context))
    yield from (f"## portalis {name}", "", _escaped(inspect.cleandoc(command.help or "")), "")
    yield from ("```text", f"portalis {name} {usage}", "```", "")
    told = [record for one in command.params if (record := one.get_help_record(context))]
    if told:
        yield from ("| | |", "|---|---|")
        yield from (f"| `{left.replace('|', chr(92) + '|')}` | {_escaped(right)} |" for left, right in told)
        yield ""


def _escaped(text: str) -> str:
    """Return text whose marks are not taken for Markdown's, but for code in backticks."""
    parts = text.split("`")
    parts[::2] = [part.replace("*", "\\*").replace("<", "\\<").replace("|", "\\|") for part in parts[::2]]
    return "`".join(parts)


if __name__ == "__main__":
    # Of the folder of this script, which is on the path when it is run and not when it is imported.
    from generated import write_or_check

    sys.exit(write_or_check(PAGE, page(), __doc__ or ""))
