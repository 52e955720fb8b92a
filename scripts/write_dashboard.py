"""Write server/monitoring/dashboard.json, the gateways' page for Grafana, from the table below; `--check` compares instead.

What a panel shows is an expression over metrics of the gateway and records of server/monitoring/rules.yaml; a test finds each of them in a
Prometheus that has scraped a gateway.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

DASHBOARD = Path(__file__).parents[1] / "server" / "monitoring" / "dashboard.json"
WIDTH, HEIGHT = 8, 7
# Title, unit, and each line: its legend and expression.
PANELS: tuple[tuple[str, str, dict[str, str]], ...] = (
    (
        "Ready gateways",
        "short",
        {
            "ready": "sum(min by (instance) (portalis_ready))",
            "degraded": "sum(max by (instance) (portalis_degraded))",
            "up": 'sum(up{job="portalis"})',
        },
    ),
    ("Requests a second, by status", "reqps", {"{{status}}": "sum by (status) (portalis:requests:rate5m)"}),
    ("Not answered", "percentunit", {"errors": "portalis:errors:ratio5m", "failed translations": "portalis:failed:ratio5m"}),
    ("From a request to its answer, 95 of 100", "s", {"requests": "portalis:request_seconds:p95_5m"}),
    ("Translations within a second", "percentunit", {"quick": "portalis:quick:ratio5m"}),
    ("Waiting and working, 95 of 100", "s", {"waiting": "portalis:wait_seconds:p95_5m", "working": "portalis:work_seconds:p95_5m"}),
    ("Answers that were kept", "percentunit", {"kept": "portalis:kept:ratio5m"}),
    ("Processor time of one translation", "s", {"CPU": "portalis:cpu_seconds_per_translation:5m"}),
    (
        "Workers",
        "short",
        {"busy": "sum(portalis_busy_workers)", "all": "sum(portalis_workers)", "waiting": "sum(portalis_waiting_requests)"},
    ),
    ("Items of jobs", "short", {"queued": "max(portalis_job_items_queued)", "running": "max(portalis_job_items_running)"}),
    ("Turned away a second, by reason", "reqps", {"{{code}}": "sum by (code) (rate(portalis_refused_requests_total[5m]))"}),
    (
        "Translations a second, by what they say",
        "reqps",
        {"{{kind}} {{how}}": "sum by (kind, how) (rate(portalis_translations_total[5m]))"},
    ),
    ("Memory of gateways, workers aside", "bytes", {"{{instance}} {{process}}": "process_resident_memory_bytes"}),
)


def dashboard() -> dict[str, Any]:
    """Return the page as Grafana reads it."""
    source = {"type": "prometheus", "uid": "${source}"}
    panels = []
    for number, (title, unit, lines) in enumerate(PANELS):
        targets = [
            {"refId": chr(ord("A") + at), "expr": expression, "legendFormat": legend, "datasource": source}
            for at, (legend, expression) in enumerate(lines.items())
        ]
        place = {"h": HEIGHT, "w": WIDTH, "x": number % 3 * WIDTH, "y": number // 3 * HEIGHT}
        defaults = {"unit": unit, "min": 0}
        panels.append(
            {
                "id": number + 1,
                "type": "timeseries",
                "title": title,
                "datasource": source,
                "gridPos": place,
                "fieldConfig": {"defaults": defaults, "overrides": []},
                "targets": targets,
            }
        )
    chosen = {"name": "source", "type": "datasource", "query": "prometheus", "label": "Prometheus"}
    return {
        "title": "Portalis gateways",
        "uid": "portalis-gateways",
        "schemaVersion": 39,
        "tags": ["portalis"],
        "time": {"from": "now-6h", "to": "now"},
        "refresh": "30s",
        "templating": {"list": [chosen]},
        "panels": panels,
    }


def main() -> int:
    """Write or compare."""
    text = json.dumps(dashboard(), indent=2) + "\n"
    if "--check" in sys.argv[1:]:
        same = DASHBOARD.is_file() and DASHBOARD.read_text(encoding="utf-8") == text
        if not same:
            print(f"{DASHBOARD} is not what {Path(__file__).name} writes: run it", file=sys.stderr)
        return 0 if same else 1
    DASHBOARD.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
