"""What a binding reads and writes, in words: for people who want to see what went by convention."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from pxr import Sdf, Usd

from portalis.translator.ir.host import HOST_TYPES
from portalis.translator.ir.types import STR
from portalis.translator.stage.plan.bindings import BindingKey, InputSpec, PrimBinding
from portalis.translator.stage.plan.discovery import bindings_of
from portalis.translator.stage.plan.interface import BehaviourInterface
from portalis.translator.stage.transforms.names import composed_name, shown

# Where prims differ, so many of their ways are told.
_WAYS_SHOWN = 3
# The slots of the initial value of each field of a class.
Initial: TypeAlias = Mapping[str, tuple[int | float | bool, ...]]


def wires(stage: Usd.Stage, key: BindingKey, interface: BehaviourInterface, initial: Initial | None = None) -> dict[str, str]:
    """Return, for every port of an authored binding, where its value comes from and goes to.

    An attribute that stands in place of a default is named with both values; `initial` holds the slots of each field's.
    """
    return _wires(stage, _binding(stage, key), interface, initial or {})


def wires_of_all(
    stage: Usd.Stage, bindings: Sequence[PrimBinding], interface: BehaviourInterface, initial: Initial | None = None
) -> dict[str, str]:
    """Return the same for bindings that were made together: once where it is the same on all prims, else with the prims."""
    alike: dict[int, list[PrimBinding]] = defaultdict(list)
    for binding in bindings:
        alike[id(binding.authored)].append(binding)
    prims: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for items in alike.values():
        # What says the same differs from prim to prim only where values are told.
        told = {item.name for item in items[0].inputs if not item.connections or _default(interface, item.name, initial or {})}
        for name, words in _wires(stage, items[0], interface, initial or {}).items():
            prims[name][words] += [item.key.path for item in (items[:1] if name in told else items)]
        for item in items[1:] if told else ():
            words_of = _wires(stage, item, interface, initial or {})
            for name in told:
                prims[name][words_of[name]].append(item.key.path)
    return {name: _on_prims(by_words) for name, by_words in prims.items()}


def _wires(stage: Usd.Stage, binding: PrimBinding, interface: BehaviourInterface, initial: Initial) -> dict[str, str]:
    fields = dict(interface.fields)
    both = _port_wires(stage, binding, interface, initial)
    return {name: _words(read, written, name, name in fields) for name, (read, written) in both.items()}


def _on_prims(by_words: Mapping[str, Sequence[str]]) -> str:
    if len(by_words) == 1:
        return next(iter(by_words))
    ways = [f"{words} on {paths[0]}{f' and {len(paths) - 1:,} more' if paths[1:] else ''}" for words, paths in by_words.items()]
    others = sum(map(len, [*by_words.values()][_WAYS_SHOWN:]))
    return "; ".join([*ways[:_WAYS_SHOWN], *([f"otherwise on {others:,} more"] if others else [])])


def port_wires(
    stage: Usd.Stage, key: BindingKey, interface: BehaviourInterface, initial: Initial | None = None
) -> dict[str, tuple[str | None, str | None]]:
    """Return, for every port of an authored binding, what it reads and what it writes; None where nothing is authored."""
    return _port_wires(stage, _binding(stage, key), interface, initial or {})


def _port_wires(
    stage: Usd.Stage, binding: PrimBinding, interface: BehaviourInterface, initial: Initial
) -> dict[str, tuple[str | None, str | None]]:
    reads, writes = _authored(stage, binding)
    for item in binding.inputs:
        if item.connections and (default := _default(interface, item.name, initial)):
            reads[item.name] += f" ({_current(stage, item.connections[0])}, in place of the default {default})"
    names = [parameter.name for parameter in interface.parameters] + [name for name, _ in (*interface.fields, *interface.outputs)]
    return {name: (reads.get(name), writes.get(name)) for name in dict.fromkeys(names)}


def _default(interface: BehaviourInterface, name: str, initial: Initial) -> str:
    """Return the default of a parameter or field in words; nothing where there is none, or none that says anything."""
    if dict(interface.fields).get(name) == STR and name in initial:
        return repr(interface.strings[int(initial[name][0])])
    if slots := initial.get(name):
        return f"{slots[0]:g}" if len(slots) == 1 else f"({', '.join(f'{slot:g}' for slot in slots)})"
    parameter = next((item for item in interface.parameters if item.name == name and item.has_default), None)
    return repr(parameter.default) if parameter is not None else ""


def _current(stage: Usd.Stage, path: str) -> str:
    attribute = stage.GetAttributeAtPath(path)
    value = attribute.Get() if attribute and not attribute.GetTypeName().isArray else None
    return "now its own value" if value is None else f"now {value}"


def ops_of(stage: Usd.Stage, path: str) -> tuple[str, ...]:
    """Return the names of a prim's transform ops, in order; none where there is no such prim."""
    prim = stage.GetPrimAtPath(path) if Sdf.Path.IsValidPathString(path) else None
    attribute = prim.GetAttribute("xformOpOrder") if prim else None
    return tuple(map(str, attribute.Get() or ())) if attribute else ()


def authored_wires(stage: Usd.Stage, binding: PrimBinding) -> dict[str, str]:
    """Return the same for the ports that a binding itself says something of; what its behaviour is need not be known."""
    reads, writes = _authored(stage, binding)
    return {name: _words(reads.get(name), writes.get(name), name, is_field=False) for name in dict.fromkeys((*reads, *writes))}


def _binding(stage: Usd.Stage, key: BindingKey) -> PrimBinding:
    return next(item for item in bindings_of(stage.GetPrimAtPath(key.path)) if item.key == key)


def _authored(stage: Usd.Stage, binding: PrimBinding) -> tuple[dict[str, str], dict[str, str]]:
    """Return what each input reads and each output writes."""
    reads = {item.name: _all_shown(binding, item.connections) if item.connections else _value(stage, item) for item in binding.inputs}
    writes = {item.name: _all_shown(binding, item.writes or (item.attribute or "",)) for item in binding.outputs}
    return reads, writes


def _words(read: str | None, written: str | None, name: str, is_field: bool) -> str:
    match read, written:
        case None, None:
            return where_nothing_is_said(name, is_field)
        case str(), None:
            return f"reads {read}"
        case None, str():
            return f"writes {written}"
        case _ if read == written:
            return f"reads and writes {read}"
        case _:
            return f"reads {read}, writes {written}"


def where_nothing_is_said(name: str, is_field: bool) -> str:
    """Say where an input's value comes from that nothing is authored for."""
    return "kept by the behaviour" if is_field else "from the host" if name in HOST_TYPES else "its default"


def _value(stage: Usd.Stage, item: InputSpec) -> str:
    return f"the value {stage.GetAttributeAtPath(item.attribute).Get()}"


def _all_shown(binding: PrimBinding, paths: Sequence[str]) -> str:
    return ", ".join(_shown(binding, path) for path in paths)


def _shown(binding: PrimBinding, path: str) -> str:
    """Return an attribute's name where it is the bound prim's own, else its path."""
    own = shown(path).removeprefix(f"{binding.key.path}.")
    return own if composed_name(path) is None else f"{own} as transform ops compose it"
