"""docs/troubleshooting.md speaks of lines that doctor prints and of codes that there are."""

from __future__ import annotations

import json
import re
from pathlib import Path

from typer.testing import CliRunner

from portalis.translator.cli.app import app
from portalis.translator.diagnostics.catalogue import CATALOGUE
from portalis.translator.stage.problems import CODES

PAGE = (Path(__file__).parents[1] / "docs" / "troubleshooting.md").read_text(encoding="utf-8")


def test_every_finding_of_doctor_has_its_line_and_every_line_its_finding() -> None:
    findings = json.loads(CliRunner().invoke(app, ["doctor", "--json"]).stdout)["findings"]
    table = PAGE.partition("## What doctor says")[2].partition("## Translating")[0]
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    listed = {name for row in rows for text in re.findall(r"`([^`]+)`", row) for name in text.split()[-1:]}
    assert listed == {item["name"] for item in findings}
    for item in findings:
        mark = "MISSING" if item["needed"] else "absent"
        assert any(mark in row and item["name"] in row for row in rows), item


def test_every_code_on_the_page_exists() -> None:
    codes = set(re.findall(r"\bP[SV]?\d{3,4}\b", PAGE))
    assert codes and codes <= {*CATALOGUE, *CODES}
