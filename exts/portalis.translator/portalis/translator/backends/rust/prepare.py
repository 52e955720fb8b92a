"""What a program goes through before it becomes a crate: fewer checks and objects, the same meaning, and the user's own names."""

from __future__ import annotations

from dataclasses import replace

from portalis.translator.backends.rust.constructors import with_constructors
from portalis.translator.backends.rust.steady import with_items
from portalis.translator.ir.nodes import Call, Expr, Function, Program
from portalis.translator.passes.characters import number_characters
from portalis.translator.passes.closed_ranges import prove_closed_ranges
from portalis.translator.passes.rewriter import Rewriter, with_functions


def prepare(program: Program) -> Program:
    """Return an equal program that is better to write as Rust. Copies of locals stay: their names are the user's."""
    return with_items(with_constructors(without_twins(prove_closed_ranges(number_characters(program)))))


def without_twins(program: Program) -> Program:
    """Return the program with one function instead of several that passes made of one and that do the same."""
    merging = _Merging()
    return with_functions(program, tuple([new for function in program.functions if (new := merging.kept(function)) is not None]))


class _Merging(Rewriter):
    def __init__(self) -> None:
        # The functions that were made of each function, and what calls of the others become.
        self.made: dict[str, list[Function]] = {}
        self.instead: dict[str, str] = {}

    def kept(self, function: Function) -> Function | None:
        """Return a function with its calls redirected; None where one that stays does the same."""
        function = self.function(function)
        origin, is_made, _ = function.name.partition("~")
        if not is_made:
            return function
        others = self.made.setdefault(origin, [])
        twin = next((other for other in others if (other.body, other.result) == (function.body, function.result)), None)
        if twin is None:
            others.append(function)
            return function
        self.instead[function.name] = twin.name
        return None

    def expr(self, node: Expr) -> Expr:
        node = self.rebuilt(node)
        return replace(node, function=self.instead[node.function]) if isinstance(node, Call) and node.function in self.instead else node
