"""Functions under `@contextmanager`, written as the classes that do the same where a `with` enters what they give.

What stands before the `yield` is `__enter__`, which keeps the names that what follows reads; what follows it is `__exit__`, with the error,
if any, raised where the `yield` stood. A function stays as it is, and is refused, where that could be told from CPython's generator: where
it is used otherwise than in the head of a `with`, where it does not certainly come to its only `yield`, where it ends early, where names
are read that may not be there, or where the program has to do with StopIteration, which is another error on its way out of a generator.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from portalis.translator.frontend.read.class_forms.nodes import class_node, function_node, names_bound_anywhere, placed_at
from portalis.translator.frontend.read.tree import walk

_Function = ast.FunctionDef
# What ends a generator early, or shares its names with something that lives longer.
_TOLD_APART = (
    ast.Return, ast.Lambda, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.NamedExpr, ast.Delete, ast.Global, ast.Nonlocal,
    ast.YieldFrom, ast.Import, ast.ImportFrom, ast.Match,
)  # fmt: skip


def expand_managers(tree: ast.Module, text: str) -> None:
    """Write those of a module's functions and methods under `@contextmanager` as classes."""
    if "contextmanager" not in text or _ends_iteration(tree):
        return
    names = _marks(tree)
    entered = _entered(tree)
    body: list[ast.stmt] = []
    for statement in tree.body:
        if isinstance(statement, ast.ClassDef):
            for item in statement.body:
                if isinstance(item, _Function) and _is_marked(item, names) and not _uses(tree, item.name, entered, methods=True):
                    body += _written(item, _fresh(f"_{statement.name}_{item.name}", text))
        elif isinstance(statement, _Function) and _is_marked(statement, names) and not _uses(tree, statement.name, entered, methods=False):
            body += _written(statement, _fresh(f"_{statement.name}", text))
        body.append(statement)
    tree.body = body
    left = {node.id for node in walk(tree) if isinstance(node, ast.Name)}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "contextlib":
            node.names = [one for one in node.names if one.name != "contextmanager" or (one.asname or one.name) in left]
    tree.body = [node for node in tree.body if not isinstance(node, ast.ImportFrom) or node.names]


def _marks(tree: ast.Module) -> set[str]:
    """Return what the decorator, or its module, is called, where nothing else is called so."""
    found = set()
    for node in tree.body:
        match node:
            case ast.ImportFrom(module="contextlib", level=0):
                found |= {alias.asname or alias.name for alias in node.names if alias.name == "contextmanager"}
            case ast.Import():
                found |= {alias.name for alias in node.names if alias.name == "contextlib" and alias.asname is None}
    bound = names_bound_anywhere(tree)
    return {name for name in found if bound.count(name) == 1}


def _ends_iteration(tree: ast.Module) -> bool:
    for node in walk(tree):
        match node:
            case ast.Name(id="next" | "StopIteration") | ast.Attribute(attr="__next__") | ast.FunctionDef(name="__next__"):
                return True
    return False


def _fresh(name: str, text: str) -> str:
    while name in text:
        name += "_"
    return name


def _is_marked(node: _Function, names: set[str]) -> bool:
    match node.decorator_list:
        case [ast.Name(id=name)]:
            return name in names
        case [ast.Attribute(value=ast.Name(id="contextlib"), attr="contextmanager")]:
            return "contextlib" in names
        case _:
            return False


def _entered(tree: ast.Module) -> set[int]:
    """Return what the heads of `with` call, by id, where they give each argument by itself."""
    found: set[int] = set()
    for node in walk(tree):
        for item in node.items if isinstance(node, ast.With) else ():
            call = item.context_expr
            plain = isinstance(call, ast.Call) and all(one.arg is not None for one in call.keywords)
            if isinstance(call, ast.Call) and plain and not any(isinstance(one, ast.Starred) for one in call.args):
                found.add(id(call.func))
    return found


def _uses(tree: ast.Module, name: str, entered: set[int], *, methods: bool) -> bool:
    """Tell whether a name means anything else than what a `with` calls, or is bound twice."""
    bound = 0
    for node in walk(tree):
        match node:
            case ast.Attribute(attr=attr) if methods and attr == name and id(node) not in entered:
                return True
            case ast.Name(id=found) if found == name and (methods or id(node) not in entered):
                return True
            case ast.FunctionDef(name=found) | ast.ClassDef(name=found) | ast.arg(arg=found) if found == name:
                bound += 1
            case ast.Constant(value=str(found)) if found == name:
                return True
    return bound != 1


