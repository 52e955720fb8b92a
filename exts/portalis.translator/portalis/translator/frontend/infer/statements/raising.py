"""`raise` and `assert`: an exception's class, and what it is raised with."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from portalis.translator.frontend.facts.making import hold, primitive
from portalis.translator.frontend.facts.model import Evaluated, Fact, Known, Raised, RaisedAgain, Step, Tested, Unknown
from portalis.translator.frontend.infer.inference import FunctionInference
from portalis.translator.frontend.infer.names.exception_texts import is_settled
from portalis.translator.frontend.infer.names.instances import class_of, module_of
from portalis.translator.frontend.infer.names.narrowing import refine
from portalis.translator.frontend.infer.state import Branch, Caught, StatementScope
from portalis.translator.frontend.read.at_import.own_classes import has_bodies
from portalis.translator.frontend.read.class_forms.own_exceptions import FEW_ARGUMENTS, RAISABLE
from portalis.translator.frontend.types.references.operations import operated
from portalis.translator.frontend.types.references.showing import as_text, shown, shown_together
from portalis.translator.frontend.types.unions.exceptions import stopped_of, told_of, word_of
from portalis.translator.frontend.types.unions.mistakes import Mistake
from portalis.translator.frontend.types.unions.splitting import only
from portalis.translator.ir.exceptions import EXCEPTION, ancestry
from portalis.translator.ir.instances import is_exception, is_named
from portalis.translator.ir.nodes import MessageForm
from portalis.translator.ir.types import (
    BOOL,
    NONE,
    STR,
    TEXT,
    BoolType,
    DictRef,
    FloatType,
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
    members_of,
)

_NOT_SHOWN = "an exception about a value whose text is not known here"


@dataclass(frozen=True, slots=True)
class Message:
    """What an exception is raised with: a constant text or nothing, or a text that is computed."""

    constant: str | None
    form: MessageForm = "constant"
    text: Known | None = None


def infer_raise(infer: FunctionInference, node: ast.Raise) -> None:
    """Infer `raise Class`, `raise Class(…)` and, in a handler, `raise` and `raise e`."""
    steps = _raised_again(infer, node) if _names_caught(infer, node) else _read_exception(infer, node)
    if infer.state is not None:
        for step in steps or ():
            infer.add(step)
    infer.state = None


def _names_caught(infer: FunctionInference, node: ast.Raise) -> bool:
    """Tell whether what is raised is the exception that the handler at hand, or one around it, has caught."""
    return node.exc is None or (isinstance(node.exc, ast.Name) and any(one and one.name == node.exc.id for one in infer.caught))


def _raised_again(infer: FunctionInference, node: ast.Raise) -> list[Step] | None:
    if node.exc is None:
        caught = infer.caught[-1] if infer.caught else None
    else:
        caught = next(one for one in reversed(infer.caught) if one and isinstance(node.exc, ast.Name) and one.name == node.exc.id)
    if caught is None or not _is_known_cause(infer, node.cause):
        infer.refuse("P0320", node, "`raise` without an exception is not translated", 'write raise ValueError("message")')
        return None
    span = infer.span(node)
    told = _told_now(infer, node, caught)
    reason = "an exception whose object may have changed, raised again: give it a name, and catch it by its class"
    steps = [] if told is not None else stopped_of(infer, node, caught.word, infer.unsettled_exceptions(), reason)
    again = RaisedAgain(span, caught.word, told or caught.told)
    return [*steps, again] if caught.held is None else [*steps, Evaluated(span, operated(span, NONE, "error.hold", caught.held)), again]


def _told_now(infer: FunctionInference, node: ast.Raise, caught: Caught) -> Known | None:
    """Return what an exception that is raised again says now, whose object may have changed; None where no name has the object."""
    binding = infer.live.names.get(caught.name or "") if caught.held is not None else None
    if caught.name is None or binding is None or not all(map(is_exception, members_of(binding.type))):
        return None
    if all(is_settled(infer, class_of(infer, one)) for one in members_of(binding.type)):
        return caught.told
    value = infer.expression(ast.copy_location(ast.Name(caught.name, ast.Load()), node))
    text = as_text(infer, node, value) if isinstance(value, Known) else None
    return hold(infer, text, "told", infer.statement_scope.steps) if isinstance(text, Known) else None


def _is_known_cause(infer: FunctionInference, cause: ast.expr | None) -> bool:
    """Tell whether what follows `from` is nothing that has to be computed: None, or a caught exception. Nobody can see which."""
    match cause:
        case None | ast.Constant(value=None):
            return True
        case ast.Name(id=name) if any(one and one.name == name for one in infer.caught):
            return True
        case ast.Name(id=name) if (binding := infer.live.names.get(name)) is not None:
            return not binding.maybe and all(one in (EXCEPTION, NONE) or is_exception(one) for one in members_of(binding.type))
        case ast.Name() | ast.Call(func=ast.Name(), keywords=[]):
            infer.scope.visited.update(map(id, ast.walk(cause)))
            constants = isinstance(cause, ast.Name) or all(isinstance(one, ast.Constant) for one in cause.args)
            return constants and exception_name(infer, cause.func if isinstance(cause, ast.Call) else cause) in RAISABLE
        case _:
            return False


def exception_name(infer: FunctionInference, node: ast.expr) -> str | None:
    """Return the name of the class of exceptions that an expression names, or None where it names none that is known."""
    if not isinstance(node, ast.Name) or node.id in infer.names.local:
        return None
    if infer.names.scope.binds(node.id):
        return node.id if node.id in infer.names.scope.exceptions else None
    found = getattr(builtins, node.id, None)
    return found.__name__ if isinstance(found, type) and issubclass(found, BaseException) else None


def _read_exception(infer: FunctionInference, node: ast.Raise) -> list[Step] | None:
    if not _is_known_cause(infer, node.cause):
        infer.refuse(
            "P0320",
            node,
            "`raise … from …` is not translated of anything but a caught exception or None",
            'write raise ValueError("message")',
        )
        return None
    assert node.exc is not None
    exception = node.exc
    infer.scope.visited.add(id(exception))
    arguments: list[ast.expr] = []
    if isinstance(exception, ast.Call) and not exception.keywords:
        arguments, exception = exception.args, exception.func
    name = exception_name(infer, exception)
    if infer.references and not infer.scope.library and has_bodies(module_of(infer)):
        found = _raise_instance(infer, node, node.exc)
        if found is not None:
            return found if isinstance(found, list) else None
    if name is None and infer.references and isinstance(node.exc, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
        return _raised_value(infer, node, node.exc)
    if name is None or (name not in RAISABLE and name not in infer.names.scope.exceptions):
        infer.refuse(
            "P0320",
            node,
            f"`{ast.unparse(exception)}` cannot be raised in a translation",
            "raise a built-in exception such as ValueError with a constant message",
        )
        return None
    if any(
        len(arguments) not in numbers for class_, numbers in FEW_ARGUMENTS.items() if class_ in ancestry(name, infer.names.scope.exceptions)
    ):
        infer.refuse("P0321", node, f"what `{name}` says of so many arguments has no translation", f'write raise {name}("message")')
        return None
    if not arguments:
        return [Raised(infer.span(node), name, None)]
    values = [infer.expression(argument) for argument in arguments]
    if infer.state is None:
        return None
    message = _message(infer, node, name, arguments, values)
    return None if message is None else raising(infer, node, name, message)


def _raised_value(infer: FunctionInference, node: ast.Raise, raised: ast.expr) -> list[Step] | None:
    """Return the steps that raise an exception that is a value."""
    value = infer.expression(raised)
    if isinstance(value, Unknown):
        return None
    if has_bodies(module_of(infer)):
        # The object that came with it is not kept with its word.
        infer.refuse("P0320", node, "an exception that is a value is not raised where exceptions have bodies", "raise it in its handler")
        return None
    if isinstance(value.type, UnionType):
        none = Mistake("TypeError", "exceptions must derive from BaseException")
        value = only(infer, node, value, lambda type_: type_ == EXCEPTION, lambda types: none) or value
    if value.type != EXCEPTION:
        infer.refuse("P0320", node, f"{value.type} is not raised in a translation", 'write raise ValueError("message")')
        return None
    steps: list[Step] = []
    held = hold(infer, value, "exception", steps)
    return [*steps, RaisedAgain(infer.span(node), word_of(held), told_of(held))]


def _raise_instance(infer: FunctionInference, node: ast.Raise, exception: ast.expr) -> list[Step] | Unknown | None:
    """Return the steps that raise an instance of one of the program's own exceptions; None where it is none."""
    named = exception_name(infer, exception.func if isinstance(exception, ast.Call) else exception)
    name = named if named in infer.names.scope.exceptions else None
    is_variable = isinstance(exception, ast.Name) and exception.id in infer.names.local
    if name is None and (named is not None or not (is_variable or isinstance(exception, ast.Attribute | ast.Call))):
        return None
    call = exception
    if name is not None and not isinstance(exception, ast.Call):
        call = ast.copy_location(ast.Call(exception, [], []), exception)
    value = infer.expression(call)
    if isinstance(value, Unknown) or infer.state is None:
        return value if isinstance(value, Unknown) else []
    if not is_exception(value.type):
        return None
    span = infer.span(node)
    held = hold(infer, value, "exception", infer.statement_scope.steps)
    text = as_text(infer, node, held)
    if not isinstance(text, Known):
        return text or infer.refuse("P0321", node, "the text of this exception is not known", "let `__str__` give it")
    return [
        *[Evaluated(span, operated(span, NONE, op, one)) for op, one in (("error.tell", text), ("error.hold", held))],
        Raised(span, value.type.python_class, None, "text"),
    ]


