"""Files are replaced whole: whoever reads, and whatever ends this process, finds the old file or all of the new one."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

# How much of a file's name the hidden ones beside it repeat, and the bytes that make each another one's.
_MOST_OF_NAME, _TOKEN_BYTES = 100, 8


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give the name of a file beside `path`, to be written in the block; where that ends well, it is flushed to the disk and renamed.

    The name ends like `path`. Links are followed, and the permissions of a file that is replaced stay. OSError where that cannot be done:
    then `path` is as it was, and nothing is left beside it.
    """
    target = Path(os.path.realpath(path))
    before = _status(target)
    # A rename would replace what its owner protected, and a device or a pipe by a file.
    if before is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    if before is not None and not stat.S_ISREG(before.st_mode):
        wrong = errno.EISDIR if stat.S_ISDIR(before.st_mode) else errno.EINVAL
        said = os.strerror(wrong) if wrong == errno.EISDIR else "it is a pipe or a device, not a regular file"
        raise OSError(wrong, said, str(path))
    temporary = beside(target)
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


def is_one_file(one: Path, other: Path) -> bool:
    """Tell whether two names lead to one file: by way of links, or in letters that a file system takes for the same."""
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


def beside(path: Path, suffix: str = "") -> Path:
    """Return the hidden name of a file in the same folder that is not there; it ends like `path`, or in `suffix`."""
    return path.with_name(f".{path.name[:_MOST_OF_NAME]}.{secrets.token_hex(_TOKEN_BYTES)}{suffix or path.suffix}")


def _remove_left(path: Path) -> None:
    """Remove what those left beside `path` who were killed while they wrote it; whoever calls holds the claim on it."""
    # A longer name is cut, and then what begins alike may be another file's.
    if len(path.name) > _MOST_OF_NAME:
        return
    left = re.compile(rf"\.{re.escape(path.name)}\.[0-9a-f]{{{2 * _TOKEN_BYTES}}}(\.\w+)?")
    with contextlib.suppress(OSError):
        for entry in os.scandir(path.parent):
            if left.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                with contextlib.suppress(OSError):
                    os.unlink(entry)


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


@contextlib.contextmanager
def claimed(path: Path, *, wait: bool = False) -> Iterator[None]:
    """Within the block, be the only one of those who ask this way that writes the file at `path`.

    Where somebody else is: BlockingIOError, or patience where `wait`. The claim is a lock on a file beside it and ends with this process.
    What others were writing who were killed is removed: `replacing` names its files by the file that they are for.
    """
    target = Path(os.path.realpath(path))
    made = [folder for folder in target.parents if not folder.exists()]
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name[:100]}.lock")
    try:
        descriptor = _locked(beside, path, wait)
        _remove_left(target)
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                beside.unlink()
            os.close(descriptor)
    finally:
        for folder in made:
            with contextlib.suppress(OSError):
                folder.rmdir()


def _locked(beside: Path, path: Path, wait: bool) -> int:
    """Return a descriptor of the file `beside`, locked."""
    while True:
        try:
            descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
        except OSError as error:
            # The file beside it is nobody's business.
            raise OSError(error.errno, error.strerror, str(path)) from error
        try:
            _lock(descriptor, wait)
            # Whoever had it before may have removed it meanwhile: a lock on a file without a name keeps nobody out.
            if beside.exists() and os.path.samestat(os.fstat(descriptor), os.stat(beside)):
                return descriptor
        except OSError as error:
            os.close(descriptor)
            if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
                raise BlockingIOError(errno.EAGAIN, "another program is writing this file", str(path)) from error
            raise
        os.close(descriptor)


def _lock(descriptor: int, wait: bool) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


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
