"""Start a busy host, kill one of its processes, and wait for all of them to end: `python -m tests.work.reaper MOMENT VICTIM`.

Whatever the host started and left behind becomes this process's child, wherever it is, so that none is overlooked. It says what the host
said after the murder, and `all ended`; or, where a minute is not enough for ending, what is left, and ends that.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 60
# The first translation after a murder may be the one that finds the dead.
MOST_FAILURES = 3


def left_behind() -> list[int]:
    """The processes that descend from this one."""
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(status.parent.name)] = int(status.read_text(errors="replace").rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = [os.getpid()]
    for number in found:
        found += [child for child, parent in parents.items() if parent == number]
    return found[1:]


def give_up(number: int, frame: FrameType | None) -> None:
    left = left_behind()
    commands = [Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")[-60:] for pid in left]
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    print("left behind:", *commands, sep="\n", flush=True)
    os._exit(1)


def main() -> None:
    moment, victim = sys.argv[1:]
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGALRM, give_up)
    command = [sys.executable, "-m", "tests.work.busy_host", moment]
    host = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert host.stdin is not None and host.stdout is not None
    numbers = json.loads(host.stdout.readline())
    orphan = os.pidfd_open(numbers["oracle"]) if victim == "nursery" else None
    os.kill(numbers[victim], signal.SIGKILL)
    if orphan is not None:
        # It ends by the kernel alone: the host knows nothing yet.
        signal.alarm(PATIENCE)
        select.select([orphan], [], [])
        signal.alarm(0)
    if victim != "host":
        for _ in range(MOST_FAILURES):
            host.stdin.write("again\n")
            host.stdin.flush()
            said = host.stdout.readline().strip()
            if said == "verified":
                break
        print(said, flush=True)
    host.stdin.close()
    signal.alarm(PATIENCE)
    try:
        while True:
            os.wait()
    except ChildProcessError:
        print("all ended", flush=True)


if __name__ == "__main__":
    main()
