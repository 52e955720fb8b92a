"""`python -m tests.mutation [part of a name]`: plant every mistake, print what noticed it and the score."""

from __future__ import annotations

import sys

from .catalogue import MUTANTS, score
from .mutants import killer


def main() -> int:
    """Return how many mistakes survive."""
    fates = []
    for mutant in MUTANTS:
        if any(part not in mutant.name for part in sys.argv[1:]):
            continue
        found = killer(mutant)
        fates.append((mutant.room, mutant.name, found is not None))
        print(f"{mutant.room:<16} {mutant.name:<64} {found.name if found else 'SURVIVES'}", flush=True)
    print("\n".join(["", *score(fates)]))
    return sum(not killed for _, _, killed in fates)


if __name__ == "__main__":
    sys.exit(main())
