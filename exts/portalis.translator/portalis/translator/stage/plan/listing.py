"""The bindings of a stage as a list for people: where each is, what it runs, what it reads and writes, and whether it runs at all."""

from __future__ import annotations

from dataclasses import dataclass

from pxr import Usd

from portalis.translator.stage.plan.bindings import PrimBinding
from portalis.translator.stage.plan.discovery import absence_problem, every_binding
from portalis.translator.stage.plan.wires import authored_wires
from portalis.translator.stage.schema import API_NAMES


@dataclass(frozen=True, slots=True)
class Listed:
    """One binding: `layers` are those that apply its schema, the strongest first; `why_not` says why it does not run, if it does not."""

    path: str
    name: str
    kind: str
    function: str
    module: str
    enabled: bool
    phase: str
    order: int
    rate: float
    ports: dict[str, str]
    layers: tuple[str, ...]
    why_not: str


def list_bindings(stage: Usd.Stage) -> tuple[Listed, ...]:
    """Return every binding of the composed stage outside instances, in traversal order. Nothing is translated."""
    return tuple(_listed(stage, binding) for binding in every_binding(stage))


def _listed(stage: Usd.Stage, binding: PrimBinding) -> Listed:
    key = binding.key
    prim = stage.GetPrimAtPath(key.path)
    schema = f"{API_NAMES[key.kind]}:{key.instance}"
    stack = [spec for spec in prim.GetPrimStack() if spec.HasInfo("apiSchemas")]
    layers = [spec.layer.identifier for spec in stack if schema in spec.GetInfo("apiSchemas").GetAddedOrExplicitItems()]
    absence = absence_problem(prim)
    why_not = absence.message if absence is not None else "" if binding.enabled else "disabled"
    return Listed(
        key.path,
        key.instance,
        key.kind,
        binding.function,
        ", ".join(binding.modules),
        binding.enabled,
        binding.phase,
        binding.order,
        binding.rate,
        authored_wires(stage, binding),
        tuple(dict.fromkeys(layers)),
        why_not,
    )
