"""Decorators of the module's own that remember: `memoize` and its kin, whose state is a variable of the function that decorates.

A function that is decorated becomes two, as for `functools.cache`: the one that it was, and under its name the one that the decorator makes
of it. What the decorator keeps in variables is kept by the module then, one variable for each function that is decorated.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass

from portalis.translator.frontend.assemble.written.caches import bound_by, bound_names, called_plainly, free_name, imported_names
from portalis.translator.frontend.read.tree import makes_generators, walk

# What is read of a decorator as Python's own.
_TAKEN = frozenset(("dict", "list", "set", "sorted", "tuple", "wraps"))


@dataclass(frozen=True, slots=True)
class _Decorator:
    """A function that sets variables, defines a function inside it, and returns that; `parameter` is what it is given."""

    parameter: str
    state: dict[str, ast.expr]
    inner: ast.FunctionDef


def expand_memories(tree: ast.Module, text: str) -> frozenset[str]:
    """Write what decorators with a state do; return the names of the module's variables that keep it."""
    if "@" not in text or "def " not in text or _TAKEN & {*bound_names(tree), *imported_names(tree)}:
        return frozenset()
    bound = _bound_in_module(tree)
    decorators = {
        node.name: found
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and bound.count(node.name) == 1 and (found := _decorator(node)) is not None
    }
    names = [node.name for node in walk(tree) if isinstance(node, ast.FunctionDef)]
    kept: set[str] = set()
    body: list[ast.stmt] = []
    for node in tree.body:
        decorator = _decorator_of(node, decorators)
        if decorator is None or not isinstance(node, ast.FunctionDef) or names.count(node.name) > 1 or not called_plainly(tree, node, True):
            body.append(node)
            continue
        state = {name: free_name(f"{node.name}_{name}", text) for name in decorator.state}
        kept.update(state.values())
        body += _written(node, decorator, state, free_name(f"{node.name}_computed", text))
    tree.body = body
    return frozenset(kept)


def _bound_in_module(tree: ast.Module) -> list[str]:
    """Return the names that the module's own statements bind, and those that functions declare to be the module's, each time they do."""
    found: list[str] = []
    waiting: list[ast.AST] = [*tree.body]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found += [name, *(one for inner in walk(node) if isinstance(inner, ast.Global) for one in inner.names)]
                continue
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                found += [(alias.asname or alias.name).partition(".")[0] for alias in aliases]
            case _:
                found += bound_by(node)
        waiting += ast.iter_child_nodes(node)
    return found


def _decorator(node: ast.FunctionDef) -> _Decorator | None:
    given = node.args
    body = [one for one in node.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
    if (
        len(given.args) != 1
        or given.posonlyargs
        or given.kwonlyargs
        or given.vararg
        or given.kwarg
        or given.defaults
        or node.decorator_list
    ):
        return None
    state: dict[str, ast.expr] = {}
    for statement in body[:-2]:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                if name in state or not _is_plain(value):
                    return None
                state[name] = value
            case _:
                return None
    match body[-2:]:
        case [ast.FunctionDef(name=name) as inner, ast.Return(value=ast.Name(id=returned))] if name == returned and state:
            own = all(one in state for node in walk(inner) if isinstance(node, ast.Nonlocal) for one in node.names)
            plain = own and _is_plain_function(inner) and all(map(_is_wraps, inner.decorator_list))
            return _Decorator(given.args[0].arg, state, inner) if plain and not makes_generators(inner) else None
        case _:
            return None


def _is_plain(value: ast.expr) -> bool:
    match value:
        case (
            ast.Constant()
            | ast.Dict(keys=[])
            | ast.List(elts=[])
            | ast.Call(func=ast.Name(id="dict" | "list" | "set"), args=[], keywords=[])
        ):
            return True
        case _:
            return False


def _is_plain_function(node: ast.FunctionDef) -> bool:
    """Tell whether a function takes arguments by position alone, and no function or name is bound inside it that could mean another."""
    given = node.args
    single = bool(given.vararg) != bool(given.args)
    others = (given.kwarg and not given.vararg) or given.kwonlyargs or given.defaults or given.posonlyargs
    nested = any(
        isinstance(inner, ast.FunctionDef | ast.Lambda | ast.ClassDef | ast.Global | ast.comprehension) and inner is not node
        for inner in walk(node)
    )
    gathered = {one.arg for one in (given.vararg, given.kwarg) if one is not None}
    rebound = any(isinstance(inner, ast.Name) and inner.id in gathered and not isinstance(inner.ctx, ast.Load) for inner in walk(node))
    return single and not others and not nested and not rebound


def _is_wraps(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="wraps") | ast.Attribute(value=ast.Name(id="functools"), attr="wraps"), args=[ast.Name()]):
            return True
        case _:
            return False


