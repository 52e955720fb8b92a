"""What an oracle does before it is given any text, so that nothing is imported and no file is opened when it has one."""

from __future__ import annotations

import importlib
import marshal

from portalis.translator.ir.types import FLOAT, INT
from portalis.translator.library.import_time import IMPORTABLE
from portalis.translator.verify.oracle.messages import CompiledModule, EntryRequest, LoadRequest, slot_format
from portalis.translator.verify.oracle.names import POWER
from portalis.translator.verify.oracle.namespace import make_builtins_ahead, narrowed
from portalis.translator.verify.oracle.witness import Witness
from portalis.translator.work.codec import encode
from portalis.translator.work.link import Run

# What most programs have. Where code has run before, CPython has written into it what it found, and an oracle that is forked then copies
# fewer pages for that.
_TEXT = f"""
import math

def f(size, count):
    size = {POWER}(size, 2.0)
    total = 0.0
    for i in range(count):
        if total > 1.5 and size < 2.0:
            total = total * 0.5 - i
        elif not total or size:
            total += math.sin(size) / (i + 1)
    while count > 1:
        count -= 1
    if total < -1e9:
        raise ValueError("far")
    return size if total < 1.0 else min(max(total, -abs(size)), [1.0, total][-1])
"""
_TIMES = 2
_MODULES = (
    *(f"portalis.translator.library.{name}" for name in ("operators", "general_powers", "roots", "gf")),
    "unicodedata",
)


def warm_up() -> None:
    """Import what any program may need but `Gf`, and be asked about a program of our own."""
    for name in _MODULES:
        importlib.import_module(name)
    for name in IMPORTABLE:
        narrowed(name, "exact")
        narrowed(name, "drift")
    code = marshal.dumps(compile(_TEXT, "<warm-up>", "exec"))
    cases = b"".join(slot_format(FLOAT.slots + INT.slots).pack(*values) for values in ((0.5, 2), (2.0, 5)))
    entry = EntryRequest("", (FLOAT, INT), FLOAT, (0, 0), cases, 2, None, 0)
    module = CompiledModule(code, True, marshal.dumps(()), (), ())
    request = encode(LoadRequest, LoadRequest(module, "<warm-up>", "f", (), (), (entry,), ()))
    witness = Witness()
    for _ in range(_TIMES):
        witness.load(request)
        list(witness.run([Run(0, 0, 100), Run(0, 1, 100)]))
    make_builtins_ahead()
