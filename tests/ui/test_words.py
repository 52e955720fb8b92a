"""What the window says: in characters that its font has, and one of a thing as one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import portalis.translator
from portalis.translator.ui.models.problems import explanation
from portalis.translator.ui.models.tips import tip
from portalis.translator.ui.models.window import PanelModel
from portalis.translator.words import counted
from tests.ui.test_model import model as model
from tests.ui.test_model import translate

_ROOT = Path(portalis.translator.__file__).parent
# The font that omni.ui brings is loaded with these; whatever else is drawn as nothing, or as a box.
_DRAWN = {*map(chr, range(0x20, 0x100)), "\n", "\t", "…", "\ufffd"}


def said(path: Path) -> Iterator[str]:
    """Give the texts of a module that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    silent = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, kinds) and isinstance(node.body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.value


@pytest.mark.parametrize("folder", ["ui", "diagnostics", "stage/plan", "stage/run", "stage/author", "stage/bake"])
def test_the_font_has_every_character_that_is_said(folder: str) -> None:
    texts = [(path.name, text) for path in (_ROOT / folder).rglob("*.py") for text in said(path)]
    assert len(texts) > 50 and not [(name, text) for name, text in texts if not set(text) <= _DRAWN]


def test_one_of_a_thing_is_one() -> None:
    assert [counted(number, "branch", "branches") for number in (0, 1, 2)] == ["0 branches", "1 branch", "2 branches"]
    assert counted(1, "case") == "1 case" and counted(1200, "case") == "1,200 cases"


def test_no_example_of_other_code_stands_beside_the_users_own() -> None:
    from portalis.translator.diagnostics.catalogue import CATALOGUE

    with_example = [code for code, page in CATALOGUE.items() if page.example_right]
    assert len(with_example) > 20
    assert not [code for code in with_example if CATALOGUE[code].example_right.strip() in explanation(code)]


@pytest.mark.parametrize("text", ["word " * 60, "/World" * 60, "a line\n" + "another, " * 20, ""])
def test_what_is_said_beside_a_pointer_is_in_lines_that_fit_a_small_window(text: str) -> None:
    lines = tip(text).split("\n")
    assert max(map(len, lines)) <= 64 and "".join("".join(lines).split()) == "".join(text.split())


def test_a_verdict_says_what_a_guard_did(model: PanelModel) -> None:
    translate(model, "def f(frame: int):\n    size = frame * frame\n    return size\n")
    assert " guarded (stopped rather than differ from CPython)" in model.message
