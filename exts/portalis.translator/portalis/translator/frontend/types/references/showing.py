"""Values as texts: what `repr` and `str` give, by their types."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import assert_never

from portalis.translator.frontend.facts.inference import Inference
from portalis.translator.frontend.facts.making import after, constant, element_at, hold
from portalis.translator.frontend.facts.model import Constant, Evaluated, Fact, Known, Step, Unknown
from portalis.translator.frontend.read.class_forms.enumerations import OBJECT
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.unions.exceptions import shown_exception, text_of_exception
from portalis.translator.frontend.types.unions.splitting import by_member
from portalis.translator.ir.exceptions import EXCEPTION
from portalis.translator.ir.instances import is_exception, is_instance, is_named, kind_of_member, says
from portalis.translator.ir.types import (
    BOOL,
    FLOAT,
    INT,
    NEVER,
    OCTETS,
    TEXT,
    WIDE,
    BoolType,
    ComplexType,
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

# The classes of Python's own that are values, as what `type(value)` gives.
CLASSES = frozenset(("bool", "float", "int", "list", "set", "str", "tuple"))
_FUNCTIONS: dict[Type, tuple[str, str]] = {
    INT: ("numerals", "text_of_int"),
    WIDE: ("wide_conversion", "text_of"),
    BOOL: ("numerals", "text_of_bool"),
    FLOAT: ("floats_as_text", "text_of_float"),
    TEXT: ("quoting", "quoted"),
    OCTETS: ("octets", "shown"),
}


def as_text(infer: Inference, node: ast.AST, value: Known) -> Fact | None:
    """Return `str(value)`; None where that has no translation."""
    if (is_instance(value.type) or is_named(value.type)) and infer.has_special(value.type, "__str__"):
        return _said(infer, node, value, "__str__")
    if kind_of_member(value.type) is not None:
        return infer.text_of_member(node, value, False)
    if is_exception(value.type):
        return text_of_own_exception(infer, node, value)
    if isinstance(value.type, UnionType) and has_text(value.type):
        return by_member(infer, node, [value], lambda parts: as_text(infer, node, parts[0]), lambda types: None)
    if value.type == EXCEPTION:
        return text_of_exception(infer, node, value)
    return value if value.type == TEXT else shown(infer, node, value)


def _said(infer: Inference, node: ast.AST, value: Known, name: str) -> Fact | None:
    """Return the text that a class says of its instance; without any, CPython gives its address."""
    found = infer.special(node, value, name, [])
    return None if isinstance(found, Known) and found.type != TEXT else found


def shown(infer: Inference, node: ast.AST, value: Known) -> Fact | None:
    """Return `repr(value)`; None where that has no translation."""
    if kind_of_member(value.type) is not None and not says(value.type, "__repr__"):
        return infer.text_of_member(node, value, True)
    if is_exception(value.type):
        return _exception(infer, node, value)
    if is_instance(value.type):
        return _said(infer, node, value, "__repr__") if says(value.type, "__repr__") else None
    if not has_text(value.type):
        return None
    span = infer.span(node)
    if value.is_constant and value.type in _FUNCTIONS:
        return Known(span, TEXT, Constant(repr(value.constant)))
    match value.type:
        case IntType() | WideType() | FloatType() | BoolType() | TextType() as type_:
            return infer.library(node, *_FUNCTIONS[type_], [value])
        case NoneType():
            return after(span, [Evaluated(value.span, value)], Known(span, TEXT, Constant("None")))
        case NeverType():
            # Nothing has this type: evaluating what has never ends in a value.
            return after(span, [Evaluated(value.span, value)], Known(span, TEXT, Constant("")))
        case TupleType():
            return _tuple(infer, node, value)
        case ListRef(frozen=frozen):
            return infer.library(node, "representing", "text_of_tuple" if frozen else "text_of_list", [value])
        case DictRef(kind=kind):
            return _dict(infer, node, value, kind)
        case SetRef():
            return infer.library(node, "representing", "text_of_set", [value])
        case UnionType():
            return by_member(infer, node, [value], lambda parts: shown(infer, node, parts[0]), lambda types: None)
        case ComplexType():
            return infer.library(node, "complex_numbers", "shown", [value])
        case LibraryRef(python_class="bytearray"):
            numbers = operated(span, ListRef(INT), "record.get", value, name="items")
            return infer.library(node, "octet_lists", "shown", [numbers])
        case LibraryRef() if value.type == EXCEPTION:
            return shown_exception(infer, node, value)
        case FunctionType():
            text = f"<class '{python_class_named(value.type)}'>"
            return after(span, [Evaluated(value.span, value)], Known(span, TEXT, Constant(text)))
        case StrType() | ListType() | VecType() | QuatType() | MatrixType() | RecordType() | LibraryRef():
            return None
        case _:
            assert_never(value.type)


def text_of_own_exception(infer: Inference, node: ast.AST, value: Known) -> Fact | None:
    """Return what `str` of one of the program's exceptions is where its class does not say it."""
    found = infer.text_of_exception(node, value)
    given = infer.arguments_of_exception(node, value) if found is None else found
    if found is not None or isinstance(given, Unknown):
        return found or given

    def one(parts: list[Known]) -> Fact | None:
        type_ = parts[0].type
        if not isinstance(type_, TupleType):
            return None
        if not type_.items:
            return _literal(infer, node, "")
        return as_text(infer, node, element_at(parts[0], 0, type_.items[0])) if len(type_.items) == 1 else shown(infer, node, parts[0])

    steps: list[Step] = []
    held = hold(infer, given, "arguments", steps)
    text = by_member(infer, node, [held], one, lambda types: None)
    return after(infer.span(node), steps, text) if isinstance(text, Known) else text


