"""How much of a suite of Python functions is translated, and whether it is right.

What it stands for: code that people write without thinking of a translator. FILE has one JSON document a line with `code` and `test_list`,
asserts that call the function; the calls in at most three of them give the types. A translation is held to CPython on the calls of all
asserts and on so many more (`--calls`) made from these by a generator that shares nothing with the verifier's: values, the arguments
afterwards, and exceptions. A guard is counted, never wrong. With `--rust` the crates are compiled, many at once, and held to CPython on the
same calls. What it leaves out: the speed of what is translated.

With `--journal` what became of each task is added to a file, and a run that was ended goes on where that ends. Nothing is kept of a task
that is done, so that the memory of a long run stays flat.

    python benchmarks/language.py FILE [--first N] [--every N] [--calls 20] [--seed 1] [--rust] [--journal FILE] [--json]
"""

from __future__ import annotations

import ast
import copy
import itertools
import json
import random
import signal
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from common import Result, arguments, show
from language_fuzz.compare import shown
from language_rust import TOGETHER, in_rust
from rich.console import Console
from rich.progress import Progress

from portalis.translator.backends.rust import NotInRust
from portalis.translator.bridge import GuestStop
from portalis.translator.diagnostics import GuardError, TranslationError
from portalis.translator.translating.translate import translate
from portalis.translator.translating.translation import Translation

# What asserts wrap around a call of the function itself.
WRAPPERS = frozenset(("set", "sorted", "round", "tuple", "list", "len", "isinstance", "abs", "str"))
SECONDS_A_CALL = 5
MOST_ELEMENTS = 50


@dataclass
class Tally:
    """What became of the tasks and their calls."""

    tasks: int = 0
    translated: int = 0
    weakly: int = 0
    right: int = 0
    right_without_guards: int = 0
    calls: int = 0
    guarded: int = 0
    wrong: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    not_in_rust: Counter[str] = field(default_factory=Counter)
    rust: Tally | None = None
    seconds: list[float] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """Return all fields as JSON has them."""
        told = {name: dict(value) if isinstance(value, Counter) else value for name, value in vars(self).items()}
        return told | {"rust": None if self.rust is None else self.rust.told()}

    def add(self, other: Mapping[str, Any]) -> None:
        """Add what became of other tasks, field by field."""
        for name, value in other.items():
            if name == "rust":
                self.rust = None if value is None else self.rust or Tally()
                if self.rust is not None:
                    self.rust.add(value)
            elif isinstance(value, dict):
                getattr(self, name).update(value)
            else:
                setattr(self, name, getattr(self, name) + value)


class TooSlow(Exception):
    """A call takes longer than the benchmark waits; it is left out."""


def calls_of(asserts: list[str]) -> tuple[str, list[ast.Call]]:
    """Return the function that asserts are about, and their calls of it."""
    found: list[ast.Call] = []
    for text in asserts:
        try:
            nodes = list(ast.walk(ast.parse(text)))
        except SyntaxError:
            continue
        named = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id not in WRAPPERS]
        found += named[:1]
    names = [node.func.id for node in found if isinstance(node.func, ast.Name)]
    return (names[0], [node for node, name in zip(found, names, strict=True) if name == names[0]]) if names else ("", [])


def mutated(value: Any, source: random.Random) -> Any:
    """Return another value of the same type; what a container holds keeps its type, too."""
    match value:
        case bool():
            return source.random() < 0.5
        case int():
            return source.choice((value, value + 1, value - 1, -value, value * 2, source.randint(-20, 20)))
        case float():
            return source.choice((value, value + 0.5, -value, value * 2.0, round(source.uniform(-20, 20), 2)))
        case str():
            characters = [*value, source.choice("abz AZ09_-.")]
            source.shuffle(characters)
            return "".join(characters[: source.randint(0, len(characters))])
        case tuple():
            return tuple(mutated(item, source) for item in value)
        case list() if value:
            items = [mutated(source.choice(value), source) for _ in range(source.randint(0, len(value) + 2))]
            return items if source.random() < 0.7 else sorted(items, key=repr)
        case dict():
            return {mutated(key, source): mutated(item, source) for key, item in value.items() if source.random() < 0.9}
        case _:
            return value


