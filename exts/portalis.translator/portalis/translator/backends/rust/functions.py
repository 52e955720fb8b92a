"""One function, from IR to the Rust that is printed: the steps in order."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import assert_never

from portalis.translator.backends.rust import tree
from portalis.translator.backends.rust.callees import Callee
from portalis.translator.backends.rust.declare import choose_values, declare, shadow
from portalis.translator.backends.rust.effects import falls_through, mentions
from portalis.translator.backends.rust.flow import NOTHING, Liveness, drop_dead
from portalis.translator.backends.rust.frames import is_nothing
from portalis.translator.backends.rust.hoist import hoist_body
from portalis.translator.backends.rust.idioms import idiomatic
from portalis.translator.backends.rust.literals import float_literal, int_literal
from portalis.translator.backends.rust.moves import give_away, spell_objects, without_detours
from portalis.translator.backends.rust.mutability import mark_mutable
from portalis.translator.backends.rust.names import Scope, identifier
from portalis.translator.backends.rust.object_operations import union_value
from portalis.translator.backends.rust.packages import escaped
from portalis.translator.backends.rust.shared_names import share_names
from portalis.translator.backends.rust.statements import Statements
from portalis.translator.backends.rust.steady import Borrower
from portalis.translator.backends.rust.temporaries import inline_temporaries
from portalis.translator.backends.rust.traversal import walk
from portalis.translator.backends.rust.tree import UNIT, Block, Body, Choose, Expr, If, Never, Return
from portalis.translator.backends.rust.type_names import is_array
from portalis.translator.backends.rust.wholes import made_whole
from portalis.translator.backends.rust.world import World
from portalis.translator.backends.rust.writer import is_single
from portalis.translator.ir.nodes import Function, Param
from portalis.translator.ir.types import (
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
)

# What is said of the function that makes what a module keeps from call to call.
_INITIAL = "Put into the module's variables, each in a list of its own, what they hold after its import."
# And of an `__init__` of which its author says nothing, and of a constructor.
_SETS, _NEW = "Set the fields of one that is new.", "One that is new."


@dataclass(frozen=True, slots=True)
class Printed:
    """One function ready to be printed."""

    callee: Callee
    params: tuple[tree.Param, ...]
    receiver: str | None
    result: str | None
    body: Block
    documentation: tuple[str, ...]
    visibility: str


def make_function(world: World, function: Function) -> Printed:
    """Return one function of the program as Rust."""
    callee = world.callees[function.name]
    builder = Statements(world, function, callee, Scope(world.function_names(callee.module)))
    receiver = _bind_params(builder)
    originals = _bind_locals(builder)
    body = _simplified(builder)
    shown = _shown_params(builder, body)
    # A parameter whose value is never read gives its name to a variable where the function assigns it.
    unread = {name: param.type for name, param in _named_params(builder) if shown[name] != name and name not in builder.references}
    variables = builder.types | unread
    body = give_away(body, builder.references | builder.borrowed)
    names = {name: world.types.name_of(type_) for name, type_ in variables.items() if not is_nothing(type_)}
    body = declare(body, names | dict.fromkeys(builder.errors, "Error"), builder.scope)
    passed = tuple(shown[name] for name in shown if name not in builder.references | builder.borrowed)
    body, mutable = mark_mutable(body, passed, lambda name: default(world, variables[name]))
    # What is borrowed goes by its name, which a variable may take later.
    body = shadow(without_detours(choose_values(body), builder.borrowed), originals)
    body = _with_borrowed_elements(builder, spell_objects(body), shown)
    pairs = {name for name, type_ in variables.items() if isinstance(type_, TupleType) and len(type_.items) == 2}
    body = idiomatic(body, _temporaries(builder), pairs)
    body = share_names(body, _numbered(builder), builder.scope.given)
    params = tuple(
        tree.Param(shown[name], _passing(callee, param) + _passed(world, callee, param), shown[name] in mutable)
        for name, param in _named_params(builder)
        if name != "self"
    )
    result = None if is_nothing(function.result) else world.types.name_of(function.result)
    result = f"&{result}" if callee.items is not None and not function.result.duplicable else result
    if callee.fallible:
        result = f"Result<{result or '()'}, Error>"
    shown_receiver = _receiver(receiver, "self" in mutable, receiver is not None and receiver.name in callee.borrowed)
    visibility = "" if callee.operator else "pub(crate) " if function.library else "pub "
    whole = tail(body)
    said = documentation(_said(world, function))
    said += () if function.library else raised(whole, bool(said))
    return Printed(callee, params, shown_receiver, result, whole, said, visibility)


def _said(world: World, function: Function) -> str | None:
    if function.name == world.program.initial:
        return _INITIAL
    silent = (_NEW if world.callees[function.name].makes else _SETS) if function.display.rpartition(".")[2] == "__init__" else None
    return function.docstring or silent


def _passing(callee: Callee, param: Param) -> str:
    return "&mut " if param.by_ref else "&" if param.name in callee.borrowed else ""


def _passed(world: World, callee: Callee, param: Param) -> str:
    if param.name == callee.items and isinstance(param.type, ListRef):
        return f"[{world.types.name_of(param.type.item)}]"
    return world.types.name_of(param.type)


def _with_borrowed_elements(builder: Statements, body: Body, shown: dict[str, str]) -> Body:
    """Return a body that borrows the elements of lists before loops that only read them."""
    if not any(builder.steady.values()):
        return body
    types = builder.types | {shown[name]: param.type for name, param in _named_params(builder)}
    elements = {name: builder.world.types.name_of(type_.item) for name, type_ in types.items() if isinstance(type_, ListRef)}
    return Borrower(builder.steady, elements, builder.world.readers, builder.world.called).body(body)


def _bind_params(builder: Statements) -> Param | None:
    """Name the parameters; return the one that is the receiver, where there is one."""
    callee, params = builder.callee, builder.function.params
    reflected = callee.operator is not None and callee.operator.shape == "reflected"
    receiver = None if callee.owner is None or callee.makes else params[1 if reflected else 0]
    for param in params:
        shown = param.name.rpartition(".")[0] if param.name in builder.world.kept else param.name
        wanted = "self" if param is receiver else "other" if receiver is not None and param.name == "self" else identifier(shown)
        name = builder.locals[param.name] = builder.scope.take(wanted)
        if param.by_ref or (param is receiver and isinstance(param.type, RecordType)):
            builder.references.add(name)
        elif param.name in callee.borrowed:
            builder.borrowed.add(name)
    return receiver


def _bind_locals(builder: Statements) -> dict[str, str]:
    """Name the local variables; return, for each that holds a Python name under another type, the name's first variable."""
    originals: dict[str, str] = {}
    for name, type_ in builder.function.locals:
        base, _, suffix = name.partition(".")
        builder.locals[name] = builder.fresh(base if suffix.isdigit() else name, type_)
        if suffix.isdigit() and base in builder.locals:
            originals[builder.locals[name]] = builder.locals[base]
    return originals


