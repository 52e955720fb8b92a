"""`random.seed(n)` at the beginning of a function, which then draws from the module's own generator: as one of the function's own.

It draws the same numbers, and leaves nothing that anybody sees, where no other function draws from the module's generator, and where no
call of the function begins before another one has ended: it is no generator and makes no function that draws, and nothing that it could
call names it. Everything else stays as it is, and is refused.
"""

from __future__ import annotations

import ast

from portalis.translator.frontend.read.tree import walk

_OWN = "source"
# What goes over a generator expression before it gives anything.
_CONSUMING = frozenset(("sum", "any", "all", "list", "tuple", "set", "frozenset", "dict", "sorted", "max", "min"))


def expand_seeds(tree: ast.Module, text: str) -> None:
    """Give the function of a module that seeds what it draws from a generator of its own."""
    if "random" not in text or ".seed(" not in text:
        return
    aliases = [alias for node in tree.body if isinstance(node, ast.Import) for alias in node.names if alias.name == "random"]
    if len(aliases) != 1:
        return
    name = aliases[0].asname or "random"
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    drawing = [one for one in functions if _drawn(one, name)]
    if len(drawing) != 1 or _binds(tree, name) or len(_drawn(tree, name)) != len(_drawn(drawing[0], name)):
        return
    function = drawing[0]
    if _is_called_meanwhile(tree, function) or not _is_plain(function, name):
        return
    place = next(place for place, statement in enumerate(function.body) if _drawn(statement, name))
    match function.body[place]:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="seed") as drawn, args=[seed], keywords=[]) as call) if not (
            isinstance(seed, ast.Starred) or _drawn(seed, name)
        ):
            own = _OWN
            while own in text:
                own += "_"
            for one in _drawn(function, name):
                one.value = ast.copy_location(ast.Name(own, ast.Load()), one.value)
            drawn.value, drawn.attr = ast.copy_location(ast.Name(name, ast.Load()), drawn), "Random"
            made = ast.Assign([ast.copy_location(ast.Name(own, ast.Store()), call)], call)
            function.body[place] = ast.copy_location(made, function.body[place])


def _drawn(node: ast.AST, name: str) -> list[ast.Attribute]:
    """Return the names of the module that are read below a node, but for the class of generators."""
    return [
        one
        for one in walk(node)
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == name and one.attr != "Random"
    ]


def _binds(tree: ast.Module, name: str) -> bool:
    """Tell whether a name means anything else than the module that is imported, or is used other than for what the module has."""
    owners = {id(one.value) for one in walk(tree) if isinstance(one, ast.Attribute)}
    for node in walk(tree):
        match node:
            case ast.Name(id=found) if found == name and not (isinstance(node.ctx, ast.Load) and id(node) in owners):
                return True
            case ast.arg(arg=found) | ast.FunctionDef(name=found) | ast.ClassDef(name=found) | ast.ExceptHandler(name=found) if (
                found == name
            ):
                return True
            case ast.ImportFrom(module="random"):
                return True
            case ast.Import() if node not in tree.body and any(one.name.partition(".")[0] == "random" for one in node.names):
                return True
    return False


def _is_called_meanwhile(tree: ast.Module, function: ast.FunctionDef) -> bool:
    """Tell whether a function may run inside of itself: whether anything names it but calls of it in functions that nobody names."""
    named = {id(node): _names(node) for node in tree.body if not _is_main(node)}
    callers = [node for node in tree.body if function.name in named.get(id(node), ())]
    if not all(isinstance(node, ast.FunctionDef) and node is not function and _only_calls(node, function.name) for node in callers):
        return True
    return any(isinstance(node, ast.FunctionDef) and node.name in names for node in callers for names in named.values())


def _is_main(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Compare) and "__name__" in ast.dump(node.test)


def _only_calls(node: ast.FunctionDef, name: str) -> bool:
    """Tell whether a function does nothing with another one but call it, at once."""
    called = {id(one.func) for one in walk(node) if isinstance(one, ast.Call)}
    later = {
        id(inner)
        for statement in node.body
        for one in walk(statement)
        if isinstance(one, ast.Lambda | ast.FunctionDef | ast.GeneratorExp | ast.ClassDef)
        for inner in walk(one)
    }
    uses = [one for one in walk(node) if isinstance(one, ast.Name) and one.id == name]
    names = [one for one in walk(node) if isinstance(one, ast.Attribute) and one.attr == name]
    return not names and all(id(one) in called and id(one) not in later for one in uses)


def _names(node: ast.AST) -> set[str]:
    found = {one.id for one in walk(node) if isinstance(one, ast.Name)} | {one.attr for one in walk(node) if isinstance(one, ast.Attribute)}
    return found | {one.value for one in walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def _is_plain(function: ast.FunctionDef, name: str) -> bool:
    """Tell whether all that a function draws is drawn while it runs, in its body."""
    consumed: set[int] = set()
    for node in walk(function):
        match node:
            case ast.Yield() | ast.YieldFrom():
                return False
            case ast.Call(func=ast.Name(id=by), args=[ast.GeneratorExp() as items, *_]) if by in _CONSUMING:
                consumed.add(id(items))
            case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join"), args=[ast.GeneratorExp() as items]):
                consumed.add(id(items))
    later = [
        node
        for statement in function.body
        for node in walk(statement)
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)
        or (isinstance(node, ast.GeneratorExp) and id(node) not in consumed)
    ]
    called = {id(node.func) for statement in function.body for node in walk(statement) if isinstance(node, ast.Call)}
    return all(id(one) in called for one in _drawn(function, name)) and not any(_drawn(node, name) for node in later)
