"""The platform's libm in a compiled loop: the process that `library.py` starts, with and without GLIBC_TUNABLES in its environment.

Reads requests from standard input, one JSON list `[function, columns of arguments]` a line, and answers each with `[seconds, digest]`:
the best time of a loop that calls the function on every element, and a digest of the results' bits.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
import json
import sys
import time
from typing import Any

import llvmlite.binding as llvm
import numpy as np

ROUNDS = 5
_LOOP = """
declare double @{name}({types})
define void @loop(i64 %n, ptr %out, {columns}) {{
entry:
  br label %head
head:
  %i = phi i64 [0, %entry], [%next, %head]
{loads}
  %result = call double @{name}({arguments})
  %place = getelementptr double, ptr %out, i64 %i
  store double %result, ptr %place
  %next = add i64 %i, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %head, label %done
done:
  ret void
}}
"""


@functools.cache
def loop(name: str, count: int) -> tuple[Any, Any]:
    """Compile the loop over a function of `count` floats; return the engine, which owns it, and the loop."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    llvm.load_library_permanently("libm.so.6")
    load = "  %p{0} = getelementptr double, ptr %a{0}, i64 %i\n  %x{0} = load double, ptr %p{0}"
    text = _LOOP.format(
        name=name,
        types=", ".join(["double"] * count),
        columns=", ".join(f"ptr %a{index}" for index in range(count)),
        loads="\n".join(load.format(index) for index in range(count)),
        arguments=", ".join(f"double %x{index}" for index in range(count)),
    )
    machine = llvm.Target.from_default_triple().create_target_machine(opt=2)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(text), machine)
    engine.finalize_object()
    return engine, ctypes.CFUNCTYPE(None, ctypes.c_int64, *[ctypes.c_void_p] * (count + 1))(engine.get_function_address("loop"))


def measure(name: str, columns: list[list[float]]) -> tuple[float, str]:
    """Return the best time of the loop over the columns, and a digest of what it computed."""
    given = [np.array(column) for column in columns]
    out = np.empty(len(given[0]))
    _, function = loop(name, len(given))
    best = float("inf")
    for _ in range(ROUNDS + 1):
        started = time.perf_counter()
        function(len(out), out.ctypes.data, *(column.ctypes.data for column in given))
        best = min(best, time.perf_counter() - started)
    return best, hashlib.sha256(out.tobytes()).hexdigest()


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(measure(*json.loads(line))), flush=True)
