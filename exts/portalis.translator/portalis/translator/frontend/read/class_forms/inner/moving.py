"""Classes inside functions and inside classes, which become classes of the module.

`class Node` of a function's body is one class for each call in CPython; as a class of the module it is the same to everybody where nothing
of it depends on the call: it reads no variable of the functions around it, nothing in its body is made anew that can change, and nobody
tells one call's class from another's, or there is but one call. A class in a class's body is one class anyway: there, `Outer.Node` and
`self.Node` become its name. CPython executes the classes where they stand (`read/accepted.py`), so that an oracle knows their names.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from portalis.translator.frontend.read.class_forms.inner.asked import tells_apart
from portalis.translator.frontend.read.class_forms.inner.nested import move_nested
from portalis.translator.frontend.read.class_forms.named_tuples import NAMED_TUPLE_CALL, class_of_call
from portalis.translator.frontend.read.class_forms.nodes import mark_of, names_bound_anywhere
from portalis.translator.frontend.read.free_names import class_reads
from portalis.translator.frontend.read.tree import bound_names, child_nodes, defaults_in_order, walk

# Calls in the body of a class that make nothing which can change.
_MARKS = frozenset(("auto", "field"))


@dataclass
class InnerClasses:
    """The classes that were moved to the module, by what CPython calls them, `f.<locals>.Node`.

    `nested` are those of a class's body; `single` those that are told apart, each with the only function that may make it: the entry, which
    must leave nothing for the next call. `reasons` say of the classes that stay, by their identity, why.
    """

    qualified: dict[str, str] = field(default_factory=dict)
    nested: frozenset[str] = frozenset()
    single: dict[str, str] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)

    @property
    def of_functions(self) -> frozenset[str]:
        """Those that stand in a function, or in a class that does."""
        return frozenset(name for name, shown in self.qualified.items() if "<locals>" in shown)

    def shown(self, name: str) -> str:
        """Return what CPython calls a class where it says which one it is."""
        return self.qualified.get(name, name)

    def several(self, entry: str, *, kept: bool) -> list[str]:
        """Return those that are told apart where there may be several: others than the `entry` make them, or something is `kept`."""
        return [name for name, function in self.single.items() if kept or function != entry]


def move_classes(tree: ast.Module) -> InnerClasses:
    """Make classes of functions and classes those of the module, where that is certainly the same."""
    found = InnerClasses()
    if not any(map(_makes_class, (node for top in tree.body for node in walk(top) if node is not top))):
        return found
    bound = names_bound_anywhere(tree)
    owners = move_nested(tree, bound)
    found.nested = frozenset(owners)
    for statement in [*tree.body]:
        for around in _functions(statement, ()):
            _move_from(tree, around, bound, found)
    for name, owner in owners.items():
        found.qualified[name] = f"{found.shown(owner)}.{name}"
    return found


def _makes_class(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) or (isinstance(node, ast.Name) and node.id == "namedtuple")


@dataclass(frozen=True)
class _Around:
    """A function with those around it, the outermost first, and what its name begins with."""

    functions: tuple[ast.FunctionDef, ...]
    prefix: str

    @property
    def function(self) -> ast.FunctionDef:
        return self.functions[-1]


def _functions(node: ast.AST, functions: tuple[ast.FunctionDef, ...], prefix: str = "") -> Iterator[_Around]:
    """Yield the functions in a node that hold classes."""
    if isinstance(node, ast.FunctionDef):
        functions, prefix = (*functions, node), f"{prefix}{node.name}.<locals>."
        if any(map(_makes_class, walk(node))):
            yield _Around(functions, prefix)
    elif isinstance(node, ast.ClassDef):
        prefix = f"{prefix}{node.name}."
    for child in child_nodes(node):
        yield from _functions(child, functions, prefix)


def _move_from(tree: ast.Module, around: _Around, bound: Sequence[str], found: InnerClasses) -> None:
    """Move the classes of one function's body, those that use one another together."""
    body = around.function.body
    inside = [node for statement in body for node in _own(statement) if isinstance(node, ast.ClassDef)]
    # What `Point = namedtuple(…)` makes is a class as well.
    written: dict[int, ast.stmt] = {id(node): node for node in inside}
    for statement in body:
        if (made := _named_tuple(statement, bound, tree)) is not None:
            inside.append(made)
            written[id(made)] = statement
    moving = {node.name: node for node in inside}
    while True:
        names = set[str]().union(*map(_variables, around.functions)) - moving.keys()
        against = {name: _against(tree, around, node, written[id(node)], bound, names) for name, node in moving.items()}
        stays = {name: reason for name, reason in against.items() if reason is not None}
        found.reasons |= {id(moving[name]): reason for name, reason in stays.items()}
        if not stays:
            break
        moving = {name: node for name, node in moving.items() if name not in stays}
    if not moving:
        return
    only = _only_caller(tree, around)
    apart = tells_apart(tree, moving)
    if apart and only is None:
        reason = f"each call of `{around.function.name}` makes a class of its own, and {apart}"
        found.reasons |= {id(node): reason for node in moving.values()}
        return
    for name, node in moving.items():
        statement = written[id(node)]
        body[body.index(statement)] = mark_of(node)
        tree.body.append(statement)
        found.qualified[name] = f"{around.prefix}{name}" if statement is node else name
        if apart and only is not None:
            found.single[name] = only


