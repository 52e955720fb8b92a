"""Messages in, answers out: where an answer lies and how long it is, is believed of no guest."""

from __future__ import annotations

import struct

import pytest

from portalis.translator.bridge import BridgeError, Budget, GuestMisbehaved, GuestStop, ScalarModule
from tests.bridge.modules import FOREVER, HEAP_BASE, MEMORY_BYTES, module

SMALL = Budget(fuel=100_000, deadline_seconds=60.0)


def wire(body: str) -> bytes:
    """A module whose entry takes a message and returns an error word."""
    return module(f'(func (export "call") (param $message i32) (param $bytes i32) (result i32) {body})')


def answering(address: str, size: str, before: str = "", word: int = 0) -> bytes:
    """A module that gives bytes of its memory as its answer."""
    place = f"(i64.store (local.get $message) {address}) (i64.store offset=8 (local.get $message) {size})"
    return wire(f"{before} {place} (i32.const {word})")


# Copies the message behind itself and gives the copy.
ECHO = answering(
    "(i64.const 65536)",
    "(i64.extend_i32_u (local.get $bytes))",
    "(memory.copy (i32.const 65536) (local.get $message) (local.get $bytes))",
    word=-1,
)


@pytest.mark.parametrize("message", [b"", bytes(range(8)), bytes(range(64)), bytes(1024)], ids=len)
def test_a_message_goes_in_and_an_answer_comes_out(message: bytes) -> None:
    with ScalarModule(ECHO) as guest:
        assert guest.call_wire("call", message) == (0xFFFF_FFFF, message)
        assert guest.call_wire_each("call", [message, b"", message]) == [(0xFFFF_FFFF, found) for found in (message, b"", message)]


@pytest.mark.parametrize(
    ("address", "size", "fine"),
    [
        (MEMORY_BYTES - 8, 8, True),
        (MEMORY_BYTES, 0, True),
        (0, MEMORY_BYTES, True),
        (MEMORY_BYTES - 8, 16, False),
        (MEMORY_BYTES + 8, 0, False),
        (-8, 16, False),
        (0, -8, False),
        (8, 2**63 - 8, False),
        (2**32, 8, False),
        (HEAP_BASE, 12, False),
        (0, MEMORY_BYTES + 8, False),
    ],
)
def test_an_answer_lies_in_the_memory(address: int, size: int, fine: bool) -> None:
    with ScalarModule(answering(f"(i64.const {address})", f"(i64.const {size})")) as guest:
        if fine:
            word, answer = guest.call_wire("call", bytes(16))
            assert (word, len(answer)) == (0, size)
            return
        for _ in range(2):
            with pytest.raises(GuestMisbehaved, match="for its answer"):
                guest.call_wire("call", bytes(16))
        with pytest.raises(GuestMisbehaved, match="for its answer"):
            guest.call_wire_each("call", [bytes(16)])


def test_an_answer_beyond_the_memory_is_not_read() -> None:
    # Empty, so that reading it would do no harm.
    beyond = answering(f"(i64.const {MEMORY_BYTES + 8})", "(i64.const 0)")
    with ScalarModule(beyond) as guest, pytest.raises(GuestMisbehaved, match="for its answer"):
        guest.call_wire("call", bytes(16))


def test_what_is_left_of_an_earlier_call_is_no_place_of_an_answer() -> None:
    # It says where its answer is in the first call only.
    lazy = wire("(if (local.get $bytes) (then (i64.store offset=8 (local.get $message) (i64.const 8)))) (i32.const 0)")
    with ScalarModule(lazy) as guest:
        assert len(guest.call_wire("call", bytes(8))[1]) == 8
        assert guest.call_wire("call", b"") == (0, b"")


def test_a_message_that_does_not_fit_is_not_written() -> None:
    with ScalarModule(ECHO) as guest:
        room = guest.room_for_message()
        assert MEMORY_BYTES // 4 < room < MEMORY_BYTES
        with pytest.raises(BridgeError, match="bytes for a message"):
            guest.call_wire("call", bytes(room + 8))
        with pytest.raises(BridgeError, match="no scalar entry"):
            guest.call_wire("call.other", b"")
        assert guest.call_wire("call", bytes(8)) == (0xFFFF_FFFF, bytes(8))


def test_a_stopped_call_is_told_and_the_next_runs_in_a_new_instance() -> None:
    counting = wire(
        "(local $count i64) (local.set $count (i64.add (i64.load (i32.const 512)) (i64.const 1)))"
        "(i64.store (i32.const 512) (local.get $count))"
        f"(if (i64.eq (i64.load (local.get $message)) (i64.const 1)) (then {FOREVER}))"
        "(if (i64.eq (i64.load (local.get $message)) (i64.const 2)) (then (unreachable)))"
        "(i64.store (local.get $message) (i64.const 512)) (i64.store offset=8 (local.get $message) (i64.const 8)) (i32.const 0)"
    )
    fine, endless, broken = (struct.pack("<q", number) for number in range(3))
    with ScalarModule(counting, SMALL) as guest:
        found = guest.call_wire_each("call", [fine, fine, endless, fine, broken, fine], fuel=10_000)
        counts = [struct.unpack("<q", item[1])[0] if isinstance(item, tuple) else item.kind for item in found]
        assert counts == [1, 2, "fuel", 1, "trap", 1]
        with pytest.raises(GuestStop) as caught:
            guest.call_wire("call", endless)
        assert caught.value.kind == "fuel"
