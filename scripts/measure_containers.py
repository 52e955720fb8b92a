"""Run the containers that scripts/build_containers.py built, and tell their sizes and how long they take until they answer.

python scripts/measure_containers.py [compiler] [thin] [--rounds N] [--json]

Stands for: a pod on a node that has the image. Each runs as it should: by podman with runc, its root read-only, as user 10001, without a
shell. Compressed is what a registry holds and a node loads (gzip), raw what the node keeps. Time is from `podman run` until
`/v1/health/ready` says 200, a translation is then made and compared with this machine's own, and SIGTERM ends it with status 0. `thin` asks
a Triton server that runs on this machine (`scripts/setup.sh server`). Leaves out: loading the image, and a network.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from build_containers import IMAGE, NAMES, ROOT

from portalis.translator import translate
from portalis.translator.servers.contract.translation import ANSWER, TranslatedAnswer
from portalis.translator.servers.gateway.metrics import process_seconds

# Bounds of what a container may have: compressed megabytes, and seconds until it is ready.
BARS = {"compiler": (180.0, 3.0), "thin": (60.0, 1.5)}
_SOURCE = "from pxr import Gf\n\n\ndef half(v: Gf.Vec3d) -> Gf.Vec3d:\n    return v * 0.5\n"
# Limits are those of this process, since not every machine may raise them.
_CONFINED = ("--read-only", "--network=host", "--ulimit=nofile=1024:1024", "--ulimit=nproc=1000:1000", "--cap-drop=all")
_PATIENCE = 60.0


def main() -> int:
    """Measure, and print; status 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="compiler or thin; both without one")
    parser.add_argument("--rounds", type=int, default=5, help="starts of each")
    parser.add_argument("--json", action="store_true", help="answer with one JSON document")
    options = parser.parse_args()
    found = {name: measure(name, options.rounds) for name in options.names or NAMES}
    if options.json:
        print(json.dumps({name: asdict(one) for name, one in found.items()}, indent=2))
        return 0
    for name, one in found.items():
        most, longest = BARS[name]
        print(f"{name}: {one.compressed:.1f} MB compressed (bar {most:g}), {one.raw:.0f} MB raw")
        print(f"  ready after {one.ready:.2f} s (bar {longest:g}), the median of {', '.join(f'{second:.2f}' for second in one.seconds)};")
        print(f"  podman itself takes {one.podman:.2f} s, the gateway and its workers use {one.processor:.2f} s of a processor meanwhile")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    return int(any(one.compressed > BARS[name][0] or one.ready > BARS[name][1] for name, one in found.items()))


@dataclass
class Measured:
    """A container: megabytes compressed and raw, seconds until it was ready, of each start, podman's own, and processor seconds."""

    compressed: float
    raw: float
    podman: float
    seconds: list[float]
    processor: float

    @property
    def ready(self) -> float:
        """The median of its starts."""
        return statistics.median(self.seconds)


def measure(name: str, rounds: int) -> Measured:
    """Measure a container."""
    image = f"{IMAGE}:{name}"
    with tempfile.TemporaryDirectory() as folder:
        _run("buildah", "push", "--quiet", image, f"oci:{folder}/image")
        compressed = sum(path.stat().st_size for path in Path(folder, "image", "blobs").rglob("*") if path.is_file()) / 1e6
    raw = int(_run("podman", "image", "inspect", "--format", "{{.Size}}", image)) / 1e6
    _require_confined(image)
    since = time.perf_counter()
    _run("podman", "run", "--rm", "--runtime=runc", *_CONFINED, "--entrypoint=/usr/bin/python3.11", image, "-S", "-c", "pass")
    podman = time.perf_counter() - since
    with triton() if name == "thin" else contextlib.nullcontext(()) as settings:
        starts = [start(image, settings) for _ in range(rounds)]
    return Measured(compressed, raw, podman, [wall for wall, _ in starts], statistics.median(processor for _, processor in starts))


def _require_confined(image: str) -> None:
    """Hold a container to what is said of it."""
    program = (
        "import os, shutil\n"
        "try: open('/x', 'w')\n"
        "except OSError as error: print(os.getuid(), error.strerror, [shutil.which(n) for n in ('sh', 'bash', 'dash', 'busybox', 'apt')])"
    )
    told = _run("podman", "run", "--rm", "--runtime=runc", *_CONFINED, "--entrypoint=/usr/bin/python3.11", image, "-c", program)
    if told.strip() != "10001 Read-only file system [None, None, None, None, None]":
        raise SystemExit(f"measure_containers: {image} is not confined: {told}")


def start(image: str, settings: tuple[str, ...]) -> tuple[float, float]:
    """Start a container, have it translate, end it, and return seconds until it was ready and what it used of a processor until then."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    since = time.perf_counter()
    name = f"portalis-measured-{os.getpid()}"
    environment = [f"--env=PORTALIS_GATEWAY_{setting}" for setting in (f"PORT={port}", "WORKERS=2", *settings)]
    _run("podman", "run", "--detach", "--runtime=runc", f"--name={name}", *_CONFINED, *environment, image)
    try:
        while _ready(port) != 200:
            if time.perf_counter() - since > _PATIENCE:
                raise SystemExit(f"measure_containers: {image} is not ready: {_run('podman', 'logs', name)}")
            time.sleep(0.01)
        seconds = time.perf_counter() - since
        processor = process_seconds(int(_run("podman", "inspect", "--format", "{{.State.Pid}}", name)))
        key = _run("podman", "exec", name, "/usr/bin/python3.11", "-m", "portalis.translator.servers.gateway", "key", "measured").strip()
        _require_translation(port, key)
        _run("podman", "stop", "--time=30", name)
        status = _run("podman", "wait", name).strip()
        if status != "0":
            raise SystemExit(f"measure_containers: {image} ended with status {status}")
        return seconds, processor
    finally:
        subprocess.run(["podman", "rm", "--force", "--volumes", name], capture_output=True)


def _ready(port: int) -> int:
    with contextlib.suppress(OSError), contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request("GET", "/v1/health/ready")
        return connection.getresponse().status
    return 0


def _require_translation(port: int, key: str) -> None:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)) as connection:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        connection.request("POST", "/v1/translations", json.dumps({"source": _SOURCE}), headers)
        answer = ANSWER.validate_json(connection.getresponse().read())
    if not isinstance(answer, TranslatedAnswer) or answer.build.wasm != translate(_SOURCE).wasm:
        raise SystemExit("measure_containers: the container's module is not this machine's")


@contextlib.contextmanager
def triton() -> Iterator[tuple[str, ...]]:
    """Run a Triton server, and give the settings with which a gateway asks it."""
    if not (ROOT / ".venv-server").is_dir():
        raise SystemExit("measure_containers: `thin` asks a Triton server: run scripts/setup.sh server")
    process = subprocess.Popen(
        [sys.executable, "-m", "portalis.translator.cli", "serve", "--port", "0", "--workers", "2", "--json"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        told = _document(process.stdout)
        yield f"TRITON={told['address']}", f"TRITON_KEY={Path(told['key_file']).read_text()}"
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _document(lines: Iterator[str]) -> Any:
    found = ""
    for line in lines:
        found += line
        with contextlib.suppress(ValueError):
            return json.loads(found)
    raise SystemExit("measure_containers: `portalis serve` does not start")


def _run(*command: str) -> str:
    if shutil.which(command[0]) is None:
        raise SystemExit(f"measure_containers: {command[0]} is missing (Debian: podman, runc, buildah)")
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"measure_containers: {' '.join(command[:3])}: {done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
