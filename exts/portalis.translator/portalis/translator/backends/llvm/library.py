"""Large library functions become objects of their own, compiled once (`precompiled.py`) and linked to every program that calls them.

What is small is compiled with the program, where LLVM can inline it; `math.sin` with all that it calls takes longer to optimise than most
programs, and is not worth inlining. An object leaves open where the error word lies and which numbers its error sites have.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from portalis.translator.backends.llvm import support
from portalis.translator.backends.llvm.context import ModuleContext
from portalis.translator.backends.llvm.machine import compile_text
from portalis.translator.backends.llvm.objects import ObjectFile, read_object
from portalis.translator.backends.llvm.precompiled import installed_objects, object_key, pack_objects
from portalis.translator.backends.llvm.statements import write_function
from portalis.translator.ir.abi import scalar_entries
from portalis.translator.ir.errors import SiteKey
from portalis.translator.ir.nodes import Call, Const, Function, Program, walk_function
from portalis.translator.ir.types import STR, TEXT, ListRef

# An object is compiled once for many programs: speed comes first.
OBJECT_LEVEL = 3
# With fewer nodes than this, its callees' included, a library function is compiled with the program.
_LARGE = 250
# What only rare characters need is an object however small: it holds large tables.
_RARE = "beyond."
_TEXTS = ListRef(TEXT)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What one function's nodes say: how many there are, whom they call, whether they hold a str."""

    nodes: int
    calls: tuple[str, ...]
    has_strings: bool


def _find_facts(function: Function) -> _Facts:
    nodes = list(walk_function(function))
    calls = dict.fromkeys(node.function for node in nodes if isinstance(node, Call))
    return _Facts(len(nodes), tuple(calls), any(isinstance(node, Const) and node.type == STR for node in nodes))


# Functions of the library live as long as the process and come with program after program.
_library_facts = lru_cache(maxsize=1024)(_find_facts)


def _facts(function: Function) -> _Facts:
    return _library_facts(function) if function.library else _find_facts(function)


@dataclass(frozen=True, slots=True)
class Partition:
    """The functions that are compiled with the program, in its order, and the library functions that are linked to it."""

    own: tuple[Function, ...]
    linked: tuple[Function, ...]


def partition(program: Program, entries: tuple[str, ...]) -> Partition:
    """Divide what the functions `entries` can reach."""
    functions = {function.name: function for function in program.functions}
    own: set[str] = set()
    linked: set[str] = set()
    pending = list(entries)
    while pending:
        name = pending.pop()
        if name in own or name in linked:
            continue
        if name not in entries and _is_large(functions, name):
            linked.add(name)
        else:
            own.add(name)
            pending.extend(_facts(functions[name]).calls)
    return Partition(
        tuple(function for function in program.functions if function.name in own),
        tuple(function for function in program.functions if function.name in linked),
    )


def closure(functions: dict[str, Function], name: str, without: str = "\0") -> dict[str, Function]:
    """Return a function and all that it can reach, by name, in a fixed order; nothing whose name begins with `without`."""
    found = {name: functions[name]}
    pending = [name]
    while pending:
        for callee in _facts(functions[pending.pop()]).calls:
            if callee not in found and not callee.startswith(without):
                found[callee] = functions[callee]
                pending.append(callee)
    return found


def _is_large(functions: dict[str, Function], name: str) -> bool:
    if functions[name].library and name.startswith(_RARE):
        return True
    if not functions[name].library or not _fits_many(functions[name]):
        return False
    facts = [_facts(function) for function in closure(functions, name, _RARE).values()]
    # A str is held as its index among the program's strings, so an object that holds one would not fit another program.
    return sum(item.nodes for item in facts) >= _LARGE and not any(item.has_strings for item in facts)


def _fits_many(function: Function) -> bool:
    """Tell whether other programs have the same function: not where it was made for the elements that one program's containers have.

    Such functions call one another: as objects of their own each would bring its own copies of the same ones.
    """
    types = (function.result, *(parameter.type for parameter in function.params))
    return all(type_ in (TEXT, _TEXTS) or not type_.refers for type_ in types)


@dataclass(frozen=True, slots=True)
class LibraryText:
    """A library function with all that it calls as text, and the sites whose numbers it leaves open, in the order of their names."""

    text: str
    sites: tuple[SiteKey, ...]


@dataclass(frozen=True, slots=True)
class CompiledFunction:
    """A library function compiled: the object, and the text that it was made of."""

    object: ObjectFile
    written: LibraryText


def library_object(context: ModuleContext, name: str, opt: int, simd: bool) -> CompiledFunction:
    """Return the object of one library function of a program, with all that it calls."""
    written = library_text(context, name)
    return CompiledFunction(_compiled(written.text, opt, simd), written)


def library_text(context: ModuleContext, name: str) -> LibraryText:
    """Return the text of one library function of a program, with all that it calls."""
    return _write(tuple(closure(context.functions, name).values()), context.program.target)


@lru_cache(maxsize=256)
def _write(functions: tuple[Function, ...], target: tuple[int, int]) -> LibraryText:
    root = functions[0]
    context = ModuleContext(Program(functions, root.name, (), target), open_sites=True)
    parts = [write_function(context, function, exported=function is root) for function in functions]
    text = support.module_text(context, "\n".join(parts), shared="external")
    return LibraryText(text, tuple(site.key for site in context.sites))


# The same functions may come again as other objects, out of a pickle: the text tells that they are the same.
@lru_cache(maxsize=256)
def _compiled(text: str, opt: int, simd: bool) -> ObjectFile:
    return read_object(installed_objects().find(text, opt, simd) or compile_text(text, opt, simd))


def runtime_object(name: str, simd: bool) -> ObjectFile:
    """Return the object of a function that we supply (`support.has_runtime`)."""
    return _compiled(support.runtime_text(name), support.runtime_level(name), simd)


def compile_ahead(programs: Iterable[Program]) -> bytes:
    """Return a bundle of the objects that scalar modules and lanes of these programs are linked with, and of functions that we supply."""
    texts = {(support.runtime_text(name), int(support.runtime_level(name))) for name in support.runtime_names()}
    for program in programs:
        context = ModuleContext(program)
        linked = partition(program, tuple(name for _, name in scalar_entries(program))).linked
        texts |= {(library_text(context, function.name).text, OBJECT_LEVEL) for function in linked}
    return pack_objects({object_key(text, level, True): compile_text(text, level, True) for text, level in sorted(texts)})
