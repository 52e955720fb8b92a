"""What a worker process gives up before it may be handed text that somebody else wrote.

Two moments. *Early*, before a thread is started: limits, no new privileges, no files but the libraries. *Seal*, after every module is
imported: system calls on an allow-list. Nothing here starts at import, and what a system cannot give is reported, never assumed.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from portalis.translator.work.confine.limits import bounds_addresses, renew_cpu_time
from portalis.translator.work.confine.process import DiesWithParent
from portalis.translator.work.confine.profiles import Profile, forked_oracle, judge, nursery, oracle
from portalis.translator.work.confine.protections import Absent, Confinement, Protection, Protections, ProtectionState
from portalis.translator.work.confine.system import fork_alone

if TYPE_CHECKING:
    from portalis.translator.work.confine.launching import Launcher, minimal_environment

__all__ = [
    "Absent",
    "Confinement",
    "DiesWithParent",
    "Launcher",
    "Profile",
    "Protection",
    "ProtectionState",
    "Protections",
    "bounds_addresses",
    "fork_alone",
    "forked_oracle",
    "judge",
    "minimal_environment",
    "nursery",
    "oracle",
    "renew_cpu_time",
]


def __getattr__(name: str) -> Any:
    """Load what starts processes when it is first used: a confined process starts none."""
    if name not in ("Launcher", "minimal_environment"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("portalis.translator.work.confine.launching"), name)
