"""What CPython does when it imports a module: it evaluates, in the file's order, values, defaults, annotations, decorators and bases.

Each of them has to be on a list (`values.py`, `annotations.py`), whether the entry reaches it or not, and every name has to be
there when it is read: the front-end reads a module's constants and functions wherever they stand, and this is the check that CPython would
get as far, and would do nothing else on the way.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence
from dataclasses import dataclass, field

from portalis.translator.diagnostics.spelling import forgotten
from portalis.translator.frontend.read.at_import.annotations import Annotations, check_lazy, named_type
from portalis.translator.frontend.read.at_import.bindings import imported_meanings
from portalis.translator.frontend.read.at_import.bounded import UNKNOWN, BoundedArithmetic
from portalis.translator.frontend.read.at_import.builtin_names import FORBIDDEN_BUILTINS, HARMLESS_BUILTINS
from portalis.translator.frontend.read.at_import.decorators import is_wraps, own_decorator
from portalis.translator.frontend.read.at_import.own_classes import OwnClass, own_class
from portalis.translator.frontend.read.at_import.tables import (
    ANNOTATION_MODULES,
    MARKS,
    METADATA,
    PLAIN_BASES,
    WRAPPERS,
    Generic,
    import_of,
)
from portalis.translator.frontend.read.at_import.values import (
    Annotation,
    Beyond,
    Defined,
    Enumeration,
    Evaluation,
    Known,
    Meaning,
    Module,
    NamedTuples,
    Names,
    NotOnTheList,
)
from portalis.translator.frontend.read.class_forms.inert import meaning_of
from portalis.translator.frontend.read.class_forms.marks import (
    Told,
    is_auto,
    is_inert_argument,
    is_marking_base,
    is_marking_decorator,
    marking_call,
    members_of_enum,
    runs_nothing_derived,
)
from portalis.translator.frontend.read.class_forms.named_tuples import NAMED_TUPLE, NAMED_TUPLE_CALL
from portalis.translator.frontend.read.class_forms.own_exceptions import exception_base
from portalis.translator.frontend.read.module_scope import ModuleScope, is_settled, property_role, runs_on_import
from portalis.translator.frontend.read.report import Report
from portalis.translator.frontend.read.tree import child_nodes, defaults_in_order

_FUNCTION, _PROPERTY = Defined("a function"), Defined("a property")
_MODULE_NAMES = frozenset(("__name__", "__file__", "__doc__"))
_LIST_HELP = (
    "at import only literals, arithmetic on them, names bound to such values above, math.NAME, Gf.NAME(…) and types in annotations are "
    "evaluated; move everything else into a function"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal that is told unless its line is refused already: lowering knows more of what was meant."""

    node: ast.AST
    code: str
    message: str
    help: str
    in_annotation: bool = False


@dataclass
class ImportedModule:
    """What importing a module does: what is wrong with it, what its names mean at its end, and the statements that only annotations use."""

    problems: list[Problem] = field(default_factory=list)
    names: dict[str, Meaning] = field(default_factory=dict)
    ignored: set[int] = field(default_factory=set)

    def tell(self, report: Report) -> None:
        """Refuse what is wrong, once a line."""
        refused = {item.span.line for item in report.found}
        for problem in self.problems:
            line = report.span(problem.node).line
            if line not in refused:
                refused.add(line)
                report.refuse(problem.code, problem.node, problem.message, problem.help)

    def evaluation(self, *, named_tuples: bool) -> Evaluation:
        """Return what evaluates an expression as the module's own code would at its end; of the file's classes it makes `named_tuples`."""
        plain = {name: Annotation(one.generic) for name, one in self.names.items() if isinstance(one, NamedTuples) and not named_tuples}
        return Evaluation(Names({**self.names, **plain}), BoundedArithmetic())


def import_module(tree: ast.Module, scope: ModuleScope) -> ImportedModule:
    """Go through what runs when a module is imported, and evaluate what is on the list."""
    lazy = any(isinstance(item, ast.ImportFrom) and item.module == "__future__" and "annotations" in _names(item) for item in tree.body)
    imported = ImportedModule()
    _Importer(scope, lazy, imported).run(tree.body, None)
    return imported


def _names(statement: ast.Import | ast.ImportFrom) -> set[str]:
    return {alias.asname or alias.name.partition(".")[0] for alias in statement.names}


