"""Large library functions become objects of their own, compiled once (`precompiled.py`) and linked to every program that calls them.

What is small is compiled with the program, where LLVM can inline it; `math.sin` with all that it calls takes longer to optimise than most
programs, and is not worth inlining. What works on containers comes in families of functions that call one another: there each is an object
of its own that leaves the others to the linker. An object leaves open, too, where the error word lies and how its error sites are numbered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from portalis.translator.backends.llvm import support
from portalis.translator.backends.llvm.context import ModuleContext
from portalis.translator.backends.llvm.machine import SMALL, compile_text
from portalis.translator.backends.llvm.objects import ObjectFile, read_object
from portalis.translator.backends.llvm.precompiled import installed_objects, object_key, pack_objects
from portalis.translator.backends.llvm.statements import declare_function, write_function
from portalis.translator.ir.abi import scalar_entries
from portalis.translator.ir.errors import SiteKey
from portalis.translator.ir.nodes import Call, Const, Function, Program, walk_function
from portalis.translator.ir.types import STR, TEXT, ListRef, Type
from portalis.translator.passes.lowering.wire_codecs import write_codecs

# An object is compiled once for many programs: speed comes first.
OBJECT_LEVEL = 3
# With fewer nodes than this, its callees' included, a library function is compiled with the program.
_LARGE = 250
# With fewer nodes of its own a function on containers is compiled with whoever calls it.
_MEMBER = 40
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


class Linkage:
    """Which functions of a program are objects of their own, and what such an object holds."""

    def __init__(self, functions: Mapping[str, Function]) -> None:
        self.functions = functions
        self._levels: dict[str, int] = {}

    def level(self, name: str) -> int:
        """Return the level at which a function's object is compiled; 0 where it is compiled with whoever calls it."""
        found = self._levels.get(name)
        if found is None:
            alone = self.functions[name].library
            found = OBJECT_LEVEL if alone and self._is_large(name) else SMALL if alone and self._is_member(name) else 0
            self._levels[name] = found
        return found

    def _is_large(self, name: str) -> bool:
        if name.startswith(_RARE):
            return True
        if not _fits_many(self.functions[name]):
            return False
        facts = [_facts(function) for function in closure(self.functions, name, _RARE).values()]
        # A str is held as its index among the program's strings, so an object that holds one would not fit another program.
        return sum(item.nodes for item in facts) >= _LARGE and not any(item.has_strings for item in facts)

    def _is_member(self, name: str) -> bool:
        """Tell whether a function is one of those on containers that are objects each by itself."""
        function = self.functions[name]
        if _facts(function).nodes < _MEMBER or not any(type_.refers for type_ in _types(function)):
            return False
        # What calls back into the program is made for it.
        return all(item.library and not _facts(item).has_strings for item in closure(self.functions, name).values())

    def parts(self, name: str) -> tuple[tuple[Function, ...], tuple[Function, ...]]:
        """Return the functions that the object of `name` holds, that one first, and those that it calls and that are other objects."""
        if self.level(name) == OBJECT_LEVEL:
            return tuple(closure(self.functions, name).values()), ()
        held, linked = self.reached((name,))
        return tuple(self.functions[one] for one in held), tuple(self.functions[one] for one in linked)

    def reached(self, names: Iterable[str]) -> tuple[dict[str, None], dict[str, None]]:
        """Return what `names` reach without leaving their object, themselves included, and what that calls in other objects."""
        held, linked = dict.fromkeys(names), dict[str, None]()
        pending = list(held)
        while pending:
            for callee in _facts(self.functions[pending.pop()]).calls:
                if callee in held or callee in linked:
                    continue
                if self.level(callee):
                    linked[callee] = None
                else:
                    held[callee] = None
                    pending.append(callee)
        return held, linked