def outcome(function: Any, given: tuple[Any, ...]) -> str:
    """Return what a call gives or raises, and its arguments afterwards, as text; a guard and a spent budget as they are."""
    signal.alarm(SECONDS_A_CALL)
    try:
        value = function(*given)
        # Of an iterator its elements are compared, as far as they go.
        result = ("value", list(itertools.islice(value, MOST_ELEMENTS)) if isinstance(value, Iterator) else value)
    except (GuardError, GuestStop):
        return "guarded"
    except TooSlow:
        raise
    except RecursionError:
        # Its text tells which of the host's own calls came too late.
        result = ("RecursionError", "")
    except Exception as error:
        result = (type(error).__name__, str(error))
    finally:
        signal.alarm(0)
    # The order of a set of texts is nobody's: it differs from one run of CPython to the next.
    return f"{result[0]} {shown(result[1])} {shown(list(given))}"


def _given_up(number: int, frame: FrameType | None) -> None:
    raise TooSlow


def arguments_of(
    calls: list[ast.Call], namespace: dict[str, Any], more: int, source: random.Random
) -> Iterator[tuple[bool, tuple[Any, ...]]]:
    """Yield the arguments of the asserts' calls, and of calls made from these: whether they are an assert's, and they."""
    shown = []
    for call in calls:
        given = tuple(eval(ast.unparse(argument), dict(namespace)) for argument in call.args)
        shown.append(given)
        yield True, given
    for _ in range(more if shown else 0):
        yield False, tuple(mutated(item, source) for item in source.choice(shown))


def hold(
    translation: Callable[..., Any], code: str, name: str, calls: list[ast.Call], more: int, tally: Tally, source: random.Random
) -> None:
    """Compare a translation with the original."""
    namespace: dict[str, Any] = {}
    exec(code, namespace)
    original = namespace[name]
    right = unguarded = True
    for is_assert, given in arguments_of(calls, namespace, more, source):
        ours, theirs = copy.deepcopy(given), copy.deepcopy(given)
        try:
            wanted, found = outcome(original, theirs), outcome(translation, ours)
        except TooSlow:
            continue
        tally.calls += 1
        if found == "guarded":
            tally.guarded += 1
            unguarded = False
            right = right and not is_assert
        elif found != wanted:
            right = False
            tally.wrong.append(f"{name}{given!r}: {wanted[:120]} in CPython, {found[:120]}")
    tally.right += right
    tally.right_without_guards += right and unguarded


def try_task(task: dict[str, Any], more: int, tally: Tally, source: random.Random) -> Translation | None:
    """Translate one task and hold it to its original."""
    name, calls = calls_of(task["test_list"])
    if not name or any(call.keywords for call in calls):
        return None
    code = task["code"].replace("\r\n", "\n")
    tally.tasks += 1
    started = time.perf_counter()
    try:
        translation = translate(code, name, [ast.unparse(call) for call in calls[:3]])
    except TranslationError as error:
        tally.refused.update({diagnostic.code for diagnostic in error.diagnostics})
        return None
    except Exception as error:
        tally.crashes.append(f"{name}: {type(error).__name__}: {error}")
        return None
    tally.seconds.append(time.perf_counter() - started)
    tally.translated += 1
    assert translation.report is not None
    tally.weakly += translation.report.artefact("wasm").status != "verified"
    hold(translation, code, name, calls, more, tally, source)
    return translation


def try_rust(tasks: list[tuple[dict[str, Any], Translation]], more: int, seed: int) -> Tally:
    """Hold the crates of translations to the originals."""
    rust = Tally()
    for number, made in in_rust([translation.lowered for _, translation in tasks]):
        task, source = tasks[number][0], random.Random(seed)
        name, calls = calls_of(task["test_list"])
        if isinstance(made, NotInRust):
            rust.not_in_rust[str(made)] += 1
        elif isinstance(made, Exception):
            rust.crashes.append(f"{name}: {type(made).__name__}: {str(made)[:400]}")
        else:
            rust.translated += 1
            hold(made, task["code"].replace("\r\n", "\n"), name, calls, more, rust, source)
    return rust


