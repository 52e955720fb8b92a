"""The library's modules as scopes: what `library/` defines, parsed once per process."""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend.read.module_scope import LIBRARY, ModuleScope, collect
from portalis.translator.frontend.read.parse import parse
from portalis.translator.frontend.read.report import Report
from portalis.translator.source import SourceFile

PATTERNS = ("pattern_cells", "pattern_reading", "pattern_machine", "pattern_search", "pattern_results")
# The modules that are about objects by reference.
_OF_REFERENCES = frozenset(
    (
        *(
            "lists",
            "splicing",
            "ordering",
            "asked_order",
            "tuples",
            "dictionaries",
            "hashing",
            "sets",
            "heaps",
            "counting",
            "choices",
            "deques",
            "wide",
            "wide_division",
            "wide_conversion",
            "wide_theory",
            "wide_format",
            "wide_octets",
        ),
        *(
            "text",
            "octets",
            "codecs",
            "octet_lists",
            "complex_numbers",
            "general_powers",
            "searching",
            "editing",
            "casing",
            "characters",
            "beyond",
            "unicode_tables",
            "numerals",
            "decimals",
            "floats_as_text",
            "quoting",
            "caught",
            "representing",
            "formatting",
            "templates",
        ),
        *PATTERNS,
    )
)


class MissingLibraryFunction(Exception):
    """The library lacks a function that the front-end needs: a defect of ours, never of the user's source."""


class LibraryRefused(Exception):
    """The front-end refuses the library's own source for some types: a defect of ours, where it was to take these."""


@functools.cache
def library_scope(module: str) -> ModuleScope:
    """Parse a library module once; MissingLibraryFunction where there is none."""
    specification = importlib.util.find_spec(f"{LIBRARY}.{module}") if module.isidentifier() else None
    if specification is None or specification.origin is None:
        raise MissingLibraryFunction(f"library/{module}.py does not exist")
    source = SourceFile(f"library/{module}.py", Path(specification.origin).read_text("utf-8"))
    report = Report(source)
    tree = parse(source, report, library=True)
    if tree is None:
        raise TranslationError(report.found, source)
    scope = collect(tree, source, module, report, library=True)
    scope.references = module in _OF_REFERENCES
    report.raise_if_any()
    return scope
