"""`lru_cache` and `cache` of functools: what the decorators do is written here instead, as CPython 3.11's C code does it.

A function becomes two: one that computes, and one under its name that looks first into a dict which outlives the calls. The dict's order is
that of use, so that what is thrown out is what CPython throws out. Like there, only arguments make a key, by position: a function that is
called otherwise somewhere stays as it is, and is refused as any decorator.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass

from portalis.translator.frontend.read.tree import makes_generators, walk

_DEFAULT_SIZE = 128
_UNBOUNDED = """
def name():
    if key in cache:
        return cache[key]
    result = computed()
    cache[key] = result
    return result
"""
_BOUNDED = """
def name():
    if key in cache:
        result = cache.pop(key)
        cache[key] = result
        return result
    result = computed()
    if key not in cache:
        if len(cache) >= size:
            cache.pop(next(iter(cache)))
        cache[key] = result
    return result
"""
# What is written uses them.
_TAKEN = ("len", "next", "iter", "type", "int")


@dataclass(frozen=True, slots=True)
class _Cached:
    """A function that is cached, with the names of what is written for it; no `size`: without an end."""

    definition: ast.FunctionDef
    size: int | None
    cache: str
    computed: str


def expand_caches(tree: ast.Module, text: str) -> frozenset[str] | None:
    """Write what the decorators do; return the names of the module's own caches, None where nothing is cached.

    Imports of the decorators go where nothing uses them.
    """
    decorators = _Decorators.of(tree) if "cache" in text else None
    if decorators is None:
        return None
    found = {id(one.definition): one for one in _cached(tree, text, decorators)}
    if not found:
        return None
    _Clearing({one.definition.name: one.cache for one in found.values()}).visit(tree)
    own = frozenset(one.cache for one in found.values() if any(one.definition is statement for statement in tree.body))
    for node in [*walk(tree)]:
        for block in ("body", "orelse", "finalbody"):
            statements = getattr(node, block, None)
            if isinstance(statements, list) and not isinstance(node, ast.ClassDef):
                setattr(node, block, [new for one in statements for new in _written(found.get(id(one)), one)])
    decorators.leave_out(tree)
    return own


@dataclass(frozen=True, slots=True)
class _Decorators:
    """What a file calls the decorators, and functools itself."""

    lru_cache: frozenset[str]
    cache: frozenset[str]
    modules: frozenset[str]

    @classmethod
    def of(cls, tree: ast.Module) -> _Decorators | None:
        """Read a file's imports; None where it has none of them, or names of them mean something else somewhere."""
        named: dict[str, set[str]] = {"lru_cache": set(), "cache": set(), "functools": set()}
        for node in walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "functools" and not node.level:
                for alias in node.names:
                    if alias.name in named:
                        named[alias.name].add(alias.asname or alias.name)
            elif isinstance(node, ast.Import):
                named["functools"] |= {alias.asname or alias.name for alias in node.names if alias.name == "functools"}
        names = set().union(*named.values())
        if len(names) < sum(map(len, named.values())):
            # One name for two of them: which it is depends on where it stands.
            return None
        return cls(*(frozenset(one) for one in named.values())) if names and not names & set(bound_names(tree)) else None

    def size(self, node: ast.expr) -> int | str | None:
        """Return how many results a decorator keeps, None for all of them; a text where it is none of them, or does something else."""
        if self._named(node, self.cache, "cache"):
            return None
        if self._named(node, self.lru_cache, "lru_cache"):
            return _DEFAULT_SIZE
        match node:
            case ast.Call(func=function, args=args, keywords=keywords) if self._named(function, self.lru_cache, "lru_cache"):
                given = dict(zip(("maxsize", "typed"), args, strict=False)) | {one.arg or "": one.value for one in keywords}
                plain = {name: value.value for name, value in given.items() if isinstance(value, ast.Constant)}
                size, typed = plain.get("maxsize", _DEFAULT_SIZE), plain.get("typed", False)
                if given.keys() != plain.keys() or not given.keys() <= {"maxsize", "typed"} or len(args) > 2 or typed is not False:
                    return "other arguments"
                if size is None or (type(size) is int and size > 0):
                    return size
        return "another decorator"

    def _named(self, node: ast.expr, names: frozenset[str], name: str) -> bool:
        match node:
            case ast.Name(id=found):
                return found in names
            case ast.Attribute(value=ast.Name(id=module), attr=attr):
                return module in self.modules and attr == name
            case _:
                return False

    def leave_out(self, tree: ast.Module) -> None:
        """Take the decorators out of imports where nothing uses them any more."""
        used = {node.id for node in walk(tree) if isinstance(node, ast.Name)}
        for node in [*walk(tree)]:
            body = getattr(node, "body", None)
            for place, statement in enumerate(body if isinstance(body, list) else ()):
                if isinstance(body, list) and isinstance(statement, ast.ImportFrom) and statement.module == "functools":
                    kept = [one for one in statement.names if one.name not in ("lru_cache", "cache") or (one.asname or one.name) in used]
                    statement.names = kept
                    body[place] = statement if kept else ast.copy_location(ast.Pass(), statement)


def bound_names(tree: ast.Module) -> Iterator[str]:
    """Yield every name that a file binds by anything but an import."""
    for node in walk(tree):
        yield from bound_by(node)


