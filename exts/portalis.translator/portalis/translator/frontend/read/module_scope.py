"""The names that one module defines: functions, classes, constants, imports; everything else at module level is refused."""

from __future__ import annotations

import ast
import difflib
import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, TypeVar

from portalis.translator.frontend.read.class_forms.inner.moving import InnerClasses
from portalis.translator.frontend.read.class_forms.named_tuples import class_of_call
from portalis.translator.frontend.read.class_forms.own_exceptions import exception_base
from portalis.translator.frontend.read.report import Report
from portalis.translator.frontend.read.tree import defaults_in_order, walk
from portalis.translator.library.import_time import IGNORED_MODULES, IMPORTABLE
from portalis.translator.source import SourceFile

Imported: TypeAlias = tuple[Literal["math", "gf", "pxr", "typing", "intrinsic", "library", "standard", "refused"], str]
INTRINSICS = "portalis.translator.library.intrinsics"
LIBRARY = "portalis.translator.library"
_Node = TypeVar("_Node")
_REFUSED: Imported = ("refused", "")
# A constant that is no plain value is inferred anew wherever it is named, and so are those that it names.
_EXPANSIONS, _EXPANSIONS_PER_CHARACTER = 1_000, 8


@dataclass(frozen=True)
class InnerFunction:
    """A function inside another one as a function of the module: `captured`, its last parameters, are the names of others that it reads.

    `qualified` is what CPython calls it in messages, `imports` what the functions around it import.
    """

    definition: ast.FunctionDef
    captured: tuple[str, ...]
    qualified: str = ""
    imports: Mapping[str, Imported] = field(default_factory=dict)


