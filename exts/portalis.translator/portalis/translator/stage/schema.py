"""The names that `schemas/schema.usda` declares, for code that must also work where the schemas are not registered."""

from __future__ import annotations

from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["behavior", "crowd", "array"]
Phase: TypeAlias = Literal["prePhysics", "update", "lateUpdate"]

KINDS: tuple[Kind, ...] = ("behavior", "crowd", "array")
PHASES: tuple[Phase, ...] = ("prePhysics", "update", "lateUpdate")
API_NAMES: dict[Kind, str] = {"behavior": "PortalisBehaviorAPI", "crowd": "PortalisCrowdAPI", "array": "PortalisArrayAPI"}
KIND_OF_API: dict[str, Kind] = {name: kind for kind, name in API_NAMES.items()}
SCENE_API = "PortalisSceneAPI"
MODULE_TYPE = "PortalisModule"
# The scope that holds the modules of a stage.
SCOPE_NAME = "Portalis"
NAMESPACE = "portalis:"

# The binding's own properties, which an instance name must not repeat (OpenUSD refuses such an instance).
BINDING_PROPERTIES = ("module", "function", "enabled", "phase", "order", "rate", "previous", "extentMode")
# Those of them that say how it runs, rather than what.
SETTINGS = ("enabled", "phase", "order", "rate", "previous", "extentMode")
RESERVED_INSTANCE_NAMES = frozenset((*BINDING_PROPERTIES, "inputs", "outputs", "writes"))

# Custom data of a transform op that bind appended.
APPENDED_MARK = "portalis:appended"


def prefix(kind: Kind, instance: str) -> str:
    """Return the namespace of one binding's properties: `portalis:behavior:NAME:`."""
    return f"{NAMESPACE}{kind}:{instance}:"
