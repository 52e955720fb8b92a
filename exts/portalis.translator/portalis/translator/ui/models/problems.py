"""One list of all that is wrong: with the text, with the binding, with the run, and code that waits for the user's word."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from portalis.translator.diagnostics import Diagnostic, TranslationError, render
from portalis.translator.source import visible
from portalis.translator.ui.models.moved import line_now
from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.stage.problems import StageProblem
    from portalis.translator.stage.run.report import LaneError
    from portalis.translator.stage.run.warm import TrustRequest

# Where a problem is whose line is another since.
CHANGED = "changed since: Translate tells whether that mends it"
# How commands say what a port is bound to.
_FLAG = re.compile(r"--(input|output) (\w+)=")
Severity: TypeAlias = Literal["error", "warning", "question"]
Tab: TypeAlias = Literal["Ports", "Problems", "Rust", "WAT", "Proof"]
TABS: tuple[Tab, ...] = ("Ports", "Problems", "Rust", "WAT", "Proof")
# What a path or a number is asked for.
Purpose: TypeAlias = Literal["open", "save", "save_stage", "export", "budget"]
Tone: TypeAlias = Literal["plain", "good", "bad", "busy"]
Origin: TypeAlias = Literal["translation", "binding", "run", "trust"]


class Tabs(Protocol):
    """Where problems are read."""

    def show(self, tab: Tab) -> None:
        """Bring a tab to the front."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """Something that can be done about a problem at once."""

    label: str
    act: Callable[[], None] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `line` and `column` are 1-based, 0 where it is about no line of the editor; `ports` are those of which any
    may be chosen otherwise to mend it, as in "input NAME" and "output NAME".

    `detail` is what there is to read besides: reasons, code. `rendered` is all of it as it is printed, where that is told otherwise.
    """

    severity: Severity
    origin: Origin
    code: str
    message: str
    help: str = ""
    place: str = ""
    line: int = 0
    column: int = 0
    ports: tuple[str, ...] = ()
    detail: str = ""
    rendered: str = ""
    remedies: tuple[Remedy, ...] = ()

    def text(self) -> str:
        """Return everything about it, for reading and for the clipboard."""
        if self.rendered or self.detail:
            return self.rendered or self.detail
        head = ": ".join(part for part in (self.place, self.code, self.message) if part)
        return f"{head}\n      = help: {self.help}" if self.help else head


def of_translation(
    error: Exception | None, text: str, remedies: Callable[[Diagnostic], tuple[Remedy, ...]] = lambda _: ()
) -> Iterator[Problem]:
    """Tell what was refused of a text, or what became of the translation; `text` is the one at hand, which may be edited since."""
    if error is None:
        return
    if not isinstance(error, TranslationError):
        yield Problem("error", "translation", type(error).__name__, str(error))
        return
    for item in error.diagnostics:
        line = line_now(error.source.text, text, item.span.line)
        yield _of_diagnostic(item, line, render(item, error.source), remedies(item))


def of_endless(line: int, summary: str) -> Iterator[Problem]:
    """Tell of the loop in a line, 0 where there is none, that did not end for values that were tried."""
    if line:
        message = f"the loop in line {line} did not end for values that were tried ({summary})"
        help_ = "a prim that meets such values fails with 'instruction budget used up'; make sure that each round comes nearer to the end"
        yield Problem("warning", "translation", "endless", message, help_, f"line {line}", line)


def _of_diagnostic(item: Diagnostic, line: int, rendered: str, remedies: tuple[Remedy, ...]) -> Problem:
    help_ = "\n".join(part for part in (*item.notes, item.help) if part)
    return Problem(
        "error",
        "translation",
        item.code,
        item.message,
        help_,
        f"line {line}" if line else CHANGED,
        line,
        item.span.column,
        rendered=rendered,
        remedies=remedies,
    )


