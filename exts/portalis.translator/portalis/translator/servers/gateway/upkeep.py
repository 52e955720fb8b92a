"""A backup of what a gateway keeps, and what is made from one: keys, jobs, answers and the audit log, in one file."""

from __future__ import annotations

import contextlib
import io
import os
import re
import sqlite3
import tarfile
import tempfile
import time
from pathlib import Path
from typing import IO

from portalis.translator.private.host_key import private_folder
from portalis.translator.servers.gateway.database import NAME, open_database

# What a backup may hold, whatever its members are called.
_FILE = re.compile(rf"{re.escape(NAME)}|audit(\.before)?\.jsonl|answers/[0-9a-f]{{2}}/[0-9a-f]{{64}}")


class NoBackup(Exception):
    """A file is no backup, or there is no place for one."""


def back_up(folder: Path, file: IO[bytes]) -> int:
    """Write all of a gateway's folder to a file or a pipe, while the gateway works; return how many answers it holds.

    The database comes first, as it is at one moment: what is kept later has no row in it, and is not missed.
    """
    if not (folder / NAME).is_file():
        raise NoBackup(f"{folder} is no gateway's folder: there is no {NAME} in it")
    answers = 0
    # Not packed: answers are already.
    with tarfile.open(fileobj=file, mode="w|") as archive:
        _add(archive, NAME, _snapshot(folder))
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if name == NAME or not _FILE.fullmatch(name):
                continue
            # One that was removed meanwhile is not missed either.
            with contextlib.suppress(FileNotFoundError):
                _add(archive, name, path.read_bytes())
                answers += name.startswith("answers/")
    return answers


def restore(file: IO[bytes], folder: Path) -> int:
    """Make a gateway's folder of a backup, all of it or nothing; return how many answers it holds. NoBackup where there is one already."""
    if (folder / NAME).exists():
        raise NoBackup(f"{folder} is a gateway's folder already: name another one, or move it away")
    private_folder(folder)
    answers = 0
    # Beside its place, where it can be renamed.
    with tempfile.TemporaryDirectory(dir=folder, prefix=".restored-") as name:
        beside = Path(name)
        try:
            with tarfile.open(fileobj=file, mode="r|") as archive:
                for member in archive:
                    _extract(archive, member, beside)
                    answers += member.name.startswith("answers/")
        except (tarfile.TarError, EOFError) as error:
            raise NoBackup(f"this is no backup: {error}") from error
        _require_whole(beside)
        # The database last: with it the folder is a gateway's.
        for part in sorted(beside.iterdir(), key=lambda part: part.name == NAME):
            part.rename(folder / part.name)
    return answers


def _snapshot(folder: Path) -> bytes:
    with tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as name:
        path = Path(name) / NAME
        with contextlib.closing(open_database(folder)) as live, contextlib.closing(sqlite3.connect(path)) as copy:
            live.backup(copy)
        return path.read_bytes()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = len(content), 0o600, int(time.time())
    archive.addfile(member, io.BytesIO(content))


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    content = archive.extractfile(member) if member.isreg() and _FILE.fullmatch(member.name) else None
    if content is None:
        raise NoBackup(f"a backup holds no {member.name!r}")
    path = folder / member.name
    for above in reversed(path.relative_to(folder).parents):
        (folder / above).mkdir(mode=0o700, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content.read())
        os.fsync(file.fileno())


def _require_whole(folder: Path) -> None:
    found = None
    if (folder / NAME).is_file():
        with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(folder / NAME)) as database:
            (found,) = database.execute("pragma integrity_check").fetchone()
    if found != "ok":
        raise NoBackup(f"this is no backup: its {NAME} is missing or damaged")
