"""An oracle at work: it loads one module after another and tells how calls of it end, as bytes in and bytes out.

What goes wrong with CPython itself is no outcome of the user's: an OSError with a number, ImportError or SystemError, which no translated
program can raise, ends the work (`OracleFailure`), and memory that ran out leaves the call unknown.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portalis.translator.verify.oracle.answers import bounded
from portalis.translator.verify.oracle.entry import Example, OracleEntry, known, make_entry, require_own
from portalis.translator.verify.oracle.messages import CompiledModule, ImportFailure, LoadAnswer, Loaded, LoadRequest, ModuleValue
from portalis.translator.verify.oracle.module_state import initial_state
from portalis.translator.verify.oracle.observing import room_for_recursion
from portalis.translator.verify.oracle.program import ModuleFailure, Oracle
from portalis.translator.work.codec import decode, encode
from portalis.translator.work.link import OracleFailure, Run


class Witness:
    """One process's oracle; what it loaded last is what it is asked about."""

    def __init__(self) -> None:
        self._program: _Program | None = None

    def load(self, request: bytes) -> bytes:
        """Load a `LoadRequest`; return a `LoadAnswer`."""
        self._program = None
        wanted = decode(LoadRequest, request)
        if isinstance(wanted.module, ImportFailure):
            return encode(LoadAnswer, LoadAnswer(wanted.module))
        try:
            self._program = _Program.load(wanted, wanted.module)
        except ModuleFailure as failure:
            require_own(failure.error)
            return encode(LoadAnswer, LoadAnswer(ImportFailure(failure.line, bounded(str(failure)))))
        return encode(LoadAnswer, LoadAnswer(self._program.describe()))

    def run(self, runs: Sequence[Run]) -> Iterator[bytes]:
        """Call entries with some of their cases; yield for each a `CallAnswer` in that entry's shape, as soon as it is there."""
        if self._program is None:
            raise OracleFailure("nothing is loaded")
        with room_for_recursion():
            for run in runs:
                yield self._program.entries[run.entry].run(run.case, run.steps)


@dataclass(frozen=True)
class _Program:
    """A loaded module: with our library, and where it was asked for with the platform's."""

    request: LoadRequest
    exact: Oracle
    entries: tuple[OracleEntry, ...]
    state: ModuleValue | None

    @classmethod
    def load(cls, request: LoadRequest, module: CompiledModule) -> _Program:
        known_to_both = request.path, request.name, ()
        drift = Oracle.execute(module.code, *known_to_both, "drift", request.recursive) if module.drifts else None
        exact = Oracle.execute(module.code, *known_to_both, "exact", request.recursive)
        # Before anything is called.
        state = initial_state(exact, request)
        examples = [Example(args, kwargs) for args, kwargs in marshal.loads(module.examples)]
        raises = frozenset(module.raises)
        entries = (make_entry(request, entry, examples, exact, drift, raises, state) for entry in request.entries)
        return cls(request, exact, tuple(entries), state)

    def describe(self) -> Loaded:
        """Tell what is known before anything is called."""
        namespace = vars(self.exact.namespace[self.request.name]) if self.request.fields else {}
        initial = (known((namespace.get(name),), (type_,), self.request.strings) for name, type_ in self.request.fields)
        return Loaded(tuple(initial), tuple(entry.describe() for entry in self.entries), self.state)


class LocalOracle:
    """An oracle in the judge's own process, for hosts that have no Python to start another with. Nothing bounds it but its steps."""

    def __init__(self) -> None:
        self._witness = Witness()
        self._answer = b""

    def load(self, request: bytes, answer_limit: int, *, uses_gf: bool) -> None:
        """Load at once."""
        self._answer = self._witness.load(request)

    def loaded(self) -> bytes:
        """Return what loading gave."""
        return self._answer

    def run(self, runs: Sequence[Run]) -> list[bytes | None]:
        """Make calls; none is dropped."""
        return list(self._witness.run(runs))