def _written(node: _Function, name: str) -> list[ast.stmt]:
    """Return the class that a function stands for, and let the function make one; nothing, where that is not certain."""
    parameters = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    parameters += [one for one in (node.args.vararg, node.args.kwarg) if one is not None]
    own = [one.arg for one in parameters]
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    place = next((place for place, one in enumerate(body) if any(isinstance(inner, ast.Yield) for inner in ast.walk(one))), None)
    inner = [one for statement in node.body for one in ast.walk(statement)]
    told = any(isinstance(one, _TOLD_APART) or (isinstance(one, ast.Name) and one.id == "super") for one in inner)
    if place is None or told or sum(isinstance(one, ast.Yield) for one in inner) != 1 or any(one.startswith("__") for one in own):
        return []
    before, rest = body[:place], body[place:]
    certain, bound = {*own, *_certain(before)}, {*own, *_stored(before)}
    value = _value(rest[0], certain)
    read = {one.id for statement in rest for one in ast.walk(statement) if isinstance(one, ast.Name)} & bound
    if value is None or not read <= certain or _lent(before) & _stored(rest):
        return []
    kept = sorted(read)
    handled = not isinstance(rest[0], ast.Expr)
    here, error = f"{name}_manager", f"{name}_error"
    _resume(rest, f"if {error} is not None:\n    {f'raise {error}' if handled else 'return False'}")
    # A manager that nothing is kept of has its arguments all the same: they are evaluated.
    enter = [*_parsed(f"{one} = {here}.{one}" for one in own), *before, *_parsed(f"{here}.{one} = {one}" for one in kept if one not in own)]
    enter += _parsed(f"{here}.{one} = {one}" for one in kept if one in own and one in _stored(before))
    enter.append(ast.Return(value))
    leave = [*_parsed(f"{one} = {here}.{one}" for one in kept), *rest, *_parsed([f"return {f'{error} is not None' if handled else False}"])]
    begin = _parsed(f"{here}.{one} = {one}" for one in own) or [ast.Pass()]
    methods = (
        ("__init__", [here, *own], begin),
        ("__enter__", [here], enter),
        ("__exit__", [here, f"{name}_kind", error, f"{name}_trace"], leave),
    )
    made = class_node(name, [], [function_node(method, _named(given), block) for method, given, block in methods])
    node.decorator_list, node.returns = [], None
    node.body = _parsed([f"return {name}({', '.join(own)})"])
    for one in (made, *node.body):
        for part in ast.walk(one):
            if "lineno" in part._attributes and not hasattr(part, "lineno"):
                ast.copy_location(part, node)
    return [made]


def _parsed(lines: Iterable[str]) -> list[ast.stmt]:
    """Return statements, one or more a text, without places."""
    made = ast.parse("\n".join(lines)).body
    for node in (inner for statement in made for inner in ast.walk(statement)):
        for name in ("lineno", "col_offset", "end_lineno", "end_col_offset"):
            if hasattr(node, name):
                delattr(node, name)
    return made


def _named(names: list[str]) -> ast.arguments:
    return ast.arguments(posonlyargs=[], args=[ast.arg(name) for name in names], kwonlyargs=[], kw_defaults=[], defaults=[])


def _stored(body: list[ast.stmt]) -> set[str]:
    found = {inner.id for one in body for inner in ast.walk(one) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)}
    return found | {inner.name for one in body for inner in ast.walk(one) if isinstance(inner, ast.ExceptHandler) and inner.name}


def _lent(body: list[ast.stmt]) -> set[str]:
    """Return the names that generator expressions have in common with the function around them, for as long as either lives."""
    generators = (inner for one in body for inner in ast.walk(one) if isinstance(inner, ast.GeneratorExp))
    return {inner.id for one in generators for inner in ast.walk(one) if isinstance(inner, ast.Name)}


def _certain(body: list[ast.stmt]) -> set[str]:
    """Return the names that statements certainly bind, if they come to their end, and that none takes away."""
    found: set[str] = set()
    for one in body:
        targets = one.targets if isinstance(one, ast.Assign) else [one.target] if isinstance(one, ast.AnnAssign) and one.value else []
        found |= {inner.id for target in targets for inner in ast.walk(target) if isinstance(inner, ast.Name)}
    return found - {inner.name for one in body for inner in ast.walk(one) if isinstance(inner, ast.ExceptHandler)}


def _value(statement: ast.stmt, certain: set[str]) -> ast.expr | None:
    """Return what the `yield` gives that a statement is, or comes to before anything else; under `try` only what cannot fail."""
    match statement:
        case ast.Expr(value=ast.Yield(value=value)):
            return value if value is not None else ast.Constant(None)
        case ast.Try(body=[first, *_]):
            found = _value(first, certain)
            plain = isinstance(found, ast.Constant) or (isinstance(found, ast.Name) and found.id in certain)
            return found if plain else None
        case _:
            return None


def _resume(body: list[ast.stmt], text: str) -> None:
    """Put what a generator does when it is resumed in the place of the `yield` that comes first."""
    match body[0]:
        case ast.Try() as tried:
            _resume(tried.body, text)
        case first:
            body[:1] = [placed_at(one, first) for one in _parsed([text])]
