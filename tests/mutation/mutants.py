"""What a planted mistake is, and what becomes of it; the mistakes themselves are in the modules named after rooms."""

from __future__ import annotations

from dataclasses import dataclass

from .checks import NOTICED, Check
from .planting import Edit, planted


@dataclass(frozen=True)
class Mutant:
    """A mistake that a compiler's author might make: where it is, and the checks that stand guard there, likeliest first."""

    name: str
    edits: tuple[Edit, ...]
    checks: tuple[Check, ...]

    @property
    def room(self) -> str:
        """The room of the compiler that the mistake is in."""
        return self.edits[0].place.partition(":")[0].rpartition(".")[0]


def mutant(name: str, edits: Edit | tuple[Edit, ...], *checks: Check) -> Mutant:
    """Write down a mistake."""
    return Mutant(name, edits if isinstance(edits, tuple) else (edits,), checks)


def killer(mistake: Mutant) -> Check | None:
    """Plant a mistake and return the first check that notices it; None where it survives them all."""
    with planted(mistake.edits):
        for check in mistake.checks:
            try:
                check.run()
            except NOTICED:
                return check
    return None
