"""What an oracle does before it is given any text, so that nothing is imported and no file is opened when it has one."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator

from portalis.translator.ir.types import FLOAT, INT
from portalis.translator.library.import_time import IMPORTABLE
from portalis.translator.syntax import AcceptedModule, write
from portalis.translator.verify.oracle.messages import EntryRequest, LoadRequest, slot_format
from portalis.translator.verify.oracle.namespace import narrowed
from portalis.translator.verify.oracle.rewriting import Place
from portalis.translator.verify.oracle.witness import Witness
from portalis.translator.work.codec import encode
from portalis.translator.work.link import Run

# What most programs have. Where code has run before, CPython has written into it what it found, and an oracle that is forked then copies
# fewer pages for that.
# A power of a name that is not ASCII: CPython's parser imports its tables of characters for it.
_TEXT = """
import math

def f(größe, count):
    größe **= 2.0
    total = 0.0
    for i in range(count):
        if total > 1.5 and größe < 2.0:
            total = total * 0.5 - i
        elif not total or größe:
            total += math.sin(größe) / (i + 1)
    while count > 1:
        count -= 1
    if total < -1e9:
        raise ValueError("far")
    return größe if total < 1.0 else min(max(total, -abs(größe)), [1.0, total][-1])
"""
_TIMES = 2
_MODULES = ("portalis.translator.library.operators", "portalis.translator.library.gf", "unicodedata")


def warm_up() -> None:
    """Import what any program may need but `Gf`, and be asked about a program of our own."""
    for module in _MODULES:
        importlib.import_module(module)
    for module in IMPORTABLE:
        narrowed(module, "exact")
        narrowed(module, "drift")
    tree = ast.parse(_TEXT)
    cases = b"".join(slot_format(FLOAT.slots + INT.slots).pack(*values) for values in ((0.5, 2), (2.0, 5)))
    entry = EntryRequest("", (FLOAT, INT), FLOAT, (0, 0), cases, 2, None, 0)
    text, decisions = write(AcceptedModule(tree, ())), tuple(_decisions(tree))
    request = encode(LoadRequest, LoadRequest(text, "<warm-up>", "f", (), (), decisions, (entry,), (), True))
    witness = Witness()
    for _ in range(_TIMES):
        witness.load(request)
        list(witness.run([Run(0, 0, 100), Run(0, 1, 100)]))


def _decisions(tree: ast.Module) -> Iterator[Place]:
    """Yield the statements that decide something."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If | ast.While | ast.For):
            where = node.test if isinstance(node, ast.If) else node
            yield where.lineno, where.col_offset, where.end_lineno or 0, where.end_col_offset or 0, type(node).__name__.lower()
