"""Sums of floats: of none a sum is the int that it starts with, which shows in all that is made of it."""

from __future__ import annotations

from typing import Any

import pytest

from portalis.translator import translate

BODIES = [
    "return sum(xs)",
    "return sum(xs) / len(xs)",
    "total = sum(x * x for x in xs)\n    return total ** 2, total // 2, -total, f'{total:.2f}', str(total), round(total, 1), int(total)",
    "return [sum(row) for row in [xs, [], xs]], max(sum(xs), 1), sum(sum(row) for row in [xs, []])",
    "return sum([xs[0], 1.5]) if xs else sum([0.5])",
]


@pytest.mark.parametrize("body", BODIES)
def test_sums_of_floats(body: str) -> None:
    source = f"def f(xs):\n    {body}\n"
    original: dict[str, Any] = {}
    exec(source, original)
    found = translate(source, "f", ("f([0.5, 2.25, -1.0])",))
    for given in ([], [0.5], [0.1] * 10, [1e8, 1.5e-9, -1e8]):
        wanted: Any
        try:
            wanted = original["f"](given)
        except ZeroDivisionError as error:
            with pytest.raises(ZeroDivisionError, match=str(error)):
                found(given)
        else:
            assert repr(found(given)) == repr(wanted)
