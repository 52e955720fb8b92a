"""A whole crate from a program."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from portalis.translator.backends.rust import tree
from portalis.translator.backends.rust.abi import print_abi
from portalis.translator.backends.rust.cases import KnownCase, print_cases
from portalis.translator.backends.rust.errors import error_types
from portalis.translator.backends.rust.functions import Printed, default, documentation, initial_state
from portalis.translator.backends.rust.heap import HEAP
from portalis.translator.backends.rust.layout import Layout
from portalis.translator.backends.rust.lints import lints_of_library, lints_of_program
from portalis.translator.backends.rust.names import code_of, identifier, words_of
from portalis.translator.backends.rust.operations import CHECKED
from portalis.translator.backends.rust.packages import (
    comments_above,
    crate_name_of,
    described,
    docstring_of,
    file_name_of,
    library_manifest,
    module_files,
)
from portalis.translator.backends.rust.prepare import prepare
from portalis.translator.backends.rust.printing import print_function
from portalis.translator.backends.rust.reachable import translate
from portalis.translator.backends.rust.records import record_type, union_type
from portalis.translator.backends.rust.support import print_ops, print_support, uses_of_std
from portalis.translator.backends.rust.traversal import walk
from portalis.translator.backends.rust.world import World
from portalis.translator.ir.generators import is_generator, maker_of
from portalis.translator.ir.instances import is_instance
from portalis.translator.ir.nodes import Program
from portalis.translator.ir.types import COMPLEX, TEXT, LibraryRef, RecordType, Type, UnionType
from portalis.translator.passes.facts.effects import uses_objects
from portalis.translator.source import SourceFile

MEMORY_BYTES = 2 * 2**20
# Where a call makes objects; memory that nobody touches costs nothing.
ARENA_BYTES = 250 * 2**20
# What raises with a text that was computed.
TOLD = ("raise_text", "raise_literal", "raise_arguments")
_GENERATED = "Translated from Python by Portalis"


class Translatable(Protocol):
    """What the front-end hands on, as far as a crate needs it."""

    @property
    def program(self) -> Program: ...
    @property
    def name(self) -> str: ...
    @property
    def source(self) -> SourceFile: ...


@dataclass(frozen=True)
class Crate:
    """A Rust crate: its files' text by path from its root, its name, and how much memory its module has."""

    name: str
    files: dict[str, str]
    memory_bytes: int = MEMORY_BYTES

    @property
    def lib(self) -> str:
        """The user's functions."""
        return self.files["src/lib.rs"]


@dataclass(frozen=True)
class Tests:
    """Cases that are a crate's own tests; `member` tells of which member of a union one of Python's values is."""

    cases: Sequence[KnownCase]
    member: Callable[[Any, UnionType], Type | None]


def emit_crate(lowered: Translatable, tests: Tests | None = None) -> Crate:
    """Return the crate of what the front-end lowered, with plain operators wherever an overflow is ruled out; see `emit_program`."""
    return emit_program(prepare(lowered.program), lowered.name, lowered.program, lowered.source, tests)


def emit_program(
    program: Program, name: str, numbered: Program | None = None, source: SourceFile | None = None, tests: Tests | None = None
) -> Crate:
    """Return the crate of a program: a library, and in `wasm` the package of its module.

    The module has the scalar ABI of `ir/abi.py`; its error words are those of `numbered`, the program before passes that remove error
    sites (by default the same program).
    """
    crate_name = crate_name_of(name if source is None else file_name_of(source.path, name))
    memory = memory_of(program)
    world = World(program, numbered or program)
    files = {"Cargo.toml": library_manifest(crate_name, f"{_GENERATED}: {name}")}
    files |= {f"src/{path}": text for path, text in modules(world, source).items()}
    files |= module_files(crate_name, print_abi(world, crate_name, None), HEAP, memory)
    if tests is not None and (text := print_cases(world, crate_name, tests.member, tests.cases)):
        files["tests/cpython.rs"] = text
    return Crate(crate_name, files, memory)


def memory_of(*programs: Program) -> int:
    """Return how many bytes a module of programs has."""
    return ARENA_BYTES if any(map(uses_objects, programs)) else MEMORY_BYTES


