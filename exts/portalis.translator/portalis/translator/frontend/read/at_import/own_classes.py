"""A module's own classes whose instances a function makes: their methods, their constants, and which fields every instance has."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from portalis.translator.frontend.read.class_forms.enumerations import enum_kind, read_members
from portalis.translator.frontend.read.class_forms.inert import is_inert_base, is_inert_decorator, is_metaclass_of_abc, meaning_of
from portalis.translator.frontend.read.class_forms.named_tuples import NAMED_TUPLE, NAMED_TUPLE_CALL, are_fields
from portalis.translator.frontend.read.class_forms.own_exceptions import has_body
from portalis.translator.frontend.read.class_forms.resolution import method_resolution
from portalis.translator.frontend.read.module_scope import ModuleScope, property_role
from portalis.translator.frontend.read.tree import walk
from portalis.translator.syntax import SPECIAL_METHODS

Kind: TypeAlias = Literal["method", "property", "static", "class"]
# The fields of an exception that hold what str of it is, and its arguments.
EXCEPTION_TEXT, EXCEPTION_ARGUMENTS = "@text", "args"
_KINDS: dict[str, Kind] = {"property": "property", "staticmethod": "static", "classmethod": "class"}
# Names of classes that messages and types tell apart by name.
TAKEN = frozenset(
    ("range", "deque", "Counter", "defaultdict", "OrderedDict", "generator", "function", "callable_iterator", "nothing", "Random")
)
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
    """A class with its base class, if any; `certain` are the fields that whoever sees an instance finds in it.

    Where a class has several bases, its base is a copy of the first, whose own base is a copy of what CPython looks through next.
    """

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
    # The fields that patterns of the class mean by place.
    match_args: tuple[str, ...] = ()
    # Whether it is a class of exceptions.
    is_exception: bool = False
    # The fields of named tuples, each with its default.
    fields: Mapping[str, ast.expr | None] | None = None
    # The members of an enumeration, each with its value, and every name of one; what they are beside.
    members: tuple[tuple[str, object], ...] = ()
    names: Mapping[str, int] = field(default_factory=dict)
    kind: str | None = None
    # Whether `__init__` comes to its end without having shown the instance to anybody before all of `certain` are there.
    alone: bool = True

    def method(self, name: str) -> Method | None:
        """Return a method of the class or, where it has none, of its base."""
        found = self.methods.get(name)
        hidden = found is not None or name in self.constants or self.base is None
        return found if hidden or self.base is None else self.base.method(name)

    def says(self, name: str) -> bool:
        """Tell whether the class has a special method; one that says what is equal, and nothing of hashes, has none of these."""
        if name == "__hash__" and self.base is not None and "__hash__" not in self.methods:
            return "__eq__" not in self.methods and self.base.says(name)
        return self.method(name) is not None

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

    def line(self) -> Iterator[OwnClass]:
        """Yield the class and those above it, in the order in which CPython looks through them."""
        yield self
        if self.base is not None:
            yield from self.base.line()

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


def named_fields(scope: ModuleScope, name: str) -> Mapping[str, ast.expr | None] | None:
    """Return the fields, with their defaults, of a class of named tuples that the program makes; None of any other."""
    found = scope.own_classes.get(name)
    return found.fields if isinstance(found, OwnClass) else None


def executed_bases(scope: ModuleScope, definition: ast.ClassDef) -> list[ast.expr]:
    """Return the base classes that a class has where it is executed: its own exceptions', and those of whose instances functions make."""
    if isinstance(scope.own_classes.get(definition.name), OwnClass):
        own = scope.own_classes[definition.name]
        if isinstance(own, OwnClass) and (own.kind is not None or own.is_exception):
            return definition.bases
        return [base for base in definition.bases if isinstance(base, ast.Name) and base.id in scope.classes]
    return definition.bases if definition.name in scope.exceptions else []


