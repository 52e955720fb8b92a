"""The IR as text: one stable form for people, for tests and for comparing programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from portalis.translator.ir.nodes import (
    Assign,
    BoolOp,
    Bound,
    Break,
    Call,
    Compare,
    Const,
    Continue,
    ElementLoad,
    Evaluate,
    Expr,
    Fail,
    Fallible,
    FieldLoad,
    Finally,
    ForRange,
    Function,
    Guard,
    If,
    IfExpr,
    Local,
    Make,
    ObjectOp,
    Prim,
    Program,
    Raise,
    Reraise,
    Return,
    Sequence,
    Stmt,
    Store,
    Try,
    While,
)
from portalis.translator.ir.ops import OPS

COMPARISON_SIGNS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}


def print_program(program: Program, *, spans: bool = False) -> str:
    """Return a program as text, functions in order; with `spans`, every statement ends with its line and column."""
    major, minor = program.target
    lines = [f"program {program.entry} for CPython {major}.{minor}"]
    lines += [f"string {index} {text!r}" for index, text in enumerate(program.strings)]
    lines += [f"identity {list(path)} is {name}" for path, name in program.identity]
    for other in program.others:
        lines.append(f"entry {other.function}")
        lines += [f"identity {list(path)} is {name}" for path, name in other.identity]
    if program.initial:
        lines.append(f"initial {program.initial}")
    if program.behaviour is not None:
        behaviour = program.behaviour
        lines.append(f"behaviour {behaviour.name}: " + ", ".join(f"{name} = {function}" for name, function in behaviour.entries))
        lines += [f"output {name}: {type_}" for name, type_ in behaviour.outputs]
        if behaviour.state is not None:
            fields = zip(behaviour.state.fields, behaviour.initial, strict=True)
            lines += [f"field {name}: {type_} = {print_expr(value)}" for (name, type_), value in fields]
    for function in program.functions:
        lines += ["", print_function(function, spans=spans)]
    return "\n".join(lines) + "\n"


def print_function(function: Function, *, spans: bool = False) -> str:
    """Return one function as text, without a final line end."""
    params = ", ".join(f"{item.name}: {'&' if item.by_ref else ''}{item.type}" for item in function.params)
    flags = "".join(f" {word}" for word, is_set in (("library", function.library), ("recursive", function.recursive)) if is_set)
    lines = [f"function {function.name}({params}) -> {function.result}{flags} {{"]
    lines += [f"  local {name}: {type_};" for name, type_ in function.locals]
    lines += [f"  {line}" for line in _block(function.body, spans)]
    return "\n".join([*lines, "}"])


def _block(body: tuple[Stmt, ...], spans: bool) -> Iterator[str]:
    for statement in body:
        lines = list(_statement(statement, spans))
        if spans:
            lines[0] += f"  # {statement.span.line}:{statement.span.column}"
        yield from lines


def _statement(statement: Stmt, spans: bool) -> Iterator[str]:
    match statement:
        case Assign(_, target, value):
            yield f"{target} = {print_expr(value)};"
        case Store(_, place, value):
            yield f"store {print_expr(place)} = {print_expr(value)};"
        case Evaluate(_, value):
            yield f"evaluate {print_expr(value)};"
        case If(_, test, then, otherwise):
            yield from _compound(f"if {print_expr(test)}", then, otherwise, spans)
        case While(_, test, body, otherwise):
            yield from _compound(f"while {print_expr(test)}", body, otherwise, spans)
        case ForRange(_, target, start, stop, step, body, otherwise):
            head = f"for {target} in range({print_expr(start)}, {print_expr(stop)}, {print_expr(step)})"
            yield from _compound(head, body, otherwise, spans)
        case Break():
            yield "break;"
        case Continue():
            yield "continue;"
        case Return(_, value):
            yield f"return {print_expr(value)};"
        case Raise(_, exception, message, form):
            shown = f"<{form}>" if form != "constant" else "" if message is None else repr(message)
            yield f"raise {exception}({shown});"
        case Try(_, body, word, handler, otherwise):
            yield from _compound("try", body, (), spans)
            yield from _compound(f"except {word}", handler, otherwise, spans)
        case Finally(_, body, cleanup):
            yield from _compound("try", body, (), spans)
            yield from _compound("finally", cleanup, (), spans)
        case Reraise():
            yield "raise again;"
        case Guard(_, reason):
            yield f"guard {reason!r};"
        case Fail(_, cause, edge):
            yield f"fail {cause.kind} {cause.name}({'' if cause.message is None else repr(cause.message)}) else {edge.target};"
        case _:
            assert_never(statement)


def _compound(head: str, body: tuple[Stmt, ...], otherwise: tuple[Stmt, ...], spans: bool) -> Iterator[str]:
    yield head + " {"
    yield from (f"  {line}" for line in _block(body, spans))
    if otherwise:
        yield "} else {"
        yield from (f"  {line}" for line in _block(otherwise, spans))
    yield "}"


def print_expr(expr: Expr) -> str:
    """Return an expression as one line."""
    match expr:
        case Const(_, _, value):
            return repr(value)
        case Local(_, _, name):
            return name
        case FieldLoad(_, _, value, name):
            return f"{print_expr(value)}.{name}"
        case ElementLoad(_, _, value, index):
            return f"{print_expr(value)}[{print_expr(index)}]"
        case Bound(_, _, index, length, message):
            return f"bound({print_expr(index)}, {length}, {message!r})"
        case Make(_, type_, items):
            return f"{type_}({_list(items)})"
        case Prim(_, _, op, args, overflow):
            suffix = f".{overflow}" if op in OPS and OPS[op].may_overflow else ""
            return f"{op}{suffix}({_list(args)})"
        case ObjectOp(_, type_, op, args, name):
            return f"{op}{f'.{name}' if name else ''}{f'[{type_}]' if op == 'list.of' else ''}({_list(args)})"
        case Compare(_, _, op, left, right):
            return f"({print_expr(left)} {COMPARISON_SIGNS[op]} {print_expr(right)})"
        case BoolOp(_, _, op, left, right):
            return f"({print_expr(left)} {op} {print_expr(right)})"
        case IfExpr(_, _, test, then, otherwise):
            return f"({print_expr(then)} if {print_expr(test)} else {print_expr(otherwise)})"
        case Call(_, _, function, args):
            return f"@{function}({_list(args)})"
        case Sequence(_, _, body, value):
            return "{ " + " ".join(line.strip() for line in _block(body, False)) + f" => {print_expr(value)} }}"
        case Fallible(_, _, value, edge):
            return f"({print_expr(value)} else {edge.target})"
        case _:
            assert_never(expr)


def _list(items: tuple[Expr, ...]) -> str:
    return ", ".join(map(print_expr, items))
