"""Calls: their arguments in the order in which the IR has them, and what Rust's borrows ask for besides."""

from __future__ import annotations

from collections.abc import Sequence as Sequence_
from typing import assert_never

from portalis.translator.backends.rust import tree
from portalis.translator.backends.rust.callees import Callee
from portalis.translator.backends.rust.divisions import INTEGER_METHODS, is_plain_division
from portalis.translator.backends.rust.effects import effects
from portalis.translator.backends.rust.settle import settle
from portalis.translator.backends.rust.traversal import root, walk
from portalis.translator.backends.rust.tree import UNIT, Expr
from portalis.translator.backends.rust.writer import FunctionWriter, copied, place_of, shared_place
from portalis.translator.ir import nodes as ir
from portalis.translator.ir.types import (
    INT,
)


class Calls(FunctionWriter):
    """Writes calls."""

    def call(self, node: ir.Call, edge: ir.Edge | None) -> Expr:
        """Return the result of a call, which ends along `edge` where it can end in an error."""
        callee = self.world.callees[node.function]
        if is_plain_division(node, self.world.library):
            dividend, divisor = map(self.expr, node.args)
            if node.function in INTEGER_METHODS:
                return tree.Method(settle(dividend), INTEGER_METHODS[node.function], (divisor,), pure=True)
            return tree.Binary("/", dividend, divisor)
        self.world.called.append(node.function)
        before, args, after = self.arguments(callee, node)
        value = self.spell(callee, args, edge)
        if edge is not None and edge.records:
            value = tree.Method(value, "at", (self.site(node),))
        if after:
            # The copies go back on an error too, before it is passed on.
            result = tree.Var(self.scope.take("result"))
            value = tree.Block((*before, tree.Let(result.name, value), *after), self.propagated(result, edge))
            return value
        value = self.propagated(value, edge)
        return tree.Block(before, value) if before else value

    def arguments(self, callee: Callee, node: ir.Call) -> tuple[tree.Body, list[Expr], tree.Body]:
        """Return statements to run before a call, its arguments, and statements to run after it."""
        params = callee.function.params
        values = [self.argument(callee, param, arg) for param, arg in zip(params, node.args, strict=True)]
        seen_through = callee.owner is not None and not callee.makes and (params[0].type.duplicable or params[0].name in callee.borrowed)
        if seen_through and callee.operator is None and not params[0].by_ref and ir.is_place(node.args[0]):
            # A method call sees through a reference by itself.
            values[0] = self.base(node.args[0])
        shared = [index for index, param in enumerate(params) if param.name in callee.borrowed]
        clash = [index for index in shared if self.is_overtaken(values, index, params)]
        if clash:
            return self.early(callee, node, values, len(values)), values, ()
        borrowed = [index for index, param in enumerate(params) if param.by_ref]
        reflected = callee.operator is not None and callee.operator.shape == "reflected"
        if reflected and not effects(values[0]).commutes_with(effects(values[1])):
            return self.early(callee, node, values, 1), values, ()
        roots = {root(_place(values[index])) for index in borrowed}
        if len(roots) < len(borrowed) and not self.borrows_fields(values, borrowed):
            return self.copied(callee, node, values, borrowed)
        later = [index for index in range(borrowed[0] + 1, len(values)) if not params[index].by_ref] if borrowed else []
        clash = [index for index in later if (effects(values[index]).reads | effects(values[index]).writes) & roots]
        return self.early(callee, node, values, clash[-1] + 1) if clash else (), values, ()

    @staticmethod
    def is_overtaken(values: list[Expr], index: int, params: Sequence_[ir.Param]) -> bool:
        """Tell whether the place of an argument that is borrowed may change while another is evaluated or by the call."""
        place = effects(values[index]).reads
        later = any(effects(value).writes & place for value in values[index + 1 :])
        return later or any(effects(_place(values[other])).reads & place for other, param in enumerate(params) if param.by_ref)

    def argument(self, callee: Callee, param: ir.Param, node: ir.Expr) -> Expr:
        """Return one argument; a by_ref one is borrowed, again where it is a reference already."""
        if param.name in callee.borrowed:
            return self.shared(node)
        if not param.by_ref:
            return self.expr(node)
        return tree.Borrow(self.expr(node) if isinstance(node, ir.Local) else self.base(node))

    def early(self, callee: Callee, node: ir.Call, values: list[Expr], count: int) -> tree.Body:
        """Evaluate the first `count` arguments before the call, in order: values into variables, and the indices of borrowed places."""
        body: list[tree.Stmt] = []
        for index, (param, arg) in enumerate(zip(callee.function.params[:count], node.args, strict=False)):
            if param.by_ref:
                pins, place = self.pinned(arg)
                body += pins
                values[index] = self.argument(callee, param, place)
            elif param.name in callee.borrowed:
                assigns, names = self.spilled([(param.name, param.type, self.expr(arg))])
                body += assigns
                values[index] = shared_place(place_of(names[0]))
            else:
                assigns, names = self.spilled([(param.name, param.type, values[index])])
                body += assigns
                values[index] = names[0]
        return tuple(body)

    def pinned(self, place: ir.Expr) -> tuple[tree.Body, ir.Expr]:
        """Return a place whose indices are constants and variables, and the assignments of those variables."""
        loads = ir.place_steps(place)
        body: list[tree.Stmt] = []
        pinned = loads[0].value if loads else place
        for load in loads:
            match load:
                case ir.FieldLoad(span, type_, _, name):
                    pinned = ir.FieldLoad(span, type_, pinned, name)
                case ir.ElementLoad(span, type_, _, index):
                    if not isinstance(index, ir.Const):
                        assigns, names = self.spilled([("index", INT, self.expr(index))])
                        assert isinstance(names[0], tree.Var)
                        self.locals[f"@{names[0].name}"] = names[0].name
                        index = ir.Local(index.span, INT, f"@{names[0].name}")
                        body += assigns
                    pinned = ir.ElementLoad(span, type_, pinned, index)
                case _:
                    assert_never(load)
        return tuple(body), pinned

    @staticmethod
    def borrows_fields(values: list[Expr], borrowed: list[int]) -> bool:
        """Tell whether places that do not overlap are told apart by fields alone, which the borrow checker understands."""
        places = [_place(values[index]) for index in borrowed]
        return not any(isinstance(part, tree.Index) for place in places for part in walk(place))

    def copied(self, callee: Callee, node: ir.Call, values: list[Expr], borrowed: list[int]) -> tuple[tree.Body, list[Expr], tree.Body]:
        """Pass copies by reference and write them back: the borrow checker cannot tell two elements of one array apart."""
        params = callee.function.params
        body = self.early(callee, node, values, len(values))
        taken = [(params[index].name, params[index].type, copied(params[index].type, _place(values[index]))) for index in borrowed]
        copies, names = self.spilled(taken)
        after: list[tree.Stmt] = []
        for index, name in zip(borrowed, names, strict=True):
            after.append(tree.Assign(_place(values[index]), name))
            values[index] = tree.Borrow(place_of(name))
        return (*body, *copies), values, tuple(after)

    def spell(self, callee: Callee, args: list[Expr], edge: ir.Edge | None) -> Expr:
        """Return a call as a function call, a method call or an operator."""
        params = callee.function.params
        # A call of the user's may loop for ever, which somebody would notice if it were dropped.
        pure = callee.function.library and edge is None and not callee.sees_objects and not any(param.by_ref for param in params)
        heap: tree.Heap = "changed" if callee.sees_objects else "untouched"
        if callee.operator is not None:
            match callee.operator.shape:
                case "unary":
                    return tree.Unary("-", args[0])
                case "binary":
                    return tree.Binary(callee.operator.sign, args[0], args[1])
                case "reflected":
                    return tree.Binary(callee.operator.sign, args[1], args[0])
                case "assign":
                    return tree.Block((tree.Update(callee.operator.sign, _place(args[0]), args[1]),), UNIT)
        if callee.owner is not None and not callee.makes:
            by_ref = params[0].by_ref
            receiver = _place(args[0])
            if isinstance(receiver, tree.Unary) and (by_ref or receiver.op == "&"):
                receiver = receiver.value
            return tree.Method(settle(receiver), callee.name, tuple(args[1:]), pure, by_ref, heap)
        return tree.Call(callee.spelling(self.callee.module), tuple(args), pure, heap)


def _place(value: Expr) -> Expr:
    return value.place if isinstance(value, tree.Borrow) else value
