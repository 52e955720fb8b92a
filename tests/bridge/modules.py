"""Guest modules written by hand, honest ones and hostile ones, and a runner for what might kill the process."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import wasmtime

from portalis.translator.bridge.sandbox import Sandbox
from portalis.translator.ir.abi import EntrySignature, Port
from portalis.translator.ir.types import BOOL, FLOAT

ROOT = Path(__file__).parents[2]
HEAP_BASE = 1024
MEMORY = '(memory (export "memory") 4 4)'
MEMORY_BYTES = 4 * 65536
HEAP = f'(global (export "__heap_base") i32 (i32.const {HEAP_BASE}))'
BARE = MEMORY + HEAP
SIGNATURE = EntrySignature("update", (Port("a", FLOAT), Port("scale", FLOAT, uniform=True)), (Port("b", FLOAT), Port("big", BOOL)))


def compile_text(text: str) -> bytes:
    """Assemble a module."""
    return bytes(wasmtime.wat2wasm(text))


def module(*parts: str, heap_base: int = HEAP_BASE) -> bytes:
    """Assemble a module that has the memory and the heap base of the ABI, and these parts."""
    heap = HEAP.replace(str(HEAP_BASE), str(heap_base))
    return compile_text(f"(module {MEMORY} {heap} {' '.join(parts)})")


def scalar(body: str, name: str = "call") -> str:
    """A scalar entry with parameters $args and $results."""
    return f'(func (export "{name}") (param $args i32) (param $results i32) (result i32) {body})'


ADD = scalar(
    "(f64.store (local.get $results) (f64.add (f64.load (local.get $args)) (f64.load offset=8 (local.get $args)))) (i32.const 0)",
)


def lanes(
    per_lane: str = "",
    *,
    before: str = "",
    after: str = "",
    count: str = "(local.get $bad)",
    announce: str = "(local.get $i)",
    heap_base: int = HEAP_BASE,
) -> bytes:
    """A module whose lane entry computes `b = a * scale; big = b > 100` and records error word 7 where a is -1.

    `per_lane` runs in each lane with its value in $x, once the lane was announced as `announce`; `before` and `after` run around the loop.
    """
    return module(
        f"""
        (func $deep (param i32) (result i32) (i32.add (i32.const 1) (call $deep (local.get 0))))
        (func (export "lanes.update") (param $n i32) (param $active i32) (param $errors i32) (param $current i32)
            (param $a i32) (param $scale i32) (param $b i32) (param $big i32) (result i32)
          (local $i i32) (local $bad i32) (local $x f64)
          {before}
          (block $done (loop $next
            (br_if $done (i32.ge_s (local.get $i) (local.get $n)))
            (if (i32.load8_u (i32.add (local.get $active) (local.get $i))) (then
              (i32.store (local.get $current) {announce})
              (local.set $x (f64.load (i32.add (local.get $a) (i32.mul (local.get $i) (i32.const 8)))))
              {per_lane}
              (f64.store (i32.add (local.get $b) (i32.mul (local.get $i) (i32.const 8)))
                (f64.mul (local.get $x) (f64.load (local.get $scale))))
              (i32.store8 (i32.add (local.get $big) (local.get $i))
                (f64.gt (f64.mul (local.get $x) (f64.load (local.get $scale))) (f64.const 100)))
              (i32.store (i32.add (local.get $errors) (i32.mul (local.get $i) (i32.const 4))) (i32.const 0))
              (if (f64.eq (local.get $x) (f64.const -1)) (then
                (i32.store (i32.add (local.get $errors) (i32.mul (local.get $i) (i32.const 4))) (i32.const 7))
                (local.set $bad (i32.add (local.get $bad) (i32.const 1)))))))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br $next)))
          {after}
          {count})
        """,
        heap_base=heap_base,
    )


def where(value: float, then: str) -> str:
    """Do `then` in the lanes whose input is `value`."""
    return f"(if (f64.eq (local.get $x) (f64.const {value})) (then {then}))"


FOREVER = "(loop $ever (br $ever))"
FAULTS = {
    "fuel": FOREVER,
    "stack": "(drop (call $deep (i32.const 0)))",
    "memory": "(drop (i32.load (i32.const -4)))",
    "trap": "(unreachable)",
}


def run_python(code: str, *options: str, timeout: float = 120.0) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own; the time limit only ends a test that hangs."""
    return subprocess.run([sys.executable, *options, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False)


def require_success(code: str, *options: str) -> str:
    """Run code in a process of its own, which must end well; return what it printed."""
    done = run_python(code, *options)
    assert done.returncode == 0, f"exit status {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


# --------------------------------------------------------------------------------------------- modules that no assembler writes
MAGIC = b"\0asm\x01\0\0\0"


def number(value: int) -> bytes:
    """Encode an unsigned LEB128."""
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])


def sized(content: bytes) -> bytes:
    """Put the length before the content."""
    return number(len(content)) + content


def section(identifier: int, content: bytes) -> bytes:
    """Encode one section."""
    return bytes([identifier]) + sized(content)


def one_function(body: bytes, parameters: bytes = b"\x7f\x7f") -> bytes:
    """A module with the ABI's memory and heap base and one function, exported as "call", whose body (locals and code) is given."""
    exports = b"\x03" + sized(b"memory") + b"\x02\x00" + sized(b"__heap_base") + b"\x03\x00" + sized(b"call") + b"\x00\x00"
    return b"".join(
        (
            MAGIC,
            section(1, b"\x01\x60" + sized(parameters) + b"\x01\x7f"),
            section(3, b"\x01\x00"),
            section(5, b"\x01\x01\x01\x01"),
            section(6, b"\x01\x7f\x00\x41\x80\x08\x0b"),
            section(7, exports),
            section(10, b"\x01" + sized(body)),
        )
    )


class Telling:
    """A lock that tells when somebody has to wait for it."""

    def __init__(self, lock: threading.Lock) -> None:
        self.lock = lock
        self.waited = threading.Event()

    def __enter__(self) -> None:
        if not self.lock.acquire(blocking=False):
            self.waited.set()
            self.lock.acquire()

    def __exit__(self, *_: object) -> None:
        self.lock.release()


def waits_for_its_turn(sandbox: Sandbox, call: Callable[[], object]) -> bool:
    """Make a call on another thread while this one holds the sandbox's lock, and tell whether it waited; it has ended by then."""
    lock = Telling(sandbox.lock)
    sandbox.lock = lock  # type: ignore[assignment]
    thread = threading.Thread(target=call)
    with lock:
        thread.start()
        while thread.is_alive() and not lock.waited.wait(0.01):
            pass
        waits = lock.waited.is_set() and thread.is_alive()
    thread.join()
    return waits
