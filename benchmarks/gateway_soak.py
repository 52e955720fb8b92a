"""Ten minutes of a gateway with 2,000 users and a tenfold spike: nothing fails but what is told when to come again, and nothing grows.

Stands for: forty teams behind one gateway with two workers on this machine: 500 users, then 2,000, then for a minute all of them ten times
as often, then as before. They ask for thousands of different snippets, some often, some once. 429 with `Retry-After` is an answer; anything
else that is no translation is a failure, and so is another module for the same source. Leaves out: a network, TLS; and since locust shares
the cores with what it asks, its times are of both.

    make soak
    python benchmarks/gateway_soak.py --seconds 30     # only to see that it works
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from common import machine
from gateway_load import Running, cores_for_two, gateway
from translation_latency import snippet

from portalis.translator.servers.gateway.database import open_database
from portalis.translator.servers.gateway.keys import KeyBook
from portalis.translator.servers.gateway.metrics import process_seconds

OUTPUT = Path(__file__).with_suffix(".json")
INPUTS, TEAMS, RATE = 2500, 40, 240
# Room for everybody at once; how often a team may ask is said by the rate, and how many of its requests wait by QUEUE_OF_ONE: who is beyond
# either is told when to come again, whatever the machine gives.
_SETTINGS = {"RATE": RATE, "REQUESTS": 4096, "QUEUE": 4096, "QUEUE_OF_ONE": 4}
_LOOK_SECONDS = 2.0
# What it is made of beside what every benchmark names.
_PACKAGES = ("fastapi", "uvicorn", "httptools", "locust", "gevent")


def main() -> int:
    """Soak, and tell; status 1 where something failed or grew."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--output", type=Path, help="a file that gets it all as JSON")
    options = parser.parse_args()
    program = shutil.which("locust", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if program is None:
        raise SystemExit("gateway_soak: locust is missing: `make soak` installs it, or pip install 'portalis-translator[soak]'")
    cores, load = [cores_for_two(1.0)], [os.getloadavg()[0]]
    with tempfile.TemporaryDirectory() as name, gateway(Path(name) / "state", _SETTINGS) as running:
        folder = Path(name)
        book = KeyBook(open_database(folder / "state"))
        given = {"port": running.port, "keys": [book.create(f"team-{number}")[1] for number in range(TEAMS)], "seconds": options.seconds}
        given |= {"sources": [snippet(10, number) for number in range(INPUTS)], "told": str(folder / "told.json")}
        (folder / "given.json").write_text(json.dumps(given))
        looks, used = _watched(program, folder, running)
        found: dict[str, Any] = json.loads((folder / "told.json").read_text())
    cores.append(cores_for_two(1.0))
    load.append(max(look["load"] for look in looks))
    found |= {"machine": machine() | {name: version(name) for name in _PACKAGES}, "seconds": options.seconds, "settings": _SETTINGS}
    found |= {"cores for two busy loops, before and after": cores, "load average, before and highest": load}
    found |= {"gateway and workers, processor seconds": used}
    found |= {"looks": looks, "wrong": _wrong(found, looks, options.seconds)}
    if options.output:
        options.output.write_text(_readable(found))
    _tell(found)
    return int(bool(found["wrong"]))


def _watched(program: str, folder: Path, running: Running) -> tuple[list[dict[str, Any]], float]:
    """Run locust, and look at the gateway meanwhile."""
    users = Path(__file__).with_name("gateway_users.py")
    command = [program, "-f", str(users), "--headless", "--only-summary", "--loglevel", "WARNING"]
    looks: list[dict[str, Any]] = []
    before, since = process_seconds(running.process.pid), time.monotonic()
    with (folder / "locust.log").open("w") as log:
        process = subprocess.Popen(command, env=os.environ | {"PORTALIS_SOAK": str(folder / "given.json")}, stdout=log, stderr=log)
        while process.poll() is None:
            time.sleep(_LOOK_SECONDS)
            looks.append(_look(running, time.monotonic() - since))
    if not (folder / "told.json").exists():
        raise SystemExit(f"gateway_soak: locust ended: {(folder / 'locust.log').read_text()[-2000:]}")
    return looks, process_seconds(running.process.pid) - before


def _look(running: Running, seconds: float) -> dict[str, Any]:
    pid = running.process.pid
    resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    opened = len(os.listdir(f"/proc/{pid}/fd"))
    return {"second": round(seconds), "megabytes": round(resident, 1), "open files": opened, "load": round(os.getloadavg()[0], 1)}


def _readable(found: dict[str, Any]) -> str:
    """Return it as JSON: what it comes to first, then each look at the gateway on a line."""
    looks = ",\n".join(f"  {json.dumps(look)}" for look in found["looks"])
    rest = json.dumps({name: value for name, value in found.items() if name != "looks"}, indent=1)
    return f'{rest.removesuffix("}").rstrip()},\n "looks": [\n{looks}\n ]\n}}\n'


def _wrong(found: dict[str, Any], looks: list[dict[str, Any]], seconds: float) -> list[str]:
    wrong = [f"{found['failures']} failures: {found['errors'][:5]}"] if found["failures"] else []
    if seconds >= 600 and found["distinct"] < 2000:
        wrong.append(f"only {found['distinct']} distinct inputs")
    # Answers in memory have a limit; what is beyond it and a quarter of what there was once all users had come would be a leak.
    middle = max(look["megabytes"] for look in looks[: max(1, len(looks) // 2)])
    if looks[-1]["megabytes"] > 1.25 * middle + 64.0:
        wrong.append(f"memory grew from {middle} to {looks[-1]['megabytes']} MB")
    return wrong


def _tell(found: dict[str, Any]) -> None:
    looks, times = found["looks"], found["milliseconds"]
    resident = [look["megabytes"] for look in looks]
    print(f"{found['requests']} requests in {found['seconds']:g} s, {found['distinct']} distinct inputs, answers {found['answers']}")
    print(f"  failures: {found['failures']}; at most {found['most a second']} requests in a second")
    print(f"  p50 {times['0.5']:.0f}, p95 {times['0.95']:.0f}, p99 {times['0.99']:.0f} ms")
    print(f"  memory {resident[0]} MB at first, {max(resident)} at most, {resident[-1]} at last")
    print(f"  the gateway and its workers used {found['gateway and workers, processor seconds']:.0f} s of a processor")
    before, after = found["cores for two busy loops, before and after"]
    load, highest = found["load average, before and highest"]
    print(f"  two busy loops got {before:.2f} cores before and {after:.2f} after; load average {load:.1f} before, {highest:.1f} at most")
    print("  " + ", ".join(f"{name} {value}" for name, value in found["machine"].items()))
    for one in found["wrong"]:
        print(f"  WRONG: {one}")


if __name__ == "__main__":
    sys.exit(main())
