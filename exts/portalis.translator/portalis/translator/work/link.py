"""How a judge asks an oracle: through its host, which starts, times and ends oracles; neither process can reach the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Run(NamedTuple):
    """One call for the oracle: which entry, which of its cases, and how many steps it may take."""

    entry: int
    case: int
    steps: int


class OracleFailure(Exception):
    """The oracle could not do its work; what it was asked about is neither right nor wrong."""


class OracleLink(Protocol):
    """A judge's side. Requests and answers are bytes in the oracle's own format (`verify/oracle/messages.py`); whoever carries them
    looks at none of them. Every method raises OracleFailure where no oracle is left that could answer."""

    def load(self, request: bytes, answer_limit: int, *, uses_gf: bool) -> None:
        """Have a program loaded; the judge goes on meanwhile. No answer to a run may be longer than `answer_limit` bytes.

        `uses_gf` says that it needs OpenUSD: what an oracle imports, it imports before it is given a text.
        """

    def loaded(self) -> bytes:
        """Wait for what loading gave."""

    def run(self, runs: Sequence[Run]) -> list[bytes | None]:
        """Make calls, in order; None stands for a call that was dropped because the oracle did not come back from it."""
