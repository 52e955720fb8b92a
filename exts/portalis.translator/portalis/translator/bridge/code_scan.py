"""Looks through a function's body, instruction by instruction, before anything compiles it.

The engine validates types later. What this adds: an allow-list of instructions, whatever features the engine has switched on, and a bound
on the work that compiling can cost. Cranelift's time and memory grow with the number of locals times the loops (weighted by how deep they
are nested), so that 32 kB of wasm can keep it busy for minutes.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from portalis.translator.bridge.reader import ByteReader, Malformed

MAX_NESTING = 1_000
MAX_LOOP_NESTING = 64
MAX_BRANCH_TARGETS = 1_024
BLOCKS_PER_LOOP = 4  # so many blocks cost about as much as one loop

_LEB32 = rb"[\x80-\xff]{0,4}[\x00-\x7f]"
_LEB64 = rb"[\x80-\xff]{0,9}[\x00-\x7f]"
_MEMORY = _LEB32 + _LEB32  # alignment and offset
_VALUE_TYPE = rb"[\x7b-\x7f]"

_VECTOR = rb"|".join(
    (
        rb"[\x00-\x0b\x5c\x5d]" + _MEMORY,  # loads and stores
        rb"[\x54-\x5b]" + _MEMORY + rb".",  # loads and stores of one lane
        rb"[\x0c\x0d].{16}",  # constant, shuffle
        rb"[\x15-\x22].",  # extract and replace a lane
        rb"[\x0e-\x14\x23-\x53\x5e-\x7f]|[\x80-\xff]\x01",  # arithmetic, without the relaxed instructions
    )
)
_PLAIN_INSTRUCTIONS = rb"|".join(
    (
        rb"[\x00\x01\x0f\x1a\x1b\x45-\xc4]",  # unreachable, nop, return, drop, select, numeric
        rb"[\x0c\x0d\x10\x20-\x24]" + _LEB32,  # br, br_if, call, locals, globals
        rb"[\x28-\x3e]" + _MEMORY,  # loads and stores
        rb"\x41" + _LEB32,  # constants
        rb"\x42" + _LEB64,
        rb"\x43.{4}|\x44.{8}",
        rb"\x11" + _LEB32 + _LEB32,  # call_indirect
        rb"\x1c\x01" + _VALUE_TYPE,  # select with a type
        rb"\x3f\x00",  # memory.size
        rb"\xfc(?:[\x00-\x07]|\x0a\x00\x00|\x0b\x00)",  # saturating conversions, memory.copy, memory.fill
        rb"\xfd(?:" + _VECTOR + rb")",
    )
)
# Instructions that neither open nor close a block, as many as there are. Possessive quantifier: one pass, no backtracking.
_PLAIN = re.compile(rb"(?:" + _PLAIN_INSTRUCTIONS + rb")*+", re.DOTALL)
_OPEN = re.compile(rb"[\x02-\x04]" + _LEB32)  # block, loop, if, with their block types
_LOOP, _ELSE, _END, _BR_TABLE = 0x03, 0x05, 0x0B, 0x0E

_REFUSED = {
    **dict.fromkeys((0x06, 0x07, 0x08, 0x09, 0x0A, 0x18, 0x19, 0x1F), "exceptions"),
    **dict.fromkeys((0x12, 0x13, 0x15), "tail calls"),
    **dict.fromkeys((0x14, *range(0xD0, 0xD7)), "references"),
    **dict.fromkeys((0x25, 0x26), "table access"),
    **dict.fromkeys(range(0xE0, 0xE7), "stack switching"),
    0x40: "memory.grow",
    0xFB: "garbage collection",
    0xFC: "a bulk instruction on segments or tables",
    0xFD: "a relaxed or unknown vector instruction",
    0xFE: "threads",
}


@dataclass(frozen=True, slots=True)
class BodyShape:
    """What the cost of compiling a body depends on: its locals, and its loops (each counted as often as it is deep) and blocks."""

    locals: int
    loops: int
    blocks: int

    @property
    def weight(self) -> int:
        """The body's share of the work of compiling, in locals times loops."""
        return self.locals * (self.loops + self.blocks // BLOCKS_PER_LOOP)


def scan_body(body: ByteReader, parameters: int, max_locals: int) -> BodyShape:
    """Read a function body to its end and return its shape; Malformed where it has what the bridge does not run."""
    count = parameters
    for _ in range(body.count("groups of locals", max_locals)):
        count += body.count("locals", max_locals)
        if count > max_locals:
            raise body.fail(f"has more than the {max_locals} locals allowed")
        kind = body.byte()
        if not 0x7B <= kind <= 0x7F:
            raise body.fail(f"has a local of type {kind:#04x}, which is not a number or vector")
    loops, blocks = _scan_blocks(body)
    return BodyShape(count, loops, blocks)


def _scan_blocks(body: ByteReader) -> tuple[int, int]:
    data, end = body.data, body.end
    position = body.position
    loops = blocks = loop_depth = 0
    open_blocks = [False]  # for each open block, whether it is a loop
    while True:
        plain = _PLAIN.match(data, position, end)
        position = body.position = position if plain is None else plain.end()
        opcode = data[position] if position < end else -1
        if opcode == _END:
            position += 1
            loop_depth -= open_blocks.pop()
            if not open_blocks:
                break
        elif opcode == _ELSE:
            position += 1
        elif opcode == _BR_TABLE:
            position = _skip_branch_table(body)
        elif opened := _OPEN.match(data, position, end):
            position = opened.end()
            blocks += 1
            open_blocks.append(opcode == _LOOP)
            loop_depth += opcode == _LOOP
            loops += loop_depth if opcode == _LOOP else 0
            if len(open_blocks) > MAX_NESTING or loop_depth > MAX_LOOP_NESTING:
                raise body.fail("nests blocks too deeply")
        else:
            raise _refusal(body, opcode)
    body.position = position
    body.finish()
    return loops, blocks


def _skip_branch_table(body: ByteReader) -> int:
    body.position += 1
    targets = body.count("branch targets", MAX_BRANCH_TARGETS) + 1
    found = _targets(targets).match(body.data, body.position, body.end)
    if found is None:
        raise body.fail("has a broken branch table")
    return found.end()


@functools.lru_cache(maxsize=128)
def _targets(count: int) -> re.Pattern[bytes]:
    return re.compile(rb"(?:" + _LEB32 + rb"){%d}" % count)


def _refusal(body: ByteReader, opcode: int) -> Malformed:
    if opcode < 0:
        return body.fail("ends too early")
    if opcode in _REFUSED:
        return body.fail(f"uses {_REFUSED[opcode]}, which the bridge does not run")
    return body.fail(f"has an unknown or broken instruction {opcode:#04x}")
