"""Read bindings from prims: one by itself, or those together whose properties have the same names.

Of thousands of prims that say the same, one is read, and each property of all others is compared with its: a call of OpenUSD for each, and
no work in Python. What differs in anything is read by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, repeat
from operator import eq, not_
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar, cast

from pxr import Sdf, Tf, Usd, Vt

from portalis.translator.stage.plan.bindings import OWN, Authored, BindingKey, InputSpec, OutputSpec, PrimBinding, seen_from
from portalis.translator.stage.problems import StageProblem
from portalis.translator.stage.schema import BINDING_PROPERTIES, PHASES, Kind, Phase, prefix

_Value = TypeVar("_Value", bool, int, float, str, tuple[str, ...])
# Functions of the class: looked up on an object of OpenUSD, each takes twice as long.
_attribute_of, _relationship_of, _value_of = Usd.Prim.GetAttribute, Usd.Prim.GetRelationship, Usd.Attribute.Get
_connections_of, _targets_of, _name_of = Usd.Attribute.GetConnections, Usd.Relationship.GetTargets, Usd.Property.GetName
_names_of, _path_of = Usd.Prim.GetAuthoredPropertyNames, Usd.Prim.GetPath
# Prims that are asked for one fact after the other: of so many, what OpenUSD has of them stays in the processor's cache meanwhile.
AT_ONCE = 250
_Targets: TypeAlias = "list[Sdf.Path]"


# --------------------------------------------------------------------------------------------------------- one by itself
def read_binding(prim: Usd.Prim, kind: Kind, instance: str, problems: list[StageProblem]) -> PrimBinding:
    """Read one binding of a prim as it is composed; what is wrong with how it is authored is added to `problems`."""
    key = BindingKey(str(prim.GetPath()), kind, instance)
    own = prefix(kind, instance)
    attributes: dict[str, Usd.Attribute] = {}
    relationships: dict[str, Usd.Relationship] = {}
    for item in prim.GetAuthoredPropertiesInNamespace(own[:-1]):
        (attributes if isinstance(item, Usd.Attribute) else relationships)[_name_of(item).removeprefix(own)] = item

    def value(name: str, default: _Value) -> _Value:
        if name not in attributes:
            return default
        result, problem = read_value(attributes[name], default)
        if problem is not None:
            problems.append(problem)
        return result

    def seen(paths: Sequence[Sdf.Path]) -> tuple[str, ...]:
        return tuple([seen_from(key.path, str(path)) for path in paths])

    before = len(problems)
    beginning = f"{key.path}.{own}"
    phase = value("phase", "update")
    if phase not in PHASES:
        message = f"there is no phase {phase!r}; it runs in phase 'update'"
        problems.append(StageProblem("PS121", message, f"{beginning}phase", f"one of {', '.join(PHASES)}", "warning"))
        phase = "update"
    function, enabled, order, rate = value("function", ""), value("enabled", True), value("order", 0), value("rate", 0.0)
    previous, extent_mode = value("previous", ()), value("extentMode", "computed")
    # What is authored with another type than the schema's was meant in a way that nobody knows: it does not run.
    readable = all(problem.severity == "warning" for problem in problems[before:])
    modules: tuple[str, ...] = ()
    try:
        if "module" in relationships:
            modules = tuple(map(str, relationships["module"].GetForwardedTargets()))
    except Tf.ErrorException:
        readable = False
        problems.append(_other_property(f"{beginning}module"))
    inputs = [
        InputSpec(name[7:], f"{OWN}.{own}{name}", seen(_connections_of(attributes[name])), name[7:] in previous)
        for name in sorted(attributes)
        if name.startswith("inputs:")
    ]
    outputs = []
    for port in sorted({name.partition(":")[2] for name in (*attributes, *relationships) if name.startswith(("outputs:", "writes:"))}):
        has_own, writes = f"outputs:{port}" in attributes, relationships.get(f"writes:{port}")
        outputs.append(
            OutputSpec(port, f"{OWN}.{own}outputs:{port}" if has_own else None, seen(_targets_of(writes)) if writes is not None else ())
        )
    authored = Authored(
        modules, function, enabled and readable, cast(Phase, phase), order, rate, tuple(inputs), tuple(outputs), extent_mode
    )
    return PrimBinding(key, authored)


def _other_property(path: str) -> StageProblem:
    message = "an attribute stands where the schema has a relationship"
    return StageProblem("PS121", message, path, "bind again, or author it as the schema has it: rel")


def read_value(attribute: Usd.Attribute, default: _Value) -> tuple[_Value, StageProblem | None]:
    """Return an attribute's value, or `default` where it has none or is of another kind, and what is wrong with it."""
    wanted = type(default)
    try:
        result = attribute.Get()
    except UnicodeDecodeError:
        return default, StageProblem("PS121", "this is not text in UTF-8", str(attribute.GetPath()), "author it again")
    if result is None:
        return default, None
    if isinstance(result, Vt.TokenArray | Vt.StringArray):
        result = tuple(map(str, result))
    elif type(result) is int and wanted is float:
        result = float(result)
    if type(result) is wanted:
        return result, None
    message = f"a value of type {type(result).__name__} stands where the schema has {wanted.__name__}"
    return default, StageProblem("PS121", message, str(attribute.GetPath()), "bind again, or author it with the schema's type")


