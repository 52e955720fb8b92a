"""Nobody answers for a type or node that they did not think of; the exceptions are listed, with the reason why each is safe."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from portalis import translator

from .open_defaults import OpenDefault, open_defaults

ROOT = Path(translator.__file__).parent
# Where a class that is not named gets the answer that is right for every class: no simplification, no knowledge, a refusal.
LOCAL = {
    "backends/llvm/expressions.py:ExpressionWriter.constant_bits": "what is not constant is built when it is wanted",
    "backends/llvm/expressions.py:is_cheap": "what is not known to be cheap is evaluated only where it is wanted",
    "passes/facts/steady.py:SteadyLists._statement": "what any other statement assigns is not counted on",
    "backends/llvm/steady.py:_distance": "an index of any other form is looked at",
    "backends/rust/aggregates.py:Aggregates.offset": "any other index is written as what it is and cast",
    "backends/rust/constructors.py:with_constructors": "asked only of calls and of what makes instances",
    "backends/rust/constructors.py:_made": "any other sequence makes no instance",
    "backends/rust/entries.py:entry_loop": "any other loop is written as what it is",
    "backends/rust/loops.py:Loops.iterable": "any other range is the general one",
    "backends/rust/loops.py:Loops.over_items": "any other loop is written as what it is",
    "backends/rust/statements.py:_returning": "any other body ends as it does",
    "calling/constants.py:constant_slots": "anything else is refused",
    "frontend/calls/gf_sequences.py:construct_from_sequences": "any other arguments are bound to the constructor's parameters, or refused",
    "frontend/read/annotations.py:matches": "any other annotation names one type, which is compared",
    "frontend/lowering/generators.py:_Machine._statement": "a statement that holds no `yield` stays whole, and one that cannot is an error",
    "frontend/lowering/generators.py:_Machine._whole": "any other statement has no way out of what is around it",
    "frontend/types/unions/members.py:coerced": "any other value is one of the type as it stands",
    "ir/shown.py:_Reading._node": "any other expression leads to what its parts lead to",
    "passes/characters.py:_Characters._number": "asked only of what `_is_character` names",
    "passes/characters.py:_Characters.expr": "any other expression stays",
    "passes/characters.py:_is_character": "any other text may be longer",
    "passes/facts/counting.py:_Sums.go_over": "what any other statement assigns is not counted, and so not known",
    "passes/facts/counting.py:_interval": "any other int lies where simple expressions do, or anywhere",
    "passes/facts/assumptions.py:_assume": "any other test says nothing about locals",
    "passes/facts/assumptions.py:_narrow": "any other operand says nothing about locals",
    "passes/facts/assumptions.py:interval_of": "any other int may be any int",
    "passes/fold.py:_Folder.expr": "any other expression stays",
    "passes/fold.py:_Folder.statement": "any other statement stays",
    "passes/lowering/error_edges.py:_Edges.statement": "any other statement has no error of its own: its parts are rewritten",
    "stage/plan/conventions.py:_typed": "any other type is refused",
    "stage/plan/texts.py:_flows": "what is not known to give a text is not counted: a run judges it",
    "stage/plan/texts.py:_sources": "what is not known to be a text is not counted: a run judges it",
    "stage/values.py:_wanted": "any other type does not cross to a stage",
}


def found_in(root: Path) -> list[OpenDefault]:
    return [item for path in sorted(root.rglob("*.py")) for item in open_defaults(root, path)]


def test_no_open_default_on_types_or_nodes() -> None:
    found = found_in(ROOT)
    assert [f"{item.path}:{item.line} {item.function}" for item in found if item.key not in LOCAL] == []
    assert LOCAL.keys() - {item.key for item in found} == set(), "no longer an exception: strike it from the list"


PLANTED = {
    "a case for the rest": """
def is_mutable(type_: Type) -> bool:
    match type_:
        case ListType():
            return True
        case _:
            return False
""",
    "a case for the rest under another name": """
def is_mutable(type_: Type) -> bool:
    match type_:
        case ListType() | VecType():
            return True
        case other:
            return False
""",
    "no case for the rest, and code that goes on": """
def is_mutable(type_: Type) -> bool:
    match type_:
        case ListType():
            return True
    return False
""",
    "a chain of tests": """
def is_mutable(type_: Type) -> bool:
    if isinstance(type_, ListType):
        return True
    if isinstance(type_, VecType | QuatType):
        return True
    return False
""",
    "a chain with else": """
def slots(type_: Type) -> int:
    if isinstance(type_, ListType):
        return type_.length
    elif isinstance(type_, VecType):
        return type_.size
    else:
        return 1
""",
    "nodes in an imported module": """
def may_raise(node: ir.Node) -> bool:
    match node:
        case ir.Raise() | ir.Guard():
            return True
        case _:
            return False
""",
    "an alternative inside a tuple": """
def both(left: Type, right: Type) -> bool:
    match left, right:
        case (ListType(), ListType()):
            return True
        case _:
            return False
""",
}
CLOSED = """
def is_mutable(type_: ListType | VecType) -> bool:
    match type_:
        case ListType():
            return True
        case VecType():
            return False
        case _:
            assert_never(type_)


def is_list(type_: Type) -> bool:
    return isinstance(type_, ListType)


def size(type_: ListType | VecType) -> int:
    match type_:
        case ListType():
            return type_.length
        case VecType():
            return type_.size
"""
HEAD = """from typing import assert_never
from portalis.translator.ir import nodes as ir
from portalis.translator.ir.types import ListType, QuatType, Type, VecType
"""


@pytest.mark.parametrize("text", PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_open_default_is_found(text: str, tmp_path: Path) -> None:
    for room in ("ir", "passes/lanes", "verify"):
        folder = tmp_path / room
        folder.mkdir(parents=True)
        (folder / "planted.py").write_text(HEAD + text)
        assert [item.path for item in found_in(tmp_path)] == [f"{room}/planted.py"]
        shutil.rmtree(folder)


def test_what_is_closed_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text(HEAD + CLOSED)
    assert found_in(tmp_path) == []


def test_a_default_planted_in_a_real_module_is_found(tmp_path: Path) -> None:
    """In a copy of the compiler, the `assert_never` of the printer is replaced by an answer."""
    copy = tmp_path / "ir" / "printer.py"
    copy.parent.mkdir()
    text = (ROOT / "ir" / "printer.py").read_text("utf-8")
    assert text.count("assert_never(statement)") == 1
    copy.write_text(text)
    assert found_in(tmp_path) == []
    copy.write_text(text.replace("assert_never(statement)", 'yield ""'))
    assert [item.function for item in found_in(tmp_path)] == ["_statement"]


def test_a_default_in_the_types_themselves_is_found(tmp_path: Path) -> None:
    copy = tmp_path / "types.py"
    copy.write_text((ROOT / "ir" / "types.py").read_text("utf-8") + PLANTED["a case for the rest"])
    assert [item.path for item in found_in(tmp_path)] == ["types.py"]