def imported_names(tree: ast.Module) -> Iterator[str]:
    """Yield every name that an import of a file binds, but for what functools itself calls so."""
    for node in walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            own = isinstance(node, ast.ImportFrom) and node.module == "functools" and not node.level
            yield from (alias.asname or alias.name for alias in node.names if not own or alias.asname not in (None, alias.name))


def bound_by(node: ast.AST) -> Iterator[str]:
    """Yield the name that a node by itself binds, if it is no import."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            yield name
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case _:
            pass


def _cached(tree: ast.Module, text: str, decorators: _Decorators) -> Iterator[_Cached]:
    if set(_TAKEN) & {*bound_names(tree), *imported_names(tree)}:
        return
    methods = {id(one) for node in walk(tree) if isinstance(node, ast.ClassDef) for one in node.body}
    definitions = [node for node in walk(tree) if isinstance(node, ast.FunctionDef)]
    names = [node.name for node in definitions]
    for node in definitions:
        size = decorators.size(node.decorator_list[0]) if len(node.decorator_list) == 1 else ""
        given = node.args
        plain = not (given.vararg or given.kwarg or given.kwonlyargs or makes_generators(node))
        alone = names.count(node.name) == 1
        if isinstance(size, str) or not plain or id(node) in methods or not called_plainly(tree, node, alone):
            continue
        # Where several functions have the name, each has a dict of its own.
        own = node.name if alone else f"{node.name}_{node.lineno}"
        cache, computed = free_name(f"{own}_cache", text), free_name(f"{own}_computed", text)
        yield _Cached(node, size, cache, computed)


def free_name(name: str, text: str) -> str:
    """Return a name that a file does not have."""
    while re.search(rf"\b{name}\b", text):
        name += "_"
    return name


def called_plainly(tree: ast.Module, definition: ast.FunctionDef, alone: bool) -> bool:
    """Tell whether every call by a function's name passes each parameter by position; `alone`: no other function has the name."""
    count = len(definition.args.posonlyargs) + len(definition.args.args)
    for node in walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if name == definition.name:
                if keywords or len(args) != count or any(isinstance(one, ast.Starred) for one in args):
                    return False
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name == definition.name and (attr != "cache_clear" or not alone):
                return False
            case _:
                pass
    return True


def _written(cached: _Cached | None, statement: ast.stmt) -> list[ast.stmt]:
    """Return what takes the place of a statement: of a function that is cached, a dict and two functions."""
    if cached is None:
        return [statement]
    node = cached.definition
    parameters = [*node.args.posonlyargs, *node.args.args]
    template = ast.parse(_UNBOUNDED if cached.size is None else _BOUNDED).body[0]
    assert isinstance(template, ast.FunctionDef)
    result = free_name("result", " ".join(one.arg for one in parameters))
    _Filled(cached, _key(parameters), [one.arg for one in parameters], result).visit(template)
    for inner in ast.walk(template):
        ast.copy_location(inner, node)
    docstring = [node.body[0]] if ast.get_docstring(node) is not None else []
    template.name, template.args, template.returns = node.name, copy.deepcopy(node.args), node.returns
    template.body = [*docstring, *template.body]
    made = ast.Assign([ast.Name(cached.cache, ast.Store())], ast.Dict([], []))
    for inner in ast.walk(made):
        ast.copy_location(inner, node)
    node.name, node.decorator_list = cached.computed, []
    node.args.defaults = []
    return [made, node, template]


def _key(parameters: list[ast.arg]) -> ast.expr:
    """Return the key of a call. CPython's of one int is that int, which is no key of an equal float: that is one element of a tuple."""
    names: list[ast.expr] = [ast.Name(one.arg, ast.Load()) for one in parameters]
    if not names:
        return ast.Constant(0)
    if len(names) > 1:
        return ast.Tuple(names, ast.Load())
    if isinstance(annotation := parameters[0].annotation, ast.Name) and annotation.id == "str":
        return names[0]
    is_int = ast.Compare(ast.Call(ast.Name("type", ast.Load()), [names[0]], []), [ast.Is()], [ast.Name("int", ast.Load())])
    return ast.Tuple([is_int, ast.Name(parameters[0].arg, ast.Load())], ast.Load())


class _Filled(ast.NodeTransformer):
    """Puts the names of one function into a template."""

    def __init__(self, cached: _Cached, key: ast.expr, parameters: list[str], result: str) -> None:
        self._cached, self._key, self._parameters, self._result = cached, key, parameters, result

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Replace a name of the template's."""
        match node.id:
            case "key":
                return copy.deepcopy(self._key)
            case "size":
                return ast.Constant(self._cached.size)
            case "cache":
                node.id = self._cached.cache
            case "result":
                node.id = self._result
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Replace the call of what computes."""
        if isinstance(node.func, ast.Name) and node.func.id == "computed":
            return ast.Call(ast.Name(self._cached.computed, ast.Load()), [ast.Name(one, ast.Load()) for one in self._parameters], [])
        return self.generic_visit(node)  # type: ignore[return-value]


class _Clearing(ast.NodeTransformer):
    """Lets `f.cache_clear()` clear the dict."""

    def __init__(self, caches: dict[str, str]) -> None:
        self._caches = caches

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Replace the method of a function that is cached."""
        if node.attr == "cache_clear" and isinstance(node.value, ast.Name) and node.value.id in self._caches:
            cache = ast.copy_location(ast.Name(self._caches[node.value.id], ast.Load()), node.value)
            return ast.copy_location(ast.Attribute(cache, "clear", node.ctx), node)
        self.generic_visit(node)
        return node
