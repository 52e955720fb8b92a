"""The model `session` on the real server, and what a session asks for, without one."""

from __future__ import annotations

import contextlib
import itertools
import random
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from portalis.translator import Options, translate
from portalis.translator.servers.clients.triton import Superseded, TritonTranslator
from portalis.translator.servers.contract.asking import TextLost
from portalis.translator.servers.contract.session import SessionRequest
from portalis.translator.servers.contract.translation import ANSWER, CANARY, Failed, TranslatedAnswer, TranslationRequest
from portalis.translator.servers.pool.compiler_version import compiler_version
from portalis.translator.servers.triton.asking import TritonDoor
from portalis.translator.servers.triton.installation import Installation
from portalis.translator.servers.triton.server import TritonServer
from portalis.translator.source import SourceFile
from portalis.translator.ui.models.newest import GivenUp
from portalis.translator.ui.models.translators import triton
from tests.server.conftest import MODELS
from tests.server.processes import becomes, judges, processor_seconds, service, settled
from tests.server.snippets import FOREVER, TAKES_FOREVER, comparable, kind

SLOW = Options(cases=FOREVER)
# Seconds of a processor after which a judge is at work, even one that had to be started first.
AT_WORK = 1.2


@pytest.fixture
def door(server: TritonServer) -> Iterator[TritonDoor]:
    found = TritonDoor(server.address)
    yield found
    found.close()


def edit(door: TritonDoor, name: str, request: SessionRequest | None, *, starts: bool = False, ends: bool = False) -> str | bytes:
    """Ask in a session; what came of it, or the module."""
    text = b"" if request is None else request.model_dump_json().encode()
    answer = ANSWER.validate_json(door.edit(name, text, starts=starts, ends=ends, version=compiler_version(), deadline=60.0))
    if isinstance(answer, TranslatedAnswer):
        return answer.build.wasm
    return answer.why if isinstance(answer, Failed) else answer.kind


def test_each_edit_is_translated_as_its_whole_text(translator: TritonTranslator) -> None:
    with translator.session() as session:
        for text in (kind(700), kind(701), kind(701) + "# more\n", CANARY):
            assert comparable(session.translate(text).build) == comparable(translate(text).build)


def test_a_newer_edit_ends_the_older_which_gives_its_worker_back(server: TritonServer, translator: TritonTranslator) -> None:
    pid = service(server.pid)
    busy = settled(pid)
    with translator.session() as session, ThreadPoolExecutor(2) as clients:
        older = clients.submit(session.translate, TAKES_FOREVER, options=SLOW)
        assert becomes(lambda: processor_seconds(pid) > busy + AT_WORK)
        before = set(judges(pid))
        newer = clients.submit(session.translate, kind(702))
        with pytest.raises(Superseded):
            older.result(60)
        assert newer.result(60).wasm == translate(kind(702)).wasm
    assert becomes(lambda: len(before & set(judges(pid))) < len(before))


def test_the_window_s_translations_are_edits_of_one_session(server: TritonServer) -> None:
    """One that is cancelled frees who waits at once, and its worker with the next edit."""
    chosen = triton(server.address, lambda: options[0])
    assert chosen.translate is not None
    options: list[Options | None] = [None]
    assert chosen.translate(SourceFile("a.py", kind(703)), None).source.text == kind(703)
    pid = service(server.pid)
    busy = settled(pid)
    options[0] = SLOW
    with ThreadPoolExecutor(1) as window:
        older = window.submit(chosen.translate, SourceFile("a.py", TAKES_FOREVER), None)
        assert becomes(lambda: processor_seconds(pid) > busy + AT_WORK)
        before = set(judges(pid))
        chosen.interrupt()
        with pytest.raises(GivenUp):
            older.result(10.0)
        options[0] = None
        shown = window.submit(chosen.translate, SourceFile("a.py", kind(704)), None).result(60.0)
    assert shown.rust == translate(SourceFile("a.py", kind(704)), references=False).rust
    assert becomes(lambda: len(before & set(judges(pid))) < len(before))


def test_a_sequence_begins_ends_and_keeps_its_last_text(door: TritonDoor) -> None:
    whole, again = SessionRequest(source=kind(703)), SessionRequest()
    with pytest.raises(TextLost):
        edit(door, "never begun", whole)
    assert edit(door, "one", whole, starts=True) == edit(door, "one", again) == translate(kind(703)).wasm
    assert edit(door, "two", again, starts=True) == "lost"
    assert edit(door, "one", SessionRequest(edit={"start": 0, "stop": 0, "text": "#\n"}, base="other")) == "lost"
    assert edit(door, "one", None, ends=True) == "ended"
    with pytest.raises(TextLost):
        edit(door, "one", again)
    assert edit(door, "one", again, starts=True) == "lost"
    for name in ("one", "two"):
        edit(door, name, None, ends=True, starts=True)


def test_what_the_server_has_forgotten_is_sent_whole_again(door: TritonDoor, translator: TritonTranslator) -> None:
    with translator.session() as session:
        assert session.translate(kind(704)).wasm == translate(kind(704)).wasm
        edit(door, session._name, None, ends=True)
        assert session.translate(kind(705)).wasm == translate(kind(705)).wasm


@pytest.fixture(scope="module")
def hasty(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TritonServer]:
    """A server whose sequences expire after a second, and that asks all the time whether clients are still there."""
    models = tmp_path_factory.mktemp("hasty") / "models"
    shutil.copytree(MODELS, models)
    for name, usual, here in (
        ("session/config.pbtxt", "600000000", "1000000"),
        ("connection.py", "LOOK_SECONDS = 0.5", "LOOK_SECONDS = 0.0005"),
    ):
        text = (models / name).read_text()
        assert usual in text
        (models / name).write_text(text.replace(usual, here))
    with TritonServer(installation, models, workers=1) as server:
        yield server


def test_a_sequence_expires(hasty: TritonServer) -> None:
    with contextlib.closing(TritonDoor(hasty.address)) as door:
        assert edit(door, "idle", SessionRequest(source=CANARY), starts=True) == translate(CANARY).wasm

        def gone() -> bool:
            try:
                edit(door, "idle", SessionRequest())
            except TextLost:
                return True
            return False

        # Asking keeps it alive: only whoever waits sees it go.
        assert any(not threading.Event().wait(pause) and gone() for pause in (2.0, 4.0, 8.0, 16.0))


def test_that_a_client_has_left_is_asked_of_nothing_that_is_over(hasty: TritonServer) -> None:
    """Triton forgets a request with its answer; whoever asked it then would end all of it."""

    def ask(client: int) -> list[str]:
        with contextlib.closing(TritonDoor(hasty.address)) as door:
            return [door.why_not("translate", compiler_version(), 30.0) for _ in range(60)]

    with ThreadPoolExecutor(8) as clients:
        assert not any(itertools.chain.from_iterable(clients.map(ask, range(8))))


def test_an_edit_makes_the_text_of_the_last_one_whatever_changed() -> None:
    chance = random.Random(5)
    texts = ["", "a", "aaa", "größe 🎈\n", *("".join(chance.choices("ab\n", k=chance.randrange(9))) for _ in range(40))]
    for last, text in itertools.product(texts, texts):
        request = SessionRequest.of(TranslationRequest(source=text, function="f"), last)
        read = SessionRequest.model_validate_json(request.model_dump_json(exclude_defaults=True))
        assert read.text(last) == text and read.function == "f"
        with pytest.raises(TextLost):
            read.text(last + "x")
    assert SessionRequest.of(TranslationRequest(source="x"), None).text(None) == "x"
