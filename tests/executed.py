"""Modules executed as an oracle executes them, from texts of our own: nothing of them has to be accepted."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from portalis.translator.ir.types import Type
from portalis.translator.source import SourceFile
from portalis.translator.syntax import AcceptedModule, write
from portalis.translator.verify.oracle.compiling import compile_accepted, compile_tree
from portalis.translator.verify.oracle.messages import CompiledModule, EntryRequest, LoadRequest
from portalis.translator.verify.oracle.namespace import Library
from portalis.translator.verify.oracle.program import Oracle
from portalis.translator.work.codec import encode


def execute(source: SourceFile, name: str, parameter_types: Sequence[Type], library: Library, recursive: Iterable[str] = ()) -> Oracle:
    """Execute a module as it is."""
    recursive = tuple(recursive)
    tree = ast.parse(source.text.removeprefix("\ufeff"), source.path)
    code, _ = compile_tree(tree, source.path, recursive)
    return Oracle.execute(code, source.path, name, parameter_types, library, recursive)


def load_request(text: str, path: str, name: str, entry: EntryRequest, strings: tuple[str, ...] = ()) -> bytes:
    """Ask an oracle for a module with one entry, which may hold what no front-end accepts."""
    module = compile_accepted(write(AcceptedModule(ast.parse(text))), path)
    assert isinstance(module, CompiledModule)
    return encode(LoadRequest, LoadRequest(module, path, name, strings, (), (entry,), ()))
