"""What is changed in a user's syntax tree before CPython runs it: steps are counted, branches noted, and `**` is our library's.

Names that begin with `__portalis` are out of a user's reach: a class would mangle them, and the front-end refuses them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

POWER, STEPS_LEFT, OUT_OF_STEPS, TAKE = "__portalis_power__", "__portalis_steps__", "__portalis_out_of_steps__", "__portalis_take__"
# The place of a decision: line, column, end line and end column as `ast` counts them, and its kind.
Place = tuple[int, int, int, int, str]
_KINDS: dict[type[ast.AST], str] = {ast.If: "if", ast.While: "while", ast.For: "for", ast.IfExp: "if expression"}


class CountedSteps(ast.NodeTransformer):
    """Begin every loop's body and every function with statements that count: an iteration and a call are a step each.

    They call nothing, so that no depth of recursion changes.
    """

    def visit_For(self, node: ast.For) -> ast.AST:
        return self._counted(node)

    def visit_While(self, node: ast.While) -> ast.AST:
        return self._counted(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._counted(node)

    def _counted(self, node: ast.For | ast.While | ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        counting = ast.parse(f"{STEPS_LEFT}[0] -= 1\nif not {STEPS_LEFT}[0]:\n    raise {OUT_OF_STEPS}").body
        for statement in counting:
            _place_at(statement, node)
        node.body[:0] = counting
        return node


class PowerCalls(ast.NodeTransformer):
    """Turn `a ** b` into a call, because CPython's own operator reaches the platform's `pow`."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Pow):
            return node
        name = ast.Name(POWER, ast.Load())
        return ast.fix_missing_locations(ast.copy_location(ast.Call(ast.copy_location(name, node), [node.left, node.right], []), node))

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Pow):
            return node
        # Reading the target anew evaluates its index twice; the front-end admits no index with an effect here.
        current = ast.copy_location(ast.parse(ast.unparse(node.target), mode="eval").body, node)
        value = ast.copy_location(ast.BinOp(current, node.op, node.value), node)
        assignment = ast.copy_location(ast.Assign([node.target], self.visit(value)), node)
        return ast.fix_missing_locations(assignment)


class NotedBranches(ast.NodeTransformer):
    """Note which ways decisions went: way 2n of decision n where it was taken, way 2n + 1 where it was not.

    A `for` is taken where it had an iteration, `and` and `or` where their left operand held. `found` are the decisions of the tree that
    were asked about.
    """

    def __init__(self, places: Iterable[Place]) -> None:
        self._numbers = {place: number for number, place in enumerate(places)}
        self.found: set[int] = set()

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        number = self._number(node)
        if number is not None:
            node.body.insert(0, self._note(2 * number, node))
            node.orelse.insert(0, self._note(2 * number + 1, node))
        return node

    def visit_While(self, node: ast.While) -> ast.AST:
        self.generic_visit(node)
        number = self._number(node)
        if number is not None:
            node.body.insert(0, self._note(2 * number, node))
            node.orelse.insert(0, self._note(2 * number + 1, node))
        return node

    def visit_For(self, node: ast.For) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        number = self._number(node)
        if number is None:
            return node
        entered = f"__portalis_entered_{number}__"
        node.body[:0] = [self._note(2 * number, node), _statement(f"{entered} = True", node)]
        before = _statement(f"{entered} = False", node)
        after = _statement(f"if not {entered}:\n    {TAKE}({2 * number + 1})", node)
        return [before, node, after]

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        number = self._number(node)
        if number is not None:
            node.body = self._noting(2 * number, node.body)
            node.orelse = self._noting(2 * number + 1, node.orelse)
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        number = self._find(node, "and" if isinstance(node.op, ast.And) else "or")
        if number is None:
            return node
        result = node.values[-1]
        for left in reversed(node.values[:-1]):
            result = self._joined(node, number, left, result)
        return result

    def _joined(self, node: ast.BoolOp, number: int, left: ast.expr, right: ast.expr) -> ast.expr:
        name = f"__portalis_left_{number}__"
        held = _placed(ast.NamedExpr(ast.Name(name, ast.Store()), left), node)
        taken, not_taken = right, _placed(ast.Name(name, ast.Load()), node)
        if isinstance(node.op, ast.Or):
            taken, not_taken = not_taken, taken
        return _placed(ast.IfExp(held, self._noting(2 * number, taken), self._noting(2 * number + 1, not_taken)), node)

    def _number(self, node: ast.stmt | ast.expr) -> int | None:
        where = node.test if isinstance(node, ast.If) else node
        return self._find(where, _KINDS[type(node)])

    def _find(self, where: ast.stmt | ast.expr, kind: str) -> int | None:
        number = self._numbers.get((where.lineno, where.col_offset, where.end_lineno or 0, where.end_col_offset or 0, kind))
        if number is not None:
            self.found.add(number)
        return number

    @staticmethod
    def _note(way: int, where: ast.AST) -> ast.stmt:
        return _statement(f"{TAKE}({way})", where)

    @staticmethod
    def _noting(way: int, value: ast.expr) -> ast.expr:
        """Return an expression that notes a way and has the value; noting gives None."""
        call = ast.parse(f"{TAKE}({way})", mode="eval").body
        return _placed(ast.BoolOp(ast.Or(), [call, value]), value)


def _statement(text: str, where: ast.AST) -> ast.stmt:
    statement = ast.parse(text).body[0]
    _place_at(statement, where)
    return statement


def _placed(node: ast.expr, where: ast.AST) -> ast.expr:
    return ast.fix_missing_locations(ast.copy_location(node, where))


def _place_at(node: ast.AST, where: ast.AST) -> None:
    """Give what was written here the place of what it stands beside, so that a traceback names the user's line."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.stmt | ast.expr):
            ast.copy_location(inner, where)
