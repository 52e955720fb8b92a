"""Behaviour classes: the attributes that are their state, and the methods that a host calls."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from portalis.translator.frontend.assemble.entry import METHODS, entry_parameters
from portalis.translator.frontend.assemble.program import reachable, strings_of
from portalis.translator.frontend.assemble.session import Session, diagnose
from portalis.translator.frontend.facts.making import describe
from portalis.translator.frontend.facts.model import Build, Fact, Known
from portalis.translator.frontend.infer.constants import infer_constant
from portalis.translator.frontend.infer.specialised import Signature
from portalis.translator.frontend.lowered import AcceptedText, Lowered, ParameterInfo
from portalis.translator.frontend.lowering.operations import Lowering
from portalis.translator.frontend.read.annotations import matches, read_annotation
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.read.tree import walk as walk_tree
from portalis.translator.frontend.represent.identity import refuse_shared_fields
from portalis.translator.ir.nodes import Behaviour, Const, Expr, Function, Program, changed_fields, walk
from portalis.translator.ir.types import MAX_PARTS, NONE, STR, ListType, RecordType, Type


@dataclass(frozen=True, slots=True)
class Entry:
    """One method that a host calls, lowered."""

    name: str
    function: str
    parameters: tuple[ParameterInfo, ...]
    definition: ast.FunctionDef
    signature: Signature


def lower_class(scope: ModuleScope, session: Session, name: str, accepted: AcceptedText) -> Lowered | None:
    """Lower a behaviour class; None (with refusals in the scope's report) where that is not possible."""
    definition = scope.classes[name]
    _check_class(scope, definition)
    fields = _read_fields(scope, session, definition)
    record = RecordType(name, tuple((field, type_) for field, type_, _ in fields))
    if record.parts > MAX_PARTS:
        scope.report.refuse(
            "P0005",
            definition,
            f"the attributes of `{name}` hold {record.parts} values, all nested ones counted; {MAX_PARTS} are the most",
            "declare fewer or shorter lists",
        )
        return None
    entries = [entry for method in METHODS if (entry := _lower_entry(scope, session, definition, record, method)) is not None]
    refuse_shared_fields(scope.report, record, [(entry.definition, entry.signature) for entry in entries])
    if not entries and not scope.report.found:
        scope.report.refuse(
            "P0502",
            definition,
            f"`{name}` has no method that a host calls",
            "define on_update(self, current_time, delta_time), or on_init, on_play, on_stop",
        )
    if scope.report.found:
        return None
    initial = tuple(expr for _, _, expr in fields)
    main = next((entry for entry in entries if entry.name == "on_update"), entries[0])
    program = _assemble(scope, session, name, record, initial, entries, main.function)
    return Lowered(scope.source, program, "class", name, main.parameters, NONE, (), accepted)


def _check_class(scope: ModuleScope, definition: ast.ClassDef) -> None:
    for base in definition.bases:
        if not (isinstance(base, ast.Name) and base.id == "object"):
            scope.report.refuse("P0219", base, "a behaviour class has no base class", f"write `class {definition.name}:`")
    for keyword in definition.keywords:
        scope.report.refuse(
            "P0219", keyword.value, "metaclasses and class arguments are not translated", f"write `class {definition.name}:`"
        )
    for decorator in definition.decorator_list:
        scope.report.refuse("P0218", decorator, "a decorator is not translated", "remove it")
    _check_names(scope, definition)


def _check_names(scope: ModuleScope, definition: ast.ClassDef) -> None:
    """Refuse names that CPython rewrites (`__name`) or calls by itself (`__name__`), and methods defined under a name that is taken."""
    defined: set[str] = set()
    methods = {item.name for item in definition.body if isinstance(item, ast.FunctionDef)}
    for statement in definition.body:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", statement)
        name = getattr(target, "name", getattr(target, "id", ""))
        if name in methods and name in defined:
            scope.report.refuse("P0507", statement, f"`{name}` is defined twice in this class", "give each its own name")
        if name.startswith("__") and name.endswith("__") and name not in ("__init__", "__doc__"):
            scope.report.refuse("P0507", statement, f"`{name}` is special to Python, and not translated", "leave it out")
        defined.add(name)
    for node in walk_tree(definition):
        used = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "arg", None) or getattr(node, "name", None)
        if isinstance(used, str) and used.startswith("__") and not used.endswith("__"):
            where = node if hasattr(node, "lineno") else definition
            scope.report.refuse("P0507", where, f"Python gives `{used}` another name inside a class", f"write one underscore: {used[1:]}")


Field = tuple[str, Type, Expr]


