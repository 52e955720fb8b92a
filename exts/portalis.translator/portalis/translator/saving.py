"""Files are replaced whole: whoever reads, and whatever ends this process, finds the old file or all of the new one."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give the name of a file beside `path`, to be written in the block; where that ends well, it is flushed to the disk and renamed.

    The name ends like `path`. Links are followed, and the permissions of a file that is replaced stay. OSError where that cannot be done:
    then `path` is as it was, and nothing is left beside it.
    """
    target = Path(os.path.realpath(path))
    before = _status(target)
    # A rename would replace what its owner protected.
    if before is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    temporary = target.with_name(f".{target.stem[:100]}.{secrets.token_hex(8)}{target.suffix}")
    try:
        yield temporary
        _flush(temporary)
        if before is not None:
            os.chmod(temporary, stat.S_IMODE(before.st_mode))
        os.replace(temporary, target)
        if os.name == "posix":
            _flush(target.parent)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def replace_file(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write a file, with the permissions `mode` (less the umask) where there is none; a device or a pipe is written to.

    OSError, which names `path`, where that fails.
    """
    before = _status(path)
    try:
        if before is not None and not stat.S_ISREG(before.st_mode):
            path.write_bytes(content)
            return
        with replacing(path) as temporary:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
            with open(descriptor, "wb") as file:
                file.write(content)
    except OSError as error:
        # The file beside it is nobody's business.
        raise OSError(error.errno, error.strerror, str(path)) from error


def _status(path: Path) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _flush(path: Path) -> None:
    """Have the system write a file or a folder to the disk: a rename may otherwise be there before the content."""
    # Windows flushes only what is open for writing, and POSIX a folder only where it is open for reading.
    descriptor = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
