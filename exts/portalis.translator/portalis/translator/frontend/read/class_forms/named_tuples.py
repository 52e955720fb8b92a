"""Classes of named tuples: `Point = namedtuple("Point", "x y")` as the class that it makes, and what a class of `NamedTuple` declares."""

from __future__ import annotations

import ast
from collections.abc import Callable
from keyword import iskeyword

NAMED_TUPLE, NAMED_TUPLE_CALL = "typing.NamedTuple", "collections.namedtuple"


def class_of_call(name: str, call: ast.Call, imports: Callable[[str], tuple[str, str] | None]) -> ast.ClassDef | None:
    """Return the class that `name = namedtuple(…)` makes, its fields declared in its body; None for any other call."""
    match call.func:
        case ast.Name(id=function) if imports(function) == ("standard", NAMED_TUPLE_CALL):
            pass
        case ast.Attribute(value=ast.Name(id=module), attr="namedtuple") if imports(module) == ("standard", "collections"):
            pass
        case _:
            return None
    defaults = {keyword.arg: keyword.value for keyword in call.keywords}
    match call.args:
        case [ast.Constant(value=named), listed] if named == name and defaults.keys() <= {"defaults"}:
            fields = _fields(listed)
        case _:
            return None
    given = defaults.get("defaults", ast.Tuple([], ast.Load()))
    if fields is None or not isinstance(given, ast.Tuple | ast.List) or len(given.elts) > len(fields):
        return None
    values: list[ast.expr | None] = [*[None] * (len(fields) - len(given.elts)), *given.elts]
    body: list[ast.stmt] = [
        ast.AnnAssign(ast.Name(field, ast.Store()), ast.Name("object", ast.Load()), value, 1)
        for field, value in zip(fields, values, strict=True)
    ]
    made = ast.ClassDef(name=name, bases=[call.func], keywords=[], body=body or [ast.Pass()], decorator_list=[])
    for node in ast.walk(made):
        if "lineno" in node._attributes and not hasattr(node, "lineno"):
            ast.copy_location(node, call)
    return made


def _fields(listed: ast.expr) -> list[str] | None:
    match listed:
        case ast.Constant(value=str(text)):
            found = text.replace(",", " ").split()
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            found = [one.value for one in elements if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if len(found) < len(elements):
                return None
        case _:
            return None
    return found if are_fields(found) else None


def are_fields(names: list[str]) -> bool:
    """Tell whether a named tuple may have fields with these names."""
    return len(set(names)) == len(names) and all(name.isidentifier() and not iskeyword(name) and not name.startswith("_") for name in names)
