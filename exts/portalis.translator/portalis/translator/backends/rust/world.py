"""What printing one function must know of the rest of the program: names, types, who may fail, error sites."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property

from portalis.translator.backends.rust.callees import Callee, FunctionNames
from portalis.translator.backends.rust.divisions import is_plain_division, library_names
from portalis.translator.backends.rust.entries import steady_walks
from portalis.translator.backends.rust.errors import Kinds
from portalis.translator.backends.rust.frames import UnclearFrame, find_frames
from portalis.translator.backends.rust.names import Scope, identifier
from portalis.translator.backends.rust.steady import OF_ITEMS, Reader
from portalis.translator.backends.rust.tree import Expr
from portalis.translator.backends.rust.type_names import NotInRust, TypeNames
from portalis.translator.ir.abi import scalar_entries
from portalis.translator.ir.errors import ErrorSite, error_sites
from portalis.translator.ir.exceptions import LIMIT, constant_message, is_caught
from portalis.translator.ir.nodes import Finally, ObjectOp, Program, Try, walk_function
from portalis.translator.ir.types import Type
from portalis.translator.passes.facts.steady import CHANGES, functions_that
from portalis.translator.passes.lowering.error_edges import find_endings, with_error_edges
from portalis.translator.passes.rewriter import with_functions


def _asked_classes(program: Program) -> list[str]:
    """Return the names of the classes that a program's handlers ask for."""
    nodes = (node for function in program.functions for node in walk_function(function))
    asked = (node.name.split() for node in nodes if isinstance(node, ObjectOp) and node.op == "error.is" and node.name != LIMIT)
    return [name for names in asked for name in names]


class World:
    """A program's functions, types and error sites under their Rust names.

    Sites are numbered by `numbered`, the program as its hosts know it; `program` is the one that is printed, which may have fewer. `called`
    grows as functions are translated: the entries and what they reach, possibly several times over.
    """

    def __init__(self, program: Program, numbered: Program) -> None:
        self.library = library_names(program)
        # A guard goes on its way through whatever handles exceptions.
        handling = [
            function.name for function in program.functions if any(isinstance(node, Try | Finally) for node in walk_function(function))
        ]
        walks = steady_walks(program)
        endings = find_endings(program, lambda call: id(call) in walks or is_plain_division(call, self.library), handling)
        self.fallible = endings.fallible
        self.program = with_functions(program, tuple(with_error_edges(function, endings) for function in program.functions))
        self.called = [name for _, name in scalar_entries(program)]
        self.raised = error_sites(numbered)
        named = [site.name for site in self.raised if site.kind == "exception"]
        self.kinds = Kinds([*named, *_asked_classes(program)], dict(program.exceptions))
        # The module's variables that outlive a call: parameters of those who use them.
        self.kept = frozenset(param.name for param in program.function(program.initial).params) if program.initial else frozenset()
        self.sites = {site.key: number for number, site in enumerate(self.raised, 1)}
        self.used_sites: dict[str, tuple[str | None, ErrorSite]] = {}
        self.tables: dict[str | None, dict[str, tuple[str, Expr]]] = {}
        # The functions that take and give objects which hold objects of their type.
        self.takers: dict[Type, str] = {}
        self.givers: dict[Type, str] = {}
        try:
            self.frames = find_frames(program)
        except UnclearFrame as error:
            raise NotInRust(str(error)) from None
        self.catches = self.prints = False
        modules = {function.name.partition(".")[0] for function in program.functions if function.library}
        self._scopes: dict[str, Scope] = {}
        self.types = TypeNames(self.frames, modules, self._value_names(), self._scopes)
        self.callees = FunctionNames(self.program, self.fallible, self.types, self._scopes).callees()

    def _value_names(self) -> set[str]:
        """Return what variables, fields and functions may be called."""
        functions = self.program.functions
        variables = (name for function in functions for name in (*(param.name for param in function.params), *dict(function.locals)))
        names = {function.display.rpartition(".")[2] for function in functions}
        names.update(re.sub(r"\.\d+$", "", name) for name in variables)
        fields = {field.name for held in self.frames.values() for field in held.values()}
        return fields.union(map(identifier, names))

    def function_names(self, module: str | None) -> frozenset[str]:
        """Return the functions that code in `module` calls by their bare name."""
        return frozenset(callee.name for callee in self.callees.values() if callee.owner is None and callee.module in (None, module))

    def table(self, callee: Callee, type_: str, value: Expr) -> str:
        """Return the name of the constant in a callee's module that holds `value`, made for it where there is none."""
        known = self.tables.setdefault(callee.module, {})
        for name, (_, other) in known.items():
            if other == value:
                return name
        scope = self._scopes.setdefault(f"{callee.module} tables", Scope())
        name = scope.take(f"{callee.name.removeprefix('r#').strip('_').upper()}_TABLE")
        known[name] = (type_, value)
        return name

    @cached_property
    def readers(self) -> dict[str, Reader]:
        """The functions that read an element of a list, as the user's code spells them."""
        found = {}
        for name, callee in self.callees.items():
            if (other := self.callees.get(name + OF_ITEMS)) is not None:
                reader = Reader(other.spelling(None), other.function.name, not other.function.result.duplicable)
                found[callee.spelling(None)] = reader
        return found

    @cached_property
    def changing(self) -> frozenset[str]:
        """The functions that may change a list."""
        return functions_that(self.program, CHANGES)

    # ------------------------------------------------------------------------------------------------------- error sites
    def site(self, site: ErrorSite, module: str | None) -> str:
        """Return a stand-in for the constant that names an error site in the code of `module`; `site_names` has the constants."""
        # A call of a function that a pass made of another is a call of that one.
        site = replace(site, name=site.name.partition("~")[0]) if site.kind == "call" else site
        stand_in = f"L{self.sites[site.key]}#"
        self.used_sites[stand_in] = (module, site)
        return stand_in

    def classes_of(self, classes: str) -> tuple[frozenset[str], frozenset[str]]:
        """Return the names of the classes that the program raises and that are one of `classes`, and of all that it raises."""
        raised = [site for site in self.raised if site.kind == "exception"]
        found = frozenset(site.name for site in raised if is_caught(site, classes, self.program))
        return found, frozenset(site.name for site in raised)

    @property
    def constant_messages(self) -> tuple[str, ...]:
        """The constant texts with which the program raises."""
        return tuple(site.message for site in self.raised if site.kind == "exception" and site.message is not None)

    def shown_message(self, name: str, message: str) -> str:
        """Return how an exception of a class shows a constant text: a KeyError as a literal."""
        site = ErrorSite("exception", name, message, self.program.functions[0].span)
        return constant_message(site, self.program) or ""

    def keep(self, paths: set[str]) -> None:
        """Forget the sites and tables that none of the paths in a crate's code is."""
        self.used_sites = {stand_in: use for stand_in, use in self.used_sites.items() if stand_in in paths}
        self.tables = {module: {name: table for name, table in known.items() if name in paths} for module, known in self.tables.items()}

    def site_names(self) -> dict[str, str]:
        """Return the name of every site used so far by its stand-in: its line, and a number where others of its module share the line."""
        scopes: dict[str | None, Scope] = {}
        names: dict[str, str] = {}
        for stand_in, (module, site) in sorted(self.used_sites.items(), key=lambda item: self.sites[item[1][1].key]):
            names[stand_in] = scopes.setdefault(module, Scope()).take(f"L{site.span.line}")
        return names

    def site_number(self, site: ErrorSite) -> int:
        """Return the number by which hosts know a site."""
        return self.sites[site.key]
