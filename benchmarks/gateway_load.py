"""What a gateway gives: cached and cold translations and a mix of both, in processor time as well as in translations a second.

Stands for: a team behind one gateway with two workers on this machine. Every snippet is about ten lines. Cold: each is new, beside a pool
of two workers that is asked in this process, the embedded translator as a server has it. Cached: all were asked before. Mix: three of four
were asked before, drawn by Zipf's law. Then the mix again at 70 % of the rate that it just had, as many users send it who know nothing of
one another: at random times (Poisson's), answered or not; a time is from when a request was to be sent. A lone miss is one that nobody
asks beside; a translation is done by several processes, so that a lone one has the core of another worker as well. Rounds alternate
between all of them and a busy loop on two cores, which says how many cores there were at that time; figures are medians of the rounds, and
processor time is that of every process that took part, clients aside. Every cold answer is compared with the pool's, byte for byte but for
what it took. Leaves out: a network, TLS, and clients elsewhere: they are a process on the cores that the gateway has as well, which is why
processor time is quoted beside rates.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import json
import multiprocessing
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from common import Result, arguments, milliseconds, show
from translation_latency import snippet

from portalis.translator.servers.contract.translation import RequestOptions
from portalis.translator.servers.gateway.database import open_database
from portalis.translator.servers.gateway.keys import KeyBook
from portalis.translator.servers.gateway.metrics import process_seconds
from portalis.translator.servers.pool.pool import Pool

WORKERS = 2
# Long enough that requests of one client follow each other without a gap.
_IN_FLIGHT = 8
# What is asked of a gateway that has as much to do as it should: this share of what it can, hits within so many seconds, misses within so
# many times what a lone one takes.
_SHARE, _HIT_SECONDS, _MISS_TIMES = 0.7, 0.025, 3.0


def _spin(seconds: float) -> float:
    end, before = time.perf_counter() + seconds, time.process_time()
    while time.perf_counter() < end:
        pass
    return time.process_time() - before


def cores_for_two(seconds: float) -> float:
    """Return how many cores two processes get that do nothing but count: two, on a machine with nothing else to do."""
    with multiprocessing.Pool(2) as both:
        return sum(both.map(_spin, [seconds] * 2)) / seconds


# Seconds of the whole; of each request seconds and the answer.
_Told: TypeAlias = tuple[float, list[tuple[float, bytes]]]


@dataclass
class Load:
    """One round: seconds of the whole, of each request, processor seconds of the server, and the answers."""

    whole: float
    each: list[float]
    processor: float
    answers: list[bytes]

    @property
    def rate(self) -> float:
        return len(self.each) / self.whole

    @property
    def per_request(self) -> float:
        return self.processor / len(self.each)

    def percentile(self, share: float) -> float:
        return _percentile(self.each, share)


def _percentile(seconds: Sequence[float], share: float) -> float:
    return sorted(seconds)[int(share * (len(seconds) - 1))]


class Running:
    """A gateway as a process, and a key for it."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, key: str) -> None:
        self.process, self.port, self.key = process, port, key

    def load(self, sources: Sequence[str], clients: int) -> Load:
        """Ask for all sources, each client on a connection of its own, one request after another."""
        return self._asked(_ask_together, sources, clients)

    def load_at(self, times: Sequence[float], sources: Sequence[str]) -> Load:
        """Ask for each source at its time, whatever has been answered until then."""
        return self._asked(_ask_at, sources, times)

    def _asked(self, ask: Callable[..., Coroutine[Any, Any, _Told]], sources: Sequence[str], how: Any) -> Load:
        before = process_seconds(self.process.pid)
        # Elsewhere: what this process keeps would be time of those who ask.
        with multiprocessing.get_context("fork").Pool(1) as other:
            whole, told = other.apply(_run, (ask, self.port, [_request(self.port, self.key, source) for source in sources], how))
        return Load(whole, [seconds for seconds, _ in told], process_seconds(self.process.pid) - before, [text for _, text in told])


def _run(ask: Callable[..., Coroutine[Any, Any, _Told]], *rest: Any) -> _Told:
    return asyncio.run(ask(*rest))