def _read(scope: ModuleScope, name: str) -> OwnClass | str:
    definition = scope.classes[name]
    if name in scope.exceptions and has_bodies(scope) and name not in scope.reassigned:
        return _read_exception(scope, definition)
    if name in scope.exceptions or name in scope.reassigned or hasattr(builtins, name) or name in TAKEN:
        return "its name has another meaning"
    if not all(is_inert_decorator(one, scope.imports.get, definition) for one in definition.decorator_list):
        return "it has a decorator"
    if not all(is_metaclass_of_abc(one, scope.imports.get) for one in definition.keywords) or getattr(definition, "type_params", None):
        return "it has arguments"
    kind = enum_kind(definition.bases, scope.imports.get)
    if kind is not None:
        return _read_enum(scope, definition, kind)
    if [meaning_of(base, scope.imports.get) for base in definition.bases] in ([NAMED_TUPLE], [NAMED_TUPLE_CALL]):
        return _read_named(scope, definition)
    bases: list[OwnClass] = []
    for node in definition.bases:
        is_object = isinstance(node, ast.Name) and node.id == "object" and not scope.binds("object")
        if is_object or is_inert_base(node, definition, scope.imports.get):
            continue
        # CPython looks a base up where the class is defined.
        found: OwnClass | str = "it is none of the file"
        if isinstance(node, ast.Name) and node.id in scope.classes:
            above = list(scope.classes).index(node.id) < list(scope.classes).index(name)
            found = own_class(scope, node.id) if above else "it is defined later"
            found = "its instances are tuples" if isinstance(found, OwnClass) and found.fields is not None else found
        if isinstance(found, str):
            return f"of its base class: {found}"
        bases.append(found)
    base = _in_line(scope, bases) if len(bases) > 1 else bases[0] if bases else None
    if isinstance(base, str):
        return f"of its base classes: {base}"
    members = _Members(name, scope).read(definition)
    if isinstance(members, str):
        return members
    certain, alone = _certain(members.methods.get("__init__"), base)
    inherited = base.abstract - members.methods.keys() - members.constants.keys() if base is not None else frozenset[str]()
    slots = members.slots
    if base is not None:
        slots = None if slots is None or base.slots is None else slots | base.slots
    abstract = inherited | members.abstract
    places = members.match_args if members.match_args or base is None else base.match_args
    return OwnClass(name, base, members.methods, members.constants, certain, members.roles, abstract, slots, places, alone=alone)


def _in_line(scope: ModuleScope, bases: Sequence[OwnClass]) -> OwnClass | str:
    """Return several bases as one: copies of the classes above, in CPython's order, each with the next one as its base."""
    lines = [[*one.line()] for one in bases]
    above = {one.name: one for line in lines for one in line}
    order = method_resolution([[one.name for one in line] for line in lines])
    if order is None:
        return "they have no order"
    if any(one.slots is not None or one.is_exception or one.kind is not None for one in above.values()):
        return "one has `__slots__`, or instances that are no plain objects"
    marks = (sum(is_inert_base(base, scope.classes[name], scope.imports.get) for base in scope.classes[name].bases) for name in order)
    if any(count > 1 for count in marks):
        return "one has several marks"
    made: OwnClass | None = None
    for one in (above[name] for name in reversed(order)):
        certain, alone = _certain(one.methods.get("__init__"), made)
        own = one.methods.keys() | one.constants.keys()
        abstract = (one.abstract & own) | (made.abstract - own if made is not None else frozenset[str]())
        inherits = made is not None and one.base is not None and one.match_args == one.base.match_args
        places = made.match_args if made is not None and (inherits or not one.match_args) else one.match_args
        made = replace(one, base=made, certain=certain, alone=alone, abstract=abstract, match_args=places)
    assert made is not None
    return made


def has_bodies(scope: ModuleScope) -> bool:
    """Tell whether any class of exceptions of the module has methods or constants: then their instances are objects."""
    return any(has_body(scope.classes[name]) for name in scope.exceptions if name in scope.classes)


