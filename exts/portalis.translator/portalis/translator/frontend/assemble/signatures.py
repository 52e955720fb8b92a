"""Which signatures an entry gets: what its annotations say, each that an example shows, and those of calls that leave arguments out.

A signature is one combination of the arguments' types. Examples whose types can be one (an empty list is a list of anything, tuples of
several lengths are tuples of any length) have one signature together.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from portalis.translator.frontend.assemble.examples import TypedExample
from portalis.translator.frontend.facts.contents import as_any_length, contents_of, with_contents
from portalis.translator.frontend.facts.model import Known
from portalis.translator.frontend.facts.tuples import are_alike
from portalis.translator.frontend.lowered import Example
from portalis.translator.frontend.read.annotations import Annotated, OpenList, OpenTuple, matches
from portalis.translator.ir.nodes import Literals
from portalis.translator.ir.types import (
    BOOL,
    FLOAT,
    INT,
    MAX_MEMBERS,
    NEVER,
    NONE,
    DictRef,
    ListRef,
    SetRef,
    TupleType,
    Type,
    UnionType,
    members_of,
    union_of,
)

# Each is a specialisation of the entry and of what it calls.
MAX_SIGNATURES = 8
# What stands for a call that nobody wrote.
_NO_CALL = Example("without its last arguments", ())
_SCALARS: tuple[Type, ...] = (INT, FLOAT, BOOL, NONE)


@dataclass(frozen=True, slots=True)
class Declared:
    """A parameter as it is declared: what its annotation says, and its default, with the text of one that has parts."""

    parameter: ast.arg
    annotated: Annotated | None
    default: Known | None
    display: str = ""

    @property
    def name(self) -> str:
        """Its name."""
        return self.parameter.arg

    @property
    def constant(self) -> Literals:
        """The constant that it defaults to; None where there is none."""
        return self.default.constant if self.default is not None and not self.display else None


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


Group: TypeAlias = tuple[dict[str, Type], Shown]


def shown_signatures(declared: Sequence[Declared], examples: Sequence[TypedExample], *, as_values: bool, mixed: bool) -> list[Shown]:
    """Return the signatures of an entry, the one that its annotations say first, else that of its first example.

    `as_values`: lists have fixed lengths, and only scalars may differ from one signature to another. `mixed` as for `joined`.
    """
    groups = _grouped(declared, examples, mixed)
    if as_values and not (_differ_in_scalars([types for types, _ in groups]) and all(map(_only_scalars, groups))):
        return [Shown(tuple(examples), examples=tuple(examples))]
    found = [types for types, _ in groups]
    shown = [item.without_defaults() for _, item in groups] or [Shown(())]
    for types in _left_out(declared, found):
        if all(_all_joined(known, types, mixed) is None for known in found) and (not as_values or _differ_in_scalars([*found, types])):
            found.append(types)
            _, beside = _as_annotated(declared, types)
            shown.append(Shown((TypedExample(_NO_CALL, tuple(types.items())),), beside))
    return shown


def _grouped(declared: Sequence[Declared], examples: Sequence[TypedExample], mixed: bool) -> list[Group]:
    """Return what the annotations say, if that is all of a signature, and the examples that have one signature together."""
    base = _annotated_types(declared)
    groups: list[Group] = [] if base is None else [(base, Shown(()))]
    for example in examples:
        types = _complete(declared, example)
        abstract, beside = _as_annotated(declared, types)
        full = replace(example, types=tuple(types.items()))
        for index, (known, group) in enumerate(groups):
            if group.beside == beside and (both := _all_joined(known, abstract, mixed)) is not None:
                groups[index] = both, group.with_example(example, full)
                break
        else:
            groups.append((abstract, Shown((full,), beside, (example,))))
    return groups


def has_types(declared: Sequence[Declared], example: TypedExample, types: Sequence[Type]) -> bool:
    """Tell whether an example's arguments are of these types."""
    wanted = {item.name: type_ for item, type_ in zip(declared, types, strict=True)}
    return _all_joined(wanted, _complete(declared, example), mixed=True) == wanted


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


def _all_joined(left: Mapping[str, Type], right: Mapping[str, Type], mixed: bool) -> dict[str, Type] | None:
    """Return the types of parameters that are arguments of one signature; None where they are not."""
    if left.keys() != right.keys():
        return None
    pairs = {name: joined(type_, right[name], mixed=mixed) for name, type_ in left.items()}
    found = {name: type_ for name, type_ in pairs.items() if type_ is not None}
    return found if len(found) == len(pairs) else None


def _differ_in_scalars(found: Sequence[Mapping[str, Type]]) -> bool:
    """Tell whether all parameters whose types differ are scalars in all signatures."""
    if not found:
        return True
    columns = ([types.get(name) for types in found] for name in found[0])
    return all(len(set(column)) == 1 or all(type_ in _SCALARS for type_ in column) for column in columns)


def _only_scalars(group: Group) -> bool:
    """Tell whether the parameters of which an annotation says something else are scalars."""
    types, shown = group
    return all(types[name] in _SCALARS for name in shown.beside)


def joined(left: Type, right: Type, *, mixed: bool) -> Type | None:
    """Return the type of both where values of two types are arguments of one signature: the same, but for what is empty, and for the
    lengths of tuples. With `mixed` elements may differ, too, where one of the types holds several sorts of them anyway.
    """
    if left == right or right == NEVER:
        return left
    if left == NEVER:
        return right
    if isinstance(left, ListRef | DictRef | SetRef) and type(left) is type(right):
        assert isinstance(right, ListRef | DictRef | SetRef)
        if left.python_class != right.python_class:
            return None
        if isinstance(left, DictRef) and isinstance(right, DictRef) and left.kind != right.kind:
            return None
        contents = [_joined_elements(one, other, mixed) for one, other in zip(contents_of(left), contents_of(right), strict=True)]
        known = tuple(item for item in contents if item is not None)
        return with_contents(left, known) if len(known) == len(contents) else None
    if isinstance(left, TupleType) and isinstance(right, TupleType) and are_alike(left, right):
        items = [_joined_elements(one, other, mixed) for one, other in zip(left.items, right.items, strict=True)]
        found = tuple(item for item in items if item is not None)
        return replace(left, items=found) if len(found) == len(items) else None
    one, other = as_any_length(left), as_any_length(right)
    item = _joined_elements(one.item, other.item, mixed) if one is not None and other is not None else None
    return None if item is None else ListRef(item, frozen=True)


def _joined_elements(left: Type, right: Type, mixed: bool) -> Type | None:
    found = joined(left, right, mixed=mixed)
    if found is not None or not mixed or not (isinstance(left, UnionType) or isinstance(right, UnionType)):
        return found
    members = {member.python_class: member for member in members_of(left)}
    for member in members_of(right):
        known = joined(members.get(member.python_class, NEVER), member, mixed=mixed)
        if known is None or known.mutable:
            return None
        members[member.python_class] = known
    return union_of(members.values()) if len(members) <= MAX_MEMBERS else None
