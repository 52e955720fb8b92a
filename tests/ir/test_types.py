"""Every type states its facts, and asking for one never walks a type twice."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys
from pathlib import Path
from typing import get_args

import mypy.api
import pytest

from portalis.translator.ir import types
from portalis.translator.ir.types import (
    BOOL,
    BYTEARRAY,
    COMPLEX,
    FLOAT,
    INT,
    NEVER,
    NONE,
    OCTETS,
    STR,
    TEXT,
    WIDE,
    ComplexType,
    DictRef,
    FunctionType,
    LibraryRef,
    ListRef,
    ListType,
    MatrixType,
    QuatType,
    RecordType,
    SetRef,
    TupleType,
    Type,
    TypeFacts,
    UnionType,
    VecType,
    union_of,
)

FACTS = [name for name, item in vars(TypeFacts).items() if isinstance(item, property)]
BALL = RecordType("Ball", (("speed", FLOAT), ("place", VecType(3, "f")), ("tags", TupleType((STR, NONE, BOOL)))))
EXAMPLES: list[tuple[Type, bool, tuple[str, ...], int]] = [
    (INT, False, ("i64",), 1),
    (FLOAT, False, ("f64",), 1),
    (BOOL, False, ("bool",), 1),
    (NONE, False, (), 1),
    (STR, False, ("i64",), 1),
    (TupleType((INT, BOOL)), False, ("i64", "bool"), 3),
    (TupleType((INT, ListType(BOOL, 2))), True, ("i64", "bool", "bool"), 5),
    (ListType(TupleType((NONE, FLOAT)), 2), True, ("f64", "f64"), 7),
    (VecType(2, "d"), True, ("f64", "f64"), 3),
    (VecType(3, "f"), True, ("f32", "f32", "f32"), 4),
    (QuatType("d"), True, ("f64",) * 4, 5),
    (QuatType("f"), True, ("f32",) * 4, 5),
    (MatrixType(3), True, ("f64",) * 9, 10),
    (NEVER, False, (), 1),
    (TEXT, False, ("i64",), 1),
    (WIDE, False, ("i64",), 1),
    (ListRef(ListRef(INT)), False, ("i64",), 3),
    (DictRef(TEXT, ListRef(FLOAT)), False, ("i64",), 4),
    (SetRef(INT), False, ("i64",), 2),
    (LibraryRef("re.Match", (("text", TEXT), ("marks", ListRef(INT)))), False, ("i64",), 4),
    (TupleType((INT, ListRef(INT))), False, ("i64", "i64"), 4),
    (UnionType((NONE, INT)), False, ("i64", "i64"), 3),
    (UnionType((FLOAT, TEXT, TupleType((INT, INT)))), False, ("i64", "i64", "i64"), 6),
    (FunctionType("g", ()), False, (), 1),
    (COMPLEX, False, ("f64", "f64"), 3),
    (OCTETS, False, ("i64",), 1),
    (BYTEARRAY, False, ("i64",), 3),
    (BALL, True, ("f64", "f32", "f32", "f32", "i64", "bool"), 10),
]


@pytest.mark.parametrize(("type_", "mutable", "slots", "parts"), EXAMPLES, ids=lambda value: str(value) if hasattr(value, "slots") else "")
def test_facts(type_: Type, mutable: bool, slots: tuple[str, ...], parts: int) -> None:
    assert (type_.mutable, type_.slots, type_.slot_count, type_.parts) == (mutable, slots, len(slots), parts)
    assert sum(item.slot_count for item in type_.elements) == (type_.slot_count if type_.elements else 0)


def test_every_type_is_among_the_examples() -> None:
    assert {type(item) for item, *_ in EXAMPLES} == set(get_args(Type))
    scalars = {type(item) for item in (INT, FLOAT, BOOL, NONE, STR, NEVER)}
    others = {*types.REFERENCES, UnionType, FunctionType, ComplexType}
    assert {kind for kind in get_args(Type) if kind not in types.AGGREGATES} == scalars | others


def test_whoever_holds_a_reference_says_so() -> None:
    assert {str(item) for item, *_ in EXAMPLES if item.refers} == {
        "str", "list[list[int]]", "dict[str, list[float]]", "set[int]", "tuple[int, list[int]]", "re.Match",
        "bigint", "None | int", "float | str | tuple[int, int]", "nothing",
        "bytes", "bytearray", "complex",
    }  # fmt: skip
    assert not any(item.duplicable for item, *_ in EXAMPLES if item.refers and item not in (UnionType((NONE, INT)), NEVER, COMPLEX))


def test_members_are_flat_and_in_one_order() -> None:
    assert union_of((FLOAT, INT)) == union_of((INT, FLOAT, INT)) == UnionType((INT, FLOAT)) != UnionType((INT, BOOL))
    assert union_of((TEXT, union_of((FLOAT, NONE)))) == UnionType((NONE, FLOAT, TEXT))
    assert union_of((INT, INT)) == INT


def test_where_a_list_was_made_is_no_part_of_its_type() -> None:
    assert ListRef(INT, site=1) == ListRef(INT, site=2) != ListRef(FLOAT, site=1)
    assert hash(ListRef(INT, site=1)) == hash(ListRef(INT, site=2))


def test_a_fact_that_a_type_leaves_out_is_missed() -> None:
    assert {"python_class", "mutable", "duplicable", "equality", "elements", "slots", "slot_count", "parts", "refers"} <= set(FACTS)

    class Forgetful:
        mutable = True

    assert [name for name in FACTS if not hasattr(Forgetful, name)]
    for kind in get_args(Type):
        assert not [name for name in FACTS if not hasattr(kind, name)], kind


PLANTED = """
@dataclass(frozen=True, slots=True)
class BytesType(_Scalar):
    python_class: ClassVar[str] = "bytes"
    duplicable: ClassVar[bool] = False
    equality: ClassVar[Equality] = "slots"
    slots: ClassVar[tuple[Slot, ...]] = ("i64",)
    slot_count: ClassVar[int] = 1