@dataclass
class ModuleScope:
    """What a module's names stand for. An import maps a local name to (kind, name within); an empty name is the module itself.

    `visited` are the identities of the functions, statements and expressions that were lowered; `owners`, by the identity of a method's
    definition, what its defaults see. In a class body, `outer` is the module and `own` are the names bound so far. `expansions` counts how
    often constants were inferred where they are named.
    """

    source: SourceFile
    name: str
    report: Report
    library: bool = False
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    # The module's own classes of exceptions, each with its base.
    exceptions: dict[str, str] = field(default_factory=dict)
    constants: dict[str, ast.expr] = field(default_factory=dict)
    annotations: dict[str, ast.expr] = field(default_factory=dict)
    imports: dict[str, Imported] = field(default_factory=dict)
    reassigned: dict[str, ast.AST] = field(default_factory=dict)
    visited: set[int] = field(default_factory=set)
    owners: dict[int, ModuleScope] = field(default_factory=dict)
    # Whether lists, text and the like are objects by reference here, not values of fixed length.
    references: bool = False
    # Whether nobody can tell which objects a result is, only what is in it.
    by_value: bool = False
    # Whether ints may have more than 64 bits here.
    wide: bool = False
    # Whether a power may be of another type than its operands here: an int's a float, a float's complex.
    powers: bool = False
    # The classes of what examples have under texts as keys of dicts.
    entries: dict[str, frozenset[str]] = field(default_factory=dict)
    # Functions inside functions, and lambdas that got a name: as functions of the module, by names of ours.
    inner: dict[str, InnerFunction] = field(default_factory=dict)
    # What is known of the classes whose instances functions make (`at_import/own_classes.py`).
    own_classes: dict[str, object] = field(default_factory=dict)
    # What each node of the functions lies in, by its identity, once somebody has asked (`at_import/kept.py`).
    parents: dict[int, ast.AST] = field(default_factory=dict)
    # The module's variables that calls change or that statements compute, and these statements (`at_import/module_state.py`).
    state: tuple[str, ...] = ()
    initialising: tuple[ast.stmt, ...] = ()
    # Constants that turned out to be changed or kept; defaults that can be, by their identity, each by its name as state.
    changed_constants: set[str] = field(default_factory=set)
    made_defaults: dict[int, str] = field(default_factory=dict)
    # The names by which `isinstance` is asked about abstract classes and unions: imports and types that are for more than annotations.
    asked: set[str] = field(default_factory=set)
    # Whether the module lets CPython nest deeper than by default.
    deep: bool = False
    # What makes missing values in `defaultdict`s, by the name that its type tells.
    factories: dict[str, ast.expr] = field(default_factory=dict)
    # Names that classes have here and CPython's do not, each with CPython's.
    shown_names: dict[str, str] = field(default_factory=dict)
    # The classes that stand in functions or other classes.
    inner_classes: InnerClasses = field(default_factory=InnerClasses)
    outer: ModuleScope | None = None
    own: set[str] = field(default_factory=set)
    expansions: int = 0

    @property
    def names(self) -> set[str]:
        return {*self.functions, *self.classes, *self.constants, *self.imports}

    def binds(self, name: str) -> bool:
        """Tell whether a name is one of the module's."""
        return name in self.functions or name in self.classes or name in self.constants or name in self.imports

    def definition(self, name: str) -> ast.FunctionDef:
        """Return the definition of a function, of a method called "Class.method", or of what stores to or deletes a property, which is
        called "Class.property.setter"; KeyError where there is none."""
        if name in self.inner:
            return self.inner[name].definition
        owner, _, method = name.partition(".")
        if not method:
            return self.functions[name]
        method, _, role = method.partition(".")
        for statement in self.classes[owner].body:
            if isinstance(statement, ast.FunctionDef) and statement.name == method and property_role(statement) == role:
                return statement
        raise KeyError(name)

    def of_defaults(self, definition: ast.FunctionDef) -> ModuleScope:
        """Return what a definition's defaults see: the class body that it stands in, as far as it has run, or the module."""
        return self.owners.get(id(definition), self)

    def expand(self) -> bool:
        """Count that a constant is inferred anew; tell whether that may go on."""
        self.expansions += 1
        return self.library or self.expansions <= _EXPANSIONS + _EXPANSIONS_PER_CHARACTER * len(self.source.text)

    def inside(self, owner: str) -> ModuleScope:
        """Return what the body of a class sees: what the module has, and then names of its own before that (`shadow`)."""
        return self._like(f"class {owner}", None, set())

    def shadow(self, name: str, value: ast.expr | ast.FunctionDef) -> None:
        """Let a name of a class body mean what it is bound to there."""
        for names in (self.functions, self.classes, self.constants, self.imports, self.reassigned):
            names.pop(name, None)
        self.own.add(name)
        if isinstance(value, ast.FunctionDef):
            self.functions[name] = value
        else:
            self.constants[name] = value

    def seen_by_defaults(self, definition: ast.FunctionDef) -> ModuleScope | None:
        """Return what a method's defaults see of a class body as far as it has run; None where they read no name of the class."""
        read = {node.id for default in defaults_in_order(definition) for node in walk(default) if isinstance(node, ast.Name)}
        if not read & self.own:
            return None
        name = f"{self.name}, the defaults of method {len(self.owners)}"
        return self._like(name, read, read & self.own)

    def _like(self, name: str, only: set[str] | None, own: set[str]) -> ModuleScope:
        def copied(names: dict[str, _Node]) -> dict[str, _Node]:
            return dict(names) if only is None else {key: names[key] for key in only if key in names}

        return replace(
            self,
            name=name,
            functions=copied(self.functions),
            classes=copied(self.classes),
            constants=copied(self.constants),
            imports=copied(self.imports),
            reassigned=copied(self.reassigned),
            outer=self.outer or self,
            own=own,
        )

    def binder(self, name: str) -> ModuleScope:
        """Return the scope that binds a name: a class body for its own names, the module for all others."""
        return self if self.outer is None or name in self.own else self.outer


def property_role(definition: ast.FunctionDef) -> str:
    """Return "setter" or "deleter" of a function that is added to the property of its name; nothing of any other."""
    match definition.decorator_list:
        case [ast.Attribute(value=ast.Name(id=name), attr="setter" | "deleter" as role)] if name == definition.name:
            return role
        case _:
            return ""


def collect(tree: ast.Module, source: SourceFile, name: str, report: Report, library: bool = False) -> ModuleScope:
    """Sort a module's statements into a scope, refusing those that would do something when CPython imports the module."""
    scope = ModuleScope(source, name, report, library)
    for statement in tree.body:
        collect_statement(scope, statement)
    return scope


