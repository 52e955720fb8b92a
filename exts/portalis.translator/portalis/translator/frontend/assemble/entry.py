"""The entry: which function or class is meant, and where the types of its parameters come from."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Literal

from portalis.translator.frontend.assemble.examples import TypedExample
from portalis.translator.frontend.assemble.signatures import Declared, Shown, has_types
from portalis.translator.frontend.calls.binder import in_order, parameters_of
from portalis.translator.frontend.facts.contents import contents_of, holds_changeable
from portalis.translator.frontend.facts.making import describe
from portalis.translator.frontend.facts.model import Known
from portalis.translator.frontend.infer.constants import infer_constant, infer_parameter_default
from portalis.translator.frontend.infer.specialised import Specialiser
from portalis.translator.frontend.lowered import ParameterInfo
from portalis.translator.frontend.read.annotations import OpenList, OpenTuple, matches, read_annotation
from portalis.translator.frontend.read.at_import.own_classes import OwnClass, own_class
from portalis.translator.frontend.read.module_scope import ModuleScope
from portalis.translator.frontend.read.tree import walk
from portalis.translator.ir.abi import MAX_WASM_PARAMETERS
from portalis.translator.ir.closures import is_function
from portalis.translator.ir.generators import is_generator
from portalis.translator.ir.host import HOST_TYPES, TRANSFORM_TYPES
from portalis.translator.ir.instances import is_named
from portalis.translator.ir.types import BYTEARRAY, FLOAT, DictRef, FunctionType, LibraryRef, ListRef, SetRef, Type, members_of
from portalis.translator.source import Span

METHODS = ("on_init", "on_play", "on_update", "on_stop")


def choose_entry(scope: ModuleScope, function: str | None, written: Collection[str] = ()) -> str | None:
    """Return the name of the entry; None (with a refusal) where there is none, or where several could be meant.

    What is `written` here of Python's own modules is not the file's.
    """
    functions, classes = ([name for name in names if name not in written] for names in (scope.functions, scope.classes))
    start = Span(scope.source.path, 1, 1, 1, 2)
    if function is not None:
        known = (*functions, *classes)
        if function in known:
            return function
        near = difflib.get_close_matches(function, known, n=3, cutoff=0.6)
        meant = f"did you mean {' or '.join(f'`{name}`' for name in near)}? " if near else ""
        defined = f"it defines: {', '.join(known) or 'none'}"
        scope.report.refuse("P0101", start, f"the file defines no function or class `{function}`", f"{meant}{defined}")
        return None
    behaviours = [name for name in classes if is_behaviour(scope.classes[name])]
    candidates = behaviours or _uncalled(scope, functions)
    if len(candidates) == 1:
        return candidates[0]
    if "update" in functions and not behaviours:
        return "update"
    if not candidates and len(classes) == 1:
        return classes[0]
    if not candidates and scope.report.found:
        return None
    if not candidates:
        scope.report.refuse(
            "P0002",
            start,
            "the file defines no function to translate",
            "write a function: def update(position: Gf.Vec3d, delta_time: float): …",
        )
        return None
    scope.report.refuse(
        "P0102", start, f"several functions could be meant: {', '.join(candidates)}", "name the one to translate: FILE:NAME, or -f NAME"
    )
    return None


def is_behaviour(definition: ast.ClassDef) -> bool:
    """Tell whether a class has one of the methods that a host calls."""
    return any(isinstance(item, ast.FunctionDef) and item.name in METHODS for item in definition.body)


def _uncalled(scope: ModuleScope, functions: list[str]) -> list[str]:
    """Return those of the functions that no other function of the module calls."""
    if len(functions) == 1:
        return functions
    called = set()
    for name, definition in scope.functions.items():
        for node in walk(definition):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id != name:
                called.add(node.id)
    return [name for name in functions if name not in called] or functions[:1]


def entry_parameters(
    scope: ModuleScope, specialiser: Specialiser, definition: ast.FunctionDef, examples: Sequence[TypedExample], skip: int = 0
) -> tuple[ParameterInfo, ...] | None:
    """Find each parameter's type: from its annotation, else an example, else its default, else the host; None where one is refused."""
    before = len(scope.report.found)
    declared = declared_parameters(scope, specialiser, definition, skip)
    for item in declared:
        if item.annotated is not None and item.default is not None and not matches(item.annotated, item.default.type):
            _refuse_default(scope, definition, item)
    found = parameters_shown(scope, specialiser, definition, declared, Shown(tuple(examples)))
    return None if len(scope.report.found) > before else found


