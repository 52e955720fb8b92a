"""Rules and panels: what they say by promtool, and that a real Prometheus finds everything that they name in real gateways."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.gateway.processes import PATIENCE, Gateway, free_port, until
from tests.server.snippets import REFUSED, kind

ROOT = Path(__file__).parents[3]
MONITORING = ROOT / "server" / "monitoring"
sys.path.insert(0, str(ROOT / "scripts"))
from write_dashboard import PANELS  # noqa: E402

needs_prometheus = pytest.mark.skipif(shutil.which("prometheus") is None, reason="prometheus is not installed")
EXPRESSIONS = [
    *re.findall(r"expr: (?:>\n\s*)?(.*)", (MONITORING / "rules.yaml").read_text()),
    *(expression for _, _, lines in PANELS for expression in lines.values()),
]
NAMES = sorted({name for text in EXPRESSIONS for name in re.findall(r"\b(?:portalis|process)[a-z0-9_:]+\b", text)})


@needs_prometheus
def test_rules_say_what_their_tests_say() -> None:
    for command in (["check", "rules", "rules.yaml"], ["test", "rules", "rules_test.yaml"]):
        done = subprocess.run(["promtool", *command], cwd=MONITORING, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_has_a_test() -> None:
    alerts = set(re.findall(r"- alert: (\w+)", (MONITORING / "rules.yaml").read_text()))
    told = re.findall(r"alertname: (\w+)(?:, exp_alerts: \[\])?\}?\n\s+(exp_alerts:\n)?", (MONITORING / "rules_test.yaml").read_text())
    assert len(alerts) > 5 and {name for name, expected in told if expected} == alerts


def test_every_alert_has_its_part_of_the_runbook() -> None:
    page = (ROOT / "docs" / "running.md").read_text()
    rules = (MONITORING / "rules.yaml").read_text()
    assert set(re.findall(r"^### (Portalis\w+)$", page, re.MULTILINE)) == set(re.findall(r"- alert: (\w+)", rules))
    # What is recorded for objectives is what the page says they are.
    objectives = page.partition("## Objectives")[2].partition("\n## ")[0]
    for name in re.findall(r"`(portalis:[\w:]+)`", objectives):
        assert f"record: {name}\n" in rules, name


def test_the_dashboard_is_what_its_script_writes() -> None:
    done = subprocess.run([sys.executable, "scripts/write_dashboard.py", "--check"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


class Prometheus:
    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/api/v1"

    def value(self, expression: str) -> float | None:
        with urllib.request.urlopen(f"{self._url}/query?query={urllib.parse.quote(expression)}", timeout=PATIENCE) as answer:
            found = json.load(answer)["data"]["result"]
        return float(found[0]["value"][1]) if found else None


@pytest.fixture(scope="module")
def prometheus(gateway: Gateway, ada: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """Debian's Prometheus, which scrapes two gateways: one that translates, and one of two processes whose Triton server is not there."""
    folder = tmp_path_factory.mktemp("prometheus")
    other = Gateway(folder / "state", {"TRITON": "127.0.0.1:9", "OPEN_METRICS": "1", "PROCESSES": "2", "WORKERS": "2"}).start(wait=False)
    (folder / "key").write_text(ada)
    targets = [f"127.0.0.1:{one.port}" for one in (gateway, other)]
    rules = (MONITORING / "rules.yaml").read_text()
    # As often as a test wants to wait, over as long as it does.
    (folder / "rules.yaml").write_text(rules.replace("[5m]", "[20s]"))
    configuration = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": ["rules.yaml"],
        "scrape_configs": [
            {
                "job_name": "portalis",
                "metrics_path": "/v1/metrics",
                "authorization": {"credentials_file": str(folder / "key")},
                "static_configs": [{"targets": targets}],
            }
        ],
    }
    (folder / "prometheus.yml").write_text(json.dumps(configuration))
    port = free_port()
    listening = f"--web.listen-address=127.0.0.1:{port}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data", listening], cwd=folder, stdout=log, stderr=log
        )
    running = Prometheus(port)
    try:
        until(lambda: running.value("sum(up)") == 2.0)
        yield running
    finally:
        process.kill()
        process.wait(PATIENCE)
        other.stop()


@needs_prometheus
def test_everything_that_rules_and_panels_name_is_found(prometheus: Prometheus, gateway: Gateway, ada: str) -> None:
    for source in (kind(970), kind(970), REFUSED):
        gateway.translate(ada, source)
    assert len(NAMES) > 20
    for name in NAMES:
        until(lambda name=name: (prometheus.value(f'count({{__name__="{name}"}})') or 0.0) > 0.0)
    # Of both gateways, and of each process of one that has no compiler, in every scrape whichever of them answers it.
    assert prometheus.value("sum(portalis_ready)") == 1.0 and prometheus.value("count(portalis_ready)") == 3.0
    for process in ("0", "1"):
        assert prometheus.value(f'changes(portalis_ready{{process="{process}"}}[1m])') == 0.0
        assert prometheus.value(f'resets(portalis_requests_total{{process="{process}",route="/v1/metrics"}}[1m])') in (0.0, None)
    ready = next(lines["ready"] for title, _, lines in PANELS if title == "Ready gateways")
    assert prometheus.value(ready) == 1.0

    def cost() -> bool:
        gateway.translate(ada, kind(980))
        return (prometheus.value("sum(portalis_workers_cpu_seconds_total)") or 0.0) > 0.01

    until(cost)
