"""Jobs, in the database: what was asked, who works on which item until when, and what came of it.

An item that a process has taken is its own for a lease, which it renews. One whose process was killed is taken again when the lease is
over, and none for ever: what has been taken `MOST_TRIES` times and never came to an end is what ended those who took it.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import sqlite3
import time
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from pydantic import ValidationError

from portalis.translator.servers.contract.jobs import Job, JobRequest, JobResult
from portalis.translator.servers.contract.translation import TranslationRequest, failed
from portalis.translator.servers.gateway.database import transaction
from portalis.translator.servers.pool.keys import with_path

MOST_TRIES = 3
_ID_BYTES = 12
_FAR = 10.0
# Answers are read and written by who serves everybody else, too: no longer than others may wait for it.
_PAGE_BYTES = 4 << 20
# Of each item what is asked, compressed, and its path.
Packed: TypeAlias = list[tuple[bytes, str]]
_DAY = 86_400.0


@dataclass(frozen=True)
class Taken:
    """An item that this process has taken."""

    job: str
    number: int
    tenant: str
    request: TranslationRequest


def pack(request: JobRequest) -> Packed:
    """Return a job's items as they are written down; takes its time, and nothing of a gateway."""
    return [(zlib.compress(item.model_dump_json().encode(), 1), item.path) for item in request.items]


