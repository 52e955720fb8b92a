"""The real server: what it answers, to whom, and what a hostile snippet does to the others."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tritonclient.grpc as grpc
from tritonclient.utils import InferenceServerException

from portalis.translator import Options, TranslationError, translate
from portalis.translator.servers.clients import triton as client_module
from portalis.translator.servers.clients.triton import RemoteError, ServerUnavailable, TritonTranslator
from portalis.translator.servers.contract.translation import ANSWER, SOURCE_LIMIT, Failed, RefusedAnswer, RequestOptions, TranslatedAnswer
from portalis.translator.servers.pool.compiler_version import compiler_version
from portalis.translator.servers.triton.access import GRPC_HEADER
from portalis.translator.servers.triton.server import TritonServer
from portalis.translator.source import SourceFile
from tests.server.processes import becomes, running, service
from tests.server.snippets import FOREVER, REFUSED, TAKES_ALL_MEMORY, TAKES_FOREVER, comparable, kind


def texts(name: str, rows: list[bytes]) -> Any:
    tensor = grpc.InferInput(name, [len(rows), 1], "BYTES")
    return tensor.set_data_from_numpy(np.array([[row] for row in rows], dtype=np.object_))


def test_a_translation_equals_the_embedded_one_and_runs(translator: TritonTranslator) -> None:
    source = (
        "from pxr import Gf\n\ndef fall(position: Gf.Vec3d, velocity: Gf.Vec3d, dt: float):\n"
        "    position += velocity * dt\n    return position\n"
    )
    there, here = translator.translate(source), translate(source)
    assert comparable(there.build) == comparable(here.build)
    assert there.rust == here.rust and there.signature == here.signature
    doubled = translator.translate("def f(a, b=2):\n    return a * b\n", examples=["f(7)"], options=Options(cases=64, seed=3))
    assert doubled(21) == 42 and doubled.report is not None and doubled.report.seed == 3


def test_the_command_line_writes_the_embedded_translator_s_bytes(server: TritonServer, tmp_path: Path) -> None:
    source = tmp_path / "snippet.py"
    source.write_text(kind(1))
    command = [sys.executable, "-m", "portalis.translator.cli", "translate", str(source), "--emit", "wasm", "-o", str(tmp_path / "wasm")]
    done = subprocess.run([*command, "--backend", "triton", "--server", server.address], capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "wasm").read_bytes() == translate(kind(1)).wasm


def test_a_refusal_equals_the_embedded_one(translator: TritonTranslator) -> None:
    file = SourceFile("größe.py", REFUSED)
    with pytest.raises(TranslationError) as there:
        translator.translate(file)
    with pytest.raises(TranslationError) as here:
        translate(file)
    assert there.value.diagnostics == here.value.diagnostics and len(there.value.diagnostics) >= 2


@pytest.mark.parametrize(
    "source", ["", "\n", "def f() -> int:\n    return 1\n\0", "def f(x: float) -> float:\r\n    return x  # \u2028 ok 🎈\r\n"]
)
def test_any_text_arrives_as_it_is(translator: TritonTranslator, source: str) -> None:
    outcomes = []
    for translator_of in (translator.translate, translate):
        try:
            outcomes.append(comparable(translator_of(source).build))
        except TranslationError as error:
            outcomes.append({"diagnostics": error.diagnostics})
    assert outcomes[0] == outcomes[1]


def test_a_batch_is_answered_row_by_row_and_options_may_be_left_out(server: TritonServer) -> None:
    rows = [kind(100).encode(), REFUSED.encode(), b"#" * (SOURCE_LIMIT + 1), kind(101).encode()]
    with grpc.InferenceServerClient(server.address) as client:
        headers = {GRPC_HEADER: server.key_file.read_text()}
        result = client.infer("translate", [texts("SOURCE", rows)], client_timeout=60.0, headers=headers)
        answers = [ANSWER.validate_json(row) for row in result.as_numpy("ANSWER")[:, 0]]
        options = [RequestOptions(options=Options(seed=seed)).model_dump_json().encode() for seed in (1, 2)]
        seeded = client.infer(
            "translate", [texts("SOURCE", [rows[0]] * 2), texts("OPTIONS", options)], client_timeout=60.0, headers=headers
        )
    assert [type(answer) for answer in answers] == [TranslatedAnswer, RefusedAnswer, Failed, TranslatedAnswer]
    assert isinstance(answers[3], TranslatedAnswer) and comparable(answers[3].build) == comparable(translate(kind(101)).build)
    for row, seed in zip(seeded.as_numpy("ANSWER")[:, 0], (1, 2), strict=True):
        answer = ANSWER.validate_json(row)
        assert isinstance(answer, TranslatedAnswer) and answer.build.report is not None and answer.build.report.seed == seed


def test_hostile_snippets_are_told_so_and_harm_nobody_else(server: TritonServer) -> None:
    def ask(source: str) -> object:
        with TritonTranslator(server.address, deadline=100.0) as translator:
            try:
                options = Options(cases=FOREVER) if source == TAKES_FOREVER else None
                return comparable(translator.translate(source, options=options).build)
            except RemoteError as error:
                return str(error)

    sources = [kind(salt) for salt in range(200, 216)]
    sources[3:3], sources[10:10] = [TAKES_FOREVER], [TAKES_ALL_MEMORY]
    with ThreadPoolExecutor(16) as clients:
        answers = dict(zip(sources, clients.map(ask, sources), strict=True))
    assert "timeout" in str(answers.pop(TAKES_FOREVER))
    swollen = str(answers.pop(TAKES_ALL_MEMORY))
    assert any(word in swollen for word in ("memory", "crashed", "timeout"))
    assert answers == {source: comparable(translate(source).build) for source in answers}


def test_what_a_server_does_not_do_is_an_error(translator: TritonTranslator) -> None:
    with pytest.raises(RemoteError, match="verifies every translation"):
        translator.translate(kind(1), options=Options(verify=False))


def test_another_compiler_gets_no_answer(server: TritonServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "compiler_version", lambda: compiler_version() + 2)
    with TritonTranslator(server.address) as translator, pytest.raises(ServerUnavailable, match="another version of the compiler"):
        translator.translate(kind(1))


def test_a_module_without_its_proof_is_not_taken(translator: TritonTranslator, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer whose module is not the one that was verified, as a faulty server would give it."""
    exchange = translator._door._exchange
    swapped = translate(kind(2)).build.wasm

    def tampered(*given: Any) -> Any:
        result = exchange(*given)
        answer = ANSWER.validate_json(result.as_numpy("ANSWER")[0, 0])
        assert isinstance(answer, TranslatedAnswer)
        text = answer.model_copy(update={"build": dataclasses.replace(answer.build, wasm=swapped)}).model_dump_json().encode()
        monkeypatch.setattr(result, "as_numpy", lambda name: np.array([[text]], dtype=np.object_))
        return result

    monkeypatch.setattr(translator._door, "_exchange", tampered)
    with pytest.raises(RemoteError, match="no proof"):
        translator.translate(kind(1))


