"""Calls a guest function, and makes an instance of a module, without the binding's conversions: a call takes a microsecond, not fifteen.

The engine's C functions are reached through library handles of our own, because a symbol's declared argument types are shared by all users
of a handle. The guest itself runs with the GIL released (`CDLL`), so that the epoch ticker and other guests proceed; the rest takes
nanoseconds and keeps it (`PyDLL`).
"""

from __future__ import annotations

import ctypes
import functools
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import wasmtime
from wasmtime import _ffi as ffi

from portalis.translator.bridge.errors import StopKind

_NOTHING = ctypes.c_size_t(0)
_RAW_VALUE_BYTES = ctypes.sizeof(ffi.wasmtime_val_raw)
_STOPS: dict[wasmtime.TrapCode, tuple[StopKind, str]] = {
    wasmtime.TrapCode.OUT_OF_FUEL: ("fuel", "used up its instruction budget"),
    wasmtime.TrapCode.INTERRUPT: ("epoch", "ran past its deadline"),
    wasmtime.TrapCode.STACK_OVERFLOW: ("stack", "used up the call stack"),
    wasmtime.TrapCode.MEMORY_OUT_OF_BOUNDS: ("memory", "overflowed its own stack, or used an address outside its memory"),
    wasmtime.TrapCode.UNREACHABLE: ("trap", "reached code that must not be reached"),
    wasmtime.TrapCode.INTEGER_DIVISION_BY_ZERO: ("trap", "divided an integer by zero"),
    wasmtime.TrapCode.INTEGER_OVERFLOW: ("trap", "overflowed an integer division"),
    wasmtime.TrapCode.BAD_CONVERSION_TO_INTEGER: ("trap", "converted a float that no integer can hold"),
    wasmtime.TrapCode.TABLE_OUT_OF_BOUNDS: ("trap", "called through an index outside its table"),
    wasmtime.TrapCode.INDIRECT_CALL_TO_NULL: ("trap", "called through an empty table element"),
    wasmtime.TrapCode.BAD_SIGNATURE: ("trap", "called a function with the wrong type"),
}
# What our own modules call where the arena cannot give: it ends as any address outside the memory does.
_EXHAUSTED = b"heap.exhausted"


@dataclass(frozen=True, slots=True)
class Stop:
    """Why the engine stopped a guest."""

    kind: StopKind
    cause: str


@dataclass(frozen=True, slots=True)
class _Symbols:
    call: Any
    set_fuel: Any
    get_fuel: Any
    set_deadline: Any
    trap_code: Any
    delete_trap: Any
    instantiate: Any
    find_export: Any
    memory_address: Any
    memory_size: Any


@functools.cache
def _symbols() -> _Symbols:
    # Without argument types ctypes passes prebuilt objects as they are; every argument below is one.
    path = str(ffi.filename)
    releasing, holding = ctypes.CDLL(path), ctypes.PyDLL(path)
    symbols = _Symbols(
        releasing.wasmtime_func_call_unchecked,
        holding.wasmtime_context_set_fuel,
        holding.wasmtime_context_get_fuel,
        holding.wasmtime_context_set_epoch_deadline,
        holding.wasmtime_trap_code,
        holding.wasm_trap_delete,
        releasing.wasmtime_instance_new,
        holding.wasmtime_instance_export_get,
        holding.wasmtime_memory_data,
        holding.wasmtime_memory_data_size,
    )
    for name in ("call", "set_fuel", "get_fuel", "instantiate", "memory_address"):
        getattr(symbols, name).restype = ctypes.c_void_p
    symbols.set_deadline.restype = symbols.delete_trap.restype = None
    symbols.trap_code.restype = symbols.find_export.restype = ctypes.c_bool
    symbols.memory_size.restype = ctypes.c_size_t
    return symbols


class Meter:
    """Sets and reads one store's fuel and deadline."""

    def __init__(self, store: wasmtime.Store) -> None:
        symbols = _symbols()
        self._set_fuel, self._get_fuel, self._set_deadline = symbols.set_fuel, symbols.get_fuel, symbols.set_deadline
        self._context = store._context()
        self._amount = ctypes.c_uint64()
        self._amount_address = ctypes.byref(self._amount)

    def start(self, fuel: int, ticks: int) -> None:
        """Grant `fuel`, and `ticks` epochs from now."""
        amount = self._amount
        amount.value = fuel
        _raise_error(self._set_fuel(self._context, amount))
        amount.value = ticks
        self._set_deadline(self._context, amount)

    def fuel(self) -> int:
        """Return the fuel that is left."""
        _raise_error(self._get_fuel(self._context, self._amount_address))
        return self._amount.value


