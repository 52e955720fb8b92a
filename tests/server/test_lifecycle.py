"""Starting, stopping and killing servers: what is left, and what clients are told."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO

import pytest
from typer.testing import CliRunner, Result

from portalis.translator import Options, translate
from portalis.translator.cli.app import app
from portalis.translator.servers.clients.triton import RemoteError, ServerUnavailable, TritonTranslator
from portalis.translator.servers.pool.compiler_version import compiler_version
from portalis.translator.servers.triton.asking import TritonDoor
from portalis.translator.servers.triton.installation import Installation, ServerError
from portalis.translator.servers.triton.server import TritonServer, remove_remains_of_the_dead
from tests.server.conftest import MODELS, started
from tests.server.processes import becomes, group, processor_seconds, running, service, shared_memory, stub
from tests.server.snippets import FOREVER, TAKES_FOREVER, kind

COMMAND = (sys.executable, "-m", "portalis.translator.cli")


def serve(errors: IO[str] | None = None) -> tuple[subprocess.Popen[str], dict[str, object]]:
    """Start `portalis serve` on a free port and return it with what it announced."""
    command = [*COMMAND, "serve", "--port", "0", "--workers", "1", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
    assert process.stdout is not None
    text = ""
    while not text.endswith("}\n"):
        line = process.stdout.readline()
        assert line, "portalis serve ended before it was ready"
        text += line
    return process, json.loads(text)


def translate_file(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["translate", str(path), "--emit", "wasm", *arguments])


def test_a_busy_server_stops_and_leaves_nothing(installation: Installation) -> None:
    others = shared_memory(os.getpid())
    server = started(installation, 1)
    leader = server.pid
    assert len(shared_memory(os.getpid())) > len(others)
    told: list[Exception] = []

    def ask() -> None:
        with TritonTranslator(server.address, deadline=60.0, attempts=1) as translator:
            try:
                translator.translate(TAKES_FOREVER, options=Options(cases=FOREVER))
            except Exception as error:
                told.append(error)

    client = threading.Thread(target=ask)
    before = processor_seconds(service(leader))
    client.start()
    assert becomes(lambda: processor_seconds(service(leader)) > before + 0.5)
    server.stop()
    assert group(leader) == [] and shared_memory(os.getpid()) == others
    client.join(60)
    assert not client.is_alive() and len(told) == 1


def test_a_server_killed_in_the_middle_leaves_every_client_with_an_answer(installation: Installation) -> None:
    server = started(installation, 1)
    leader = server.pid
    outcomes: list[str] = []
    enough = threading.Event()

    def ask(client: int) -> None:
        with TritonTranslator(server.address, deadline=60.0, attempts=4) as translator:
            for turn in range(3):
                try:
                    translator.translate(kind(1000 + 3 * client + turn))
                    outcomes.append("translated")
                except ServerUnavailable as error:
                    outcomes.append(str(error))
                if len(outcomes) >= 10:
                    enough.set()

    clients = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
    for client in clients:
        client.start()
    assert enough.wait(60)
    os.kill(leader, signal.SIGKILL)
    for client in clients:
        client.join(100)
    assert not any(client.is_alive() for client in clients)
    server.stop()
    assert len(outcomes) == 16 * 3 and 10 <= outcomes.count("translated") < 16 * 3
    assert all(text == "translated" or "no server answers at 127.0.0.1" in text for text in outcomes)
    assert group(leader) == []


def test_a_port_that_is_taken_is_told_before_anything_starts(installation: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServerError, match=f"port {port} of 127.0.0.1 cannot be used"):
            TritonServer(installation, MODELS, port=port).start()


def test_a_port_that_is_taken_after_its_choice_gives_way_to_another(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        monkeypatch.setattr("portalis.translator.servers.triton.server._require_free", lambda port: None)
        server = TritonServer(installation, MODELS, workers=1)
        chosen = server.address
        taken.bind(("127.0.0.1", int(chosen.rpartition(":")[2])))
        taken.listen()
        with server, TritonTranslator(server.address, deadline=60.0) as translator:
            assert server.address != chosen and translator.translate("def f(x: int) -> int:\n    return x\n").report


def test_a_model_that_cannot_be_loaded_ends_the_start_with_the_server_s_words(installation: Installation, tmp_path: Path) -> None:
    model = tmp_path / "translate"
    (model / "1").mkdir(parents=True)
    (model / "config.pbtxt").write_text((MODELS / "translate" / "config.pbtxt").read_text())
    (model / "1" / "model.py").write_text("raise RuntimeError('this model is broken')\n")
    server = TritonServer(installation, tmp_path, workers=1)
    with pytest.raises(ServerError, match="before it was ready") as refused:
        server.start()
    assert any("this model is broken" in line for line in refused.value.log)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_until_it_is_told_to_stop(installation: Installation, number: signal.Signals) -> None:
    process, told = serve()
    leader = int(str(told["pid"]))
    with TritonTranslator(str(told["address"])) as translator:
        assert translator.translate(kind(1))(1.0, 0) == 1.0
    process.send_signal(number)
    assert process.wait(30) == 0
    assert group(leader) == [] and shared_memory(process.pid) == []


def test_a_killed_command_takes_its_server_with_it(installation: Installation) -> None:
    process, told = serve()
    leader = int(str(told["pid"]))
    process.kill()
    process.wait()
    assert becomes(lambda: not group(leader) and not running(leader))
    remove_remains_of_the_dead()
    assert shared_memory(process.pid) == [] and not list(Path(tempfile.gettempdir()).glob(f"portalis-serve-{process.pid}-*"))


def test_a_command_whose_server_dies_says_so(installation: Installation) -> None:
    process, told = serve()
    os.kill(int(str(told["pid"])), signal.SIGKILL)
    assert process.wait(30) == 1 and process.stdout is not None
    assert "ended by itself" in json.loads(process.stdout.read())["error"]
    assert group(int(str(told["pid"]))) == [] and shared_memory(process.pid) == []


def test_a_server_without_its_model_is_unavailable_and_with_fallback_the_embedded_translator(
    installation: Installation, tmp_path: Path
) -> None:
    source = tmp_path / "snippet.py"
    source.write_text(kind(1))
    with TritonServer(installation, MODELS, workers=1) as server:
        # Nobody heals a model whose files have gone, and so the server ends.
        shutil.rmtree(Path(f"/proc/{server.pid}/cwd").resolve() / "models" / "translate")
        os.kill(stub(server.pid), signal.SIGKILL)
        lame = ("--backend", "triton", "--server", server.address)
        with TritonTranslator(server.address, attempts=1) as translator, pytest.raises(ServerUnavailable, match=r"the model .* has ended"):
            translator.translate(kind(1))
        helped = translate_file(source, *lame, "--fallback", "-o", str(tmp_path / "fallback"))
        assert helped.exit_code == 0 and "translating here instead" in helped.stderr
    assert (tmp_path / "fallback").read_bytes() == translate(kind(1)).wasm


def test_a_killed_model_is_served_again_while_it_is_asked_and_what_cannot_be_healed_ends(
    installation: Installation, tmp_path: Path
) -> None:
    with open(tmp_path / "said", "w+") as said:
        process, told = serve(said)
        leader, address = int(str(told["pid"])), str(told["address"])
        outcomes: list[str] = []
        stop = threading.Event()

        def ask(client: int) -> None:
            with TritonTranslator(address, deadline=60.0) as translator:
                for salt in itertools.count(10_000 * (client + 1)):
                    if stop.is_set():
                        return
                    try:
                        translator.translate(kind(salt))
                        outcomes.append("translated")
                    except ServerUnavailable as error:
                        outcomes.append(str(error))

        clients = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
        for client in clients:
            client.start()
        assert becomes(lambda: len(outcomes) > 5)
        killed = stub(leader)
        os.kill(killed, signal.SIGKILL)
        with contextlib.closing(TritonDoor(address)) as door:
            assert not door.is_ready(compiler_version(), 5.0)
            assert becomes(lambda: door.is_ready(compiler_version(), 5.0), 60.0)
        before = outcomes.count("translated")
        assert becomes(lambda: outcomes.count("translated") > before, 60.0)
        stop.set()
        for client in clients:
            client.join(60)
        others = [text for text in outcomes if text != "translated"]
        assert all("has ended" in text or "did not answer" in text or "no server answers" in text for text in others), others
        assert stub(leader) != killed and not running(killed)
        # A model whose files have gone cannot be loaded again.
        shutil.rmtree(Path(f"/proc/{leader}/cwd").resolve() / "models" / "translate")
        os.kill(stub(leader), signal.SIGKILL)
        assert process.wait(60) == 70 and process.stdout is not None
        assert "cannot be healed" in json.loads(process.stdout.read())["error"]
        assert group(leader) == [] and shared_memory(process.pid) == []
        said.seek(0)
        text = said.read()
    assert text.count("failed twice: loading it again") == 2 and "answers again" in text and "cannot be loaded again" in text


def test_whatever_an_exchange_raises_is_a_server_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    with TritonTranslator("127.0.0.1:9") as translator:
        for raised in (ValueError("torn"), RuntimeError("channel closed"), UnicodeDecodeError("utf-8", b"x", 0, 1, "bad")):

            def fail(*_given: object, raised: Exception = raised) -> None:
                raise raised

            monkeypatch.setattr(translator._door, "_exchange", fail)
            with pytest.raises(RemoteError, match=type(raised).__name__):
                translator.translate(kind(1))


def test_a_dead_server_is_an_error_and_with_fallback_the_embedded_translator(tmp_path: Path) -> None:
    source = tmp_path / "snippet.py"
    source.write_text(kind(1))
    dead = ("--backend", "triton", "--server", "127.0.0.1:9")
    refused = translate_file(source, *dead, "-o", str(tmp_path / "none"))
    assert refused.exit_code == 1 and "no server answers at 127.0.0.1:9" in refused.stderr and "--fallback" in refused.stderr
    assert not (tmp_path / "none").exists() and "Traceback" not in refused.stderr
    helped = translate_file(source, *dead, "--fallback", "-o", str(tmp_path / "fallback"))
    assert helped.exit_code == 0 and "translating here instead" in helped.stderr
    assert (tmp_path / "fallback").read_bytes() == translate(kind(1)).wasm
