"""What an oracle does once before it is given any text, so that nothing is imported and no file is opened when it has one."""

from __future__ import annotations

import ast
import importlib

from portalis.translator.ir.types import FLOAT
from portalis.translator.library.import_time import IMPORTABLE
from portalis.translator.syntax import AcceptedModule, write
from portalis.translator.verify.oracle.messages import EntryRequest, LoadRequest, slot_format
from portalis.translator.verify.oracle.namespace import narrowed
from portalis.translator.verify.oracle.witness import Witness
from portalis.translator.work.codec import encode
from portalis.translator.work.link import Run

# A power of a name that is not ASCII: CPython's parser imports its tables of characters for it.
_TEXT = "import math\n\n\ndef f(größe):\n    größe **= 2.0\n    return math.sin(größe) if größe < 1.0 and größe > 0.5 else größe\n"
_MODULES = ("portalis.translator.library.operators", "portalis.translator.library.gf", "unicodedata")


def warm_up() -> None:
    """Import what any program may need but `Gf`, and be asked about a program of our own."""
    for module in _MODULES:
        importlib.import_module(module)
    for module in IMPORTABLE:
        narrowed(module)
    cases = b"".join(slot_format(FLOAT.slots).pack(value) for value in (0.5, 2.0))
    entry = EntryRequest("", (FLOAT,), FLOAT, (0, 0), cases, 2, None, 0)
    request = LoadRequest(write(AcceptedModule(ast.parse(_TEXT), ())), "<warm-up>", "f", (), (), (), (entry,), (), True)
    witness = Witness()
    witness.load(encode(LoadRequest, request))
    list(witness.run([Run(0, 0, 100), Run(0, 1, 100)]))