def raising(infer: FunctionInference, node: ast.AST, name: str, message: Message) -> list[Step]:
    """Return the steps that raise an exception."""
    span = infer.span(node)
    raised = Raised(span, name, message.constant, message.form)
    if message.text is None:
        return [raised]
    return [Evaluated(span, operated(span, NONE, "error.tell", message.text)), raised]


def _message(infer: FunctionInference, node: ast.AST, name: str, arguments: Sequence[ast.expr], values: Sequence[Fact]) -> Message | None:
    """Return what an exception has of its arguments; None where that is refused, or stopped in the library."""
    known = [value for value in values if isinstance(value, Known)]
    if len(known) < len(values):
        return None
    first = known[0]
    if len(known) == 1 and first.type in (STR, TEXT) and isinstance(first.constant, str):
        return Message(first.constant)
    text: Fact | None = None
    if infer.references:
        if len(known) == 1 and first.type == TEXT:
            return Message(None, "text", first)
        # Of what may be a text or not, only a KeyError looks like its literal.
        is_key = len(known) > 1 or "KeyError" in ancestry(name, infer.names.scope.exceptions)
        if all(_is_literal(value.type, is_key) for value in known):
            text = shown(infer, node, first) if len(known) == 1 else shown_together(infer, node, known)
    if isinstance(text, Known):
        return Message(None, "literal" if len(known) == 1 else "arguments", text)
    if text is None and infer.scope.library:
        infer.stop(node, _NOT_SHOWN)
    elif text is None:
        infer.refuse("P0321", arguments[-1], "an exception's message must be one constant text", 'write raise ValueError("message")')
    return None


