"""The names by which behaviours read and write transforms, and the property paths that stand for them in wires.

`/World/Hero.portalis:transform:position` is no attribute: a binding that connects to it, or writes to it, means what the ops of the prim
compose to. Where one op alone says it, wires name that op's attribute instead.
"""

from __future__ import annotations

from portalis.translator.stage.transforms.parts import PART_TYPES

PREFIX = "portalis:transform:"

# A Python name that stands for a part of a prim's transform when nothing else is said.
ALIASES: dict[str, str] = {
    "position": "position",
    "translate": "position",
    "translation": "position",
    "orientation": "orientation",
    "orient": "orientation",
    "scale": "scale",
    "transform": "transform",
    "matrix": "transform",
}
# What is composed with the transforms of all ancestors; nothing can be written to these.
WORLD_TYPES: dict[str, str] = {
    "world_position": "double3",
    "world_orientation": "quatd",
    "world_transform": "matrix4d",
    "parent_to_world": "matrix4d",
}
TYPES: dict[str, str] = {**{str(part): type_name for part, type_name in PART_TYPES.items()}, **WORLD_TYPES}


def composed_path(prim_path: str, name: str) -> str:
    """Return the path that stands for a prim's `name`, one of `TYPES`."""
    return f"{prim_path}.{PREFIX}{name}"


def composed_name(path: str) -> str | None:
    """Return which of `TYPES` a path stands for, or None where it names an attribute."""
    _, _, name = path.partition(f".{PREFIX}")
    return name if name in TYPES else None


def shown(path: str) -> str:
    """Return a path as its user would write it: `/World/Hero.position`."""
    return path.replace(f".{PREFIX}", ".") if composed_name(path) is not None else path
