"""Messages on the host's side: whatever is written comes back with its sharing; whatever else comes is no message."""

from __future__ import annotations

import math
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pxr import Gf

from portalis.translator.calling.changes import refuse_shared_values
from portalis.translator.calling.wire import (
    MAX_MESSAGE,
    MalformedMessage,
    MessageReader,
    MessageWriter,
    Misfit,
    TooLong,
    require_message,
)
from portalis.translator.diagnostics import GuardError
from portalis.translator.ir.types import (
    BOOL,
    FLOAT,
    INT,
    NEVER,
    NONE,
    TEXT,
    DictRef,
    ListRef,
    MatrixType,
    QuatType,
    SetRef,
    TupleType,
    Type,
    UnionType,
    VecType,
)
from tests.calling.messages import TYPES, picture, values

LIMIT = 1 << 16
SIGNATURES = st.lists(TYPES, min_size=1, max_size=3)
DRAWN = SIGNATURES.flatmap(lambda types: st.tuples(st.just(types), st.tuples(*map(values, types))))
INTS = ListRef(INT)


def words(*numbers: int) -> bytes:
    return struct.pack(f"<{len(numbers)}q", *numbers)


def written(found: Any, types: Any) -> MessageWriter:
    writer = MessageWriter(LIMIT)
    for value, type_ in zip(found, types, strict=True):
        writer.write(value, type_)
    return writer


def read(message: bytes, types: Any) -> list[Any]:
    reader = MessageReader(message)
    found = [reader.read(type_) for type_ in types]
    reader.end()
    return found


@given(DRAWN)
def test_what_is_written_comes_back_with_its_sharing(drawn: tuple[list[Type], tuple[Any, ...]]) -> None:
    types, found = drawn
    message = written(found, types).message()
    again = read(message, types)
    assert picture(again, types) == picture(found, types)
    assert written(again, types).message() == message