def _exception(infer: Inference, node: ast.AST, value: Known) -> Fact | None:
    """Return `repr` of one of the program's exceptions: its class and its arguments, of which a single one has no comma."""
    steps: list[Step] = []
    given = infer.arguments_of_exception(node, value)
    if isinstance(given, Unknown):
        return given
    held = hold(infer, given, "arguments", steps)

    def arguments(parts: list[Known]) -> Fact | None:
        type_ = parts[0].type
        if isinstance(type_, ListRef) and has_text(type_):
            return infer.library(node, "representing", "text_of_arguments", [parts[0]])
        if not isinstance(type_, TupleType) or len(type_.items) != 1:
            return shown(infer, node, parts[0])
        item = shown(infer, node, element_at(parts[0], 0, type_.items[0]))
        return (
            concatenated(infer, node, [_literal(infer, node, "("), item, _literal(infer, node, ")")]) if isinstance(item, Known) else item
        )

    found = by_member(infer, node, [held], arguments, lambda types: None)
    if not isinstance(found, Known):
        return found
    return after(infer.span(node), steps, concatenated(infer, node, [_literal(infer, node, value.type.python_class), found]))


def _dict(infer: Inference, node: ast.AST, value: Known, kind: str) -> Fact:
    span = infer.span(node)
    name, _, factory = kind.partition(".")
    match name:
        case "Counter":
            return infer.library(node, "representing", "text_of_counter", [value])
        case "OrderedDict":
            return infer.library(node, "representing", "text_of_ordered", [value, constant(span, infer.target >= (3, 12))])
        case "defaultdict":
            return infer.library(node, "representing", "text_of_default", [value, Known(span, TEXT, Constant(factory))])
        case _:
            return infer.library(node, "representing", "text_of_dict", [value])


