"""A module's own classes whose instances a function makes: their methods, their constants, and which fields every instance has."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from portalis.translator.frontend.read.class_forms.inert import is_inert_base, is_inert_decorator, is_metaclass_of_abc, meaning_of
from portalis.translator.frontend.read.module_scope import ModuleScope, property_role
from portalis.translator.frontend.read.tree import walk
from portalis.translator.syntax import SPECIAL_METHODS

Kind: TypeAlias = Literal["method", "property", "static", "class"]
_KINDS: dict[str, Kind] = {"property": "property", "staticmethod": "static", "classmethod": "class"}
# Names of classes that messages and types tell apart by name.
_TAKEN = frozenset(("deque", "Counter", "defaultdict", "OrderedDict", "generator", "function", "callable_iterator", "nothing", "Random"))
# What CPython calls only where a translation refuses whatever would call it.
_REFUSED_WHERE_CALLED = frozenset(("__copy__", "__deepcopy__", "__sizeof__", "__reduce__", "__getstate__", "__setstate__"))


@dataclass(frozen=True, slots=True)
class Method:
    """A method as the module's function `name`, "Class.method", and how it is called."""

    name: str
    definition: ast.FunctionDef
    kind: Kind


@dataclass(frozen=True, slots=True, eq=False)
class OwnClass:
    """A class with its base class, if any; `certain` are the fields that whoever sees an instance finds in it."""

    name: str
    base: OwnClass | None
    methods: dict[str, Method]
    constants: dict[str, ast.expr]
    certain: frozenset[str]
    # What stores to and what deletes a property, by "property.setter" and "property.deleter".
    roles: Mapping[str, Method] = field(default_factory=dict)
    # The methods that a class which derives from it must have before an instance can be made.
    abstract: frozenset[str] = frozenset()
    # The only fields that an instance may have; None: any.
    slots: frozenset[str] | None = None
    # Whether `__init__` comes to its end without having shown the instance to anybody before all of `certain` are there.
    alone: bool = True

    def method(self, name: str) -> Method | None:
        """Return a method of the class or, where it has none, of its base."""
        found = self.methods.get(name)
        hidden = found is not None or name in self.constants or self.base is None
        return found if hidden or self.base is None else self.base.method(name)

    def role(self, name: str, role: str) -> Method | None:
        """Return what stores to a property ("setter"), or deletes it ("deleter"), where the class that has the property says it."""
        if name in self.methods or name in self.constants or self.base is None:
            return self.roles.get(f"{name}.{role}")
        return self.base.role(name, role)

    def owner_of_constant(self, name: str) -> OwnClass:
        """Return the class whose body gives an attribute its value."""
        return self if name in self.constants or self.base is None else self.base.owner_of_constant(name)

    def constant(self, name: str) -> ast.expr | None:
        """Return the value of an attribute of the class."""
        found = self.constants.get(name)
        hidden = found is not None or name in self.methods or self.base is None
        return found if hidden or self.base is None else self.base.constant(name)

    def derives_from(self, name: str) -> bool:
        """Tell whether it is the class of this name, or derives from it."""
        return self.name == name or (self.base is not None and self.base.derives_from(name))


def own_class(scope: ModuleScope, name: str) -> OwnClass | str:
    """Return a class of the module; what stands against it where its instances have no translation."""
    known = scope.own_classes.get(name)
    if known is None:
        known = scope.own_classes[name] = _read(scope, name)
    assert isinstance(known, OwnClass | str)
    return known


def is_own_method(scope: ModuleScope, definition: ast.FunctionDef) -> bool:
    """Tell whether a function is a method of a class whose instances have a translation."""
    known = [found for found in scope.own_classes.values() if isinstance(found, OwnClass)]
    return any(one.definition is definition for found in known for one in (*found.methods.values(), *found.roles.values()))


def executed_bases(scope: ModuleScope, definition: ast.ClassDef) -> list[ast.expr]:
    """Return the base classes that a class has where it is executed: its own exceptions', and those of whose instances functions make."""
    if isinstance(scope.own_classes.get(definition.name), OwnClass):
        return [base for base in definition.bases if isinstance(base, ast.Name) and base.id in scope.classes]
    return definition.bases if definition.name in scope.exceptions else []


def _read(scope: ModuleScope, name: str) -> OwnClass | str:
    definition = scope.classes[name]
    if name in scope.exceptions or name in scope.reassigned or hasattr(builtins, name) or name in _TAKEN:
        return "its name has another meaning"
    if not all(is_inert_decorator(one, scope.imports.get) for one in definition.decorator_list):
        return "it has a decorator"
    if not all(is_metaclass_of_abc(one, scope.imports.get) for one in definition.keywords) or getattr(definition, "type_params", None):
        return "it has arguments"
    base: OwnClass | None = None
    for node in definition.bases:
        if (isinstance(node, ast.Name) and node.id == "object" and not scope.binds("object")) or is_inert_base(node, scope.imports.get):
            continue
        # CPython looks a base up where the class is defined.
        found: OwnClass | str = "it is none of the file"
        if isinstance(node, ast.Name) and node.id in scope.classes and base is None:
            above = list(scope.classes).index(node.id) < list(scope.classes).index(name)
            found = own_class(scope, node.id) if above else "it is defined later"
        if isinstance(found, str):
            return f"of its base class: {found}"
        base = found
    members = _Members(name, scope).read(definition)
    if isinstance(members, str):
        return members
    certain, alone = _certain(members.methods.get("__init__"), base)
    inherited = base.abstract - members.methods.keys() - members.constants.keys() if base is not None else frozenset[str]()
    slots = members.slots
    if base is not None:
        slots = None if slots is None or base.slots is None else slots | base.slots
    abstract = inherited | members.abstract
    return OwnClass(name, base, members.methods, members.constants, certain, members.roles, abstract, slots, alone)