def of_stage(
    problems: Sequence[StageProblem], origin: Origin, remedies: Callable[[StageProblem], tuple[Remedy, ...]] = lambda _: ()
) -> Iterator[Problem]:
    """Tell what is wrong with bindings; what is wrong with many prims in the same way is one problem."""
    alike: dict[tuple[str, str, str], list[StageProblem]] = {}
    for item in problems:
        alike.setdefault((item.code, item.message, item.port), []).append(item)
    for items in alike.values():
        first = items[0]
        place = first.path if len(items) == 1 else f"{first.path} and {len(items) - 1} more"
        # Beside a message that does not say which port it is about.
        name = first.port.partition(" ")[2]
        place += f", {first.port}" if name and name not in first.message else ""
        detail = "\n".join(str(item) for item in items) if first.diagnostics else ""
        what = (first.severity, origin, first.code, first.message, in_the_window(first), place)
        yield Problem(*what, ports=_ports_of(first), detail=detail, remedies=remedies(first))


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a lane's error: `code` is what is bound, empty where it is not that of the text at hand, `text`."""

    message: str
    help: str
    code: str
    text: str
    remedies: tuple[Remedy, ...]


def of_lanes(errors: Sequence[LaneError], tell: Callable[[LaneError], Told]) -> Iterator[Problem]:
    """Tell which lanes failed while they ran; what failed in many in the same place is one problem.

    A result that does not fit was made where it was assigned last. A problem has a line where the text at hand has it, too.
    """
    alike: dict[tuple[str, str, int, str], list[LaneError]] = {}
    for item in errors:
        alike.setdefault((item.behaviour, item.error, item.line, item.message.partition(" is ")[0]), []).append(item)
    for items in alike.values():
        first, prims = items[0], len({item.prim for item in items})
        told = tell(first)
        more = f" and {counted(prims - 1, 'more prim')}" if prims > 1 else ""
        number = first.line or (_assigned(told.code, first.message.partition(" is ")[0]) if first.kind == "value" else 0)
        line = f" line {number}" if number else ""
        place = f"{first.behaviour}{line} on {first.prim}{more}, first in frame {first.frame}"
        now = line_now(told.code, told.text, number)
        yield Problem("error", "run", first.error, told.message, told.help, place, now, remedies=told.remedies)


def _assigned(code: str, name: str) -> int:
    """Return the last line in which a name, or the attribute of that name, is assigned; 0 where there is none."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return 0
    places = (node for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store))
    return max((node.lineno for node in places if (node.id if isinstance(node, ast.Name) else node.attr) == name), default=0)


def in_the_window(problem: StageProblem) -> str:
    """Return what to do about a problem in the window's words: its commands are buttons."""
    if not _FLAG.search(problem.help):
        return problem.help
    named = " or ".join(dict.fromkeys(name for _, name in _FLAG.findall(problem.help)))
    has = problem.help.partition("; ")[2]
    return f"choose under Ports what {named} is bound to: the … beside it{f'; {has}' if has else ''}"


def _ports_of(problem: StageProblem) -> tuple[str, ...]:
    """Return the port that a problem is about, or all that its help names."""
    named = dict.fromkeys(f"{way} {name}" for way, name in _FLAG.findall(problem.help))
    return (problem.port,) if problem.port else tuple(named)


def of_requests(requests: Sequence[TrustRequest], remedies: Callable[[TrustRequest], tuple[Remedy, ...]]) -> Iterator[Problem]:
    """Ask for the user's word about code that came with the stage: whoever is asked has to be able to read it, with nothing hidden."""
    for item in requests:
        says = f"{item.module.path} writes {item.described} and waits for your word"
        detail = f"{says}:\n\n{visible(item.module.source.text)}"
        yield Problem(
            "question", "trust", "PS150", says, "read it, then trust it", item.module.path, detail=detail, remedies=remedies(item)
        )


def explanation(code: str) -> str:
    """Return at length what a code means, as `portalis explain` says it; empty where it is no code of ours."""
    from portalis.translator.diagnostics.catalogue import CATALOGUE
    from portalis.translator.stage.problems import CODES

    if (refusal := CATALOGUE.get(code)) is not None:
        # Its examples are of other code: beside the user's own they would be taken for a change to make.
        return f"{refusal.title}\n{refusal.explanation}"
    return f"{page.title}\n{page.remedy}" if (page := CODES.get(code)) is not None else ""
