"""Spans, where somebody wants them: into a file, one JSON object a line, or by OTLP where its exporter is installed.

No source is in one.
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import IO, Any

from opentelemetry.propagate import extract
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter
from opentelemetry.trace import SpanKind

from portalis.translator.servers.gateway.settings import Settings

_OTLP = "opentelemetry.exporter.otlp.proto.http.trace_exporter"


class Traces:
    """Makes spans. Where nobody wants any, they cost nothing."""

    def __init__(self, settings: Settings) -> None:
        self._provider: TracerProvider | None = None
        self._file: IO[str] | None = None
        exporters: list[SpanExporter] = []
        if settings.traces:
            self._file = open(settings.traces, "a", encoding="utf-8")  # noqa: SIM115
            exporters.append(ConsoleSpanExporter(out=self._file, formatter=lambda span: span.to_json(indent=None) + "\n"))
        if settings.traced:
            # Where to is said by OpenTelemetry's own variables.
            with contextlib.suppress(ModuleNotFoundError):
                exporters.append(importlib.import_module(_OTLP).OTLPSpanExporter())
        if exporters:
            self._provider = TracerProvider(resource=Resource.create({"service.name": settings.name}))
            for exporter in exporters:
                self._provider.add_span_processor(BatchSpanProcessor(exporter))

    def span(
        self, name: str, attributes: Mapping[str, str] | None = None, caller: Mapping[str, str] | None = None
    ) -> AbstractContextManager[Any]:
        """Make a span around a block; `caller` are headers that may say whose part it is."""
        if self._provider is None:
            return contextlib.nullcontext()
        context = extract(dict(caller)) if caller else None
        tracer = self._provider.get_tracer("portalis.gateway")
        kind = SpanKind.SERVER if caller is not None else SpanKind.INTERNAL
        return tracer.start_as_current_span(name, context=context, kind=kind, attributes=dict(attributes or {}), record_exception=False)

    @property
    def wanted(self) -> bool:
        """Whether anybody wants them."""
        return self._provider is not None

    def close(self) -> None:
        """Send what has not been sent."""
        if self._provider is not None:
            self._provider.shutdown()
        if self._file is not None:
            self._file.close()
