"""Writes what is around statements that may raise: where exceptions go, what is known of one that was caught, what runs on the way out."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable
from dataclasses import dataclass, field

from portalis.translator.backends.llvm.context import ModuleContext
from portalis.translator.backends.llvm.expressions import ExpressionWriter
from portalis.translator.backends.llvm.heap.layout import HELD, TOLD
from portalis.translator.backends.llvm.writer import BlockWriter
from portalis.translator.ir.errors import MAX_SITES, ErrorSite
from portalis.translator.ir.exceptions import constant_message, form_number, is_caught
from portalis.translator.ir.nodes import ObjectOp
from portalis.translator.ir.types import Type


@dataclass(frozen=True, slots=True)
class Handler:
    """The body of a `Try` is being written: the block that exceptions in it go to."""

    failed: str


@dataclass(slots=True)
class Cleanup:
    """The body of a `Finally` is being written: the block that exceptions go to, that of what cleans up, and each way on from its end."""

    failed: str
    begin: str
    chosen: str
    ways: list[Callable[[], None]] = field(default_factory=list)

    def way(self, writer: BlockWriter, onward: Callable[[], None]) -> str:
        """Choose to go `onward` after cleaning up, which is written outside; return the block to go to now."""
        writer.emit(f"store i32 {len(self.ways)}, ptr {self.chosen}, align 4")
        self.ways.append(onward)
        return self.begin


class ProtectedWriter(ExpressionWriter, ABC):
    """What the statements of one function need around those that may raise."""

    def __init__(self, context: ModuleContext, result: Type, library: bool, total: bool) -> None:
        super().__init__(context, result, library, total)
        self.protections: list[Handler | Cleanup] = []

    def handler(self) -> str:
        """Return the block that exceptions go to here."""
        return self.protections[-1].failed

    def innermost_cleanup(self, level: int) -> Cleanup | None:
        """Return what cleans up first on the way out of all protections but the outermost `level`; None where nothing does."""
        return next((item for item in reversed(self.protections[level:]) if isinstance(item, Cleanup)), None)

    def write_ways(self, cleanup: Cleanup) -> None:
        """Go on after cleaning up, where its end is reached, as whoever came chose."""
        if not self.open:
            return
        chosen = self.value(f"load i32, ptr {cleanup.chosen}, align 4")
        labels = [self.label() for _ in cleanup.ways]
        cases = " ".join(f"i32 {number}, label %{label}" for number, label in enumerate(labels[1:], start=1))
        self.close(f"switch i32 {chosen}, label %{labels[0]} [{cases}]")
        for label, onward in zip(labels, cleanup.ways, strict=True):
            self.begin(label)
            onward()

    # ----------------------------------------------------------------------------------------------------------- errors
    def load_depth(self) -> str:
        """Return how deep recursion is, where a call can make it deeper."""
        return self.value(f"load i32, ptr {self.context.state.depth}, align 4") if self.context.has_recursion else ""

    def catch(self, depth: str) -> str:
        """Take the error that came here, unless it is a guard, which leaves the function; return its word."""
        word = self.value(f"load i32, ptr {self.context.state.error}, align 4")
        self.branch_rarely(self._flag(word, lambda site: int(site.kind == "guard")), self.exit_number(0, from_call=True))
        self.emit(f"store i32 0, ptr {self.context.state.error}, align 4")
        if depth:
            self.emit(f"store i32 {depth}, ptr {self.context.state.depth}, align 4")
        return self.value(f"zext i32 {word} to i64")

    def keep_error(self, depth: str) -> tuple[str, str, str]:
        """Take the error that came here; return where its word, and the text and the object that came with it, are kept."""
        word, told, held = self.stack_scalar("i64"), self.stack_scalar("i64"), self.stack_scalar("i64")
        self.emit(f"store i64 {self.catch(depth)}, ptr {word}, align 8")
        self.emit(f"store i64 {self.value(f'load i64, ptr {TOLD}, align 8')}, ptr {told}, align 8")
        self.emit(f"store i64 {self.value(f'load i64, ptr {HELD}, align 8')}, ptr {held}, align 8")
        return word, told, held

    def give_back(self, kept: tuple[str, str, str]) -> None:
        """Raise again what was kept."""
        word, told, held = (self.value(f"load i64, ptr {place}, align 8") for place in kept)
        self._restore(word, told)
        self.emit(f"store i64 {held}, ptr {HELD}, align 8")
        self.branch(self.exit_number(0, to=self.handler() if self.protections else self.outward))

    def _restore(self, word: str, told: str) -> None:
        self.emit(f"store i32 {self.value(f'trunc i64 {word} to i32')}, ptr {self.context.state.error}, align 4")
        self.emit(f"store i64 {told}, ptr {TOLD}, align 8")

    def error_operation(self, node: ObjectOp, args: list[str]) -> str:
        """Write an operation on an error word that was caught."""
        program = self.context.program
        if node.op == "error.again":
            self._restore(args[0], args[1])
            return ""
        word = self.value(f"trunc i64 {args[0]} to i32")
        match node.op:
            case "error.is":
                return self._flag(word, lambda site: int(is_caught(site, node.name, program)))
            case "error.form":
                return self.value(f"zext i8 {self._entry(word, form_number)} to i64")
            case "error.argument":
                return self._text_of(word, lambda site: site.message if site.form == "constant" else None, args[1])
            case "error.message":
                return self._text_of(word, lambda site: constant_message(site, program), args[1])
            case "error.class":
                return self._text_of(word, lambda site: site.name, "0")
        raise AssertionError(f"{node.span}: {node.op} is not written")

    def _entry(self, word: str, tell: Callable[[ErrorSite], int]) -> str:
        """Read what a table says of a word's site."""
        number = self.value(f"and i32 {word}, {MAX_SITES}")
        return self.value(f"load i8, ptr {self.value(f'getelementptr i8, ptr {self.context.site_table(tell)}, i32 {number}')}, align 1")

    def _flag(self, word: str, tell: Callable[[ErrorSite], int]) -> str:
        return self.value(f"icmp ne i8 {self._entry(word, tell)}, 0")

    def _text_of(self, word: str, tell: Callable[[ErrorSite], str | None], otherwise: str) -> str:
        """Return a constant text that depends on a word's site, and `otherwise` where that has none."""
        texts: dict[str, list[int]] = {}
        for index, site in enumerate(self.context.sites, start=1):
            text = tell(site)
            if site.kind == "exception" and text is not None:
                texts.setdefault(text, []).append(index)
        number, rest, done = self.value(f"and i32 {word}, {MAX_SITES}"), self.label(), self.label()
        labels = {text: self.label() for text in texts}
        cases = " ".join(f"i32 {one}, label %{labels[text]}" for text, numbers in texts.items() for one in numbers)
        self.close(f"switch i32 {number}, label %{rest} [{cases}]")
        incoming = []
        for target, value in [(rest, otherwise), *((labels[text], self.context.text(text)) for text in texts)]:
            self.begin(target)
            self.branch(done)
            incoming.append(f"[{value}, %{target}]")
        self.begin(done)
        return self.value(f"phi i64 {', '.join(incoming)}")
