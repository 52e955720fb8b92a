"""Guest modules of the fuzzer: honest lane loops with hostile code in them, and binaries put together section by section."""

from __future__ import annotations

import random
from typing import Any, TypeAlias

from portalis.translator.ir.abi import EntrySignature, Port
from portalis.translator.ir.types import BOOL, FLOAT

Step: TypeAlias = tuple[Any, ...]

SIGNATURE = EntrySignature("update", (Port("a", FLOAT), Port("scale", FLOAT, uniform=True)), (Port("b", FLOAT), Port("big", BOOL)))
_MAGIC = b"\0asm\x01\0\0\0"
_TEMPLATE = """(module {memory} (global (export "__heap_base") i32 (i32.const {heap})) {extra}
  (func $deep (param i32) (result i32) (i32.add (i32.const 1) (call $deep (local.get 0))))
  (func (export "{name}") (param $n i32) (param $active i32) (param $errors i32) (param $current i32)
      (param $a i32) (param $scale i32) (param $b i32) (param $big i32) (result i32)
    (local $i i32) (local $bad i32) (local $x f64) {before}
    (block $done (loop $next
      (br_if $done (i32.ge_s (local.get $i) (local.get $n)))
      (if (i32.load8_u (i32.add (local.get $active) (local.get $i))) (then
        (i32.store (local.get $current) {announce})
        (local.set $x (f64.load (i32.add (local.get $a) (i32.mul (local.get $i) (i32.const 8)))))
        {body}
        (f64.store (i32.add (local.get $b) (i32.mul (local.get $i) (i32.const 8)))
          (f64.mul (local.get $x) (f64.load (local.get $scale))))
        (i32.store8 (i32.add (local.get $big) (local.get $i))
          (f64.gt (f64.mul (local.get $x) (f64.load (local.get $scale))) (f64.const 100)))
        (i32.store (i32.add (local.get $errors) (i32.mul (local.get $i) (i32.const 4))) (i32.const 0))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $next)))
    {after} {count}))"""
_HOSTILE = (
    "(loop $ever (br $ever))",
    "(drop (call $deep (i32.const 0)))",
    "(unreachable)",
    "(drop (i32.div_s (i32.const 1) (i32.sub (local.get $i) (local.get $i))))",
    "(drop (i32.trunc_f64_s (f64.const nan)))",
    "(drop (memory.grow (i32.const 1)))",
    "(memory.fill (i32.const 0) (i32.const 255) (i32.const 262144))",
    "(memory.fill (local.get $b) (i32.const 7) (i32.const 100))",
    "(memory.copy (i32.const 0) (i32.const 8) (i32.const 262136))",
    "(f64.store (local.get $a) (f64.const 13))",
    "(i32.store8 (local.get $active) (i32.const 9))",
    "(f64.store (local.get $scale) (f64.const -1))",
    "(i32.store (local.get $current) (i32.const -5))",
    "(i32.store8 (local.get $big) (i32.const 77))",
    "(local.set $bad (i32.const -1))",
    "(local.set $n (i32.const 2147483647))",
    "(loop $l (br_if $l (i32.lt_u (local.tee $bad (i32.add (local.get $bad) (i32.const 1))) (i32.const 100000))))",
)


# One thing that is odd about a module's frame, for some of the modules: most are let in, or what they do would never be seen.
_ODD: dict[str, tuple[Any, ...]] = {
    "memory": ('(memory (export "memory") 4)', '(memory (export "memory") 65536 65536)', '(memory (export "memory") 4 9)', "(memory 4 4)"),
    "heap": (0, 8, 262144, 262000, 2**31 - 1, -1),
    "name": ("lanes.", "update", "lanes.úpdate", "call", "memory2"),
    "extra": (
        *('(import "env" "f" (func))', "(table 100000000 funcref)", "(table 3 3 funcref)", "(start $deep)"),
        *('(data (i32.const 262140) "xxxxxxxx")', '(data (i32.const 900) "xxxxxxxx")', "(table 1 externref)", '(func (export "call"))'),
        '(global (export "g") (mut i32) (i32.const 0))',
    ),
    "announce": ("(i32.const -1)", "(i32.const 2147483647)", "(i32.mul (local.get $i) (i32.const 3))"),
    "count": ("(local.get $bad)", "(i32.const -1)", "(local.get $n)"),
}
PLAIN: dict[str, Any] = {
    "memory": '(memory (export "memory") 4 4)',
    "heap": 1024,
    "name": "lanes.update",
    "extra": "",
    "announce": "(local.get $i)",
    "count": "(i32.const 0)",
    "body": "",
    "before": "",
    "after": "",
}


