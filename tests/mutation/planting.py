"""Planting a mistake in the running compiler, and taking it out again; no file is changed.

A function is planted by giving it other code, compiled from its source with one passage replaced: whoever imported the function, under
whatever name, then runs the mistake.
"""

from __future__ import annotations
import __future__

import functools
import importlib
import inspect
import os
import sys
import tempfile
import textwrap
import types
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from portalis.translator import source
from portalis.translator.source import SourceFile
from tests.semantics.executors import OfTheLast

PACKAGE = "portalis.translator."
PACKAGE_FOLDER = Path(source.__file__).parent
# What is computed from what: a mistake in a room spoils what the rooms after it have cached.
ROOMS = (
    "source",
    "syntax",
    "diagnostics",
    "private",
    "library",
    "frontend",
    "ir",
    "passes",
    "backends",
    "bridge",
    "calling",
    "verify",
    "translating",
    "work",
    "servers",
    "stage",
    "cli",
)


class CannotPlant(Exception):
    """The passage that a mistake replaces is not where it should be: the mistake must be planted anew."""


@dataclass(frozen=True)
class Rewrite:
    """Other text in one function. `place` is `module:function` or `module:Class.method`; `old` occurs in it exactly once."""

    place: str
    old: str
    new: str


@dataclass(frozen=True)
class Entry:
    """Another value, or one more, in a dictionary. `place` is `module:NAME`."""

    place: str
    key: Any
    value: Any


@dataclass(frozen=True)
class Value:
    """Another value of a module's name. `place` is `module:NAME`; whoever imported the name itself keeps the right one."""

    place: str
    value: Any


@dataclass(frozen=True)
class LibraryText:
    """Other text in a library module as the front-end reads it; what CPython runs of the library stays right. `old` occurs once."""

    module: str
    old: str
    new: str

    @property
    def place(self) -> str:
        return f"library.{self.module}"


@dataclass(frozen=True)
class LibraryModule:
    """A library module with another text, as the front-end reads it; what CPython runs of the library stays right."""

    module: str
    text: str

    @property
    def place(self) -> str:
        return f"library.{self.module}"


@dataclass(frozen=True)
class InChildren:
    """Other text in a module as processes that are started meanwhile find it; this process keeps what it has. `old` occurs once."""

    module: str
    old: str
    new: str

    @property
    def place(self) -> str:
        return f"{self.module}:"


Edit = Rewrite | Entry | Value | LibraryText | LibraryModule | InChildren


@contextmanager
def planted(edits: tuple[Edit, ...]) -> Iterator[None]:
    """Run the compiler with some mistakes; caches that could hide or keep them are emptied before and after."""
    room = min((edit.place.partition(".")[0].partition(":")[0] for edit in edits), key=ROOMS.index)
    with ExitStack() as stack:
        stack.callback(_empty_caches, room)
        for edit in edits:
            stack.enter_context(_applied(edit))
        _empty_caches(room)
        yield


@contextmanager
def _applied(edit: Edit) -> Iterator[None]:
    match edit:
        case Rewrite():
            function = _function(edit.place)
            own = function.__code__
            function.__code__ = _rewritten(function, edit)
            try:
                yield
            finally:
                function.__code__ = own
        case Entry(place, key, value):
            with mock.patch.dict(_found(place), {key: value}):
                yield
        case Value(place, value):
            module, _, name = place.partition(":")
            with mock.patch.object(importlib.import_module(PACKAGE + module), name, value):
                yield
        case InChildren():
            with tempfile.TemporaryDirectory(prefix="planted-") as folder, mock.patch("sys.path", [folder, *sys.path]):
                _copy(edit, Path(folder))
                with mock.patch.dict(os.environ, {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}):
                    yield
        case LibraryText() | LibraryModule():
            with mock.patch("portalis.translator.frontend.calls.library.SourceFile", functools.partial(_altered, edit)):
                yield


def _copy(edit: InChildren, folder: Path) -> None:
    """Make the package anew in a folder, with one module changed: all else is links."""
    place, parts = PACKAGE_FOLDER, edit.module.split(".")
    copy = folder / "portalis" / "translator"
    for step in (*parts[:-1], f"{parts[-1]}.py"):
        copy.mkdir(parents=True)
        for item in place.iterdir():
            if item.name not in (step, "__pycache__"):
                (copy / item.name).symlink_to(item)
        place, copy = place / step, copy / step
    copy.write_text(_replaced(place.read_text("utf-8"), edit.old, edit.new, edit.module), "utf-8")


def _altered(edit: LibraryText | LibraryModule, path: str, text: str) -> SourceFile:
    if path != f"library/{edit.module}.py":
        return SourceFile(path, text)
    if isinstance(edit, LibraryModule):
        return SourceFile(path, edit.text)
    return SourceFile(path, _replaced(text, edit.old, edit.new, path))


def _replaced(text: str, old: str, new: str, place: str) -> str:
    if text.count(old) != 1:
        raise CannotPlant(f"{place} has {text.count(old)} times: {old}")
    return text.replace(old, new)


def _found(place: str) -> Any:
    module, _, path = place.partition(":")
    return functools.reduce(getattr, path.split("."), importlib.import_module(PACKAGE + module))


def _function(place: str) -> types.FunctionType:
    found = _found(place)
    if isinstance(found, property):
        found = found.fget
    function = inspect.unwrap(found)
    assert isinstance(function, types.FunctionType), place
    return function


def _rewritten(function: types.FunctionType, edit: Rewrite) -> types.CodeType:
    source = textwrap.dedent(inspect.getsource(function))
    text = _replaced(source, edit.old, edit.new, edit.place)
    # Around it a function that owns what it closes over, such as the `__class__` of `super()`; its own name stays the module's.
    closed = "".join(f"    {name} = None\n" for name in function.__code__.co_freevars) + f"    global {function.__name__}\n"
    module = compile(
        f"def around():\n{closed}{textwrap.indent(text, '    ')}",
        f"<{edit.place} with a mistake>",
        "exec",
        flags=__future__.annotations.compiler_flag,
        dont_inherit=True,
    )
    code = _named(_named(module, "around"), function.__name__)
    if code.co_freevars != function.__code__.co_freevars:
        raise CannotPlant(f"{edit.place} would close over something else")
    return code


def _named(code: types.CodeType, name: str) -> types.CodeType:
    return next(item for item in code.co_consts if isinstance(item, types.CodeType) and item.co_name == name)


_CACHES = (type(functools.cache(len)), OfTheLast)


def _empty_caches(first_room: str) -> None:
    # The bridge caches engines, not code.
    rooms = (*(PACKAGE + room for room in ROOMS[ROOMS.index(first_room) :] if room != "bridge"), "tests.semantics.executors")
    for name, module in list(sys.modules.items()):
        if name.startswith(rooms):
            for item in list(vars(module).values()):
                if isinstance(item, _CACHES):
                    item.cache_clear()
