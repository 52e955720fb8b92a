"""Kill, one after the other, everything that stands between clients and their answers, in the middle of requests.

    python -m tests.server.gateway.kills 500

Half of the clients ask Triton, half a gateway in front of it that shares with Redis. A gateway and Redis are started again here, as by
somebody who looks after them.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from portalis.translator import Options, translate
from portalis.translator.servers.clients.gateway import GatewayTranslator
from portalis.translator.servers.clients.translator import RemoteTranslator
from portalis.translator.servers.clients.triton import RemoteError, ServerUnavailable, TritonTranslator
from portalis.translator.servers.triton.server import TritonServer
from tests.server.gateway.processes import Gateway, free_port, redis_server
from tests.server.processes import judges, service, stub
from tests.server.snippets import kind

DEADLINE = 60.0
FEW = Options(cases=16)
CLIENTS = 8


class Stand:
    """A Triton server with a gateway and Redis, whose parts can be killed by name."""

    def __init__(self, triton: TritonServer, folder: Path) -> None:
        self._triton, self._folder = triton, folder
        self._redis_port = free_port()
        self._redis = contextlib.ExitStack()
        self._start_redis()
        settings = {"TRITON": triton.address, "TRITON_KEY": triton.key_file.read_text(), "REDIS": f"redis://127.0.0.1:{self._redis_port}"}
        self.gateway = Gateway(folder / "state", settings | {"WORKERS": "4"}).start()
        self.key = self.gateway.make_key("ada")

    def kill(self, victim: str) -> None:
        """Kill a part as the kernel would; a gateway and Redis are started again."""
        match victim:
            case "worker":
                os.kill(judges(service(self._triton.pid))[0], signal.SIGKILL)
            case "stub":
                os.kill(stub(self._triton.pid), signal.SIGKILL)
            case "service":
                os.kill(service(self._triton.pid), signal.SIGKILL)
            case "gateway":
                self.gateway.kill()
                self.gateway.start()
            case "redis":
                self._redis.close()
                self._start_redis()

    def close(self) -> None:
        """End the gateway and Redis."""
        self.gateway.kill()
        self._redis.close()

    def clients(self) -> tuple[RemoteTranslator, ...]:
        """Return a client for each way in."""
        return (
            TritonTranslator(self._triton.address, deadline=DEADLINE),
            GatewayTranslator(f"http://127.0.0.1:{self.gateway.port}", key=self.key, deadline=DEADLINE),
        )

    def _start_redis(self) -> None:
        self._redis.enter_context(redis_server(self._folder, self._redis_port))


VICTIMS = ("worker", "redis", "stub", "service", "gateway")


def campaign(stand: Stand, requests: int, tell: Callable[[str], None] = lambda text: None) -> Counter[str]:
    """Ask, kill each of VICTIMS in turn meanwhile, and count what clients were told; every tenth module is held to the embedded one."""
    told: Counter[str] = Counter()
    lock = threading.Lock()
    turns = iter(range(requests))
    slowest = 0.0

    def ask(client: int) -> None:
        nonlocal slowest
        translators = stand.clients()
        for number in _shared(turns, lock):
            began = time.monotonic()
            try:
                made = translators[client % 2].translate(kind(20_000 + number), options=FEW)
                same = number % 10 or made.wasm == translate(kind(20_000 + number), options=FEW).wasm
                outcome = "translated" if same else "WRONG"
            except (RemoteError, ServerUnavailable) as error:
                outcome = type(error).__name__ + ": " + str(error).partition(":")[0].rstrip("0123456789")
            with lock:
                told[outcome] += 1
                slowest = max(slowest, time.monotonic() - began)
        for translator in translators:
            translator.close()

    with ThreadPoolExecutor(CLIENTS) as clients:
        tasks = [clients.submit(ask, client) for client in range(CLIENTS)]
        for place, victim in enumerate(VICTIMS):
            while told.total() < requests * (2 * place + 1) // (2 * len(VICTIMS)):
                time.sleep(0.02)
            tell(f"killing: {victim}, after {told.total()} answers")
            stand.kill(victim)
        for task in tasks:
            task.result()
    tell(f"the slowest was told after {slowest:.1f} s")
    return told


def _shared(turns: Iterator[int], lock: threading.Lock) -> Iterator[int]:
    while True:
        with lock:
            number = next(turns, None)
        if number is None:
            return
        yield number


def main() -> None:
    """Run the campaign on servers of its own and print what clients were told."""
    from portalis.translator.servers.triton.installation import find_installation
    from tests.server.conftest import MODELS

    began = time.monotonic()

    def tell(text: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {text}", flush=True)

    with tempfile.TemporaryDirectory() as folder, TritonServer(find_installation(), MODELS, workers=2, tell=tell) as triton:
        stand = Stand(triton, Path(folder))
        try:
            for outcome, count in campaign(stand, int(sys.argv[1]), tell).most_common():
                print(f"{count:6}  {outcome}")
        finally:
            stand.close()


if __name__ == "__main__":
    main()
