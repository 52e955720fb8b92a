"""Gateways and Redis as real processes on loopback, and plain requests to them."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portalis.translator.servers.gateway.database import open_database
from portalis.translator.servers.gateway.keys import SCOPES, KeyBook, Scope

PATIENCE = 60.0


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json["error"]["code"])


@dataclass
class Gateway:
    """One gateway: `python -m portalis.translator.servers.gateway` in a folder."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    command: tuple[str, ...] = (sys.executable, "-m", "portalis.translator.servers.gateway")

    def start(self, *, wait: bool = True) -> Gateway:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.log = self.folder / "log"
        before = len(self.lines())
        settings = {"FOLDER": str(self.folder), "PORT": str(self.port), "WORKERS": "1", "RATE": "0", "STORE_SECRET": "tests"}
        environment = {f"PORTALIS_GATEWAY_{name}": value for name, value in (settings | self.environment).items()}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=log)
        until(lambda: any(line["event"] == "serving" for line in self.lines()[before:]), self)
        self.port = next(line["port"] for line in self.lines()[before:] if line["event"] == "serving")
        if wait:
            until(lambda: self.get("/v1/health/ready").status == 200, self)
        return self

    def lines(self) -> list[dict[str, Any]]:
        """What it has logged; all of it is JSON."""
        if not self.log.exists():
            return []
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.endswith("}")]

    def make_key(self, tenant: str, scopes: tuple[Scope, ...] = SCOPES) -> str:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        with contextlib.closing(open_database(self.folder)) as database:
            return KeyBook(database).create(tenant, scopes)[1]

    def send(
        self,
        method: str,
        path: str,
        key: str | None = None,
        body: Any = None,
        headers: dict[str, str] | None = None,
        timeout: float = PATIENCE,
    ) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        sent = {"Authorization": f"Bearer {key}"} if key else {}
        text = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        sent |= {"Content-Type": "application/json"} if text is not None else {}
        try:
            connection.request(method, path, text, sent | (headers or {}))
            answer = connection.getresponse()
            return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path: str, key: str | None = None, **rest: Any) -> Reply:
        return self.send("GET", path, key, **rest)

    def post(self, path: str, key: str | None, body: Any, **rest: Any) -> Reply:
        return self.send("POST", path, key, body, **rest)

    def translate(self, key: str | None, source: str, headers: dict[str, str] | None = None, **rest: Any) -> Reply:
        return self.post("/v1/translations", key, {"source": source, **rest}, headers=headers)

    def raw(self, text: bytes, seconds: float = PATIENCE) -> bytes:
        """Send bytes and return all that comes until the connection ends."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            connection.sendall(text)
            found = b""
            with contextlib.suppress(ConnectionError):
                while part := connection.recv(65536):
                    found += part
            return found

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(PATIENCE)

    def stop(self) -> int:
        """End it politely."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


def until(condition: Any, gateway: Gateway | None = None, seconds: float = PATIENCE) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if condition():
                return
        if gateway is not None and gateway.process is not None:
            assert gateway.process.poll() is None, gateway.log.read_text()[-2000:]
        assert time.monotonic() < end, gateway.log.read_text()[-2000:] if gateway is not None else "it did not come about"
        time.sleep(0.05)


@contextlib.contextmanager
def redis_server(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Debian's Redis on loopback, keeping nothing."""
    program = shutil.which("redis-server")
    assert program is not None
    command = [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        until(lambda: _answers(port))
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE)


def _answers(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), timeout=1.0):
        return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