def collect_statement(scope: ModuleScope, statement: ast.stmt) -> None:
    """Bind what one statement of a module defines, or refuse it."""
    match statement:
        case ast.FunctionDef():
            _define(scope, statement.name, statement)
            scope.functions[statement.name] = statement
        case ast.ClassDef():
            _define(scope, statement.name, statement)
            scope.classes[statement.name] = statement
            base = exception_base(statement, scope.exceptions)
            if base is not None and (base in scope.exceptions or not scope.binds(base)):
                scope.exceptions[statement.name] = base
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call) if (
            made := class_of_call(name, call, scope.imports.get)
        ) is not None:
            _define(scope, name, statement)
            scope.classes[name] = made
        case ast.Assign(targets=targets, value=value) if all(isinstance(target, ast.Name) for target in targets):
            for target in targets:
                assert isinstance(target, ast.Name)
                _define(scope, target.id, statement)
                scope.constants[target.id] = value
        case ast.AnnAssign(target=ast.Name(id=name), value=value, annotation=annotation):
            _define(scope, name, statement)
            if value is not None:
                scope.constants[name] = value
                scope.annotations[name] = annotation
        case ast.Import() | ast.ImportFrom():
            _collect_import(scope, statement)
        case ast.Expr(value=ast.Constant()) | ast.Pass():
            pass  # A docstring, or text that nobody reads: evaluating a constant does nothing.
        case ast.If() | ast.Try() if is_settled(scope, statement):
            for inner in runs_on_import(scope, statement):
                collect_statement(scope, inner)
        case ast.Assign() | ast.AugAssign():
            _collect_other_assignment(scope, statement)
        case _:
            _refuse_statement(scope, statement)


def _define(scope: ModuleScope, name: str, statement: ast.stmt) -> None:
    """Make room for a definition: the last one of a name is what functions see when they run."""
    if not scope.binds(name):
        return
    scope.reassigned[name] = statement
    scope.functions.pop(name, None)
    scope.classes.pop(name, None)
    scope.exceptions.pop(name, None)
    scope.constants.pop(name, None)
    scope.imports.pop(name, None)


