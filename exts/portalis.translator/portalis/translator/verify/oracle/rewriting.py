"""What is changed in a user's syntax tree before CPython runs it: steps are counted, branches noted, and `**` is our library's."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import TypedDict

from portalis.translator.syntax import FIELDS
from portalis.translator.verify.oracle.messages import Place
from portalis.translator.verify.oracle.names import DEEPER, OUT_OF_STEPS, POWER, STEPS_LEFT, TAKE, TAKEN

_KINDS: dict[type[ast.AST], str] = {ast.If: "if", ast.While: "while", ast.For: "for", ast.IfExp: "if expression"}
# What holds no expression and no statement.
_PLAIN = (
    "name",
    "name?",
    "name*",
    "method",
    "attribute",
    "module",
    "module*",
    "alias*",
    "value",
    "conversion",
    "operator",
    "boolop",
    "unaryop",
    "cmpop*",
    "expr_context",
    "arg*",
)
_INNER: Mapping[type[ast.AST], tuple[str, ...]] = {
    getattr(ast, name): tuple(field for field, form in fields if form not in _PLAIN) for name, fields in FIELDS.items()
}
_BLOCKS = ("body", "orelse", "handlers", "finalbody", "cases")


class _Rewriter(ast.NodeTransformer):
    """Goes only where an accepted tree can hold something to rewrite; through other classes of nodes as `ast` does."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        fields = _INNER.get(type(node))
        if fields is None:
            return super().generic_visit(node)
        for field in fields:
            value = getattr(node, field)
            if type(value) is list:
                value[:] = self._all(value)
            elif value is not None:
                setattr(node, field, self.visit(value))
        return node

    def _all(self, nodes: Iterable[ast.AST | None]) -> list[ast.AST | None]:
        found: list[ast.AST | None] = []
        for node in nodes:
            made = node if node is None else self.visit(node)
            if type(made) is list:
                found += made
            else:
                found.append(made)
        return found