def declared_parameters(
    scope: ModuleScope, specialiser: Specialiser, definition: ast.FunctionDef, skip: int = 0, given: Collection[str] = ()
) -> list[Declared]:
    """Read what the definition says of its parameters; what has no translation is refused, and then left out.

    An annotation without a translation says nothing of what is `given` by examples: CPython reads none.
    """
    defaults = parameters_of(definition).defaults
    if definition.args.kwarg is not None:
        scope.report.refuse(
            "P0216", definition.args.kwarg, f"an entry with `**{definition.args.kwarg.arg}` is not translated", "pass a dict instead"
        )
        return []
    found = []
    for parameter in in_order(definition)[skip:]:
        mark = scope.report.mark()
        annotated = read_annotation(parameter.annotation, scope) if parameter.annotation is not None else None
        if parameter is definition.args.vararg and annotated is not None:
            # What is annotated is one of many.
            annotated = None if isinstance(annotated, OpenList | OpenTuple) else ListRef(annotated, frozen=True)
            if annotated is None:
                found.append(Declared(parameter, None, None))
                continue
        if parameter.annotation is not None and annotated is None:
            if parameter.arg not in given:
                continue
            scope.report.rewind(mark)
        node, within = defaults.get(parameter.arg), scope.of_defaults(definition)
        display = _made_default(within, specialiser, parameter, node) if node is not None and scope.references else None
        if display is not None:
            found.append(Declared(parameter, annotated, display, ast.unparse(node) if node is not None else ""))
        else:
            found.append(Declared(parameter, annotated, _default(within, specialiser, parameter, node)))
    return found


def parameters_shown(
    scope: ModuleScope, specialiser: Specialiser, definition: ast.FunctionDef, declared: Sequence[Declared], shown: Shown
) -> tuple[ParameterInfo, ...] | None:
    """Find the parameters of one signature; None where one is refused."""
    before = len(scope.report.found)
    found: list[ParameterInfo] = []
    for item in declared:
        info = _parameter(scope, specialiser, definition, item, shown)
        if info is not None:
            found.append(replace(info, passed=_passing(definition, item.parameter), display=item.display))
    if len(scope.report.found) > before:
        return None
    flattened = sum(info.type.slot_count for info in found)
    if flattened > MAX_WASM_PARAMETERS:
        scope.report.refuse(
            "P0009",
            definition,
            f"the parameters of `{definition.name}` hold {flattened} numbers; {MAX_WASM_PARAMETERS} are the most",
            "pass fewer or shorter lists",
        )
        return None
    return tuple(found)


def parameters_of_types(
    definition: ast.FunctionDef, declared: Sequence[Declared], types: Sequence[Type], examples: Sequence[TypedExample]
) -> tuple[Shown, tuple[ParameterInfo, ...]]:
    """Return the parameters of the signature that has these types, and the examples whose arguments have them."""
    found = []
    for item, type_ in zip(declared, types, strict=True):
        passed = _passing(definition, item.parameter)
        found.append(ParameterInfo(item.name, type_, item.default is not None, item.constant, "annotation", passed, item.display))
    fitting = tuple(example for example in examples if has_types(declared, example, types))
    # What annotations say of the result they say for the types that they name.
    beside = frozenset(item.name for item, type_ in zip(declared, types, strict=True) if item.annotated != type_)
    return Shown(fitting, beside, fitting), tuple(found)


