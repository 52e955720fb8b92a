"""One gateway with one worker for the tests that only ask it, with the keys of two tenants."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the extra `gateway` is not installed")

from tests.server.gateway.processes import Gateway

# Small enough that a body beyond it is sent in a moment.
BODY_BYTES = 20_000


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder: Path = tmp_path_factory.mktemp("gateway") / "state"
    running = Gateway(folder, {"BODY_BYTES": str(BODY_BYTES), "BODY_SECONDS": "1.5", "JOB_LEASE": "1"}).start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def open_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A gateway whose playground needs no key."""
    running = Gateway(tmp_path_factory.mktemp("open_gateway") / "state", {"PLAYGROUND": "open"}).start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def ada(gateway: Gateway) -> str:
    """A key of the tenant ada."""
    return gateway.make_key("ada")


@pytest.fixture(scope="session")
def bob(gateway: Gateway) -> str:
    """A key of the tenant bob."""
    return gateway.make_key("bob")
