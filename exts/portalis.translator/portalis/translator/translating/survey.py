"""A survey of a code base: which of its functions are translated, which are refused and why, and what would unlock most of them.

Types come from where `translate` takes them, and from calls with constants anywhere in the code base. Nothing of it is imported, and every
source runs in an oracle of its own: nobody says that whoever asks has read it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from portalis.translator.diagnostics import Diagnostic, TranslationError
from portalis.translator.frontend import read_source
from portalis.translator.frontend.assemble.entry import is_behaviour
from portalis.translator.source import SourceFile
from portalis.translator.translating.options import Options
from portalis.translator.translating.translate import translate

# Calls that show types, so many of each function: what more of them add is cases, and verification makes its own.
MOST_EXAMPLES = 3
# What one code says differs with what it is said of; so many show what it is about.
MOST_MESSAGES = 3
_LEFT_OUT = frozenset((".git", ".venv", "venv", "node_modules", "__pycache__", "build", "dist", "site-packages"))
_CONSTANTS = (ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.UnaryOp, ast.USub, ast.UAdd, ast.Load)


@dataclass(frozen=True, slots=True)
class Unit:
    """What is translated as one: a function of a module, or a behaviour class; `examples` are calls of it found in the code base."""

    path: Path
    source: SourceFile
    name: str
    line: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What became of a unit. `diagnostics` say why it is refused; a file that cannot be read has no name."""

    path: str
    name: str
    line: int
    status: Literal["verified", "weakly verified", "refused", "unreadable"]
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def codes(self) -> frozenset[str]:
        """The codes of its diagnostics."""
        return frozenset(item.code for item in self.diagnostics)


@dataclass(frozen=True, slots=True)
class Blocker:
    """A code that stands in the way.

    `refuses` counts the units that it is said of, `alone` those of which nothing else is said; `unlocked` are those that are translated
    once this one and all that are ranked before it are gone. `messages` are what it says most often, each with how often and where first.
    """

    code: str
    refuses: int
    alone: int
    unlocked: int
    messages: tuple[tuple[str, int, str], ...]


def python_files(folder: Path) -> list[Path]:
    """Return the Python files of a folder, by name; or the file itself. What tools keep beside sources is left out."""
    if folder.is_file():
        return [folder]
    files = (path for path in folder.rglob("*.py") if path.is_file())
    return sorted(path for path in files if _LEFT_OUT.isdisjoint(path.relative_to(folder).parts[:-1]))


def units_of(files: Sequence[Path]) -> tuple[list[Unit], list[Surveyed]]:
    """Read files; return what can be translated in them, and those that cannot be read."""
    read: list[tuple[Path, SourceFile, ast.Module]] = []
    unreadable: list[Surveyed] = []
    for path in files:
        try:
            source = read_source(path)
            read.append((path, source, ast.parse(source.text)))
        except TranslationError as error:
            unreadable.append(Surveyed(str(path), "", 1, "unreadable", error.diagnostics))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            # `translate` has the right words for it.
            unreadable.append(_tried(str(path), "", 1, source, ()))
        except OSError:
            unreadable.append(Surveyed(str(path), "", 1, "unreadable"))
    calls = _calls_by_function((path, tree) for path, _, tree in read)
    units = [
        Unit(path, source, node.name, node.lineno, tuple(calls.get((path.stem, node.name), ()))[:MOST_EXAMPLES])
        for path, source, tree in read
        for node in tree.body
        if isinstance(node, ast.FunctionDef) or (isinstance(node, ast.ClassDef) and is_behaviour(node))
    ]
    return units, unreadable


def survey(unit: Unit, cases: int) -> Surveyed:
    """Translate a unit and verify it on `cases` cases."""
    return _tried(str(unit.path), unit.name, unit.line, unit.source, unit.examples, cases)


def _tried(path: str, name: str, line: int, source: SourceFile, examples: tuple[str, ...], cases: int = 1) -> Surveyed:
    try:
        made = translate(source, name or None, examples, options=Options(cases=cases))
    except TranslationError as error:
        return Surveyed(path, name, line, "refused" if name else "unreadable", error.diagnostics)
    assert made.report is not None
    weakly = made.report.artefact("wasm").status == "weakly verified"
    return Surveyed(path, name, line, "weakly verified" if weakly else "verified")


def blockers(surveyed: Iterable[Surveyed]) -> list[Blocker]:
    """Rank the codes that refuse, each time the one whose end unlocks most of what is left; ties by how many it refuses."""
    refused = [item for item in surveyed if item.status == "refused"]
    reasons = [item.codes for item in refused]
    left = set[str]().union(*reasons)
    gone: set[str] = set()
    ranked: list[Blocker] = []
    while left:
        code = max(sorted(left), key=lambda one: (sum(item - gone == {one} for item in reasons), sum(one in item for item in reasons)))
        left.remove(code)
        gone.add(code)
        counts = (sum(code in item for item in reasons), sum(item == {code} for item in reasons), sum(item <= gone for item in reasons))
        ranked.append(Blocker(code, *counts, _most_said(code, refused)))
    return ranked


def _most_said(code: str, refused: Iterable[Surveyed]) -> tuple[tuple[str, int, str], ...]:
    said: dict[str, list[str]] = {}
    for item in refused:
        for message, span in {one.message: one.span for one in reversed(item.diagnostics) if one.code == code}.items():
            said.setdefault(message, []).append(f"{span.file}:{span.line}")
    most = sorted(said.items(), key=lambda pair: -len(pair[1]))[:MOST_MESSAGES]
    return tuple((message, len(places), places[0]) for message, places in most)


def _calls_by_function(trees: Iterable[tuple[Path, ast.Module]]) -> dict[tuple[str, str], dict[str, None]]:
    """Return, by a function's module and name, the calls of it with constants, in its own file and where its name was imported."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for path, tree in trees:
        homes = {node.name: (path.stem, node.name) for node in tree.body if isinstance(node, ast.FunctionDef)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                module = (node.module or "").rpartition(".")[2]
                homes |= {alias.asname or alias.name: (module or alias.name, alias.name) for alias in node.names}
        for name, call in _constant_calls(tree):
            if name in homes:
                module, real = homes[name]
                text = ast.unparse(ast.Call(ast.Name(real, ast.Load()), call.args, call.keywords))
                # A package often gives on what a module of the function's own name defines.
                for home in {(module, real), (real, real)}:
                    found.setdefault(home, {})[text] = None
    return found


def _constant_calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            values = [*node.args, *(keyword.value for keyword in node.keywords)]
            if values and all(keyword.arg for keyword in node.keywords) and all(map(_is_constant, values)):
                yield node.func.id, node


def _is_constant(node: ast.expr) -> bool:
    return all(isinstance(part, _CONSTANTS) for part in ast.walk(node))
