"""Counting cases while they are compared, and the verdict in the end."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from portalis.translator.verify.report import Artefact, Mismatch

MAX_REPORTED = 5
# Below these shares of cases and of branches, and of values where some branch was not taken, a verification is weak: it says little
# of what was not compared.
ENOUGH_CASES, ENOUGH_BRANCHES, ENOUGH_VALUES = 0.25, 0.5, 1 / 32
Status: TypeAlias = Literal["verified", "weakly verified", "not verified", "wrong"]


@dataclass
class Tally:
    """Counts of one artefact's cases. Every case is counted once, as one of these or as wrong; `agreed_of` is by entry."""

    name: Literal["wasm", "rust"]
    cases: int = 0
    agreed: int = 0
    raised: int = 0
    guarded: int = 0
    over_budget: int = 0
    dropped: int = 0
    mismatches: list[Mismatch] = field(default_factory=list)
    agreed_of: Counter[int] = field(default_factory=Counter)

    def agree(self, entry: int) -> None:
        """Count a case of an entry that gave what CPython gave."""
        self.agreed += 1
        self.agreed_of[entry] += 1

    @property
    def missing_answers(self) -> int:
        """How many more cases would have to agree for a verification that is not weak; none or fewer where enough do."""
        return math.ceil(ENOUGH_CASES * self.cases) - self.agreed

    def wrong(self, call: str, cpython: str, gave: str, what: str) -> None:
        """Keep the first few mismatches as evidence; the others still count, as cases that did not agree."""
        if len(self.mismatches) < MAX_REPORTED:
            self.mismatches.append(Mismatch(artefact=self.name, call=call, cpython=cpython, artefact_gave=gave, what=what))

    def artefact(self, content: bytes, branches: int, unexercised: int) -> Artefact:
        """Give the verdict."""
        status, why = self._verdict(branches, unexercised)
        return Artefact(
            name=self.name,
            status=status,
            sha256=hashlib.sha256(content).hexdigest(),
            cases=self.cases,
            agreed=self.agreed,
            raised=self.raised,
            guarded=self.guarded,
            over_budget=self.over_budget,
            dropped=self.dropped,
            why=why,
        )

    def _verdict(self, branches: int, unexercised: int) -> tuple[Status, str]:
        if self.mismatches or self.agreed + self.guarded + self.over_budget + self.dropped < self.cases:
            return "wrong", ""
        if self.agreed == 0:
            # Nothing was compared.
            return "not verified", "no case ended in an answer to compare"
        if self.missing_answers > 0:
            return "weakly verified", f"only {self.agreed} of {self.cases} cases ended in an answer to compare"
        if branches and branches - unexercised < ENOUGH_BRANCHES * branches:
            return "weakly verified", f"only {branches - unexercised} of {branches} branches were taken"
        if unexercised and 0 < self.agreed - self.raised < ENOUGH_VALUES * self.cases:
            return "weakly verified", f"only {self.agreed - self.raised} of {self.cases} cases ended in a value"
        return "verified", ""
