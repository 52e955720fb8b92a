"""The model `batch` on the real server: a code base in one request, each answer as soon as it is there, none lost with what ends."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import tritonclient.grpc as grpc
from typer.testing import CliRunner, Result

from portalis.translator import Options, translate
from portalis.translator.cli.app import app
from portalis.translator.servers.clients.triton import RemoteError, ServerUnavailable, TritonTranslator
from portalis.translator.servers.contract.translation import Answer, Failed, RefusedAnswer, TranslatedAnswer, TranslationRequest
from portalis.translator.servers.triton.access import GRPC_HEADER
from portalis.translator.servers.triton.server import TritonServer
from tests.server.processes import becomes, processor_seconds, service, stub
from tests.server.snippets import FOREVER, REFUSED, TAKES_FOREVER, comparable, kind


def translate_folder(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["translate", str(folder), *arguments])


def requests(*sources: str) -> list[TranslationRequest]:
    return [TranslationRequest(source=source, path=f"{number}.py") for number, source in enumerate(sources)]


def test_each_source_is_answered_as_it_is_alone(translator: TritonTranslator) -> None:
    sources = [kind(salt) for salt in range(400, 410)]
    answers: dict[int, Answer] = {}
    translator.answer_all(requests(*sources, REFUSED), answers.__setitem__)
    assert sorted(answers) == list(range(11))
    refused = answers.pop(10)
    assert isinstance(refused, RefusedAnswer) and {item.span.file for item in refused.diagnostics} == {"10.py"}
    for number, answer in answers.items():
        assert isinstance(answer, TranslatedAnswer) and answer.build.wasm == translate(sources[number]).wasm
    assert (
        isinstance(answers[3], TranslatedAnswer)
        and comparable(answers[3].build)["report"] == comparable(translate(sources[3]).build)["report"]
    )


def test_an_answer_does_not_wait_for_the_others(translator: TritonTranslator) -> None:
    slow = TranslationRequest(source=TAKES_FOREVER, options=Options(cases=FOREVER, timeout=2.0))
    answers: dict[int, Answer] = {}
    translator.answer_all([slow, *requests(kind(411), kind(412))], answers.__setitem__)
    assert list(answers)[-1] == 0
    last = answers[0]
    assert isinstance(last, Failed) and last.why == "timeout" and isinstance(answers[1], TranslatedAnswer)


def test_a_code_base_leaves_others_their_turns(translator: TritonTranslator) -> None:
    """Whoever asks for one translation is answered before what is left of fifty."""
    answers: dict[int, Answer] = {}
    enough = threading.Event()

    def take(number: int, answer: Answer) -> None:
        answers[number] = answer
        if len(answers) == 5:
            enough.set()

    sources = requests(*(kind(salt) for salt in range(5000, 5050)))
    batch = threading.Thread(target=translator.answer_all, args=(sources, take))
    batch.start()
    assert enough.wait(60)
    translator.translate(kind(413))
    assert len(answers) < 50
    batch.join(100)
    assert len(answers) == 50


@pytest.mark.parametrize("victim", ["model", "service"])
def test_what_is_lost_with_a_process_is_asked_for_again(server: TritonServer, translator: TritonTranslator, victim: str) -> None:
    answers: dict[int, Answer] = {}

    def take(number: int, answer: Answer) -> None:
        assert number not in answers
        answers[number] = answer
        if len(answers) == 5:
            os.kill(stub(server.pid, "batch") if victim == "model" else service(server.pid), signal.SIGKILL)

    salts = range(6000, 6020) if victim == "model" else range(6100, 6120)
    translator.answer_all(requests(*(kind(salt) for salt in salts)), take)
    assert sorted(answers) == list(range(20)) and all(isinstance(answer, TranslatedAnswer) for answer in answers.values())


def test_what_a_client_that_left_had_asked_for_is_dropped(server: TritonServer, translator: TritonTranslator) -> None:
    asked = TranslationRequest(source=TAKES_FOREVER, options=Options(cases=FOREVER, timeout=5.0))

    def leave(number: int, answer: Answer) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        translator.answer_all(
            [*requests(kind(420)), *[asked.model_copy(update={"options": Options(cases=FOREVER + n)}) for n in range(20)]], leave
        )

    def idle() -> bool:
        before = processor_seconds(service(server.pid))
        time.sleep(1.0)
        return abs(processor_seconds(service(server.pid)) - before) < 0.05

    # Twenty sources that take their whole limit would keep the workers busy for much longer.
    assert becomes(idle, 20.0)


@pytest.mark.parametrize(("sources", "options"), [([], []), ([kind(1)] * 2, [b""]), ([kind(1)], [b""] * 2)])
def test_what_is_no_code_base_is_an_error(server: TritonServer, sources: list[str], options: list[bytes]) -> None:
    import numpy as np

    def tensor(name: str, rows: list[Any]) -> Any:
        return grpc.InferInput(name, [len(rows)], "BYTES").set_data_from_numpy(np.array(rows, dtype=np.object_))

    told: list[Any] = []
    done = threading.Event()

    def answered(result: Any, error: Any) -> None:
        told.append(error)
        done.set()

    with grpc.InferenceServerClient(server.address) as client:
        client.start_stream(answered, headers={GRPC_HEADER: server.key_file.read_text()})
        client.async_stream_infer("batch", [tensor("SOURCE", [source.encode() for source in sources]), tensor("OPTIONS", options)])
        assert done.wait(30) and "options for" in str(told[0])
    with TritonTranslator(server.address) as translator:
        assert translator.translate(kind(1))(1.0, 0) == 1.0


def test_without_a_server_that_is_said(tmp_path: Path) -> None:
    with TritonTranslator("127.0.0.1:9", attempts=1) as nobody, pytest.raises((RemoteError, ServerUnavailable), match="no server answers"):
        nobody.answer_all(requests(kind(1)), lambda number, answer: None)


def test_the_command_translates_a_folder(server: TritonServer, tmp_path: Path) -> None:
    (tmp_path / "code" / "inner").mkdir(parents=True)
    (tmp_path / "code" / "one.py").write_text(kind(430))
    (tmp_path / "code" / "inner" / "two.py").write_text(kind(431))
    asked = ("--backend", "triton", "--server", server.address)
    done = translate_folder(tmp_path / "code", *asked, "-o", str(tmp_path / "modules"), "--json")
    assert done.exit_code == 0, done.stderr
    assert [item["kind"] for item in json.loads(done.stdout)["files"]] == ["translated"] * 2
    assert (tmp_path / "modules" / "one.wasm").read_bytes() == translate(kind(430)).wasm
    assert (tmp_path / "modules" / "inner" / "two.wasm").read_bytes() == translate(kind(431)).wasm
    (tmp_path / "code" / "three.py").write_text(REFUSED)
    done = translate_folder(tmp_path / "code", *asked)
    assert done.exit_code == 1 and "three.py: refused: " in done.stdout and "2 of 3 files translated" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [([], "is a folder"), (["--backend", "gateway"], "is a folder"), (["--backend", "triton", "-f", "g"], "translated whole")],
)
def test_a_folder_where_none_is_taken_is_said_to_be_one(tmp_path: Path, arguments: list[str], told: str) -> None:
    (tmp_path / "one.py").write_text(kind(1))
    done = translate_folder(tmp_path, *arguments)
    assert done.exit_code == 2 and told in done.stderr and "Traceback" not in done.stderr