def _simplified(builder: Statements) -> Body:
    """Return the function's body without the front-end's and the builder's own variables where they are not needed."""
    body = inline_temporaries(hoist_body(builder.body()), _temporaries(builder))
    body = made_whole(hoist_body(body), builder.world.types)
    # What is tried may fail no more where nobody wants what failed: its handler is not reached.
    while (shorter := hoist_body(drop_dead(body))) != body:
        body = shorter
    return body


def _temporaries(builder: Statements) -> frozenset[str]:
    """Name the variables that are not the user's."""
    own = {builder.locals[name] for name, _ in builder.function.locals if "." not in name}
    return frozenset(builder.types) - own - builder.entries


def _numbered(builder: Statements) -> frozenset[str]:
    """Name the variables whose numbers are not the user's."""
    return frozenset(builder.types) - frozenset(name for name, _ in builder.function.locals) - builder.errors


def _named_params(builder: Statements) -> list[tuple[str, Param]]:
    return [(builder.locals[param.name], param) for param in builder.function.params]


def _shown_params(builder: Statements, body: Body) -> dict[str, str]:
    """Return how each parameter is written: with an underscore where rustc asks for one because what is passed is never read."""
    read = Liveness().before_body(body, NOTHING)
    shown = {}
    for name, _ in _named_params(builder):
        is_used = any(mentions(part, name) for part in body) if name in builder.references | builder.borrowed else name in read
        shown[name] = name if is_used or name == "self" else builder.scope.take("_" + name.removeprefix("r#").lstrip("_"))
    return shown


def _receiver(param: Param | None, mutable: bool, borrowed: bool) -> str | None:
    if param is None:
        return None
    if param.by_ref:
        return "&mut self"
    if borrowed or isinstance(param.type, RecordType):
        return "&self"
    return "mut self" if mutable else "self"


def initial_state(world: World) -> Expr | None:
    """Return the record that a behaviour class starts from, or None for a program that is no class."""
    behaviour = world.program.behaviour
    if behaviour is None or behaviour.state is None:
        return None
    function = world.program.function(behaviour.entries[0][1])
    callee = world.callees[function.name]
    return Statements(world, function, callee, Scope(world.function_names(callee.module))).make(behaviour.state, behaviour.initial)


