"""Attributes of classes that calls change, written as variables of the module.

`Meter.count += 1` of `class Meter: count = 0` becomes `global Meter_count; Meter_count += 1`, and so does what reads it: `Meter.count`
anywhere, `self.count`, `cls.count` and `type(self).count` in methods of the class and of those that inherit. CPython executes the tree that
comes of it, so only what is certainly the same is written: the name is an attribute of this class alone, no instance has one, and nobody
reads it otherwise.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from portalis.translator.frontend.read.class_forms.nodes import names_bound_anywhere
from portalis.translator.frontend.read.tree import child_nodes, walk

# With these, attributes are read or stored that nobody wrote.
_BY_TEXT = {"getattr", "setattr", "hasattr", "delattr", "vars", "dir", "globals", "locals", "attrgetter"}
_SPECIAL = ("__dict__", "__getattr", "__setattr", "__delattr", "__set_name__")
# Methods whose first parameter is neither an instance nor plainly the class.
_OWN_WAY = ("__new__", "__init_subclass__", "__class_getitem__")
_HOSTS_CALL = ("on_init", "on_play", "on_update", "on_stop")
_MEANT = {"type", "object", "property", "classmethod", "staticmethod", "list", "dict", "set"}
_CONTAINERS = ("list", "dict", "set")
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
# What the first parameter of a method is.
Receivers = Mapping[str, Literal["instance", "class"]]


def write_class_variables(tree: ast.Module, text: str, without: Collection[str] = ()) -> None:
    """Write attributes of the module's classes as variables where calls change them, but for classes that each call makes anew."""
    if "class " not in text or any(name in text for name in (*_SPECIAL, *_HOSTS_CALL)):
        return
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    named = {node.id for node in walk(tree) if isinstance(node, ast.Name)} | {
        node.attr for node in walk(tree) if isinstance(node, ast.Attribute)
    }
    if not classes or _BY_TEXT & named or any(isinstance(node, ast.Global) for node in walk(tree)):
        return
    bound = names_bound_anywhere(tree)
    if _MEANT & {*bound}:
        return
    usable = {name for name in classes if bound.count(name) == 1 and name not in without}
    for name in classes:
        if name in usable and _is_plain(classes[name], classes):
            for statement in _assignments(classes[name]):
                _write_one(tree, classes, usable, name, statement, text)


def _is_plain(node: ast.ClassDef, classes: Mapping[str, ast.ClassDef]) -> bool:
    """Tell whether a class is made of its body alone, and of classes of the module that derive from none of another kind."""
    bases = [base.id if isinstance(base, ast.Name) else "" for base in node.bases]
    return (
        not node.decorator_list
        and all(base == "object" or base in classes for base in bases)
        and not any(_is_of_another_kind(classes[name], classes) for name in (node.name, *_above(node, classes)))
    )


def _above(node: ast.ClassDef, classes: Mapping[str, ast.ClassDef]) -> set[str]:
    """Return the classes of the module that one derives from."""
    return {name for name in classes if node.name in _heirs(name, classes)}


def _is_of_another_kind(node: ast.ClassDef, classes: Mapping[str, ast.ClassDef]) -> bool:
    """Tell whether attributes of a class may be something else than what is assigned, as members of an enumeration are."""
    return bool(node.keywords) or not all(
        isinstance(base, ast.Name) and (base.id in classes or hasattr(builtins, base.id)) for base in node.bases
    )


def _assignments(node: ast.ClassDef) -> list[tuple[ast.stmt, str, ast.expr]]:
    """Return the statements of a class's body that bind a name for good, with the value, in which no name of the body is read."""
    bound = [name for statement in node.body for inner in _at_import(statement) for name in _bound_here(inner)]
    read = {inner.id for item in node.body for inner in _at_import(item) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load)}
    found: list[tuple[ast.stmt, str, ast.expr]] = []
    for item in node.body:
        match item:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                is_special = name.startswith("__") and name.endswith("__")
                if bound.count(name) == 1 and name not in read and not is_special and not _names(value) & {*bound}:
                    found.append((item, name, value))
    return found


def _names(node: ast.AST) -> set[str]:
    return {inner.id for inner in walk(node) if isinstance(inner, ast.Name)}


def _at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what of a statement of a class's body is evaluated there: nothing of a function but its decorators and defaults."""
    yield node
    if isinstance(node, Function):
        outside: Sequence[ast.AST | None] = (*getattr(node, "decorator_list", ()), *node.args.defaults, *node.args.kw_defaults)
    else:
        outside = child_nodes(node)
    for child in outside:
        if child is not None:
            yield from _at_import(child)


