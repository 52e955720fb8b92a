"""Entries that take or give objects, held to CPython: what is right is verified, what is wrong in any way that a caller sees is not."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from portalis.translator.calling.wire import MessageReader, require_message
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.source import SourceFile
from portalis.translator.translating.build import build_and_verify
from portalis.translator.translating.messages import BuildSettings
from portalis.translator.translating.options import Options
from portalis.translator.verify.message_cases import MESSAGE_LIMIT, MessageCases
from portalis.translator.verify.oracle.answers import AnswerError, CallAnswer, Told, WireShape
from portalis.translator.verify.oracle.witness import LocalOracle
from portalis.translator.verify.report import Report
from portalis.translator.work.link import OracleFailure, OracleLink, Run

SETTINGS = BuildSettings.of(Options(cases=120))


def lowered(body: str, parameters: str = "xs: list[int], ys: list[int]", *examples: str) -> Lowered:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return lower(SourceFile("case.py", f"def f({parameters}):\n{lines}"), None, examples, references=True)


def judged(meant: Lowered, made: Lowered | None = None, link: OracleLink | None = None) -> Report:
    """Have the module of `made` held to CPython's execution of `meant`."""
    subject = meant if made is None else replace(made, accepted=meant.accepted)
    report = build_and_verify(subject, SETTINGS, link or LocalOracle()).report
    assert report is not None
    return report


RIGHT = {
    "sum": ("n = 0\nfor x in xs:\n    n += x\nreturn n", "xs: list[int]"),
    "append": ("xs.append(len(ys))\nreturn xs", "xs: list[int], ys: list[int]"),
    "nested": ("rows.append(rows[0])\nrows[0].append(1.5)\nreturn rows", "rows: list[list[float]]"),
    "pairs": ("return [(x, [x]) for x in xs]", "xs: list[str]"),
    "text": ("out = ''\nfor c in s:\n    out = c + out\nreturn out", "s: str"),
    "default": ("return s + mark", "s: str, mark: str = '!'"),
    "made": ("return [i * 0.5 for i in range(n)]", "n: int"),
    "raising": ("if len(xs) > 2:\n    xs.append(7)\n    raise ValueError('too long')\nreturn xs", "xs: list[int]"),
}


@pytest.mark.parametrize(("body", "parameters"), RIGHT.values(), ids=RIGHT.keys())
def test_what_is_right_is_verified(body: str, parameters: str) -> None:
    report = judged(lowered(body, parameters))
    artefact = report.artefact("wasm")
    assert (artefact.status, artefact.dropped, report.mismatches) == ("verified", 0, ())
    assert artefact.agreed + artefact.guarded + artefact.over_budget == artefact.cases >= 60


WRONG = {
    "a value": ("return [len(xs)]", "return [len(xs) + 1]", "value"),
    "a value here and there": ("return [len(xs)]", "return [len(xs) if len(xs) != 5 else 6]", "value"),
    "a copy": ("return xs", "return [x for x in xs]", "which objects are one and the same"),
    "the other list": ("return xs", "if len(xs) == 0 and len(ys) == 0:\n    return ys\nreturn xs", "which objects are one and the same"),
    "what changed": ("xs.append(1)\nreturn 0", "xs.append(2)\nreturn 0", "arguments after the call"),
    "what should not have changed": ("return [x for x in xs]", "zs = [x for x in xs]\nys.append(0)\nreturn zs", "arguments after the call"),
    "a change before an exception": ("xs.append(1)\nreturn ys[0]", "z = ys[0]\nxs.append(1)\nreturn z", "arguments after the call"),
    "sharing": ("zs = [0]\nreturn [zs, zs]", "return [[0], [0]]", "value"),
    "sharing of arguments alone": (
        "n = len(xs)\nys.append(1)\nreturn len(xs) - n",
        "zs = [x for x in xs]\nn = len(zs)\nys.append(1)\nreturn len(zs) - n",
        "value",
    ),
    "an exception": ("return ys[0]", "if len(ys) == 0:\n    raise ValueError('list index out of range')\nreturn ys[0]", "outcome"),
    "a message": ("return ys[0]", "if len(ys) == 0:\n    raise IndexError('nothing')\nreturn ys[0]", "outcome"),
    "no exception": ("return ys[0]", "return ys[0] if len(ys) > 0 else 0", "outcome"),
}


