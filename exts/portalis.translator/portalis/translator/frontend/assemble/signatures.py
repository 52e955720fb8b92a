"""Which signatures an entry gets: what its annotations say, each that an example shows, and those of calls that leave arguments out.

A signature is one combination of the arguments' types. Examples whose types can be one (an empty list is a list of anything, tuples of
several lengths are tuples of any length) have one signature together.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from portalis.translator.frontend.assemble.examples import TypedExample
from portalis.translator.frontend.facts.model import Known
from portalis.translator.frontend.facts.sites import as_any_length, contents_of
from portalis.translator.frontend.lowered import Example
from portalis.translator.frontend.read.annotations import Annotated, OpenList, OpenTuple, matches
from portalis.translator.ir.types import BOOL, FLOAT, INT, NEVER, NONE, DictRef, ListRef, SetRef, TupleType, Type

# Each is a specialisation of the entry and of what it calls.
MAX_SIGNATURES = 8
# What stands for a call that nobody wrote.
_NO_CALL = Example("without its last arguments", ())
_SCALARS: tuple[Type, ...] = (INT, FLOAT, BOOL, NONE)


@dataclass(frozen=True, slots=True)
class Declared:
    """A parameter as it is declared: what its annotation says, and its default."""

    parameter: ast.arg
    annotated: Annotated | None
    default: Known | None

    @property
    def name(self) -> str:
        """Its name."""
        return self.parameter.arg


@dataclass(frozen=True, slots=True)
class Shown:
    """A signature to translate: the `typed` examples give the types of what is not annotated, and of the parameters in `beside`.

    In these their values are none of those that the annotation tells. `examples` are those that have this signature.
    """

    typed: tuple[TypedExample, ...]
    beside: frozenset[str] = frozenset()
    examples: tuple[TypedExample, ...] = ()

    def with_example(self, example: TypedExample, full: TypedExample) -> Shown:
        """Return the signature with an example more; `full` is the same with the types of defaults."""
        return replace(self, typed=(*self.typed, full), examples=(*self.examples, example))

    def without_defaults(self) -> Shown:
        """Return the signature without what its examples leave to the defaults in common."""
        given = {name for example in self.examples for name, _ in example.types}
        typed = (replace(item, types=tuple(pair for pair in item.types if pair[0] in given)) for item in self.typed)
        return replace(self, typed=tuple(typed))


def shown_signatures(declared: Sequence[Declared], examples: Sequence[TypedExample], *, as_values: bool) -> list[Shown]:
    """Return the signatures of an entry, the one that its annotations say first, else that of its first example.

    `as_values`: lists have fixed lengths, and only scalars may differ from one signature to another.
    """
    groups: list[tuple[dict[str, Type], Shown]] = []
    base = _annotated_types(declared)
    if base is not None:
        groups.append((base, Shown(())))
    for example in examples:
        types = _complete(declared, example)
        abstract, beside = _as_annotated(declared, types)
        at = next((index for index, (known, _) in enumerate(groups) if _all_joinable(known, abstract)), None)
        full = replace(example, types=tuple(types.items()))
        if at is None:
            groups.append((abstract, Shown((full,), beside, (example,))))
        else:
            known, group = groups[at]
            groups[at] = ({name: _wider(type_, abstract[name]) for name, type_ in known.items()}, group.with_example(example, full))
    if as_values and not (_differ_in_scalars([types for types, _ in groups]) and all(_only_scalars(item) for item in groups)):
        return [Shown(tuple(examples), examples=tuple(examples))]
    found = [types for types, _ in groups]
    shown = [item.without_defaults() for _, item in groups] or [Shown(())]
    for types in _left_out(declared, found):
        if not any(_all_joinable(known, types) for known in found) and (not as_values or _differ_in_scalars([*found, types])):
            found.append(types)
            abstract, beside = _as_annotated(declared, types)
            shown.append(Shown((TypedExample(_NO_CALL, tuple(types.items())),), beside))
    return shown


def _annotated_types(declared: Sequence[Declared]) -> dict[str, Type] | None:
    """Return what the annotations alone say of all parameters; None where they do not."""
    if not any(item.annotated is not None for item in declared):
        return None
    found: dict[str, Type] = {}
    for item in declared:
        if isinstance(item.annotated, OpenList | OpenTuple):
            return None
        if item.annotated is not None:
            found[item.name] = item.annotated
        elif item.default is not None:
            found[item.name] = item.default.type
        else:
            return None
    return found


def _complete(declared: Sequence[Declared], example: TypedExample) -> dict[str, Type]:
    """Return the types of all parameters in an example, defaults included."""
    given = dict(example.types)
    left_out = {item.name: item.default.type for item in declared if item.name not in given and item.default is not None}
    return {item.name: (given | left_out)[item.name] for item in declared if item.name in given or item.name in left_out}


def _as_annotated(declared: Sequence[Declared], types: Mapping[str, Type]) -> tuple[dict[str, Type], frozenset[str]]:
    """Return types with those that annotations say for what they admit, and the parameters for which they say something else."""
    found, beside = dict(types), set()
    for item in declared:
        if item.annotated is None or item.name not in found:
            continue
        if not matches(item.annotated, found[item.name]):
            beside.add(item.name)
        elif not isinstance(item.annotated, OpenList | OpenTuple):
            found[item.name] = item.annotated
    return found, frozenset(beside)


def _left_out(declared: Sequence[Declared], known: Sequence[Mapping[str, Type]]) -> Iterator[dict[str, Type]]:
    """Yield the types of calls that leave the last arguments out, one after the other."""
    defaults = [(item.name, item.default.type) for item in declared if item.default is not None]
    for types in known[:MAX_SIGNATURES]:
        for count in range(1, len(defaults) + 1):
            yield {**types, **dict(defaults[-count:])}


def _all_joinable(left: Mapping[str, Type], right: Mapping[str, Type]) -> bool:
    return left.keys() == right.keys() and all(joinable(type_, right[name]) for name, type_ in left.items())


def _wider(left: Type, right: Type) -> Type:
    """Return which of two joinable types says more."""
    return right if _says_nothing(left) else left


def _says_nothing(type_: Type) -> bool:
    contents = contents_of(type_) if isinstance(type_, ListRef | DictRef | SetRef) else type_.elements
    return type_ == NEVER or any(map(_says_nothing, contents))


def _differ_in_scalars(found: Sequence[Mapping[str, Type]]) -> bool:
    """Tell whether all parameters whose types differ are scalars in all signatures."""
    if not found:
        return True
    columns = ([types.get(name) for types in found] for name in found[0])
    return all(len(set(column)) == 1 or all(type_ in _SCALARS for type_ in column) for column in columns)


def _only_scalars(group: tuple[Mapping[str, Type], Shown]) -> bool:
    """Tell whether the parameters of which an annotation says something else are scalars."""
    types, shown = group
    return all(types[name] in _SCALARS for name in shown.beside)


def joinable(left: Type, right: Type) -> bool:
    """Tell whether values of two types are arguments of one signature: the same, but for what is empty, and for the lengths of tuples."""
    if left == right or NEVER in (left, right):
        return True
    if isinstance(left, ListRef | DictRef | SetRef) and type(left) is type(right):
        assert isinstance(right, ListRef | DictRef | SetRef)
        frozen = isinstance(left, ListRef) and isinstance(right, ListRef) and left.frozen != right.frozen
        return not frozen and all(map(joinable, contents_of(left), contents_of(right)))
    if isinstance(left, TupleType) and isinstance(right, TupleType) and len(left.items) == len(right.items):
        return all(map(joinable, left.items, right.items))
    one, other = as_any_length(left), as_any_length(right)
    return one is not None and other is not None and joinable(one.item, other.item)
