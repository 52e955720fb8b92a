"""The key with which this machine's user recognises files that Portalis itself wrote."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

import platformdirs

KEY_BYTES = 32


class UnsafeFile(Exception):
    """A file or folder that must be private to the user is not, or is not what it should be; the text names it and says why."""


def host_key(folder: Path | None = None) -> bytes:
    """Return the user's key, made on first use: 32 random bytes in `host.key` in the user's configuration folder.

    UnsafeFile where the folder is another user's or others may write to it, or the file is a link, another user's, open to others or
    damaged; it is never replaced, because what was signed with it would be lost in silence. OSError where the folder cannot be written.
    """
    folder = Path(platformdirs.user_config_dir("portalis", appauthor=False)) if folder is None else folder
    path = folder / "host.key"
    require_own_folder(folder)
    if not os.path.lexists(path):
        _create(folder, path)
    key = read_private(path, KEY_BYTES + 1)
    if len(key) != KEY_BYTES:
        raise UnsafeFile(f"{path} is damaged ({len(key)} bytes instead of {KEY_BYTES}); delete it to get a new key")
    return key


def derive_key(key: bytes, purpose: str) -> bytes:
    """Return a key for one purpose, so that a signature made for one is worth nothing for another."""
    return hmac.new(key, purpose.encode(), hashlib.sha256).digest()


def private_folder(path: Path) -> None:
    """Make a folder that only the user may enter, or check that it is one; UnsafeFile where it is not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        _require_private(path, os.lstat(path), stat.S_ISDIR)


def require_own_folder(path: Path) -> None:
    """Raise UnsafeFile where a folder is another user's or others may write to it: they could exchange what it holds. None yet is fine."""
    try:
        status = os.stat(path)
    except OSError:
        return
    if os.name == "posix" and (status.st_uid != os.geteuid() or status.st_mode & 0o022):
        raise UnsafeFile(f"{path} belongs to another user, or others may write to it (mode {status.st_mode & 0o777:o})")


def read_private(path: Path, most: int) -> bytes:
    """Read at most `most` bytes of a file that only the user may read; UnsafeFile where others may, or where it is a link."""
    # The flags exist where links are a danger; the checks below are about the open file, so nobody can exchange it in between.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    if path.is_symlink():
        raise UnsafeFile(f"{path} is a symbolic link")
    with open(os.open(path, flags), "rb") as file:
        _require_private(path, os.fstat(file.fileno()), stat.S_ISREG)
        return file.read(most)


def _require_private(path: Path, status: os.stat_result, is_right_kind: Callable[[int], bool]) -> None:
    if not is_right_kind(status.st_mode):
        raise UnsafeFile(f"{path} is a link or not the kind of file expected")
    if os.name == "posix" and (status.st_uid != os.geteuid() or status.st_mode & 0o077):
        raise UnsafeFile(f"{path} belongs to another user or is open to others (mode {status.st_mode & 0o777:o})")


def _create(folder: Path, path: Path) -> None:
    private_folder(folder)
    temporary = folder / f".host.key.{os.getpid()}.{secrets.token_hex(8)}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        # Unlike a rename, a link fails where another process was first, whose key then counts.
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
