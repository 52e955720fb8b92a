"""The files and commands of a page, and what runs them as they stand there.

A fenced block that begins with `# NAME.EXT` is a file of that name. A line that begins with `$ ` is a command; the lines below it, up to
the next command, are lines of its output, where `…` stands for anything. `# 1` behind a command is the status that it ends with.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import runpy
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from typer.testing import CliRunner

from portalis.translator.cli.app import app
from portalis.translator.stage.registry import register_schemas
from portalis.translator.stage.run.engine import TranslatorEngine
from portalis.translator.translating.options import Options

REPOSITORY = Path(__file__).parents[2]
# Few cases, because what is looked at is the page; each behaviour is translated once for all its commands.
_ENGINE = TranslatorEngine(Options(cases=16))
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_NAMED = re.compile(r"# ([\w.]+\.\w+)\n(.*)", re.DOTALL)


@dataclass(frozen=True)
class Command:
    """A command, its exit status, and lines of what it prints."""

    line: str
    status: int
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """A page of the documents."""

    path: Path
    files: tuple[tuple[str, str], ...]
    commands: tuple[Command, ...]
    # Python that is no file: pieces that run one after the other, as in an interpreter.
    pieces: tuple[str, ...]

    def write_files(self, folder: Path) -> None:
        """Write the files of the page into a folder."""
        for name, text in self.files:
            (folder / name).write_text(text, encoding="utf-8")


def read_page(path: Path) -> Page:
    """Read what is to be run of a page."""
    files, commands, pieces = [], [], []
    for language, body in _FENCE.findall(path.read_text(encoding="utf-8")):
        named = _NAMED.fullmatch(body)
        if named:
            files.append((named[1], named[2]))
        elif language == "python":
            pieces.append(body)
        commands.extend(_commands(body) if language in ("", "console", "bash") else ())
    return Page(path, tuple(files), tuple(commands), tuple(pieces))


def _commands(body: str) -> Iterator[Command]:
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        first, *shown = part.replace("\\\n", "").rstrip().splitlines()
        line, _, status = re.fullmatch(r"(.*?)((?:  +# (\d)\b.*)?)", first).groups()  # type: ignore[union-attr]
        yield Command(line.strip(), int(status or 0), tuple(text.rstrip() for text in shown if text.strip()))


def run_commands(page: Page, folder: Path, only: tuple[str, ...] = ()) -> None:
    """Run every command of a page, or those of some programs, in a folder that has its files; raises where one says otherwise."""
    for command in page.commands:
        program, *arguments = shlex.split(command.line, comments=True)
        if only and program not in only:
            continue
        status, output = run_command(program, arguments, folder)
        assert status == command.status, f"{page.path.name}: {command.line}: {status}\n{output}"
        assert "Traceback" not in output, f"{page.path.name}: {command.line}\n{output}"
        _compare_output(command, output)


def _compare_output(command: Command, output: str) -> None:
    lines = iter(output.splitlines())
    for shown in command.shown:
        pattern = ".*".join(re.escape(part) for part in shown.split("…"))
        assert any(re.fullmatch(pattern, line.rstrip()) for line in lines), f"{command.line} prints no {shown!r}, in this order:\n{output}"


def run_command(program: str, arguments: list[str], folder: Path) -> tuple[int, str]:
    """Run a command in a folder, Portalis and short programs in this process, which saves their start.

    Returns its exit status and what it printed.
    """
    register_schemas()
    with inside(folder):
        if program == "portalis":
            with mock.patch("portalis.translator.stage.run.engine.TranslatorEngine", lambda **_options: _ENGINE):
                result = CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})
            return result.exit_code, result.output
        if program == "python" and len(arguments) == 1:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                runpy.run_path(arguments[0], run_name="__main__")
            return 0, printed.getvalue()
        command = [sys.executable if program == "python" else program, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        return done.returncode, done.stdout + done.stderr


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    before, settings = os.getcwd(), os.environ.get("PORTALIS_CONFIG")
    os.chdir(folder)
    # Approvals made by a page are not the user's.
    os.environ["PORTALIS_CONFIG"] = str(folder / "settings")
    try:
        yield
    finally:
        os.chdir(before)
        if settings is None:
            del os.environ["PORTALIS_CONFIG"]
        else:
            os.environ["PORTALIS_CONFIG"] = settings
