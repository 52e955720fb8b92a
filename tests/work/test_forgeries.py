"""An oracle in which hostile code runs says what it likes: no module is called verified for it, and none changes."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from portalis.translator.work import oracles, seat
from portalis.translator.work.worker import WorkerFailure

if sys.platform == "win32":
    pytest.skip("oracles are forked", allow_module_level=True)

from .planting import HONEST, Workplace, planted, workplace

# Finds the oracle's own loop, with its stream of answers.
INSIDE = """
import sys
from portalis.translator.work.frames import write_frame
from portalis.translator.work.protocol import ORACLE_ANSWER, ORACLE_LOADED, ORACLE_READY
frame = sys._getframe()
while frame.f_code.co_name != "serve":
    frame = frame.f_back
stream = frame.f_locals["answers"]
"""
FLOOD = "stream.flush()\nwhile True: stream.write(bytes(1 << 20))"

# What is planted in the function's place, and what comes of it: a verdict, or a part of why there is none.
FORGED = {
    "a wrong value": ("answer = arguments[0] * 2.0 + 2.0", "wrong"),
    "a wrong value here and there": (HONEST + "\nif arguments[0] > 1.0: answer = 5e-324", "wrong"),
    "the other zero": (HONEST + "\nif answer == 1.0: answer = -1.0", "wrong"),
    "an int": ("answer = 1", "wrong"),
    "a bool": ("answer = True", "wrong"),
    "a text": ("answer = 'verified'", "wrong"),
    "nothing": ("answer = None", "wrong"),
    "an object with a float's face": ("class Face(float): pass\nanswer = Face(arguments[0] * 2.0 + 1.0)", "wrong"),
    "an exception": ("raise ValueError('verified')", "wrong"),
    "an exception of its own": ("class Verified(Exception): pass\nraise Verified('all of them')", "wrong"),
    "a long exception": ("raise ValueError('x' * 10 ** 7)", "wrong"),
    "a deep recursion": ("def deep(): return deep()\ndeep()", "wrong"),
    "an exception that is none": ("class Verified(BaseException): pass\nraise Verified('all of them')", "not verified"),
    "an exception whose text raises": ("class Sly(Exception):\n    def __str__(self): raise KeyError('sly')\nraise Sly()", "not verified"),
    "an exit": ("raise SystemExit(0)", "not verified"),
    "an interrupt": ("raise KeyboardInterrupt", "not verified"),
    "no memory": ("raise MemoryError", "not verified"),
    "no end": ("while True: pass", "not verified"),
    "no end in one call": ("answer = 7 ** 10 ** 9", "not verified"),
    "its end": ("import os\nos._exit(0)", "not verified"),
    "its death": ("import os\nos.abort()", "not verified"),
    "a header that ends": (INSIDE + "stream.write(b'a'); stream.flush(); import os; os._exit(0)", "not verified"),
    "a file": ("open('/etc/passwd')", "PermissionError"),
    "a module": ("import wave", "ModuleNotFoundError"),
    "an answer to another call": (INSIDE + "write_frame(stream, ORACLE_ANSWER, bytes([7]) * 12)", "the oracle"),
    "another letter": (INSIDE + "write_frame(stream, b'z', b'')", "b'z'"),
    "another beginning": (INSIDE + "write_frame(stream, ORACLE_READY, b'{}')", "b'p'"),
    "another loading": (INSIDE + "write_frame(stream, ORACLE_LOADED, b'{}')", "b'd'"),
    "a gigabyte": (INSIDE + "stream.write(b'a' + (1 << 30).to_bytes(4, 'little'))\n" + FLOOD, "1073741824 bytes"),
}
LOADED = """
from portalis.translator.verify.oracle.messages import LoadAnswer, Loaded, LoadedEntry, ModuleValue
from portalis.translator.work.codec import encode
say = lambda loaded: write_frame(stream, ORACLE_LOADED, encode(LoadAnswer, LoadAnswer(loaded)))
"""
# The same at the module's own level.
FORGED_LOADING = {
    "another letter": (INSIDE + "write_frame(stream, ORACLE_ANSWER, b'')", "b'a'"),
    "what is no answer": (INSIDE + "write_frame(stream, ORACLE_LOADED, b'verified')", "cannot be read"),
    "an answer without its parts": (INSIDE + "write_frame(stream, ORACLE_LOADED, b'{}')", "cannot be read"),
    "an answer on another program": (INSIDE + LOADED + "say(Loaded((), ()))", "not on what was asked"),
    "a state that there is not": (
        INSIDE + LOADED + "say(Loaded((), (LoadedEntry((), (None,)),), ModuleValue(b'', '')))",
        "not on what was asked",
    ),
    "a gigabyte": (INSIDE + "stream.write(b'd' + (1 << 30).to_bytes(4, 'little'))\n" + FLOOD, "1073741824 bytes"),
    "no end in one call": ("7 ** 10 ** 9", "did not come back"),
    "its end": ("import os\nos._exit(0)", "it ended"),
    "a file": ("open('/etc/passwd')", "PermissionError"),
    "an exception": ("raise ValueError('verified')", "ValueError: verified"),
}


@pytest.fixture(scope="module")
def place() -> Iterator[Workplace]:
    with workplace() as made:
        yield made


@pytest.fixture(scope="module")
def honest(place: Workplace) -> bytes:
    """The module's bytes, verified by an oracle that says what is so."""
    build = place.build(planted(HONEST))
    assert build.report is not None and build.report.artefact("wasm").status == "verified"
    return build.wasm


