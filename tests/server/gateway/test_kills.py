"""Kill -9 of every part in the middle of requests, once each; `kills.py` does it with as many requests as one wants."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from portalis.translator import translate
from portalis.translator.servers.triton.server import TritonServer
from tests.server.gateway.kills import Stand, campaign
from tests.server.snippets import kind


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed")
def test_whatever_is_killed_each_client_has_its_result_or_a_clear_error(server: TritonServer, tmp_path: Path) -> None:
    stand = Stand(server, tmp_path)
    try:
        told = campaign(stand, 40)
        assert told.total() == 40 and told["translated"] >= 20
        assert all(outcome == "translated" or outcome.startswith("ServerUnavailable: ") for outcome in told), told
        for client in stand.clients():
            with client:
                assert client.translate(kind(29_999)).wasm == translate(kind(29_999)).wasm
    finally:
        stand.close()
