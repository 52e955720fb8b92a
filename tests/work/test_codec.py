"""Dataclasses on the wire: exactly their fields, each of its type, or an error."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Literal

import pytest

from portalis.translator.work.codec import CodecError, decode, encode
from portalis.translator.work.jobs import Job, perform
from portalis.translator.work.link import OracleLink


@dataclass(frozen=True)
class Inner:
    number: int


@dataclass(frozen=True)
class Other:
    text: str


@dataclass(frozen=True)
class Message:
    count: int
    share: float
    fine: bool
    name: str
    content: bytes
    kind: Literal["one", "two"]
    many: tuple[int, ...]
    pair: tuple[str, bool]
    table: dict[str, float]
    either: Inner | Other
    perhaps: Inner | None


MESSAGE = Message(2**70, -0.0, True, "größe\ud800", b"\0\xff", "two", (1, 2), ("x", False), {"a": math.inf}, Other("o"), None)


def test_a_message_comes_back() -> None:
    back = decode(Message, encode(Message, MESSAGE))
    assert back == MESSAGE and math.copysign(1.0, back.share) == -1.0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("count", 1.0),
        ("count", True),
        ("count", "1"),
        ("count", None),
        ("share", 1),
        ("fine", 1),
        ("name", 1),
        ("content", "not base64!"),
        ("content", [1]),
        ("kind", "three"),
        ("kind", ["one"]),
        ("many", [1, "2"]),
        ("many", {"0": 1}),
        ("pair", ["x"]),
        ("pair", ["x", True, 1]),
        ("table", {"a": 1}),
        ("table", [["a", 1.0]]),
        ("either", ["Message", {}]),
        ("either", {"number": 1}),
        ("either", ["Inner", {"number": 1.5}]),
        ("either", ["Inner", {"number": 1}, 2]),
        ("perhaps", {"text": "o"}),
        ("perhaps", False),
    ],
)
def test_a_field_of_another_type_is_an_error(field: str, value: object) -> None:
    document = json.loads(encode(Message, MESSAGE))
    assert decode(Message, json.dumps(document).encode()) == MESSAGE
    with pytest.raises(CodecError):
        decode(Message, json.dumps(document | {field: value}).encode())


def test_a_field_too_many_or_too_few_is_an_error() -> None:
    document = json.loads(encode(Message, MESSAGE))
    for wrong in (document | {"more": 1}, {name: value for name, value in document.items() if name != "fine"}, [document], None):
        with pytest.raises(CodecError):
            decode(Message, json.dumps(wrong).encode())


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[" * 100_000, b'{"number": 1} x'])
def test_what_is_no_document_is_an_error(data: bytes) -> None:
    with pytest.raises(CodecError):
        decode(Inner, data)


def test_what_is_not_declared_is_not_written() -> None:
    with pytest.raises(CodecError):
        encode(Inner, Inner(1.5))  # type: ignore[arg-type]
    with pytest.raises(CodecError):
        encode(Inner, Other("o"))


class Nobody:
    """A link to no oracle."""

    def load(self, request: bytes, answer_limit: int) -> None: ...

    def loaded(self) -> bytes:
        return b""

    def run(self, runs: object) -> list[bytes | None]:
        return []


def test_a_process_does_the_jobs_of_its_profile_alone() -> None:
    def double(request: Inner, link: OracleLink) -> Inner:
        return Inner(2 * request.number)

    jobs = {name: Job(name, Inner, Inner, double, "judge") for name in ("double",)}
    packed = jobs["double"].pack(Inner(4))
    assert decode(Inner, perform(jobs, "judge", packed, Nobody())) == Inner(8)
    for profile, wrong in (("oracle", packed), ("judge", b"triple\0" + packed.partition(b"\0")[2]), ("judge", b'double\0{"number": "4"}')):
        with pytest.raises(CodecError):
            perform(jobs, profile, wrong, Nobody())  # type: ignore[arg-type]
