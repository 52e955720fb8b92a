"""What this kernel lacks, asked of it directly: nothing else may be missing from a report."""

from __future__ import annotations

import ctypes
import os
from functools import cache

import pytest

from portalis.translator.work.confine import Protections

from .payloads import system_call


def lacking(user: int | None = None) -> set[str]:
    """The protections that no process of a user (by default this one) can have here."""
    return _kernel() | ({"processes"} if user is None and os.getuid() == 0 else set())


@cache
def _kernel() -> set[str]:
    missing = set()
    return_error = ctypes.c_uint32(0x00050000)
    probes = {"Landlock": (444, 444, None, 0, 1), "system calls": (317, 277, 2, 0, ctypes.byref(return_error))}
    for name, (x86, generic, *arguments) in probes.items():
        try:
            system_call(x86, generic, *arguments)
        except OSError:
            missing.add(name)
    return missing


def require(report: Protections, name: str, user: int | None = None) -> None:
    """Skip where the kernel lacks a protection; fail where it has it and the report says that it is not in force."""
    for entry in report.absent:
        if entry.name == name:
            if name not in lacking(user):
                pytest.fail(str(entry))
            pytest.skip(str(entry))
