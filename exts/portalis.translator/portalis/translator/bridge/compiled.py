"""A module validated and compiled once, however many sandboxes run it, each in a store and under a budget of its own."""

from __future__ import annotations

import functools
from types import TracebackType

import wasmtime

from portalis.translator.bridge.cache import CompiledCache
from portalis.translator.bridge.engine import shared_engine
from portalis.translator.bridge.errors import BridgeClosed, InvalidModule
from portalis.translator.bridge.validate import validate_module

# A process verifies and calls few modules at a time; each is a few pages of machine code.
_KEPT = 16


class CompiledModule:
    """Machine code of one module for one engine; nothing of it has run. May be used from several threads.

    Raises InvalidModule for bytes that the bridge does not run. Sandboxes made of it keep what they have instantiated when it is closed,
    and cannot instantiate anew. One that is not `metered` counts no fuel, which takes a fifth of the time of its loops: whoever calls it
    grants as much as there is (`MAX_FUEL`), and the deadline ends a call.
    """

    def __init__(
        self,
        wasm: bytes,
        *,
        name: str = "module",
        cache: CompiledCache | None = None,
        signals_based_traps: bool | None = None,
        metered: bool = True,
    ) -> None:
        self.name = name
        self.info = validate_module(wasm, name)
        self.engine = shared_engine(signals_based_traps, metered)
        self._raw: wasmtime.Module | None = self._load(wasm, cache)

    def _load(self, wasm: bytes, cache: CompiledCache | None) -> wasmtime.Module:
        if cache is not None and (found := cache.load(self.engine, wasm)) is not None:
            return found
        try:
            module = wasmtime.Module(self.engine.raw, wasm)
        except wasmtime.WasmtimeError as error:
            # The engine's reason may quote the module's bytes: no control characters, and not without end.
            raise InvalidModule(self.name, f"the engine refuses it: {ascii(str(error))[:300]}") from None
        if cache is not None:
            cache.store(self.engine, wasm, module)
        return module

    @property
    def raw(self) -> wasmtime.Module:
        """The engine's own module; BridgeClosed once this was closed."""
        if self._raw is None:
            raise BridgeClosed(self.name)
        return self._raw

    def close(self) -> None:
        """Free the code, as soon as no store runs it any more; idempotent."""
        module, self._raw = self._raw, None
        if module is not None:
            module.close()

    def __enter__(self) -> CompiledModule:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()


@functools.lru_cache(maxsize=_KEPT)
def compile_once(wasm: bytes, metered: bool = True) -> CompiledModule:
    """Return the compiled module of these bytes, the same one for equal bytes: it belongs to the process, so nobody closes it."""
    return CompiledModule(wasm, metered=metered)