class _Connection:
    """A connection that is kept, for one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> _Connection:
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=1 << 24))

    async def ask(self, request: bytes) -> bytes:
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(re.search(rb"content-length: (\d+)", head, re.IGNORECASE).group(1))  # type: ignore[union-attr]
        text = await self._reader.readexactly(length)
        if b" 200 " not in head[:20]:
            raise SystemExit(f"gateway_load: {head[:40]!r}: {text[:300]!r}")
        return text

    def close(self) -> None:
        self._writer.close()


async def _ask_together(port: int, requests: list[bytes], clients: int) -> _Told:
    told: list[tuple[float, bytes]] = [(0.0, b"")] * len(requests)
    connections = [await _Connection.open(port) for _ in range(clients)]

    async def ask(first: int) -> None:
        for number in range(first, len(requests), clients):
            since = time.perf_counter()
            text = await connections[first].ask(requests[number])
            told[number] = (time.perf_counter() - since, text)

    started = time.perf_counter()
    await asyncio.gather(*map(ask, range(min(clients, len(requests)))))
    whole = time.perf_counter() - started
    for connection in connections:
        connection.close()
    return whole, told


async def _ask_at(port: int, requests: list[bytes], times: Sequence[float]) -> _Told:
    idle = [await _Connection.open(port) for _ in range(_IN_FLIGHT)]
    started = time.perf_counter()

    async def ask(request: bytes, wanted: float) -> tuple[float, bytes]:
        await asyncio.sleep(started + wanted - time.perf_counter())
        connection = idle.pop() if idle else await _Connection.open(port)
        text = await connection.ask(request)
        idle.append(connection)
        return time.perf_counter() - started - wanted, text

    told = await asyncio.gather(*map(ask, requests, times))
    whole = time.perf_counter() - started
    for connection in idle:
        connection.close()
    return whole, told


def _request(port: int, key: str, source: str) -> bytes:
    body = json.dumps({"source": source, "function": "step_0"}).encode()
    head = f"POST /v1/translations HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@contextlib.contextmanager
def gateway(folder: Path, other: Mapping[str, int] | None = None) -> Iterator[Running]:
    """Start a gateway with two workers, `other` settings beside them, and end it."""
    folder.mkdir(mode=0o700)
    settings: dict[str, Any] = {
        "FOLDER": folder,
        "PORT": 0,
        "WORKERS": WORKERS,
        "RATE": 10_000_000,
        "QUEUE": 10_000,
        "QUEUE_OF_ONE": 10_000,
    }
    settings |= other or {}
    environment = {f"PORTALIS_GATEWAY_{name}": str(value) for name, value in settings.items()}
    log = folder / "log"
    with log.open("wb") as file:
        process = subprocess.Popen([sys.executable, "-m", "portalis.translator.servers.gateway"], env=os.environ | environment, stderr=file)
    try:
        key = KeyBook(open_database(folder)).create("bench")[1]
        while b'"serving"' not in log.read_bytes():
            if process.poll() is not None:
                raise SystemExit(f"gateway_load: the gateway ended: {log.read_text()}")
            time.sleep(0.05)
        line = next(line for line in log.read_text().splitlines() if '"serving"' in line)
        running = Running(process, int(json.loads(line)["port"]), key)
        _wait_for_workers(running)
        yield running
    finally:
        process.terminate()
        process.wait(60)


def _wait_for_workers(running: Running) -> None:
    import http.client

    while True:
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
        connection.request("GET", "/v1/health/ready")
        if connection.getresponse().status == 200:
            break
        time.sleep(0.1)
    # Ready is with the first worker; both have to be.
    running.load([snippet(10, 900_000 + number) for number in range(8)], 4)
    time.sleep(1.0)


def pool_load(pool: Pool, sources: Sequence[str]) -> Load:
    """Ask the pool in this process for all sources, as many at a time as the gateway's clients do."""
    before = _own_seconds()
    started = time.perf_counter()
    request = RequestOptions(function="step_0").model_dump_json().encode()
    futures = [pool.submit(source.encode(), request) for source in sources]
    answers = [future.result() for future in futures]
    whole = time.perf_counter() - started
    return Load(whole, [whole / len(sources)] * len(sources), _own_seconds() - before, answers)


def _own_seconds() -> float:
    return process_seconds(os.getpid())


def comparable(answer: bytes) -> bytes:
    """Return an answer without what depends on when and where it was made."""
    found = json.loads(answer)
    found["build"]["seconds"] = {}
    found["build"]["report"] |= {"seconds": 0.0, "protections": []}
    return json.dumps(found).encode()


