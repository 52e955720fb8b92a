"""What a gateway answers: the embedded translation, refusals with every reason, stages as they come, and what it says of itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portalis.translator import Options, TranslationError, translate
from portalis.translator.servers.clients.gateway import GatewayTranslator
from portalis.translator.servers.contract.asking import RemoteError, ServerUnavailable
from portalis.translator.servers.contract.service import COMPILER_HEADER
from portalis.translator.servers.contract.translation import ANSWER, RefusedAnswer, TranslatedAnswer
from portalis.translator.servers.pool.compiler_version import compiler_version
from portalis.translator.source import SourceFile
from tests.server.gateway.processes import Gateway
from tests.server.snippets import REFUSED, comparable, kind

WITH_OBJECTS = "def f(words: list[str]) -> dict[str, int]:\n    return {word: len(word) for word in words}\n"
WIDE = "def f(n: int) -> int:\n    return n * 123456789012345678901234567890\n"


@pytest.mark.parametrize("source", [kind(1), WITH_OBJECTS, WIDE])
def test_a_translation_is_the_embedded_one_and_runs(gateway: Gateway, ada: str, source: str) -> None:
    with GatewayTranslator(f"http://127.0.0.1:{gateway.port}", key=ada) as translator:
        there, here = translator.translate(source), translate(source)
    assert there.wasm == here.wasm and comparable(there.build) == comparable(here.build)
    assert there.signature == here.signature and there.rust == here.rust


def test_a_refusal_is_the_embedded_one(gateway: Gateway, ada: str) -> None:
    file = SourceFile("größe.py", REFUSED)
    with pytest.raises(TranslationError) as here:
        translate(file)
    with GatewayTranslator(f"http://127.0.0.1:{gateway.port}", key=ada) as translator, pytest.raises(TranslationError) as there:
        translator.translate(file)
    assert there.value.diagnostics == here.value.diagnostics
    reply = gateway.translate(ada, REFUSED, path="größe.py")
    answer = ANSWER.validate_json(reply.body)
    assert reply.status == 200 and isinstance(answer, RefusedAnswer) and answer.diagnostics == here.value.diagnostics


def test_what_was_kept_is_the_same_answer_with_another_path(gateway: Gateway, ada: str) -> None:
    first, second = (gateway.translate(ada, kind(2), path=path).json for path in ("a.py", "b.py"))
    assert json.loads(json.dumps(first).replace('"a.py"', '"b.py"')) == second
    # The very same translation, not another one that says the same: it took as long.
    assert first["build"]["seconds"] == second["build"]["seconds"]


def test_stages_come_as_events(gateway: Gateway, ada: str) -> None:
    reply = gateway.translate(ada, kind(3), headers={"Accept": "text/event-stream"})
    events = [
        dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and not line.startswith(":"))
        for block in reply.body.decode().replace("\r\n", "\n").split("\n\n")
        if block.strip()
    ]
    stages = [json.loads(event["data"])["stage"] for event in events if event["event"] == "stage"]
    assert stages == ["queued", "building", "verifying"]
    answer = ANSWER.validate_json(events[-1]["data"])
    assert isinstance(answer, TranslatedAnswer) and comparable(answer.build) == comparable(translate(kind(3)).build)


def test_options_are_heeded_and_what_no_server_does_is_invalid(gateway: Gateway, ada: str) -> None:
    assert gateway.translate(ada, kind(1), options={"seed": 5, "cases": 16}).json["build"]["report"]["seed"] == 5
    invalid: list[dict[str, Any]] = [
        {"options": {"verify": False}}, {"options": {"cases": 0}}, {"options": {"cases": 1 << 70}}, {"options": {"seed": 1 << 64}},
        {"unheard_of": 1}, {"patience": -1}, {"examples": "f(1)"}, {"path": 1},
    ]  # fmt: skip
    for rest in invalid:
        reply = gateway.translate(ada, kind(1), **rest)
        assert (reply.status, reply.code) == (422, "invalid"), rest
    for body in (b"", b"{", b"[]", b"\xff", b'{"source": "\\ud800"}', b'{"source": 1}'):
        assert gateway.post("/v1/translations", ada, body).status == 422, body


def test_a_compiler_can_be_insisted_on(gateway: Gateway, ada: str, monkeypatch: pytest.MonkeyPatch) -> None:
    own = str(compiler_version())
    assert gateway.translate(ada, kind(1), headers={COMPILER_HEADER: own}).headers[COMPILER_HEADER] == own
    for other in ("1", "0", own + "0", "x"):
        reply = gateway.translate(ada, kind(1), headers={COMPILER_HEADER: other})
        assert (reply.status, reply.code) == (409, "other_compiler") and own in reply.json["error"]["message"]
    monkeypatch.setattr("portalis.translator.servers.clients.gateway.compiler_version", lambda: 1)
    translator = GatewayTranslator(f"http://127.0.0.1:{gateway.port}", key=ada)
    with translator, pytest.raises(ServerUnavailable, match="another version of the compiler"):
        translator.translate(kind(1))


def test_what_it_says_of_itself_has_the_shape_that_nim_services_have(gateway: Gateway, ada: str) -> None:
    found = {name: gateway.get(f"/v1/{name}") for name in ("models", "version", "license", "metadata", "manifest", "health/live")}
    assert {reply.status for reply in found.values()} == {200}
    (model,) = found["models"].json["data"]
    assert found["models"].json["object"] == "list" and model["object"] == "model" and model["version"] == str(compiler_version())
    assert found["version"].json["release"] and found["version"].json["api"]
    assert found["license"].json["name"] == "Apache-2.0" and found["metadata"].json["modelInfo"][0]["id"] == model["id"]
    assert set(found["manifest"].json) == {"manifest_file", "repository_override"}
    assert gateway.get("/v1/health/ready").json["status"] == "ready"
    assert gateway.get("/v1/metrics").status == 401
    told = gateway.get("/v1/metrics", ada)
    assert told.status == 200 and b"portalis_ready 1.0" in told.body and b'portalis_translations_total{how="made"' in told.body


def test_a_gateway_without_a_compiler_imports_none(tmp_path: Path) -> None:
    """Before a Triton server, none of the compiler's rooms is loaded, nor what they need."""
    script = (
        "import asyncio, pathlib, sys\n"
        "for name in ('llvmlite', 'wasmtime', 'pxr'): sys.modules[name] = None\n"
        "from portalis.translator.servers.gateway import serving, services, settings\n"
        f"made = services.Services(settings.Settings(folder={str(tmp_path / 'state')!r}, triton='127.0.0.1:9', store_secret='x'))\n"
        "async def live():\n"
        "    await made.start(); await asyncio.sleep(0.2); assert not made.ready; await made.stop()\n"
        "asyncio.run(live())\n"
        "rooms = {name.split('.')[2] for name in sys.modules if name.startswith('portalis.translator.')}\n"
        "print(*sorted(rooms & {'frontend', 'backends', 'bridge', 'calling', 'library', 'passes', 'stage'}))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


# ----------------------------------------------------------------------------------------------------------------- its client
def test_a_client_without_a_gateway_says_so_in_time() -> None:
    translator = GatewayTranslator("http://127.0.0.1:9", key="0" * 64, deadline=1.0)
    with translator, pytest.raises(ServerUnavailable, match="no gateway answers"):
        translator.translate(kind(1))


def test_a_wrong_key_is_told_at_once_and_never_tried_again(gateway: Gateway) -> None:
    translator = GatewayTranslator(f"http://127.0.0.1:{gateway.port}", key="0" * 64, attempts=1_000_000)
    with translator, pytest.raises(RemoteError, match="does not let this key in"):
        translator.translate(kind(1))


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "127.0.0.1:8000", "http://", "http://gateway.example", "http://127.0.0.1.example"])
def test_no_key_is_sent_where_others_could_read_it(url: str) -> None:
    with pytest.raises(RemoteError):
        GatewayTranslator(url, key="0" * 64)


def test_what_no_server_does_is_not_sent(gateway: Gateway, ada: str) -> None:
    with GatewayTranslator(f"http://127.0.0.1:{gateway.port}", key=ada) as translator, pytest.raises(RemoteError, match="verifies every"):
        translator.translate(kind(1), options=Options(verify=False))
