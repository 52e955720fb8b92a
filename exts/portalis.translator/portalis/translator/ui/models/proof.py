"""The proof as text: what was compared with CPython, what agreed, what no case reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.verify.report import Artefact, Report


# What a guard does, beside the number of cases that one ended.
_GUARDED = "stopped rather than differ from CPython"


def proof_summary(report: Report) -> str:
    """Return the verdict in one line."""
    wasm = report.artefacts[0]
    counts = [f"{wasm.agreed} of {counted(wasm.cases, 'case')} agree with CPython"]
    if wasm.guarded:
        counts.append(f"{wasm.guarded} guarded ({_GUARDED})")
    if wasm.over_budget:
        counts.append(f"{wasm.over_budget} used up their instructions")
    if wasm.dropped:
        counts.append(f"{wasm.dropped} dropped (CPython took too long)")
    if wasm.status == "weakly verified":
        counts.append(f"weak: {wasm.why}")
    if report.unexercised:
        counts.append(f"{counted(len(report.unexercised), 'branch', 'branches')} never taken")
    return ", ".join(counts)


def proof_text(report: Report) -> str:
    """Return the whole report as lines of text."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield report.signature
    for artefact in report.artefacts:
        yield ""
        yield from _artefact(artefact)
    yield ""
    total, missed = report.branches.total, report.unexercised
    yield f"branches     {total - len(missed)} of {total} taken"
    yield from (f"             never: {branch}" for branch in missed)
    drift = report.drift
    yield f"drift        {drift.largest_ulp:g} ULP at most from this platform's libm, over {counted(drift.cases, 'case')}"
    if drift.worst_call:
        yield f"             worst: {drift.worst_call}"
    if drift.flipped:
        yield f"             {counted(drift.flipped, 'case')} would end in another way with it"
    yield from _confinement(report)
    yield f"seed         {report.seed}"
    yield f"seconds      {report.seconds:.2f}"
    yield ""
    yield from (f"{name:<12} {version}" for name, version in report.versions.items())


def _artefact(artefact: Artefact) -> Iterator[str]:
    yield f"{artefact.name:<12} {artefact.status.upper()}"
    if artefact.why:
        yield f"  why        {artefact.why}"
    if artefact.cases:
        yield f"  cases      {artefact.cases}"
        yield f"  agreed     {artefact.agreed}, of them {artefact.raised} by raising the same exception"
        yield f"  guarded    {artefact.guarded} {_GUARDED}, each with a named reason"
        yield f"  budget     {artefact.over_budget} used it up and were not compared"
        yield f"  dropped    {artefact.dropped}: CPython did not come back from them in time"
    if artefact.sha256:
        yield f"  sha256     {artefact.sha256}"


def _confinement(report: Report) -> Iterator[str]:
    if not report.protections:
        yield "confined     by nothing: it was compiled and compared in this process"
    for item in report.protections:
        yield f"{item.profile:<12} confined by {', '.join(item.in_force)}"
        yield from (f"             not by {entry}" for entry in item.absent)
