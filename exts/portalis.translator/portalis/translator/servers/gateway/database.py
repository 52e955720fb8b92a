"""The gateway's own database: SQLite with a write-ahead log, which several processes on one machine may share."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from portalis.translator.private.host_key import private_folder

NAME = "gateway.db"
_WAIT_SECONDS = 10.0
_SCHEMA = """
create table if not exists keys (
    id text primary key, tenant text not null, name text not null, scopes text not null, digest text not null,
    created real not null, expires real, revoked real
) strict;
create table if not exists kept_answers (
    key text primary key, bytes integer not null, used real not null, created real not null, content blob not null
) strict;
create index if not exists kept_answers_by_use on kept_answers (used, bytes);
create index if not exists kept_answers_by_age on kept_answers (created);
create table if not exists jobs (
    id text primary key, tenant text not null, created real not null, items integer not null, ended integer not null default 0
) strict;
create index if not exists jobs_by_tenant on jobs (tenant, created);
create table if not exists items (
    job text not null references jobs (id) on delete cascade, number integer not null, request blob not null,
    state text not null default 'queued', owner text, lease real, tries integer not null default 0,
    path text not null default '', place integer, answer blob, primary key (job, number)
) strict, without rowid;
create index if not exists items_to_do on items (job, number) where state = 'queued';
create index if not exists items_at_work on items (lease) where state = 'running';
create unique index if not exists items_in_order on items (job, place) where place is not null;
"""


def open_database(folder: Path) -> sqlite3.Connection:
    """Open the database of a folder that only this user may enter, made where there is none; UnsafeFile where others may."""
    private_folder(folder)
    connection = sqlite3.connect(folder / NAME, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = normal")
    connection.execute("pragma foreign_keys = on")
    connection.executescript(_SCHEMA)
    return connection


@contextlib.contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """Have what a block does there all or nothing, and nobody else's write in between."""
    database.execute("begin immediate")
    try:
        yield
        database.execute("commit")
    finally:
        if database.in_transaction:
            database.execute("rollback")
