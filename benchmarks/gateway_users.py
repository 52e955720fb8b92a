"""Who asks a gateway in gateway_soak.py, as locust runs them: teams whose members ask, read the answer and ask again.

What they ask follows Zipf's law over sources that are given, and one request in twenty is for something that nobody asked before. Whoever
is told to come again later does. What is no translation, or another one than somebody was given for the same source, is a failure.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

import gevent
from locust import FastHttpUser, LoadTestShape, constant, events, task

_GIVEN = json.loads(Path(os.environ["PORTALIS_SOAK"]).read_text())
_SOURCES: list[str] = _GIVEN["sources"]
_WEIGHTS = list(itertools.accumulate(1.0 / rank for rank in range(1, len(_SOURCES) + 1)))
_SECONDS: float = _GIVEN["seconds"]
# What a member reads an answer for, and how many there are: shares of the whole time, users, seconds. The third is ten times the second.
_PHASES = ((0.3, 500, 20.0), (0.6, 2000, 20.0), (0.7, 2000, 2.0), (1.0, 2000, 20.0))
_FRESH = 0.05

_told: Counter[str] = Counter()
_modules: dict[str, bytes] = {}
_asked: set[int] = set()
_fresh = itertools.count()
_shape: list[Phases] = []


class Phases(LoadTestShape):
    """How many members there are."""

    def __init__(self) -> None:
        super().__init__()
        _shape.append(self)

    def phase(self) -> tuple[float, int, float]:
        """Return the phase that it is."""
        return next((phase for phase in _PHASES if self.get_run_time() < phase[0] * _SECONDS), _PHASES[-1])

    def tick(self) -> tuple[int, float] | None:
        """Return how many users there are to be, and how many a second begin; None at the end."""
        return None if self.get_run_time() >= _SECONDS else (self.phase()[1], 50.0)


class Member(FastHttpUser):
    """Somebody of a team."""

    host = f"http://127.0.0.1:{_GIVEN['port']}"
    wait_time = constant(0)
    connection_timeout = network_timeout = 130.0

    def on_start(self) -> None:
        """Take the key of a team, and begin at any time."""
        self.key = random.choice(_GIVEN["keys"])
        self._read()

    @task
    def ask(self) -> None:
        """Ask for a translation, and read it."""
        source = self._source()
        headers = {"Authorization": f"Bearer {self.key}"}
        with self.client.post("/v1/translations", json={"source": source}, headers=headers, catch_response=True) as reply:
            text: bytes = reply.content or b""
            if reply.status_code == 429:
                after = int(reply.headers.get("retry-after", "0"))
                _told["429 with Retry-After" if after else "429 without Retry-After"] += 1
                reply.success() if after else reply.failure("429 without Retry-After")
                gevent.sleep(after)
                return
            _told[str(reply.status_code)] += 1
            if reply.status_code != 200 or not text.startswith(b'{"kind":"translated"'):
                reply.failure(f"{reply.status_code}: {text[:200]!r}")
            elif not self._is_known(source, text):
                _told["another module"] += 1
                reply.failure("another module for the same source")
            else:
                reply.success()
        self._read()

    def _source(self) -> str:
        if random.random() < _FRESH:
            number = next(_fresh)
            _asked.add(-1 - number)
            return f"def fresh(x: float) -> float:\n    return x * {number + 2}.5\n"
        (at,) = random.choices(range(len(_SOURCES)), cum_weights=_WEIGHTS)
        _asked.add(at)
        return _SOURCES[at]

    def _is_known(self, source: str, text: bytes) -> bool:
        begin = text.index(b'"wasm":"')
        digest = hashlib.sha256(text[begin : text.index(b'"', begin + 8)]).digest()
        return _modules.setdefault(source, digest) == digest

    def _read(self) -> None:
        # Never as long as a gateway keeps a connection open that nothing is said on.
        gevent.sleep(random.uniform(0.5, 1.25) * (_shape[0].phase()[2] if _shape else 1.0))


@events.quitting.add_listener
def tell(environment: Any, **rest: Any) -> None:
    """Write down what locust does not count."""
    total = environment.stats.total
    found = {
        "requests": total.num_requests,
        "failures": total.num_failures,
        "answers": dict(_told),
        "distinct": len(_asked),
        "errors": [f"{error.occurrences} x {error.error}" for error in environment.stats.errors.values()],
        "milliseconds": {str(share): total.get_response_time_percentile(share) for share in (0.5, 0.95, 0.99)},
        "most a second": max(total.num_reqs_per_sec.values(), default=0),
    }
    Path(_GIVEN["told"]).write_text(json.dumps(found))
