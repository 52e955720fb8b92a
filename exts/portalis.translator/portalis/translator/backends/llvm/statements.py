"""Writes statements and whole functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import assert_never

from portalis.translator.backends.llvm.context import ModuleContext, symbol
from portalis.translator.backends.llvm.expressions import is_own
from portalis.translator.backends.llvm.fuel import pays_on_entry
from portalis.translator.backends.llvm.layout import argument_type, is_aggregate, register_type, return_type, slot_count
from portalis.translator.backends.llvm.loop_writer import LoopWriter
from portalis.translator.backends.llvm.protection import Cleanup, Handler
from portalis.translator.ir.nodes import (
    Assign,
    Break,
    Call,
    Continue,
    ElementLoad,
    Evaluate,
    Expr,
    Fail,
    FieldLoad,
    Finally,
    ForRange,
    Function,
    Guard,
    If,
    Make,
    Raise,
    Reraise,
    Return,
    Stmt,
    Store,
    Try,
    While,
)
from portalis.translator.ir.recursion import RECURSION_LIMIT
from portalis.translator.ir.types import INT, Type

# The zeros that are not written "0".
_ZEROS = {"double": "0.0", "i1": "false"}


@dataclass(slots=True)
class _End:
    """Where a function written in place goes on: a block, the slots of its aggregate, or its scalars and the blocks that they come from."""

    label: str
    target: str
    incoming: list[str] = field(default_factory=list)


class FunctionWriter(LoopWriter):
    """One function of the program."""

    def __init__(self, context: ModuleContext, function: Function, total: bool = False) -> None:
        super().__init__(context, function if total else context.lowered(function), total)
        self._types: dict[str, Type] = dict(function.locals) | {item.name: item.type for item in function.params}
        self._ends: list[_End] = []

    def write(self, name: str, linkage: str = "internal ", attributes: str = "") -> str:
        """Return the definition of the function under the symbol `name`; without `attributes` those that suit its size."""
        self._bind([f"%p{index}" for index in range(len(self.function.params))])
        kind = register_type(self.function.result)
        if self.function.recursive:
            self._enter_recursion()
        if pays_on_entry(self.context.functions, self.function):
            self.pay()
        self.statements(self.function.body)
        if self.open:
            # A body whose end can be reached returns None; any other end is one that no path leads to.
            if kind == "void":
                self._leave("ret void")
            else:
                self.emit("call void @llvm.trap()")
                self.close("unreachable")
        self.write_exits()
        attributes = attributes or self.context.attributes(self.function.name, self.instructions + self.inlined)
        return self.text(f"define {linkage}{prototype(self.context, self.function, name)} {attributes}")

    # ------------------------------------------------------------------------------------------------------- parameters
    def _bind(self, arguments: Sequence[str]) -> None:
        """Give parameters and locals registers or slots; a parameter that the body never changes is read where the caller put it."""
        changed = self.changed(self.function)
        for register, parameter in zip(arguments, self.function.params, strict=True):
            kind = register_type(parameter.type)
            if kind == "ptr":
                own = parameter.name in changed and not parameter.by_ref
                self.places[parameter.name] = self.duplicate(register, parameter.type) if own else register
            elif parameter.name in changed and kind != "void":
                self._reserve_local(parameter.name, parameter.type)
                self.store(register, self.places[parameter.name], parameter.type, in_slot=False)
            else:
                self.values[parameter.name] = register if kind != "void" else ""
        for name, type_ in self.function.locals:
            if name not in self.places and name not in self.values:
                self._reserve_local(name, type_)

    def _reserve_local(self, name: str, type_: Type) -> None:
        kind = register_type(type_)
        if kind == "void":
            self.values[name] = ""
        elif kind == "ptr":
            self.places[name] = self.stack_slots(slot_count(type_))
        else:
            self.places[name] = self.stack_scalar(kind)
            if self.total:
                # Masked-out code may read what no path has written; it must still be a fixed value.
                self.store(_ZEROS.get(kind, "0"), self.places[name], type_, in_slot=False)

    def _enter_recursion(self) -> None:
        depth = self.value(f"load i32, ptr {self.context.state.depth}, align 4")
        deeper = self.value(f"add i32 {depth}, 1")
        full = self.value(f"icmp uge i32 {depth}, {RECURSION_LIMIT}")
        self.branch_rarely(full, self.exit_number(self.context.recursion_site(self.function), False))
        self.emit(f"store i32 {deeper}, ptr {self.context.state.depth}, align 4")

    def _leave(self, terminator: str) -> None:
        if self.function.recursive:
            depth = self.value(f"load i32, ptr {self.context.state.depth}, align 4")
            self.emit(f"store i32 {self.value(f'sub i32 {depth}, 1')}, ptr {self.context.state.depth}, align 4")
        self.close(terminator)

    # ------------------------------------------------------------------------------------------------------- statements
    def statements(self, body: tuple[Stmt, ...]) -> None:
        """Write statements up to the first that always leaves."""
        for statement in body:
            self.statement(statement)
            if not self.open:
                return

    def statement(self, node: Stmt) -> None:
        """Write one statement."""
        match node:
            case Assign(_, target, value):
                self._assign(target, value)
            case Store(_, place, value):
                self._store_part(place, value)
            case Evaluate(_, value):
                self.expression(value)
            case If():
                self._if(node)
            case While():
                self.while_loop(node)
            case ForRange():
                self.for_range(node)
            case Break():
                self._jump(self.loops[-1].done, self.loops[-1].level)
            case Continue():
                self._jump(self.loops[-1].again, self.loops[-1].level)
            case Return(_, value):
                self._return(value)
            case Try():
                self._try(node)
            case Finally():
                self._finally(node)
            case Fail():
                self.branch(self.error_block(node.edge, node))
            case Raise() | Reraise() | Guard():
                raise AssertionError(f"{node.span} has no error edge")
            case _:
                assert_never(node)

    def _assign(self, target: str, value: Expr) -> None:
        if isinstance(value, Make) and not any(is_aggregate(item.type) for item in value.items) and not self.constant_bits(value):
            # Scalars are in registers before the first one is stored, so `a = (a[1], a[0])` is safe in place.
            self.make_into(value, self.places[target])
            return
        result = self.expression(value)
        if register_type(value.type) != "void":
            self.store(result, self.places[target], value.type, in_slot=False)

    def _store_part(self, place: FieldLoad | ElementLoad, value: Expr) -> None:
        result = self.expression(value)
        if not is_own(value) and self.may_write(place):
            result = self.duplicate(result, value.type)
        self.store(result, self.address(place), place.type)

    def call_in_place(self, node: Call, blamed: int, outward: str) -> str:
        """Write what a function does instead of a call of it; its errors are blamed on the site `blamed`, where there is one, and go to the
        block `outward`, where that is not out of the function."""
        callee = self.context.lowered(self.context.functions[node.function])
        values = self.operands(node.args)
        kind = register_type(callee.result)
        outer = (self.function, self.values, self.places, self.loops, self.blamed, self.outward, self.protections, self.steady)
        self.steady = self.steady_parameters(callee, node.args)
        counted, self.counted = self.counted, ()
        end = _End(self.label(), self.stack_slots(slot_count(callee.result)) if kind == "ptr" else "")
        self.function, self.values, self.places, self.loops, self.blamed = callee, {}, {}, [], blamed
        self.outward, self.protections = outward, []
        self._ends.append(end)
        self._bind(values)
        self.statements(callee.body)
        if self.open and kind in ("void", "ptr"):
            self.branch(end.label)
        elif self.open:
            self.close("unreachable")
        self._ends.pop()
        self.function, self.values, self.places, self.loops, self.blamed, self.outward, self.protections, self.steady = outer
        self.counted = counted
        self.begin(end.label)
        if kind in ("void", "ptr"):
            return end.target
        return self.value(f"phi {kind} {', '.join(end.incoming)}") if end.incoming else _ZEROS.get(kind, "0")

    def _return(self, value: Expr) -> None:
        result = self.expression(value)
        if self._ends:
            self._return_in_place(self._ends[-1], result)
            return
        kind = register_type(self.function.result)
        if kind == "ptr":
            self.copy("%result", result, slot_count(self.function.result))
        elif kind != "void" and any(isinstance(item, Cleanup) for item in self.protections):
            result = self._held(kind, result)
        self._leave_through(kind, result)

    def _held(self, kind: str, result: str) -> str:
        """Return the address of what is returned while what cleans up runs."""
        place = self.stack_scalar(kind)
        self.emit(f"store {kind} {result}, ptr {place}, align 8")
        return place

    def _leave_through(self, kind: str, result: str, held: bool = False) -> None:
        """Leave the function with a result, which lies in memory while what cleans up around runs."""
        inner = self.innermost_cleanup(0)
        if inner is not None:
            self.branch(inner.way(self, lambda: self._leave_through(kind, result, True)))
        elif kind in ("ptr", "void"):
            self._leave("ret void")
        else:
            self._leave(f"ret {kind} {self.value(f'load {kind}, ptr {result}, align 8') if held else result}")

    def _jump(self, label: str, level: int) -> None:
        """Go to a block outside so many protections, and run what cleans up on the way."""
        inner = self.innermost_cleanup(level)
        self.branch(label if inner is None else inner.way(self, lambda: self._jump(label, level)))

    def _try(self, node: Try) -> None:
        handler, done = self.label(), self.label()
        depth = self.load_depth()
        self.protections.append(Handler(handler))
        self.statements(node.body)
        self.protections.pop()
        self.statements(node.otherwise)
        self.branch(done)
        self.begin(handler)
        self.store(self.catch(depth), self.places[node.word], INT, in_slot=False)
        self.statements(node.handler)
        self.branch(done)
        self.begin(done)

    def _finally(self, node: Finally) -> None:
        cleanup = Cleanup(self.label(), self.label(), self.stack_scalar("i32"))
        depth, done = self.load_depth(), self.label()
        self.protections.append(cleanup)
        self.statements(node.body)
        if self.open:
            self.branch(cleanup.way(self, lambda: self.branch(done)))
        self.protections.pop()
        self.begin(cleanup.failed)
        kept = self.keep_error(depth)
        self.branch(cleanup.way(self, lambda: self.give_back(kept)))
        self.begin(cleanup.begin)
        self.statements(node.cleanup)
        self.write_ways(cleanup)
        self.begin(done)

    def _return_in_place(self, end: _End, result: str) -> None:
        if end.target:
            self.copy(end.target, result, slot_count(self.function.result))
        end.incoming.append(f"[{result}, %{self.current()}]")
        self.branch(end.label)

    def _if(self, node: If) -> None:
        test = self.expression(node.test)
        then, otherwise, done = self.label(), self.label(), self.label()
        self.branch_if(test, then, otherwise if node.otherwise else done)
        self.begin(then)
        self.statements(node.then)
        self.branch(done)
        if node.otherwise:
            self.begin(otherwise)
            self.statements(node.otherwise)
            self.branch(done)
        self.begin(done)


def prototype(context: ModuleContext, function: Function, name: str) -> str:
    """Return a function's result, name and parameters as its definition and its declaration write them."""
    parameters = [
        f"{_parameter_type(parameter.type)} %p{index}"
        for index, parameter in enumerate(function.params)
        if register_type(parameter.type) != "void"
    ]
    parameters += [f"ptr noalias {address}" for address in context.passed_state(function.name)]
    kind = register_type(function.result)
    if kind == "ptr":
        parameters.insert(0, "ptr noalias %result")
    return f"{return_type(kind)} {name}({', '.join(parameters)})"


def _parameter_type(type_: Type) -> str:
    """Return a parameter's type; no two parameters overlap where values are passed, and who changes one changes nobody else's."""
    kind = register_type(type_)
    return argument_type(kind) if kind != "ptr" else "ptr noalias" if type_.duplicable else "ptr"


def write_function(context: ModuleContext, function: Function, exported: bool = False) -> str:
    """Return the text of one function of the program; `exported` to other objects, or the module's own."""
    return FunctionWriter(context, function).write(symbol(function.name), "" if exported else "internal ")


def declare_function(context: ModuleContext, function: Function) -> str:
    """Return the declaration of a function that another object defines."""
    memory = " memory(none)" if context.is_pure(function) else ""
    return f"declare {prototype(context, function, symbol(function.name))}{memory} #0\n"
