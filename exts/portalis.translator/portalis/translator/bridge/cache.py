"""Compiled code on disk, so that a module is compiled once a machine.

The engine's own format has no protection: it accepts files with flipped bits, and running them is running anything. So every file carries
an HMAC under the user's key, which is checked over the very bytes that are then loaded. A file that fails, for whatever reason, is compiled
anew and replaced.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import hmac
import os
import platform
import secrets
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import wasmtime

from portalis.translator.bridge.engine import Engine
from portalis.translator.bridge.host_key import UnsafeFile, derive_key, host_key, private_folder, read_private

CACHE_VARIABLE = "PORTALIS_CACHE"
MAX_FILES = 512
MAX_FILE_BYTES = 256 * 2**20
_TAG_BYTES = hashlib.sha256().digest_size


@dataclass(frozen=True)
class CompiledCache:
    """A private folder of compiled modules, and the key that signs them."""

    folder: Path
    key: bytes

    def load(self, engine: Engine, wasm: bytes) -> wasmtime.Module | None:
        """Return the compiled module, None where it is not there or is not exactly what this user's Portalis wrote for this machine."""
        name = self._name(engine, wasm)
        try:
            content = read_private(self.folder / name, MAX_FILE_BYTES)
        except (OSError, UnsafeFile):
            return None
        tag, code = content[:_TAG_BYTES], content[_TAG_BYTES:]
        if not hmac.compare_digest(tag, self._tag(name, code)):
            return None
        try:
            return wasmtime.Module.deserialize(engine.raw, code)
        except wasmtime.WasmtimeError:
            return None

    def store(self, engine: Engine, wasm: bytes, module: wasmtime.Module) -> None:
        """Write a compiled module; whoever reads meanwhile sees the old file or the whole new one. A full disk is not an error."""
        name = self._name(engine, wasm)
        code = bytes(module.serialize())
        temporary = self.folder / f".{name}.{os.getpid()}.{secrets.token_hex(8)}"
        try:
            private_folder(self.folder)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            with open(descriptor, "wb") as file:
                file.write(self._tag(name, code) + code)
            os.replace(temporary, self.folder / name)
            self._prune()
        except (OSError, UnsafeFile):
            with contextlib.suppress(OSError):
                temporary.unlink()

    def _name(self, engine: Engine, wasm: bytes) -> str:
        subject = repr((hashlib.sha256(wasm).hexdigest(), engine.fingerprint, cpu_identity()))
        return hmac.new(self.key, subject.encode(), hashlib.sha256).hexdigest() + ".cwasm"

    def _tag(self, name: str, code: bytes) -> bytes:
        return hmac.new(self.key, name.encode() + b"\0" + code, hashlib.sha256).digest()

    def _prune(self) -> None:
        files = [entry for entry in os.scandir(self.folder) if entry.is_file(follow_symlinks=False)]
        if len(files) > MAX_FILES:
            files.sort(key=lambda entry: entry.stat(follow_symlinks=False).st_mtime)
            for entry in files[: len(files) - MAX_FILES]:
                os.unlink(entry.path)


def cache_folder() -> Path:
    """Return where compiled modules of this user are kept."""
    return Path(platformdirs.user_cache_dir("portalis", appauthor=False)) / "compiled"


def open_cache(folder: Path | None = None, key_folder: Path | None = None) -> CompiledCache | None:
    """Return the user's cache, made where there is none; None where the environment variable PORTALIS_CACHE is "0".

    UnsafeFile where the folder or the key is a link, another user's or open to others; OSError where neither can be made.
    """
    if os.environ.get(CACHE_VARIABLE) == "0":
        return None
    folder = cache_folder() if folder is None else folder
    private_folder(folder)
    return CompiledCache(folder, derive_key(host_key(key_folder), "compiled modules"))


@functools.cache
def cpu_identity() -> str:
    """Return what tells this machine's processor from another kind: code is compiled for the features of this one."""
    try:
        description = Path("/proc/cpuinfo").read_text(errors="replace")
    except OSError:
        return repr((platform.machine(), platform.processor()))
    telling = ("model name", "flags", "Features", "CPU implementer", "CPU part")
    lines = {line for line in description.splitlines() if line.startswith(telling)}
    return repr((platform.machine(), sorted(lines)))
