"""Talk to a process of `confined.py`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from portalis.translator.work.confine import Launcher, Protections, minimal_environment

ROOT = Path(__file__).parents[2]
EXTENSION = ROOT / "exts" / "portalis.translator"


class Confined:
    """A process under a profile, sealed, with what it said first: `limits` and `report`."""

    def __init__(
        self,
        kind: str,
        first: Sequence[str] = (),
        *,
        seconds: int = 60,
        launcher: Launcher | None = None,
        stderr: int | None = None,
        **variables: str,
    ) -> None:
        command = [sys.executable, "-m", "tests.work.confined", kind, str(os.getpid()), str(seconds)]
        path = [os.environ.get("PYTHONPATH", ""), str(ROOT), str(EXTENSION)]
        environment = minimal_environment(PYTHONPATH=os.pathsep.join(filter(None, path)), PYTHONHASHSEED="0") | variables
        self.process = (launcher or Launcher()).start(command, environment, stderr=stderr)
        self.send(list(first))
        self.limits: dict[str, list[int]] = self.receive()
        self.report = Protections.from_record(self.receive())

    def send(self, message: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def receive(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise EOFError(f"it ended with {self.process.wait()}")
        return json.loads(line)

    def ask(self, text: str) -> Any:
        self.send(text)
        return self.receive()

    def ending(self, text: str) -> int:
        """Have it execute a text that ends it; its exit status."""
        self.send(text)
        assert self.process.stdout is not None
        answer = self.process.stdout.readline()
        assert not answer, f"it lives, and answered {answer!r}"
        return self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()