def mixed(cached: Sequence[str], fresh: Sequence[str], seed: int) -> list[str]:
    """Return three requests for something cached, by Zipf's law, to one for something new."""
    chooser = random.Random(seed)
    weights = [1.0 / rank for rank in range(1, len(cached) + 1)]
    hits = chooser.choices(cached, weights, k=3 * len(fresh))
    found = [*hits, *fresh]
    chooser.shuffle(found)
    return found


@dataclass
class Paced:
    """The mix at a rate that was chosen: seconds of its hits, of its misses, and before it of misses that were alone, and of as many at a
    time as there are workers."""

    wanted: float
    load: Load
    hits: list[float]
    misses: list[float]
    lone: list[float]
    beside: list[float]

    @property
    def slower(self) -> float:
        """How many times as long a miss takes beside others as alone, though each has a worker."""
        return statistics.median(self.beside) / statistics.median(self.lone)


def paced(running: Running, known: Sequence[str], fresh: Sequence[str], rate: float, seed: int) -> Paced:
    """Ask for a sixth of `fresh` one by one, for another with each worker busy, then for a mix with the rest, so many a second on the
    average."""
    few = len(fresh) // 6
    lone, beside = running.load(fresh[:few], 1), running.load(fresh[few : 2 * few], WORKERS)
    sources = mixed(known, fresh[2 * few :], seed)
    chooser, at, times = random.Random(seed), 0.0, []
    for _ in sources:
        at += chooser.expovariate(rate)
        times.append(at)
    load = running.load_at(times, sources)
    missed = set(fresh)
    each = list(zip(sources, load.each, strict=True))
    hits = [seconds for source, seconds in each if source not in missed]
    return Paced(rate, load, hits, [seconds for source, seconds in each if source in missed], lone.each, beside.each)


def ideal(share: float, requests: int = 200_000) -> float:
    """Return the 95th percentile of what a request takes, waiting included, in turns that all take 1, where `WORKERS` with nothing else to
    do have this share of what they can (a queue M/D/2)."""
    chooser, now, free, taken = random.Random(0), 0.0, [0.0] * WORKERS, []
    for _ in range(requests):
        now += chooser.expovariate(share * WORKERS)
        end = max(now, heapq.heappop(free)) + 1.0
        heapq.heappush(free, end)
        taken.append(end - now)
    return _percentile(taken, 0.95)