def _named_tuple(statement: ast.stmt, bound: Sequence[str], tree: ast.Module) -> ast.ClassDef | None:
    """Return the class that a statement makes by `namedtuple`; None for any other."""
    imports = {
        alias.name
        for one in tree.body
        if isinstance(one, ast.ImportFrom) and one.module == "collections"
        for alias in one.names
        if alias.asname is None
    }
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="namedtuple")) as call):
            known = "namedtuple" in imports and bound.count("namedtuple") == 1
            return class_of_call(name, call, {"namedtuple": ("standard", NAMED_TUPLE_CALL)}.get) if known else None
        case _:
            return None


def _variables(function: ast.FunctionDef) -> set[str]:
    """Return the names that a function binds, and none that the bodies of classes in it do."""
    found = {one.arg for one in walk(function.args) if isinstance(one, ast.arg)}
    for node in (inner for statement in function.body for inner in _own(statement)):
        found |= {node.id} if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load) else bound_names(node)
    return found


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what belongs to a function itself: functions and classes inside it, but of what is in them the defaults alone."""
    yield node
    apart = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef)
    defaults = defaults_in_order(node) if isinstance(node, ast.FunctionDef | ast.Lambda) else []
    for child in defaults if apart else child_nodes(node):
        yield from _own(child)


def _against(tree: ast.Module, around: _Around, node: ast.ClassDef, written: ast.stmt, bound: Sequence[str], names: set[str]) -> str | None:
    """Return what stands against moving a class out of a function, where it is `written`; `names` are those that it may not read."""
    body, name = around.function.body, node.name
    if written not in body:
        return "it stands under a condition, or in a loop or another block"
    if bound.count(name) != 1 or hasattr(builtins, name):
        return f"`{name}` is the name of something else, too"
    captured = class_reads(node) & names
    if captured:
        return f"it reads `{min(captured)}` of the function around it"
    if any(isinstance(inner, ast.Nonlocal) for inner in walk(node)):
        return "it changes variables of the function around it"
    if _mentions(tree.body, name) != _mentions(body, name):
        return f"`{name}` is read where it has no meaning"
    first = next((place for place, statement in enumerate(body) if statement is written or _mentions([statement], name)), len(body))
    if not all(isinstance(statement, ast.ClassDef) for statement in body[min(first, body.index(written)) : body.index(written)]):
        return "it may be used before it is there"
    made = next((inner for inner in _made_by_body(node) if not _is_fixed(inner)), None)
    return None if made is None else f"each call makes `{ast.unparse(made)}` anew"


def _mentions(statements: Sequence[ast.stmt], name: str) -> int:
    return sum(isinstance(inner, ast.Name) and inner.id == name for statement in statements for inner in walk(statement))


def _made_by_body(node: ast.ClassDef) -> Iterator[ast.expr]:
    """Yield the values that a class's body computes: attributes and defaults."""
    for statement in node.body:
        match statement:
            case ast.FunctionDef():
                yield from defaults_in_order(statement)
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                yield value
            case _:
                pass


def _is_fixed(node: ast.expr) -> bool:
    """Tell whether an expression of a class's body gives each call what nobody can change, or an object that is there before."""
    match node:
        case ast.Constant() | ast.Name() | ast.Attribute(value=ast.Name()):
            return True
        case ast.UnaryOp(operand=operand):
            return _is_fixed(operand)
        case ast.BinOp(left=left, right=right):
            return _is_fixed(left) and _is_fixed(right)
        case ast.Tuple(elts=elements):
            return all(map(_is_fixed, elements))
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in _MARKS
        case _:
            return False


def _only_caller(tree: ast.Module, around: _Around) -> str | None:
    """Return the name of the function around a class where nothing in the file calls that function."""
    function = around.function
    if function not in tree.body or function.decorator_list:
        return None
    definitions = [statement for statement in tree.body if isinstance(statement, ast.FunctionDef | ast.ClassDef)]
    return None if _mentions(definitions, function.name) else function.name


def prefix_of(qualified: Mapping[str, str], name: str) -> str:
    """Return what CPython puts before the name of a class."""
    return qualified.get(name, name).removesuffix(name)