class CountedSteps(_Rewriter):
    """Begin every loop's body and every function with statements that count: an iteration and a call are a step each.

    They call nothing, so that no depth of recursion changes.
    """

    def generic_visit(self, node: ast.AST) -> ast.AST:
        # No expression holds a loop or a function.
        for field in _BLOCKS:
            statements = getattr(node, field, None)
            if type(statements) is list:
                statements[:] = self._all(statements)
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        return self._counted(node)

    def visit_While(self, node: ast.While) -> ast.AST:
        return self._counted(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._counted(node)

    def _counted(self, node: ast.For | ast.While | ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.body[:0] = _counting(node)
        return node


class CountedDepth(_Rewriter):
    """Hold recursive functions inside functions, and methods of classes there, to the depth that is promised; those of the module are held
    to it where they are called."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._inside = False

    def visit_Module(self, node: ast.Module) -> ast.AST:
        for statement in node.body:
            self._inside = isinstance(statement, ast.FunctionDef)
            self.generic_visit(statement)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        inside, self._inside = self._inside, True
        self.generic_visit(node)
        self._inside = inside
        if node.name in self._names:
            self._count(node)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        self.generic_visit(node)
        for method in node.body if self._inside else ():
            if isinstance(method, ast.FunctionDef) and f"{node.name}.{method.name}" in self._names:
                self._count(method)
        return node

    @staticmethod
    def _count(node: ast.FunctionDef) -> None:
        """Count calls of a function before a property, or a method of the class, is made of it."""
        node.decorator_list.append(ast.copy_location(ast.Name(DEEPER, ast.Load()), node))

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as function) if name in self._names:
                called = ast.copy_location(ast.Name(DEEPER, ast.Load()), function)
                node.value = ast.copy_location(ast.Call(called, [function], []), function)
        return node


class PowerCalls(_Rewriter):
    """Turn `a ** b` into a call: CPython's own operator reaches the platform's `pow`, and the namespace says whose power is meant."""

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


class NotedBranches(_Rewriter):
    """Note which ways decisions went: way 2n of decision n where it was taken, way 2n + 1 where it was not.

    A `for` is taken where it had an iteration, `and` and `or` where their left operand held, an `except` where it ran; that it was not
    taken means no more than that its `try` was entered. `found` are the decisions of the tree that
    were asked about.
    """

    def __init__(self, places: Iterable[Place]) -> None:
        self._numbers = {place: number for number, place in enumerate(places)}
        self.found: set[int] = set()
        # Each `and` and `or` of which CPython asks only the truth, and that but once.
        self._conditions: set[ast.BoolOp] = set()

    def visit_If(self, node: ast.If) -> ast.AST:
        self._conditions.update(_junctions(node.test))
        self.generic_visit(node)
        number = self._number(node)
        if number is not None:
            node.body.insert(0, self._note(2 * number, node))
            node.orelse.insert(0, self._note(2 * number + 1, node))
        return node

    def visit_While(self, node: ast.While) -> ast.AST:
        self._conditions.update(_junctions(node.test))
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
        place = _place(node)

        def assign(value: bool) -> ast.stmt:
            return ast.Assign([ast.Name(entered, ast.Store(), **place)], ast.Constant(value, **place), **place)

        node.body[:0] = [self._note(2 * number, node), assign(True)]
        skipped = ast.UnaryOp(ast.Not(), ast.Name(entered, ast.Load(), **place), **place)
        return [assign(False), node, ast.If(skipped, [self._note(2 * number + 1, node)], [], **place)]

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self._conditions.update(_junctions(node.test))
        self.generic_visit(node)
        number = self._number(node)
        if number is not None:
            node.body = self._noting(2 * number, node.body)
            node.orelse = self._noting(2 * number + 1, node.orelse)
        return node

    def visit_Try(self, node: ast.Try) -> ast.AST:
        self.generic_visit(node)
        for handler in node.handlers:
            # An accepted handler has a type.
            assert handler.type is not None
            number = self._find(handler.type, "except")
            if number is not None:
                handler.body.insert(0, self._note(2 * number, handler))
                node.body.insert(0, self._note(2 * number + 1, node))
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        self._conditions.update(_junctions(node.test))
        return self.generic_visit(node)

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        if node.guard is not None:
            self._conditions.update(_junctions(node.guard))
        return self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        # What it goes over is left alone: Python admits no assignment there, and `and` and `or` would become one.
        self._conditions.update(found for test in node.ifs for found in _junctions(test))
        node.target, node.ifs = self.visit(node.target), [self.visit(test) for test in node.ifs]
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
        if node in self._conditions:
            held, given = left, _placed(ast.Constant(isinstance(node.op, ast.Or)), node)
        else:
            held, given = _placed(ast.NamedExpr(ast.Name(name, ast.Store()), left), node), _placed(ast.Name(name, ast.Load()), node)
        taken, not_taken = (given, right) if isinstance(node.op, ast.Or) else (right, given)
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
    def _note(way: int, where: ast.stmt | ast.excepthandler) -> ast.stmt:
        """Return a statement that notes a way: a key of a dictionary, which is set without a call."""
        place = _place(where)
        key = ast.Subscript(ast.Name(TAKEN, ast.Load(), **place), ast.Constant(way, **place), ast.Store(), **place)
        return ast.Assign([key], ast.Constant(None, **place), **place)

    @staticmethod
    def _noting(way: int, value: ast.expr) -> ast.expr:
        """Return an expression that notes a way and has the value; noting gives None."""
        place = _place(value)
        note = ast.Call(ast.Name(TAKE, ast.Load(), **place), [ast.Constant(way, **place), ast.Constant(None, **place)], [], **place)
        return ast.BoolOp(ast.Or(), [note, value], **place)


def _junctions(test: ast.expr) -> Iterator[ast.BoolOp]:
    """Yield each `and` and `or` of a condition that gives no value."""
    match test:
        case ast.BoolOp(values=values):
            yield test
            for value in values:
                yield from _junctions(value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from _junctions(operand)


class _Position(TypedDict):
    lineno: int
    col_offset: int
    end_lineno: int | None
    end_col_offset: int | None


def _place(where: ast.stmt | ast.expr | ast.excepthandler) -> _Position:
    """Return the place that what is written here gets, so that a traceback names the user's line."""
    return {
        "lineno": where.lineno,
        "col_offset": where.col_offset,
        "end_lineno": where.end_lineno,
        "end_col_offset": where.end_col_offset,
    }


def _counting(where: ast.stmt) -> list[ast.stmt]:
    """Return `steps[0] -= 1` and `if steps[0] <= 0: raise out_of_steps`: what cleans up after that is stopped, too."""
    place = _place(where)

    def left(context: ast.expr_context) -> ast.Subscript:
        return ast.Subscript(ast.Name(STEPS_LEFT, ast.Load(), **place), ast.Constant(0, **place), context, **place)

    stop = ast.Raise(ast.Name(OUT_OF_STEPS, ast.Load(), **place), None, **place)
    return [
        ast.AugAssign(left(ast.Store()), ast.Sub(), ast.Constant(1, **place), **place),
        ast.If(ast.Compare(left(ast.Load()), [ast.LtE()], [ast.Constant(0, **place)], **place), [stop], [], **place),
    ]


def _placed(node: ast.expr, where: ast.AST) -> ast.expr:
    return ast.fix_missing_locations(ast.copy_location(node, where))
