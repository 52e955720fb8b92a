"""The front-end's own rules: which stage sees which, what lowering may not do, and how large a part of it may be."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import portalis.translator.frontend as frontend
from portalis.translator.frontend.infer.syntax import SYNTAX
from portalis.translator.frontend.types.table import BEHAVIOURS
from portalis.translator.ir import types

FRONTEND = Path(frontend.__file__).parent
PREFIX = "portalis.translator.frontend."
# A stage sees itself and what stands before it.
STAGES = ("lowered", "read", "facts", "types", "calls", "infer", "represent", "lowering", "assemble")
SIBLINGS, MODULE_LINES, FUNCTION_LINES = 15, 400, 60


def modules(folder: Path = FRONTEND) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def wrong_arrows(folder: Path) -> list[str]:
    """List the imports from a stage of one that comes after it."""
    wrong = []
    for path in modules(folder):
        stage = path.relative_to(folder).parts[0].removesuffix(".py")
        if stage == "__init__":
            continue
        for name in imported(path):
            target = name.removeprefix(PREFIX).split(".")[0] if name.startswith(PREFIX) else ""
            # What reading hands on and what is handed out at the end are made of one another.
            if target and STAGES.index(target) > STAGES.index(stage) and (stage, target) != ("lowered", "read"):
                wrong.append(f"{stage} imports {target}")
    return wrong


def refusals_in(folder: Path) -> list[str]:
    """List the calls in a folder whose name says that something is refused."""
    calls = [node for path in modules(folder) for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    names = [node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "") for node in calls]
    return [name for name in names if "refuse" in name or name == "observe"]


def too_large(folder: Path) -> list[str]:
    """List folders, modules and functions beyond the limits."""
    found = []
    for directory in [folder, *(item for item in folder.rglob("*") if item.is_dir() and item.name != "__pycache__")]:
        siblings = [item for item in directory.iterdir() if item.name != "__pycache__"]
        if len(siblings) > SIBLINGS:
            found.append(f"{directory.name}: {len(siblings)} siblings")
    for path in modules(folder):
        text = path.read_text("utf-8")
        if text.count("\n") > MODULE_LINES:
            found.append(f"{path.name}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES:
                found.append(f"{path.name}: {node.name}")
    return found


def test_a_stage_sees_what_comes_before_it() -> None:
    assert wrong_arrows(FRONTEND) == []


def test_lowering_refuses_nothing() -> None:
    assert refusals_in(FRONTEND / "lowering") == []


def test_every_part_can_be_read_at_once() -> None:
    assert too_large(FRONTEND) == []


@pytest.mark.parametrize("stage", ["types", "calls", "infer", "represent", "lowering"])
def test_planted_mistakes_are_seen(tmp_path: Path, stage: str) -> None:
    place = tmp_path / stage
    place.mkdir()
    lines = [f"from {PREFIX}assemble import session", "def late():", "    infer.refuse()", *["    pass"] * 61, *["x = 1"] * 400]
    (place / "planted.py").write_text("\n".join(lines))
    for number in range(SIBLINGS):
        (place / f"sibling{number}.py").write_text("")
    assert wrong_arrows(tmp_path) == [f"{stage} imports assemble"]
    assert refusals_in(place) == ["refuse"]
    assert {line.split(":")[0] for line in too_large(tmp_path)} == {stage, "planted.py"}
    assert "planted.py: late" in too_large(tmp_path)


def test_every_kind_of_syntax_has_a_handler() -> None:
    kinds = [kind for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.expr | ast.stmt)]
    assert len(kinds) >= 54
    assert set(SYNTAX.expressions) == {kind for kind in kinds if issubclass(kind, ast.expr)}
    assert set(SYNTAX.statements) == {kind for kind in kinds if issubclass(kind, ast.stmt)}


def test_every_type_has_a_behaviour() -> None:
    assert set(BEHAVIOURS) == set(types.Type.__args__)


def test_every_module_is_imported_by_name() -> None:
    for module in pkgutil.walk_packages(frontend.__path__, PREFIX):
        importlib.import_module(module.name)
