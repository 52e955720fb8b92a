"""Writes single operations and the ways out of a function that they may take; operands are registers or literals."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import assert_never

from portalis.translator.backends.llvm import operations
from portalis.translator.backends.llvm.context import ModuleContext
from portalis.translator.backends.llvm.layout import register_type
from portalis.translator.backends.llvm.writer import BlockWriter
from portalis.translator.ir.errors import OUT_OF_FUEL, site_of
from portalis.translator.ir.nodes import Bound, Call, Compare, Edge, Node, Prim
from portalis.translator.ir.ops import INT_MIN, SELECT
from portalis.translator.ir.types import Type


class OperationWriter(BlockWriter, ABC):
    """The operations of one function.

    `total` is set for a lane's fast body, where an operand that is computed for nothing may lie outside what its operation promises: there
    divisors and indices are made safe, and nothing may end the call.
    """

    def __init__(self, context: ModuleContext, result: Type, library: bool, total: bool) -> None:
        super().__init__()
        self.context = context
        self.result = result
        self.library = library
        self.total = total
        # The site of the user's call into the library that errors are blamed on while its callee is written in place; 0 for none.
        self.blamed = 0
        # Where errors go that leave what is written: a handler's block while a callee is written in place inside its body, else out.
        self.outward = ""
        self._exits: dict[tuple[int, int, str], str] = {}

    # ------------------------------------------------------------------------------------------------------------ exits
    def error_block(self, edge: Edge, node: Node) -> str:
        """Return the block to which an error edge of a node leads; it records the node's site where the edge says so."""
        assert not self.total, f"a total body cannot end at {node.span}"
        site = site_of(node) if edge.records else None
        number = self.context.site_number(site) if site else 0
        match edge.target:
            case "leave":
                return self.exit_number(number, isinstance(node, Call), self.outward)
            case "handler":
                return self.exit_number(number, isinstance(node, Call), self.handler())
            case _:
                assert_never(edge.target)

    @abstractmethod
    def handler(self) -> str:
        """Return the block that exceptions go to here: what the innermost `Try` or `Finally` around has for them."""

    def exit_number(self, number: int, from_call: bool = False, to: str = "") -> str:
        """Return the block that goes to the block `to`, or out of the function, with site `number` or, `from_call`, with a callee's error
        blamed on that site."""
        key = (0, number or self.blamed, to) if from_call else (number, self.blamed, to)
        return self._exits.setdefault(key, f"x{len(self._exits)}")

    def write_exits(self) -> None:
        """Write the blocks that `exit_number` promised."""
        error = self.context.state.error
        for (number, blamed, to), label in self._exits.items():
            self.begin(label)
            if number:
                self.emit(f"store i32 {number | blamed << 16 if blamed else self.context.site_operand(number)}, ptr {error}")
            elif blamed:
                word = self.value(f"load i32, ptr {error}")
                self.emit(f"store i32 {self.value(f'or i32 {word}, {blamed << 16}')}, ptr {error}")
            if to:
                self.branch(to)
            else:
                self.leave_with_error()

    def leave_with_error(self) -> None:
        """Return to the caller, which finds the error word set and looks at nothing else."""
        match register_type(self.result):
            case "void" | "ptr":
                self.close("ret void")
            case "double":
                self.close("ret double 0.0")
            case scalar:
                self.close(f"ret {scalar} 0")

    def check_call(self, error: str) -> None:
        """Go to the block `error` where the error word is set."""
        word = self.value(f"load i32, ptr {self.context.state.error}, align 4")
        self.branch_rarely(self.value(f"icmp ne i32 {word}, 0"), error)

    def pay(self) -> None:
        """Take one from the fuel of a call that counts it by itself, and leave where there is none."""
        fuel = self.context.state.fuel
        if not fuel or self.total:
            return
        left = self.value(f"load i32, ptr {fuel}, align 4")
        self.branch_rarely(self.value(f"icmp eq i32 {left}, 0"), self.exit_number(OUT_OF_FUEL))
        self.emit(f"store i32 {self.value(f'sub i32 {left}, 1')}, ptr {fuel}, align 4")

    # ------------------------------------------------------------------------------------------------------- operations
    def primitive(self, node: Prim, args: list[str]) -> str:
        """Write a primitive operation on operands that are evaluated already."""
        if node.op == SELECT:
            scalar = register_type(node.type)
            return self.value(f"select i1 {args[0]}, {scalar} {args[1]}, {scalar} {args[2]}") if scalar != "void" else ""
        if node.op in operations.SHIFTS:
            count = self.value(f"and i64 {args[1]}, 63")
            return self.value(f"{operations.SHIFTS[node.op]} i64 {args[0]}, {count}")
        if node.op in operations.DIVISIONS:
            return self.divide(operations.DIVISIONS[node.op], args[0], args[1])
        if node.op == "float.round_to_single":
            return self.value(f"fpext float {self.value(f'fptrunc double {args[0]} to float')} to double")
        assert node.ending() is None, f"{node.span} has no error edge"
        return self.value(operations.SIMPLE[node.op].format(*args))

    def divide(self, instruction: str, left: str, right: str) -> str:
        """Divide; in a total body a pair that wasm would trap on is replaced by a harmless one."""
        if self.total:
            zero = self.value(f"icmp eq i64 {right}, 0")
            minus = self.value(f"icmp eq i64 {right}, -1")
            smallest = self.value(f"icmp eq i64 {left}, {INT_MIN}")
            overflow = self.value(f"and i1 {minus}, {smallest}")
            unsafe = self.value(f"or i1 {zero}, {overflow}")
            right = self.value(f"select i1 {unsafe}, i64 1, i64 {right}")
        return self.value(f"{instruction} i64 {left}, {right}")

    def checked(self, node: Prim, args: list[str], error: str) -> str:
        """Write an arithmetic operation that goes to the block `error` where its result does not fit."""
        if node.op == "int.mul":
            return self.checked_product(args[0], args[1], error)
        left, right = args if len(args) == 2 else ("0", args[0])
        name = operations.OVERFLOWING[node.op]
        pair = self.value(f"call {{i64, i1}} @llvm.{name}.with.overflow.i64(i64 {left}, i64 {right})")
        self.branch_rarely(self.value(f"extractvalue {{i64, i1}} {pair}, 1"), error)
        return self.value(f"extractvalue {{i64, i1}} {pair}, 0")

    def checked_product(self, left: str, right: str, exit_label: str) -> str:
        """Multiply. LLVM's own overflow test needs a 128-bit product, which wasm has not, so the operands are tested instead."""
        if left.lstrip("-").isdigit():
            left, right = right, left
        if right.lstrip("-").isdigit() and not left.lstrip("-").isdigit():
            allowed = operations.factor_range(int(right))
            if allowed:
                shifted = self.value(f"sub i64 {left}, {allowed[0]}")
                self.branch_rarely(self.value(f"icmp ugt i64 {shifted}, {allowed[1] - allowed[0]}"), exit_label)
            return self.value(f"mul i64 {left}, {right}")
        slow, done = self.label(), self.label()
        # Both in 32 bits: the product fits. Adding 2**31 makes that an unsigned comparison.
        halves = [self.value(f"add i64 {operand}, {2**31}") for operand in (left, right)]
        small = self.value(f"icmp ult i64 {self.value(f'or i64 {halves[0]}, {halves[1]}')}, {2**32}")
        self.close(f"br i1 {small}, label %{done}, label %{slow}, !prof !1")
        self.begin(slow)
        overflow = self.value(f"call i1 @py.product_overflows(i64 {left}, i64 {right})")
        self.close(f"br i1 {overflow}, label %{exit_label}, label %{done}, !prof !0")
        self.begin(done)
        return self.value(f"mul i64 {left}, {right}")

    def bound(self, node: Bound, index: str, error: str) -> str:
        """Turn a Python index into an offset, or go to the block `error`."""
        negative = self.value(f"icmp slt i64 {index}, 0")
        moved = self.value(f"add i64 {index}, {node.length}")
        offset = self.value(f"select i1 {negative}, i64 {moved}, i64 {index}")
        self.branch_rarely(self.value(f"icmp uge i64 {offset}, {node.length}"), error)
        return offset

    def compare(self, node: Compare, left: str, right: str) -> str:
        """Compare two scalars of one type that are evaluated already."""
        match kind := register_type(node.left.type):
            case "double":
                return self.value(f"fcmp {operations.FLOAT_COMPARISONS[node.op]} double {left}, {right}")
            case "i1":
                return self.value(f"icmp {operations.UNSIGNED_COMPARISONS[node.op]} i1 {left}, {right}")
            case "i64":
                return self.value(f"icmp {operations.SIGNED_COMPARISONS[node.op]} i64 {left}, {right}")
        raise AssertionError(f"values in {kind} cannot be compared")
