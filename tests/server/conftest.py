"""One server for the tests that only ask it, and the reason where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("tritonclient.grpc", reason="tritonclient is not installed: scripts/setup.sh server")

from portalis.translator.servers.clients.triton import TritonTranslator
from portalis.translator.servers.triton.installation import Installation, ServerError, find_installation
from portalis.translator.servers.triton.server import TritonServer

MODELS = Path(__file__).parents[2] / "server" / "models"
TIME_LIMIT = 5.0
MEMORY_LIMIT = 320 << 20


def started(installation: Installation, workers: int) -> TritonServer:
    server = TritonServer(installation, MODELS, workers=workers, time_limit=TIME_LIMIT, memory_limit=MEMORY_LIMIT)
    server.start()
    return server


@pytest.fixture(scope="session")
def installation() -> Installation:
    try:
        return find_installation()
    except ServerError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def server(installation: Installation) -> Iterator[TritonServer]:
    running = started(installation, 2)
    yield running
    running.stop()


@pytest.fixture
def translator(server: TritonServer) -> Iterator[TritonTranslator]:
    with TritonTranslator(server.address, deadline=60.0) as client:
        yield client