class _Importer:
    """Goes through a module's statements in order, knowing what the names that are bound so far mean."""

    def __init__(self, scope: ModuleScope, lazy_annotations: bool, found: ImportedModule) -> None:
        self._scope = scope
        self._lazy = lazy_annotations
        self._found = found
        self._module = found.names
        self._bounded = BoundedArithmetic()
        # The module's own exceptions so far that add nothing to their base.
        self._exceptions: dict[str, str] = {}
        # The module's own classes so far: what a base class runs is what its class body runs.
        self._classes: set[str] = set()

    def run(self, statements: Sequence[ast.stmt], owner: dict[str, Meaning] | None) -> None:
        """Run a body; `owner` holds the names of the class that it belongs to, if any."""
        for statement in statements:
            match statement:
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    self._define_function(statement, owner)
                case ast.ClassDef():
                    self._define_class(statement, owner)
                case ast.Assign(value=value):
                    self._assign(statement, value, None, owner)
                case ast.AnnAssign(value=value, annotation=annotation):
                    self._assign(statement, value, annotation, owner)
                case ast.AugAssign(value=value):
                    self._value(value, owner)
                case ast.If() | ast.Try() if owner is None and (isinstance(statement, ast.If) or is_settled(self._scope, statement)):
                    self.run(runs_on_import(self._scope, statement), None)
                case ast.Import() | ast.ImportFrom() if owner is None:
                    self._module |= imported_meanings(statement)
                case ast.Expr(value=ast.Constant()) | ast.Pass():
                    pass
                case _ if owner is not None:
                    self._problem(statement, "P0226", "this statement would run when the module is imported", "move it into a method")

    # ------------------------------------------------------------------------------------------------------ definitions
    def _define_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, owner: dict[str, Meaning] | None) -> None:
        for decorator in node.decorator_list:
            self._decorator(decorator, owner, WRAPPERS)
        for default in defaults_in_order(node):
            self._value(default, owner)
        arguments = node.args
        parameters = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
        for annotation in (*(item.annotation for item in parameters if item is not None), node.returns):
            if annotation is not None:
                self._annotation(annotation, owner)
        self._type_parameters(node)
        is_property = isinstance(node, ast.FunctionDef) and (property_role(node) or _is_property(node))
        self._bind(node.name, _PROPERTY if owner is not None and is_property else _FUNCTION, owner)

    def _define_class(self, node: ast.ClassDef, owner: dict[str, Meaning] | None) -> None:
        for decorator in node.decorator_list:
            self._decorator(decorator, owner, frozenset(), of_class=True)
        self._bases(node, owner)
        for keyword in node.keywords:
            if self._reads(keyword.value, owner) and not is_inert_argument(keyword, node, self._names_at(owner)):
                self._refuse(NotOnTheList(keyword.value, "an argument of a class"))
        self._type_parameters(node)
        self.run(node.body, {})
        derived = exception_base(node, self._exceptions) if owner is None else None
        members = members_of_enum(node, self._names_at(owner))
        takes = None if any(isinstance(base, ast.Subscript) for base in node.bases) else 0
        generic = Generic(node.name, 0, takes)
        self._bind(node.name, Enumeration(generic, members) if members else self._class(generic, node.name, owner), owner)
        if owner is None and runs_nothing_derived(node, self._names_at(None)):
            self._classes.add(node.name)
        if derived is not None:
            self._exceptions[node.name] = derived

    def _class(self, generic: Generic, name: str, owner: dict[str, Meaning] | None) -> Meaning:
        """Return what a class of the file means: a type, of which only named tuples may be made."""
        definition = self._scope.classes.get(name) if owner is None else None
        bases = [] if definition is None else [meaning_of(base, self._scope.imports.get) for base in definition.bases]
        found = own_class(self._scope, name) if bases in ([NAMED_TUPLE], [NAMED_TUPLE_CALL]) else None
        if not isinstance(found, OwnClass) or found.fields is None:
            return Annotation(generic)
        return NamedTuples(generic, (*found.fields,), sum(default is not None for default in found.fields.values()))

    def _bases(self, node: ast.ClassDef, owner: dict[str, Meaning] | None) -> None:
        """Hold base classes to what runs nothing: Python's own types, exceptions, plain classes of the file, and marks after these."""
        names = self._names_at(owner)
        for place, base in enumerate(node.bases):
            if not self._reads(base, owner) or (place == 0 and self._is_plain_base(base, owner)):
                continue
            plain = owner is None and all(isinstance(one, ast.Name) and one.id in self._classes for one in node.bases[: place + 1])
            # What has an order, and objects of one layout, is known of classes whose instances are translated.
            if plain and isinstance(own_class(self._scope, node.name), OwnClass):
                continue
            if not is_marking_base(base, node, names):
                self._refuse(NotOnTheList(base, "a base class other than one of Python's own types"))

    def _is_plain_base(self, node: ast.expr, owner: dict[str, Meaning] | None) -> bool:
        """Tell whether a base class is Python's own, or an exception that adds nothing to one: what derives from it runs nothing."""
        if isinstance(node, ast.Name) and node.id in self._classes and node.id not in (owner or ()):
            return True
        if isinstance(node, ast.Name) and node.id in self._exceptions and node.id not in (owner or ()):
            return True
        if not isinstance(node, ast.Name) or node.id in self._module or node.id in (owner or ()):
            return False
        return node.id in PLAIN_BASES or _is_exception(node.id)

    def _type_parameters(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        if getattr(node, "type_params", None):
            self._problem(node, "P0227", "type parameters have no place in a translated module", "write the types themselves")

    def _decorator(self, node: ast.expr, owner: dict[str, Meaning] | None, plain: frozenset[str], of_class: bool = False) -> None:
        if not self._reads(node, owner):
            return
        names = self._names_at(owner)
        if is_wraps(self._scope, node) or is_marking_decorator(node, names, of_class):
            return
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr="setter" | "deleter" | "getter") if names.meaning(name) == _PROPERTY:
                return
            case ast.Name(id=name) if name in plain and names.meaning(name) is None:
                return
            case ast.Name(id=name) if names.meaning(name) == Defined("a mark"):
                return
            case ast.Name(id=name) | ast.Call(func=ast.Name(id=name)) if own_decorator(self._scope, node) and owner is None:
                # A function of the file, which is held to what is translated as any other is.
                return
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if attr in MARKS:
                module = names.meaning(name)
                if isinstance(module, Module) and module.name in ANNOTATION_MODULES:
                    return
        self._refuse(NotOnTheList(node, "a decorator"))

    # ----------------------------------------------------------------------------------------------------------- values
    def _assign(
        self, node: ast.Assign | ast.AnnAssign, value: ast.expr | None, annotation: ast.expr | None, owner: dict[str, Meaning] | None
    ) -> None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [
            item.id for target in targets for item in ast.walk(target) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)
        ]
        meaning: Meaning = Known(UNKNOWN)
        if value is not None and owner is None and is_metadata(node):
            self._found.ignored.add(id(node))
        elif value is not None and (told := self._only_marks(value, owner)) is not None:
            if not told.kept:
                self._found.ignored.add(id(node))
            generic = Generic(names[0] if names else "")
            meaning = self._class(generic, generic.name, owner) if told.kept else Annotation(generic)
        elif value is not None and owner is not None and is_auto(value, self._names_at(owner)):
            meaning = Known(UNKNOWN)
        elif owner is not None and isinstance(value, ast.Name) and owner.get(value.id) == _FUNCTION:
            meaning = _FUNCTION
        elif value is not None and self._is_type(value, owner):
            self._annotation(value, owner, evaluated=True, top=False)
            self._found.ignored.add(id(node))
            meaning = Annotation(Generic(names[0] if names else ""))
        elif value is not None:
            meaning = Known(self._value(value, owner))
        if annotation is not None:
            self._annotation(annotation, owner)
        for name in names if value is not None else ():
            self._bind(name, meaning, owner)

    def _only_marks(self, node: ast.expr, owner: dict[str, Meaning] | None) -> Told | None:
        """Return what is told to nobody but who checks types, or a decorator; what that is made of is held to the list."""
        told = marking_call(node, self._names_at(owner), owner is not None)
        if told is None or not all(self._reads(one, owner) for one in (*told.types, *told.values)):
            return None
        for one in told.types:
            self._annotation(one, owner, evaluated=True, top=False)
        for one in told.values:
            self._value(one, owner)
        return told

    def _is_type(self, node: ast.expr, owner: dict[str, Meaning] | None) -> bool:
        """Tell whether a value is a type, or made of types as annotations are."""
        names = self._names_at(owner)
        match node:
            case ast.Name() | ast.Attribute():
                return named_type(node, names) is not None
            case ast.Subscript(value=value):
                return named_type(value, names) is not None
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return self._is_type(left, owner) or self._is_type(right, owner)
            case _:
                return False

    def _value(self, node: ast.expr, owner: dict[str, Meaning] | None) -> object:
        if not self._reads(node, owner):
            return UNKNOWN
        try:
            return Evaluation(self._names_at(owner), self._bounded).value(node)
        except NotOnTheList as error:
            self._refuse(error)
            return UNKNOWN

    def _annotation(self, node: ast.expr, owner: dict[str, Meaning] | None, evaluated: bool = False, top: bool = True) -> None:
        lazy = self._lazy and not evaluated
        if not lazy and not self._reads(node, owner):
            return
        names = self._names_at(owner)
        try:
            if lazy:
                check_lazy(node)
            else:
                Annotations(names, Evaluation(names, self._bounded)).check(node, top)
        except NotOnTheList as error:
            self._refuse(error, in_annotation=True)

    # ------------------------------------------------------------------------------------------------------------ names
    def _names_at(self, owner: dict[str, Meaning] | None) -> Names:
        return Names(self._module, owner)

    def _bind(self, name: str, meaning: Meaning, owner: dict[str, Meaning] | None) -> None:
        (self._module if owner is None else owner)[name] = meaning
        if owner is None:
            self._exceptions.pop(name, None)
            self._classes.discard(name)

    def _reads(self, expression: ast.expr, owner: dict[str, Meaning] | None) -> bool:
        """Look up every name that an expression reads; what a lambda reads is read when it is called. Return whether all are there."""
        before = len(self._found.problems)
        pending: list[ast.AST] = [expression]
        stored = {node.id for node in ast.walk(expression) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        while pending:
            node = pending.pop()
            if isinstance(node, ast.Lambda):
                pending += node.args.defaults
                continue
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in stored and node.id not in (owner or ()):
                self._look_up(node)
            pending += child_nodes(node)
        return len(self._found.problems) == before

    def _look_up(self, node: ast.Name) -> None:
        name, scope = node.id, self._scope
        if name in self._module or name in _MODULE_NAMES:
            if name in scope.reassigned:
                message = f"`{name}` is read while the module is imported, and defined more than once"
                self._problem(node, "P0314", message, "give each definition its own name")
        elif name in FORBIDDEN_BUILTINS and name not in HARMLESS_BUILTINS:
            forbidden = FORBIDDEN_BUILTINS[name]
            self._problem(node, forbidden.code, f"`{name}` would be used when the module is imported", forbidden.help)
        elif name in HARMLESS_BUILTINS or _is_exception(name):
            pass
        elif scope.binds(name):
            self._problem(node, "P0303", f"`{name}` is used before the module defines it", f"define `{name}` above this line")
        elif hasattr(builtins, name):
            self._problem(node, "P0224", f"the built-in `{name}` would be used when the module is imported", "write the value itself")
        else:
            help = forgotten(import_of(name), "define it above this line: CPython raises NameError here")
            self._problem(node, "P0301", f"the name `{name}` is not defined", help)

    def _refuse(self, error: NotOnTheList, in_annotation: bool = False) -> None:
        if isinstance(error, Beyond):
            message = f"importing the module would compute {error}"
            self._problem(error.node, "P0229", message, "write a smaller constant, or compute it in a function")
        else:
            message = f"{error} would be evaluated when the module is imported"
            self._found.problems.append(Problem(error.node, "P0227", message, _LIST_HELP, in_annotation))

    def _problem(self, node: ast.expr | ast.stmt, code: str, message: str, help: str) -> None:
        self._found.problems.append(Problem(node, code, message, help))


def _is_property(node: ast.FunctionDef) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "property" for one in node.decorator_list)


def is_metadata(node: ast.stmt) -> bool:
    """Tell whether a statement only describes the module: `__all__ = ["f"]`, `__version__ = "1.0"`."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant()):
            return name in METADATA
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=elements) | ast.Tuple(elts=elements)):
            return name in METADATA and all(isinstance(item, ast.Constant) for item in elements)
        case _:
            return False


def _is_exception(name: str) -> bool:
    found = getattr(builtins, name, None)
    return isinstance(found, type) and issubclass(found, BaseException)