"""


@pytest.mark.parametrize("mutable", ["", "    mutable: ClassVar[bool] = False\n"], ids=["left out", "stated"])
def test_mypy_refuses_a_type_that_leaves_a_fact_out(mutable: str, tmp_path: Path) -> None:
    text = Path(types.__file__).read_text("utf-8")
    text = text.replace("\n\nReference: TypeAlias = ", f"\n{PLANTED}{mutable}\n\nReference: TypeAlias = BytesType | ")
    assert PLANTED in text
    (tmp_path / "planted.py").write_text(text)
    out, _, status = mypy.api.run(["--strict", "--config-file=", f"--cache-dir={tmp_path / 'cache'}", str(tmp_path / "planted.py")])
    assert (status == 0) == bool(mutable), out
    assert bool(mutable) or 'has no attribute "mutable"' in out


def test_equality_says_whether_slots_decide() -> None:
    assert [item.equality for item in (INT, BOOL, STR, NONE)] == ["slots"] * 4
    assert FLOAT.equality == "ieee"
    assert {item.equality for item, *_ in EXAMPLES if item.elements} == {"elements"}


def test_a_type_of_endless_text_is_asked_in_no_time() -> None:
    """`b = (a, a); c = (b, b); …`: 2**2000 slots in 2000 objects. Whatever walked them twice would not end."""
    type_: Type = VecType(3, "d")
    for _ in range(2000):
        type_ = TupleType((type_, type_))
    assert type_.mutable and type_.duplicable
    assert type_.slot_count == 3 * 2**2000
    assert type_.parts == 4 * 2**2000 + 2**2000 - 1
    assert hash(type_) == hash(type_) and type_ == type_ and type_ != FLOAT
    assert {type_: 1}[type_] == 1


def test_a_type_is_the_same_in_another_process() -> None:
    """Hashes of text differ from process to process, so that a hash kept inside a type must not travel."""
    stream = pickle.dumps((BALL, ListType(BALL, 3)))
    code = (
        "import pickle, sys; from tests.ir.test_types import BALL; from portalis.translator.ir.types import ListType\n"
        "ball, balls = pickle.loads(sys.stdin.buffer.read()); assert {BALL: 1}[ball] == 1; assert {ListType(BALL, 3): 1}[balls] == 1"
    )
    subprocess.run([sys.executable, "-c", code], input=stream, check=True)


def test_there_is_one_object_of_each_type_without_elements() -> None:
    """They are compared by identity, so that a second one would be another type."""
    for one in (INT, FLOAT, BOOL, NONE, STR, NEVER):
        assert type(one)() is pickle.loads(pickle.dumps(one)) is copy.deepcopy(one) is dataclasses.replace(one) is one
        assert hash(one) == hash(())
