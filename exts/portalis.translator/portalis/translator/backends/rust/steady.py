"""Lists that a loop only reads: their elements are borrowed once, before it, instead of at every look.

`for k in 0..n { … lists::element(&row, k) … }` becomes `let row: &[f64] = &row.items();` and the loop with `lists::item(row, k)`, in a
block of their own. Which lists stay what they are is the IR's to say (`passes/facts/steady.py`); that a variable is only asked for
elements and for its length, and so need not be a list, is seen on the Rust that is printed.

Invariant: nothing changes a list while its elements are borrowed, so `RefCell` never stops a loop.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from portalis.translator.backends.rust.traversal import children, rebuild, walk
from portalis.translator.backends.rust.tree import (
    UNIT,
    Block,
    Body,
    Call,
    Cast,
    Catch,
    Do,
    Expr,
    For,
    Let,
    Method,
    Node,
    Stmt,
    Try,
    Unary,
    Var,
    While,
)
from portalis.translator.ir.nodes import Function, Program
from portalis.translator.ir.types import ListRef
from portalis.translator.passes.rewriter import with_functions

# What is added to the name of a function that reads a list's element: one that reads it of borrowed elements.
OF_ITEMS = "~items"
_ELEMENT = "lists.element."
# What may be asked of a borrowed element without a copy of its own.
_ASKED = frozenset({"len", "get", "is_empty"})


def with_items(program: Program) -> Program:
    """Return the program with a function of borrowed elements beside each that reads an element of a list."""
    both = [(item, replace(item, name=item.name + OF_ITEMS)) if reads_element(item) else (item,) for item in program.functions]
    return with_functions(program, tuple([item for items in both for item in items]))


def reads_element(function: Function) -> bool:
    """Tell whether a function is the library's that reads an element of a list."""
    return function.library and function.name.startswith(_ELEMENT) and isinstance(function.params[0].type, ListRef)


@dataclass(frozen=True, slots=True)
class Reader:
    """A function that reads an element of a list: how the one of borrowed elements is spelled and called, and what it reads."""

    spelling: str
    function: str
    gives_reference: bool


class Borrower:
    """Borrows elements before the loops of one function.

    `steady` are the lists of a loop by its label, `elements` the types of their elements, `readers` functions by their spelling; `called`
    grows by those that are called instead.
    """

    def __init__(
        self, steady: Mapping[str, Sequence[str]], elements: Mapping[str, str], readers: Mapping[str, Reader], called: list[str]
    ) -> None:
        self.steady, self.elements, self.readers, self.called = steady, elements, readers, called
        self.borrowed: frozenset[str] = frozenset()

    def body(self, body: Body) -> Body:
        """Return statements with elements borrowed before their loops."""
        new = tuple(map(self.statement, body))
        match new:
            case (*others, Do(Block(last, value))) if value == UNIT and last and isinstance(last[-1], For | While):
                # Nothing comes after it that wants the lists themselves.
                new = (*others, *last)
        same = len(new) == len(body) and all(after is before for after, before in zip(new, body, strict=True))
        return body if same else new

    def statement(self, statement: Stmt) -> Stmt:
        """Return a statement, a loop in a block behind what it borrows."""
        if not isinstance(statement, For | While):
            return rebuild(statement, self.expr, self.body)
        steady = [name for name in self.steady.get(statement.label, ()) if name in self.elements and name not in self.borrowed]
        names = [name for name in steady if self.reads(statement, name)]
        before, self.borrowed = self.borrowed, self.borrowed | set(names)
        loop = rebuild(statement, self.expr, self.body)
        self.borrowed = before
        lets = [Let(name, Unary("&", Method(Var(name), "items", (), pure=True)), f"&[{self.elements[name]}]") for name in names]
        return Do(Block((*lets, loop), UNIT)) if lets else loop

    def reads(self, loop: For | While, name: str) -> bool:
        """Tell whether a loop asks a variable for elements, and for nothing else that a list has."""
        parts = list(walk(loop))
        if any(isinstance(part, Catch) or (isinstance(part, Let | For) and part.name == name) for part in parts):
            return False
        return self.fits(loop, name) and any(isinstance(part, Call) and self.listed(part) == name for part in parts)

    def fits(self, node: Node, name: str) -> bool:
        """Tell whether a variable may hold borrowed elements as far as a piece of the tree is concerned."""
        match node:
            case Try(Method(Call() as call, "at", _)) if self.listed(call) == name:
                return self.fits(call.args[1], name)
            case Call() if self.listed(node) == name:
                return not self.readers[node.function].gives_reference and self.fits(node.args[1], name)
            case Method(Var(found), "len" | "is_empty", ()) if found == name:
                return True
            case Var(found):
                return found != name
            case _:
                return all(self.fits(child, name) for child in children(node))

    def listed(self, call: Call) -> str | None:
        """Return the variable of whose list a call reads an element."""
        if call.function not in self.readers:
            return None
        match call.args[0]:
            case Var(name) | Unary("&", Var(name)):
                return name
            case _:
                return None

    def expr(self, expr: Expr) -> Expr:
        """Return an expression in which lists whose elements are borrowed are asked as such."""
        match expr:
            case Unary("&", Try() as read) if (found := self.reference(read)) is not None:
                return found
            case Method(Try() as read, name, args) if name in _ASKED and (found := self.reference(read)) is not None:
                return replace(expr, receiver=found, args=tuple(map(self.expr, args)))
            case Try() as read if (found := self.reference(read)) is not None:
                return Method(found, "clone", (), pure=True)
            case Call() if self.listed(expr) in self.borrowed:
                return self.read(expr)
            case Method(Var(name), "len", ()) if name in self.borrowed:
                return Cast(expr, "i64")
            case _:
                return rebuild(expr, self.expr, self.body)

    def reference(self, read: Try) -> Expr | None:
        """Return a look at an element that gives a reference to it; None where it is no such."""
        match read.value:
            case Method(Call() as call, "at", _) as told if self.listed(call) in self.borrowed:
                return Try(replace(told, receiver=self.read(call))) if self.readers[call.function].gives_reference else None
            case _:
                return None

    def read(self, call: Call) -> Call:
        name, reader = self.listed(call), self.readers[call.function]
        assert name is not None, "the call reads an element of a variable's list"
        self.called.append(reader.function)
        return replace(call, function=reader.spelling, args=(Var(name), self.expr(call.args[1])))
