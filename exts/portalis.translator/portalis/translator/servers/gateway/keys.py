"""Who may ask: keys, of which only digests are kept, each of a tenant, with what it may be used for and until when.

A key is 64 hexadecimal digits: 16 name it, 48 are a secret of 192 random bits. A secret so long needs no slow hash: nobody can try them.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import re
import secrets
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

Scope: TypeAlias = Literal["translate", "jobs", "metrics"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
_ID_DIGITS, _DIGITS = 16, 64
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_COLUMNS = "id, tenant, name, scopes, created, expires, revoked"


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """What is known of a key; times are seconds since 1970."""

    id: str
    tenant: str
    name: str
    scopes: frozenset[str]
    created: float
    expires: float | None
    revoked: float | None

    def usable(self, now: float) -> bool:
        """Tell whether it may still be used."""
        return self.revoked is None and (self.expires is None or now < self.expires)


# Who asks from an open playground; no key is of a tenant with such a name.
VISITOR = KeyEntry("playground", "(playground)", "the playground's page", frozenset({"translate"}), 0.0, None, None)


class UnknownKey(Exception):
    """There is no key of this name, or it is not usable any more."""


class KeyBook:
    """The keys of a gateway."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def create(self, tenant: str, scopes: Iterable[Scope] = SCOPES, name: str = "", seconds: float | None = None) -> tuple[KeyEntry, str]:
        """Make a key and return it once; ValueError where `tenant` is no name. With `seconds` it ends by itself."""
        if not _TENANT.fullmatch(tenant):
            raise ValueError(f"`{tenant}` is no tenant's name: letters, digits, `.`, `_` and `-`, at most 64")
        now, text = time.time(), secrets.token_hex(_DIGITS // 2)
        entry = KeyEntry(text[:_ID_DIGITS], tenant, name, frozenset(scopes), now, None if seconds is None else now + seconds, None)
        row = (entry.id, tenant, name, " ".join(sorted(entry.scopes)), _digest(text), now, entry.expires)
        self._database.execute("insert into keys (id, tenant, name, scopes, digest, created, expires) values (?, ?, ?, ?, ?, ?, ?)", row)
        return entry, text

    def check(self, text: str) -> KeyEntry | None:
        """Return the entry of a key that may be used now; None for any other text."""
        if len(text) != _DIGITS or not text.isascii():
            return None
        row = self._database.execute(f"select {_COLUMNS}, digest from keys where id = ?", (text[:_ID_DIGITS],)).fetchone()
        # Compared also where there is none, so that how long it takes says nothing.
        right = hmac.compare_digest(_digest(text), row[-1] if row else _digest(""))
        entry = _entry(row) if row and right else None
        return entry if entry is not None and entry.usable(time.time()) else None

    def stands(self, entry: KeyEntry) -> bool:
        """Tell whether a key that was usable still is: whoever hears for long may have had theirs revoked meanwhile."""
        with contextlib.suppress(UnknownKey):
            self._usable(entry.id)
            return True
        return False

    def rotate(self, id_: str, grace: float) -> tuple[KeyEntry, str]:
        """Make a key in a usable one's place, which stays usable for `grace` seconds; UnknownKey where there is none."""
        before = self._usable(id_)
        made = self.create(before.tenant, [scope for scope in SCOPES if scope in before.scopes], before.name)
        ends = time.time() + grace
        ends = ends if before.expires is None else min(ends, before.expires)
        self._database.execute("update keys set expires = ? where id = ?", (ends, before.id))
        return made

    def revoke(self, id_: str) -> None:
        """End a key at once; UnknownKey where there is no usable one."""
        self._database.execute("update keys set revoked = ? where id = ?", (time.time(), self._usable(id_).id))

    def forget(self, id_: str) -> None:
        """Remove a key as if it had never been."""
        self._database.execute("delete from keys where id = ?", (id_,))

    def entries(self) -> list[KeyEntry]:
        """List all keys, the oldest first."""
        return [_entry(row) for row in self._database.execute(f"select {_COLUMNS} from keys order by created")]

    def _usable(self, id_: str) -> KeyEntry:
        row = self._database.execute(f"select {_COLUMNS} from keys where id = ?", (id_,)).fetchone()
        entry = _entry(row) if row else None
        if entry is None or not entry.usable(time.time()):
            raise UnknownKey(f"there is no usable key `{id_}`")
        return entry


def _digest(text: str) -> str:
    return hashlib.sha256(f"portalis key {text}".encode()).hexdigest()


def _entry(row: tuple[str, str, str, str, float, float | None, float | None]) -> KeyEntry:
    id_, tenant, name, scopes, created, expires, revoked = row[:7]
    return KeyEntry(id_, tenant, name, frozenset(scopes.split()), created, expires, revoked)
