"""Start Triton, a gateway in front of it and Redis on loopback, translate through every way in, and hold every module to the embedded one.

Serves until it is interrupted, then stops all of it, and looks whether a process, a socket or shared memory was left behind.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import httpx

from portalis.translator import translate
from portalis.translator.servers.clients.gateway import GatewayTranslator
from portalis.translator.servers.clients.triton import TritonTranslator
from portalis.translator.servers.contract.translation import ANSWER, Answer, TranslatedAnswer, TranslationRequest

SOURCES = (
    "def half(x: float) -> float:\n    return x / 2.0\n",
    "def twice(n: int) -> int:\n    return n + n\n",
    "def words(text: str) -> list[str]:\n    return sorted(text.split())\n",
)
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
HOST = "127.0.0.1"
SECONDS = 120.0


class Stop(BaseException):
    """Somebody wants this to end."""


class Processes:
    """What this has started. Each leads a session of its own, so that an interrupt at the terminal reaches this process alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[subprocess.Popen[str]] = []

    def start(self, name: str, *command: str) -> subprocess.Popen[str]:
        """Start a process that ends with this one."""
        with open(self._folder / f"{name}.log", "w") as log:
            process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True, preexec_fn=_end_with_parent
            )
        self._started.append(process)
        return process

    def serve(self, name: str, *arguments: str) -> dict[str, str]:
        """Start a server of Portalis and return what it says of itself when it is ready."""
        process = self.start(name, sys.executable, "-m", "portalis.translator.cli", "serve", "--json", *arguments)
        assert process.stdout is not None
        text = ""
        while not text.endswith("}\n"):
            line = process.stdout.readline()
            if not line:
                raise SystemExit(f"{name} did not start: {text}{(self._folder / f'{name}.log').read_text()}")
            text += line
        told: dict[str, str] = json.loads(text)
        return told

    def stop(self) -> list[str]:
        """End everything, the last first, and return what is left."""
        left: list[str] = []
        for process in reversed(self._started):
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                left.append(f"process {process.pid} did not end when it was told to")
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        # What they had started themselves may be in sessions of its own, and has their folder in its environment.
        left += [f"process {pid}" for pid in _processes_with(str(self._folder))]
        owners = {str(process.pid) for process in self._started}
        left += [str(path) for path in Path("/dev/shm").glob("portalis_*") if path.name.split("_")[1] in owners]
        return left


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _processes_with(text: str) -> list[int]:
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            pid = int(environment.parent.name)
            if text.encode() in environment.read_bytes() and pid != os.getpid():
                found.append(pid)
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _generated(port: int, key: str) -> list[bytes]:
    """Ask Triton as anybody can who speaks HTTP."""
    modules = []
    for source in SOURCES:
        url = f"http://{HOST}:{port}/v2/models/translate/generate"
        told = httpx.post(url, json={"SOURCE": source}, headers={"portalis-key": key}, timeout=SECONDS, trust_env=False).json()
        modules.append(_module(ANSWER.validate_json(told["ANSWER"])))
    return modules


def _batched(translator: TritonTranslator) -> list[bytes]:
    modules: dict[int, bytes] = {}

    def take(number: int, answer: Answer) -> None:
        modules[number] = _module(answer)

    translator.answer_all([TranslationRequest(source=source) for source in SOURCES], take)
    return [modules[number] for number in range(len(SOURCES))]


def _module(answer: Answer) -> bytes:
    assert isinstance(answer, TranslatedAnswer), answer
    return answer.build.wasm


def _start_all(processes: Processes) -> tuple[list[int], dict[str, Callable[[], list[bytes]]]]:
    """Start everything; return the ports and, by name, the ways in, each of which gives the modules of all sources."""
    redis, http_port = _free_port(), _free_port()
    program = shutil.which("redis-server")
    if program is None:
        raise SystemExit("redis-server is missing (Debian: apt-get install redis-server)")
    processes.start("redis", program, "--bind", HOST, "--port", str(redis), "--save", "", "--appendonly", "no", "--loglevel", "warning")
    triton = processes.serve("triton", "--port", "0", "--http-port", str(http_port))
    os.environ |= {"PORTALIS_GATEWAY_REDIS": f"redis://{HOST}:{redis}", "PORTALIS_GATEWAY_TRITON_KEY": Path(triton["key_file"]).read_text()}
    gateway = processes.serve("gateway", "--gateway", "--port", "0", "--triton", triton["address"])
    status = httpx.get(f"{gateway['url']}/v1/health/ready", timeout=SECONDS, trust_env=False).json()["status"]
    print(f"Triton at {triton['address']}, over HTTP at {HOST}:{http_port}")
    print(f"gateway at {gateway['url']}, {status}; Redis at {HOST}:{redis}")
    asked, http = TritonTranslator(triton["address"]), GatewayTranslator(gateway["url"])
    ways = {
        "Triton, gRPC, model translate": lambda: [asked.translate(source).wasm for source in SOURCES],
        "Triton, gRPC, model batch": lambda: _batched(asked),
        "Triton, HTTP, generate": lambda: _generated(http_port, Path(triton["key_file"]).read_text()),
        "gateway, Triton behind it": lambda: [http.translate(source).wasm for source in SOURCES],
        "gateway again, kept in Redis": lambda: [http.translate(source).wasm for source in SOURCES],
    }
    ports = [redis, http_port, *(int(place.rpartition(":")[2]) for place in (triton["address"], gateway["url"]))]
    return ports, ways


def _show(ways: dict[str, Callable[[], list[bytes]]]) -> bool:
    embedded = [translate(source).wasm for source in SOURCES]
    equal = True
    for name, way in ways.items():
        began = time.perf_counter()
        same = way() == embedded
        equal = equal and same
        verdict = "equal to embedded, byte for byte" if same else "DIFFERENT"
        print(f"  {name:32} {len(SOURCES)} modules, {verdict}, {(time.perf_counter() - began) * 1000:.0f} ms")
    return equal


def main() -> int:
    """Run the demonstration; the status is 0 where all modules are equal and nothing is left."""

    def stop(number: int, frame: FrameType | None) -> None:
        # A client that was half made complains when it goes.
        sys.unraisablehook = lambda unraisable: None
        raise Stop

    for number in STOPPING:
        signal.signal(number, stop)
    equal, ports = True, []
    with tempfile.TemporaryDirectory(prefix="portalis-demo-") as name:
        folder = Path(name)
        os.environ |= {"PORTALIS_SERVER_KEYS": str(folder / "keys"), "PORTALIS_GATEWAY_FOLDER": str(folder / "gateway")}
        processes = Processes(folder)
        try:
            ports, ways = _start_all(processes)
            equal = _show(ways)
            if "--once" not in sys.argv[1:]:
                print("serving; Ctrl-C stops everything", flush=True)
                signal.pause()
        except Stop:
            print()
        finally:
            # A second interrupt must not end this before everything it started.
            for number in STOPPING:
                signal.signal(number, signal.SIG_IGN)
            left = processes.stop() + [f"port {port}" for port in ports if _is_open(port)]
    print("stopped; left behind: " + ("; ".join(left) or "nothing"))
    return 0 if equal and not left else 1


if __name__ == "__main__":
    sys.exit(main())