def _passing(definition: ast.FunctionDef, parameter: ast.arg) -> Literal["any way", "by position", "by name", "any number"]:
    if parameter is definition.args.vararg:
        return "any number"
    if parameter in definition.args.kwonlyargs:
        return "by name"
    return "by position" if parameter in definition.args.posonlyargs else "any way"


def _made_default(scope: ModuleScope, specialiser: Specialiser, parameter: ast.arg, node: ast.expr) -> Known | None:
    """Return what is known of a default that is a display of constants; None where it is none, or has no translation."""
    if not isinstance(node, ast.List | ast.Tuple | ast.Dict | ast.Set):
        return None
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    value = infer_constant(scope, specialiser, node, ("default", parameter.arg))
    return value if isinstance(value, Known) else None


def _default(scope: ModuleScope, specialiser: Specialiser, parameter: ast.arg, node: ast.expr | None) -> Known | None:
    if node is None:
        return None
    value = infer_parameter_default(scope, specialiser, node)
    if not isinstance(value, Known):
        return None
    if not value.is_constant:
        scope.report.refuse(
            "P0110", node, f"the default of `{parameter.arg}` is not a constant", "write a number, True, False, None or a text"
        )
        return None
    return value


def _refuse_default(scope: ModuleScope, definition: ast.FunctionDef, declared: Declared) -> None:
    assert declared.default is not None
    scope.report.refuse(
        "P0105",
        declared.parameter,
        f"`{declared.name}` is annotated {declared.annotated} and its default {declared.constant!r} is {describe(declared.default.type)}",
        "write the default in the annotated type, for example 0.0 for float: Python does not convert it",
    )


# An argument of each type that an annotation names, for a call that shows how an example is written.
_SHOWN = {"float": "0.5", "int": "1", "bool": "True", "str": "'a'"}


def _example_call(definition: ast.FunctionDef, parameter: ast.arg) -> str:
    """Return a call of a function that gives an argument to `parameter` and to all that have no default."""
    positional = [*definition.args.posonlyargs, *definition.args.args]
    required = positional[: len(positional) - len(definition.args.defaults)]
    required += [arg for arg, default in zip(definition.args.kwonlyargs, definition.args.kw_defaults, strict=True) if default is None]
    arguments = []
    for arg in in_order(definition):
        if arg.arg == "self" or (arg not in required and arg is not parameter) or arg is definition.args.vararg:
            continue
        text = ast.unparse(arg.annotation) if arg.annotation is not None else "float"
        item = text.partition("[")[2].rstrip("]").partition(",")[0]
        value = _SHOWN.get(text) or (f"[{', '.join([_SHOWN.get(item, '0.5')] * 3)}]" if item else f"{text}(1.0)")
        arguments.append(value if arg in required and arg in positional else f"{arg.arg}={value}")
    return f"{definition.name}({', '.join(arguments)})"


def _parameter(
    scope: ModuleScope,
    specialiser: Specialiser,
    definition: ast.FunctionDef,
    declared: Declared,
    shown: Shown,
) -> ParameterInfo | None:
    parameter, name, default = declared.parameter, declared.name, declared.default
    annotated = None if name in shown.beside else declared.annotated
    seen = [(type_, example) for example in shown.typed for given, type_ in example.types if given == name]
    has_default, constant = default is not None, declared.constant
    if annotated is not None:
        for type_, example in seen:
            if not matches(annotated, type_):
                _refuse_example(scope, parameter, str(annotated), type_, example)
                return None
        if not isinstance(annotated, OpenList | OpenTuple):
            return ParameterInfo(name, annotated, has_default, constant, "annotation")
        if not seen:
            scope.report.refuse(
                "P0106",
                parameter,
                f"the length of `{name}: {annotated}` is not known",
                f'give an example of a call: --example "{_example_call(definition, parameter)}", or the same call as a doctest',
                "a translated list has a fixed length, taken from an example",
            )
            return None
    if seen:
        joined = seen[0][0]
        for type_, example in seen[1:]:
            found = specialiser.sites.generalise(joined, type_)
            if found is None:
                _refuse_example(scope, parameter, f"{joined} in another example", type_, example)
                return None
            joined = found
        return ParameterInfo(name, joined, has_default, constant, "example")
    if default is not None:
        return ParameterInfo(name, default.type, True, constant, "default")
    if name in HOST_TYPES:
        return ParameterInfo(name, HOST_TYPES[name], False, None, "host")
    meant = TRANSFORM_TYPES.get(name, FLOAT)
    scope.report.refuse(
        "P0103", parameter, f"the type of `{name}` is not known", f"annotate it ({name}: {meant}), or give an example of a call"
    )
    return None


