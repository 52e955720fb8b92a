"""What has no translation: one code and one sentence that helps for each kind of syntax."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TypeAlias

from portalis.translator.frontend.facts.model import Unknown
from portalis.translator.frontend.infer.inference import FunctionInference

Refusal: TypeAlias = tuple[str, str, str]

STATEMENTS: Mapping[type[ast.stmt], Refusal] = {
    ast.Try: (
        "P0202",
        "`try` is not translated",
        "test for the error's cause with `if` before; an error ends this prim's call and no other",
    ),
    ast.With: ("P0203", "`with` is not translated", "a translated function has no files, locks or contexts; move this code to the host"),
    ast.AsyncWith: ("P0203", "`async with` is not translated", "write plain code; the host calls the function every frame"),
    ast.FunctionDef: ("P0207", "a function inside a function is not translated", "move it to module level and pass what it needs"),
    ast.AsyncFunctionDef: ("P0206", "async functions are not translated", "write a plain `def` at module level"),
    ast.ClassDef: ("P0208", "a class inside a function is not translated", "move it to module level"),
    ast.Global: (
        "P0209",
        "`global` is not translated: a translated function changes nothing outside itself",
        "return the new value instead",
    ),
    ast.Nonlocal: ("P0209", "`nonlocal` is not translated", "return the new value instead"),
    ast.Delete: ("P0214", "`del` is not translated", "leave the variable alone, or assign it a new value"),
    ast.Match: ("P0215", "`match` is not translated", "write if / elif / else"),
    ast.AsyncFor: ("P0206", "`async for` is not translated", "write a plain `for`"),
}
if hasattr(ast, "TryStar"):
    STATEMENTS = {**STATEMENTS, ast.TryStar: STATEMENTS[ast.Try]}

_COMPREHENSION = "write a `for` loop over a list of fixed length: result = [0.0] * 8"
_GENERATOR = "return the values in a tuple, or keep the progress in an attribute of a behaviour class"
_DICTIONARY = "use separate variables, a tuple, or a list of fixed length indexed by number"
EXPRESSIONS: Mapping[type[ast.expr], Refusal] = {
    ast.Lambda: ("P0204", "`lambda` is not translated", "write a `def` at module level and call it by name"),
    ast.ListComp: ("P0205", "a list comprehension is not translated", _COMPREHENSION),
    ast.SetComp: ("P0205", "a set comprehension is not translated", _COMPREHENSION),
    ast.DictComp: ("P0205", "a dictionary comprehension is not translated", _COMPREHENSION),
    ast.GeneratorExp: ("P0205", "a generator expression is not translated", _COMPREHENSION),
    ast.Yield: ("P0206", "`yield` is not translated", _GENERATOR),
    ast.YieldFrom: ("P0206", "`yield from` is not translated", _GENERATOR),
    ast.Await: ("P0206", "`await` is not translated", "write plain code; the host calls the function every frame"),
    ast.Dict: ("P0212", "a dictionary is not translated", _DICTIONARY),
    ast.Set: ("P0212", "a set is not translated", _DICTIONARY),
    ast.JoinedStr: ("P0213", "an f-string is not translated", "use a constant text; show numbers as outputs of the behaviour instead"),
    ast.Starred: ("P0216", "`*` is not translated here", "write the elements one by one"),
    ast.Slice: ("P0217", "a slice is not translated", "write the elements one by one, or loop over an index"),
}


def refuse_expression(infer: FunctionInference, node: ast.expr) -> Unknown:
    """Refuse an expression that has no translation."""
    refusal = EXPRESSIONS.get(type(node))
    if refusal is not None:
        return infer.refuse(refusal[0], node, refusal[1], refusal[2])
    if isinstance(node, ast.Constant):
        kind = "..." if node.value is ... else type(node.value).__name__
        return infer.refuse(
            "P0223", node, f"a {kind} constant is not translated", "constants are int, float, bool, complex, str, bytes and None"
        )
    return infer.refuse("P0222", node, f"this expression ({type(node).__name__}) is not translated", "write it with plain arithmetic")


def refuse_statement(infer: FunctionInference, node: ast.stmt) -> None:
    """Refuse a statement that has no translation, look into its blocks for more, and know nothing of the names that it assigns."""
    refusal = STATEMENTS.get(type(node))
    reason = infer.names.scope.inner_classes.reasons.get(id(node))
    if refusal is not None and reason is not None:
        cause = infer.refuse(refusal[0], node, f"{refusal[1]}: {reason}", refusal[2])
    elif refusal is not None:
        cause = infer.refuse(refusal[0], node, refusal[1], refusal[2])
    else:
        cause = infer.refuse(
            "P0221", node, f"this statement ({type(node).__name__}) is not translated", "write it with assignments, if and loops"
        )
    names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)}
    match node:
        case ast.Global() | ast.Nonlocal():
            names |= set(node.names)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            names = {node.name}
        case ast.Import() | ast.ImportFrom():
            names |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        case _:
            _look_inside(infer, node, names, cause)
    for name in names:
        infer.lose(name, cause)


def _look_inside(infer: FunctionInference, node: ast.stmt, names: set[str], cause: Unknown) -> None:
    blocks = [getattr(node, field, []) for field in ("body", "orelse", "finalbody")]
    blocks += [part.body for field in ("handlers", "cases") for part in getattr(node, field, [])]
    names |= {handler.name for handler in getattr(node, "handlers", []) if handler.name}
    outer = infer.live
    for block in blocks:
        infer.state = outer.copy()
        for name in names:
            infer.lose(name, cause)
        infer.body(block)
    infer.state = outer