def _is_literal(type_: Type, may_be_text: bool) -> bool:
    """Tell whether a value is what its repr says to whoever reads that: nothing that can change, and no order but its own."""
    match type_:
        case UnionType(members):
            return all(_is_literal(member, True) for member in members) and (may_be_text or TEXT not in members)
        case TupleType(items):
            return not is_named(type_) and all(_is_literal(item, True) for item in items)
        case ListRef(item):
            return type_.frozen and _is_literal(item, True)
        case IntType() | WideType() | BoolType() | FloatType() | NoneType() | TextType() | NeverType():
            return True
        case StrType() | DictRef() | SetRef() | LibraryRef() | ListType() | VecType() | QuatType() | MatrixType() | RecordType():
            return False
        case _:
            assert_never(type_)


def infer_assert(infer: FunctionInference, node: ast.Assert) -> None:
    """Infer `assert test, message`."""
    test = infer.condition(node.test)
    failure: list[Step] | None = [Raised(infer.span(node), "AssertionError", None)]
    if node.msg is not None:
        failure = _assertion(infer, node, node.msg)
    if failure is None or isinstance(test, Unknown) or infer.state is None:
        return
    span = infer.span(node)
    if not test.is_constant:
        infer.add(Tested(span, primitive(span, BOOL, "bool.not", test), tuple(failure)))
        refine(infer, node.test, True)
    elif not test.constant:
        for step in failure:
            infer.add(step)
        infer.state = None


def _assertion(infer: FunctionInference, node: ast.Assert, argument: ast.expr) -> list[Step] | None:
    """Return the steps that fail with a message, which is computed only then."""
    before = infer.state
    outer, infer.statement_scope = infer.statement_scope, StatementScope()
    value: Fact = infer.expression(argument)
    message = None
    if isinstance(value, Known) and infer.state is not None:
        message = _message(infer, node, "AssertionError", [argument], [value])
    steps, infer.statement_scope = infer.statement_scope.steps, outer
    infer.state = infer.join([Branch(before, []), Branch(infer.state, [])])
    return None if message is None else [*steps, *raising(infer, node, "AssertionError", message)]
