"""What a server leaves behind, seen through /proc and /dev/shm."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from portalis.translator.translating.jobs import PROGRAM


def group(leader: int) -> list[int]:
    """The processes of a process group that still run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # The name, in parentheses, may hold spaces; after it come state, parent and group.
            state, _, leads = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(leads) == leader and state not in "ZX":
            found.append(int(folder.name))
    return found


def service(server: int) -> int:
    """The Portalis process behind a server, which has the server's folder and parent."""
    parent = int(Path(f"/proc/{server}/stat").read_text().rpartition(")")[2].split()[1])
    (found,) = (
        pid
        for pid in children(parent)
        if b"portalis.translator.servers.triton.service" in Path(f"/proc/{pid}/cmdline").read_bytes()
        and os.readlink(f"/proc/{pid}/cwd") == os.readlink(f"/proc/{server}/cwd")
    )
    return found


def stub(leader: int, model: str = "translate") -> int:
    """Triton's own process for a model, in the server that leads a group."""
    commands = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in group(leader)}
    (found,) = (
        pid
        for pid, command in commands.items()
        if b"triton_python_backend_stub" in command.split(b"\0")[0] and f"/models/{model}/".encode() in command
    )
    return found


def children(parent: int) -> list[int]:
    """The processes that a process has started and that still run."""
    while True:
        try:
            return [int(pid) for task in Path(f"/proc/{parent}/task").glob("*/children") for pid in task.read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue  # A thread has ended, and what it started is another one's.


def judges(parent: int) -> list[int]:
    """The judges that a process has started and that still run."""
    return [pid for pid in children(parent) if PROGRAM in _told(pid, "cmdline")]


def _told(pid: int, name: str) -> str:
    """What the kernel tells of a process; nothing of one that is no longer there."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def running(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not waited for does not."""
    state = _told(pid, "stat").rpartition(")")[2].split()[:1]
    return state not in ([], ["Z"], ["X"])


def processor_seconds(pid: int) -> float:
    """What the processes that a process has started have used of a processor."""
    return sum(used_seconds(children(pid)))


def used_seconds(pids: list[int]) -> list[float]:
    """What each process has used of a processor; 0 for one that is no longer there."""
    times = [map(int, _told(pid, "stat").rpartition(")")[2].split()[11:13]) for pid in pids]
    return [sum(time) / os.sysconf("SC_CLK_TCK") for time in times]


def settled(pid: int) -> float:
    """Wait until the processes that a process has started do nothing, as those that are starting do not, and return what they have used."""
    used = [processor_seconds(pid)]
    assert becomes(lambda: used.append(processor_seconds(pid)) is None and len(used) > 10 and used[-10] == used[-1])
    return used[-1]


def shared_memory(owner: int) -> list[str]:
    """What lies in shared memory for servers that the process `owner` started."""
    return [path.name for path in Path("/dev/shm").iterdir() if f"portalis_{owner}_" in path.name]


def becomes(condition: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Wait until something is so, and say whether it is."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()
