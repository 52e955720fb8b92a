"""What is written shorter about classes, in the plainer words that it stands for.

`except RETRIED:` of `RETRIED = (KeyError, OSError)` names these, `x.__class__` is `type(x)`, `x.__next__()` is `next(x)`, `Stack[int]()` is
`Stack()`, a call of a `TypedDict` is `dict(…)`, and `@total_ordering` adds comparisons, those of CPython's functools. An attribute whose
name is written there is that: `getattr(x, "size")` is `x.size`.
"""

from __future__ import annotations

import ast
import builtins
from keyword import iskeyword

from portalis.translator.frontend.read.class_forms.nodes import names_bound_anywhere, placed_at
from portalis.translator.frontend.read.tree import walk

# What asks for a method that only CPython calls otherwise.
_ASKED = {"__next__": "next", "__iter__": "iter"}
# By the comparison that a class has, what each of the others says of it.
_ORDERS = {
    "<": {">": "not (self < other) and self != other", "<=": "self < other or self == other", ">=": "not (self < other)"},
    "<=": {">=": "not (self <= other) or self == other", "<": "self <= other and self != other", ">": "not (self <= other)"},
    ">": {"<": "not (self > other) and self != other", ">=": "self > other or self == other", "<=": "not (self > other)"},
    ">=": {"<=": "not (self >= other) or self == other", ">": "self >= other and self != other", "<": "not (self >= other)"},
}
_NAMES = {"<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__"}


def expand_class_syntax(tree: ast.Module, text: str) -> None:
    """Write the short forms of a module out."""
    _write_tuples(tree)
    if "getattr" in text or "setattr" in text:
        _Attributes(tree).visit(tree)
    if not any(mark in text for mark in ("class ", "__class__", *_ASKED)):
        return
    bound = _bound(tree)
    if any(name in text for name in _ASKED) and not bound & {*_ASKED.values()}:
        _Asked().visit(tree)
    if "__class__" in text and "type" not in bound:
        _Classes().visit(tree)
    generic = {
        node.name for node in tree.body if isinstance(node, ast.ClassDef) and any(isinstance(base, ast.Subscript) for base in node.bases)
    }
    if generic:
        _Subscripts(generic, bound).visit(tree)
    if "TypedDict" in text and "dict" not in bound:
        typed = {node.name for node in tree.body if isinstance(node, ast.ClassDef) and _is_typed(node)} - _bound_names(tree)
        _TypedCalls(typed).visit(tree)
    if "total_ordering" in text:
        _write_orders(tree, bound)


def _write_tuples(tree: ast.Module) -> None:
    """Write the classes of a constant tuple where a handler, `isinstance` or `issubclass` is given it."""
    found: list[tuple[ast.stmt, str, ast.Tuple]] = []
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Tuple(elts=[_, *_]) as value):
                found.append((statement, name, value))
    bound = names_bound_anywhere(tree) if found else []
    for statement, name, value in found:
        classes = {one.name for one in tree.body[: tree.body.index(statement)] if isinstance(one, ast.ClassDef)}
        if bound.count(name) == 1 and all(_is_class(one, classes, bound) for one in value.elts):
            _Tuples(name, value, bound).visit(tree)
            if not any(isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Load) for one in walk(tree)):
                tree.body.remove(statement)


def _is_class(node: ast.expr, classes: set[str], bound: list[str]) -> bool:
    """Tell whether an expression is the name of a class that means the same everywhere, and stops no oracle."""
    if not isinstance(node, ast.Name) or node.id == "BaseException":
        return False
    if node.id in classes:
        return bound.count(node.id) == 1
    return node.id not in bound and isinstance(getattr(builtins, node.id, None), type)


class _Tuples(ast.NodeTransformer):
    def __init__(self, name: str, value: ast.Tuple, bound: list[str]) -> None:
        self._name, self._value = name, value
        self._asked = {"isinstance", "issubclass"}.difference(bound)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        if node.type is not None:
            node.type = self._written(node.type)
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        match node:
            case ast.Call(func=ast.Name(id=asked), args=[_, classes]) if asked in self._asked:
                node.args[1] = self._written(classes)
        return self.generic_visit(node)

    def _written(self, node: ast.expr) -> ast.expr:
        if not isinstance(node, ast.Name) or node.id != self._name:
            return node
        names: list[ast.expr] = [ast.Name(one.id, ast.Load()) for one in self._value.elts if isinstance(one, ast.Name)]
        return placed_at(ast.Tuple(names, ast.Load()), node)