def _bound_here(node: ast.AST) -> list[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return [name]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Constant(value=str(text)):
            # Of `__slots__`.
            return [text]
        case _:
            return []


def _write_one(
    tree: ast.Module,
    classes: Mapping[str, ast.ClassDef],
    usable: set[str],
    owner: str,
    assigned: tuple[ast.stmt, str, ast.expr],
    text: str,
) -> None:
    statement, attribute, value = assigned
    variable, heirs = f"{owner}_{attribute}", _heirs(owner, classes)
    others = [node for name, node in classes.items() if name != owner]
    defined = {name for node in others for item in node.body for inner in _at_import(item) for name in _bound_here(inner)}
    if variable in text or not heirs <= usable or attribute in defined:
        return
    found = _Uses(owner, attribute, {name: classes[name] for name in heirs})
    for one in tree.body:
        found.go(one, None, False, {})
    # `b_c` of one class and `c` of another may want to be the same variable, which no text of the module has.
    if found.fails or not (found.stores or _is_container(value)) or variable in names_bound_anywhere(tree):
        return
    body = classes[owner].body
    body[body.index(statement)] = ast.copy_location(ast.Pass(), statement)
    _Renamed({id(use) for use in found.uses}, variable).visit(tree)
    for function in {id(function): function for function in found.stores}.values():
        place = 1 if ast.get_docstring(function, clean=False) is not None else 0
        function.body.insert(place, ast.copy_location(ast.Global([variable]), function.body[0]))
    target = ast.copy_location(ast.Name(variable, ast.Store()), statement)
    tree.body.insert(tree.body.index(classes[owner]), ast.copy_location(ast.Assign([target], value), statement))


def _heirs(owner: str, classes: Mapping[str, ast.ClassDef]) -> set[str]:
    """Return a class and those that inherit from it."""
    found = {owner}
    while True:
        more = {name for name, node in classes.items() if any(isinstance(base, ast.Name) and base.id in found for base in node.bases)}
        if more <= found:
            return found
        found |= more


def _is_container(node: ast.expr) -> bool:
    match node:
        case ast.List() | ast.Dict() | ast.Set():
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in _CONTAINERS
        case _:
            return False


@dataclass
class _Uses:
    """Every use of an attribute in a module, whether any may be of something else, and the functions that store it."""

    owner: str
    attribute: str
    heirs: Mapping[str, ast.ClassDef]
    uses: list[ast.Attribute] = field(default_factory=list)
    stores: list[ast.FunctionDef] = field(default_factory=list)
    fails: bool = False

    def go(self, node: ast.AST, function: ast.FunctionDef | None, inert: bool, means: Receivers) -> None:
        """Go over a node, within a function; where it is `inert`, a store would not be one of that function."""
        match node:
            case ast.Attribute(attr=self.attribute):
                self._use(node, function, inert, means)
                return
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name)), args=[ast.Name(id=given), *_]) if name in self.heirs and means.get(
                given
            ):
                # A base's method, of the instance that this method has.
                for child in (*node.args, *node.keywords):
                    self.go(child, function, inert, means)
                return
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in self.heirs and self._of_instances(attr):
                self.fails = True
            case ast.MatchValue(value=ast.Attribute(attr=self.attribute)):
                # A name there would be bound.
                self.fails = True
            case ast.MatchClass(kwd_attrs=names) if self.attribute in names:
                self.fails = True
            case ast.Constant(value=str(text)) if "{" in text and f".{self.attribute}" in text:
                self.fails = True
            case ast.ClassDef(name=name):
                for child in child_nodes(node):
                    inside = name in self.heirs and function is None and isinstance(child, ast.FunctionDef)
                    self.go(child, None, True, _receiver(child) if inside and isinstance(child, ast.FunctionDef) else {})
                return
            case ast.FunctionDef():
                function, inert = node, False
            case ast.AsyncFunctionDef() | ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                inert = True
        for child in child_nodes(node):
            self.go(child, function, inert, means)

    def _of_instances(self, name: str) -> bool:
        """Tell whether a name is a method that takes an instance, which a call by the class may give anything."""
        found = [item for node in self.heirs.values() for item in node.body if isinstance(item, ast.FunctionDef) and item.name == name]
        return any("instance" in _receiver(item).values() or not (_receiver(item) or _is_static(item)) for item in found)

    def _use(self, node: ast.Attribute, function: ast.FunctionDef | None, inert: bool, means: Receivers) -> None:
        is_load = isinstance(node.ctx, ast.Load)
        # What is stored by way of a class that somebody inherits from, is an attribute of whichever class that is.
        alone = is_load or len(self.heirs) == 1
        match node.value:
            case ast.Name(id=name) if name == self.owner or (name in self.heirs and is_load):
                pass
            case ast.Name(id=name) if (means.get(name) == "instance" and is_load) or (means.get(name) == "class" and alone):
                pass
            case ast.Call(func=ast.Name(id="type"), args=[ast.Name(id=name)], keywords=[]) if means.get(name) == "instance" and alone:
                pass
            case _:
                self.fails = True
        if not is_load and (isinstance(node.ctx, ast.Del) or function is None or inert):
            self.fails = True
        if not is_load and function is not None:
            self.stores.append(function)
        self.uses.append(node)


def _receiver(method: ast.FunctionDef) -> Receivers:
    """Return what a method's first parameter is, where nothing in the method binds its name again."""
    parameters = [*method.args.posonlyargs, *method.args.args]
    if not parameters or method.name in _OWN_WAY or names_bound_anywhere(method).count(parameters[0].arg) != 1:
        return {}
    match method.decorator_list:
        case [] | [ast.Name(id="property" | "abstractmethod")] | [ast.Attribute(attr="setter" | "abstractmethod")]:
            return {parameters[0].arg: "instance"}
        case [ast.Name(id="classmethod")]:
            return {parameters[0].arg: "class"}
        case _:
            return {}


def _is_static(method: ast.FunctionDef) -> bool:
    return [one.id for one in method.decorator_list if isinstance(one, ast.Name)] == ["staticmethod"] and len(method.decorator_list) == 1


class _Renamed(ast.NodeTransformer):
    """Uses of an attribute, by their identity, as a name."""

    def __init__(self, uses: set[int], variable: str) -> None:
        self._uses = uses
        self._variable = variable

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if id(node) in self._uses:
            return ast.copy_location(ast.Name(self._variable, node.ctx), node)
        return self.generic_visit(node)
