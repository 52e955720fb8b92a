"""One job's oracle: loaded, asked, timed; ended where it does not come back, and replaced by the next."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TypeVar

from portalis.translator.work.confine import Protections
from portalis.translator.work.link import OracleFailure, Run
from portalis.translator.work.oracles import OracleProcess, Stalled
from portalis.translator.work.protocol import (
    LOADED_LIMIT,
    ORACLE_ANSWER,
    ORACLE_LOAD,
    ORACLE_LOADED,
    ORACLE_RUNS,
    answer_frame_limit,
    pack_runs,
    unpack_answer,
)
from portalis.translator.work.supply import OracleSupply

# After so many calls that no oracle came back from, the rest of a job's calls are dropped unasked.
MOST_DROPPED = 3
T = TypeVar("T")


class OracleSeat:
    """The host's end of a judge's link, for one job. `typed` says that the user typed this text, so that it may share an oracle."""

    def __init__(self, supply: OracleSupply, *, typed: bool) -> None:
        self._supply = supply
        self._typed = typed
        self._oracle: OracleProcess | None = None
        self._request, self._limit, self._uses_gf = b"", 0, False
        self._dropped = 0
        self._interrupted = False
        self._failure: OracleFailure | None = None
        self._protections: Protections | None = None

    @property
    def protections(self) -> Protections | None:
        """What confined the oracle that this job had; None where it had none."""
        return self._protections

    def load(self, request: bytes, limit: int) -> None:
        """Begin to load; what goes wrong is told when the judge asks what loading gave."""
        self._request, self._limit = request, limit
        self._uses_gf = _uses_gf(request)
        self._failure = None
        try:
            self._begin(self._supply.take(uses_gf=self._uses_gf, fresh=not self._typed))
        except (OracleFailure, EOFError, Stalled) as failure:
            self._failure = OracleFailure(str(failure) or "it could not be started")

    def loaded(self) -> bytes:
        """Wait for what loading gave."""
        if self._failure is not None:
            raise self._failure
        return self._guarded(lambda oracle: oracle.receive(ORACLE_LOADED, LOADED_LIMIT))

    def run(self, runs: Sequence[Run]) -> list[bytes | None]:
        """Make calls, in order; what no oracle came back from is None."""
        answers: list[bytes | None] = []
        while len(answers) < len(runs) and self._dropped < MOST_DROPPED and not self._interrupted:
            answers += self._run(runs[len(answers) :])
        return answers + [None] * (len(runs) - len(answers))

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

    def _run(self, runs: Sequence[Run]) -> list[bytes | None]:
        """Make calls until one is dropped."""
        if self._oracle is None:
            self._begin(self._supply.take(uses_gf=self._uses_gf, fresh=True))
            self.loaded()
        oracle = self._oracle
        assert oracle is not None
        answers: list[bytes | None] = []
        try:
            oracle.send(ORACLE_RUNS, pack_runs(runs))
            for run in runs:
                answer = unpack_answer(run, oracle.receive(ORACLE_ANSWER, answer_frame_limit(self._limit)))
                if answer is None:
                    raise OracleFailure("the oracle answered what it was not asked")
                answers.append(answer)
            oracle.require_silence()
        except (EOFError, Stalled):
            self._end()
            self._dropped += 1
            answers.append(None)
        except OracleFailure as failure:
            self._failure = failure
            self._end()
            raise
        return answers

    def _begin(self, oracle: OracleProcess) -> None:
        self._oracle = oracle
        if self._interrupted:
            oracle.interrupt()
        self._protections = oracle.protections
        oracle.send(ORACLE_LOAD, self._request)

    def _guarded(self, ask: Callable[[OracleProcess], T]) -> T:
        oracle = self._oracle
        if oracle is None:
            raise OracleFailure("no oracle is left")
        try:
            return ask(oracle)
        except Stalled:
            failure = OracleFailure("it did not come back from loading the module")
        except EOFError:
            failure = OracleFailure("it ended while it loaded the module")
        except OracleFailure as told:
            failure = told
        self._failure = failure
        self._end()
        raise failure

    def _end(self) -> None:
        if self._oracle is not None:
            self._oracle.end()
            self._oracle = None


def _uses_gf(request: bytes) -> bool:
    """Tell whether what is loaded needs OpenUSD: what an oracle imports, it imports before it is given a text."""
    return bool(json.loads(request)["uses_gf"])