def _bound(tree: ast.Module) -> set[str]:
    found = {node.id for node in walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    found |= {node.name for node in walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    found |= {node.arg for node in walk(tree) if isinstance(node, ast.arg)}
    return found | {alias.asname or alias.name for node in walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}


class _Attributes(ast.NodeTransformer):
    """Writes `x.size` for `getattr(x, "size")`, and `x.size = value` for `setattr(x, "size", value)`.

    An assignment evaluates the value first: it is written where the object is what the function was given, or the value a constant.
    """

    def __init__(self, tree: ast.Module) -> None:
        self._meant = {"getattr", "setattr"} - _bound(tree)
        # Parameters of the function at hand that nothing else binds.
        self._given: set[str] = set()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        bound, given = names_bound_anywhere(node), (*node.args.posonlyargs, *node.args.args)
        outer, self._given = self._given, {one.arg for one in given if bound.count(one.arg) == 1}
        self.generic_visit(node)
        self._given = outer
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Name(id="getattr" as asked), args=[value, ast.Constant(value=str(name))], keywords=[]) if (
                asked in self._meant and is_plain_name(name) and not isinstance(value, ast.Starred)
            ):
                return ast.copy_location(ast.Attribute(value, name, ast.Load()), node)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        self.generic_visit(node)
        match node.value:
            case ast.Call(
                func=ast.Name(id="setattr" as asked), args=[ast.Name(id=given) as owner, ast.Constant(value=str(name)), value], keywords=[]
            ) if asked in self._meant and is_plain_name(name) and (given in self._given or isinstance(value, ast.Constant)):
                target = ast.copy_location(ast.Attribute(owner, name, ast.Store()), node.value)
                return ast.copy_location(ast.Assign([target], value), node)
        return node


def is_plain_name(name: str) -> bool:
    """Tell whether a text is the name of an attribute that means the same everywhere: CPython reads private ones in its own way."""
    return name.isidentifier() and name.isascii() and not iskeyword(name) and not name.startswith("__")


class _Asked(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr=attr), args=[], keywords=[]) if attr in _ASKED and not _is_base(value):
                return ast.copy_location(ast.Call(ast.copy_location(ast.Name(_ASKED[attr], ast.Load()), node.func), [value], []), node)
        return node


def _is_base(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def _is_typed(node: ast.ClassDef) -> bool:
    match node.bases:
        case [ast.Name(id="TypedDict")] | [ast.Attribute(value=ast.Name(id="typing"), attr="TypedDict")]:
            return True
        case _:
            return False


def _bound_names(tree: ast.Module) -> set[str]:
    """Return the names that a module's functions or assignments bind, whatever its classes are called."""
    found = {node.id for node in walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return found | {node.arg for node in walk(tree) if isinstance(node, ast.arg)}


class _TypedCalls(ast.NodeTransformer):
    """Calls of classes of `TypedDict`, which make dicts."""

    def __init__(self, typed: set[str]) -> None:
        self._typed = typed

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in self._typed:
            node.func = ast.copy_location(ast.Name("dict", ast.Load()), node.func)
        return node


class _Classes(ast.NodeTransformer):
    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if node.attr != "__class__" or not isinstance(node.ctx, ast.Load):
            return node
        name = ast.copy_location(ast.Name("type", ast.Load()), node)
        return ast.copy_location(ast.Call(name, [node.value], []), node)


class _Subscripts(ast.NodeTransformer):
    """A class is told what it holds, which CPython keeps for those who ask."""

    def __init__(self, generic: set[str], bound: set[str]) -> None:
        self._generic = generic
        self._bound = bound

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node.func:
            case ast.Subscript(value=ast.Name(id=name) as value, slice=index) if name in self._generic and self._is_there(index):
                node.func = value
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        self.generic_visit(node)
        for place, base in enumerate(node.bases):
            match base:
                case ast.Subscript(value=ast.Name(id=name) as value, slice=index) if name in self._generic and self._is_there(index):
                    node.bases[place] = value
        return node

    def _is_there(self, index: ast.expr) -> bool:
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        known = [part.id in self._bound or hasattr(builtins, part.id) for part in parts if isinstance(part, ast.Name)]
        return len(known) == len(parts) and all(known)


def _write_orders(tree: ast.Module, bound: set[str]) -> None:
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "functools" and not node.level]
    names = {alias.name for node in imports for alias in node.names if alias.asname is None}
    modules = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names if alias.asname is None}
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        for decorator in node.decorator_list:
            match decorator:
                case ast.Name(id="total_ordering") if "total_ordering" in names:
                    _write_order(node, decorator)
                case ast.Attribute(value=ast.Name(id="functools"), attr="total_ordering") if "functools" in modules - bound:
                    _write_order(node, decorator)
    uses = {node.id for node in walk(tree) if isinstance(node, ast.Name)}
    for imported in imports if "total_ordering" not in uses else ():
        imported.names = [alias for alias in imported.names if alias.name != "total_ordering" or alias.asname]
    tree.body = [node for node in tree.body if not isinstance(node, ast.ImportFrom) or node.names]


def _write_order(node: ast.ClassDef, decorator: ast.expr) -> None:
    """Write the comparisons that a class lacks; one that derives from another may have got them there, and stays as it is."""
    methods = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
    stored = {item.id for item in walk(node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)}
    root = next((symbol for symbol, name in _NAMES.items() if name in methods), None)
    plain = not any(isinstance(base, ast.Name) and base.id != "object" for base in node.bases)
    if root is None or not plain or stored & {*_NAMES.values()}:
        return
    missing = {_NAMES[symbol]: says for symbol, says in _ORDERS[root].items() if _NAMES[symbol] not in methods}
    text = "\n".join(f"    def {name}(self, other):\n        return {says}" for name, says in missing.items())
    written = ast.parse(f"class C:\n{text}" if text else "class C:\n    pass").body[0]
    assert isinstance(written, ast.ClassDef)
    for made in written.body:
        for inner in ast.walk(made):
            if "lineno" in inner._attributes:
                ast.copy_location(inner, node)
    node.body = [*node.body, *written.body]
    node.decorator_list = [one for one in node.decorator_list if one is not decorator]