@dataclass
class _Members:
    """What a class's body holds."""

    name: str
    scope: ModuleScope
    methods: dict[str, Method] = field(default_factory=dict)
    constants: dict[str, ast.expr] = field(default_factory=dict)
    roles: dict[str, Method] = field(default_factory=dict)
    abstract: set[str] = field(default_factory=set)
    slots: frozenset[str] | None = None

    def read(self, definition: ast.ClassDef) -> _Members | str:
        """Go over a class's body; return what stands against it."""
        for statement in definition.body:
            problem = self._statement(statement)
            if problem is not None:
                return problem
        if self.slots is not None and self.slots & (self.methods.keys() | self.constants.keys()):
            return "`__slots__` names what the class has itself"
        return self

    def _statement(self, statement: ast.stmt) -> str | None:
        match statement:
            case ast.FunctionDef():
                return self._method(statement)
            case ast.Assign(targets=[ast.Name(id="__slots__")], value=value):
                names = value.elts if isinstance(value, ast.Tuple | ast.List) else [value]
                plain = [one.value for one in names if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                self.slots = frozenset(plain)
                return None if len(plain) == len(names) else "its `__slots__` are no texts"
            case ast.Assign(targets=[ast.Name(id=own)], value=ast.Name(id=known)) if known in self.methods:
                if own in self.methods or own in self.constants or (own.startswith("__") and own not in SPECIAL_METHODS):
                    return f"`{own}` is defined twice, or special to Python"
                self.methods[own] = self.methods[known]
            case ast.Assign(targets=[ast.Name(id=own)], value=value) | ast.AnnAssign(target=ast.Name(id=own), value=ast.expr() as value):
                if own in self.methods or own in self.constants or own.startswith("__"):
                    return f"`{own}` is no constant of its own"
                self.constants[own] = value
            case ast.AnnAssign(target=ast.Name()) | ast.Pass() | ast.Expr(value=ast.Constant()):
                pass
            case _:
                return "its body holds other statements than methods and constants"
        return None

    def _method(self, statement: ast.FunctionDef) -> str | None:
        own, role = statement.name, property_role(statement)
        known = self.methods.get(own)
        if role and known is not None and known.kind == "property" and f"{own}.{role}" not in self.roles:
            self.roles[f"{own}.{role}"] = Method(f"{self.name}.{own}.{role}", statement, "method")
            return None
        if known is not None or own in self.constants:
            return f"`{own}` is defined twice"
        if own.startswith("__") and own not in SPECIAL_METHODS and own not in _REFUSED_WHERE_CALLED:
            return f"`{own}` is special to Python"
        kind = self._kind(statement)
        if kind is None:
            return f"`{own}` has a decorator"
        self.methods[own] = Method(f"{self.name}.{own}", statement, kind)
        return None

    def _kind(self, definition: ast.FunctionDef) -> Kind | None:
        marks = [one for one in definition.decorator_list if meaning_of(one, self.scope.imports.get) == "abc.abstractmethod"]
        if marks:
            self.abstract.add(definition.name)
        match [one for one in definition.decorator_list if one not in marks]:
            case []:
                return "method"
            case [ast.Name(id=name)] if not self.scope.binds(name):
                return _KINDS.get(name)
            case _:
                return None


def _certain(method: Method | None, base: OwnClass | None) -> tuple[frozenset[str], bool]:
    """Return which fields `__init__` certainly stores before anybody else sees the instance, and whether nobody does before its end."""
    if method is None:
        return (base.certain, base.alone) if base is not None else (frozenset(), True)
    arguments = method.definition.args
    parameters = [*arguments.posonlyargs, *arguments.args]
    if method.kind != "method" or not parameters:
        return frozenset(), False
    own, found = parameters[0].arg, set[str]()
    for statement in method.definition.body:
        if _is_call_of_base(statement):
            if base is not None:
                found |= base.certain
            if base is not None and not base.alone:
                return frozenset(found), False
            continue
        if not _sees_only(statement, own, found) or any(isinstance(node, ast.Return) for node in walk(statement)):
            return frozenset(found), False
        found |= set(_stored(statement, own))
    return frozenset(found), True


def _is_call_of_base(node: ast.stmt) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super"), args=[]), attr="__init__"), args=args)):
            return not any(isinstance(inner, ast.Name) and inner.id in ("self", "super") for arg in args for inner in ast.walk(arg))
        case _:
            return False


def _sees_only(statement: ast.stmt, own: str, found: set[str]) -> bool:
    """Tell whether a statement does nothing with the instance but store fields, and read those that are there."""
    allowed = set[int]()
    for node in ast.walk(statement):
        if isinstance(node, ast.Lambda | ast.FunctionDef | ast.ClassDef | ast.NamedExpr):
            return False
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == own:
            if isinstance(node.ctx, ast.Load) and node.attr not in found:
                return False
            if isinstance(node.ctx, ast.Del) or (isinstance(statement, ast.AugAssign) and node.attr not in found):
                return False
            allowed.add(id(node.value))
    return all(id(node) in allowed for node in ast.walk(statement) if isinstance(node, ast.Name) and node.id in (own, "super"))


def _stored(statement: ast.stmt, own: str) -> Iterator[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets = [statement.target]
    for target in targets:
        for node in target.elts if isinstance(target, ast.Tuple | ast.List) else [target]:
            match node:
                case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name == own:
                    yield attribute
