"""Prints the mutation score after the tests, also where they ran in several processes."""

from __future__ import annotations

from typing import Any

from .catalogue import score


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Add the table to pytest's summary."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, ())]
    fates = [tuple(value) for report in reports for name, value in getattr(report, "user_properties", ()) if name == "mutant"]
    if fates:
        terminalreporter.section("mutation score")
        for line in score(fates):
            terminalreporter.write_line(line)