def _read_exception(scope: ModuleScope, definition: ast.ClassDef) -> OwnClass | str:
    body = _Members(definition.name, scope).read(definition)
    above = scope.exceptions[definition.name]
    base = own_class(scope, above) if above in scope.exceptions else None
    if isinstance(body, str) or isinstance(base, str):
        return body if isinstance(body, str) else base if isinstance(base, str) else ""
    certain, alone = _certain(body.methods.get("__init__"), base)
    certain |= {EXCEPTION_TEXT, EXCEPTION_ARGUMENTS}
    return OwnClass(definition.name, base, body.methods, body.constants, certain, alone=alone, is_exception=True)


def _read_named(scope: ModuleScope, definition: ast.ClassDef) -> OwnClass | str:
    declared = [item for item in definition.body if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)]
    fields = {item.target.id: item.value for item in declared if isinstance(item.target, ast.Name)}
    rest = ast.ClassDef(definition.name, [], [], [item for item in definition.body if item not in declared], [])
    body = _Members(definition.name, scope).read(rest)
    if isinstance(body, str):
        return body
    special = {name for name in body.methods if name.startswith("_")} - {"__str__", "__repr__"}
    given = [value is not None for value in fields.values()]
    if special or body.constants or body.roles or body.slots is not None or given != sorted(given) or not are_fields([*fields]):
        return "it is a named tuple with more than fields and methods"
    return OwnClass(definition.name, None, body.methods, {}, frozenset(fields), match_args=(*fields,), fields=fields)


def _read_enum(scope: ModuleScope, definition: ast.ClassDef, kind: str) -> OwnClass | str:
    body = _Members(definition.name, scope).read(definition)
    if isinstance(body, str):
        return body
    if body.slots is not None or body.roles or any(name.startswith("_") for name in body.constants):
        return "it is an enumeration with more than members and methods"
    if special := body.methods.keys() & {"__init__", "__eq__", "__hash__", "__getitem__", "__iter__", "__len__", "__call__"}:
        return f"it is an enumeration with `{min(special)}`"
    found = read_members(body.constants, kind, scope.imports.get)
    if isinstance(found, str):
        return found
    members, names = found
    return OwnClass(definition.name, None, body.methods, {}, frozenset(), members=members, names=names, kind=kind)


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
    match_args: tuple[str, ...] = ()

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
                slots = value.elts if isinstance(value, ast.Tuple | ast.List) else [value]
                plain = [one.value for one in slots if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                self.slots = frozenset(plain)
                return None if len(plain) == len(slots) else "its `__slots__` are no texts"
            case ast.Assign(targets=[ast.Name(id="__match_args__")], value=ast.Tuple(elts=elements)):
                names = [one.value for one in elements if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                self.match_args = tuple(names)
                return None if len(names) == len(elements) else "its `__match_args__` are no texts"
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
        begins, begun = _begun(statement, base, own)
        if begun is not None:
            found |= begun.certain
            if not begun.alone:
                return frozenset(found), False
        if begins:
            continue
        if not _sees_only(statement, own, found) or any(isinstance(node, ast.Return) for node in walk(statement)):
            return frozenset(found), False
        found |= set(_stored(statement, own))
    return frozenset(found), True


def _begun(node: ast.stmt, base: OwnClass | None, own: str) -> tuple[bool, OwnClass | None]:
    """Tell whether a statement is `super().__init__(…)` or `Base.__init__(self, …)`, and of which class above, if any."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super"), args=[]), attr="__init__"), args=args)):
            hidden, begun = {"self", own, "super"}, base
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="__init__"), args=[ast.Name(id=given), *args])) if (
            given == own and base is not None
        ):
            hidden, begun = {own, "super"}, next((one for one in base.line() if one.name == name), None)
            if begun is None:
                return False, None
        case _:
            return False, None
    assert isinstance(node.value, ast.Call)
    values = (*args, *(one.value for one in node.value.keywords))
    seen = any(isinstance(inner, ast.Name) and inner.id in hidden for value in values for inner in ast.walk(value))
    return (False, None) if seen else (True, begun)


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
