"""An entry that gives an iterator: what crosses to a host is its first elements, from a function that is written beside it.

The function takes what the entry takes, and how many elements are wanted. It is in the program and in what CPython executes, so that it is
verified like any other: elements, what is raised before which of them, and what arguments and printed text are by then.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from portalis.translator.frontend.assemble.examples import TypedExample
from portalis.translator.frontend.lowered import LIMIT, Example
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.read.tree import makes_generators, walk
from portalis.translator.ir.types import INT

# What the function that is written asks of Python.
_ASKED = ("len", "int", "Exception")
# So many elements are asked for where examples are verified.
SHOWN = 24
_TEXT = """
def first_of(limit):
    made = iterated
    given = []
    if limit <= 0:
        return given, 0
    try:
        for element in made:
            given.append(element)
            if len(given) >= limit:
                return given, 0
    except Exception:
        if len(given) + 1 >= limit:
            raise
        return given, 2
    return given, 1
"""


def add_elements(tree: ast.Module, scope: ModuleScope, name: str) -> str | None:
    """Add the function that gives the first elements of what `name` gives; return its name, None where it has no place.

    It returns them and how they ended: 0 where there may be more, 1 where there are none, 2 where asking for the next one raises.
    """
    definition = scope.functions[name]
    place = next((index for index, item in enumerate(tree.body) if item is definition), None)
    if place is None or definition.decorator_list or _returns_value(definition) or any(map(scope.binds, _ASKED)):
        return None
    given = definition.args
    extra = [one for one in (given.vararg, given.kwarg) if one is not None]
    taken = {name, *_ASKED, *(one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs, *extra))}
    names = {one: _free(one, taken) for one in ("made", "given", "element", LIMIT)}
    own = _free(f"first_of_{name}", taken | scope.names)
    template = ast.parse(_TEXT).body[0]
    assert isinstance(template, ast.FunctionDef)
    for node in ast.walk(template):
        if isinstance(node, ast.Name) and node.id in names:
            node.id = names[node.id]
    args = ast.arguments(
        posonlyargs=given.posonlyargs,
        args=given.args,
        vararg=given.vararg,
        kwonlyargs=[*given.kwonlyargs, ast.arg(names[LIMIT], ast.copy_location(ast.Name("int", ast.Load()), definition))],
        kw_defaults=[*given.kw_defaults, None],
        kwarg=given.kwarg,
        defaults=given.defaults,
    )
    made = ast.FunctionDef(name=own, args=args, body=template.body, decorator_list=[], returns=None)
    assert isinstance(made.body[0], ast.Assign)
    made.body[0].value = _forwarded(name, given)
    for node in [made, *(inner for statement in made.body for inner in ast.walk(statement)), made.args.kwonlyargs[-1]]:
        if "lineno" in node._attributes:
            ast.copy_location(node, definition)
    tree.body.insert(place + 1, made)
    scope.functions[own] = made
    return own


def _returns_value(definition: ast.FunctionDef) -> bool:
    """Tell whether a generator function returns something, which who asks for elements finds in the StopIteration."""
    returns = [node for node in walk(definition) if isinstance(node, ast.Return)]
    return makes_generators(definition) and any(node.value is not None for node in returns)


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _forwarded(name: str, given: ast.arguments) -> ast.Call:
    """Return the call that passes on all parameters."""
    args: list[ast.expr] = [ast.Name(one.arg, ast.Load()) for one in (*given.posonlyargs, *given.args)]
    if given.vararg is not None:
        args.append(ast.Starred(ast.Name(given.vararg.arg, ast.Load()), ast.Load()))
    keywords = [ast.keyword(one.arg, ast.Name(one.arg, ast.Load())) for one in given.kwonlyargs]
    if given.kwarg is not None:
        keywords.append(ast.keyword(None, ast.Name(given.kwarg.arg, ast.Load())))
    return ast.Call(ast.Name(name, ast.Load()), args, keywords)


def with_limit(examples: Sequence[TypedExample], definition: ast.FunctionDef) -> tuple[TypedExample, ...]:
    """Return examples of the entry as ones of the function that gives its first elements, which has this definition."""
    limit = definition.args.kwonlyargs[-1].arg
    return tuple(TypedExample(_limited(example.example, limit), (*example.types, (limit, INT))) for example in examples)


def _limited(example: Example, limit: str) -> Example:
    return replace(example, kwargs=(*example.kwargs, (limit, str(SHOWN))))
