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

# Finds the oracle's own loop, with its stream of answers and the run that it is about.
INSIDE = """
import sys
from portalis.translator.work.frames import write_frame
from portalis.translator.work.protocol import ORACLE_ANSWER, ORACLE_LOADED, ORACLE_READY, pack_answer
frame, run = sys._getframe(), None
while frame.f_code.co_name != "serve":
    run = frame.f_locals.get("run", run)
    frame = frame.f_back
stream, witness = (frame.f_locals.get(name) for name in ("answers", "witness"))
"""
SHAPED = "from portalis.translator.verify.oracle.answers import CallAnswer, Told\nshape = witness._program.entries[0]._shape\n"

# What is planted in the function's place.
FORGED = {
    "a wrong value": "answer = arguments[0] * 2.0 + 2.0",
    "a wrong value once": "import os\nanswer = arguments[0] * 2.0 + 1.0\nif arguments[0] > 1.0: answer = 5e-324",
    "the other zero": "answer = arguments[0] * 2.0 + 1.0\nif answer == 1.0: answer = -1.0",
    "an int": "answer = 1",
    "a bool": "answer = True",
    "a text": "answer = 'verified'",
    "nothing": "answer = None",
    "an object with a float's face": "class Face(float): pass\nanswer = Face(arguments[0] * 2.0 + 1.0)",
    "an exception": "raise ValueError('verified')",
    "an exception of its own": "class Verified(Exception): pass\nraise Verified('all of them')",
    "an exception that is none": "class Verified(BaseException): pass\nraise Verified('all of them')",
    "an exception whose text raises": "class Sly(Exception):\n    def __str__(self): raise KeyError('sly')\nraise Sly()",
    "a long exception": "raise ValueError('x' * 10 ** 7)",
    "an answer twice": INSIDE
    + SHAPED
    + "answer = arguments[0] * 2.0 + 1.0\n"
    + "write_frame(stream, ORACLE_ANSWER, pack_answer(run, shape.write(CallAnswer(Told('value', (answer,))))))",
    "an answer to another call": INSIDE + "write_frame(stream, ORACLE_ANSWER, pack_answer(type(run)(9, 9, 9), b''))",
    "an empty answer": INSIDE + "write_frame(stream, ORACLE_ANSWER, pack_answer(run, b''))",
    "an answer of no kind": INSIDE + "write_frame(stream, ORACLE_ANSWER, pack_answer(run, b'\\xff' * 30))",
    "an answer with more behind it": INSIDE
    + SHAPED
    + "write_frame(stream, ORACLE_ANSWER, pack_answer(run, shape.write(CallAnswer(Told('value', (arguments[0] * 2.0 + 1.0,)))) + b'more'))",
    "an answer on branches that there are not": INSIDE
    + SHAPED
    + "write_frame(stream, ORACLE_ANSWER, pack_answer(run, shape.write(CallAnswer(Told('value', (arguments[0] * 2.0 + 1.0,)), (60000,)))))",
    "another letter": INSIDE + "write_frame(stream, b'z', b'')",
    "another beginning": INSIDE + "write_frame(stream, ORACLE_READY, b'{}')",
    "another loading": INSIDE + "write_frame(stream, ORACLE_LOADED, b'{}')",
    "a gigabyte": INSIDE + "stream.write(b'a' + (1 << 30).to_bytes(4, 'little')); stream.flush()\nwhile True: stream.write(bytes(1 << 20))",
    "a header that ends": INSIDE + "stream.write(b'a'); stream.flush(); import os; os._exit(0)",
    "no end": "while True: pass",
    "no end in one call": "answer = 7 ** 10 ** 9",
    "its end": "import os\nos._exit(0)",
    "its death": "import os\nos.abort()",
    "a file": "open('/etc/passwd')",
    "a module": "import colorsys",
    "an exit": "raise SystemExit(0)",
    "an interrupt": "raise KeyboardInterrupt",
    "no memory": "raise MemoryError",
    "a deep recursion": "def deep(): return deep()\ndeep()",
}


# What is planted at the module's own level.
FORGED_LOADING = {
    "another letter": INSIDE + "write_frame(stream, ORACLE_ANSWER, b'')",
    "what is no answer": INSIDE + "write_frame(stream, ORACLE_LOADED, b'verified')",
    "an answer without its parts": INSIDE + "write_frame(stream, ORACLE_LOADED, b'{}')",
    "an answer on another program": INSIDE
    + "from portalis.translator.verify.oracle.messages import LoadAnswer, Loaded\n"
    + "from portalis.translator.work.codec import encode\n"
    + "write_frame(stream, ORACLE_LOADED, encode(LoadAnswer, LoadAnswer(Loaded((), (), ()))))",
    "an answer on decisions that there are not": INSIDE
    + "from portalis.translator.verify.oracle.messages import LoadAnswer, Loaded, LoadedEntry\n"
    + "from portalis.translator.work.codec import encode\n"
    + "write_frame(stream, ORACLE_LOADED, encode(LoadAnswer, LoadAnswer(Loaded((), (LoadedEntry((), (None,)),), (7,)))))",
    "a gigabyte": INSIDE + "stream.write(b'd' + (1 << 30).to_bytes(4, 'little')); stream.flush()\nwhile True: stream.write(bytes(1 << 20))",
    "an exception": "raise ValueError('verified')",
    "no end in one call": "7 ** 10 ** 9",
    "its end": "import os\nos._exit(0)",
    "a file": "open('/etc/passwd')",
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


@pytest.mark.parametrize(
    ("first", "text"),
    [*(("", text) for text in FORGED.values()), *((first, HONEST) for first in FORGED_LOADING.values())],
    ids=[*FORGED, *(f"loading: {name}" for name in FORGED_LOADING)],
)
def test_a_forged_answer_verifies_nothing_and_changes_no_byte(place: Workplace, honest: bytes, first: str, text: str) -> None:
    try:
        build = place.build(planted(text, first))
    except WorkerFailure as failure:
        # No bytes came back. The failure is told as one, with no control character in it.
        assert failure.kind == "error", failure
        assert failure.detail.replace("\n", "").isprintable()
    else:
        assert build.wasm == honest
        assert build.import_failure is not None or build.report is not None
        assert build.report is None or build.report.artefact("wasm").status in ("wrong", "not verified")
    # The judge is there for the next source, which an oracle that nobody touched verifies.
    again = place.build(planted(HONEST))
    assert again.wasm == honest
    assert again.report is not None and again.report.artefact("wasm").status == "verified"


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
    INSIDE + "import time\nstream.write(b'a' + (120).to_bytes(4, 'little')); stream.flush()\n"
    "for _ in range(120): stream.write(b'x'); stream.flush(); time.sleep(0.5)\n"
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
