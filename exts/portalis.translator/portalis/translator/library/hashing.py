"""Hashes of ints, floats, bools and tuples of these as CPython computes them on 64-bit systems, and one of texts that is ours.

The order of a set follows from the hashes of its elements. A text's hash differs from process to process in CPython, so that nothing
that is translated may depend on it.
"""

from __future__ import annotations

from portalis.translator.library.intrinsics import (
    guard,
    hash_of,
    octets_as_text,
    shift_left,
    shift_right_logical,
    text_code,
    to_bits,
    wrapping_add,
    wrapping_mul,
)

# Numbers are hashed modulo this prime.
MODULUS = 2305843009213693951


def hash_int(value: int) -> int:
    """Return hash(value)."""
    if -MODULUS < value < MODULUS:
        return -2 if value == -1 else value
    rest = value % MODULUS if value >= 0 else -((-(value + 1)) % MODULUS + 1)
    if rest == -MODULUS:
        rest = 0
    return -2 if rest == -1 else rest


def of_object(said: int) -> int:
    """Return the hash of an object whose class says this one."""
    return -2 if said == -1 else said


def hash_bool(value: bool) -> int:
    """Return hash(value)."""
    return 1 if value else 0


def hash_float(value: float) -> int:
    """Return hash(value); a NaN's is the address of its object, which nobody knows here."""
    if value != value:
        guard("the hash of a NaN")
    if value - value != 0.0:
        return 314159 if value > 0.0 else -314159
    if value == 0.0:
        return 0
    bits = to_bits(value)
    exponent = shift_right_logical(bits, 52) & 2047
    mantissa = bits & 4503599627370495
    if exponent == 0:
        exponent = 1
    else:
        mantissa = mantissa | 4503599627370496
    # The value is mantissa * 2**(exponent - 1075), and 2**61 is 1 modulo the prime.
    turn = (exponent - 1075) % 61
    rest = mantissa % MODULUS
    if turn != 0:
        rest = (shift_left(rest, turn) & MODULUS) | shift_right_logical(rest, 61 - turn)
    if rest == MODULUS:
        rest = 0
    if value < 0.0:
        rest = -rest
    return -2 if rest == -1 else rest


def hash_text(value: str) -> int:
    """Return a hash of a text: not CPython's, whose differs from run to run."""
    found = -3750763034362895579
    for index in range(len(value)):
        found = wrapping_mul(found ^ text_code(value, index), 1099511628211)
    found = found ^ shift_right_logical(found, 29)
    return -2 if found == -1 else found


def hash_octets(value: bytes) -> int:
    """Return a hash of bytes: not CPython's either."""
    return hash_text(octets_as_text(value))


def mixed(accumulated: int, lane: int) -> int:
    """Return the hash of a tuple so far, with one more element's hash."""
    total = wrapping_add(accumulated, wrapping_mul(lane, -4417276706812531889))
    turned = shift_left(total, 31) | shift_right_logical(total, 33)
    return wrapping_mul(turned, -7046029288634856825)


def finished(accumulated: int, length: int) -> int:
    """Return the hash of a tuple of so many elements."""
    found = wrapping_add(accumulated, length ^ (2870177450012600261 ^ 3527539))
    return 1546275796 if found == -1 else found


def hash_sequence(values) -> int:  # type: ignore[no-untyped-def]
    """Return the hash of a tuple of any length."""
    found = 2870177450012600261
    for value in values:
        found = mixed(found, hash_of(value))
    return finished(found, len(values))
