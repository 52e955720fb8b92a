"""What types and callables may ask of the inference that uses them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol

from portalis.translator.frontend.facts.aliasing import Observation
from portalis.translator.frontend.facts.model import Fact, Known, Step, Unknown
from portalis.translator.frontend.read.module_scope import Imported, ModuleScope
from portalis.translator.frontend.read.report import Where
from portalis.translator.ir.nodes import Comparison
from portalis.translator.ir.types import DictRef, ListRef, SetRef, Type
from portalis.translator.source import Span


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was tried: a fact (None or Unknown where it cannot be), the steps before it, and whether they end the call."""

    fact: Fact | None
    steps: tuple[Step, ...] = ()
    ends: bool = False


class Storage(Protocol):
    """Who keeps values until they are used."""

    def temporary(self, hint: str, type_: Type) -> str:
        """Declare a local that no Python name can clash with."""
        ...


class Inference(Storage, Protocol):
    """The inference of one specialisation, as far as the meaning of an operation or a call needs it."""

    @property
    def target(self) -> tuple[int, int]:
        """The CPython version (major, minor) whose behaviour is meant."""
        ...

    def span(self, where: Where) -> Span:
        """Return the span of a syntax node."""
        ...

    def refuse(self, code: str, where: Where, message: str, help: str, *notes: str) -> Unknown:
        """Report a refusal; return what stands for the value that was refused."""
        ...

    def observe(self, observation: Observation) -> Unknown:
        """Record that an object could not be a value; return what stands for it."""
        ...

    @property
    def references(self) -> bool:
        """Whether lists, text and the like are objects by reference here."""
        ...

    @property
    def tolerates(self) -> bool:
        """Whether an operation that always raises for its types is translated as that: where an example shows it, or a handler waits."""
        ...

    def unify(self, left: Type, right: Type) -> Type | None:
        """Return the type of what can be either, and let the places where such objects are made know; None where there is none."""
        ...

    def generalise(self, left: Type, right: Type) -> Type | None:
        """Return the type that holds values of either, which may have to be coerced to it; None where there is none."""
        ...

    def made_here(self, where: Where, type_: ListRef | DictRef | SetRef, *place: Hashable) -> Type | None:
        """Return the type of an object that is made at a place, with what is known of it by now; None where that cannot be."""
        ...

    def made_by(self, factory: str) -> Fact:
        """Infer what makes the missing values of a `defaultdict` with this factory, one of the module's."""
        ...

    def any_order(self, node: ast.AST) -> bool:
        """Tell whether it does not show in which order what this expression gives is gone over."""
        ...

    def add(self, step: Step) -> None:
        """Let the statement at hand take a step before it goes on."""
        ...

    def grow(self, container: Known, types: Sequence[Type]) -> tuple[str, ...]:
        """Record that values of these types are put into a container; return what a refusal of that can tell."""
        ...

    def library(self, node: ast.AST, module: str, name: str, args: Sequence[Known], nodes: Sequence[ast.AST | None] = ()) -> Fact:
        """Call a function of `library/`: float parameters take ints, converted explicitly; missing arguments are the defaults."""
        ...

    def library_definition(self, module: str, name: str) -> ast.FunctionDef | None:
        """Return the definition of a function of the library module, or None."""
        ...

    @property
    def scope(self) -> ModuleScope:
        """The module whose names the expression at hand sees."""
        ...

    def shadows(self, name: str) -> bool:
        """Tell whether a name is the module's or the function's own, hence no built-in."""
        ...

    def meant(self, name: str) -> Imported | ast.expr | None:
        """Return the import, or the expression of the constant, of the module that a name means; None where it means something else."""
        ...

    def overwrite_parameter(self, node: ast.AST, parameter: Known, value: Known) -> None:
        """Give the object of a parameter new elements in place (only the library does this)."""
        ...

    def resumes(self, name: str) -> None:
        """Record that generators that the specialisation `name` makes are run on here."""
        ...

    def stop(self, node: ast.AST, reason: str) -> None:
        """Stop the call with a guard; nothing after it is reached."""
        ...

    def attempt(self, build: Callable[[], Fact | None]) -> Attempt:
        """Infer what only some values come to; where it is refused, nothing is told of it."""
        ...

    def special(self, node: ast.AST, value: Known, name: str, args: Sequence[Known], *, leaving: bool = False) -> Fact | None:
        """Return the call of a special method of an instance of the module's own classes; None where its class has none of the name.

        What may leave the answer to another method, by giving NotImplemented, is refused unless whoever asks is `leaving` it to that.
        """
        ...

    def written(self, node: ast.AST, name: str, args: Sequence[Known]) -> Fact:
        """Return the call of a function that stands for what CPython does between special methods (`infer/names/written.py`)."""
        ...

    def has_special(self, type_: Type, name: str) -> bool:
        """Tell whether the class of instances of a type has a special method."""
        ...

    def lineage(self, node: ast.expr) -> Callable[[Type], bool] | None:
        """Return which types are of instances of the class of the module that an expression means; None where it means none."""
        ...

    def text_of_exception(self, node: ast.AST, value: Known) -> Fact | None:
        """Return what `str` of an exception of the program is where its class does not say it; None where its arguments say it."""
        ...

    def unsettled_exceptions(self) -> str:
        """Return the names of the program's exceptions whose text may be another one than when they were raised, with blanks between."""
        ...

    def exceptions_told_otherwise(self) -> str:
        """Return the names of the program's exceptions whose arguments may be others than the one text that they show."""
        ...

    def arguments_of_exception(self, node: ast.AST, value: Known) -> Fact:
        """Return the tuple of arguments that an exception of the program has."""
        ...

    def fields_of(self, type_: Type) -> Sequence[str]:
        """Return the names of the fields of a type of named tuples."""
        ...

    def members(self, node: ast.AST, type_: Type) -> list[Known] | None:
        """Return the members of the enumeration that values of a type are, as classes; None where they are none."""
        ...

    def member_named(self, node: ast.AST, type_: Type, name: Known) -> Fact | None:
        """Return the member that has a name, of the enumeration that values of a type are; None where they are none."""
        ...

    def value_of_member(self, node: ast.AST, value: Known) -> Fact:
        """Return the value of a member of an enumeration."""
        ...

    def text_of_member(self, node: ast.AST, value: Known, shown: bool) -> Fact:
        """Return `str` of a member of an enumeration, or its `repr`."""
        ...

    def derives(self, type_: Type, base: Type) -> bool:
        """Tell whether the class of one type of instances derives from that of another one."""
        ...

    def overrides(self, type_: Type, base: Type, name: str) -> bool:
        """Tell whether the class of one type of instances has a method of its own where that of another one has the name."""
        ...

    def binary(self, node: ast.AST, symbol: str, left: Fact, right: Fact) -> Fact:
        """Return `left symbol right`, both evaluated in this order."""
        ...

    def compare(self, node: ast.AST, op: Comparison, left: Fact, right: Fact) -> Fact:
        """Return one comparison of operands evaluated in this order."""
        ...

    def truth(self, node: ast.AST, value: Fact) -> Fact:
        """Return the bool that `if value:` tests."""
        ...

    def unary(self, node: ast.AST, symbol: str, value: Fact) -> Fact:
        """Return `symbol value`."""
        ...

    def identical(self, node: ast.AST, left: Known, right: Known, negated: bool) -> Fact:
        """Return `left is right`, or `left is not right`."""
        ...

    def contains(self, node: ast.AST, needle: Known, haystack: Known, negated: bool) -> Fact:
        """Return `needle in haystack`, or `needle not in haystack`."""
        ...

    def element(self, node: ast.expr, value: Known, index: Sequence[Known]) -> Fact:
        """Return `value[index]`."""
        ...

    def slice(self, node: ast.expr, value: Known, bounds: Sequence[Known | None]) -> Fact | None:
        """Return `value[start:stop:step]`; None where that has no translation."""
        ...

    def set_element(self, node: ast.expr, value: Known, index: Known, new: Known) -> Fact | None:
        """Return the call that does `value[index] = new` in an object by reference; None where that has no translation."""
        ...

    def delete_element(self, node: ast.expr, value: Known, index: Known) -> Fact | None:
        """Return the call that does `del value[index]`; None where that has no translation."""
        ...
