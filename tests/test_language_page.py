"""docs/language.md is what its program writes, and every example on it is translated."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile

REPOSITORY = Path(__file__).parents[1]
sys.path.insert(0, str(REPOSITORY / "scripts"))

from write_language_page import EXAMPLES, FRAME  # noqa: E402


def test_the_page_is_what_the_program_writes() -> None:
    command = [sys.executable, "scripts/write_language_page.py", "--check"]
    result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("line", [line for _, lines in EXAMPLES for line in lines])
def test_every_example_is_translated(line: str) -> None:
    source = SourceFile("example.py", FRAME.format(body=f"    {line}"))
    assert lower(source, "example").name == "example"