def tallies(tasks: list[dict[str, Any]], options: Namespace) -> Iterator[tuple[int, Tally]]:
    """Yield how many tasks are done and what became of those since the last time: one, or with Rust as many as are compiled at once."""
    tally, translated = Tally(), []
    for number, task in enumerate(tasks, start=1):
        translation = try_task(task, options.calls, tally, random.Random(options.seed * 1000 + number))
        translated += [(task, translation)] if translation is not None and options.rust else []
        if len(translated) < TOGETHER and options.rust and number < len(tasks):
            continue
        tally.rust = try_rust(translated, options.calls, options.seed) if options.rust else None
        yield number, tally
        tally, translated = Tally(), []


def tabulate(tally: Tally, path: Path) -> Result:
    """Return what is shown."""
    seconds = sorted(tally.seconds) or [0.0]
    percent = 100.0 / max(1, tally.tasks)
    rows = [
        ("translated and verified", f"{tally.translated} ({tally.translated * percent:.1f} %), {tally.weakly} of them weakly"),
        ("right on every assert, nothing wrong", f"{tally.right} ({tally.right * percent:.1f} %)"),
        ("and no call guarded", f"{tally.right_without_guards} ({tally.right_without_guards * percent:.1f} %)"),
        ("calls compared, guarded, wrong", f"{tally.calls}, {tally.guarded}, {len(tally.wrong)}"),
        ("crashes", str(len(tally.crashes))),
        ("ms a translation, p50 and p95", f"{seconds[len(seconds) // 2] * 1000:.0f}, {seconds[int(len(seconds) * 0.95)] * 1000:.0f}"),
        *((f"refused with {code}", str(count)) for code, count in tally.refused.most_common()),
        *(("WRONG", text) for text in tally.wrong),
        *(("CRASH", text) for text in tally.crashes),
    ]
    if tally.rust is not None:
        rust = tally.rust
        rows += [
            ("in Rust", f"{rust.translated} ({rust.translated * percent:.1f} %)"),
            ("in Rust: right on every assert, nothing wrong", f"{rust.right} ({rust.right * percent:.1f} %)"),
            ("in Rust: calls compared, guarded, wrong", f"{rust.calls}, {rust.guarded}, {len(rust.wrong)}"),
            *((f"not in Rust: {reason}", str(count)) for reason, count in rust.not_in_rust.most_common()),
            *(("RUST WRONG", text) for text in rust.wrong),
            *(("RUST CRASH", text) for text in rust.crashes),
        ]
    return Result(f"{tally.tasks} functions of {path.name}", ["", "count"], [list(row) for row in rows], data=tally.told())


def main() -> None:
    """Run the suite, and print a table or JSON."""
    parser = arguments("how much of a suite of Python functions is translated")
    parser.add_argument("file", type=Path, help="JSON lines with `code` and `test_list`")
    parser.add_argument("--first", type=int, help="only so many tasks")
    parser.add_argument("--calls", type=int, default=20, help="further calls of each function")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rust", action="store_true", help="compile and run the crates, too")
    parser.add_argument("--every", type=int, default=1, help="only each so manieth task")
    parser.add_argument("--journal", type=Path, help="where what became of the tasks is added; a run goes on where it ends")
    options = parser.parse_args()
    signal.signal(signal.SIGALRM, _given_up)
    lines = options.file.read_text("utf-8").splitlines()
    tasks = [json.loads(line) for line in lines if line.strip()][: options.first][:: options.every]
    total, done = Tally(), 0
    if options.journal is not None and options.journal.exists():
        for line in options.journal.read_text("utf-8").splitlines():
            count, told = json.loads(line)
            done += count
            total.add(told)
    with Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task(options.file.name, total=len(tasks), completed=done)
        before = 0
        for number, tally in tallies(tasks[done:], options):
            total.add(tally.told())
            if options.journal is not None:
                with options.journal.open("a", encoding="utf-8") as journal:
                    journal.write(json.dumps([number - before, tally.told()]) + "\n")
            before = number
            progress.update(bar, completed=done + number)
    show([tabulate(total, options.file)], options.json)
    raise SystemExit(1 if any(each.wrong or each.crashes for each in (total, total.rust) if each) else 0)


if __name__ == "__main__":
    main()