class FastCall:
    """One exported function that takes i32s and returns an i32, with its arguments in a buffer that is used again and again.

    Not for two threads at a time, and not after the store was closed: the owner sees to both.
    """

    def __init__(self, store: wasmtime.Store, function: ffi.wasmtime_func_t, parameters: int) -> None:
        length = max(parameters, 1)
        self._store = store
        self._buffer = (ffi.wasmtime_val_raw * length)()
        self._words = [ctypes.c_uint32.from_buffer(self._buffer, index * _RAW_VALUE_BYTES) for index in range(length)]
        self._trap = ctypes.c_void_p()
        self._call = _symbols().call
        self._arguments = (
            store._context(),
            ctypes.byref(function),
            ctypes.byref(self._buffer),
            ctypes.c_size_t(length),
            ctypes.byref(self._trap),
        )

    def set_argument(self, index: int, value: int) -> None:
        """Set one argument; all stay set from call to call, except the first, in whose place the result comes."""
        self._words[index].value = value

    @staticmethod
    def encode(values: Sequence[int]) -> bytes:
        """Return all arguments as `set_arguments` takes them."""
        return b"".join(value.to_bytes(_RAW_VALUE_BYTES, sys.byteorder) for value in values)

    def set_arguments(self, encoded: bytes) -> None:
        """Set all arguments, as many as the function has."""
        ctypes.memmove(self._buffer, encoded, min(len(encoded), ctypes.sizeof(self._buffer)))

    def call(self) -> int | Stop:
        """Run the function; return its result as an unsigned number, or why the guest was stopped."""
        error = self._call(*self._arguments)
        if error is None and self._trap.value is None:
            return self._words[0].value
        return self._failure(error)

    def _failure(self, error: int | None) -> Stop:
        _raise_error(error)
        number = ctypes.c_uint8()
        known = _symbols().trap_code(self._trap, ctypes.byref(number))
        code = wasmtime.TrapCode(number.value) if known else None
        exhausted = code is wasmtime.TrapCode.MEMORY_OUT_OF_BOUNDS and _innermost(self._trap) == _EXHAUSTED
        _symbols().delete_trap(self._trap)
        self._trap.value = None
        # The trap's own message quotes names from the module, which could hold anything: only its code is used.
        if code is None or code not in _STOPS:
            return Stop("trap", f"trapped ({code.name if code else 'for an unknown reason'})")
        if exhausted:
            return Stop("memory", "used up its memory")
        return Stop(*_STOPS[code])


def _innermost(trap: ctypes.c_void_p) -> bytes | None:
    """Return the name that the module gives the function which trapped; it is compared, and never shown."""
    frames = ffi.wasm_frame_vec_t()
    ffi.wasm_trap_trace(ctypes.cast(trap, ctypes.POINTER(ffi.wasm_trap_t)), ctypes.byref(frames))
    try:
        name = ffi.wasmtime_frame_func_name(frames.data[0]) if frames.size else None
        return ctypes.string_at(name.contents.data, name.contents.size) if name else None
    finally:
        ffi.wasm_frame_vec_delete(ctypes.byref(frames))


class Exports:
    """A module without imports, instantiated in a store, and what it exports. WasmtimeError or Trap where it cannot be instantiated."""

    def __init__(self, store: wasmtime.Store, module: wasmtime.Module) -> None:
        self._store = store
        self._symbols = _symbols()
        self._instance = ffi.wasmtime_instance_t()
        trap = ctypes.POINTER(ffi.wasm_trap_t)()
        _raise_error(
            self._symbols.instantiate(store._context(), module.ptr(), None, _NOTHING, ctypes.byref(self._instance), ctypes.byref(trap))
        )
        if trap:
            raise wasmtime.Trap._from_ptr(trap)

    def memory(self, name: str) -> tuple[int, int]:
        """Return where a memory lies, which is true while the store is open and it does not grow, and how many bytes it has."""
        found = self._find(name, ffi.WASMTIME_EXTERN_MEMORY.value)
        context, memory = self._store._context(), ctypes.byref(found.of.memory)
        return self._symbols.memory_address(context, memory), self._symbols.memory_size(context, memory)

    def function(self, name: str, parameters: int) -> FastCall:
        """Return a function that takes so many i32s and returns one, to be called."""
        return FastCall(self._store, self._find(name, ffi.WASMTIME_EXTERN_FUNC.value).of.func, parameters)

    def _find(self, name: str, kind: object) -> ffi.wasmtime_extern_t:
        """Return an export: the binding would wrap every one for the first. KeyError where there is none of this kind."""
        found, encoded = ffi.wasmtime_extern_t(), name.encode()
        length = ctypes.c_size_t(len(encoded))
        context, instance = self._store._context(), ctypes.byref(self._instance)
        if not self._symbols.find_export(context, instance, encoded, length, ctypes.byref(found)) or found.kind != kind:
            raise KeyError(name)
        return found


def _raise_error(address: int | None) -> None:
    if address is not None:
        raise wasmtime.WasmtimeError._from_ptr(ctypes.cast(address, ctypes.POINTER(ffi.wasmtime_error_t)))
