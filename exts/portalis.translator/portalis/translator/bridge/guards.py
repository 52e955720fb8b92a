"""Guard zones: bytes between what a guest may write, which have to be the same after a call."""

from __future__ import annotations

ALIGNMENT = 16
# Read as floats of either size these are NaNs, so that a guest which reads past the end of a column does not find plausible numbers.
# The same on every run: random bytes would make such a guest's results differ from run to run.
_PATTERN = bytes.fromhex("5aa5fa7f5aa5fa7f")
GUARD_BYTES = 64
GUARD = _PATTERN * (GUARD_BYTES // len(_PATTERN))


def align(address: int, alignment: int = ALIGNMENT) -> int:
    """Round an address up to a multiple of `alignment`, a power of two."""
    return (address + alignment - 1) & -alignment
