"""Every page of docs/: its files, commands and pieces of Python, run as they stand there."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from portalis.translator.cli.app import app
from tests.pages.snippets import REPOSITORY, inside, read_page, run_commands

DOCS = REPOSITORY / "docs"
# Their own tests look closer: binding.md at what is authored, the cookbook at every value.
ELSEWHERE = {"binding"}
PAGES = {path.stem: read_page(path) for path in sorted(DOCS.glob("*.md"))}
RUN = [name for name, page in PAGES.items() if name not in ELSEWHERE and (page.commands or page.pieces)]


@pytest.mark.parametrize("name", RUN)
def test_what_stands_on_the_page_runs(name: str, tmp_path: Path) -> None:
    page = PAGES[name]
    page.write_files(tmp_path)
    run_commands(page, tmp_path)
    with inside(tmp_path):
        names: dict[str, object] = {"__name__": "__page__"}
        for piece in page.pieces:
            exec(compile(piece, f"{name}.md", "exec"), names)


@pytest.mark.parametrize("name", PAGES)
def test_every_file_of_the_page_is_used(name: str) -> None:
    page = PAGES[name]
    said = " ".join(command.line for command in page.commands)
    assert not [file for file, _ in page.files if file not in said and not file.endswith((".yml", ".csv"))]


def test_the_workflow_of_the_farm_page_is_one(tmp_path: Path) -> None:
    yaml = pytest.importorskip("yaml")
    PAGES["farm"].write_files(tmp_path)
    (job,) = yaml.safe_load((tmp_path / "stage.yml").read_text())["jobs"].values()
    commands = [step["run"] for step in job["steps"] if "run" in step]
    parser = get_command(app)
    for command in commands:
        program, *arguments = shlex.split(command)
        if program == "portalis":
            # Parsed, not run: an option that does not exist is a usage error.
            parser.commands[arguments[0]].make_context(command, arguments[1:])  # type: ignore[attr-defined]
    assert sum(command.startswith("portalis ") for command in commands) == 2
