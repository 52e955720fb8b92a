"""What a binding reads and writes, in words: for people who want to see what went by convention."""

from __future__ import annotations

from pxr import Usd

from portalis.translator.ir.host import HOST_TYPES
from portalis.translator.stage.plan.discovery import Binding, BindingKey, InputSpec, discover
from portalis.translator.stage.plan.interface import BehaviourInterface


def wires(stage: Usd.Stage, key: BindingKey, interface: BehaviourInterface) -> dict[str, str]:
    """Return, for every port of an authored binding, where its value comes from and goes to."""
    binding = next(item for item in discover(stage).bindings if item.key == key)
    reads = {item.name: _shown(binding, item.connections[0]) if item.connections else _value(stage, item) for item in binding.inputs}
    writes = {item.name: _shown(binding, item.writes[0] if item.writes else item.attribute or "") for item in binding.outputs}
    names = [parameter.name for parameter in interface.parameters] + [name for name, _ in (*interface.fields, *interface.outputs)]
    fields = dict(interface.fields)
    return {name: _words(reads.get(name), writes.get(name), name, name in fields) for name in dict.fromkeys(names)}


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


def _shown(binding: Binding, path: str) -> str:
    """Return an attribute's name where it is the bound prim's own, else its path."""
    return path.removeprefix(f"{binding.key.path}.")
