"""A prim's transform ops as data: read from `xformOpOrder`, grouped by shape, so that lanes with one shape are computed together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pxr import Sdf, Usd, UsdGeom, Vt

from portalis.translator.stage.values import codec_of

RESET = "!resetXformStack!"
INVERT = "!invert!"
AXES = "XYZ"
EULER_KINDS = ("rotateXYZ", "rotateXZY", "rotateYXZ", "rotateYZX", "rotateZXY", "rotateZYX")
_TRIPLES = frozenset(("translate", "scale", *EULER_KINDS))
_SINGLES = frozenset(f"{kind}{axis}" for kind in ("translate", "rotate", "scale") for axis in AXES)


@dataclass(frozen=True, slots=True)
class TransformOp:
    """One entry of `xformOpOrder`: its attribute, what kind of op it is, the attribute's type, and whether it is applied inversely.

    `pivot` marks the two translations of a pivot pair, `repeated` an attribute that stands in the order more than once. An op that OpenUSD
    or this host cannot compose has the kind "unknown".
    """

    path: str
    kind: str
    type_name: str
    inverse: bool = False
    pivot: bool = False
    repeated: bool = False

    @property
    def name(self) -> str:
        """The attribute's name: `xformOp:translate:pivot`."""
        return self.path.rpartition(".")[2]

    @property
    def translates(self) -> bool:
        """Whether it can move the origin and does nothing else."""
        return self.kind.startswith("translate")

    @property
    def rotates(self) -> bool:
        """Whether it turns and does nothing else."""
        return self.kind.startswith("rotate") or self.kind == "orient"

    @property
    def scales(self) -> bool:
        """Whether it stretches along the axes and does nothing else."""
        return self.kind.startswith("scale")

    @property
    def is_matrix(self) -> bool:
        return self.kind == "transform"

    @property
    def identity(self) -> tuple[float, ...]:
        """What the op is without a value, in the order of its codec: OpenUSD then leaves it out."""
        if self.is_matrix:
            return tuple(float(index % 5 == 0) for index in range(16))
        if self.kind == "orient":
            return (0.0, 0.0, 0.0, 1.0)
        if self.scales and self.inverse and self.kind in _SINGLES:
            # Of an inverse scale about one axis OpenUSD takes the negative.
            return (-1.0,)
        value = 1.0 if self.scales else 0.0
        return (value, value, value) if self.kind in _TRIPLES else (value,)


@dataclass(frozen=True, slots=True)
class Stack:
    """The ops of the prim `prim` in the order of `xformOpOrder`: the first is applied last. `resets`: the parent's transform is ignored."""

    prim: str
    ops: tuple[TransformOp, ...]
    resets: bool = False

    @property
    def shape(self) -> tuple[object, ...]:
        """What stacks have in common that are composed, and solved, by one formula."""
        paths = [op.path for op in self.ops]
        return tuple((op.kind, op.type_name, op.inverse, op.pivot, op.name, paths.index(op.path)) for op in self.ops)

    def named(self, name: str) -> TransformOp | None:
        """Return the op whose attribute has this name."""
        return next((op for op in self.ops if op.name == name), None)


def resets_stack(prim: Usd.Prim) -> bool:
    """Tell whether a prim's transform ignores those above it, which costs a tenth of reading its stack."""
    attribute = prim.GetAttribute("xformOpOrder")
    order = attribute.Get() if attribute else None
    return isinstance(order, Vt.TokenArray) and RESET in order and bool(UsdGeom.Xformable(prim))


def read_stack(prim: Usd.Prim) -> Stack:
    """Read a prim's stack; like OpenUSD, leave out entries without an attribute and what stands before a reset."""
    attribute = prim.GetAttribute("xformOpOrder")
    authored = attribute.Get() if attribute else None
    # Anybody may author a value of another type under that name; OpenUSD then finds no ops.
    order = list(map(str, authored)) if isinstance(authored, Vt.TokenArray) else []
    resets = RESET in order
    if resets:
        order = order[len(order) - order[::-1].index(RESET) :]
    ops = [op for token in order if (op := _op(prim, token)) is not None]
    return Stack(str(prim.GetPath()), _marked(ops), resets)


def _op(prim: Usd.Prim, token: str) -> TransformOp | None:
    name = token.removeprefix(INVERT)
    attribute = prim.GetAttribute(name) if Sdf.Path.IsValidNamespacedIdentifier(name) else None
    if not attribute:
        return None
    parts = name.split(":")
    type_name = str(attribute.GetTypeName())
    kind = parts[1] if len(parts) > 1 and parts[0] == "xformOp" and _fits(parts[1], type_name) else "unknown"
    return TransformOp(str(attribute.GetPath()), kind, type_name, token.startswith(INVERT))


def _fits(kind: str, type_name: str) -> bool:
    codec = codec_of(type_name)
    if codec is None or codec.array or codec.family != "float":
        return False
    if kind == "transform":
        return type_name == "matrix4d"
    if kind == "orient":
        return codec.layout == "quaternion"
    if kind in _TRIPLES:
        return codec.layout == "vector" and codec.width == 3
    return kind in _SINGLES and codec.layout == "scalar"


def _marked(ops: Sequence[TransformOp]) -> tuple[TransformOp, ...]:
    """Mark what stands twice, and of that the pairs of a translation and, further in, its inverse."""
    if len({op.path for op in ops}) == len(ops):
        return tuple(ops)
    counts = Counter(op.path for op in ops)
    first = {op.path: op for op in reversed(ops)}
    # One that has no value is left out in both places, which no number says of a negative.
    ops = [replace(op, kind="unknown") if op.scales and op.kind in _SINGLES and counts[op.path] > 1 else op for op in ops]
    pairs = {op.path for op in ops if op.translates and op.inverse and counts[op.path] == 2 and not first[op.path].inverse}
    return tuple(replace(op, repeated=counts[op.path] > 1, pivot=op.path in pairs) for op in ops)