@given(DRAWN, st.data())
def test_what_is_no_message_is_refused_and_never_breaks_the_reader(drawn: tuple[list[Type], tuple[Any, ...]], data: st.DataObject) -> None:
    types, found = drawn
    message = written(found, types).message()
    with pytest.raises(MalformedMessage):
        read(message + bytes(8), types)
    if not message:
        return
    with pytest.raises(MalformedMessage):
        read(message[: data.draw(st.integers(0, len(message) - 1))], types)
    at = data.draw(st.integers(0, len(message) // 8 - 1)) * 8
    # A list of a million empty tuples takes its time.
    word = data.draw(st.one_of(st.integers(-(2**63), -1), st.integers(2**20 + 1, 2**63 - 1), st.integers(-3, 9)))
    changed = message[:at] + words(word) + message[at + 8 :]
    try:
        again = read(changed, types)
    except MalformedMessage:
        return
    # A NaN of other bits is written as the one that stands for all.
    assert len(written(again, types).message()) == len(changed)


@given(SIGNATURES.flatmap(lambda types: st.tuples(st.just(types), *(st.tuples(*map(values, types)) for _ in range(2)))))
def test_the_callers_own_objects_hold_what_the_answer_says(drawn: tuple[list[Type], tuple[Any, ...], tuple[Any, ...]]) -> None:
    types, own, other = drawn
    writer = written(own, types)
    # The answer: what comes first is what came first, as a call leaves it that replaces the content of its objects.
    answer = MessageWriter(LIMIT, [])
    for value, type_ in zip(other, types, strict=True):
        answer.write(value, type_)
    shared = min(len(writer.objects), len(answer.objects))
    fitting = all(writer.objects[number][1] == answer.objects[number][1] for number in range(shared))
    reader = MessageReader(answer.message(), writer.objects[: len(answer.objects)], runs=writer.runs)
    if not fitting:
        with pytest.raises(MalformedMessage):
            [reader.read(type_) for type_ in types]
        return
    after = [reader.read(type_) for type_ in types]
    reader.end()
    reader.commit()
    assert picture(after, types) == picture(other, types)
    for number, (value, _) in enumerate(answer.objects[:shared]):
        for new, result in zip(other, after, strict=True):
            assert result is writer.objects[number][0] or new is not value


def test_the_words_of_a_message() -> None:
    inner = [1.0, -0.0]
    message = written(([inner, inner, []], "aé\ud800", True, None, (7,)), (ListRef(ListRef(FLOAT)), TEXT, BOOL, NONE, TupleType((INT,))))
    half = struct.pack("<4I", ord("a"), ord("é"), 0xD800, 0)
    floats = struct.pack("<2d", 1.0, -0.0)
    assert message.message() == words(0, 3, 1, 2) + floats + words(1, 2, 0, 3) + half + words(1, 7)


def test_every_nan_is_the_same() -> None:
    other = struct.unpack("<d", struct.pack("<Q", 0xFFF8000000000001))[0]
    nan = struct.pack("<Q", 0x7FF8 << 48)
    assert written([[other, 1.0], other], [ListRef(FLOAT), FLOAT]).message() == words(0, 2) + nan + struct.pack("<d", 1.0) + nan
    assert written([[math.inf, -math.inf]], [ListRef(FLOAT)]).message() == words(0, 2) + struct.pack("<2d", math.inf, -math.inf)


@pytest.mark.parametrize(
    ("value", "type_", "reason"),
    [
        (1.0, INT, "an int was expected, this is float 1.0"),
        (True, INT, "an int was expected"),
        (2**63, INT, "beyond 64 bits"),
        ([1, True], INTS, "an int was expected, this is bool True"),
        ([2**63], INTS, "beyond 64 bits"),
        ([1.0, 2], ListRef(FLOAT), "a float was expected, this is int 2"),
        ([1], ListRef(BOOL), "a bool was expected"),
        ((1,), INTS, r"a list was expected, this is tuple \(1,\)"),
        (type("Mine", (list,), {})(), INTS, "a list was expected, this is Mine"),
        (b"a", TEXT, "a str was expected"),
        (type("Mine", (str,), {})("a"), TEXT, "a str was expected"),
        ([1], ListRef(NEVER), "nothing was expected"),
        ((1, 2, 3), TupleType((INT, INT)), "a tuple of 2 elements was expected, this one has 3"),
        ([1, 2], TupleType((INT, INT)), "a tuple was expected"),
        ({1: 2}, DictRef(INT, TEXT), "a str was expected"),
        ({1: 2}, SetRef(INT), "a set was expected"),
        ([list(range(10**5))], ListRef(TEXT), r"a str was expected, this is list \[0, .*\.\.\.\]$"),
    ],
)
def test_nothing_is_converted_in_silence(value: Any, type_: Type, reason: str) -> None:
    with pytest.raises(Misfit, match=reason) as caught:
        MessageWriter(LIMIT).write(value, type_)
    assert len(str(caught.value)) < 400


def test_an_object_has_one_type() -> None:
    empty: list[Any] = []
    with pytest.raises(Misfit, match=r"one object is a list\[int\] in one place and a list\[str\] in another"):
        written([empty, empty], [INTS, ListRef(TEXT)])
    with pytest.raises(MalformedMessage, match=r"a list\[int\] came where a list\[str\] was expected"):
        read(words(0, 0, 0), [INTS, ListRef(TEXT)])


def test_what_is_shared_again_and_again_is_written_once() -> None:
    type_, value = INT, 1
    for _ in range(40):
        type_, value = ListRef(type_), [value, value]
    message = written([value], [type_]).message()
    assert len(message) < 2000
    assert written(read(message, [type_]), [type_]).message() == message


def test_no_message_is_longer_than_it_may_be() -> None:
    for value, type_ in ([0] * LIMIT, INTS), ("a" * LIMIT, TEXT), ([("ab",)] * 5000, ListRef(TupleType((TEXT,)))):
        with pytest.raises(TooLong):
            MessageWriter(LIMIT).write(value, type_)


@pytest.mark.parametrize(
    ("message", "types"),
    [
        (words(1, 0), [INTS]),
        (words(-1, 0), [INTS]),
        (words(0, -1), [INTS]),
        (words(0, 2, 7), [INTS]),
        (words(0, 2**60), [INTS]),
        (words(0, 2**60), [ListRef(NONE)]),
        (words(0, 1), [ListRef(NEVER)]),
        (words(2), [BOOL]),
        (words(-1), [TEXT]),
        (words(3, 0), [TEXT]),
        (words(1, 0x110000), [TEXT]),
        (words(1, 97 | 1 << 32), [TEXT]),
        (words(0, 2, 5, 6, 5, 7), [DictRef(INT, INT)]),
        (words(0, 2, 5, 5), [SetRef(INT)]),
        (words(5)[:5], [INT]),
    ],
)
def test_numbers_lengths_and_contents_are_checked(message: bytes, types: list[Type]) -> None:
    with pytest.raises(MalformedMessage):
        read(message, types)


def test_a_length_is_that_of_what_follows() -> None:
    with pytest.raises(MalformedMessage, match="elements cannot follow"):
        read(words(0, 2, 7), [INTS])


def test_a_list_of_nothing_has_a_length() -> None:
    assert read(words(0, 3), [ListRef(NONE)]) == [[None, None, None]]


def test_objects_keep_their_identity_and_what_did_not_change_stays_the_same_object() -> None:
    texts = ["a" * 40, "b" * 40]
    first, own = texts[0], [texts]
    writer = written([own, texts], [ListRef(ListRef(TEXT)), ListRef(TEXT)])
    answer = MessageWriter(LIMIT)
    inner = ["a" * 40, "c"]
    for value, type_ in (([inner, ["new"]], ListRef(ListRef(TEXT))), (inner, ListRef(TEXT))):
        answer.write(value, type_)
    reader = MessageReader(answer.message(), writer.objects)
    # The new list came as number 2 = the first that is free.
    reader.read(ListRef(ListRef(TEXT)))
    assert reader.read(ListRef(TEXT)) is texts and own == [texts] and texts[1] == "b" * 40, "nothing changes before all was read"
    reader.commit()
    assert own == [["a" * 40, "c"], ["new"]] and own[0] is texts and texts[0] is first


@pytest.mark.parametrize("kept", [[1.5, 0.0, 1e300], [3, -7, 1 << 62]])
def test_lists_of_numbers_that_come_back_as_they_were_sent_are_passed_over(kept: list[Any]) -> None:
    type_ = ListRef(FLOAT if isinstance(kept[0], float) else INT)
    zeros, short, elements = [0.0, 2.0], [*kept], [*kept]
    types = [type_, ListRef(FLOAT), type_, type_]
    writer = written([kept, zeros, short, kept], types)
    assert writer.runs[0] == writer.message()[2 * 8 : 5 * 8] and len(writer.runs) == 3
    answer = MessageWriter(LIMIT)
    again = [*kept]
    for value, its in zip([again, [-0.0, 2.0], kept[:2], again], types, strict=True):
        answer.write(value, its)
    reader = MessageReader(answer.message(), writer.objects, runs=writer.runs)
    found = [reader.read(its) for its in types]
    reader.end()
    reader.commit()
    assert found[0] is kept and found[3] is kept and all(new is old for new, old in zip(kept, elements, strict=True))
    assert math.copysign(1.0, zeros[0]) == -1.0 and short == elements[:2]
    # One that is a bit longer, or ends too early, is no list that came back.
    for length, content in ((4, [*kept, kept[0]]), (3, kept[:2])):
        data = words(0, length) + written([content], [type_]).message()[2 * 8 :]
        cut = MessageReader(data, [(kept, type_)], runs=writer.runs)
        if length > len(content):
            with pytest.raises(MalformedMessage):
                cut.read(type_)
        else:
            cut.read(type_)
            cut.end()
            cut.commit()
            assert kept == [*elements, elements[0]]


def test_nan_is_read_whatever_was_sent() -> None:
    writer = written([[math.nan, 1.0]], [ListRef(FLOAT)])
    assert not writer.runs


def test_dicts_and_sets_change_in_place_and_keep_their_order() -> None:
    types: list[Type] = [DictRef(TEXT, INTS), SetRef(INT)]
    kept = [1]
    one: dict[str, Any] = {"b": kept, "a": [2]}
    two = {3, 1}
    writer = written([one, two], types)
    answer = words(0, 2, 1, ord("a"), 2, 1, 5, 1, ord("c"), 1, 1, 9) + words(3, 1, 4)
    reader = MessageReader(answer, writer.objects)
    assert [reader.read(type_) for type_ in types] == [one, two]
    reader.end()
    reader.commit()
    assert list(one.items()) == [("a", [5]), ("c", [9])] and one["c"] is kept and two == {4}


def test_a_set_whose_order_nobody_can_make_again_is_no_argument() -> None:
    found = set(range(100, 132))
    for value in range(100, 130):
        found.discard(value)
    found |= {8, 0, 16, 24, 32}
    with pytest.raises(Misfit, match="follows from what was in it"):
        MessageWriter(MAX_MESSAGE, arguments=True).write(found, SetRef(INT))
    # The same elements in the same order, and two of them in one another's slots.
    with pytest.raises(Misfit, match="follows from what was in it"):
        MessageWriter(MAX_MESSAGE, arguments=True).write({6, 166}, SetRef(INT))
    MessageWriter(MAX_MESSAGE, arguments=True).write({1, 2, 3}, SetRef(INT))


def test_a_set_that_is_read_iterates_as_the_message_says() -> None:
    for made in ({100, 3, 77, 12} - {100}, set(range(100)) - set(range(3, 99)), {1, 2, 17} | {33, 5, 50}, {166, 6}):
        for type_, value in ((SetRef(INT), made), (SetRef(INT, frozen=True), frozenset(sorted(made)))):
            reader = MessageReader(written([value], [type_]).message())
            found = reader.read(type_)
            assert type(found) is type(value) and list(found) == list(value)


@pytest.mark.parametrize(
    ("type_", "value"),
    [(VecType(3, "f"), Gf.Vec3f(1, 2, 3)), (QuatType("d"), Gf.Quatd(1, 2, 3, 4)), (MatrixType(3), Gf.Matrix3d(1, 2, 3, 4, 5, 6, 7, 8, 9))],
)
def test_vectors_in_lists_cross_and_may_be_passed_once(type_: Type, value: Any) -> None:
    type_, own = ListRef(type_), [value]
    writer = written([own], [type_])
    assert read(writer.message(), [type_]) == [[value]]
    without = MessageReader(writer.message(), stand_ins=True).read(type_)
    assert written([without], [type_]).message() == writer.message()
    refuse_shared_values([own, own], [type_, type_])
    with pytest.raises(GuardError, match="passed twice"):
        refuse_shared_values([own, [value]], [type_, type_])
    reader = MessageReader(writer.message(), writer.objects)
    reader.read(type_)
    reader.commit()
    assert own[0] is value
    changed = MessageReader(words(0, 1) + struct.pack("<d", 9.0) + writer.message()[24:], writer.objects)
    changed.read(type_)
    with pytest.raises(GuardError, match="another name"):
        changed.commit()
    assert own[0] is value


@pytest.mark.parametrize("frozen", [False, True])
def test_a_set_that_was_filled_at_once_is_filled_so_again(frozen: bool) -> None:
    """A display of constants and a copy make room for all from the start: 16 comes first in them, and last where it is added last."""
    type_ = SetRef(INT, frozen=frozen)
    kind = frozenset if frozen else set
    slowly = [12, 13, 14, 15, 16]
    for value, order in ((kind({12, 13, 14, 15, 16}), [16, 12, 13, 14, 15]), (kind(slowly), slowly)):
        writer = MessageWriter(MAX_MESSAGE, arguments=True)
        writer.write(value, type_)
        assert list(value) == list(MessageReader(writer.message()).read(type_)) == order
        require_message([type_], writer.message())


def test_a_set_is_a_member_of_a_union() -> None:
    union = UnionType((NONE, SetRef(INT), SetRef(INT, frozen=True)))
    for value in ({1, 2}, frozenset((1, 2)), None):
        assert read(written([value], [union]).message(), [union]) == [value]
        kept = MessageReader(written([value], [union]).message(), stand_ins=True).read(union)
        assert written([kept], [union]).message() == written([value], [union]).message()
