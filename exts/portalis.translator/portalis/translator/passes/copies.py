"""Copies of locals: what only stands for another local is read as that one.

`container.1 = out` before an augmented assignment is such a copy: whoever looks at elements of `container.1` then looks at those of `out`,
of which more may be known.

Invariants: a local is read as another one only where one assignment gives it that value, the other is not assigned, nor stored into, from
there to the last use, and every use follows in the block of the assignment. Functions that hold no reference stay as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from portalis.translator.ir.nodes import Assign, Expr, Function, Local, Node, Program, Stmt, walk, walk_function
from portalis.translator.ir.wire import holds_references
from portalis.translator.passes.facts.effects import written_locals
from portalis.translator.passes.rewriter import Rewriter, with_functions


def remove_copies(program: Program) -> Program:
    """Return the program without locals that only stand for others."""
    functions = {function.name: function for function in program.functions}
    # What is small of the library is compiled ahead, or once: only what the program itself does is worth the look.
    return with_functions(program, tuple([item if item.library else _without_copies(item, functions) for item in program.functions]))


def _without_copies(function: Function, functions: Mapping[str, Function]) -> Function:
    if not holds_references(function):
        return function
    nodes = list(walk_function(function))
    if not any(map(_is_copy, nodes)):
        return function
    written = Counter(name for node in nodes for name in written_locals(functions, node))
    read = Counter(node.name for node in nodes if isinstance(node, Local))
    rewriter = _Copies(functions, written, read)
    made = rewriter.function(function)
    return replace(made, locals=tuple([item for item in made.locals if item[0] not in rewriter.meant])) if rewriter.meant else function


def _is_copy(node: Node) -> bool:
    return isinstance(node, Assign) and isinstance(node.value, Local) and node.value.name != node.target


class _Copies(Rewriter):
    def __init__(self, functions: Mapping[str, Function], written: Counter[str], read: Counter[str]) -> None:
        self.functions = functions
        self.written = written
        self.read = read
        # What each copy that is gone stands for.
        self.meant: dict[str, str] = {}

    def expr(self, node: Expr) -> Expr:
        if isinstance(node, Local) and node.name in self.meant:
            return Local(node.span, node.type, self.meant[node.name])
        return super().expr(node)

    def block(self, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        for index, statement in enumerate(body):
            if isinstance(statement, Assign) and isinstance(statement.value, Local) and self._is_only_a_name(statement, body[index + 1 :]):
                name = statement.value.name
                self.meant[statement.target] = self.meant.get(name, name)
        kept = tuple(item for item in body if not (isinstance(item, Assign) and item.target in self.meant))
        return super().block(kept if len(kept) < len(body) else body)

    def _is_only_a_name(self, copy: Assign, rest: tuple[Stmt, ...]) -> bool:
        """Tell whether a copy is assigned once, and what it stands for stays the same as long as it is read in the rest of its block."""
        assert isinstance(copy.value, Local)
        if self.written[copy.target] != 1 or copy.value.name == copy.target:
            return False
        original, missing, changed = self.meant.get(copy.value.name, copy.value.name), self.read[copy.target], False
        for statement in rest:
            if not missing:
                break
            nodes = list(walk(statement))
            uses = sum(isinstance(node, Local) and node.name == copy.target for node in nodes)
            changed = changed or any(original in written_locals(self.functions, node) for node in nodes)
            if uses and changed:
                return False
            missing -= uses
        return not missing