def hostile(dice: random.Random) -> Step:
    """Return a lane loop with hostile code in it, before it, or after it."""
    parts = PLAIN | {"body": " ".join(_snippet(dice) for _ in range(dice.randrange(0, 3)))}
    for place in ("before", "after"):
        if dice.random() < 0.15:
            parts[place] = _snippet(dice)
    if dice.random() < 0.25:
        odd = dice.choice(tuple(_ODD))
        parts[odd] = dice.choice(_ODD[odd])
    return ("guest", parts)


def _snippet(dice: random.Random) -> str:
    code = dice.choice(_HOSTILE)
    if dice.random() < 0.3:
        address = dice.choice((-4, -1, 0, 8, 1000, 1023, 1024, 1040, 4096, 262136, 262143, 262144, 2**31 - 1, dice.randrange(262144)))
        code = f"(i32.store{dice.choice(('', '8', '16'))} (i32.const {address}) (i32.const {dice.choice((0, 1, -1, 255, 13))}))"
    if dice.random() < 0.6:
        code = f"(if (f64.{dice.choice(('eq', 'lt', 'gt'))} (local.get $x) (f64.const {dice.choice((1, 2, 3, 0))})) (then {code}))"
    return code


def text_of(parts: dict[str, Any]) -> str:
    """Return a lane loop as text."""
    # Not str.format: the text is full of braces' cousins, and parts come from a script that may have been edited by hand.
    text = _TEMPLATE
    for name, value in parts.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def leb(value: int) -> bytes:
    """Encode an unsigned LEB128."""
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])


def raw(dice: random.Random) -> Step:
    """Return a binary of sections that no assembler writes, as hexadecimal digits."""
    sections = [_section(dice) for _ in range(dice.randrange(1, 9))]
    if dice.random() < 0.7:
        sections.sort(key=lambda item: item[0])
    data = _MAGIC + b"".join(bytes([number]) + _length(dice, body) + body for number, body in sections)
    return ("raw", data.hex())


def _length(dice: random.Random, body: bytes) -> bytes:
    if dice.random() < 0.9:
        return leb(len(body))
    return dice.choice((leb(len(body) + 1), leb(2**32 - 1), leb(len(body))[:-1] + bytes([leb(len(body))[-1] | 0x80, 0]), b"\x80" * 12))


def _section(dice: random.Random) -> tuple[int, bytes]:
    many = dice.choice((0, 1, 2, 3, 200, 100_000, 2**32 - 1)) if dice.random() < 0.2 else 1
    match dice.randrange(12):
        case 0:
            return 0, leb(3) + b"abc" + bytes(dice.randrange(0, 5000))
        case 1 | 2:
            return 1, leb(many) + b"\x60" + leb(8) + b"\x7f" * 8 + b"\x01\x7f"
        case 3:
            return 2, leb(1) + b"\x03env\x01f\x00\x00"
        case 4:
            return 3, leb(many) + b"\x00" * min(many, 1000)
        case 5:
            return 4, leb(1) + dice.choice((b"\x70", b"\x6f")) + b"\x00" + leb(dice.choice((0, 1, 10**8)))
        case 6 | 7:
            flags = dice.choice((0, 1, 1, 1, 2, 3, 4, 5, 7, 0x80))
            return 5, leb(dice.choice((1, 1, 1, 2))) + bytes([flags]) + leb(dice.choice((4, 4, 0, 65536, 65537))) + leb(4)
        case 8:
            return 6, leb(1) + b"\x7f\x00\x41\x80\x08\x0b"
        case 9:
            names = [dice.choice((b"memory", b"__heap_base", b"lanes.update", b"call", b"\xff\xfe", b"x" * 3000, b"")) for _ in range(3)]
            entries = b"".join(leb(len(name)) + name + bytes([dice.choice((0, 2, 3)), 0]) for name in names)
            return 7, leb(3) + entries
        case 10:
            body = _body(dice)
            return 10, leb(many) + leb(len(body)) + body
        case _:
            offset = leb(dice.choice((0, 1024, 262140, 2**31)))
            return 11, leb(1) + b"\x00\x41" + offset + b"\x0b" + leb(9) + b"datadata!"


def _body(dice: random.Random) -> bytes:
    match dice.randrange(5):
        case 0:
            return leb(1) + leb(dice.choice((50_000, 2**32 - 1, 1))) + b"\x7f" + b"\x41\x00\x0b"
        case 1:
            depth = dice.choice((1, 100, 30_000))
            return b"\x00" + b"\x02\x40" * depth + b"\x0b" * depth + b"\x41\x00\x0b"
        case 2:
            targets = dice.choice((1, 1000, 60_000))
            return b"\x00\x41\x00\x0e" + leb(targets) + b"\x00" * (targets + 1) + b"\x41\x00\x0b"
        case 3:
            return b"\x00\x41\x00" + b"\x41\x01\x6a" * dice.choice((1, 5000, 100_000)) + b"\x0b"
        case _:
            return b"\x00" + bytes(dice.randrange(256) for _ in range(dice.randrange(1, 60))) + b"\x0b"
