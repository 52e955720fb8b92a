"""Classes in the bodies of classes, written above these: `Outer.Node` and `self.Node` become the name of the class."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence

from portalis.translator.frontend.read.class_forms.nodes import mark_of
from portalis.translator.frontend.read.tree import child_nodes, defaults_in_order, walk

# With these, attributes are read that nobody wrote.
_BY_TEXT = frozenset(("getattr", "setattr", "hasattr", "delattr", "vars", "dir", "attrgetter"))


def move_nested(tree: ast.Module, bound: Sequence[str]) -> dict[str, str]:
    """Write each class that stands in another one's body above that; return the outer class of each."""
    owners: dict[str, str] = {}
    by_text = any(isinstance(node, ast.Name) and node.id in _BY_TEXT for node in walk(tree))
    for statements in [*_blocks(tree)]:
        place = 0
        while place < len(statements):
            owner = statements[place]
            for inner in owner.body if isinstance(owner, ast.ClassDef) else ():
                if not isinstance(inner, ast.ClassDef):
                    continue
                assert isinstance(owner, ast.ClassDef)
                uses = None if by_text or not _is_plain(owner) else _uses(tree, owner, inner.name, bound)
                if uses is None:
                    continue
                _Named(uses, inner.name).visit(tree)
                owner.body[owner.body.index(inner)] = mark_of(inner)
                owners[inner.name] = owner.name
                # What it holds itself is met on the way.
                statements.insert(place, inner)
                break
            else:
                place += 1
    return owners


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """Yield the bodies of the module and of functions."""
    if isinstance(node, ast.Module | ast.FunctionDef):
        yield node.body
    for child in child_nodes(node):
        yield from _blocks(child)


def _is_plain(node: ast.ClassDef) -> bool:
    """Tell whether what stands in a class's body is an attribute of it, as in an enumeration it is not."""
    return not node.keywords and not any(isinstance(base, ast.Name | ast.Attribute) and _is_strange(base) for base in node.bases)


def _is_strange(base: ast.Name | ast.Attribute) -> bool:
    name = base.id if isinstance(base, ast.Name) else base.attr
    return name.endswith(("Enum", "Flag")) or name in ("NamedTuple", "TypedDict", "Protocol")


def _uses(tree: ast.Module, owner: ast.ClassDef, name: str, bound: Sequence[str]) -> set[int] | None:
    """Return the identities of all that means a class of `owner`'s body as an attribute; None where other things may be meant."""
    if bound.count(name) != 1 or bound.count(owner.name) != 1 or hasattr(builtins, name) or name.startswith("__"):
        return None
    own = {id(inner) for statement in owner.body for inner in _seen_in_body(statement)}
    received = {id(inner) for method in owner.body for inner in _of_receiver(method, tree, owner.name)}
    found = set[int]()
    for node in walk(tree):
        match node:
            case ast.Name(id=other) if other == name and id(node) not in own:
                return None
            case ast.Attribute(value=ast.Name(id=of) as value, attr=attr, ctx=ast.Load()) if attr == name:
                if of != owner.name and id(value) not in received:
                    return None
                found.add(id(node))
            case ast.Attribute(attr=attr) if attr == name:
                return None
    return found


def _seen_in_body(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield what of a statement of a class's body sees the names of that body."""
    outside: Sequence[ast.AST | None]
    match statement:
        case ast.FunctionDef(args=given):
            parameters = (*given.posonlyargs, *given.args, given.vararg, *given.kwonlyargs, given.kwarg)
            annotations = [None if one is None else one.annotation for one in parameters]
            outside = (*statement.decorator_list, *defaults_in_order(statement), *annotations, statement.returns)
        case ast.ClassDef():
            outside = (*statement.decorator_list, *statement.bases)
        case _:
            outside = (statement,)
    for node in outside:
        for inner in walk(node) if node is not None else ():
            if not isinstance(inner, ast.Lambda | ast.comprehension):
                yield inner


def _of_receiver(method: ast.stmt, tree: ast.Module, owner: str) -> Iterator[ast.Name]:
    """Yield the names in a method that are its instance, or its class: whoever calls it as `Owner.method(x)` may pass anything."""
    match method:
        case ast.FunctionDef(args=ast.arguments(posonlyargs=[], args=[ast.arg(arg=name), *_]), decorator_list=decorators):
            names = {one.id for one in decorators if isinstance(one, ast.Name)}
            uses = [node for statement in method.body for node in walk(statement) if isinstance(node, ast.Name) and node.id == name]
            again = any(isinstance(node, ast.arg) and node.arg == name for statement in method.body for node in walk(statement))
            if "staticmethod" in names or again or not all(isinstance(use.ctx, ast.Load) for use in uses):
                return
            if "classmethod" in names or not any(_is_of(node, owner, method.name) for node in walk(tree)):
                yield from uses


def _is_of(node: ast.AST, owner: str, attribute: str) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id=name), attr=attr):
            return name == owner and attr == attribute
        case _:
            return False


class _Named(ast.NodeTransformer):
    def __init__(self, uses: set[int], name: str) -> None:
        self._uses, self._name = uses, name

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if id(node) in self._uses:
            return ast.copy_location(ast.Name(self._name, ast.Load()), node)
        return self.generic_visit(node)
