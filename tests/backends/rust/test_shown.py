"""The crates that the repository shows: what is made of their sources today, and their own tests pass natively."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from portalis.translator.translating.translate import translate
from scripts.make_crates import COMMITTED, MADE_WITH, SHOWN, by_rustc, make
from tests.backends.rust.guest import needs_rustc, rustc


@pytest.mark.skipif(sys.version_info[:2] != MADE_WITH, reason="a crate holds what one version of CPython knows of characters")
@pytest.mark.parametrize("name", COMMITTED)
def test_a_crate_that_is_shown_is_what_is_made_of_its_source(name: str) -> None:
    """`python scripts/make_crates.py --keep` writes them anew."""
    root = SHOWN / name
    shown = {str(path.relative_to(root)): path.read_text("utf-8") for path in root.rglob("*") if path.is_file()}
    made = make(name).files
    assert sorted(made) == sorted(shown)
    assert [path for path, text in made.items() if text != shown[path]] == []


@needs_rustc
def test_a_crate_builds_natively_without_a_warning_and_passes_its_own_tests(tmp_path: Path) -> None:
    assert by_rustc(rustc(), SHOWN / "accounts", "accounts", tmp_path) == {"build": "", "doc": "", "test": ""}


@needs_rustc
def test_a_crate_tells_a_text_that_is_no_key_as_python_does(tmp_path: Path) -> None:
    text = "def f(d: dict[str, int], k: str) -> int:\n    return d[k]\n"
    keys = ("a", "it's", '\\" \u0301\u200b', "\t\x7f\U0001f600")
    crate = translate(text, "f", [f"f({{'b': 1}}, {key!r})" for key in keys]).crate
    assert crate is not None
    for path, part in crate.files.items():
        (tmp_path / "crate" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "crate" / path).write_text(part, "utf-8")
    assert by_rustc(rustc(), tmp_path / "crate", crate.name, tmp_path)["test"] == ""
