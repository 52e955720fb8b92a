"""Which functions inside a function may be called when it has gone on or is left, and which of its variables they need in cells then."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from portalis.translator.frontend.read.free_names import Definition, free_names, own_names
from portalis.translator.frontend.read.tree import bound_names, child_nodes, defaults_in_order, walk

# What evaluates what is in it again and again.
_REPEATING = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# Who calls what it is given before anything else happens.
_CALLING = frozenset(("sorted", "min", "max", "map", "filter", "sort", "reduce", "groupby", "accumulate", "takewhile", "dropwhile"))


def kept_in_cells(definition: ast.FunctionDef) -> set[str]:
    """Return the variables of a function that closures may read when they have another value than where the closure is made."""
    inner = list(_inner(definition))
    if not inner:
        return set()
    own, changing = own_names(definition), changing_names(definition)
    late = {name for node in inner for name in _bound_after(definition, node)}
    return own & (changing | late) & set[str]().union(*(_kept(node, definition) for node in inner))


def keeps_targets(node: ast.ListComp | ast.DictComp | ast.SetComp) -> bool:
    """Tell whether functions in a comprehension's elements may be called later, and see variables of the comprehension then."""
    targets = {inner.id for clause in node.generators for inner in walk(clause.target) if isinstance(inner, ast.Name)}
    lambdas = [inner for inner in walk(node) if isinstance(inner, ast.Lambda) and free_names(inner) & targets]
    uses = _Uses(node) if lambdas else None
    return uses is not None and any(inner not in uses.called for inner in lambdas)


def _kept(node: Definition, around: Definition) -> set[str]:
    """Return the names that closures of a function, or of functions inside it, take from the functions around it."""
    found = set[str]().union(*(_kept(inner, node) for inner in _inner(node))) - own_names(node)
    return found | _with_called(node, around) if _escapes(node, around) else found


def _with_called(node: Definition, around: Definition) -> set[str]:
    """Return the names that a function takes from those around it, and what the functions take that it calls by these."""
    siblings = {inner.name: inner for inner in _inner(around) if isinstance(inner, ast.FunctionDef)}
    found, pending = set[str](), [node]
    while pending:
        for name in free_names(pending.pop()) - found:
            found.add(name)
            pending += [siblings[name]] if name in siblings else []
    return found


def _inner(node: Definition) -> Iterator[Definition]:
    """Yield the functions and lambdas in the body of a function, and none inside these."""
    pending: list[ast.AST] = list(node.body) if isinstance(node, ast.FunctionDef) else [node.body]
    while pending:
        inner = pending.pop()
        if isinstance(inner, ast.FunctionDef | ast.Lambda):
            yield inner
            pending += [*defaults_in_order(inner), *getattr(inner, "decorator_list", [])]
        else:
            pending += child_nodes(inner)


def _escapes(node: Definition, around: Definition) -> bool:
    """Tell whether a function is used otherwise than to be called at once."""
    uses = _Uses(around)
    name = node.name if isinstance(node, ast.FunctionDef) else uses.named.get(node)
    if name is None:
        return node not in uses.called
    decorated = isinstance(node, ast.FunctionDef) and bool(node.decorator_list)
    return decorated or name in uses.as_values or uses.bound.get(name, 0) > 1


class _Uses:
    """What happens to functions in a function's body, and in those inside it."""

    def __init__(self, around: ast.AST) -> None:
        self.called: set[ast.AST] = set()
        self.named: dict[ast.AST, str] = {}
        self.as_values: set[str] = set()
        self.bound: dict[str, int] = {}
        directly: set[ast.AST] = set()
        for node in walk(around):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
                given = [*node.args, *(keyword.value for keyword in node.keywords)] if name in _CALLING else []
                directly.update((node.func, *given))
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
                if len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                    self.named[node.value] = node.targets[0].id
            elif isinstance(node, ast.FunctionDef):
                self.bound[node.name] = self.bound.get(node.name, 0) + 1
        for node in walk(around):
            if isinstance(node, ast.Lambda) and node in directly:
                self.called.add(node)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self.bound[node.id] = self.bound.get(node.id, 0) + 1
            elif isinstance(node, ast.Name) and node not in directly:
                self.as_values.add(node.id)


def _bound_after(around: ast.FunctionDef, node: Definition) -> set[str]:
    """Return the names that get their first value where a function is made, or later."""
    first: dict[str, int] = dict.fromkeys(_parameters(around), 0)
    for inner in walk(around):
        names = {inner.id} if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store) else bound_names(inner)
        for name in names:
            first[name] = min(first.get(name, 1 << 60), getattr(inner, "lineno", 0))
    last = [name for name, line in first.items() if line > node.lineno]
    decorated = isinstance(node, ast.FunctionDef) and node.decorator_list
    return {*last, node.name} if isinstance(node, ast.FunctionDef) and decorated else set(last)


def changing_names(definition: ast.FunctionDef | None) -> set[str]:
    """Return the names of a function that may get another value after they have one."""
    if definition is None:
        return set()
    found: dict[str, int] = dict.fromkeys(_parameters(definition), 1)
    pending: list[tuple[ast.AST, bool]] = [(statement, False) for statement in definition.body]
    while pending:
        node, repeated = pending.pop()
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found[node.id] = found.get(node.id, 0) + 1 + repeated
        for name in bound_names(node):
            # What a pattern or a handler binds may have no value later.
            found[name] = found.get(name, 0) + 1 + (repeated or not isinstance(node, ast.FunctionDef))
        if isinstance(node, ast.Global | ast.Nonlocal):
            found |= dict.fromkeys(node.names, 2)
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            changed = [inner for inner in walk(node) if isinstance(inner, ast.Global | ast.Nonlocal)]
            pending += [(inner, repeated) for inner in (*defaults_in_order(node), *changed)]
            continue
        # The targets of a comprehension are its own.
        inside = [node.iter, *node.ifs] if isinstance(node, ast.comprehension) else child_nodes(node)
        pending += [(inner, repeated or isinstance(node, _REPEATING)) for inner in inside]
    return {name for name, count in found.items() if count > 1}


def _parameters(definition: ast.FunctionDef) -> list[str]:
    given = definition.args
    further = [one for one in (given.vararg, given.kwarg) if one is not None]
    return [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs, *further)]
