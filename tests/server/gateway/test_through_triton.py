"""A gateway before a real Triton server: the same translations, with nothing of the compiler in the gateway."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from portalis.translator import translate
from portalis.translator.servers.contract.service import COMPILER_HEADER
from portalis.translator.servers.contract.translation import ANSWER, RefusedAnswer, TranslatedAnswer
from portalis.translator.servers.pool.compiler_version import compiler_version
from portalis.translator.servers.triton.server import TritonServer
from tests.server.gateway.processes import Gateway, until
from tests.server.processes import service
from tests.server.snippets import REFUSED, TAKES_FOREVER, comparable, kind


@pytest.fixture(scope="module")
def thin(server: TritonServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    settings = {"TRITON": server.address, "TRITON_KEY": server.key_file.read_text(), "WORKERS": "2"}
    running = Gateway(tmp_path_factory.mktemp("thin") / "state", settings).start()
    yield running
    assert running.stop() == 0


def test_what_is_passed_on_comes_back_as_it_was_made(thin: Gateway) -> None:
    key = thin.make_key("ada")
    assert thin.get("/v1/metadata").json["backend"] == "triton"
    assert thin.get("/v1/version").json["compilers"] == [str(compiler_version())]
    for path in ("a.py", "b.py"):
        reply = thin.translate(key, kind(1), path=path, headers={COMPILER_HEADER: str(compiler_version())})
        answer = ANSWER.validate_json(reply.body)
        assert isinstance(answer, TranslatedAnswer) and answer.build.wasm == translate(kind(1)).wasm
        assert path in {site.span.file for site in answer.build.sites}
    refused = ANSWER.validate_json(thin.translate(key, REFUSED, path="größe.py").body)
    assert isinstance(refused, RefusedAnswer) and {item.span.file for item in refused.diagnostics} == {"größe.py"}
    late = thin.translate(key, TAKES_FOREVER, options={"cases": 80_000, "timeout": 1.0})
    assert late.status == 422 and late.json["why"] == "timeout"
    assert thin.process is not None
    loaded = Path(f"/proc/{thin.process.pid}/maps").read_text()
    assert not [name for name in ("llvmlite", "wasmtime", "/pxr/") if name in loaded]


def test_a_service_that_ends_behind_it_costs_nobody_an_answer(thin: Gateway, server: TritonServer) -> None:
    key = thin.make_key("bob")
    os.kill(service(server.pid), signal.SIGKILL)
    answer = ANSWER.validate_json(thin.translate(key, kind(990)).body)
    assert isinstance(answer, TranslatedAnswer) and comparable(answer.build) == comparable(translate(kind(990)).build)


def test_without_its_server_it_says_that_it_is_not_ready(thin: Gateway, server: TritonServer) -> None:
    os.kill(server.pid, signal.SIGSTOP)
    try:
        until(lambda: thin.get("/v1/health/ready").status == 503, thin)
        reply = thin.translate(thin.make_key("carol"), kind(991))
        assert (reply.status, reply.code) == (503, "not_ready") and reply.headers["retry-after"]
    finally:
        os.kill(server.pid, signal.SIGCONT)
    until(lambda: thin.get("/v1/health/ready").status == 200, thin)
