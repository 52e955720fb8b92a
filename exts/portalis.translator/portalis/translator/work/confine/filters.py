"""A filter of system calls as BPF: an allow-list with conditions on arguments, turned into instructions by hand.

The kernel runs the program on `struct seccomp_data`: number, architecture, instruction pointer, six arguments of 64 bits. Each rule
is a block of its own, so that no jump is longer than its block: *if the number is this one, check the conditions, then allow*.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

_LOAD, _AND, _JUMP_EQUAL, _RETURN = 0x20, 0x54, 0x15, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_ALLOW, _ERROR, _KILL_PROCESS = 0x7FFF0000, 0x00050000, 0x80000000
# The largest program that the kernel takes.
_LONGEST = 4096

_INSTRUCTION = struct.Struct("=HBBI")
Instruction = tuple[int, int, int, int]


@dataclass(frozen=True)
class Condition:
    """One half of an argument, after `& mask`, is `value`. The low half is what the kernel reads of an int; all flags here lie in it."""

    argument: int
    mask: int
    value: int
    high: bool = False


def equals(argument: int, value: int) -> Condition:
    """An argument that the kernel reads as an int is `value`."""
    return Condition(argument, 0xFFFFFFFF, value)


def without(argument: int, bits: int) -> Condition:
    """An argument has none of these flags."""
    return Condition(argument, bits, 0)


def with_all(argument: int, bits: int) -> Condition:
    """An argument has all of these flags."""
    return Condition(argument, bits, bits)


def is_null(argument: int) -> tuple[Condition, Condition]:
    """A pointer is null."""
    return equals(argument, 0), Condition(argument, 0xFFFFFFFF, 0, high=True)


@dataclass(frozen=True)
class Rule:
    """A system call that is allowed where all `conditions` hold, or answered with the error number `error`."""

    call: str
    conditions: tuple[Condition, ...] = ()
    error: int = 0


def assemble(rules: Sequence[tuple[int, Rule]], architecture: int, denied: int) -> bytes:
    """Return the program for rules with their numbers: the first whose number and conditions fit answers, else the error `denied`.

    A call that came in by another architecture's door ends the process: its numbers mean something else.
    """
    begin = (
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JUMP_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER),
    )
    blocks = (_block(number, rule) for number, rule in rules)
    program = b"".join((_pack(begin), *blocks, _pack([(_RETURN, 0, 0, _ERROR | denied)])))
    if len(program) > _LONGEST * _INSTRUCTION.size:
        raise ValueError(f"a filter of {len(program) // _INSTRUCTION.size} instructions")
    return program


def _pack(instructions: Sequence[Instruction]) -> bytes:
    return b"".join(_INSTRUCTION.pack(*instruction) for instruction in instructions)


def _block(number: int, rule: Rule) -> bytes:
    answer = _ERROR | rule.error if rule.error else _ALLOW
    checks: list[Instruction] = []
    # Where a condition fails, go on behind this block: over the conditions that are left, and the answer.
    for index, condition in enumerate(rule.conditions):
        left = len(rule.conditions) - 1 - index
        checks += [
            (_LOAD, 0, 0, _ARGUMENTS + 8 * condition.argument + 4 * condition.high),
            (_AND, 0, 0, condition.mask),
            (_JUMP_EQUAL, 0, 3 * left + 1, condition.value),
        ]
    # What follows a block expects the number.
    body = [*checks, (_RETURN, 0, 0, answer), *([(_LOAD, 0, 0, _NUMBER)] if checks else [])]
    return _pack([(_JUMP_EQUAL, 0, len(body), number), *body])