def modules(world: World, source: SourceFile | None = None) -> dict[str, str]:
    """Return the Rust files of a program's library by their path in `src`."""
    printed = translate(world)
    by_module: dict[str | None, list[Printed]] = {None: []}
    for item in printed:
        by_module.setdefault(item.callee.module, []).append(item)
    files = {f"py/{module}.rs": _library_module(world, module, items) for module, items in by_module.items() if module is not None}
    used = frozenset(part.function for item in printed for part in walk(item.body) if isinstance(part, tree.Call))
    methods = frozenset(part.name for item in printed for part in walk(item.body) if isinstance(part, tree.Method))
    world.prints = "ops::write" in used
    if any(function.prints for function in world.program.functions):
        # The entry gives what was printed, even where nothing that prints is reached.
        world.types.name_of(TEXT)
    if support := print_support(world.types.used.values(), _error_types(world, printed, used)):
        files["py/types.rs"] = support
    if ops := print_ops(used, methods):
        files["py/ops.rs"] = ops
    if world.used_sites:
        files["py/sites.rs"] = _sites(world)
    if files:
        files["py/mod.rs"] = _index(sorted(files))
    files["lib.rs"] = _lib(world, by_module[None], printed, files, source)
    return files


def _error_types(world: World, printed: list[Printed], called: frozenset[str]) -> list[str]:
    if not any(item.callee.fallible for item in printed):
        return []
    at = any(isinstance(part, tree.Method) and part.name == "at" for item in printed for part in walk(item.body))
    return error_types(world.kinds, tells=tells(world, printed), library=at, called=called)


def _index(paths: list[str]) -> str:
    """Return py/mod.rs."""
    names = [path.removeprefix("py/").removesuffix(".rs") for path in paths]
    mods = "".join(f"pub(crate) mod {name};\n" for name in names)
    uses = "\npub use types::*;\n" if "types" in names else ""
    return f"//! What is Python's: its types, its errors, and {_GENERATED.rpartition(' ')[2]}'s library.\n\n{mods}{uses}"


def _definitions(world: World, source: SourceFile | None) -> dict[str, str]:
    """Return the definitions of the types that are one program's own, by their names."""
    found: dict[str, str] = {}
    # The fields of a record use types that nothing else may have used, records among them.
    while records := {name: type_ for name, type_ in world.types.used.items() if isinstance(type_, RecordType) and name not in found}:
        found |= {name: _record(world, name, type_) for name, type_ in records.items()}
    for name, type_ in world.types.used.items():
        if isinstance(type_, UnionType):
            found[name] = union_type(name, type_, world.types.union_members[name])
        elif isinstance(type_, LibraryRef):
            late = world.types.late_fields.get(name, frozenset())
            found[name] = record_type(name, world.types.held[name], _said(type_, source), "", world.types.object_fields[name], late)
    return found


def _said(type_: LibraryRef, source: SourceFile | None) -> str:
    if is_generator(type_):
        return f"A generator that `{maker_of(type_)}` makes."
    if is_instance(type_):
        lines = documentation(docstring_of(source, type_.python_class)) or (f"An instance of `{type_.python_class}`.",)
        return "\n".join(f"/// {line}".rstrip() for line in lines).removeprefix("/// ")
    return f"What the library has for Python's `{type_.python_class}`."


def tells(world: World, printed: list[Printed]) -> bool:
    """Tell whether functions raise with messages that are computed, or catch what was raised."""
    keeps = any(kind == "Error" for fields in world.types.object_fields.values() for _, kind in fields)
    if keeps or any(function.tells for function in world.program.functions):
        # The entry asks for what was told, even where passes found that nothing is; what keeps an exception has one before any was caught.
        world.types.name_of(TEXT)
        return True
    parts = (part for item in printed for part in walk(item.body))
    return world.catches or any(isinstance(part, tree.Method) and part.name in TOLD for part in parts)


