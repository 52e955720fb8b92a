"""What a judge that lowers, too, does once before it is confined."""

from __future__ import annotations

import contextlib
import importlib
import pkgutil

from portalis.translator import library
from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend.calls.library import library_scope
from portalis.translator.library.import_time import IGNORED_MODULES, IMPORTABLE
from portalis.translator.source import visible
from portalis.translator.translating.messages import BuildSettings, TextRequest
from portalis.translator.translating.text import text_job
from portalis.translator.verify.oracle.witness import LocalOracle

# CPython's parser imports its tables of characters for a name that is not ASCII.
_ACCEPTED = "def f(x: float) -> float:\n    return x / 2.0\n"
_REFUSED = "import math\n\n\ndef f(größe):\n    return math.sin(größe) + eval('1')\n"


def read_library() -> None:
    """Read the library's sources, which lowering looks into, refuse a text of our own, and write another one's texts."""
    settings = BuildSettings(1, 0, 0, False, False)
    text_job(TextRequest(_REFUSED, "<warm-up>", None, ("f(1.0)",), settings, False, True), LocalOracle())
    text_job(TextRequest(_ACCEPTED, "<warm-up>", None, (), settings, False, True, texts=True), LocalOracle())
    # What a message shows of a source may be no character for a terminal.
    visible("\0")
    for name in (*IGNORED_MODULES, *IMPORTABLE):
        # Lowering asks whether a name is one of theirs, and what a constant is; `typing_extensions` need not be installed.
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    for module in pkgutil.iter_modules(library.__path__):
        # Those that only CPython runs are not in the library's dialect.
        with contextlib.suppress(TranslationError):
            library_scope(module.name)
