"""How objects lie in memory, and what one call's arena and message are known by.

An address is held as an i64, or in objects as an i32, and is never loaded as a pointer: the modules' texts have no data layout, so that to
LLVM's passes a pointer has 64 bits. Every object but a text begins with its number in a message (i32, -1 for none) and whether the answer
has it already (i32). Behind these

- a list has the address of its elements, its length and its capacity in elements (i32 each, then four bytes of nothing). An element takes
  the slots of its type, but at least one, so that a list of nothing cannot grow for nothing either;
- a record has its fields, slot by slot.

A text has its length in code points, the distance from itself to its code points (u32 each), and the address of a cell or 0 (i32 each,
then four bytes of nothing). It never changes, so that a part of it, and whatever was appended to it, may lie in the same code points. A
cell holds two addresses: where the room behind some code points that is still free begins and where it ends. A text that ends where that
room begins can be appended to in place.
"""

from __future__ import annotations

from portalis.translator.backends.llvm.heap.functions import HEAP_FUNCTIONS, mentioned

NUMBER, INTRODUCED, FIELDS = 0, 4, 8
LIST_DATA, LIST_LENGTH, LIST_CAPACITY = 8, 12, 16
TEXT_LENGTH, TEXT_DISTANCE = 0, 4
LIST_BYTES = 24
TEXT_BYTES = 16
TOLD = "@heap.told"
HELD = "@heap.held"
PRINTED = "@heap.printed"
# The head of an object that no message knows.
NEW_OBJECT = 0xFFFF_FFFF

# The first free byte of the arena and the end of memory; what is left of the message; the numbered objects that came with it, how many
# numbers are given, and the answer's words; the text and the object that come with an error; what was printed, 0
# where nothing was.
GLOBALS: dict[str, str] = {
    "@heap.top": "i32",
    "@heap.limit": "i32",
    "@wire.cursor": "i32",
    "@wire.end": "i32",
    "@wire.known": "i64",
    "@wire.count": "i64",
    "@wire.answer": "i64",
    TOLD: "i64",
    HELD: "i64",
    PRINTED: "i64",
}


def globals_text(linkage: str) -> str:
    """Return the globals: "global" where a module holds them for itself and other objects, "external global" in these."""
    value = " 0" if linkage == "global" else ""
    return "".join(f"{name} = {linkage} {kind}{value}, align {int(kind[1:]) // 8}\n" for name, kind in GLOBALS.items())


def declarations(body: str) -> str:
    """Declare the functions on objects that a text calls and does not define."""
    return "".join(f"declare {HEAP_FUNCTIONS[name].prototype} #0\n" for name in mentioned(body))


def constant_text(value: str) -> str:
    """Return a text as the type and value of an LLVM constant: its code points follow its head, and there is no cell."""
    codes, count = ", ".join(f"i32 {ord(code)}" for code in value), len(value)
    return f"{{ i32, i32, i32, i32, [{count} x i32] }} {{ i32 {count}, i32 {TEXT_BYTES}, i32 0, i32 0, [{count} x i32] [{codes}] }}"