def _decorator_of(node: ast.stmt, decorators: dict[str, _Decorator]) -> _Decorator | None:
    """Return what decorates a function of plain parameters; None where that is anything else."""
    match node:
        case ast.FunctionDef(decorator_list=[ast.Name(id=name)], args=given) if name in decorators:
            found = decorators[name]
            plain = not (given.vararg or given.kwarg or given.kwonlyargs or given.defaults or makes_generators(node))
            fits = found.inner.args.vararg is not None or len(found.inner.args.args) == len(given.posonlyargs) + len(given.args)
            used = {inner.id for inner in walk(found.inner) if isinstance(inner, ast.Name)}
            # Each name means one thing: the function inside is not asked for by name, and no parameter is called like what it uses.
            own = {*found.state, found.parameter}
            named = {one.arg for one in (*found.inner.args.args, found.inner.args.vararg, found.inner.args.kwarg) if one is not None}
            alone = found.parameter not in found.state and found.inner.name not in used and not named & own
            apart = found.inner.args.vararg is None or not used & {one.arg for one in (*given.posonlyargs, *given.args)}
            return found if plain and fits and alone and apart else None
        case _:
            return None


def _written(node: ast.FunctionDef, decorator: _Decorator, state: dict[str, str], computed: str) -> list[ast.stmt]:
    """Return the variables, the function as it was, and the one under its name."""
    inner = copy.deepcopy(decorator.inner)
    args = copy.deepcopy(node.args) if inner.args.vararg is not None else inner.args
    names = [one.arg for one in (*args.posonlyargs, *args.args)]
    gathered, named = (one.arg if one is not None else "" for one in (inner.args.vararg, inner.args.kwarg))
    filled = _Filled({**state, decorator.parameter: computed}, gathered, named, names)
    statements = [made for one in inner.body for made in [filled.visit(one)] if made is not None]
    wrapper = ast.FunctionDef(name=node.name, args=args, body=statements, decorator_list=[], returns=None)
    made = [ast.Assign([ast.Name(state[name], ast.Store())], copy.deepcopy(value)) for name, value in decorator.state.items()]
    changed = sorted({name for one in ast.walk(inner) if isinstance(one, ast.Nonlocal) for name in one.names})
    wrapper.body = [*([ast.Global([state[name] for name in changed])] if changed else []), *wrapper.body]
    for one in (*made, wrapper):
        for part in ast.walk(one):
            if "lineno" in part._attributes and not hasattr(part, "lineno"):
                ast.copy_location(part, node)
    node.name, node.decorator_list = computed, []
    return [*made, node, wrapper]


class _Filled(ast.NodeTransformer):
    """Gives names of a decorator's function those that they have in the module, and puts parameters where it gathers arguments.

    No call has arguments with names: what gathers such is empty.
    """

    def __init__(self, names: dict[str, str], gathered: str, named: str, parameters: list[str]) -> None:
        self._names, self._gathered, self._named, self._parameters = names, gathered, named, parameters

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        """Leave it out: the names are the module's."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Pass the parameters on where the gathered arguments are; what is made of no arguments with names is empty."""
        match node:
            case ast.Call(func=ast.Name(id="tuple"), args=[ast.Call(func=ast.Name(id="sorted"), args=[inner], keywords=[])], keywords=[]):
                empty = self._named != "" and ast.unparse(inner) == f"{self._named}.items()"
            case ast.Call(func=ast.Name(id="tuple"), args=[inner], keywords=[]):
                empty = self._named != "" and ast.unparse(inner) == f"{self._named}.items()"
            case _:
                empty = False
        if empty:
            return ast.copy_location(ast.Tuple([], ast.Load()), node)
        args: list[ast.expr] = []
        for one in node.args:
            if isinstance(one, ast.Starred) and isinstance(one.value, ast.Name) and one.value.id == self._gathered:
                args += [ast.copy_location(ast.Name(name, ast.Load()), one) for name in self._parameters]
            else:
                args.append(one)
        node.args = args
        node.keywords = [one for one in node.keywords if one.arg is not None or ast.unparse(one.value) != self._named]
        self.generic_visit(node)
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Replace a name."""
        if self._named and node.id == self._named:
            return ast.copy_location(ast.Dict([], []), node)
        if self._gathered and node.id == self._gathered:
            names: list[ast.expr] = [ast.copy_location(ast.Name(name, ast.Load()), node) for name in self._parameters]
            return ast.copy_location(ast.Tuple(names, ast.Load()), node)
        node.id = self._names.get(node.id, node.id)
        return node
