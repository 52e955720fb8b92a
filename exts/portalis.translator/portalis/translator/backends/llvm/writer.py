"""Writes the text of one LLVM function: registers, basic blocks and stack slots."""

from __future__ import annotations

from portalis.translator.backends.llvm.layout import SLOT


class BlockWriter:
    """Instructions in the order of their writing; stack slots go to the head of the function.

    Every block ends in exactly one terminator: beginning a block closes the open one with a branch to it, and what is written after a
    terminator goes to a block of its own, which nothing reaches.
    """

    def __init__(self) -> None:
        self._slots: list[str] = []
        self._lines: list[str] = []
        self._registers = 0
        self._labels = 0
        self._block = "entry"
        self._open = True

    def emit(self, instruction: str) -> None:
        """Write an instruction without a result."""
        self.current()
        self._lines.append("  " + instruction)

    def value(self, instruction: str) -> str:
        """Write an instruction and return the register that holds its result."""
        self._registers += 1
        register = f"%v{self._registers}"
        self.emit(f"{register} = {instruction}")
        return register

    def label(self) -> str:
        """Return a fresh block name."""
        self._labels += 1
        return f"b{self._labels}"

    def begin(self, label: str) -> None:
        """Open block `label`, which the block written so far falls into."""
        if self._open:
            self._lines.append(f"  br label %{label}")
        self._lines.append(f"{label}:")
        self._block = label
        self._open = True

    def close(self, terminator: str) -> None:
        """End the open block."""
        self.emit(terminator)
        self._open = False

    def branch(self, label: str) -> None:
        """End the open block by a jump; nothing where it has ended already."""
        if self._open:
            self.close(f"br label %{label}")

    def branch_if(self, test: str, then: str, otherwise: str) -> None:
        """End the open block by a conditional jump."""
        self.close(f"br i1 {test}, label %{then}, label %{otherwise}")

    def branch_rarely(self, test: str, then: str) -> None:
        """Jump to a block that is almost never entered, or go on in a fresh one."""
        rest = self.label()
        self.close(f"br i1 {test}, label %{then}, label %{rest}, !prof !0")
        self.begin(rest)

    @property
    def open(self) -> bool:
        """Whether the block written so far still lacks its terminator."""
        return self._open

    @property
    def instructions(self) -> int:
        """How many lines have been written so far."""
        return len(self._lines)

    def current(self) -> str:
        """Return the name of the open block."""
        if not self._open:
            self.begin(self.label())
        return self._block

    def stack_scalar(self, type_: str) -> str:
        """Reserve room for one scalar and return its address."""
        return self._reserve(type_)

    def stack_slots(self, count: int) -> str:
        """Reserve room for an aggregate of `count` slots and return its address."""
        return self._reserve(f"[{count} x i64]")

    def _reserve(self, type_: str) -> str:
        register = f"%s{len(self._slots)}"
        self._slots.append(f"  {register} = alloca {type_}, align {SLOT}")
        return register

    def offset(self, pointer: str, slots: int) -> str:
        """Return the address `slots` slots beyond a pointer."""
        return pointer if slots == 0 else self.value(f"getelementptr inbounds i8, ptr {pointer}, i32 {slots * SLOT}")

    def copy(self, target: str, source: str, slots: int) -> None:
        """Copy slots between two places that are the same or apart."""
        if slots and target != source:
            size = slots * SLOT
            self.emit(f"call void @llvm.memcpy.p0.p0.i32(ptr align {SLOT} {target}, ptr align {SLOT} {source}, i32 {size}, i1 false)")

    def text(self, head: str) -> str:
        """Return the function: `head` is all of its definition before the brace."""
        return "\n".join((head + " {", "entry:", *self._slots, *self._lines, "}\n"))
