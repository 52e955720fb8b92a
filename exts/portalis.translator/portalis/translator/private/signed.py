"""Files of the user's own that are believed: each carries an HMAC under the user's key, checked over the very bytes that are then used."""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass
from pathlib import Path

from portalis.translator.private.host_key import UnsafeFile, derive_key, host_key, private_folder, read_private
from portalis.translator.saving import replace_file

CACHE_VARIABLE = "PORTALIS_CACHE"
MAX_FILE_BYTES = 256 * 2**20
_TAG_BYTES = hashlib.sha256().digest_size


@dataclass(frozen=True)
class SignedFolder:
    """A private folder of such files, of which it keeps the `most` that were written last, and the key that signs them."""

    folder: Path
    key: bytes
    most: int

    def name(self, subject: str, suffix: str) -> str:
        """Return the name of the file about `subject`: nobody without the key can tell what it is about."""
        return hmac.new(self.key, subject.encode(), hashlib.sha256).hexdigest() + suffix

    def load(self, name: str) -> bytes | None:
        """Return a file's content; None where it is not there or is not exactly what was stored under this name."""
        try:
            content = read_private(self.folder / name, MAX_FILE_BYTES)
        except (OSError, UnsafeFile):
            return None
        tag, content = content[:_TAG_BYTES], content[_TAG_BYTES:]
        return content if hmac.compare_digest(tag, self.tag(name, content)) else None

    def latest(self) -> bytes | None:
        """Return the content of the file that was written last; None where there is none that is exactly what was stored."""
        found = (self.load(path.name) for path in reversed(self._files()))
        return next((content for content in found if content is not None), None)

    def store(self, name: str, content: bytes) -> bool:
        """Write a file; whoever reads meanwhile sees the old one or the whole new one. Tells whether it is there: a disk may be full."""
        try:
            private_folder(self.folder)
            replace_file(self.folder / name, self.tag(name, content) + content, mode=0o600)
            self._prune()
        except (OSError, UnsafeFile):
            return False
        return True

    def tag(self, name: str, content: bytes) -> bytes:
        """Return the HMAC of a file: its name is part of it, so that no file can stand for another."""
        return hmac.new(self.key, name.encode() + b"\0" + content, hashlib.sha256).digest()

    def _prune(self) -> None:
        for path in self._files()[: -self.most]:
            path.unlink()

    def _files(self) -> list[Path]:
        """Return the files, the one that was written last at the end."""
        try:
            found = [entry for entry in os.scandir(self.folder) if entry.is_file(follow_symlinks=False)]
        except OSError:
            return []
        return [Path(entry.path) for entry in sorted(found, key=lambda entry: entry.stat(follow_symlinks=False).st_mtime)]


def open_signed(folder: Path, purpose: str, most: int, key_folder: Path | None = None) -> SignedFolder | None:
    """Return a folder of signed files, made where there is none; None where the environment variable PORTALIS_CACHE is "0".

    What is signed for one purpose is worth nothing for another. UnsafeFile where the folder or the key is a link, another user's or open to
    others; OSError where neither can be made.
    """
    if os.environ.get(CACHE_VARIABLE) == "0":
        return None
    private_folder(folder)
    return SignedFolder(folder, derive_key(host_key(key_folder), purpose), most)
