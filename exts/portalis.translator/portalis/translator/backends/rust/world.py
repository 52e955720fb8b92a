"""What printing one function must know of the rest of the program: names, types, who may fail, error sites."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, assert_never

from portalis.translator.backends.rust.divisions import is_plain_division, library_names
from portalis.translator.backends.rust.errors import Kinds
from portalis.translator.backends.rust.frames import OWN_METHODS, UnclearFrame, find_frames, is_frame, is_nothing
from portalis.translator.backends.rust.names import Scope, camel_case, identifier, method_name, setter, snake_case
from portalis.translator.backends.rust.steady import OF_ITEMS, Reader
from portalis.translator.backends.rust.tree import Expr
from portalis.translator.ir.abi import scalar_entries
from portalis.translator.ir.closures import is_function
from portalis.translator.ir.errors import ErrorSite, error_sites
from portalis.translator.ir.exceptions import CAUGHT, LIMIT, constant_message, is_caught
from portalis.translator.ir.generators import is_generator, maker_of, resume_name
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.nodes import Finally, Function, ObjectOp, Program, Try, walk_function
from portalis.translator.ir.types import (
    COMPLEX,
    GF_TYPES,
    INT,
    NONE,
    BoolType,
    DictRef,
    FloatType,
    FunctionType,
    IntType,
    LibraryRef,
    ListRef,
    ListType,
    MatrixType,
    NeverType,
    NoneType,
    QuatType,
    RecordType,
    SetRef,
    StrType,
    TextType,
    TupleType,
    Type,
    UnionType,
    VecType,
    WideType,
)
from portalis.translator.passes.facts.effects import written_locals
from portalis.translator.passes.facts.steady import CHANGES, functions_that
from portalis.translator.passes.lowering.error_edges import find_endings, with_error_edges
from portalis.translator.passes.rewriter import with_functions

# Tuples longer than this implement none of std's traits.
LONGEST_TUPLE = 12


@dataclass(frozen=True, slots=True)
class Operator:
    """A std operator trait that a library function on a Gf type becomes: its method, its name and how a use is spelled.

    A "reflected" one is a method of its second parameter's type (`2.0 * vector`); an "assign" one changes its first parameter in place.
    """

    method: str
    trait: str
    sign: str
    shape: Literal["unary", "binary", "reflected", "assign"] = "binary"


OPERATORS = {
    "__add__": Operator("add", "Add", "+"),
    "__sub__": Operator("sub", "Sub", "-"),
    "__mul__": Operator("mul", "Mul", "*"),
    "__rmul__": Operator("mul", "Mul", "*", "reflected"),
    "__truediv__": Operator("div", "Div", "/"),
    "__neg__": Operator("neg", "Neg", "-", "unary"),
    "__iadd__": Operator("add_assign", "AddAssign", "+", "assign"),
    "__isub__": Operator("sub_assign", "SubAssign", "-", "assign"),
    "__imul__": Operator("mul_assign", "MulAssign", "*", "assign"),
    "__itruediv__": Operator("div_assign", "DivAssign", "/", "assign"),
}
_GF_METHOD = re.compile(r"(?:Vec|Quat|Matrix)_(\w+)")
# What values of a union are called by the class that they have in Python.
_VARIANTS = {
    "NoneType": "Nothing",
    "bool": "Bool",
    "int": "Int",
    "float": "Float",
    "str": "Text",
    "tuple": "Tuple",
    "list": "List",
    "dict": "Dict",
    "set": "Set",
}
# Types and modules of every crate.
_RESERVED = frozenset({"Error", "Kind", "Site", "At", "Depth", "Message", "Ending", "Arguments", "T", "K", "V", "N"})
_RESERVED |= {"List", "Text", "Int", "Dict", "Set"}
_RESERVED |= {"abi", "heap", "ops", "py", "sites", "types"}


def is_array(type_: TupleType) -> bool:
    """Tell whether a tuple is held as a Rust array: a long one whose items have one type."""
    return len(type_.items) > LONGEST_TUPLE and len(set(type_.items)) == 1


def _made_for(function: Function) -> str:
    """Return what is added to the name of a library function that a pass made of another, for some of its calls."""
    _, is_made, how = function.name.removesuffix(OF_ITEMS).partition("~")
    return "" if not is_made else f"_{how}" if how.isidentifier() else "_unsigned"


class NotInRust(Exception):
    """A program uses a value that the crate could not hold exactly."""


@dataclass(frozen=True, slots=True)
class Callee:
    """How a function is spelled in Rust.

    `module` is the library module that it is in (None for the user's own, in lib.rs), `owner` the type whose method it is, where it is one.
    `borrowed` are the parameters that it takes as `&`; one that `sees_objects` may change what others see, or gives what others can change.
    `items` is the parameter of which it takes the elements instead of the list.
    """

    function: Function
    name: str
    module: str | None
    fallible: bool
    owner: str | None = None
    operator: Operator | None = None
    borrowed: frozenset[str] = frozenset()
    sees_objects: bool = False
    items: str | None = None

    def spelling(self, module: str | None) -> str:
        """Return how code in `module` calls the function: its path, or its name after a dot for a method."""
        if self.owner is not None:
            return f".{self.name}"
        return self.name if self.module in (None, module) else f"{self.module}::{self.name}"


def borrowed_params(functions: Mapping[str, Function], function: Function) -> frozenset[str]:
    """Return the parameters that a function only looks through: they hold references, and it gives them no other value."""
    if all(param.type.duplicable for param in function.params):
        return frozenset()
    written = {name for node in walk_function(function) for name in written_locals(functions, node)}
    return frozenset(param.name for param in function.params if not (param.type.duplicable or param.by_ref or param.name in written))


def optional(type_: UnionType) -> Type | None:
    """Return what a value is where it is not None, if that is one type alone: such a union is an `Option`."""
    return type_.members[1] if len(type_.members) == 2 and type_.members[0] == NONE else None


def variant(member: Type) -> str:
    """Return the name of a union's variant for values of one of its members."""
    name = member.python_class.rpartition(".")[2]
    return _VARIANTS.get(name, name[:1].upper() + name[1:])


def _asked_classes(program: Program) -> list[str]:
    """Return the names of the classes that a program's handlers ask for."""
    nodes = (node for function in program.functions for node in walk_function(function))
    asked = (node.name.split() for node in nodes if isinstance(node, ObjectOp) and node.op == "error.is" and node.name != LIMIT)
    return [name for names in asked for name in names]


def sees_objects(function: Function) -> bool:
    """Tell whether a function takes or gives objects that can change: what it does may be seen, and depend on what others do."""
    return any(map(_holds_objects, (function.result, *(param.type for param in function.params))))


def _holds_objects(type_: Type) -> bool:
    parts = type_.members if isinstance(type_, UnionType) else type_.elements if type_.refers else ()
    return isinstance(type_, ListRef | DictRef | SetRef | LibraryRef) or any(map(_holds_objects, parts))


class World:
    """A program's functions, types and error sites under their Rust names.

    Sites are numbered by `numbered`, the program as its hosts know it; `program` is the one that is printed, which may have fewer. `called`
    grows as functions are translated: the entries and what they reach, possibly several times over.
    """

    def __init__(self, program: Program, numbered: Program) -> None:
        self.library = library_names(program)
        # A guard goes on its way through whatever handles exceptions.
        handling = [
            function.name for function in program.functions if any(isinstance(node, Try | Finally) for node in walk_function(function))
        ]
        endings = find_endings(program, lambda call: is_plain_division(call, self.library), handling)
        self.fallible = endings.fallible
        self.program = with_functions(program, tuple(with_error_edges(function, endings) for function in program.functions))
        self.called = [name for _, name in scalar_entries(program)]
        self.raised = error_sites(numbered)
        named = [site.name for site in self.raised if site.kind == "exception"]
        self.kinds = Kinds([*named, *_asked_classes(program)], dict(program.exceptions))
        # The module's variables that outlive a call: parameters of those who use them.
        self.kept = frozenset(param.name for param in program.function(program.initial).params) if program.initial else frozenset()
        self.sites = {site.key: number for number, site in enumerate(self.raised, 1)}
        self.used_sites: dict[str, tuple[str | None, ErrorSite]] = {}
        self.tables: dict[str | None, dict[str, tuple[str, Expr]]] = {}
        self.types_used: dict[str, Type] = {}
        try:
            self.frames = find_frames(program)
        except UnclearFrame as error:
            raise NotInRust(str(error)) from None
        self.union_members: dict[str, tuple[str, ...]] = {}
        self.object_fields: dict[str, tuple[tuple[str, str], ...]] = {}
        self.late_fields: dict[str, frozenset[str]] = {}
        self._objects: dict[LibraryRef, str] = {}
        self._records: dict[str, str] = {}
        self._unions: dict[UnionType, str] = {}
        self.catches = self.prints = False
        modules = {function.name.partition(".")[0] for function in program.functions if function.library}
        self._type_scope = Scope(_RESERVED | modules)
        self._scopes: dict[str, Scope] = {}
        self._operators: set[tuple[str, str, str, tuple[str, ...]]] = set()
        self._functions = {function.name: function for function in self.program.functions}
        self.callees = {function.name: self._callee(function) for function in self.program.functions}

    # ------------------------------------------------------------------------------------------------------------- types
    def type_name(self, type_: Type) -> str:
        """Return the Rust type that holds values of an IR type."""
        match type_:
            case IntType():
                return "i64"
            case FloatType():
                return "f64"
            case BoolType():
                return "bool"
            case NoneType() | NeverType():
                return "()"
            case FunctionType() if is_nothing(type_):
                return "()"
            case StrType():
                return "&'static str"
            case TupleType(items) if is_array(type_):
                return f"[{self.type_name(items[0])}; {len(items)}]"
            case TupleType(items):
                inner = ", ".join(map(self.type_name, items))
                return f"({inner},)" if len(items) == 1 else f"({inner})"
            case ListType(item, length):
                return f"[{self.type_name(item)}; {length}]"
            case VecType() | QuatType() | MatrixType():
                name = str(type_).removeprefix("Gf.")
                self.types_used[name] = type_
                return name
            case RecordType():
                return self._record(type_)
            case TextType():
                return self._object("Text", type_)
            case WideType():
                return self._object("Int", type_)
            case ListRef(item):
                return f"{self._object('List', type_)}<{self.type_name(item)}>"
            case DictRef(key, value):
                return f"{self._object('Dict', type_)}<{self.type_name(key)}, {self.type_name(value)}>"
            case SetRef(item):
                return f"{self._object('Set', type_)}<{self.type_name(item)}>"
            case UnionType(members) if any(isinstance(one, FunctionType) for one in members) or sum(map(is_function, members)) > 1:
                raise NotInRust("which of several functions a value is, no enum of a crate tells")
            case UnionType():
                some = optional(type_)
                return self._union(type_) if some is None else f"Option<{self.type_name(some)}>"
            case LibraryRef():
                return self._library_object(type_)
            case _:
                assert_never(type_)

    def _object(self, name: str, type_: Type) -> str:
        self.types_used.setdefault(name, type_)
        # Texts are made from lists of code points, and records hold lists.
        self.types_used.setdefault("List", ListRef(INT))
        return name

    def _library_object(self, type_: LibraryRef) -> str:
        if type_ in self._objects:
            return self._objects[type_]
        wanted = camel_case(maker_of(type_)) if is_generator(type_) else type_.python_class.rpartition(".")[2]
        wanted = camel_case(wanted) if type_ in CAUGHT else wanted
        name = self._objects[type_] = self._type_scope.take(identifier(wanted))
        self.types_used[name] = type_
        if is_frame(type_):
            held = self.frames.get(type_, {}).values()
            self.object_fields[name] = tuple((field.name, "Error" if field.error else self.type_name(field.type)) for field in held)
            self.late_fields[name] = frozenset(field.name for field in held if field.late)
            accessors = [accessor for field in held for accessor in (field.name, setter(field.name))]
            self._scopes[name] = Scope(OWN_METHODS - {"resume"} | set(accessors))
        elif type_ in CAUGHT:
            # What handlers hold has the text that was told with it, and tells its class.
            self.object_fields[name] = tuple((field, "Error" if field == "word" else self.type_name(item)) for field, item in type_.storage)
        else:
            self.object_fields[name] = tuple((field, self.type_name(item)) for field, item in type_.storage)
        return name

    def _union(self, type_: UnionType) -> str:
        members = tuple(map(self.type_name, type_.members))
        if type_ not in self._unions:
            self._unions[type_] = self._type_scope.take("Or".join(map(variant, type_.members)))
        name = self._unions[type_]
        self.types_used[name] = type_
        self.union_members[name] = members
        return name

    def _record(self, type_: RecordType) -> str:
        if type_.name not in self._records:
            wanted = type_.name.capitalize() if type_ == COMPLEX else type_.name
            self._records[type_.name] = self._type_scope.take(identifier(wanted))
        name = self._records[type_.name]
        self.types_used[name] = type_
        return name

    # --------------------------------------------------------------------------------------------------------- functions
    def _callee(self, function: Function) -> Callee:
        named, borrowed = self._named(function), borrowed_params(self._functions, function)
        items = function.params[0].name if function.name.endswith(OF_ITEMS) else None
        return replace(named, borrowed=borrowed, sees_objects=sees_objects(function), items=items)

    def _named(self, function: Function) -> Callee:
        fallible = function.name in self.fallible
        base = "initialise" if function.name == self.program.initial else function.display.rpartition(".")[2]
        first = function.params[0].type if function.params else NONE
        if not function.library:
            owner = self.type_name(first) if isinstance(first, RecordType) and function.name.startswith(f"{first.name}.") else None
            if is_generator(first) and function.name == resume_name(maker_of(first)):
                owner = self.type_name(first)
                return Callee(function, self._take(owner, "resume"), None, fallible, owner)
            if is_instance(first) and "." in function.name:
                owner = self.type_name(first)
                return Callee(function, self._take(owner, identifier(method_name(base))), None, fallible, owner)
            return Callee(function, self._take(owner or "", identifier(base)), None, fallible, owner)
        module = identifier(function.name.partition(".")[0])
        found = _GF_METHOD.fullmatch(base)
        if found is None or not isinstance(first, GF_TYPES):
            base = "item" if function.name.endswith(OF_ITEMS) else base.removeprefix("Gf_").lstrip("_")
            name = snake_case(identifier(base + _made_for(function)))
            return Callee(function, self._take(module, name), module, fallible)
        owner = self.type_name(first)
        method = found.group(1)
        if method in OPERATORS and self._fits(OPERATORS[method], function, fallible):
            operator = OPERATORS[method]
            key = (owner, operator.trait, operator.shape, tuple(self.type_name(param.type) for param in function.params[1:]))
            if key not in self._operators:
                self._operators.add(key)
                return Callee(function, operator.method, module, fallible, owner, operator)
        return Callee(function, self._take(owner, snake_case(identifier(method.strip("_")))), module, fallible, owner)

    @staticmethod
    def _fits(operator: Operator, function: Function, fallible: bool) -> bool:
        if fallible or len(function.params) != (1 if operator.shape == "unary" else 2):
            return False
        in_place = function.params[0].by_ref
        if operator.shape == "assign":
            return in_place and isinstance(function.result, NoneType)
        return not in_place and not any(param.by_ref for param in function.params)

    def function_names(self, module: str | None) -> frozenset[str]:
        """Return the functions that code in `module` calls by their bare name."""
        return frozenset(callee.name for callee in self.callees.values() if callee.owner is None and callee.module in (None, module))

    def _take(self, scope: str, wanted: str) -> str:
        return self._scopes.setdefault(scope, Scope()).take(wanted)

    def table(self, callee: Callee, type_: str, value: Expr) -> str:
        """Return the name of the constant in a callee's module that holds `value`, made for it where there is none."""
        known = self.tables.setdefault(callee.module, {})
        for name, (_, other) in known.items():
            if other == value:
                return name
        scope = self._scopes.setdefault(f"{callee.module} tables", Scope())
        name = scope.take(f"{callee.name.removeprefix('r#').strip('_').upper()}_TABLE")
        known[name] = (type_, value)
        return name

    @cached_property
    def readers(self) -> dict[str, Reader]:
        """The functions that read an element of a list, as the user's code spells them."""
        found = {}
        for name, callee in self.callees.items():
            if (other := self.callees.get(name + OF_ITEMS)) is not None:
                reader = Reader(other.spelling(None), other.function.name, not other.function.result.duplicable)
                found[callee.spelling(None)] = reader
        return found

    @cached_property
    def changing(self) -> frozenset[str]:
        """The functions that may change a list."""
        return functions_that(self.program, CHANGES)

    # ------------------------------------------------------------------------------------------------------- error sites
    def site(self, site: ErrorSite, module: str | None) -> str:
        """Return a stand-in for the constant that names an error site in the code of `module`; `site_names` has the constants."""
        # A call of a function that a pass made of another is a call of that one.
        site = replace(site, name=site.name.partition("~")[0]) if site.kind == "call" else site
        stand_in = f"L{self.sites[site.key]}#"
        self.used_sites[stand_in] = (module, site)
        return stand_in

    def classes_of(self, classes: str) -> tuple[frozenset[str], frozenset[str]]:
        """Return the names of the classes that the program raises and that are one of `classes`, and of all that it raises."""
        raised = [site for site in self.raised if site.kind == "exception"]
        found = frozenset(site.name for site in raised if is_caught(site, classes, self.program))
        return found, frozenset(site.name for site in raised)

    @property
    def constant_messages(self) -> tuple[str, ...]:
        """The constant texts with which the program raises."""
        return tuple(site.message for site in self.raised if site.kind == "exception" and site.message is not None)

    def shown_message(self, name: str, message: str) -> str:
        """Return how an exception of a class shows a constant text: a KeyError as a literal."""
        site = ErrorSite("exception", name, message, self.program.functions[0].span)
        return constant_message(site, self.program) or ""

    def keep(self, paths: set[str]) -> None:
        """Forget the sites and tables that none of the paths in a crate's code is."""
        self.used_sites = {stand_in: use for stand_in, use in self.used_sites.items() if stand_in in paths}
        self.tables = {module: {name: table for name, table in known.items() if name in paths} for module, known in self.tables.items()}

    def site_names(self) -> dict[str, str]:
        """Return the name of every site used so far by its stand-in: its line, and a number where others of its module share the line."""
        scopes: dict[str | None, Scope] = {}
        names: dict[str, str] = {}
        for stand_in, (module, site) in sorted(self.used_sites.items(), key=lambda item: self.sites[item[1][1].key]):
            names[stand_in] = scopes.setdefault(module, Scope()).take(f"L{site.span.line}")
        return names

    def site_number(self, site: ErrorSite) -> int:
        """Return the number by which hosts know a site."""
        return self.sites[site.key]
