"""What is counted, for Prometheus. Nothing is told of a tenant or a source."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)
_CODES = (
    "busy",
    "draining",
    "gone",
    "invalid",
    "limited",
    "mistake",
    "no_key",
    "no_scope",
    "not_ready",
    "other_compiler",
    "slow",
    "unavailable",
)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class _Collected(Collector):
    """What was collected elsewhere."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def merged(texts: Mapping[str, bytes]) -> bytes:
    """Return what several processes tell as one text: each sample with the label `process`, which names whose it is."""
    found: dict[str, Metric] = {}
    for process, text in texts.items():
        for family in text_string_to_metric_families(text.decode()):
            into = found.setdefault(family.name, Metric(family.name, family.documentation, family.type))
            into.samples += [sample._replace(labels={**sample.labels, "process": process}) for sample in family.samples]
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected(found.values()))
    return generate_latest(registry)


class WorkersTime(Collector):
    """The processor time of everything that this process has started, those that have ended too: what translations cost."""

    def __init__(self) -> None:
        self._told = 0.0

    def collect(self) -> Iterator[Metric]:
        """Tell it. It never falls: what ends is counted by who waited for it, a moment later."""
        ended = os.times()
        self._told = max(self._told, ended.children_user + ended.children_system + sum(map(process_seconds, _children(os.getpid()))))
        yield CounterMetricFamily("portalis_workers_cpu_seconds", "Processor time of workers.", value=self._told)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += map(int, path.read_text().split())
    return found


def process_seconds(pid: int) -> float:
    """Return what a process, those that it waited for and those that it has now have used of a processor."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        # The name of the program, in parentheses, may hold spaces.
        ticks = sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
        return ticks / os.sysconf("SC_CLK_TCK") + sum(map(process_seconds, _children(pid)))
    return 0.0


class Metrics:
    """One gateway's counters."""

    def __init__(self) -> None:
        # When a counter began says nothing here, and doubles what is told.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        self._requests = Counter("portalis_requests", "Requests by route and status.", ["route", "status"], registry=registry)
        self._request_seconds = Histogram(
            "portalis_request_seconds", "From a request's head to its answer's end.", ["route"], buckets=_SECONDS, registry=registry
        )
        self._translations = Counter(
            "portalis_translations",
            "Answers by what they say and how they came: kept, joined (somebody else's of the same tenant was on its way) or made.",
            ["kind", "how"],
            registry=registry,
        )
        self._wait_seconds = Histogram("portalis_wait_seconds", "Waiting for a worker.", buckets=_SECONDS, registry=registry)
        self._work_seconds = Histogram("portalis_work_seconds", "A worker's time.", buckets=_SECONDS, registry=registry)
        self._refused = Counter("portalis_refused_requests", "Requests that were not answered, by code.", ["code"], registry=registry)
        # What has not happened yet is told as 0: whoever asks for a rate sees the first one.
        for code in _CODES:
            self._refused.labels(code)
        registry.register(WorkersTime())
        # A label's child is looked up once.
        kinds, hows = ("translated", "refused", "failed"), ("kept", "joined", "made")
        self._made = {(kind, how): self._translations.labels(kind, how) for kind in kinds for how in hows}
        self._known: dict[tuple[str, str], Counter] = {}
        self._measured: dict[str, Histogram] = {}

    def watch(self, name: str, help_: str, value: Callable[[], float]) -> None:
        """Tell, whenever asked, what `value` gives."""
        Gauge(name, help_, registry=self._registry).set_function(value)

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        key = (route, str(status))
        counter = self._known.get(key)
        if counter is None:
            counter = self._known[key] = self._requests.labels(*key)
            self._measured[route] = self._request_seconds.labels(route)
        counter.inc()
        self._measured[route].observe(seconds)

    def refused(self, code: str) -> None:
        """Count a request that was not answered."""
        self._refused.labels(code).inc()

    def translated(self, how: str, answer: bytes) -> None:
        """Count an answer, JSON that begins with its kind."""
        kind = answer[9 : answer.index(b'"', 9)].decode()
        self._made[kind, how].inc()

    def waited(self, seconds: float) -> None:
        """Count a wait for a worker."""
        self._wait_seconds.observe(seconds)

    def worked(self, seconds: float) -> None:
        """Count what a worker took."""
        self._work_seconds.observe(seconds)

    def text(self) -> bytes:
        """Return everything, as Prometheus reads it."""
        return generate_latest(self._registry)
