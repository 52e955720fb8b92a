"""A user's module, executed by CPython and ready to be called."""

from __future__ import annotations

import marshal
import operator
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Any

from portalis.translator.calling.outcome import Outcome
from portalis.translator.ir.types import Type
from portalis.translator.syntax import TRAP
from portalis.translator.verify.oracle.names import DEEPER, OUT_OF_STEPS, POWER, STEPS_LEFT, TAKE, TAKEN
from portalis.translator.verify.oracle.namespace import BeyondReach, Library, exact_power, make_builtins
from portalis.translator.verify.oracle.observing import DepthCounter, observe
from portalis.translator.verify.oracle.printing import Printed

STEPS = 500_000


class OutOfSteps(BaseException):
    """CPython needed more loop iterations and calls than it was given: a compiler can turn into one formula what takes CPython for ever."""


class Trapped(BaseException):
    """CPython came where translating never looked: the front-end was wrong about what can happen."""


def spring_trap() -> None:
    """Stand for everything that translating never looked at."""
    raise Trapped("CPython ran a part of the source that was not translated")


class ModuleFailure(Exception):
    """CPython cannot import the user's module; `line` is where it failed."""

    def __init__(self, line: int, error: BaseException) -> None:
        self.line = line
        self.error = error
        super().__init__(f"{type(error).__name__}: {error}")


@dataclass(frozen=True)
class Oracle:
    """The user's module executed by CPython.

    `taken` gathers the ways that decisions go, `told` those that its user has told of; `printed` is what was printed since it was cleared.
    """

    namespace: dict[str, Any]
    name: str
    parameter_types: tuple[Type, ...]
    steps: list[int]
    taken: dict[int, None]
    told: set[int]
    printed: Printed

    @classmethod
    def execute(
        cls, code: bytes, path: str, name: str, parameter_types: Sequence[Type], library: Library, recursive: Iterable[str] = ()
    ) -> Oracle:
        """Execute a module as `compile_tree` made it; ModuleFailure where it raises. `recursive` names its recursive functions."""
        deeper = DepthCounter()
        steps = [STEPS]
        taken: dict[int, None] = {}
        printed = Printed()
        built_ins = make_builtins(library)
        built_ins["print"] = printed.print
        namespace: dict[str, Any] = {
            "__builtins__": built_ins,
            "__name__": "portalis_snippet",
            POWER: exact_power if library == "exact" else operator.pow,
            DEEPER: deeper.counted,
            STEPS_LEFT: steps,
            OUT_OF_STEPS: OutOfSteps,
            TAKEN: taken,
            TAKE: taken.__setitem__,
            TRAP: spring_trap,
        }
        try:
            exec(marshal.loads(code), namespace)
        except (Exception, OutOfSteps, BeyondReach, Trapped) as error:
            raise ModuleFailure(_line_in(path, error), error) from error
        deeper.hold(namespace, recursive)
        return cls(namespace, name, tuple(parameter_types), steps, taken, set(), printed)

    def evaluate(self, expression: CodeType) -> Any:
        """Evaluate an expression, such as an example's argument, as the module's own code would."""
        self.steps[0] = STEPS
        return eval(expression, self.namespace)

    def call(self, arguments: Sequence[Any], steps: int = STEPS) -> Outcome:
        """Call the entry and record everything a caller could observe; OutOfSteps where it takes more steps than these."""
        self.steps[0] = steps
        return observe(self.namespace[self.name], arguments, self.parameter_types)


def _line_in(path: str, error: BaseException) -> int:
    """Return the module's own line that an exception came through."""
    lines = (line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == path)
    return next(lines, 1)
