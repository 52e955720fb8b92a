"""One job's oracle: loaded, asked, timed; ended where it does not come back, and replaced by the next."""

from __future__ import annotations

from types import TracebackType

from portalis.translator.work.confine import Protections
from portalis.translator.work.link import OracleFailure
from portalis.translator.work.oracles import OracleProcess, Stalled
from portalis.translator.work.protocol import (
    LOADED_LIMIT,
    ORACLE_ANSWER,
    ORACLE_LOAD,
    ORACLE_LOADED,
    ORACLE_RUNS,
    RUN_BYTES,
    Part,
    answers_limit,
    join_orders,
    split_orders,
)
from portalis.translator.work.supply import OracleSupply

# After so many calls that no oracle came back from, the rest of a job's calls are dropped unasked.
MOST_DROPPED = 3
# The warm one, the spare, and one that is started now.
_TRIES = 3


class OracleSeat:
    """The host's end of a judge's link, for one job. `typed` says that the user typed this text, so that it may share an oracle."""

    def __init__(self, supply: OracleSupply, *, typed: bool) -> None:
        self._supply = supply
        self._typed = typed
        self._oracle: OracleProcess | None = None
        self._request, self._limit, self._uses_gf = b"", 0, False
        self._dropped = 0
        self._interrupted = False
        self._careful = False
        self._failure: OracleFailure | None = None
        self._protections: Protections | None = None

    @property
    def protections(self) -> Protections | None:
        """What confined the oracle that this job had; None where it had none."""
        return self._protections

    def load(self, request: bytes, limit: int, uses_gf: bool) -> None:
        """Begin to load, into the oracle that there is; what goes wrong is told when the judge asks what loading gave."""
        self._request, self._limit, self._uses_gf = request, limit, uses_gf
        self._failure = None
        try:
            self._begin(fresh=not self._typed)
        except OracleFailure as failure:
            self._failure = failure

    def loaded(self) -> bytes:
        """Wait for what loading gave."""
        if self._failure is not None:
            raise self._failure
        if self._oracle is None:
            raise OracleFailure("no oracle is left")
        try:
            return self._oracle.receive(ORACLE_LOADED, LOADED_LIMIT)
        except Stalled:
            raise self._failed("it did not come back from loading the module") from None
        except EOFError:
            raise self._failed("it ended while it loaded the module") from None
        except OracleFailure as failure:
            raise self._failed(str(failure)) from None

    def run(self, orders: bytes) -> list[Part]:
        """Make calls, in order; `orders` are as `pack_orders` made them."""
        together, runs = split_orders(orders)
        parts: list[Part] = []
        at = 0
        while at < len(runs) and self._dropped < MOST_DROPPED and not self._interrupted:
            found = self._run(1 if self._careful else max(1, together), runs[at:])
            at += RUN_BYTES * sum(part.count for part in found)
            parts += found
        left = (len(runs) - at) // RUN_BYTES
        return [*parts, Part(left, None)] if left else parts

    def interrupt(self) -> None:
        """End the wait for an oracle, from another thread: the job's time is over."""
        self._interrupted = True
        if (oracle := self._oracle) is not None:
            oracle.interrupt()

    def __enter__(self) -> OracleSeat:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        oracle, self._oracle = self._oracle, None
        if oracle is None:
            return
        if self._typed and error is None and self._failure is None and not self._interrupted:
            self._supply.give_back(oracle, self._uses_gf)
        else:
            oracle.end()

    def _run(self, together: int, runs: bytes) -> list[Part]:
        """Make calls until one is dropped.

        Answers come some at a time, which costs less, until an oracle stalls: then those that it had not told yet are asked of the next
        one by one, so that only the call that stalls is dropped.
        """
        if self._oracle is None:
            self._begin(fresh=True)
            self.loaded()
        oracle = self._oracle
        assert oracle is not None
        parts: list[Part] = []
        try:
            oracle.send(ORACLE_RUNS, join_orders(together, runs))
            for at in range(0, len(runs), together * RUN_BYTES):
                count = min(together, (len(runs) - at) // RUN_BYTES)
                parts.append(Part(count, oracle.receive(ORACLE_ANSWER, answers_limit(count, self._limit))))
            oracle.require_silence()
        except (EOFError, Stalled):
            self._end()
            if together == 1:
                self._dropped += 1
                parts.append(Part(1, None))
            self._careful = True
        except OracleFailure as failure:
            raise self._failed(str(failure)) from None
        return parts

    def _begin(self, *, fresh: bool) -> None:
        """Take an oracle and have it load; OracleFailure where none can be had."""
        for _ in range(_TRIES):
            # One that was started ahead may have ended since, with what forked it.
            try:
                if self._oracle is None:
                    self._oracle = self._supply.take(uses_gf=self._uses_gf, fresh=fresh)
                if self._interrupted:
                    self._oracle.interrupt()
                self._protections = self._oracle.protections
                self._oracle.send(ORACLE_LOAD, self._request)
            except (EOFError, Stalled):
                self._end()
            else:
                return
        raise self._failed("it could not be started")

    def _failed(self, why: str) -> OracleFailure:
        """End the oracle, and remember why no other is asked."""
        self._end()
        self._failure = OracleFailure(why)
        return self._failure

    def _end(self) -> None:
        if self._oracle is not None:
            self._oracle.end()
            self._oracle = None
