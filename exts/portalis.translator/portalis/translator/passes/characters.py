"""Texts of one character as the number of their character, where only that is asked.

A text of one character is an object, and to compare two of them is a call. Where a loop goes over a text and compares its characters, looks
for them in a constant text or takes their numbers, nobody needs these objects.

Invariants: what is computed, and what raises, stays the same, in the same order; an object that something else asks for is still made. Only
functions of the program's own change; what the library has for texts is asked for numbers in functions of its own (`NAME~code`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from portalis.translator.ir.nodes import (
    Assign,
    BoolOp,
    Call,
    Compare,
    Const,
    Expr,
    Function,
    Local,
    Node,
    ObjectOp,
    Program,
    Return,
    Stmt,
    walk_function,
)
from portalis.translator.ir.types import BOOL, INT, TEXT
from portalis.translator.passes.facts.effects import written_locals
from portalis.translator.passes.rewriter import Rewriter, with_functions

# What the library does about characters: their number, and whether a text holds one.
_ORDER, _CONTAINED = "numerals.order_of", "searching.contained"
# Functions that give a character, and raise where there is none.
_GIVERS = frozenset(("text.character", "numerals.character_of", "numerals.character_in_range"))
# The longest constant text that is looked through by comparing.
_FEW = 6


def number_characters(program: Program) -> Program:
    """Return the program with comparisons of characters made comparisons of their numbers."""
    functions = {function.name: function for function in program.functions}
    if "text.of_code" not in {node.op for function in functions.values() for node in _object_ops(function)}:
        return program
    made: dict[str, Function] = {}
    changed = {item.name: item if item.library else _without_characters(item, functions, made) for item in program.functions}
    return with_functions(program, tuple([new for name, item in changed.items() for new in (*_given(made, name), item)]))


@lru_cache(maxsize=1024)
def _object_ops(function: Function) -> tuple[ObjectOp, ...]:
    return tuple(node for node in walk_function(function) if isinstance(node, ObjectOp))


def _given(made: Mapping[str, Function], name: str) -> tuple[Function, ...]:
    return (made[name],) if name in made else ()


def _without_characters(function: Function, functions: Mapping[str, Function], made: dict[str, Function]) -> Function:
    nodes = list(walk_function(function))
    if not any(isinstance(node, ObjectOp) and node.op in ("text.equal", "text.order") for node in nodes) and not any(
        isinstance(node, Call) and node.function in (_ORDER, _CONTAINED) for node in nodes
    ):
        return function
    rewriter = _Characters(functions, made, _characters(function, functions, nodes))
    new = rewriter.function(function)
    if not rewriter.asked:
        return function
    numbered = tuple((f"{name}.code", INT) for name, _ in new.locals if name in rewriter.names)
    return _without_idle(replace(new, locals=(*new.locals, *numbered)), rewriter.names)


def _characters(function: Function, functions: Mapping[str, Function], nodes: Iterable[Node]) -> frozenset[str]:
    """Name the locals that never hold another text than one of a single character."""
    parameters = {parameter.name for parameter in function.params}
    found = {name for name, type_ in function.locals if type_ == TEXT and name not in parameters}
    values: dict[str, list[Expr]] = {}
    for node in nodes:
        if isinstance(node, Assign):
            values.setdefault(node.target, []).append(node.value)
        else:
            found -= set(written_locals(functions, node))
    found &= values.keys()
    while wrong := {name for name in found if not all(_is_character(value, found, functions) for value in values[name])}:
        found -= wrong
    return frozenset(found)


def _is_character(node: Expr, names: Iterable[str], functions: Mapping[str, Function]) -> bool:
    match node:
        case Local(_, _, name):
            return name in names
        case Const(_, type_, str() as value):
            return type_ == TEXT and len(value) == 1
        case ObjectOp(_, type_, op):
            return op == "text.of_code" and type_ == TEXT
        case Call(_, _, name):
            return name in _GIVERS and _numbered(functions[name]) is not None
        case _:
            return False


@lru_cache(maxsize=64)
def _numbered(function: Function) -> Function | None:
    """Return a function that gives the number of the character that `function` gives; None where it gives anything else."""
    results = [node.value for node in walk_function(function) if isinstance(node, Return)]
    if function.recursive or not all(isinstance(value, ObjectOp) and value.op == "text.of_code" for value in results):
        return None
    return replace(_Returns().function(function), name=f"{function.name}~code", result=INT)


class _Returns(Rewriter):
    """Has a function return the number instead of the character."""

    def statement(self, node: Stmt) -> tuple[Stmt, ...]:
        if isinstance(node, Return):
            assert isinstance(node.value, ObjectOp)
            return (Return(node.span, node.value.args[0]),)
        return super().statement(node)


class _Characters(Rewriter):
    def __init__(self, functions: Mapping[str, Function], made: dict[str, Function], names: frozenset[str]) -> None:
        self.functions, self.made, self.names = functions, made, names
        # Whether anything asked for the number of a character.
        self.asked = False

    # --------------------------------------------------------------------------------------------------------- numbers
    def _has_number(self, node: Expr) -> bool:
        return _is_character(node, self.names, self.functions)

    def _number(self, node: Expr) -> Expr:
        """Return the number of a character."""
        self.asked = True
        match node:
            case Local(span, _, name):
                return Local(span, INT, f"{name}.code")
            case Const(span, _, str() as value):
                return Const(span, INT, ord(value))
            case ObjectOp(_, _, _, args):
                return self.expr(args[0])
            case Call(span, _, name, args):
                made = _numbered(self.functions[name])
                assert made is not None
                self.made[name] = made
                return Call(span, INT, made.name, self.all(args))
            case _:
                raise AssertionError(f"{node.span} is no character")

    def _numbers(self, nodes: tuple[Expr, ...]) -> list[Expr] | None:
        return [self._number(node) for node in nodes] if all(map(self._has_number, nodes)) else None

    # ----------------------------------------------------------------------------------------------------- expressions
    def expr(self, node: Expr) -> Expr:
        match node:
            case ObjectOp(span, _, "text.equal", args) if numbers := self._numbers(args):
                return Compare(span, BOOL, "eq", *numbers)
            case Compare(span, _, op, ObjectOp(_, _, "text.order", args), Const(_, _, 0)) if numbers := self._numbers(args):
                return Compare(span, BOOL, op, *numbers)
            case Call(_, _, function, (character,)) if function == _ORDER and self._has_number(character):
                return self._number(character)
            case Call(_, _, function, (Local() as character, Const(_, _, str() as text))) if function == _CONTAINED and text:
                if len(text) <= _FEW and self._has_number(character):
                    return self._is_one_of(character, text)
        return super().expr(node)

    def _is_one_of(self, character: Local, text: str) -> Expr:
        span = character.span
        tests = [Compare(span, BOOL, "eq", self._number(character), Const(span, INT, ord(one))) for one in dict.fromkeys(text)]
        found: Expr = tests[0]
        for test in tests[1:]:
            found = BoolOp(span, BOOL, "or", found, test)
        return found

    def statement(self, node: Stmt) -> tuple[Stmt, ...]:
        if not isinstance(node, Assign) or node.target not in self.names:
            return super().statement(node)
        asked = self.asked
        number = Assign(node.span, f"{node.target}.code", self._number(node.value))
        # A name for a character alone asks for nothing.
        self.asked = asked
        is_local = isinstance(node.value, Local | Const)
        text = node.value if is_local else ObjectOp(node.span, TEXT, "text.of_code", (Local(node.span, INT, f"{node.target}.code"),))
        return number, Assign(node.span, node.target, text)


def _without_idle(function: Function, names: Iterable[str]) -> Function:
    """Return a function that makes no character which nobody reads."""
    idle = set(names)
    while True:
        read = {node.name for node in walk_function(_Kept(idle).function(function)) if isinstance(node, Local)}
        if not idle & read:
            break
        idle -= read
    made = _Kept(idle).function(function)
    return replace(made, locals=tuple([item for item in made.locals if item[0] not in idle]))


class _Kept(Rewriter):
    """Leaves out what is assigned to locals that nobody reads: characters of numbers, and names for them."""

    def __init__(self, idle: Iterable[str]) -> None:
        self.idle = frozenset(idle)

    def statement(self, node: Stmt) -> tuple[Stmt, ...]:
        return () if isinstance(node, Assign) and node.target in self.idle else super().statement(node)