def default(world: World, type_: Type) -> Expr:
    """Return some value of a type, for a variable whose first value is never read."""
    if is_nothing(type_):
        return UNIT
    match type_:
        case IntType():
            return int_literal(0)
        case FloatType():
            return float_literal(0.0)
        case BoolType():
            return tree.Literal("false", "other")
        case StrType():
            return tree.Literal('""', "other")
        case NoneType() | NeverType():
            return UNIT
        case ListType(item, length):
            return _repeated(world, item, length)
        case TupleType(items) if is_array(type_):
            return _repeated(world, items[0], len(items))
        case TupleType(items):
            return tree.Tuple(tuple(default(world, item) for item in items))
        case RecordType(_, fields):
            values = tuple(default(world, item) for _, item in fields)
            return tree.Struct(world.types.name_of(type_), tuple(identifier(name) for name, _ in fields), values)
        case VecType() | QuatType() | MatrixType():
            suffix = "_f32" if is_single(type_) else ""
            zeros = tree.Repeat(tree.Literal(f"0.0{suffix}", "float"), len(type_.elements))
            return tree.Call(world.types.name_of(type_), (zeros,), pure=True)
        case TextType():
            return tree.Call("Text::default", (), pure=True)
        case WideType() | ListRef() | DictRef() | SetRef() | LibraryRef():
            return tree.Build(world.types.name_of(type_), ())
        case UnionType(members):
            return union_value(world, type_, members[0], default(world, members[0]))
        case _:
            assert_never(type_)


def _repeated(world: World, item: Type, count: int) -> Expr:
    value = default(world, item)
    return tree.Repeat(value, count) if item.duplicable else tree.Array((value,) * count)


def tail(body: Body) -> Block:
    """Return a function's body with its last value as Rust writes it: without `return`, also at the ends of a last `if`."""
    if body and isinstance(body[-1], Return):
        value, body = _distributed(body[-1].value), body[:-1]
        if body and isinstance(last := body[-1], tree.Let) and last.value is not None:
            if value == tree.Var(last.name):
                return Block(body[:-1], last.value)
            if isinstance(last.value, tree.Try) and value == tree.Call("Ok", (tree.Var(last.name),), pure=True):
                return Block(body[:-1], last.value.value)
        return Block(body, value)
    if body and isinstance(body[-1], If) and not falls_through(body):
        last = body[-1]
        return Block(body[:-1], Choose(last.test, tail(last.then), tail(last.otherwise)))
    return Block(body, UNIT if falls_through(body) else Never())


def _distributed(value: Expr) -> Expr:
    """Return `Ok(if test { a } else { b })` with the `Ok` inside, where it may meet a `?` and both go."""
    match value:
        case tree.Call("Ok", (Choose(test, then, otherwise),)):
            return Choose(test, _wrapped(then), _wrapped(otherwise))
        case tree.Call("Ok", (tree.Try(inner),)):
            return inner
        case _:
            return value


def _wrapped(value: Expr) -> Expr:
    match value:
        case Block(body, last):
            return Block(body, _wrapped(last))
        case tree.Try(inner):
            return inner
        case Never():
            return value
        case _:
            return _distributed(tree.Call("Ok", (value,), pure=True))


def raised(body: Block, follows: bool) -> tuple[str, ...]:
    """Return the lines of a doc comment that say what a function itself raises, with its constant texts."""
    rows: dict[str, None] = {}
    for part in walk(body):
        match part:
            case tree.Method(tree.Path(kind), "raise" | "raise_key", (tree.Literal(text), *_)) if "\\" not in text:
                rows[f"`{kind.removeprefix('Kind::')}`: {escaped(text[1:-1])}"] = None
            case tree.Method(tree.Path(kind), name) if name.startswith("raise"):
                rows[f"`{kind.removeprefix('Kind::')}`"] = None
    if not rows:
        return ()
    lines = tuple(f"{row}." for row in rows) if len(rows) == 1 else tuple(f"- {row}" for row in rows)
    return (*([""] if follows else []), "# Errors", "", *lines)


def documentation(docstring: str | None) -> tuple[str, ...]:
    """Return the lines of a doc comment; what rustdoc would take for code to test is fenced."""
    if not docstring:
        return ()
    lines: list[str] = []
    fenced = False
    for line in inspect.cleandoc(docstring).split("\n"):
        # What a doctest prints stands right below it.
        is_code = line.startswith(("    ", ">>>", "...")) or (fenced and bool(line.strip()))
        if is_code != fenced and (line.strip() or not fenced):
            lines.append("```text" if is_code else "```")
            fenced = is_code
        elif not line.strip() and fenced:
            lines.append("```")
            fenced = False
        lines.append((line if fenced else escaped(line)).rstrip())
    return (*lines, "```") if fenced else tuple(lines)
