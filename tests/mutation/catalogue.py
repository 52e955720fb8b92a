"""Every planted mistake, and the score."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from . import (
    backend_mutants,
    error_mutants,
    frontend_mutants,
    host_mutants,
    library_mutants,
    pass_mutants,
    reading_mutants,
    server_mutants,
    trust_mutants,
    work_mutants,
)
from .mutants import Mutant

MUTANTS: tuple[Mutant, ...] = (
    *frontend_mutants.MUTANTS,
    *reading_mutants.MUTANTS,
    *library_mutants.MUTANTS,
    *pass_mutants.MUTANTS,
    *backend_mutants.MUTANTS,
    *error_mutants.MUTANTS,
    *host_mutants.MUTANTS,
    *trust_mutants.MUTANTS,
    *server_mutants.MUTANTS,
    *work_mutants.MUTANTS,
)


def score(fates: Iterable[tuple[str, str, bool]]) -> Iterator[str]:
    """Yield the lines of a table from (room, name, killed) of each mutant that was tried."""
    rows = sorted(fates)
    yield f"{'room':<16}{'planted':>8}{'killed':>8}"
    for room, group in groupby(rows, key=lambda row: row[0]):
        killed = [row[2] for row in group]
        yield f"{room:<16}{len(killed):>8}{sum(killed):>8}"
    yield f"{'all':<16}{len(rows):>8}{sum(row[2] for row in rows):>8}"
    yield from (f"survives: {name} ({room})" for room, name, killed in rows if not killed)