def main() -> int:
    """Measure, compare and print; status 1 where an answer differs."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--translations", type=int, default=120, help="cold ones in a round, and new ones in a mix")
    parser.add_argument("--hits", type=int, default=3000, help="cached ones in a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clients", type=int, default=_IN_FLIGHT)
    options = parser.parse_args()
    cold, hits, rounds = (6, 40, 1) if options.quick else (options.translations, options.hits, options.rounds)
    rows: dict[str, list[Load]] = {}
    loops: list[float] = []
    partly: list[Paced] = []
    equal = compared = 0
    pool = Pool(WORKERS, 30.0, cache_bytes=0)
    pool.warm_up()
    with tempfile.TemporaryDirectory() as folder, gateway(Path(folder) / "state") as running:
        known = [snippet(10, 500_000 + number) for number in range(5 if options.quick else 40)]
        running.load(known, options.clients)
        for number in range(rounds):
            sources = [snippet(10, 1 + number * cold + salt) for salt in range(cold)]
            loops.append(cores_for_two(0.05 if options.quick else 1.0))
            there = running.load(sources, options.clients)
            here = pool_load(pool, sources)
            cached = running.load([known[salt % len(known)] for salt in range(hits)], options.clients)
            fresh = [snippet(10, 200_000 + number * cold + salt) for salt in range(cold)]
            mix = running.load(mixed(known, fresh, number), options.clients)
            for name, load in {"gateway, cold": there, "pool of two, cold": here, "gateway, cached": cached, "gateway, mix": mix}.items():
                rows.setdefault(name, []).append(load)
            more = [snippet(10, 700_000 + number * cold + salt) for salt in range(cold)]
            partly.append(paced(running, known, more, _SHARE * mix.rate, number))
            compared += len(sources)
            equal += sum(comparable(one) == comparable(other) for one, other in zip(there.answers, here.answers, strict=True))
    pool.close()
    result = _told(rows, loops, equal, compared)
    _tell_paced(result, partly)
    show([result], options.json)
    return 0 if equal == compared else 1


def _told(rows: dict[str, list[Load]], loops: list[float], equal: int, compared: int) -> Result:
    result = Result("translations from a gateway: a second, ms, and ms of processor time each", ("what", "QPS", "p50", "p95", "CPU ms"))
    figures: dict[str, dict[str, Any]] = {}
    for name, loads in rows.items():
        rate = statistics.median(load.rate for load in loads)
        p50, p95 = (statistics.median(load.percentile(share) for load in loads) for share in (0.5, 0.95))
        processor = statistics.median(load.per_request for load in loads)
        # A pool is asked for all at once: what a request waited says nothing.
        times = ["", ""] if name.startswith("pool") else [milliseconds(p50), milliseconds(p95)]
        result.rows.append([name, f"{rate:.1f}", *times, milliseconds(processor)])
        figures[name] = {"per_second": rate, "p50": p50, "p95": p95, "processor": processor}
    pairs = list(zip(rows["gateway, cold"], rows["pool of two, cold"], strict=True))
    rates = statistics.median(there.rate / here.rate for there, here in pairs)
    processors = statistics.median(there.per_request / here.per_request for there, here in pairs)
    ceiling = statistics.median(2.0 / load.per_request for load in rows["gateway, mix"])
    share = figures["gateway, mix"]["per_second"] / ceiling
    result.data = figures | {
        "cold, rate to pool": rates,
        "cold, processor to pool": processors,
        "mix, rate to ceiling": share,
        "loops": loops,
    }
    result.remarks += [
        f"cold, gateway to pool, medians of ratios in a round: rate {rates:.2f}, processor time {processors:.2f}",
        f"mix: {share:.2f} of what two whole cores could give by its processor time ({ceiling:.0f} a second)",
        f"two busy loops got {min(loops):.2f} to {max(loops):.2f} cores in {len(loops)} rounds: rates are of a machine with so many",
        f"{equal} of {compared} cold answers equal the pool's, whose module was held to CPython",
    ]
    return result


def _tell_paced(result: Result, partly: Sequence[Paced]) -> None:
    """Add what came of the mix at a share of what it can, as ratios to what is asked of it, in medians of the rounds."""

    def median(of: Callable[[Paced], float]) -> float:
        return statistics.median(map(of, partly))

    for name, seconds in (
        ("lone misses", lambda one: one.lone),
        (f"misses, {WORKERS} at a time", lambda one: one.beside),
        (f"hits at {_SHARE:.0%}", lambda one: one.hits),
        (f"misses at {_SHARE:.0%}", lambda one: one.misses),
    ):
        p50, p95 = (median(lambda one, of=seconds, share=share: _percentile(of(one), share)) for share in (0.5, 0.95))  # type: ignore[misc]
        result.rows.append([f"gateway, {name}", "", milliseconds(p50), milliseconds(p95), ""])
        result.data[name] = {"p50": p50, "p95": p95}
    hits = median(lambda one: _percentile(one.hits, 0.95) / _HIT_SECONDS)
    misses = median(lambda one: _percentile(one.misses, 0.95) / statistics.median(one.lone))
    wanted, got = median(lambda one: one.wanted), median(lambda one: one.load.rate)
    slower, least = median(lambda one: one.slower), ideal(_SHARE)
    figures = {"wanted": wanted, "per_second": got, "hits to bar": hits, "misses to a lone one": misses, "beside to a lone one": slower}
    result.data[f"at {_SHARE:.0%}"] = figures
    result.remarks += [
        f"at {_SHARE:.0%} of the mix's rate ({wanted:.0f} a second wanted, {got:.0f} answered):",
        f"  hits' p95 is {hits:.2f} of the {_HIT_SECONDS * 1e3:g} ms that it may be",
        f"  misses' p95 is {misses:.2f} times a lone miss's median, and may be {_MISS_TIMES:g}: {WORKERS} workers with cores of their own,"
        f" whom nobody else asks and who take as long side by side as alone, have {least:.2f}; these take {slower:.2f} times as long, with"
        f" which such a queue has {least * slower:.2f}",
    ]


if __name__ == "__main__":
    sys.exit(main())
