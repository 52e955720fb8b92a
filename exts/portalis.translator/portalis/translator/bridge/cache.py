"""Compiled code on disk, so that a module is compiled once a machine.

The engine's own format has no protection: it accepts files with flipped bits, and running them is running anything. So every file carries
an HMAC under the user's key, which is checked over the very bytes that are then loaded. A file that fails, for whatever reason, is compiled
anew and replaced.
"""

from __future__ import annotations

import functools
import hashlib
import platform
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import wasmtime

from portalis.translator.bridge.engine import Engine
from portalis.translator.private.signed import SignedFolder, open_signed

MAX_FILES = 512


@dataclass(frozen=True)
class CompiledCache:
    """The user's compiled modules."""

    files: SignedFolder

    def load(self, engine: Engine, wasm: bytes) -> wasmtime.Module | None:
        """Return the compiled module, None where it is not there or is not exactly what this user's Portalis wrote for this machine."""
        code = self.files.load(self.name(engine, wasm))
        if code is None:
            return None
        try:
            return wasmtime.Module.deserialize(engine.raw, code)
        except wasmtime.WasmtimeError:
            return None

    def store(self, engine: Engine, wasm: bytes, module: wasmtime.Module) -> None:
        """Write a compiled module. A full disk is not an error."""
        self.files.store(self.name(engine, wasm), bytes(module.serialize()))

    def name(self, engine: Engine, wasm: bytes) -> str:
        """Return the name of a module's file."""
        return self.files.name(repr((hashlib.sha256(wasm).hexdigest(), engine.fingerprint, cpu_identity())), ".cwasm")


def cache_folder() -> Path:
    """Return where compiled modules of this user are kept."""
    return Path(platformdirs.user_cache_dir("portalis", appauthor=False)) / "compiled"


def open_cache(folder: Path | None = None, key_folder: Path | None = None) -> CompiledCache | None:
    """Return the user's cache, made where there is none; None where the environment variable PORTALIS_CACHE is "0".

    UnsafeFile where the folder or the key is a link, another user's or open to others; OSError where neither can be made.
    """
    files = open_signed(cache_folder() if folder is None else folder, "compiled modules", MAX_FILES, key_folder)
    return None if files is None else CompiledCache(files)


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
