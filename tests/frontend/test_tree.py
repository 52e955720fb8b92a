"""Walking syntax trees comes to the same nodes as `ast` does, and to each once, on every program of the tests and on every syntax."""

import ast
import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from portalis.translator import library
from portalis.translator.frontend.read.parse import parse
from portalis.translator.frontend.read.report import Report
from portalis.translator.frontend.read.tree import child_nodes, count_nodes, makes_generators, stored_names, walk
from portalis.translator.source import SourceFile
from tests.programs.registry import named_programs

# What holds no position or structure.
_WITHOUT = (ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop)
EVERYTHING = """
import a.b as c, d
from e import f as g
@decorated
class K(Base, metaclass=M):
    global outside
async def h(p, /, q: int = 1, *r, s, t=2, **u) -> None:
    async for i in x: await y
    async with z as w: pass
def k(*, v, w=lambda l, m=1: (l, m)):
    nonlocal_ = {**v, "a": 1, 2: (yield), 3: [*w, x[1:2:3]]}
    del nonlocal_, v.attribute
    try: raise E from w
    except (A, B) as error: pass
    else: assert v, "no"
    finally: v += 1
    n: int = 3
    while (o := n) < 3 <= 4 and not -o or ~o: break
    else: return [i async for i in j if i for k in l], {i for i in j}, {i: j for i in j}, (i for i in j)
    with open(*v, **w) as (first, *rest): f"{v!r:{w}}"
    match v:
        case [1, *others] | {"k": P(x, y=1), **more} if others: pass
        case None | -1 as one: pass
        case other: yield from other if one else ...
"""


def _trees() -> Iterator[ast.Module]:
    for text in {EVERYTHING: None} | {program.text: None for program in named_programs()}:
        # Some are programs because they are no Python.
        with contextlib.suppress(SyntaxError, ValueError):
            yield ast.parse(text)


def test_walking_comes_to_the_nodes_that_ast_comes_to() -> None:
    for tree in _trees():
        expected = [node for node in ast.walk(tree) if not isinstance(node, _WITHOUT)]
        found = [*walk(tree)]
        assert len(found) == len(expected) == count_nodes(tree)
        assert {*map(id, found)} == {*map(id, expected)}


def test_children_come_in_the_order_of_their_fields() -> None:
    for tree in _trees():
        for node in ast.walk(tree):
            expected = [child for child in ast.iter_child_nodes(node) if not isinstance(child, _WITHOUT)]
            assert isinstance(node, _WITHOUT) or [*child_nodes(node)] == expected


def test_names_that_are_stored() -> None:
    tree = ast.parse(EVERYTHING)
    function = tree.body[-1]
    assert isinstance(function, ast.FunctionDef)
    assert stored_names(tree) == set("Kcdghikw")
    inside = "error first more n nonlocal_ o one other others rest v x"
    assert set[str]().union(*map(stored_names, function.body)) == {*inside.split()}


@pytest.mark.parametrize(
    ("text", "makes"),
    [
        ("def f():\n    if x:\n        yield 1", True),
        ("def f():\n    y = [(yield from x)]", True),
        ("def f():\n    def g():\n        yield 1\n    return (lambda: (yield)), (i for i in x)", False),
    ],
)
def test_which_functions_make_generators(text: str, makes: bool) -> None:
    (function,) = ast.parse(text).body
    assert isinstance(function, ast.FunctionDef) and makes_generators(function) == makes


def test_the_library_is_within_the_limits_that_its_own_text_is_not_held_to() -> None:
    paths = [path for folder in library.__path__ for path in Path(folder).glob("*.py") if path.stem != "__init__"]
    assert len(paths) > 20
    for path in paths:
        source = SourceFile(path.name, path.read_text())
        report = Report(source)
        assert parse(source, report) is not None and not report.found, path