@pytest.mark.parametrize(("meant", "made", "what"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_found_and_shown(meant: str, made: str, what: str) -> None:
    report = judged(lowered(meant), lowered(made))
    assert report.artefact("wasm").status == "wrong"
    assert {mismatch.what for mismatch in report.mismatches} == {what}
    shown = report.mismatches[0]
    assert shown.call.startswith("f([") and len(shown.call) < 400


@pytest.mark.parametrize(
    ("meant", "made", "parameters"),
    [
        ("return [x * 1.0]", "return [x + 0.0]", "x: float"),
        ("return [x for x in xs]", "return [x if x == x else 0.0 for x in xs]", "xs: list[float]"),
        ("return s", "return s if s != 'bb' else ''", "s: str = 'bb'"),
        ("return s + t", "return t + s", "s: str, t: str"),
    ],
)
def test_small_differences_of_floats_and_texts_are_found(meant: str, made: str, parameters: str) -> None:
    assert judged(lowered(meant, parameters), lowered(made, parameters)).artefact("wasm").status == "wrong"


def test_a_list_that_is_copied_is_not_the_list() -> None:
    assert judged(lowered("return xs"), lowered("return [x for x in xs]")).artefact("wasm").status == "wrong"


def test_a_value_of_another_type_is_found() -> None:
    meant = lowered("ys.append(0)\nreturn [1]")
    other = lowered("ys.append(0.0)\nreturn [1]", "xs: list[int], ys: list[float]")
    (found,) = {mismatch.what for mismatch in judged(other, meant).mismatches}
    assert found == "arguments after the call"


def test_another_default_is_found() -> None:
    report = judged(lowered("return s + t", "s: str, t: str = 'a'"), lowered("return s + t", "s: str, t: str = 'b'"))
    assert [(item.call, item.cpython, item.artefact_gave) for item in report.mismatches] == [("the default of `t` in f", "'a'", "'b'")]


class Lying(LocalOracle):
    """An oracle that makes something else of each answer."""

    def __init__(self, make: Callable[[bytes], bytes]) -> None:
        super().__init__()
        self._make = make

    def run(self, runs: Sequence[Run]) -> list[bytes | None]:
        return [self._make(answer or b"") for answer in super().run(runs)]


def _message(answer: bytes) -> tuple[bytes, bytes, bytes]:
    """Split an answer that is a value: what comes before its message, this, and the rest."""
    (length,) = struct.unpack_from("<I", answer, 1)
    return answer[:5], answer[5 : 5 + length], answer[5 + length :]


def _lie(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    def make(answer: bytes) -> bytes:
        if answer[0]:
            return answer
        _, message, rest = _message(answer)
        message = change(message)
        return b"\0" + struct.pack("<I", len(message)) + message + rest

    return make


FORGED = {
    "another number": (_lie(lambda message: message[:16] + bytes([message[16] ^ 1]) + message[17:]), "wrong"),
    "another object": (_lie(lambda message: struct.pack("<q", 1) + message[8:]), "cannot be read|wrong"),
    "an object that there is not": (_lie(lambda message: struct.pack("<q", 99) + message[8:]), "cannot be read"),
    "an endless list": (_lie(lambda message: message[:8] + struct.pack("<q", 2**60) + message[16:]), "cannot be read"),
    "nothing": (_lie(lambda message: b""), "cannot be read"),
    "a word more": (_lie(lambda message: message + bytes(8)), "cannot be read"),
    "a length beyond its end": (lambda answer: answer[:1] + struct.pack("<I", 1 << 31) + answer[5:], "cannot be read"),
    "a misfit": (lambda answer: b"\2" + struct.pack("<HH", 5, 3) + b"valueint\0\0\0", "wrong"),
    "an exception": (
        lambda answer: b"\1" + answer[1:5] + _message(answer)[1] + struct.pack("<HH", 10, 1) + b"ValueErrorx\0\0\0",
        "wrong|cannot be read",
    ),
    "an identity": (lambda answer: answer[:-4] + b"\1" + struct.pack("<hH", -1, 0) + b"\0\0\0", "cannot be read"),
    "never known": (lambda answer: b"\4\0\0\0", "not verified"),
    "empty": (lambda answer: b"", "cannot be read"),
}


@pytest.mark.parametrize(("forge", "expected"), FORGED.values(), ids=FORGED.keys())
def test_a_forged_answer_verifies_nothing(forge: Callable[[bytes], bytes], expected: str) -> None:
    subject = lowered("xs.append(len(ys))\nreturn xs")
    found = ""
    try:
        found = judged(subject, link=Lying(forge)).artefact("wasm").status
    except OracleFailure as failure:
        found = str(failure)
    assert any(part in found for part in expected.split("|")), found


@pytest.mark.parametrize(
    "told",
    [
        Told("value", answer=bytes(range(16))),
        Told("raised", answer=b"", texts=("ValueError", "größe \ud800")),
        Told("misfit", texts=("value", "no")),
        Told("steps"),
        Told("unknown"),
    ],
    ids=lambda told: told.kind,
)
def test_an_answer_comes_back_and_nothing_near_it_does(told: Told) -> None:
    function = lowered("return xs").program.functions[-1]
    shape = WireShape(function.result, tuple(parameter.type for parameter in function.params))
    answer = CallAnswer(told, (1, 2), told)
    data = shape.write(answer)
    assert shape.read(data, 3) == answer and len(data) <= shape.limit(3)
    for wrong in (*(data[:length] for length in range(len(data))), data + b"\0"):
        with pytest.raises(AnswerError):
            shape.read(wrong, 3)


CASES = lowered(
    "for s in names:\n    if s == 'needle':\n        n += 7041\nreturn (names, rows, n)",
    "names: list[str], rows: list[list[int]], n: int, more: list[list[int]]",
    "f(['hay', 'ÿ'], [[1, 2], [3]], 5, [[]])",
)


def drawn(seed: int, count: int = 400) -> list[bytes]:
    return MessageCases.of(CASES, CASES.overloads[0], CASES.program.function(CASES.program.entry), seed).cases(count)


def test_cases_are_messages_of_the_types_and_the_same_for_a_seed() -> None:
    types = [parameter.type for parameter in CASES.parameters]
    found = drawn(1)
    assert len(set(found)) == len(found) == 400
    assert drawn(1) == found != drawn(2)
    for message in found:
        require_message(types, message)
        assert len(message) <= MESSAGE_LIMIT


def test_cases_reach_what_a_source_and_its_examples_are_about() -> None:
    types = [parameter.type for parameter in CASES.parameters]
    calls = []
    for message in drawn(3):
        reader = MessageReader(message)
        calls.append(tuple(reader.read(type_) for type_ in types))
    assert sum("needle" in names for names, *_ in calls) > 4
    assert sum("ÿ" in "".join(names) for names, *_ in calls) > 40
    assert 7041 in {n for _, _, n, _ in calls} and {7040, 7042} & {n for _, _, n, _ in calls}
    assert {0, 1} <= {len(names) for names, *_ in calls} and max(len(names) for names, *_ in calls) >= 20
    assert [] in [rows for _, rows, *_ in calls] and any([] in rows for _, rows, *_ in calls)
    assert any(len(names) > 1 and len(set(names)) == 1 for names, *_ in calls)
    # One object in two places: two arguments, two elements, an element of each.
    assert any(rows is more for _, rows, _, more in calls)
    assert any(len({id(row) for row in rows}) < len(rows) for _, rows, *_ in calls)
    assert any({id(row) for row in rows} & {id(row) for row in more} for _, rows, _, more in calls if rows is not more)


FAR = """\
if len(xs) > 2:
    if xs[0] == 1717:
        if xs[1] == 2626:
            if xs[2] == 3535:
                return [1]
return xs"""


@pytest.mark.parametrize("made", [FAR.replace("[1]\n", "[2]\n"), FAR], ids=["wrong", "right"])
def test_cases_go_on_from_those_that_went_further(made: str) -> None:
    # One in many thousand cases would come so far by chance.
    report = judged(lowered(FAR, "xs: list[int]"), lowered(made, "xs: list[int]"))
    artefact = report.artefact("wasm")
    assert artefact.status == ("verified" if made == FAR else "wrong")
    assert report.unexercised == () and artefact.cases > 120


def test_what_nothing_leads_to_is_not_sought_for_long() -> None:
    artefact = judged(lowered("if len(xs) < 0:\n    return [1]\nreturn xs", "xs: list[int]")).artefact("wasm")
    assert (artefact.status, artefact.agreed) == ("verified", artefact.cases)
    assert artefact.cases < 400
