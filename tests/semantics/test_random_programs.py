"""Random programs, from their text to their results: every executor gives what CPython gives, or all of them stop with the same guard.

`python -m tests.semantics.test_random_programs FIRST SECONDS` runs as many more as fit, and prints those that differ.
"""

from __future__ import annotations

import sys
import time

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.source import SourceFile

from .differential import Tally, differences, has_lanes, lane_difference
from .random_sources import random_source

PROGRAMS, BATCH, CALLS = 48, 12, 12
# With every so many programs the lanes are compared too.
LANES = 4


def lowered(seed: int) -> Lowered | None:
    """Lower one random program; None where it is refused."""
    source = random_source(seed)
    try:
        return lower(SourceFile(f"random_{seed}.py", source.text), "f", source.examples)
    except TranslationError as refusal:
        assert refusal.diagnostics
        return None


def wrong(seed: int, program: Lowered, tally: Tally) -> list[str]:
    """List what one program does wrong."""
    found = differences(program, seed, CALLS, tally)
    if seed % LANES == 0 and has_lanes(program):
        found += filter(None, [lane_difference(program)])
    return [f"seed {seed}: {item}" for item in found]


@pytest.mark.parametrize("first", range(0, PROGRAMS, BATCH))
def test_random_programs_agree_with_cpython(first: int) -> None:
    tally, translated, found = Tally(), 0, list[str]()
    for seed in range(first, first + BATCH):
        program = lowered(seed)
        if program is not None:
            translated += 1
            found += wrong(seed, program, tally)
    assert not found, "\n".join(found)
    assert translated >= BATCH - 1, "hardly anything was translated, so hardly anything was tested"
    assert tally.compared > tally.guarded + tally.limited


def test_a_source_depends_on_its_seed_alone() -> None:
    assert random_source(7) == random_source(7) != random_source(8)


def main(first: int, seconds: float) -> int:
    """Run programs from seed `first` on; return how many differ."""
    tally, translated, bad, seed = Tally(), 0, 0, first
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            program = lowered(seed)
            found = [] if program is None else wrong(seed, program, tally)
            translated += program is not None
        except Exception as error:
            found = [f"seed {seed}: {type(error).__name__}: {error}"]
        bad += bool(found)
        print(*found[:1], sep="\n", end="\n" if found else "", flush=True)
        seed += 1
    print(f"{seed - first} programs, {translated} translated, {bad} differ; calls: {tally}")
    return bad


if __name__ == "__main__":
    sys.exit(min(1, main(int(sys.argv[1]), float(sys.argv[2]))))