def _collect_other_assignment(scope: ModuleScope, statement: ast.Assign | ast.AugAssign) -> None:
    names = [node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    for name in names:
        if not scope.binds(name):
            scope.imports[name] = _REFUSED
        scope.reassigned[name] = statement
    scope.report.refuse(
        "P0226",
        statement,
        "at module level only `NAME = constant` is translated",
        "give each module constant its own plain assignment, or move the statement into a function",
    )


def _refuse_statement(scope: ModuleScope, statement: ast.stmt) -> None:
    if isinstance(statement, ast.AsyncFunctionDef):
        scope.report.refuse("P0206", statement, "async functions are not translated", "write a plain `def`; the host calls it every frame")
        return
    scope.report.refuse(
        "P0226",
        statement,
        "this statement would run when the module is imported, and is not translated",
        'move it into a function, or under `if __name__ == "__main__":`, which is not part of a translation',
    )


def is_settled(scope: ModuleScope, statement: ast.stmt) -> bool:
    """Tell whether it is known which part of a statement runs where the file is imported: of a guard, and of an attempt to import what
    Python itself has, which never fails (what Python has not is refused as an import)."""
    match statement:
        case ast.If(test=test):
            return is_guard(scope, test)
        case ast.Try(body=body, handlers=[_, *_] as handlers, orelse=[], finalbody=[]):
            names = [handler.type.id for handler in handlers if isinstance(handler.type, ast.Name)]
            takes_these = len(names) == len(handlers) and set(names) <= {"ImportError", "ModuleNotFoundError"}
            return takes_these and all(isinstance(inner, ast.Import | ast.ImportFrom) for inner in body)
    return False


def runs_on_import(scope: ModuleScope, statement: ast.If | ast.Try) -> list[ast.stmt]:
    """Return the part of a statement that runs where the file is imported: what is guarded runs only in a script or a type checker."""
    if isinstance(statement, ast.Try):
        return statement.body
    return statement.orelse if is_guard(scope, statement.test) else []


def is_guard(scope: ModuleScope, test: ast.expr) -> bool:
    match test:
        case ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")]):
            return not scope.binds("__name__")
        case ast.Name(id=name):
            return scope.imports.get(name) == ("typing", "TYPE_CHECKING")
        case ast.Attribute(value=ast.Name(id=name), attr="TYPE_CHECKING"):
            return scope.imports.get(name) == ("typing", "")
        case _:
            return False


def _collect_import(scope: ModuleScope, statement: ast.Import | ast.ImportFrom) -> None:
    for name, imported in imported_names(scope, statement).items():
        if imported == ("typing", "") and scope.imports.get(name) == ("standard", name):
            continue  # `import collections.abc` takes nothing from `collections`.
        if scope.imports.get(name) != imported:
            _define(scope, name, statement)
        scope.imports[name] = imported


def import_meanings(scope: ModuleScope, statement: ast.Import | ast.ImportFrom) -> dict[str, Imported]:
    """Return what each name that an import binds stands for; what cannot be imported is "refused"."""
    if isinstance(statement, ast.Import):
        return {alias.asname or alias.name.partition(".")[0]: _imported_module(alias) for alias in statement.names}
    module = "." * statement.level + (statement.module or "")
    return {alias.asname or alias.name: _imported_name(scope, module, alias.name) for alias in statement.names}


def imported_names(scope: ModuleScope, statement: ast.Import | ast.ImportFrom) -> dict[str, Imported]:
    """Return what each name that an import binds stands for, refusing what cannot be imported."""
    found = import_meanings(scope, statement)
    for alias in statement.names:
        name = alias.asname or (alias.name if isinstance(statement, ast.ImportFrom) else alias.name.partition(".")[0])
        if found[name] == _REFUSED:
            _refuse_import(scope, statement, alias)
    return found


def _imported_name(scope: ModuleScope, module: str, name: str) -> Imported:
    if name == "*":
        return _REFUSED
    if scope.library and module == INTRINSICS:
        return "intrinsic", name
    if scope.library and module.startswith(LIBRARY):
        rest = module.removeprefix(LIBRARY).removeprefix(".")
        return ("library", f"{rest}.{name}" if rest else name)
    if module in ("math", *IGNORED_MODULES) and not hasattr(importlib.import_module(module), name):
        return _REFUSED
    if module == "math":
        return "math", name
    if module == "pxr" and name == "Gf":
        return "gf", ""
    if module == "pxr.Gf":
        return "gf", name
    if name in IMPORTABLE.get(module, ()):
        return "standard", f"{module}.{name}"
    return ("typing", name) if module in IGNORED_MODULES else _REFUSED


def _imported_module(alias: ast.alias) -> Imported:
    if alias.name == "math":
        return "math", ""
    if alias.name == "pxr.Gf":
        return ("gf", "") if alias.asname else ("pxr", "")
    if alias.name in IGNORED_MODULES:
        return "typing", ""
    return ("standard", alias.name) if alias.name in IMPORTABLE else _REFUSED


def _refuse_import(scope: ModuleScope, statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> None:
    refuse = scope.report.refuse
    module = alias.name if isinstance(statement, ast.Import) else "." * statement.level + (statement.module or "")
    if module in IMPORTABLE:
        refuse("P0201", statement, f"`{alias.name}` of `{module}` has no translation", known_of(module, alias.name))
        return
    if module in ("math", *IGNORED_MODULES) and alias.name != "*":
        refuse("P0317", statement, f"`{module}` has no `{alias.name}`", "correct the name: CPython raises ImportError here")
        return
    close = difflib.get_close_matches(module, ("math", *IMPORTABLE), 1, 0.75)
    refuse(
        "P0201",
        statement,
        f"`{module}` cannot be imported into a translated module",
        f"did you mean `{close[0]}`?" if close else "write what you need from it as a function of this file",
        "a translated module is closed: nothing outside it can be reached",
    )


def known_of(module: str, name: str) -> str:
    """Return what a user may want to know who asked for a name of a module that has no translation."""
    close = difflib.get_close_matches(name, IMPORTABLE[module], 1)
    return f"did you mean `{close[0]}`?" if close else f"of `{module}` these are known: {', '.join(sorted(IMPORTABLE[module]))}"
