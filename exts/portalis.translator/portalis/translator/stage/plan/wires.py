"""What a binding reads and writes, in words: for people who want to see what went by convention."""

from __future__ import annotations

from collections.abc import Sequence

from pxr import Sdf, Usd

from portalis.translator.ir.host import HOST_TYPES
from portalis.translator.stage.plan.discovery import Binding, BindingKey, InputSpec, bindings_of
from portalis.translator.stage.plan.interface import BehaviourInterface
from portalis.translator.stage.transforms.names import composed_name, shown


def wires(stage: Usd.Stage, key: BindingKey, interface: BehaviourInterface) -> dict[str, str]:
    """Return, for every port of an authored binding, where its value comes from and goes to."""
    reads, writes = _authored(stage, _binding(stage, key))
    names = [parameter.name for parameter in interface.parameters] + [name for name, _ in (*interface.fields, *interface.outputs)]
    fields = dict(interface.fields)
    return {name: _words(reads.get(name), writes.get(name), name, name in fields) for name in dict.fromkeys(names)}


def ops_of(stage: Usd.Stage, path: str) -> tuple[str, ...]:
    """Return the names of a prim's transform ops, in order; none where there is no such prim."""
    prim = stage.GetPrimAtPath(path) if Sdf.Path.IsValidPathString(path) else None
    attribute = prim.GetAttribute("xformOpOrder") if prim else None
    return tuple(map(str, attribute.Get() or ())) if attribute else ()


def authored_wires(stage: Usd.Stage, binding: Binding) -> dict[str, str]:
    """Return the same for the ports that a binding itself says something of; what its behaviour is need not be known."""
    reads, writes = _authored(stage, binding)
    return {name: _words(reads.get(name), writes.get(name), name, is_field=False) for name in dict.fromkeys((*reads, *writes))}


def _binding(stage: Usd.Stage, key: BindingKey) -> Binding:
    return next(item for item in bindings_of(stage.GetPrimAtPath(key.path)) if item.key == key)


def _authored(stage: Usd.Stage, binding: Binding) -> tuple[dict[str, str], dict[str, str]]:
    """Return what each input reads and each output writes."""
    reads = {item.name: _all_shown(binding, item.connections) if item.connections else _value(stage, item) for item in binding.inputs}
    writes = {item.name: _all_shown(binding, item.writes or (item.attribute or "",)) for item in binding.outputs}
    return reads, writes


def _words(read: str | None, written: str | None, name: str, is_field: bool) -> str:
    match read, written:
        case None, None:
            return "kept by the behaviour" if is_field else "from the host" if name in HOST_TYPES else "its default"
        case str(), None:
            return f"reads {read}"
        case None, str():
            return f"writes {written}"
        case _ if read == written:
            return f"reads and writes {read}"
        case _:
            return f"reads {read}, writes {written}"


def _value(stage: Usd.Stage, item: InputSpec) -> str:
    return f"the value {stage.GetAttributeAtPath(item.attribute).Get()}"


def _all_shown(binding: Binding, paths: Sequence[str]) -> str:
    return ", ".join(_shown(binding, path) for path in paths)


def _shown(binding: Binding, path: str) -> str:
    """Return an attribute's name where it is the bound prim's own, else its path."""
    own = shown(path).removeprefix(f"{binding.key.path}.")
    return own if composed_name(path) is None else f"{own} as transform ops compose it"
