"""Runs cases in a process of their own, which may die or hang without taking the fuzzer along, and makes a case that fails smaller."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Wall time of a case, on a machine that may be busy with something else; what a case itself measures is processor time.
_PATIENCE_SECONDS = 120.0
_SHRINKING_SECONDS = 60.0
_MOST_FINDINGS = 20


@dataclass(frozen=True)
class Outcome:
    """What became of one case: `failure` is empty where every invariant held; `fates` counts what happened in it."""

    steps: int
    failure: str
    fates: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """A case that broke an invariant: `seed` and the steps `kept` of it make it again."""

    what: str
    seed: int
    kept: tuple[int, ...]
    failure: str
    script: str


class Child:
    """The process in which cases run, started when it is needed."""

    def __init__(self, what: str, log: Path) -> None:
        self._what = what
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, seed: int, kept: Sequence[int] | None = None, *, tell: bool = False) -> tuple[Outcome, str]:
        """Run one case, or only the steps `kept` of it; with `tell` also return its script as text."""
        process = self._running()
        assert process.stdin is not None and process.stdout is not None
        request = {"seed": seed, "kept": None if kept is None else list(kept), "tell": tell}
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            line = _line(process.stdout.fileno(), _PATIENCE_SECONDS)
        except BrokenPipeError:
            line = b""
        if line is None or not line.endswith(b"\n"):
            status = process.poll()
            self.close()
            said = f"no answer within {_PATIENCE_SECONDS:g} s" if line is None else f"the process died with status {status}"
            return Outcome(0, said), ""
        answer: dict[str, Any] = json.loads(line)
        return Outcome(answer["steps"], answer["failure"], answer["fates"]), answer["script"]

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])}
            with self._log.open("ab") as log:
                command = [sys.executable, "-m", "stage_fuzz.child", self._what]
                self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=environment)
            assert self._process.stdout is not None
            if _line(self._process.stdout.fileno(), _PATIENCE_SECONDS) != b"ready\n":
                self.close()
                raise SystemExit(f"the process that runs cases does not start: {self._log.read_text(errors='replace')[-2000:]}")
        return self._process


def _line(stream: int, seconds: float) -> bytes | None:
    """Return what comes up to the end of a line or of the stream; None where it does not come within `seconds`."""
    ends, read = time.monotonic() + seconds, b""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while not read.endswith(b"\n"):
            if not selector.select(max(0.0, ends - time.monotonic())):
                return None
            part = os.read(stream, 1 << 20)
            if not part:
                break
            read += part
    return read


@dataclass
class Campaign:
    """What a fuzzer did: cases, what happened in them, and what it found."""

    what: str
    seed: int
    cases: int = 0
    fates: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)


def fuzz(what: str, seed: int, seconds: float, told: Callable[[Campaign], None], most: int | None = None) -> Campaign:
    """Run cases of one kind, `most` of them, until `seconds` are over or a few findings were made; `told` is called after each."""
    campaign = Campaign(what, seed)
    ends = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="portalis-fuzz-") as folder:
        child = Child(what, Path(folder) / "log")
        try:
            while time.monotonic() < ends and len(campaign.findings) < _MOST_FINDINGS and campaign.cases != most:
                case = seed + campaign.cases
                outcome, _ = child.run(case)
                campaign.cases += 1
                campaign.fates.update(outcome.fates)
                if outcome.failure:
                    campaign.findings.append(_shrunk(child, what, case, outcome))
                told(campaign)
        finally:
            child.close()
    return campaign


def _shrunk(child: Child, what: str, seed: int, outcome: Outcome) -> Finding:
    """Leave out half of a failing case's steps, then smaller parts, as long as it fails in the same way; a dead process tells no script."""
    ends = time.monotonic() + _SHRINKING_SECONDS
    wanted, failure = outcome.failure.partition(":")[0], outcome.failure
    _, script = child.run(seed, (), tell=True)
    kept = list(range(outcome.steps or script.count("\n")))
    size = max(1, len(kept) // 2)
    while size and time.monotonic() < ends:
        at = 0
        while at < len(kept) and time.monotonic() < ends:
            fewer = kept[:at] + kept[at + size :]
            tried, _ = child.run(seed, fewer)
            if tried.failure.partition(":")[0] == wanted:
                kept, failure = fewer, tried.failure
            else:
                at += size
        size //= 2
    lines = script.splitlines()
    return Finding(what, seed, tuple(kept), failure, "\n".join(lines[index] for index in kept if index < len(lines)))
