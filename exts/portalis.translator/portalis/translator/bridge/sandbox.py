"""One module in one store at a time: made when needed, thrown away after every failure.

Invariant: a store in which a call did not end normally is never entered again. A trap leaves the guest's stack pointer and data as they
were in mid-call, and an exception of the host (KeyboardInterrupt) may come between the call and the look at its outcome; so the instance
counts as broken from before the call until its owner has accepted the results.
"""

from __future__ import annotations

import contextlib
import ctypes
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import wasmtime

from portalis.translator.bridge.budget import MAX_FUEL, Backoff, Budget, RestartPolicy
from portalis.translator.bridge.cache import CompiledCache
from portalis.translator.bridge.compiled import CompiledModule
from portalis.translator.bridge.engine import Engine
from portalis.translator.bridge.errors import BackingOff, BridgeClosed, BridgeError, InvalidModule
from portalis.translator.bridge.fast_call import Exports, FastCall, Meter, Stop
from portalis.translator.bridge.validate import ModuleInfo


@dataclass(frozen=True, slots=True)
class CallEnd:
    """How one call ended: the i32 it returned (unsigned) or why it was stopped, the fuel it used, the seconds it took."""

    result: int | Stop
    fuel: int
    seconds: float


class Instance:
    """A store with the module instantiated in it.

    `memory` is the guest's memory itself: it must not leave the bridge, because reading it after the store is gone kills the process.
    """

    def __init__(self, engine: Engine, module: wasmtime.Module, info: ModuleInfo) -> None:
        self._store = wasmtime.Store(engine.raw)
        self._store.set_limits(info.memory_bytes, info.table_elements, instances=1, tables=1, memories=1)
        exports = Exports(self._store, module)
        address, size = exports.memory("memory")
        assert size == info.memory_bytes
        self.memory = memoryview((ctypes.c_ubyte * size).from_address(address)).cast("B")
        self.meter = Meter(self._store, engine.metered)
        self.calls = {name: exports.function(name, len(type_.parameters)) for name, type_ in info.entries.items()}

    def close(self) -> None:
        """Free the store; nothing that came from this instance may be used any more."""
        self.calls = {}
        self._store.close()


class Sandbox:
    """A compiled module that is ready to be called by one thread at a time: hold `lock` around everything below.

    With `owned` the module is closed together with its sandbox.
    """

    def __init__(
        self, module: CompiledModule, name: str, budget: Budget | None = None, restarts: RestartPolicy | None = None, *, owned: bool
    ) -> None:
        budget = budget or Budget()
        self.name = name
        self.info = module.info
        if self.info.memory_bytes > budget.memory_bytes:
            raise InvalidModule(name, f"declares {self.info.memory_bytes} bytes of memory; the budget allows {budget.memory_bytes}")
        if not module.engine.metered and budget.fuel < MAX_FUEL:
            raise ValueError(f"{name} was compiled without counting fuel: it cannot keep to {budget.fuel}")
        self.lock = threading.Lock()
        self.budget = budget
        self._owned = owned
        self._engine = module.engine
        self._ticks = self._engine.ticker.ticks(budget.deadline_seconds)
        self._backoff = Backoff(restarts or RestartPolicy())
        self._module: CompiledModule | None = module
        self._instance: Instance | None = None
        self._broken = False

    def admit(self) -> None:
        """Raise where the module may not run now: closed, backing off, or a thread or process that is not safe."""
        if self._module is None:
            raise BridgeClosed(self.name)
        if remaining := self._backoff.remaining():
            raise BackingOff(self.name, remaining)
        self._engine.stacks.require(self.name)
        if self._engine.handlers is not None:
            self._engine.handlers.require(self.name)

    def instance(self) -> Instance:
        """Return the present instance; a new one where there is none yet or the last one broke."""
        if self._module is None:
            raise BridgeClosed(self.name)
        if self._broken or self._instance is None:
            self._discard()
            try:
                self._instance = Instance(self._engine, self._module.raw, self.info)
            except wasmtime.WasmtimeError as error:
                raise BridgeError(self.name, f"cannot be instantiated: {ascii(str(error))[:200]}") from None
        return self._instance

    def call(self, entry: str, fuel: int) -> CallEnd:
        """Run an entry of the present instance, whose arguments are set; the instance counts as broken until `accept`."""
        instance = self.instance()
        function, meter, ticker = instance.calls[entry], instance.meter, self._engine.ticker
        self._broken = True
        meter.start(fuel, self._ticks)
        ticker.enter()
        started = time.perf_counter()
        try:
            result = function.call()
        finally:
            ticker.leave()
        seconds = time.perf_counter() - started
        return CallEnd(result, fuel - meter.fuel(), seconds)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Keep the clock of deadlines going for `step`."""
        ticker = self._engine.ticker
        ticker.enter()
        try:
            yield
        finally:
            ticker.leave()

    def step(self, instance: Instance, function: FastCall, fuel: int) -> int | Stop:
        """Run a function of the present instance as `call` does, within `running`, and measure nothing."""
        self._broken = True
        instance.meter.start(fuel, self._ticks)
        return function.call()

    def accept(self) -> None:
        """The last call and its results were in order: the instance may be used again."""
        self._broken = False
        self._backoff.succeeded()

    def reject(self) -> None:
        """The last call failed: count it; the next one gets a new instance."""
        self._backoff.failed()

    def close(self) -> None:
        """Free everything that is its own; idempotent."""
        self._discard()
        module, self._module = self._module, None
        if module is not None and self._owned:
            module.close()

    def _discard(self) -> None:
        if self._instance is not None:
            self._instance.close()
            self._instance = None
        self._broken = False


def open_sandbox(
    module: bytes | CompiledModule,
    name: str,
    budget: Budget | None,
    restarts: RestartPolicy | None,
    cache: CompiledCache | None,
    signals_based_traps: bool | None,
) -> Sandbox:
    """Make a sandbox of a compiled module, which stays its owner's, or of bytes; the last two parameters say how bytes are compiled.

    Raises InvalidModule where the bridge does not run the module.
    """
    if isinstance(module, CompiledModule):
        if cache is not None or signals_based_traps is not None:
            raise ValueError(f"{name} is compiled already: it has its engine, and needs no cache")
        return Sandbox(module, name, budget, restarts, owned=False)
    compiled = CompiledModule(module, name=name, cache=cache, signals_based_traps=signals_based_traps)
    try:
        return Sandbox(compiled, name, budget, restarts, owned=True)
    except BaseException:
        compiled.close()
        raise
