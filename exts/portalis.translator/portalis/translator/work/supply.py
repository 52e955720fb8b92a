"""Which oracle a job gets: a fresh one, or, for text that its user typed, the one that served the last such job."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Sequence

from portalis.translator.work.oracles import HASH_SEEDS, PROGRAM, Nursery, OracleProcess

MEMORY_LIMIT = 1 << 30


class OracleSupply:
    """Hands out oracles, and forks the next one while the last is at work.

    The second nursery is started with the second job: a command that translates one file and ends should not pay for it.
    """

    def __init__(self, program: Sequence[str] = (PROGRAM,), python: str | None = None, memory_limit: int = MEMORY_LIMIT) -> None:
        self._nurseries = [Nursery(program, seed, memory_limit, python) for seed in HASH_SEEDS]
        self._lock = threading.Lock()
        self._forked = 0
        self._spare: tuple[OracleProcess, bool] | None = None
        self._warm: tuple[OracleProcess, bool] | None = None
        atexit.register(self.close)

    def start(self) -> None:
        """Start the first nursery ahead of its first oracle."""
        self._nurseries[0].start()

    def take(self, *, uses_gf: bool, fresh: bool) -> OracleProcess:
        """Return an oracle that has seen no text, or unless `fresh` the warm one; whoever takes it ends it or gives it back."""
        with self._lock:
            if not fresh and self._warm is not None:
                (warm, has_gf), self._warm = self._warm, None
                if has_gf or not uses_gf:
                    warm.renew()
                    return warm
                warm.end()
            oracle = None
            if self._spare is not None:
                (spare, has_gf), self._spare = self._spare, None
                if has_gf or not uses_gf:
                    oracle = spare
                else:
                    spare.end()
            oracle = oracle or self._next().fork(uses_gf)
            self._spare = self._next().fork(uses_gf), uses_gf
            return oracle

    def give_back(self, oracle: OracleProcess, uses_gf: bool) -> None:
        """Keep an oracle for the next text that its user typed."""
        with self._lock:
            if self._warm is not None:
                self._warm[0].end()
            self._warm = oracle, uses_gf

    def close(self) -> None:
        """End every process; the next job starts others."""
        with self._lock:
            for held in (self._spare, self._warm):
                if held is not None:
                    held[0].end()
            self._spare = self._warm = None
            for nursery in self._nurseries:
                nursery.close()

    def _next(self) -> Nursery:
        """Return the nursery of the next oracle: the first two times the first, then each in turn."""
        self._forked += 1
        return self._nurseries[0 if self._forked <= 2 else self._forked % len(self._nurseries)]
