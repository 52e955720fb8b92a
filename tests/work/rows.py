"""Have every payload tried under sets of protections, as this user and, where this user is root, as one without rights."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from portalis.translator.work.confine import Protections

from .payloads import SECRET, Target

ROOT = Path(__file__).parents[2]
NOBODY = 65534


def can_be_nobody() -> bool:
    """Whether a process of this user's can become one without rights: not where only root's number means a user."""
    with tempfile.NamedTemporaryFile() as file:
        try:
            os.chown(file.name, NOBODY, NOBODY)
        except OSError:
            return False
    return True


@dataclass(frozen=True)
class Row:
    """What came of each payload under one set of protections: its name, and what stopped it or nothing."""

    report: Protections
    outcomes: dict[str, str]

    @property
    def worked(self) -> set[str]:
        return {name for name, stopped in self.outcomes.items() if not stopped}


@contextlib.contextmanager
def targets() -> Iterator[Target]:
    """Something to attack: a key, a file, and sockets that listen; the folder is open to every user."""
    folder = tempfile.mkdtemp()
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as unix, socket.socket(socket.AF_UNIX) as abstract:
        target = Target(folder, tcp.getsockname()[1], -1)
        try:
            Path(target.key).write_bytes(b"key")
            Path(target.victim).write_bytes(b"victim")
            unix.bind(target.unix)
            abstract.bind(target.abstract)
            for server in (unix, abstract):
                server.listen(100)
            for path in (Path(folder), *Path(folder).iterdir()):
                path.chmod(0o777)
            yield target
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def attacked(sets: Sequence[tuple[str, Sequence[str]]], user: int | None) -> list[Row]:
    """One row for each set, a profile's name and the names of its protections that are put in force."""
    with targets() as target:
        if user:
            for path in (Path(target.folder), *Path(target.folder).iterdir()):
                os.chown(path, user, user)
        manager, terminal = pty.openpty()
        request = {"folder": target.folder, "port": target.port, "terminal": os.ttyname(terminal), "user": user, "sets": sets}
        try:
            done = subprocess.run(
                [sys.executable, "-m", "tests.work.harness"],
                input=json.dumps(request) + "\n",
                capture_output=True,
                text=True,
                cwd=ROOT,
                env=os.environ | {SECRET: "a key"},
                start_new_session=True,
                timeout=300,
            )
        finally:
            os.close(manager)
            os.close(terminal)
    assert done.returncode == 0, done.stderr
    return [_row(json.loads(line)) for line in done.stdout.splitlines()]


def _row(lines: list[str]) -> Row:
    report, *outcomes = (json.loads(line) for line in lines)
    # A shell that took the process's place and cannot load its libraries says nothing.
    return Row(Protections.from_record(report), {"replace_itself": "the program did not start", **dict(outcomes)})
