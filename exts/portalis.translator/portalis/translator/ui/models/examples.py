"""The demos and the pages of the cookbook as stages to open: each is made anew, in a folder of the user's own."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MISSING = "the examples are not part of this installation: clone the repository and start the studio there"
_PORTALIS = "import sys; from portalis.translator.cli import main; sys.argv[0] = 'portalis'; main()"
_LIVE = """import sys
from pathlib import Path
from portalis.translator.stage.registry import register_schemas
from portalis.translator.stage.run.engine import TranslatorEngine
register_schemas()
sys.path.insert(0, sys.argv[1])
import live
live.build(Path.cwd(), TranslatorEngine(), 240, 60.0)
"""
# The fluid is stepped by its own program beside the run: its stage alone stands still.
_NOT_ALONE = ("fluid",)
_ROW = re.compile(r"^\| \[(.+?)\]\(([\w/]+)\.md\) \| (.+?) \|$", re.MULTILINE)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_NAMED = re.compile(r"# ([\w.]+\.\w+)\n(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """What it is called and shows, the files it begins with, the programs that make its stage, and that stage's file."""

    name: str
    title: str
    shows: str
    files: tuple[tuple[str, str], ...]
    commands: tuple[tuple[str, ...], ...]
    stage: str


class Stopped(Exception):
    """Somebody asked for no more of it."""


def find_examples(start: Path = Path(__file__)) -> tuple[Example, ...]:
    """Return the examples that are in a folder above `start`: the cookbook's pages, then the demos; none where there are none."""
    for parent in start.resolve().parents:
        if (parent / "docs" / "cookbook" / "README.md").is_file():
            return (*_pages(parent / "docs" / "cookbook"), *_demos(parent / "demos"))
    return ()


def _pages(folder: Path) -> Iterator[Example]:
    for title, name, shows in _ROW.findall((folder / "README.md").read_text(encoding="utf-8")):
        files, lines = [], []
        for _, body in _FENCE.findall((folder / f"{name}.md").read_text(encoding="utf-8")):
            named = _NAMED.fullmatch(body)
            if named:
                files.append((named[1], named[2]))
            lines += [line[2:] for line in body.replace("\\\n", "").splitlines() if line.startswith("$ ")]
        commands = []
        for line in lines:
            words = shlex.split(line, comments=True)
            if words[:2] == ["portalis", "run"]:
                break
            commands.append(tuple(words))
        stage = next(words[2] for words in commands if words[:2] == ("portalis", "bind"))
        yield Example(name, title, _plain(shows), tuple(files), tuple(map(_command, commands)), stage)


def _demos(folder: Path) -> Iterator[Example]:
    readme = folder / "README.md"
    for name, page, shows in _ROW.findall(readme.read_text(encoding="utf-8")) if readme.is_file() else ():
        own = folder / Path(page).parent
        if name not in _NOT_ALONE and (own / "live.py").is_file():
            yield Example(
                name, f"Demo: {name.replace('_', ' ')}", _plain(shows), (), ((sys.executable, "-c", _LIVE, str(own)),), "scene.usda"
            )


def _command(words: tuple[str, ...]) -> tuple[str, ...]:
    return (sys.executable, *words[1:]) if words[0] == "python" else (sys.executable, "-c", _PORTALIS, *words[1:])


def _plain(text: str) -> str:
    return text.replace("`", "")


class Making:
    """One example being made in a folder; `make` is for a job's thread, `stop` for any other."""

    def __init__(self, example: Example, below: Path) -> None:
        self.example = example
        self._below = below
        self._stopped = threading.Event()
        self._process: subprocess.Popen[str] | None = None

    def make(self) -> Path:
        """Make the stage and return its file; Stopped where that was asked for, RuntimeError or OSError where it cannot be made."""
        folder = self._folder()
        for name, text in self.example.files:
            (folder / name).write_text(text, encoding="utf-8")
        for command in self.example.commands:
            if self._stopped.is_set():
                raise Stopped
            self._process = subprocess.Popen(
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
            if self._stopped.is_set():
                self._process.kill()
            said, _ = self._process.communicate()
            if self._stopped.is_set():
                raise Stopped
            if self._process.returncode != 0:
                raise RuntimeError(said.strip().rpartition("\n")[2] or f"a program ended with {self._process.returncode}")
        return folder / self.example.stage

    def stop(self) -> None:
        """Have no more of it made."""
        self._stopped.set()
        if self._process is not None:
            self._process.kill()

    def _folder(self) -> Path:
        """Make a folder of its own: what somebody changed in one that was made before is theirs."""
        number = 1
        while True:
            folder = self._below / (self.example.name if number == 1 else f"{self.example.name}_{number}")
            try:
                folder.mkdir(parents=True)
            except FileExistsError:
                number += 1
            else:
                return folder