class JobBook:
    """All jobs of a gateway's database; `owner` is this process among those that share it."""

    def __init__(self, database: sqlite3.Connection, lease: float) -> None:
        self._database, self._lease = database, lease
        self._owner = secrets.token_hex(8)
        self._last_tenant = ""

    def create(self, tenant: str, packed: Packed) -> Job:
        """Write a job down, whole or not at all."""
        id_ = secrets.token_hex(_ID_BYTES)
        rows = [(id_, number, asked, path) for number, (asked, path) in enumerate(packed)]
        with transaction(self._database):
            self._database.execute(
                "insert into jobs (id, tenant, created, items) values (?, ?, ?, ?)", (id_, tenant, time.time(), len(rows))
            )
            self._database.executemany("insert into items (job, number, request, path) values (?, ?, ?, ?)", rows)
        found = self.find(tenant, id_)
        assert found is not None
        return found

    def find(self, tenant: str, id_: str) -> Job | None:
        """Return a tenant's job; None where it has none of this name."""
        rows = self._database.execute("select id, created, items from jobs where id = ? and tenant = ?", (id_, tenant)).fetchall()
        return self._told(*rows[0]) if rows else None

    def all_of(self, tenant: str, most: int = 100) -> tuple[Job, ...]:
        """Return a tenant's jobs, the newest first."""
        rows = self._database.execute("select id, created, items from jobs where tenant = ? order by created desc limit ?", (tenant, most))
        return tuple(self._told(*row) for row in rows.fetchall())

    def open_jobs(self, tenant: str) -> int:
        """Count a tenant's jobs that are not over."""
        text = "select count(distinct job) from items join jobs on id = job where tenant = ? and state in ('queued', 'running')"
        return int(self._database.execute(text, (tenant,)).fetchone()[0])

    def bytes_of(self, tenant: str) -> int:
        """Return what a tenant's jobs take, requests and answers."""
        text = "select coalesce(sum(length(request) + coalesce(length(answer), 0)), 0) from items join jobs on id = job where tenant = ?"
        return int(self._database.execute(text, (tenant,)).fetchone()[0])

    def cancel(self, id_: str) -> None:
        """Cancel what has not begun; what has is ended without its answer."""
        with transaction(self._database):
            place = self._next_place(id_)
            text = "select number from items where job = ? and state in ('queued', 'running') order by number"
            for offset, (number,) in enumerate(self._database.execute(text, (id_,)).fetchall()):
                self._database.execute(
                    "update items set state = 'cancelled', request = x'', owner = null, lease = null, place = ? "
                    "where job = ? and number = ?",
                    (place + offset, id_, number),
                )

    def remove(self, id_: str) -> None:
        """Remove a job and its answers."""
        self._database.execute("delete from jobs where id = ?", (id_,))

    def results(self, id_: str, after: int, most: int) -> list[JobResult]:
        """Return answers behind the first `after`, in the order in which they came: `most` of them, or as many as a page holds."""
        text = "select number, state, path, answer from items where job = ? and place > ? order by place limit ?"
        found: list[JobResult] = []
        held = 0
        with contextlib.closing(self._database.execute(text, (id_, after, most))) as rows:
            for number, state, path, answer in rows:
                told = None if answer is None else with_path(zlib.decompress(answer), path)
                held += 0 if told is None else len(told)
                if found and held > _PAGE_BYTES:
                    break
                found.append(JobResult(number=number, state=state, answer=None if told is None else json.loads(told)))
        return found

    def counts(self) -> dict[str, int]:
        """Count items that are not done, by state."""
        text = "select state, count(*) from items where state in ('queued', 'running') group by state"
        return dict(self._database.execute(text).fetchall())

    # ------------------------------------------------------------------------------------------------------------ working on them
    def take(self) -> Taken | None:
        """Take an item, of another tenant than the last one where there is one; None where there is nothing to do."""
        while (row := self._take_any()) is not None:
            job, number, tenant, asked = row
            try:
                return Taken(job, number, tenant, TranslationRequest.model_validate_json(zlib.decompress(asked)))
            except (ValidationError, zlib.error):
                # Written down by a gateway of another version, say. Whoever asked is told, and nobody waits behind it.
                self._end(job, number, failed("invalid", "this gateway cannot read what was asked for"))
        return None

    def _take_any(self) -> tuple[str, int, str, bytes] | None:
        waiting = "exists (select 1 from items where job = id and state = 'queued')"
        tenants = [name for (name,) in self._database.execute(f"select distinct tenant from jobs where {waiting} order by tenant")]
        tenant = next((name for name in tenants if name > self._last_tenant), tenants[0] if tenants else None)
        if tenant is None:
            return None
        oldest = f"select id from jobs where tenant = ? and {waiting} order by created, id limit 1"
        text = f"select job, number from items where job = ({oldest}) and state = 'queued' order by number limit 1"
        row = self._database.execute(text, (tenant,)).fetchone()
        if row is None:
            return None
        job, number = row
        lease = time.time() + self._lease
        took = self._database.execute(
            "update items set state = 'running', owner = ?, lease = ?, tries = tries + 1 where job = ? and number = ? and state = 'queued' "
            "returning request",
            (self._owner, lease, job, number),
        ).fetchone()
        self._last_tenant = tenant
        # None where another process was first.
        return None if took is None else (job, number, tenant, took[0])

    def renew(self, at_work: Iterable[Taken]) -> None:
        """Say that this process still works on some of what it has taken; the rest is whoever's who takes it when its lease is over."""
        until = time.time() + self._lease
        rows = [(until, taken.job, taken.number, self._owner) for taken in at_work]
        text = "update items set lease = ? where job = ? and number = ? and state = 'running' and owner = ?"
        self._database.executemany(text, rows)

    def finish(self, taken: Taken, answer: bytes) -> None:
        """Write an answer down, unless the item is not this process's any more."""
        self._end(taken.job, taken.number, answer)

    def give_back(self, taken: Taken, *, tried: bool) -> None:
        """Leave an item to whoever takes it next; one that was not `tried` counts no try."""
        self._database.execute(
            "update items set state = 'queued', owner = null, lease = null, tries = tries - ? "
            "where job = ? and number = ? and state = 'running' and owner = ?",
            (0 if tried else 1, taken.job, taken.number, self._owner),
        )

    def reclaim(self) -> int:
        """Take back what nobody works on any more, and end what has ended too many."""
        # One that is far from over is of a clock that was set back since.
        now = (time.time(), time.time() + _FAR * abs(self._lease))
        lost = "state = 'running' and (lease < ? or lease > ?)"
        if self._database.execute(f"select 1 from items where {lost} limit 1", now).fetchone() is None:
            # As nearly always: nothing is written, and no lock is waited for.
            return 0
        answer = zlib.compress(failed("crashed", f"whoever worked on it ended, {MOST_TRIES} times"))
        spent = self._database.execute(f"select job, number from items where {lost} and tries >= ?", (*now, MOST_TRIES)).fetchall()
        for job, number in spent:
            with transaction(self._database):
                self._database.execute(
                    "update items set state = 'done', request = x'', owner = null, lease = null, answer = ?, place = ? "
                    f"where job = ? and number = ? and {lost}",
                    (answer, self._next_place(job), job, number, *now),
                )
        done = self._database.execute(f"update items set state = 'queued', owner = null, lease = null where {lost}", now)
        return done.rowcount

    def tidy(self, days: float) -> None:
        """Remove jobs that have been over for long."""
        old = "created < ? and not exists (select 1 from items where job = id and state in ('queued', 'running'))"
        self._database.execute(f"delete from jobs where {old}", (time.time() - days * _DAY,))

    def _end(self, job: str, number: int, answer: bytes) -> None:
        with transaction(self._database):
            self._database.execute(
                "update items set state = 'done', request = x'', owner = null, lease = null, answer = ?, place = ? "
                "where job = ? and number = ? and state = 'running' and owner = ?",
                (zlib.compress(answer, 1), self._next_place(job), job, number, self._owner),
            )

    def _next_place(self, id_: str) -> int:
        return int(self._database.execute("select coalesce(max(place), 0) + 1 from items where job = ?", (id_,)).fetchone()[0])

    def _told(self, id_: str, created: float, items: int) -> Job:
        text = "select state, count(*) from items where job = ? group by state"
        states: Iterable[tuple[str, int]] = self._database.execute(text, (id_,)).fetchall()
        return Job(id=id_, created=created, items=items, **({"queued": 0, "running": 0, "done": 0, "cancelled": 0} | dict(states)))