# ------------------------------------------------------------------------------------------------------------ many at once
class _Row(NamedTuple):
    """A binding to be read: the prim, its path in both forms, and the kind and name of the binding."""

    prim: Usd.Prim
    path: Sdf.Path
    text: str
    kind: Kind
    instance: str


def read_bindings(
    prims: Sequence[Usd.Prim], applied: Sequence[Sequence[tuple[Kind, str]]], problems: list[StageProblem]
) -> tuple[list[PrimBinding], list[Usd.Prim]]:
    """Read the bindings `applied` to each of `prims` and return them in this order, with their prims; `problems` as for one."""
    paths = list(map(_path_of, prims))
    named = zip(prims, paths, map(str, paths), map(tuple, map(_names_of, prims)), applied, strict=True)
    rows: list[_Row] = []
    alike: dict[tuple[Kind, str, tuple[str, ...]], list[int]] = defaultdict(list)
    for prim, path, text, names, bindings in named:
        for kind, instance in bindings:
            alike[kind, instance, names].append(len(rows))
            rows.append(_Row(prim, path, text, kind, instance))
    found: list[PrimBinding | None] = [None] * len(rows)
    for indices in alike.values():
        for index, binding in _read_alike([rows[index] for index in indices], indices):
            found[index] = binding
    return (
        [
            read_binding(row.prim, row.kind, row.instance, problems) if binding is None else binding
            for row, binding in zip(rows, found, strict=True)
        ],
        [row.prim for row in rows],
    )


def _read_alike(rows: Sequence[_Row], indices: Sequence[int]) -> Iterator[tuple[int, PrimBinding]]:
    """Yield the bindings that say the same as one of few among them, with their indices; what is wrong with any is for others to say."""
    while len(rows) > 1:
        first, wrong = rows[0], list[StageProblem]()
        authored = read_binding(first.prim, first.kind, first.instance, wrong).authored
        said = None if wrong else _what_is_said(first)
        if said is None:
            return
        try:
            same = [is_same for start in range(0, len(rows), AT_ONCE) for is_same in _same(said, first, rows[start : start + AT_ONCE])]
        except (UnicodeDecodeError, Tf.ErrorException):
            return
        for row, index in zip(compress(rows, same), compress(indices, same), strict=True):
            yield index, PrimBinding(BindingKey(row.text, row.kind, row.instance), authored)
        differ = list(map(not_, same))
        before, rows, indices = len(rows), list(compress(rows, differ)), list(compress(indices, differ))
        if len(rows) > before * 0.9:
            # Each says something of its own.
            return


@dataclass(frozen=True, slots=True)
class _Said:
    """What one property of a binding says: the value of a setting, the attributes that an input connects to, what a relationship names."""

    name: str
    how: Literal["value", "connections", "targets", "attribute"]
    what: Any = None


def _what_is_said(row: _Row) -> list[_Said] | None:
    """Return what each property of a binding says, or None where that cannot be compared property by property."""
    own = prefix(row.kind, row.instance)
    said = []
    for item in row.prim.GetAuthoredPropertiesInNamespace(own[:-1]):
        name = _name_of(item)
        is_attribute, local = isinstance(item, Usd.Attribute), name.removeprefix(own)
        if local in BINDING_PROPERTIES and local != "module" and is_attribute:
            said.append(_Said(name, "value", _value_of(item)))
        elif local.startswith("inputs:") and is_attribute:
            said.append(_Said(name, "connections", _connections_of(item)))
        elif local.startswith("outputs:") and is_attribute:
            said.append(_Said(name, "attribute"))
        elif (local.startswith("writes:") or local == "module") and not is_attribute:
            targets = _targets_of(item)
            # Forwarded to what other relationships name, or an attribute where the schema has a relationship: both have nothing to compare.
            if not targets or (local == "module" and not all(target.IsPrimPath() for target in targets)):
                return None
            said.append(_Said(name, "targets", targets))
        else:
            return None
    return said


def _same(said: Sequence[_Said], first: _Row, rows: Sequence[_Row]) -> list[bool]:
    """Tell which of `rows`, whose properties have the same names, say the same as the first."""
    prims, paths = [row.prim for row in rows], [row.path for row in rows]
    wanted: dict[Sdf.Path, list[Sdf.Path]] = {}

    def columns_of(targets: _Targets) -> Iterator[_Targets]:
        """Yield what each row would name, were it wired like the first."""
        columns = []
        for target in targets:
            if target not in wanted:
                wanted[target] = list(map(target.ReplacePrefix, repeat(first.path), paths))
            columns.append(wanted[target])
        return map(list, zip(*columns, strict=True)) if columns else iter([[] for _ in rows])

    same = [True] * len(rows)
    for item in said:
        if item.how == "targets":
            targets = map(_targets_of, map(_relationship_of, prims, repeat(item.name)))
            equal = list(map(eq, targets, columns_of(item.what)))
        else:
            attributes = list(map(_attribute_of, prims, repeat(item.name)))
            match item.how:
                case "value":
                    kind = type(item.what)
                    equal = [value == item.what and type(value) is kind for value in map(_value_of, attributes)]
                case "connections" if item.what:
                    equal = list(map(eq, map(_connections_of, attributes), columns_of(item.what)))
                case "connections":
                    equal = [bool(attribute) and not _connections_of(attribute) for attribute in attributes]
                case "attribute":
                    equal = list(map(bool, attributes))
        if not all(equal):
            same = [before and now for before, now in zip(same, equal, strict=True)]
    return same
