"""Plant text in a real oracle and have the real judge build and verify the program beside it."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import AcceptedText, Lowered
from portalis.translator.source import SourceFile
from portalis.translator.syntax import AcceptedModule, write
from portalis.translator.translating import jobs
from portalis.translator.translating.judging import BUILD
from portalis.translator.translating.messages import Build, BuildRequest, BuildSettings
from portalis.translator.translating.options import Options
from portalis.translator.translating.transport import dump_request
from portalis.translator.work.seat import OracleSeat
from portalis.translator.work.supply import OracleSupply
from portalis.translator.work.worker import Worker

SOURCE = "def f(x: float) -> float:\n    return x * 2.0 + 1.0\n"
HONEST = "answer = arguments[0] * 2.0 + 1.0"
TIMEOUT = 120.0


def planted(text: str, first: str = "", source: str = SOURCE) -> Lowered:
    """A program that is lowered as its source says; its oracle executes `first` when it loads it, and `text` in place of the body.

    `text` finds the call's arguments in `arguments` and binds `answer`. No front-end of ours makes such a tree.
    """
    lowered = lower(SourceFile("<test>", source))
    definition = ast.parse(source).body[-1]
    assert isinstance(definition, ast.FunctionDef)
    names = ", ".join(parameter.arg for parameter in definition.args.args)
    tree = ast.parse(f"force({first!r})\n\n\ndef {definition.name}({names}):\n    return force({text!r}, {names})\n")
    made = write(AcceptedModule(tree))
    return replace(lowered, accepted=AcceptedText(lambda: made))


@dataclass(frozen=True)
class Workplace:
    """A judge and oracles of its own."""

    worker: Worker
    supply: OracleSupply

    def build(self, lowered: Lowered, *, typed: bool = False, cases: int = 40, timeout: float = TIMEOUT) -> Build:
        """Have a program built and verified."""
        request = BuildRequest(dump_request(lowered), BuildSettings.of(Options(cases=cases)))
        return self.worker.run(BUILD, request, timeout, OracleSeat(self.supply, typed=typed))


@contextlib.contextmanager
def workplace(program: str = "tests.work.forced") -> Iterator[Workplace]:
    """A judge, and oracles whose program is one with a door."""
    made = Workplace(jobs.Judges().present, OracleSupply((program,)))
    try:
        yield made
    finally:
        made.worker.close()
        made.supply.close()
