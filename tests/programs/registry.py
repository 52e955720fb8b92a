"""The list: each group is one file of goldens in `tests/ir/lowered`.

`sources` holds what only one test translates; everything else is taken from where the tests that run it have it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from portalis.translator.diagnostics.catalogue import CATALOGUE
from scripts.write_language_page import EXAMPLES, FRAME
from tests.backends.rust.samples import AGGREGATES, BEHAVIOURS, CONTROL, NAMES, NUMBERS
from tests.gpu import sources as gpu
from tests.library.test_backends import SNIPPETS
from tests.library.test_gf_lowered import INDEXED
from tests.library.test_gf_lowered import PROGRAMS as GF_PROGRAMS
from tests.passes import test_sources as behaviours
from tests.semantics.case import FILES
from tests.semantics.random_sources import random_source
from tests.semantics.test_templates import OPERATORS
from tests.semantics.traps import TRAPS

from .directives import read_folder
from .program import Program

TESTS = Path(__file__).parents[1]
REPOSITORY = TESTS.parent
# As many as `tests/semantics/test_random_programs.py` runs.
RANDOM = 48


def _samples() -> Iterable[Program]:
    return (Program(sample.name, sample.source) for sample in (*NUMBERS, *CONTROL, *NAMES, *AGGREGATES, *BEHAVIOURS))


def _expressions() -> Iterable[Program]:
    head = f"{behaviours.HEAD}def update(x: float, y: float, a: int, b: int):\n"
    return (Program(text, f"{head}    z = {text}\n    return z\n") for text in behaviours.EXPRESSIONS)


def _behaviours() -> Iterable[Program]:
    return (Program(name, behaviours.HEAD + text) for name, text in behaviours.BEHAVIOURS.items())


def _kernels() -> Iterable[Program]:
    texts = {name.lower(): text for name, text in vars(gpu).items() if name.isupper() and isinstance(text, str)}
    return (Program(name, text) for name, text in (texts | {"doubling": gpu.doubling(8)}).items())


def _operators() -> Iterable[Program]:
    for symbol in OPERATORS:
        result = "float" if symbol == "/" else "int"
        yield Program(f"a {symbol} b", f"def f(a: int, b: int) -> {result}:\n    return a {symbol} b\n")


def _library() -> Iterable[Program]:
    for snippet in SNIPPETS:
        text = f"import math\n\n\ndef f({snippet.parameters}) -> {snippet.result}:\n    return {snippet.expression}\n"
        yield Program(f"{snippet.expression} of {snippet.parameters}", text)


def _gf() -> Iterable[Program]:
    yield from (Program(name, text) for name, (_, text) in GF_PROGRAMS.items())
    head = "from pxr import Gf\n\n\ndef f(a: Gf.Vec3d, m: Gf.Matrix3d, i: int):\n"
    yield from (Program(statement, f"{head}    {statement}\n") for statement in INDEXED)


def _catalogue() -> Iterable[Program]:
    for code, page in CATALOGUE.items():
        # What is no syntax before Python 3.12 is another refusal there.
        if code != "P0221":
            yield Program(f"{code}: refused", page.example_wrong)
        yield Program(f"{code}: corrected", page.example_right)


def _random() -> Iterable[Program]:
    for seed in range(RANDOM):
        source = random_source(seed)
        yield Program(str(seed), source.text, "f", source.examples)


def _documents() -> Iterable[Program]:
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    snippets = re.findall(r"```python\n# (\w+\.py)\n(.*?)```", readme, re.DOTALL)
    yield from (Program(name, text) for name, text in snippets if "def " in text)
    yield Program("projectile.py", (REPOSITORY / "demos" / "projectile" / "projectile.py").read_text("utf-8"))
    for what, lines in EXAMPLES:
        yield from (Program(f"{what}: {line}", FRAME.format(body=f"    {line}"), "example") for line in lines)


@functools.cache
def groups() -> Mapping[str, tuple[Program, ...]]:
    """Return every program, by group."""
    found = {
        "behaviours": _behaviours(),
        "cases": [case.program for case in FILES],
        "catalogue": _catalogue(),
        "documents": _documents(),
        "expressions": _expressions(),
        "gf": _gf(),
        "kernels": _kernels(),
        "library": _library(),
        "operators": _operators(),
        "random": _random(),
        "samples": _samples(),
        "sources": read_folder(TESTS / "programs" / "sources"),
        "traps": [case.program for case in TRAPS],
    }
    return {name: tuple(programs) for name, programs in found.items()}


def named_programs(chosen: Iterable[str] | None = None) -> Iterator[Program]:
    """Yield the programs of some groups (by default all), each with its group in its name."""
    for group in chosen or groups():
        yield from (replace(program, name=f"{group}: {' '.join(program.name.split())}") for program in groups()[group])