def outcome(place: Workplace, honest: bytes, text: str, first: str = "") -> str:
    """Have the honest source built beside a hostile oracle; the verdict, or why there is none. The module is the same or there is none."""
    try:
        build = place.build(planted(text, first))
    except WorkerFailure as failure:
        assert failure.kind == "error", failure
        assert failure.detail.replace("\n", "").isprintable()
        return failure.detail
    assert build.wasm == honest
    if build.import_failure is not None:
        return build.import_failure[1]
    assert build.report is not None
    return build.report.artefact("wasm").status


@pytest.mark.parametrize(
    ("first", "text", "expected"),
    [*(("", *forged) for forged in FORGED.values()), *((first, HONEST, expected) for first, expected in FORGED_LOADING.values())],
    ids=[*FORGED, *(f"loading: {name}" for name in FORGED_LOADING)],
)
def test_a_forged_answer_verifies_nothing_and_changes_no_byte(
    place: Workplace, honest: bytes, first: str, text: str, expected: str
) -> None:
    found = outcome(place, honest, text, first)
    assert found == expected if expected in ("wrong", "not verified") else expected in found
    # The judge is there for the next source, which an oracle that nobody touched verifies.
    assert outcome(place, honest, HONEST) == "verified"


def test_what_is_written_beside_the_answers_is_shown_and_changes_nothing(place: Workplace, honest: bytes) -> None:
    chatty = HONEST + "\nimport os\nfor stream in (1, 2): os.write(stream, b'\\x1b[2J' + b'x' * 100_000)"
    build = place.build(planted(chatty))
    assert build.wasm == honest
    assert build.report is not None and build.report.artefact("wasm").status == "verified"


def test_an_oracle_that_served_text_from_elsewhere_serves_no_other(place: Workplace) -> None:
    leave = HONEST + "\nimport builtins\nbuiltins.left = True"
    find = HONEST + "\nimport builtins\nif hasattr(builtins, 'left'): answer = 0.0"
    for _ in range(3):
        assert place.build(planted(leave)).report is not None
        found = place.build(planted(find), typed=True).report
        assert found is not None and found.artefact("wasm").status == "verified"


# A frame that would be a minute on its way, and then no answer.
DRIPPING = (
    INSIDE + "import time\nstream.write(b'a' + (1200).to_bytes(4, 'little')); stream.flush()\n"
    "for _ in range(1200): stream.write(b'x'); stream.flush(); time.sleep(0.05)\n"
)


def test_an_oracle_that_speaks_ever_so_slowly_is_not_heard_to_the_end(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oracles, "LONGEST_PATIENCE", 1.0)
    monkeypatch.setattr(seat, "MOST_DROPPED", 1)
    report = place.build(planted(DRIPPING)).report
    assert report is not None
    wasm = report.artefact("wasm")
    assert (wasm.status, wasm.dropped) == ("not verified", wasm.cases)


@pytest.mark.parametrize("text", [DRIPPING, "import time\ntime.sleep(60.0)"], ids=["speaks slowly", "sleeps"])
def test_a_job_whose_time_is_over_waits_for_no_oracle(place: Workplace, honest: bytes, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    # Longer than the text takes: it is not the oracle's own time that ends it.
    monkeypatch.setattr(oracles, "LONGEST_PATIENCE", 600.0)
    monkeypatch.setattr(seat, "MOST_DROPPED", 1)
    with pytest.raises(WorkerFailure, match="timeout"):
        place.build(planted(text), timeout=1.0)
    assert place.build(planted(HONEST)).wasm == honest


def test_an_oracle_holds_no_descriptor_but_its_own(place: Workplace) -> None:
    # Its standard streams, and its socket for each way: no other oracle's, and not the one on which oracles are asked for.
    count = "import ctypes\nget_flags = 1\nheld = sum(ctypes.CDLL(None).fcntl(number, get_flags) >= 0 for number in range(256))\n"
    for _ in range(3):
        report = place.build(planted(count + "raise ValueError(held)"), cases=2).report
        assert report is not None
        assert {mismatch.cpython for mismatch in report.mismatches} == {"ValueError: 5"}
