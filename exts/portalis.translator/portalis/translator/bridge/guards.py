"""Guard zones: bytes between what a guest may write, which have to be the same after a call."""

from __future__ import annotations

ALIGNMENT = 16
GUARD_BYTES = 64
# Read as floats of either size these are NaNs, so that a guest which reads past the end of a column does not find plausible numbers.
# The same on every run: random bytes would make such a guest's results differ from run to run.
_PATTERN = bytes.fromhex("5aa5fa7f")


def align(address: int) -> int:
    """Round an address up to the alignment of columns."""
    return (address + ALIGNMENT - 1) & -ALIGNMENT


def guard_bytes(count: int) -> bytes:
    """Return what `count` guard bytes hold that begin at a multiple of the pattern's length."""
    return (_PATTERN * (count // len(_PATTERN) + 1))[:count]


GUARD = guard_bytes(GUARD_BYTES)
