"""Landlock: the files that a process may read, and no TCP, no signal out of it, no abstract socket.

It binds the calling thread and what that starts, so it is applied before any thread is started.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from portalis.translator.work.confine.protections import Absent
from portalis.translator.work.confine.system import call

_CREATE_RULESET_VERSION = 1
_RULE_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
# linux/landlock.h: how many rights on files each version of the ABI knows, from the first; later ones add none.
_FILE_RIGHTS = (13, 14, 15, 15, 16)
_TCP_RIGHTS = 0b11
_SCOPES = 0b11
# Where the loader finds the libraries that an extension module asks for, and processors are described.
_SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/proc/cpuinfo", "/sys/devices/system/cpu")


@dataclass(frozen=True)
class Landlock:
    """No file but those below `readable` is read, none is written, made or run; `listed` folders show names only."""

    readable: tuple[str, ...]
    listed: tuple[str, ...] = ()
    name: ClassVar[str] = "Landlock"

    def apply(self) -> str:
        version = _version()
        ruleset = _ruleset(version)
        try:
            for path in self.readable:
                _allow(ruleset, path, _READ_FILE | _READ_DIR)
            for path in self.listed:
                _allow(ruleset, path, _READ_DIR)
            call("landlock_restrict_self", ruleset, 0)
        finally:
            os.close(ruleset)
        held = ["files"] + ["TCP"] * (version >= 4) + ["signals, abstract sockets"] * (version >= 6)
        return f"ABI {version}: {', '.join(held)}"


def _version() -> int:
    try:
        return call("landlock_create_ruleset", None, 0, _CREATE_RULESET_VERSION)
    except OSError as error:
        raise Absent(f"this kernel has no Landlock, or it is switched off ({os.strerror(error.errno or 0)})") from error


def _ruleset(version: int) -> int:
    """Make a ruleset of everything that this version can deny, and return its descriptor."""
    files = (1 << _FILE_RIGHTS[min(version, len(_FILE_RIGHTS)) - 1]) - 1
    words = [files]
    if version >= 4:
        words.append(_TCP_RIGHTS)
    if version >= 6:
        words.append(_SCOPES)
    attributes = struct.pack(f"={len(words)}Q", *words)
    return call("landlock_create_ruleset", ctypes.c_char_p(attributes), len(attributes), 0)


def _allow(ruleset: int, path: str, rights: int) -> None:
    """Allow rights on a folder and what is below it, or on a file; a path that is not there is left out."""
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _READ_FILE
        if rights:
            rule = struct.pack("=Qi", rights, descriptor)
            call("landlock_add_rule", ruleset, _RULE_PATH_BENEATH, ctypes.c_char_p(rule), 0)
    finally:
        os.close(descriptor)


def libraries(private: Iterable[str] = ()) -> Landlock:
    """Read what this interpreter imports from, and the system's libraries.

    A folder on the module path that holds one of the `private` places is not read as a whole: its names may be listed, and our own
    package below it is read. The home folder is always such a place, so that a path that begins with it gives nothing away. Packages that
    a host has linked into a folder are read where they are.
    """
    # Without `pathlib`, which nothing else in an oracle's start imports.
    places = [os.path.realpath(place) for place in (os.path.expanduser("~"), *private)]

    def holds_private(folder: str) -> bool:
        return any(os.path.join(place, "").startswith(os.path.join(folder, "")) for place in places)

    readable, listed = list(_SYSTEM), []
    for entry in filter(None, sys.path):
        folder = os.path.realpath(entry)
        if holds_private(folder):
            listed.append(folder)
            readable.append(os.path.join(folder, "portalis"))
        else:
            readable += [folder, *(target for target in _linked(folder) if not holds_private(target))]
    return Landlock(tuple(dict.fromkeys(readable)), tuple(dict.fromkeys(listed)))


def _linked(folder: str) -> list[str]:
    """Return what the links in a folder of modules lead to."""
    try:
        with os.scandir(folder) as entries:
            return [os.path.realpath(entry.path) for entry in entries if entry.is_symlink()]
    except OSError:
        return []
