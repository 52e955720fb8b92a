"""A protection, what came of it, and the report of all of them that goes into a verification report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol


class Absent(Exception):
    """A protection that this system, this kernel or this container does not give; its text says why."""


class Protection(Protocol):
    """One thing that a process gives up for good."""

    @property
    def name(self) -> str:
        """What a report calls it."""

    def apply(self) -> str:
        """Put it in force for this process and return what is held; raise Absent or OSError where that cannot be done."""


@dataclass(frozen=True)
class ProtectionState:
    """What came of one protection: `detail` says what is held, or why it is not."""

    name: str
    in_force: bool
    detail: str

    def __str__(self) -> str:
        return f"{self.name}: {self.detail}" if self.in_force else f"{self.name}: not in force, {self.detail}"


@dataclass(frozen=True)
class Protections:
    """Which protections of a profile were in force, in the order in which they were applied."""

    profile: str
    entries: tuple[ProtectionState, ...] = ()

    @property
    def in_force(self) -> tuple[str, ...]:
        return tuple(entry.name for entry in self.entries if entry.in_force)

    @property
    def absent(self) -> tuple[ProtectionState, ...]:
        return tuple(entry for entry in self.entries if not entry.in_force)

    def to_record(self) -> dict[str, object]:
        """Plain dicts, lists, strings and bools, for any wire format."""
        entries = [{"name": entry.name, "in_force": entry.in_force, "detail": entry.detail} for entry in self.entries]
        return {"profile": self.profile, "entries": entries}

    @classmethod
    def from_record(cls, record: object) -> Protections:
        """Read `to_record()` back; raise ValueError where anything is missing, unknown or of another type."""
        profile, entries = _fields(record, {"profile": str, "entries": list})
        assert isinstance(profile, str) and isinstance(entries, list)
        return cls(profile, tuple(_entry(entry) for entry in entries))


def _entry(record: object) -> ProtectionState:
    name, in_force, detail = _fields(record, {"name": str, "in_force": bool, "detail": str})
    assert isinstance(name, str) and isinstance(in_force, bool) and isinstance(detail, str)
    return ProtectionState(name, in_force, detail)


def _fields(record: object, types: Mapping[str, type]) -> list[object]:
    if not isinstance(record, dict) or record.keys() != types.keys():
        raise ValueError(f"a record of protections has the fields {', '.join(types)}")
    for name, type_ in types.items():
        if type(record[name]) is not type_:
            raise ValueError(f"`{name}` of a record of protections is no {type_.__name__}")
    return [record[name] for name in types]


class Confinement:
    """Applies protections one after another and remembers what came of each. A protection that fails stops none of the others."""

    def __init__(self, profile: str) -> None:
        self._profile = profile
        self._entries: list[ProtectionState] = []

    def apply(self, protections: Iterable[Protection]) -> None:
        """Put protections in force, in their order."""
        self._entries += [_applied(protection) for protection in protections]

    def report(self) -> Protections:
        """What is in force so far."""
        return Protections(self._profile, tuple(self._entries))


def _applied(protection: Protection) -> ProtectionState:
    try:
        return ProtectionState(protection.name, True, protection.apply())
    except (Absent, OSError, ValueError) as reason:
        # ValueError is how `resource` says that a limit is above the hard one.
        return ProtectionState(protection.name, False, str(reason) or type(reason).__name__)