def test_a_server_that_does_not_answer_is_left_at_the_deadline(server: TritonServer) -> None:
    os.kill(server.pid, signal.SIGSTOP)
    try:
        with TritonTranslator(server.address, deadline=1.0) as translator, pytest.raises(ServerUnavailable, match="within 1 s"):
            translator.translate(kind(300))
    finally:
        os.kill(server.pid, signal.SIGCONT)


def test_a_client_that_went_away_leaves_the_others_theirs(server: TritonServer, translator: TritonTranslator) -> None:
    with TritonTranslator(server.address, deadline=0.5) as hasty, pytest.raises(ServerUnavailable, match=r"within 0\.5 s"):
        hasty.translate(kind(302), options=Options(cases=100_000, timeout=1.5))
    # Its answer, which nobody takes, comes before these.
    for salt in (303, 304, 305):
        assert comparable(translator.translate(kind(salt)).build) == comparable(translate(kind(salt)).build)


def test_a_killed_service_is_started_again(server: TritonServer, translator: TritonTranslator) -> None:
    killed = service(server.pid)
    os.kill(killed, signal.SIGKILL)
    assert comparable(translator.translate(kind(301)).build) == comparable(translate(kind(301)).build)
    assert service(server.pid) != killed and becomes(lambda: not running(killed))


def test_the_server_s_own_controls_are_closed(server: TritonServer) -> None:
    with grpc.InferenceServerClient(server.address) as client:
        for control in (client.get_system_shared_memory_status, client.get_model_repository_index, client.get_trace_settings):
            with pytest.raises(InferenceServerException, match="restricted"):
                control(client_timeout=10.0)