def has_text(type_: Type) -> bool:
    """Tell whether any value of a type has a text that does not differ from run to run."""
    match type_:
        case IntType() | WideType() | FloatType() | BoolType() | TextType() | NoneType() | NeverType():
            return True
        case LibraryRef(python_class="bytearray") | ComplexType():
            return True
        case TupleType(items=items):
            return all(map(has_text, items))
        case ListRef():
            return all(map(has_text, type_.contents))
        case DictRef(kind=kind):
            # The text of a function has its address in it.
            return " " not in kind and all(map(has_text, type_.contents))
        case SetRef(item=item):
            return _has_an_order(item)
        case UnionType(members=members):
            return all(map(has_text, members))
        case LibraryRef():
            return type_ == EXCEPTION or says(type_, "__repr__") or is_exception(type_) or _has_constant_text(type_)
        case FunctionType():
            return python_class_named(type_) is not None
        case StrType() | ListType() | VecType() | QuatType() | MatrixType() | RecordType():
            return False
        case _:
            assert_never(type_)


def python_class_named(type_: Type) -> str | None:
    """Return the name of the class of Python's own that values of a type are; None where they are something else."""
    name = type_.name.removeprefix("built-in.") if isinstance(type_, FunctionType) else ""
    return name if name in CLASSES and isinstance(type_, FunctionType) and type_.name != name else None


def _has_constant_text(type_: Type) -> bool:
    """Tell whether a type is of the members of an enumeration."""
    return kind_of_member(type_) is not None and type_.python_class != OBJECT


def _has_an_order(item: Type) -> bool:
    """Tell whether the order of a set of such elements is the same in every process."""
    if isinstance(item, TupleType | UnionType):
        return all(map(_has_an_order, item.items if isinstance(item, TupleType) else item.members))
    return item in (INT, WIDE, FLOAT, BOOL, NEVER)


def _tuple(infer: Inference, node: ast.AST, value: Known) -> Fact | None:
    assert isinstance(value.type, TupleType)
    if value.type.named:
        return _named(infer, node, value)
    steps: list[Step] = []
    held = hold(infer, value, "shown", steps)
    found = shown_together(infer, node, [element_at(held, index, type_) for index, type_ in enumerate(value.type.items)])
    return after(infer.span(node), steps, found) if isinstance(found, Known) else found


def _named(infer: Inference, node: ast.AST, value: Known) -> Fact | None:
    """Return `repr` of a named tuple: what its class says, else its name and the fields by theirs."""
    if infer.has_special(value.type, "__repr__"):
        return _said(infer, node, value, "__repr__")
    steps: list[Step] = []
    held = hold(infer, value, "shown", steps)
    texts: list[Known] = [_literal(infer, node, value.type.python_class + "(")]
    for index, (name, type_) in enumerate(zip(infer.fields_of(value.type), value.type.elements, strict=True)):
        found = shown(infer, node, element_at(held, index, type_))
        if not isinstance(found, Known):
            return found
        texts += [_literal(infer, node, f"{', ' if index else ''}{name}="), found]
    return after(infer.span(node), steps, concatenated(infer, node, [*texts, _literal(infer, node, ")")]))


def shown_together(infer: Inference, node: ast.AST, items: Sequence[Known]) -> Fact | None:
    """Return `repr` of a tuple of values."""
    texts: list[Known] = [_literal(infer, node, "(")]
    for index, item in enumerate(items):
        if index > 0:
            texts.append(_literal(infer, node, ", "))
        found = shown(infer, node, item)
        if not isinstance(found, Known):
            return found
        texts.append(found)
    texts.append(_literal(infer, node, ",)" if len(items) == 1 else ")"))
    return concatenated(infer, node, texts)


def _literal(infer: Inference, node: ast.AST, text: str) -> Known:
    return Known(infer.span(node), TEXT, Constant(text))


def concatenated(infer: Inference, node: ast.AST, texts: Sequence[Known]) -> Known:
    """Return texts one after the other; they are evaluated in this order."""
    joined: Known | None = None
    for text in texts:
        if joined is None or joined.constant == "":
            joined = text
        elif isinstance(joined.constant, str) and isinstance(text.constant, str):
            joined = _literal(infer, node, joined.constant + text.constant)
        elif text.constant != "":
            joined = operated(infer.span(node), TEXT, "text.concat", joined, text)
    return joined if joined is not None else _literal(infer, node, "")
