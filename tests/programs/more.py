"""Programs beyond the registry, too many for goldens: made from seeds, made by damaging others, read from files of suites."""

from __future__ import annotations

import ast
import json
import random
from collections.abc import Iterator
from pathlib import Path

from tests.frontend.test_random_programs import ALIASES, Generator
from tests.frontend.test_refused import mutated
from tests.semantics.random_sources import random_source

from .directives import read_folder
from .program import Program
from .registry import TESTS, groups


def refused() -> Iterator[Program]:
    """Yield the sources of `tests/frontend/refused`."""
    yield from read_folder(TESTS / "frontend" / "refused")


def random_programs(first: int, count: int) -> Iterator[Program]:
    """Yield programs of seeds on end."""
    for seed in range(first, first + count):
        source = random_source(seed)
        yield Program(f"random {seed}", source.text, "f", source.examples)


def damaged(seed: int, count: int) -> Iterator[Program]:
    """Yield longer programs of the registry with a few characters or lines removed, doubled, exchanged or replaced."""
    generator = random.Random(seed)
    sources = [program.text for group in ("behaviours", "cases", "samples", "sources") for program in groups()[group]]
    sources += [program.text for program in refused()]
    for number in range(count):
        yield Program(f"damaged {seed}.{number}", mutated(generator.choice(sources), generator))


def aliases(count: int) -> Iterator[Program]:
    """Yield programs full of aliases, most of which are refused."""
    generator = Generator(20260711)
    for number in range(count):
        yield Program(f"alias {number}", generator.program(), "f", (ALIASES,))


def suite(path: Path) -> Iterator[Program]:
    """Yield the solutions in a file of JSON lines with `code` and `test_list` (asserts that call the function), as MBPP's."""
    for number, line in enumerate(path.read_text("utf-8").splitlines()):
        item = json.loads(line)
        calls = list(_calls(item["code"], item["test_list"]))
        function = calls[0].partition("(")[0] if calls else None
        yield Program(f"{path.stem} {item.get('task_id', number)}", item["code"], function, tuple(calls))


def _calls(code: str, asserts: list[str]) -> Iterator[str]:
    """Yield the first call of one of the code's own functions in each assert, all of one function."""
    try:
        own = {node.name for node in ast.parse(code).body if isinstance(node, ast.FunctionDef)}
    except (SyntaxError, ValueError):
        return
    chosen = None
    for text in asserts:
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in own and chosen in (None, node.func.id):
                chosen = node.func.id
                yield ast.unparse(node)
                break
