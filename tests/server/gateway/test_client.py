"""A client before servers that fail in every way: an error in time, never an answer that is none; and where it keeps its key."""

from __future__ import annotations

import dataclasses
import functools
import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from portalis.translator import translate
from portalis.translator.cli.app import app
from portalis.translator.servers.clients.gateway import GatewayTranslator
from portalis.translator.servers.clients.keyring import KEY_VARIABLE, gateway_key
from portalis.translator.servers.contract.asking import RemoteError, ServerUnavailable
from portalis.translator.servers.contract.translation import TranslatedAnswer, failed
from portalis.translator.source import SourceFile
from portalis.translator.translating.describing import interface_of
from portalis.translator.ui.models import translators
from tests.server.gateway.processes import Gateway
from tests.server.snippets import kind


class Nonsense(http.server.BaseHTTPRequestHandler):
    """Answers as its server's `say` does."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.say(self)  # type: ignore[attr-defined]

    def log_message(self, format: str, *arguments: Any) -> None:
        pass

    def reply(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def nonsense() -> Iterator[http.server.ThreadingHTTPServer]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Nonsense)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def _swapped(how: str) -> bytes:
    """An answer that is not what was asked for, in some way that only a client sees."""
    other, own = translate(kind(2)), translate(kind(1))
    assert own.report is not None
    build, interface = own.build, interface_of(own.lowered, own.build.sites, wide=False)
    match how:
        case "module":
            build = dataclasses.replace(build, wasm=other.wasm)
        case "no report":
            build = dataclasses.replace(build, report=None)
        case "no wasm in the report":
            build = dataclasses.replace(build, report=dataclasses.replace(own.report, artefacts=()))
        case "verdict":
            artefact = dataclasses.replace(own.report.artefacts[0], status="not verified")
            build = dataclasses.replace(build, report=dataclasses.replace(own.report, artefacts=(artefact,)))
        case "program":
            other = translate("def g(x: float) -> float:\n    return x\n")
            build, interface = other.build, interface_of(other.lowered, other.build.sites, wide=False)
    return TranslatedAnswer(build=build, interface=interface).model_dump_json().encode()


def _reply_swapped(how: str, handler: Nonsense) -> None:
    handler.reply(200, _swapped(how))


SWAPPED = ["module", "no report", "no wasm in the report", "verdict", "program"]
FAILURES: dict[str, Any] = {
    "it says nothing": lambda self: self.connection.close(),
    "it never answers": lambda self: time.sleep(2.0),
    "it trickles": lambda self: [self.send_response(200), self.end_headers(), *(_trickle(self) for _ in range(30))],
    "half an answer": lambda self: [self.send_response(200), self.send_header("Content-Length", "100"), self.end_headers()],
    "a page": lambda self: self.reply(200, b"<html>"),
    "an empty answer": lambda self: self.reply(200, b""),
    "another kind": lambda self: self.reply(200, b'{"kind":"rumoured"}'),
    "a mistake": lambda self: self.reply(500, b"oh"),
    "busy": lambda self: self.reply(503, b"{}", Retry_After="1"),
    "busy for long": lambda self: self.reply(503, b"{}", Retry_After="99999"),
    "limited": lambda self: self.reply(429, b"{}", Retry_After="x"),
    "a redirect": lambda self: self.reply(307, b"", Location="http://127.0.0.1:9/"),
    "not here": lambda self: self.reply(404, b""),
    "packed nonsense": lambda self: self.reply(200, b"xyz", Content_Encoding="gzip"),
    "a failure": lambda self: self.reply(422, failed("timeout", "no answer within 1 s")),
    "invalid": lambda self: self.reply(422, failed("invalid", "no")),
    **{f"another {how}": functools.partial(_reply_swapped, how) for how in SWAPPED},
}


def _trickle(handler: Nonsense) -> None:
    try:
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)
    except OSError:
        pass


@pytest.mark.parametrize("failure", FAILURES)
def test_a_server_that_fails_is_an_error_in_time_and_never_an_answer(nonsense: http.server.ThreadingHTTPServer, failure: str) -> None:
    tries: list[int] = []

    def say(handler: Nonsense) -> None:
        tries.append(1)
        FAILURES[failure](handler)

    nonsense.say = say  # type: ignore[attr-defined]
    started = time.monotonic()
    translator = GatewayTranslator(f"http://127.0.0.1:{nonsense.server_port}", key="0" * 64, deadline=0.6, attempts=3)
    with translator, pytest.raises((RemoteError, ServerUnavailable)):
        translator.translate(kind(1))
    assert time.monotonic() - started < 20.0
    if failure in ("a failure", "invalid", "a mistake", "a redirect", "another module"):
        assert len(tries) == 1


def test_fallback_translates_here_where_a_gateway_fails(nonsense: http.server.ThreadingHTTPServer, tmp_path: Path) -> None:
    file = tmp_path / "half.py"
    file.write_text(kind(1))
    nonsense.say = lambda handler: handler.reply(500, b"")  # type: ignore[attr-defined]
    arguments = [
        "translate",
        str(file),
        "--backend",
        "gateway",
        "--url",
        f"http://127.0.0.1:{nonsense.server_port}",
        "--emit",
        "wasm",
        "-o",
    ]
    told = CliRunner().invoke(app, [*arguments, str(tmp_path / "there.wasm")])
    assert told.exit_code == 1 and "500" in told.stderr and not (tmp_path / "there.wasm").exists()
    told = CliRunner().invoke(app, [*arguments, str(tmp_path / "here.wasm"), "--fallback"])
    assert told.exit_code == 0 and "translating here instead" in told.stderr
    assert (tmp_path / "here.wasm").read_bytes() == translate(kind(1)).wasm


@pytest.mark.parametrize(
    "backend", ["keyring.backends.fail.Keyring", "keyring.backends.null.Keyring", "keyrings.alt.file.PlaintextKeyring"]
)
def test_a_key_is_kept_in_no_store_that_does_not_keep_it(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Plain:
        """Writes secrets down as they are, as some stores do."""

        name = "plain"

        def set_password(self, *given: str) -> None:
            raise AssertionError("the key was written down")

        get_password = set_password

    Plain.__module__, _, Plain.__qualname__ = backend.rpartition(".")
    monkeypatch.setattr("keyring.get_keyring", Plain)
    told = CliRunner().invoke(app, ["keys", "store", "--url", "https://gateway.example"], input="0" * 64 + "\n")
    assert told.exit_code == 1 and KEY_VARIABLE in told.stderr and "no secure store" in told.stderr


def test_a_key_that_is_kept_is_the_one_for_its_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    class Keyring:
        """What the system's own store does, in memory."""

        name = "Secret Service"

        def __init__(self) -> None:
            self.kept: dict[tuple[str, str], str] = {}

        def set_password(self, service: str, place: str, key: str) -> None:
            self.kept[service, place] = key

        def get_password(self, service: str, place: str) -> str | None:
            return self.kept.get((service, place))

        def delete_password(self, service: str, place: str) -> None:
            del self.kept[service, place]

    Keyring.__module__ = "keyring.backends.SecretService"
    store = Keyring()
    monkeypatch.setattr("keyring.get_keyring", lambda: store)
    told = CliRunner().invoke(app, ["keys", "store", "--url", "https://Gateway.example/"], input="k" * 64 + "\n")
    assert told.exit_code == 0 and "k" * 64 not in told.output
    assert gateway_key("https://gateway.example") == "k" * 64 and gateway_key("https://other.example") is None
    assert gateway_key("https://gateway.example", None, "from the environment") == "from the environment"
    assert CliRunner().invoke(app, ["keys", "forget", "--url", "https://gateway.example"]).exit_code == 0
    assert gateway_key("https://gateway.example") is None


def test_the_window_s_selector_asks_a_gateway(gateway: Gateway, ada: str, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"http://127.0.0.1:{gateway.port}"
    choice = translators.gateway(url, lambda: None)
    assert "asks for a key" in choice.why_not() and KEY_VARIABLE in choice.why_not()
    monkeypatch.setenv(KEY_VARIABLE, ada)
    assert choice.why_not() == "" and choice.shown.startswith(f"translating at {url}, ") and choice.shown.endswith(" ms away")
    assert choice.translate is not None
    shown = choice.translate(SourceFile("f.py", kind(1)), None)
    assert shown.name == "f" and shown.wat == translate(kind(1)).wat
    assert "no gateway answers" in translators.gateway("http://127.0.0.1:9", lambda: None).why_not()
    assert "not encrypted" in translators.gateway("http://gateway.example", lambda: None).why_not()
