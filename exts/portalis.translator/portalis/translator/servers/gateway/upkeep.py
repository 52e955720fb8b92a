"""A backup of what a gateway keeps, and what is made from one: keys, jobs, answers and the audit log, in one file."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
import time
from pathlib import Path
from typing import IO

from portalis.translator.private.host_key import private_folder
from portalis.translator.servers.gateway.database import NAME, open_database

# What a backup may hold, whatever its members are called.
_FILE = re.compile(rf"{re.escape(NAME)}|audit(\.before)?\.jsonl")


class NoBackup(Exception):
    """A file is no backup, or there is no place for one."""


def back_up(folder: Path, file: IO[bytes]) -> int:
    """Write all of a gateway's folder to a file or a pipe, while the gateway works; return how many answers it holds."""
    if not (folder / NAME).is_file():
        raise NoBackup(f"{folder} is no gateway's folder: there is no {NAME} in it")
    # Not packed: answers are already.
    with tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as name, tarfile.open(fileobj=file, mode="w|") as archive:
        # The database as it is at one moment.
        snapshot = Path(name) / NAME
        with contextlib.closing(open_database(folder)) as live, contextlib.closing(sqlite3.connect(snapshot)) as copy:
            live.backup(copy)
        _add(archive, snapshot)
        for path in sorted(folder.glob("audit*")):
            # One that was renamed meanwhile is not missed.
            if _FILE.fullmatch(path.name):
                with contextlib.suppress(FileNotFoundError):
                    _add(archive, path)
        return _answers(snapshot)


def restore(file: IO[bytes], folder: Path) -> int:
    """Make a gateway's folder of a backup, all of it or nothing; return how many answers it holds. NoBackup where there is one already."""
    if (folder / NAME).exists():
        raise NoBackup(f"{folder} is a gateway's folder already: name another one, or move it away")
    private_folder(folder)
    # Beside its place, where it can be renamed.
    with tempfile.TemporaryDirectory(dir=folder, prefix=".restored-") as name:
        beside = Path(name)
        try:
            with tarfile.open(fileobj=file, mode="r|") as archive:
                for member in archive:
                    _extract(archive, member, beside)
        except (tarfile.TarError, EOFError) as error:
            raise NoBackup(f"this is no backup: {error}") from error
        _require_whole(beside)
        answers = _answers(beside / NAME)
        # The database last: with it the folder is a gateway's.
        for part in sorted(beside.iterdir(), key=lambda part: part.name == NAME):
            part.rename(folder / part.name)
    return answers


def _answers(database: Path) -> int:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        (count,) = connection.execute("select count(*) from kept_answers").fetchone()
        return int(count)


def _add(archive: tarfile.TarFile, path: Path) -> None:
    with path.open("rb") as file:
        member = tarfile.TarInfo(path.name)
        member.size, member.mode, member.mtime = os.fstat(file.fileno()).st_size, 0o600, int(time.time())
        archive.addfile(member, file)


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    content = archive.extractfile(member) if member.isreg() and _FILE.fullmatch(member.name) else None
    if content is None:
        raise NoBackup(f"a backup holds no {member.name!r}")
    with open(os.open(folder / member.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(content, file)
        os.fsync(file.fileno())


def _require_whole(folder: Path) -> None:
    found = None
    if (folder / NAME).is_file():
        with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(folder / NAME)) as database:
            (found,) = database.execute("pragma integrity_check").fetchone()
    if found != "ok":
        raise NoBackup(f"this is no backup: its {NAME} is missing or damaged")