def _refuse_example(scope: ModuleScope, parameter: ast.arg, expected: str, type_: Type, example: TypedExample) -> None:
    scope.report.refuse(
        "P0108",
        parameter,
        f"`{parameter.arg}` is {expected}, but {describe(type_)} in the example `{example.example.text}`",
        "write the example with values of the same type: 1.0 for a float, never 1",
    )


def check_crossing(scope: ModuleScope, definition: ast.FunctionDef, types: Sequence[Type]) -> bool:
    """Refuse an entry that gives, or puts into its arguments, objects that have no place outside: matches, compiled patterns."""
    given = (found for found in _library_types(types[0]) if not _is_plain(scope, found))
    # Of what a list holds, a call may put others in.
    taken = (
        found for type_ in types[1:] for found in _library_types(type_) if not _is_plain(scope, found, methods=not holds_changeable(type_))
    )
    staying = next(chain(given, taken), None)
    if staying is None:
        return True
    if is_generator(staying):
        scope.report.gives_iterator = staying == types[0]
        own = (node for node in walk(definition) if isinstance(node, ast.Yield | ast.YieldFrom))
        scope.report.refuse(
            "P0206",
            min(own, key=lambda node: node.lineno, default=definition),
            f"`{definition.name}` gives a generator, which stays inside a translation",
            f"translate a function that goes over it: return list({definition.name}(…))",
        )
        return False
    if is_function(staying):
        scope.report.refuse(
            "P0309", definition, f"`{definition.name}` gives a function, which stays inside a translation", "return what it gives"
        )
        return False
    scope.report.refuse(
        "P0240",
        definition,
        f"`{definition.name}` gives a {staying}, which stays inside a translation",
        "return what is needed of it: match.group(), match.span(), match is not None",
    )
    return False


def _is_plain(scope: ModuleScope, type_: Type, *, methods: bool = False) -> bool:
    """Tell whether a type is of named tuples whose class says nothing but their fields: a caller is given such; or `methods` beside."""
    found = own_class(scope, type_.python_class) if is_named(type_) else None
    if not isinstance(found, OwnClass) or (found.methods and not methods):
        return False
    return all(_is_plain(scope, inner, methods=methods) for item in type_.elements for inner in _library_types(item))


def _library_types(type_: Type) -> Iterator[Type]:
    if (isinstance(type_, LibraryRef | FunctionType) and type_ != BYTEARRAY) or is_named(type_):
        yield type_
    elif type_.refers or type_.python_class == "tuple":
        inner = contents_of(type_) if isinstance(type_, ListRef | DictRef | SetRef) else members_of(type_)
        for item in inner if inner != (type_,) else type_.elements:
            yield from _library_types(item)


def check_result(scope: ModuleScope, definition: ast.FunctionDef, result: Type) -> None:
    """Refuse a `->` annotation that says something else than the function returns: who wires it to others reads the annotation."""
    if definition.returns is None:
        return
    annotated = read_annotation(definition.returns, scope)
    if annotated is not None and not matches(annotated, result):
        scope.report.refuse(
            "P0109",
            definition.returns,
            f"`{definition.name}` is annotated -> {annotated} and returns {describe(result)}",
            "correct the annotation, or convert the result: float(x), int(x)",
        )
