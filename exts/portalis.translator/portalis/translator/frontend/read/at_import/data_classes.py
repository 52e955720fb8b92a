"""`@dataclass`: the methods that the decorator writes are written here instead, as CPython 3.11 writes them.

What the decorator cannot be taken for plain (`__post_init__`, fields for keywords only, defaults that are made otherwise) stays as it is,
and is refused as any decorator. A class with fields of the module's own classes gets no `__repr__`: it may hold itself.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from portalis.translator.frontend.read.tree import walk

_OPTIONS = frozenset(("order", "eq", "repr", "init", "unsafe_hash", "frozen"))
_FACTORIES = ("list", "dict", "set")
_ORDERS = {"__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    default: str = ""
    factory: str = ""


def expand_data_classes(tree: ast.Module) -> None:
    """Write the methods of a module's data classes; the import goes where nothing else uses it."""
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "dataclasses" and not node.level]
    names = [(alias.name, alias.asname) for node in imports for alias in node.names]
    if not imports or any(name not in ("dataclass", "field") or other for name, other in names) or _rebinds(tree):
        return
    known: dict[str, list[_Field]] = {}
    own = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    stored = {node.attr for node in walk(tree) if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            fields = _expand(node, known, own, stored)
            if fields is not None:
                known[node.name] = fields
    if not any(isinstance(node, ast.Name) and node.id in ("dataclass", "field") for node in walk(tree)):
        tree.body = [node for node in tree.body if node not in imports]


def _rebinds(tree: ast.Module) -> bool:
    """Tell whether the names that the decorator is known by, or those in what is written for it, may mean something else."""
    taken = {"dataclass", "field", "isinstance", "repr", *_FACTORIES}
    for node in walk(tree):
        bound = getattr(node, "name", None) or getattr(node, "arg", None)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound = node.id
        if bound in taken and not isinstance(node, ast.alias | ast.keyword):
            return True
    return False


def _expand(node: ast.ClassDef, known: dict[str, list[_Field]], own: set[str], stored: set[str]) -> list[_Field] | None:
    options = _options(node)
    bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
    if options is None or len(bases) != len(node.bases) or any(base not in known for base in bases) or len(bases) > 1:
        return None
    methods = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
    found: dict[str, _Field] = {one.name: one for base in bases for one in known[base]}
    recursive = bool(bases)
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            one = _field(item.target.id, item)
            if one is None:
                return None
            found[one.name] = one
            recursive = recursive or any(_mentions(inner, own) for inner in ast.walk(item.annotation))
    fields = list(found.values())
    defaults = [bool(one.default or one.factory) for one in fields]
    clash = options.get("order", False) and methods & _ORDERS.keys()
    if "__post_init__" in methods or defaults != sorted(defaults) or clash or not options.get("init", True) or found.keys() & methods:
        return None
    if options.get("frozen", False) and found.keys() & stored:
        return None
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.value, ast.Call):
            value = next((keyword.value for keyword in item.value.keywords if keyword.arg == "default"), None)
            item.value = value
    text = "\n".join(_methods(node.name, fields, options, recursive, methods))
    written = ast.parse(f"class {node.name}:\n{text}").body[0]
    assert isinstance(written, ast.ClassDef)
    for made in written.body:
        for inner in ast.walk(made):
            if "lineno" in inner._attributes:
                ast.copy_location(inner, node)
    node.body = [*node.body, *written.body]
    node.decorator_list = []
    return fields


def _mentions(node: ast.AST, own: set[str]) -> bool:
    return (isinstance(node, ast.Name) and node.id in own) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _options(node: ast.ClassDef) -> dict[str, bool] | None:
    """Return what the decorator is told; None where the class has none, or it is told more than is known here."""
    match node:
        case ast.ClassDef(decorator_list=[ast.Name(id="dataclass")], keywords=[]):
            return {}
        case ast.ClassDef(decorator_list=[ast.Call(func=ast.Name(id="dataclass"), args=[], keywords=keywords)], keywords=[]):
            told = {keyword.arg or "": keyword.value for keyword in keywords}
            plain = {name: value.value for name, value in told.items() if isinstance(value, ast.Constant) and isinstance(value.value, bool)}
            odd = plain.get("unsafe_hash", False) or (plain.get("order", False) and not plain.get("eq", True))
            return plain if plain.keys() == told.keys() and plain.keys() <= _OPTIONS and not odd else None
        case _:
            return None


def _field(name: str, item: ast.AnnAssign) -> _Field | None:
    annotation = ast.unparse(item.annotation)
    if any(word in annotation for word in ("ClassVar", "InitVar", "KW_ONLY")):
        return None
    match item.value:
        case None:
            return _Field(name)
        case ast.Call(func=ast.Name(id="field"), args=[], keywords=[ast.keyword(arg="default", value=value)]):
            return _Field(name, ast.unparse(value)) if _is_plain(value) else None
        case ast.Call(func=ast.Name(id="field"), args=[], keywords=[ast.keyword(arg="default_factory", value=ast.Name(id=made))]):
            return _Field(name, factory=made) if made in _FACTORIES else None
        case value if _is_plain(value):
            return _Field(name, ast.unparse(value))
        case _:
            return None


def _is_plain(node: ast.expr) -> bool:
    try:
        return isinstance(ast.literal_eval(node), bool | int | float | str | None)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False


def _methods(name: str, fields: list[_Field], options: dict[str, bool], recursive: bool, taken: set[str]) -> Iterator[str]:
    own, other = (f"({', '.join(f'{of}.{one.name}' for one in fields)}{',' * (len(fields) == 1)})" for of in ("self", "other"))
    if "__init__" not in taken:
        # What a factory makes has no parameter, so that nothing is passed for it; what comes after it is passed by name.
        first = next((index for index, one in enumerate(fields) if one.factory), len(fields))
        parts = [one.name + (f"={one.default}" if one.default else "") for one in fields if not one.factory]
        given = "".join(f", {part}" for part in [*parts[:first], *(["*"] if len(parts) > first else []), *parts[first:]])
        yield f"    def __init__(self{given}):"
        stores = [f"        self.{one.name} = {f'{one.factory}()' if one.factory else one.name}" for one in fields]
        yield from stores or ["        pass"]
    if options.get("repr", True) and not recursive and "__repr__" not in taken:
        shown = " + ', ' + ".join(f"'{one.name}=' + repr(self.{one.name})" for one in fields)
        yield f"    def __repr__(self):\n        return '{name}(' + {shown + ' + ' if shown else ''}')'"
    if options.get("eq", True) and "__eq__" not in taken:
        yield f"    def __eq__(self, other):\n        if not isinstance(other, {name}):\n            return False"
        yield f"        return {own} == {other}"
    for special, symbol in _ORDERS.items() if options.get("order") else ():
        yield f"    def {special}(self, other):\n        return {own} {symbol} {other}"