# --------------------------------------------------------------------------------------------------------------- lib.rs
def _lib(world: World, items: list[Printed], printed: list[Printed], files: Iterable[str], source: SourceFile | None) -> str:
    definitions = _definitions(world, source)
    text = "\n".join([*_tables(world, None), *_in_order(world, items, definitions, source)])
    words = words_of(text)
    exported = {name for name in world.types.used if name not in definitions}
    fallible = any(item.callee.fallible for item in printed)
    exported |= {"Error", "Kind"} if fallible else set()
    used = {path.removeprefix("py/").removesuffix(".rs") for path in files} - {"mod", "types", "sites"}
    private = [name for name in used if re.search(rf"(?<![:\w]){name}::", code_of(text))]
    private += ["At"] * (".at(" in text) + sorted(words & {"Depth"})
    uses = [("use", f"py::{_braced(private)}")] if private else []
    uses += [("pub use", f"py::{_braced(exported)}")] if exported else []
    uses += [("use", "py::ops::Checked")] * _is_checked(items)
    uses += [("use", "py::sites::*")] if any(module is None for module, _ in world.used_sites.values()) else []
    uses += [('#[cfg(target_arch = "wasm32")]\n#[doc(hidden)]\npub use', "py::ops::take_written")] if world.prints else []
    lints = lints_of_program(world, items, text)
    mods = ["mod py;\n\n"] if any(path != "lib.rs" for path in files) else []
    shown = "".join(_use(*use) for use in sorted(uses, key=lambda use: _place_of_use(use[1])))
    std = uses_of_std("\n".join(definitions.values()))
    return "".join([described(source), "\n#![forbid(unsafe_code)]\n", *lints, "\n", *mods, *std, shown, "\n" if uses else "", text])


def _in_order(world: World, items: list[Printed], definitions: dict[str, str], source: SourceFile | None) -> list[str]:
    """Return the program's own types and functions in the order of the source, with the comments above; methods share an `impl`."""

    def shown(item: Printed, indent: int = 0) -> str:
        lines = [" " * indent + line for line in comments_above(source, item.callee.function.span.line)]
        return "\n".join([*lines, *print_function(item, indent)])

    methods: dict[str, list[Printed]] = {}
    blocks: list[tuple[int, int, str]] = []
    for item in items:
        if item.callee.owner in definitions:
            methods.setdefault(item.callee.owner, []).append(item)
        else:
            blocks.append((item.callee.function.span.line, 1, shown(item) + "\n"))
    for name, text in definitions.items():
        own = sorted(methods.get(name, ()), key=lambda item: item.callee.function.span.line)
        line = min((item.callee.function.span.line for item in own), default=0)
        if own:
            body = "\n\n".join(shown(item, 4) for item in own)
            text += f"\nimpl {name} {{\n{body}\n}}\n"
        blocks.append((line, 0, text))
    return [text for _, _, text in sorted(blocks, key=lambda block: block[:2])]


def _library_module(world: World, module: str, items: list[Printed]) -> str:
    functions = _functions(world, items)
    text = "\n".join([*_tables(world, module), functions])
    words = words_of(text)
    types = {name: type_ for name, type_ in world.types.used.items() if name in words}
    own = sorted(name for name, type_ in types.items() if isinstance(type_, RecordType | UnionType | LibraryRef))
    uses = sorted((set(world.types.used) - set(own) | {"Depth", "Error", "Kind"}) & words)
    lints = lints_of_library(world, items, text)
    lines = [f"//! {_GENERATED}'s own library.\n", *["\n"] * bool(lints), *lints]
    others = sorted({callee.module for callee in world.callees.values() if callee.module is not None and callee.module != module} | {"ops"})
    imports = [f"use super::{other};\n" for other in others if re.search(rf"(?<![:\w]){other}::", code_of(text))]
    imports += ["use super::ops::Checked;\n"] * _is_checked(items)
    imports += [f"use super::types::{_braced(uses)};\n"] if uses else []
    imports += [f"use super::super::{_braced(own)};\n"] if own else []
    imports += [f"use super::sites::{module}::*;\n"] if any(found == module for found, _ in world.used_sites.values()) else []
    return "\n".join(part for part in ("".join(lines), "".join(sorted(imports, key=_after_super)), text) if part)


def _is_checked(items: list[Printed]) -> bool:
    """Tell whether functions do arithmetic that may overflow."""
    checked = {name for name, _ in CHECKED.values()}
    return any(isinstance(part, tree.Method) and part.name in checked for item in items for part in walk(item.body))


def _functions(world: World, items: list[Printed]) -> str:
    """Return functions in order; neighbours that are methods of one type share an `impl`."""
    parts: list[str] = []
    owner: str | None = None
    for item in items:
        callee = item.callee
        if callee.operator is not None:
            block = _operator(world, item)
        elif callee.owner is not None:
            lines = print_function(item, 4)
            if owner == callee.owner:
                parts[-1] = parts[-1].removesuffix("}\n") + "\n" + "\n".join(lines) + "\n}\n"
                continue
            block = f"impl {callee.owner} {{\n" + "\n".join(lines) + "\n}\n"
        else:
            block = "\n".join(print_function(item)) + "\n"
        owner = callee.owner if callee.operator is None else None
        parts.append(block)
    return "\n".join(parts)


