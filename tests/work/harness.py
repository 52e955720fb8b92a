"""A parent with a terminal that forks one process for each set of protections, and has every payload tried in it.

Run as `python -m tests.work.harness` with a request as JSON on standard input; writes one line of JSON for each set of protections.
"""

from __future__ import annotations

import fcntl
import json
import os
import resource
import sys
import termios
from pathlib import Path

from portalis.translator.work.confine import Profile, judge, oracle
from portalis.translator.work.confine.process import ENVIRONMENT

from .payloads import LIBRARY, MEMORY, Target, attempt

# Loaded before the user changes, who may not be allowed to read it.
assert resource
PR_SET_DUMPABLE = 4
# What the kernel wants to see before it takes a filter or a Landlock domain from a process without rights; stops no payload itself.
PREREQUISITE = "no new privileges"


def names(profile: Profile) -> tuple[str, ...]:
    """The names of a profile's protections, each once, in their order."""
    return tuple(dict.fromkeys(protection.name for protection in profile.early + profile.seal))


def confined(target: Target, profile: str, chosen: set[str]) -> None:
    """Put the chosen protections in force in this process, say what came of them, and try every payload."""
    made = {"oracle": oracle, "judge": judge}[profile](os.getppid(), memory=MEMORY, seconds=60)
    confinement = made.confinement()
    if "environment" in chosen:
        # A launcher starts with this environment; a forked process makes it itself.
        for name in os.environ.keys() - ENVIRONMENT:
            del os.environ[name]
    for moment in (made.early, made.seal):
        confinement.apply(protection for protection in moment if protection.name in chosen)
    os.write(1, json.dumps(confinement.report().to_record()).encode() + b"\n")
    attempt(target)


def forked(target: Target, profile: str, chosen: set[str]) -> list[str]:
    """Run `confined` in a forked process; its lines."""
    Path(target.folder, "bait").touch()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.dup2(writing, 1)
            os.close(reading)
            os.close(writing)
            confined(target, profile, chosen)
        except BaseException as error:
            os.write(1, json.dumps(["failed", f"{type(error).__name__}: {error}"]).encode() + b"\n")
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf-8") as answers:
        lines = answers.read().splitlines()
    os.waitpid(child, 0)
    return lines


def main() -> None:
    request = json.loads(sys.stdin.readline())
    terminal = os.open(request["terminal"], os.O_RDWR)
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    target = Target(request["folder"], request["port"], terminal)
    if request["user"]:
        os.setgroups([])
        os.setresgid(request["user"], request["user"], request["user"])
        os.setresuid(request["user"], request["user"], request["user"])
        # The kernel closes a process that changes its user to that user; one that was started by it is open.
        LIBRARY.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
    for profile, chosen in request["sets"]:
        print(json.dumps(forked(target, profile, set(chosen))), flush=True)


if __name__ == "__main__":
    main()