def partition(linkage: Linkage, entries: tuple[str, ...]) -> Partition:
    """Divide what the functions `entries` can reach."""
    own, found = linkage.reached(entries)
    linked = dict(found)
    pending = list(found)
    while pending:
        _, others = linkage.parts(pending.pop())
        for function in others:
            if function.name not in linked:
                linked[function.name] = None
                pending.append(function.name)
    functions = linkage.functions.values()
    return Partition(
        tuple(function for function in functions if function.name in own),
        tuple(function for function in functions if function.name in linked),
    )


def closure(functions: Mapping[str, Function], name: str, without: str = "\0") -> dict[str, Function]:
    """Return a function and all that it can reach, by name, in a fixed order; nothing whose name begins with `without`."""
    found = {name: functions[name]}
    pending = [name]
    while pending:
        for callee in _facts(functions[pending.pop()]).calls:
            if callee not in found and not callee.startswith(without):
                found[callee] = functions[callee]
                pending.append(callee)
    return found


def _fits_many(function: Function) -> bool:
    """Tell whether a function is of use to other programs as a whole: not where it was made for the elements of one's containers."""
    return all(type_ in (TEXT, _TEXTS) or not type_.refers for type_ in _types(function))


def _types(function: Function) -> tuple[Type, ...]:
    return (function.result, *(parameter.type for parameter in function.params))


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


def library_object(linkage: Linkage, name: str, target: tuple[int, int], simd: bool, level: int | None = None) -> CompiledFunction:
    """Return the object of one library function of a program, compiled at its own level where none is given."""
    written = library_text(linkage, name, target)
    return CompiledFunction(_compiled(written.text, level or linkage.level(name), simd), written)


def library_text(linkage: Linkage, name: str, target: tuple[int, int]) -> LibraryText:
    """Return the text of one library function of a program, with all of what it calls that is no object of its own."""
    held, linked = linkage.parts(name)
    # What a function may do depends on all that it reaches, in other objects, too.
    known = closure(linkage.functions, name) if linked else {}
    beyond = tuple(function for function in known.values() if function not in held and function not in linked)
    return _write(held, linked, beyond, linkage.level(name) == SMALL, target)


@lru_cache(maxsize=1024)
def _write(
    held: tuple[Function, ...], linked: tuple[Function, ...], beyond: tuple[Function, ...], is_small: bool, target: tuple[int, int]
) -> LibraryText:
    root = held[0]
    context = ModuleContext(Program((*held, *linked, *beyond), root.name, (), target), open_sites=True, marks_inline=is_small)
    parts = [write_function(context, function, exported=function is root) for function in held]
    parts += [declare_function(context, function) for function in linked]
    text = support.module_text(context, "\n".join(parts), shared="external")
    return LibraryText(text, tuple(site.key for site in context.sites))


# The same functions may come again as other objects, out of a pickle: the text tells that they are the same.
@lru_cache(maxsize=1024)
def _compiled(text: str, opt: int, simd: bool) -> ObjectFile:
    return read_object(_object_bytes(text, opt, simd))


def _object_bytes(text: str, opt: int, simd: bool) -> bytes:
    return installed_objects().find(text, opt, simd) or compile_text(text, opt, simd)


def runtime_object(name: str, simd: bool) -> ObjectFile:
    """Return the object of a function that we supply (`support.has_runtime`)."""
    return _compiled(support.runtime_text(name), support.runtime_level(name), simd)


def compile_ahead(programs: Iterable[Program]) -> bytes:
    """Return a bundle of the objects that scalar modules and lanes of these programs are linked with, and of functions that we supply."""
    texts = {(support.runtime_text(name), int(support.runtime_level(name))) for name in support.runtime_names()}
    for program in programs:
        codecs = write_codecs(program).program
        linkage = Linkage({function.name: function for function in codecs.functions})
        for function in partition(linkage, tuple(name for _, name in scalar_entries(program))).linked:
            texts.add((library_text(linkage, function.name, program.target).text, linkage.level(function.name)))
    return pack_objects({object_key(text, level, True): _object_bytes(text, level, True) for text, level in sorted(texts)})
