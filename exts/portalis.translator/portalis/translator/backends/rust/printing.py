"""Statements and functions as Rust text."""

from __future__ import annotations

from portalis.translator.backends.rust.functions import Printed
from portalis.translator.backends.rust.layout import Layout
from portalis.translator.backends.rust.shapes import STEP, WIDTH
from portalis.translator.backends.rust.traversal import children, walk, walk_body
from portalis.translator.backends.rust.tree import (
    LOOPS,
    UNIT,
    Assign,
    Block,
    Body,
    Break,
    Call,
    Catch,
    Choose,
    Continue,
    Do,
    Expr,
    For,
    If,
    Let,
    Loop,
    Method,
    Never,
    Return,
    Stmt,
    Try,
    Update,
    While,
)
from portalis.translator.backends.rust.type_layout import has_long_tuple, laid_type

# How many nodes a function has at most that is written where it is called.
_SMALL = 48


def print_function(printed: Printed, indent: int = 0) -> list[str]:
    """Return the lines of a function with its documentation."""
    return _Printer(printed).function(indent)


class _Printer:
    def __init__(self, printed: Printed) -> None:
        self.printed = printed
        self.layout = Layout(self.block)
        self.labels = _shown_labels(printed.body.body)

    def function(self, indent: int) -> list[str]:
        printed = self.printed
        pad = " " * indent
        lines = [f"{pad}/// {line}".rstrip() for line in printed.documentation]
        lines += [f"{pad}#[inline]"] * (printed.callee.function.library and printed.callee.operator is None and _is_small(printed.body))
        params = [printed.receiver] if printed.receiver else []
        params += [f"{'mut ' if param.mutable else ''}{param.name}: {param.type}" for param in printed.params]
        head = f"{printed.visibility}fn {printed.callee.name}("
        end = ")" + (f" -> {printed.result}" if printed.result else "") + " {"
        one_line = f"{pad}{head}{', '.join(params)}{end}"
        if len(one_line) <= WIDTH and not any(map(has_long_tuple, [printed.result or "", *(param.type for param in printed.params)])):
            lines.append(one_line)
        else:
            lines += [pad + head, *self._parameters(params, indent + STEP)]
            lines += self._indented(f") -> {laid_type(printed.result, indent, indent + 5, 2)} {{" if printed.result else end, indent)
        body = self.block(printed.body, indent + STEP)
        return [*lines, *body, f"{pad}}}"] if body else [*lines[:-1], lines[-1] + "}"]

    def _parameters(self, params: list[str], indent: int) -> list[str]:
        lines: list[str] = []
        for param in params:
            name, colon, type_ = param.partition(": ")
            shown = laid_type(type_, indent, indent + len(name) + len(colon), 1)
            lines += self._indented(f"{name}{colon}{shown},", indent)
        return lines

    def block(self, block: Block, indent: int) -> list[str]:
        """Return the lines of a block's statements and value."""
        lines = [line for statement in block.body for line in self.statement(statement, indent)]
        if block.value != UNIT and not isinstance(block.value, Never):
            lines += self._value(block.value, indent)
        return lines

    def _value(self, value: Expr, indent: int) -> list[str]:
        if isinstance(value, Choose):
            return self._indented(self.layout.conditional(value, indent), indent)
        return self._indented(self.layout.text(value, indent, indent), indent)

    @staticmethod
    def _indented(text: str, indent: int) -> list[str]:
        return (" " * indent + text).split("\n")

    def statement(self, statement: Stmt, indent: int) -> list[str]:
        """Return the lines of a statement."""
        match statement:
            case Let(name, None, type_, mutable):
                return self._indented(f"let {'mut ' if mutable else ''}{name}: {type_};", indent)
            case Let(name, value, type_, mutable) if value is not None:
                name = f"let {'mut ' if mutable else ''}{name}"
                head = f"{name}: {laid_type(type_, indent, indent + len(name) + 2, 2)} =" if type_ else f"{name} ="
                return self.assignment(head, value, indent)
            case Assign(place, value):
                return self.assignment(f"{self.layout.text(place, indent, indent)} =", value, indent)
            case Update(op, place, value):
                return self.assignment(f"{self.layout.text(place, indent, indent)} {op}=", value, indent)
            case Do(Block(_, value) as block) if value == UNIT:
                return [" " * indent + "{", *self.block(block, indent + STEP), " " * indent + "}"]
            case Do(value):
                if isinstance(value, Try | Catch) or (isinstance(value, Call | Method) and not value.pure):
                    return self._indented(self.layout.text(value, indent, indent, 1) + ";", indent)
                return self.assignment("let _ =", value, indent)
            case Return(value):
                # rustfmt counts the semicolon of a `return` twice.
                text = "" if value == UNIT else " " + self.layout.text(value, indent, indent + len("return "), 2)
                return self._indented(f"return{text};", indent)
            case Break(label):
                return self._indented(f"break{self.label(label, ' ')};", indent)
            case Continue(label):
                return self._indented(f"continue{self.label(label, ' ')};", indent)
            case If():
                return self.conditional(statement, indent)
            case Loop(label, body):
                return [*self._indented(f"{self.label(label, '', ': ')}loop {{", indent), *self.nested(body, indent), " " * indent + "}"]
            case While(label, test, body):
                head = self.layout.head(f"{self.label(label, '', ': ')}while", test, indent)
                return [*self._indented(head, indent), *self.nested(body, indent), " " * indent + "}"]
            case For(label, name, iterable, body, mutable):
                word, bound = f"{self.label(label, '', ': ')}for", f"{'mut ' if mutable else ''}{name}"
                head = self.layout.gone_over(word, bound, iterable, indent)
                return [*self._indented(head, indent), *self.nested(body, indent), " " * indent + "}"]
        raise AssertionError(statement)

    def nested(self, body: Body, indent: int) -> list[str]:
        """Return the lines of a loop's or branch's body."""
        return self.block(Block(body, UNIT), indent + STEP)

    def label(self, label: str, before: str = "", after: str = "") -> str:
        """Return a label between two texts, or nothing where it need not be shown."""
        return f"{before}{self.labels[label]}{after}" if label in self.labels else ""

    def assignment(self, head: str, value: Expr, indent: int) -> list[str]:
        """Return `head value;`, the value on the next line where rustfmt prefers that."""
        return self._indented(f"{self.layout.assigned(head, value, indent, 1)};", indent)

    def conditional(self, statement: If, indent: int) -> list[str]:
        """Return the lines of a conditional statement."""
        pad = " " * indent
        lines = [*self._indented(self.layout.head("if", statement.test, indent), indent), *self.nested(statement.then, indent)]
        otherwise = statement.otherwise
        while len(otherwise) == 1 and isinstance(otherwise[0], If):
            inner = otherwise[0]
            head = self.layout.head("if", inner.test, indent, otherwise="} else ")
            lines += [*self._indented(head, indent), *self.nested(inner.then, indent)]
            otherwise = inner.otherwise
        if otherwise:
            lines += [f"{pad}}} else {{", *self.nested(otherwise, indent)]
        return [*lines, f"{pad}}}"]


def _is_small(body: Block) -> bool:
    """Tell whether a function of the library is worth writing where it is called."""
    parts = list(walk(body))
    return len(parts) <= _SMALL and not any(isinstance(part, LOOPS) for part in parts)


def _shown_labels(body: Body) -> dict[str, str]:
    """Return the labels that a break or continue must name, because it lies in another loop inside."""
    needed: list[str] = []

    def look(node: Stmt | Expr, innermost: str) -> None:
        if isinstance(node, Break | Continue | Catch) and node.label != innermost and node.label not in needed:
            needed.append(node.label)
        inside = node.label if isinstance(node, LOOPS) else innermost
        for child in children(node):
            look(child, inside)

    for statement in body:
        look(statement, "")
    order = [part.label for part in walk_body(body) if isinstance(part, LOOPS) and part.label in needed]
    return {label: "'outer" if number == 1 else f"'outer_{number}" for number, label in enumerate(order, 1)}
