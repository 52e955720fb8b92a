"""Right and wrong: floats written and read by verified modules, held to CPython's `repr` and `float`, and how many a second.

Stands for: `str(x)`, f-strings and `float(text)` in programs that print results and read data. Random bit patterns, random fractions, and
decimals that lie in the middle between two floats, to the digit. Leaves out: format specs with a precision, and other numbers.
"""

from __future__ import annotations

import random
import struct
import sys
import time
from collections.abc import Callable
from typing import Any

from common import Result, arguments, show

from portalis.translator.translating.translate import translate

WRITING = "def write(values: list[float]) -> list[str]:\n    return [repr(value) for value in values]\n"
READING = "def read(texts: list[str]) -> list[float]:\n    return [float(text) for text in texts]\n"
BATCH = 20_000


def random_floats(source: random.Random, count: int) -> list[float]:
    """Return floats of every size, NaN left out, and fractions as programs have them."""
    bits = struct.unpack(f"<{count}d", source.randbytes(8 * count))
    return [source.random() * 10 ** source.randint(0, 9) if index % 4 == 0 or value != value else value for index, value in enumerate(bits)]


def middle(source: random.Random, value: float) -> str:
    """Return the decimal in the middle between a float and the next one, or a last digit away from it."""
    size = abs(value)
    if not 0.0 < size < 1e308:
        return repr(value)
    (bits,) = struct.unpack("<q", struct.pack("<d", size))
    (following,) = struct.unpack("<d", struct.pack("<q", bits + 1))
    (one, below), (other, under) = size.as_integer_ratio(), following.as_integer_ratio()
    # Both denominators are powers of two: so many digits write the sum's half exactly.
    places = max(below, under).bit_length()
    digits = (one * (2**places // below) + other * (2**places // under)) * 5 ** (places + 1)
    return f"{digits * 10 + source.choice((-1, 0, 0, 1))}e-{places + 2}"


def main() -> int:
    """Compare and print; exit status 1 where anything differs."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--count", type=int, default=1_000_000, help="how many random floats")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    count = BATCH if options.quick else options.count
    source = random.Random(options.seed)
    write, read = (translate(text, None, ()) for text in (WRITING, READING))
    result = Result("floats as text", ("what", "values", "differ", "a second", "CPython a second"))
    kinds = ("written", "read", "middles read")
    differ, spent, plain, done = (dict.fromkeys(kinds, 0.0) for _ in range(4))

    def hold(kind: str, ours: Callable[[Any], Any], theirs: Callable[[Any], Any], values: list[Any]) -> list[Any]:
        started = time.process_time()
        wanted = [theirs(value) for value in values]
        between = time.process_time()
        found = ours(values)
        spent[kind] += time.process_time() - between
        plain[kind] += between - started
        differ[kind] += sum(repr(one) != repr(other) for one, other in zip(found, wanted, strict=True))
        done[kind] += len(values)
        return wanted

    for _ in range(0, count, BATCH):
        floats = random_floats(source, BATCH)
        hold("read", read, float, hold("written", write, repr, floats))
        hold("middles read", read, float, [middle(source, value) for value in floats[: BATCH // 20]])
    result.rows = [
        [kind, f"{done[kind]:.0f}", f"{differ[kind]:.0f}", f"{done[kind] / spent[kind]:.0f}", f"{done[kind] / plain[kind]:.0f}"]
        for kind in kinds
    ]
    result.data = {"seed": options.seed, "differ": differ}
    show([result], options.json)
    return 1 if any(differ.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