def _operator(world: World, item: Printed) -> str:
    operator, function = item.callee.operator, item.callee.function
    assert operator is not None
    types = [world.types.name_of(param.type) for param in function.params]
    subject, other = (types[1], types[0]) if operator.shape == "reflected" else (types[0], types[-1])
    argument = "" if operator.shape == "unary" or subject == other else f"<{other}>"
    result = [] if operator.shape == "assign" else [f"    type Output = {item.result};\n"]
    lines = "\n".join([*result, *print_function(item, 4)])
    return f"impl std::ops::{operator.trait}{argument} for {subject} {{\n{lines}\n}}\n"


def _record(world: World, name: str, type_: RecordType) -> str:
    rows = "".join(f"    pub {identifier(field)}: {world.types.name_of(item)},\n" for field, item in type_.fields)
    derived = "Clone, Copy, Debug, PartialEq" if type_.duplicable else "Clone, Debug, PartialEq"
    # What a generator or a closure keeps has a value before it is first set.
    derived = derived.replace("Debug,", "Debug, Default,") if type_ == COMPLEX else derived
    said = "A complex number" if type_ == COMPLEX else f"The state of a `{type_.name}`"
    text = f"/// {said}.\n#[derive({derived})]\npub struct {name} {{\n{rows}}}\n"
    behaviour = world.program.behaviour
    initial = initial_state(world) if behaviour is not None and behaviour.state == type_ else None
    if initial is None:
        return text
    value = Layout(lambda block, indent: []).text(initial, 8, 8)
    allowed = "#[allow(clippy::derivable_impls)]\n" if initial == default(world, type_) else ""
    return f"{text}\n{allowed}impl Default for {name} {{\n    fn default() -> {name} {{\n        {value}\n    }}\n}}\n"


def _tables(world: World, module: str | None) -> list[str]:
    layout = Layout(lambda block, indent: [])
    lines = []
    for name, (type_, value) in world.tables.get(module, {}).items():
        # References in a constant are 'static without saying so.
        shown = type_.replace("&'static str", "&str")
        head = f"const {name}: {shown} = "
        lines.append(f"{head}{layout.text(value, 0, len(head), 1)};\n")
    return lines


def _sites(world: World) -> str:
    """Return sites.rs: the constants that say where an error can arise."""
    lines = ["//! Where an error can arise: its number for the host, and the line of the Python source.\n\nuse super::types::Site;\n\n"]
    lines += _site_rows(world, None, "")
    for module in sorted({module for module, _ in world.used_sites.values() if module is not None}):
        rows = _site_rows(world, module, "    ")
        lines += [f"\n/// Lines of the library's own source.\npub(crate) mod {module} {{\n    use super::Site;\n\n", *rows, "}\n"]
    return "".join(lines)


def _site_rows(world: World, module: str | None, pad: str) -> list[str]:
    names = world.site_names()
    found = [(world.site_number(site), names[key], site.span.line) for key, (other, site) in world.used_sites.items() if other == module]
    return [f"{pad}pub(crate) const {name}: Site = Site::new({number}, {line});\n" for number, name, line in sorted(found)]


# ------------------------------------------------------------------------------------------------------------- small parts
def _braced(names: Iterable[str]) -> str:
    # Modules stand before types, as rustfmt has them.
    listed = sorted(names, key=lambda name: (name[:1].isupper(), name))
    return listed[0] if len(listed) == 1 else f"{{{', '.join(listed)}}}"


def _place_of_use(path: str) -> tuple[bool, list[tuple[bool, str]]]:
    """Return what rustfmt sorts imports by: names before lists of names, modules before types."""
    return "{" in path, [(name[:1].isupper(), name) for name in re.findall(r"\w+|\*", path)]


def _after_super(line: str) -> str:
    # rustfmt puts `super` before what has a name.
    return line.replace("super::", " ").replace(";", "")


def _use(word: str, path: str) -> str:
    line = f"{word} {path};\n"
    if len(line.rpartition("use ")[2]) + len(word.rpartition("\n")[2]) <= 100 or "{" not in path:
        return line
    head, names = path.removesuffix("}").split("{")
    rows = [""]
    for name in names.split(", "):
        rows += [""] if len(rows[-1]) + len(name) + 6 > 100 else []
        rows[-1] += f" {name}," if rows[-1] else f"{name},"
    return f"{word} {head}{{\n" + "".join(f"    {row}\n" for row in rows) + "};\n"
