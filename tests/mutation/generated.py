"""Mistakes made by a program in what the library says of objects, held to the methods of Python's containers.

    python -m tests.mutation.generated [--count 150] [--seed 1]

A mistake is one comparison, operator, constant or condition that is another one, or one statement that is left out, in a function of the
library that some call of a method reaches. It is noticed where any of the calls that reach the function gives something else than before.
What survives is printed with its line: either the calls do not tell, or the mistake is none.
"""

from __future__ import annotations

import argparse
import ast
import copy
import functools
import random
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from portalis.translator import library
from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.source import SourceFile
from tests.mutation.checks import NOTICED
from tests.mutation.planting import LibraryModule, planted
from tests.references.methods import EXAMPLES, Outcome, Shape, calls_of, outcome, shapes
from tests.semantics.objects import EXECUTORS

MODULES = (
    *(
        "lists",
        "splicing",
        "ordering",
        "asked_order",
        "heaps",
        "tuples",
        "dictionaries",
        "hashing",
        "sets",
        "text",
        "searching",
        "editing",
        "casing",
    ),
    *("numerals", "quoting", "octets", "codecs", "octet_lists", "characters"),
)
# So many calls that reach a function are asked: one in a hundred mistakes is noticed by a later one alone.
MOST_ASKED = 40
_COMPARISONS: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
_OPERATORS: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
}
Place = tuple[str, str]


@dataclass(frozen=True)
class Mistake:
    """A module of the library with one mistake in one function; `told` is the line as it is then."""

    module: str
    function: str
    line: int
    told: str
    text: str


def mistakes(module: str) -> Iterator[Mistake]:
    """Yield every mistake of the kinds above in a module's functions."""
    source = (Path(library.__file__).parent / f"{module}.py").read_text(encoding="utf-8")
    tree = ast.parse(source)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    for function in functions:
        for number, node in enumerate(ast.walk(function)):
            if not _can_change(node):
                continue
            altered = copy.deepcopy(tree)
            twin = next(one for one in altered.body if isinstance(one, ast.FunctionDef) and one.name == function.name)
            told = _change(twin, next(one for at, one in enumerate(ast.walk(twin)) if at == number))
            line = getattr(node, "lineno", function.lineno)
            yield Mistake(module, function.name, line, told, ast.unparse(ast.fix_missing_locations(altered)))


def _can_change(node: ast.AST) -> bool:
    match node:
        case ast.Compare(ops=[op]):
            return type(op) in _COMPARISONS
        case ast.BinOp(op=op):
            return type(op) in _OPERATORS
        case ast.Constant(value=value):
            return isinstance(value, int)
        case ast.Expr(value=value):
            return isinstance(value, ast.Call)
        case _:
            return isinstance(node, ast.BoolOp | ast.If | ast.AugAssign)


def _change(function: ast.FunctionDef, node: ast.AST) -> str:
    """Make the mistake in one node, and return its line as it is then."""
    match node:
        case ast.Compare(ops=[op]):
            node.ops = [_COMPARISONS[type(op)]()]
        case ast.BinOp(op=op):
            node.op = _OPERATORS[type(op)]()
        case ast.Constant(value=bool(value)):
            node.value = not value
        case ast.Constant(value=int(value)):
            node.value = value + 1
        case ast.BoolOp(op=ast.And()):
            node.op = ast.Or()
        case ast.BoolOp():
            node.op = ast.And()
        case ast.If(test=test):
            node.test = ast.UnaryOp(ast.Not(), test)
        case ast.AugAssign() | ast.Expr():
            _leave_out(function, node)
            return f"without {ast.unparse(node)}"
    return ast.unparse(node).splitlines()[0]


def _leave_out(function: ast.FunctionDef, node: ast.stmt) -> None:
    for one in ast.walk(function):
        for block in (getattr(one, name, None) for name in ("body", "orelse")):
            if isinstance(block, list) and node in block:
                block[block.index(node)] = ast.Pass()
                return


def reached_by() -> dict[Place, list[Shape]]:
    """Return which calls of methods reach a function of the library, by module and name."""
    found: dict[Place, list[Shape]] = {}
    for shape in shapes():
        examples = tuple(f"f({', '.join(map(repr, given))})" for given in calls_of(shape)[:EXAMPLES])
        try:
            lowered = lower(SourceFile("shape.py", shape.source), "f", examples, references=True)
        except TranslationError:
            continue
        places = {(Path(item.span.file).stem, item.display) for item in lowered.program.functions if item.library}
        for place in places:
            found.setdefault(place, []).append(shape)
    return found


def is_noticed(mistake: Mistake, asked: list[Shape]) -> bool:
    """Tell whether any of these calls comes to something else with the mistake."""
    right = {shape: _right(shape) for shape in asked}
    with planted((LibraryModule(mistake.module, mistake.text),)):
        for shape in asked:
            try:
                if outcome(shape, EXECUTORS["interpreter"]) != right[shape]:
                    return True
            except NOTICED:
                return True
    return False


@functools.cache
def _right(shape: Shape) -> Outcome:
    return outcome(shape, EXECUTORS["interpreter"])


def main() -> int:
    """Return how many mistakes survive."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    reached = reached_by()
    chance = random.Random(options.seed)
    possible = [one for module in MODULES for one in mistakes(module) if (module, one.function) in reached]
    survivors = 0
    chosen = chance.sample(possible, min(options.count, len(possible)))
    for mistake in chosen:
        asked = reached[mistake.module, mistake.function]
        if not is_noticed(mistake, chance.sample(asked, min(MOST_ASKED, len(asked)))):
            survivors += 1
            print(f"survives: library/{mistake.module}.py:{mistake.line} in {mistake.function}: {mistake.told}", flush=True)
    print(f"{len(chosen)} of {len(possible)} possible mistakes planted, seed {options.seed}: {len(chosen) - survivors} noticed")
    return survivors


if __name__ == "__main__":
    sys.exit(main())