def _read_fields(scope: ModuleScope, session: Session, definition: ast.ClassDef) -> list[Field]:
    fields: dict[str, Field] = {}
    owner = scope.inside(definition.name)
    for statement in definition.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name)) if statement.value is None:
                scope.report.refuse("P0501", statement, f"the attribute `{name}` has no default", f"give it one: {name}: float = 0.0")
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                assert statement.value is not None
                annotation = statement.annotation if isinstance(statement, ast.AnnAssign) else None
                value = infer_constant(owner, session, statement.value)
                field = _read_field(scope, name, annotation, statement.value, value)
                owner.shadow(name, statement.value)
                session.constants(owner)[name] = value
                if name in fields:
                    scope.report.refuse("P0501", statement, f"the attribute `{name}` is declared twice", "declare it once")
                elif field is not None:
                    fields[name] = field
            case ast.FunctionDef(name="__init__"):
                scope.report.refuse(
                    "P0506",
                    statement,
                    "`__init__` is not translated",
                    "give the attributes defaults in the class body, and set them in on_init",
                )
            case ast.FunctionDef(name=name):
                seen = owner.seen_by_defaults(statement)
                if seen is not None:
                    scope.owners[id(statement)] = seen
                    known = session.constants(owner)
                    session.constants(seen).update((own, known[own]) for own in seen.own if own in known)
                owner.shadow(name, statement)
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                pass
            case _:
                scope.report.refuse(
                    "P0226", statement, "this statement in a class body is not translated", "declare attributes with constants, and methods"
                )
    return list(fields.values())


def _read_field(scope: ModuleScope, name: str, annotation: ast.expr | None, default: ast.expr, value: Fact) -> Field | None:
    annotated = read_annotation(annotation, scope) if annotation is not None else None
    if not isinstance(value, Known):
        return None
    if not _is_constant(value) or (value.type.mutable and (value.roots or value.tangled)):
        scope.report.refuse(
            "P0501",
            default,
            f"the default of `{name}` is not a constant of its own",
            "write a number, a text, or a new value: Gf.Vec3d(0.0, 0.0, 0.0)",
        )
        return None
    if annotated is not None and not matches(annotated, value.type):
        scope.report.refuse(
            "P0105",
            default,
            f"`{name}` is annotated {annotated} and its default is {describe(value.type)}",
            "write the default in the annotated type, for example 0.0 for float: Python does not convert it",
        )
        return None
    if isinstance(value.type, ListType) and value.type.length == 0:
        scope.report.refuse(
            "P0106", default, f"`{name}` is an empty list, which could never hold anything", "give it its length: [0.0] * 8"
        )
        return None
    return name, value.type, Lowering().value(value)


def _is_constant(value: Known) -> bool:
    return value.is_constant or (isinstance(value.operation, Build) and all(map(_is_constant, value.operation.items)))


def _lower_entry(scope: ModuleScope, session: Session, definition: ast.ClassDef, record: RecordType, method: str) -> Entry | None:
    function = next((item for item in definition.body if isinstance(item, ast.FunctionDef) and item.name == method), None)
    if function is None:
        return None
    if not (function.args.posonlyargs or function.args.args):
        scope.report.refuse("P0503", function, f"`{method}` has no parameter `self`", f"write def {method}(self, …):")
        return None
    parameters = entry_parameters(scope, session, function, (), skip=1)
    if parameters is None:
        diagnose(scope, session, function, record)
        return None
    signature = session.signature(scope, f"{record.name}.{method}", (record, *(item.type for item in parameters)))
    if signature.failed:
        return None
    if signature.result != NONE:
        scope.report.refuse(
            "P0503", function, f"`{method}` returns a value, which no host reads", "store it in an attribute: self.name = value"
        )
        return None
    return Entry(method, signature.name, parameters, function, signature)


def _assemble(
    scope: ModuleScope, session: Session, name: str, record: RecordType, initial: tuple[Expr, ...], entries: list[Entry], entry: str
) -> Program:
    called = {item.function for item in entries}
    functions = tuple(
        _by_reference(item) if item.name in called else item for item in reachable(session, tuple(item.function for item in entries))
    )
    strings = {node.value for expr in initial for node in walk(expr) if isinstance(node, Const) and node.type == STR}
    texts = sorted({*strings_of(functions), *(item for item in strings if isinstance(item, str))})
    outputs = changed_fields(functions, record)
    behaviour = Behaviour(name, tuple((item.name, item.function) for item in entries), outputs, record, initial)
    return Program(functions, entry, tuple(texts), session.target, behaviour, exceptions=tuple(scope.exceptions.items()))


def _by_reference(function: Function) -> Function:
    """Take `self` by reference: a host reads the state back from every entry."""
    first, *rest = function.params
    return replace(function, params=(replace(first, by_ref=True), *rest))
