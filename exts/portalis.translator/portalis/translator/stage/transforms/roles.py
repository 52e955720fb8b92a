"""Which op of a stack stands for which part of a transform: directly, by solving, or not at all.

A part is *direct* where it is the value of one op whatever the others are: then it is an attribute like any other. It is *solved* where
some op can take the value that makes the whole compose to what is wanted. Where the stack has no op of the part's kind, one can be added.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portalis.translator.stage.transforms.parts import Part, is_linear, says_apart
from portalis.translator.stage.transforms.stack import EULER_KINDS, Stack, TransformOp


@dataclass(frozen=True, slots=True)
class Roles:
    """The places in the order of the ops that are set for each part; None where the stack has no op of the kind."""

    position: int | None
    orientation: int | None
    scale: int | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a part cannot be written, and the op that stands against it."""

    op: TransformOp
    reason: str


def carrying(ops: Sequence[TransformOp]) -> list[TransformOp]:
    """Return the ops that turn or stretch a translation further in: changing them moves the origin unless the translation is set too."""
    own = [op for op in ops if not op.pivot]
    moving = [index for index, op in enumerate(own) if op.translates or op.is_matrix or op.kind == "unknown"]
    return [op for index, op in enumerate(own) if is_linear(op) and moving and index < moving[-1]]


def deciding(ops: Sequence[TransformOp], part: Part, written: bool = False) -> frozenset[int]:
    """Return the places of the ops that decide a part; where it is `written`, also of those that decide which values that takes."""
    carries = carrying(ops)
    if part == "transform":
        return frozenset(range(len(ops)))
    places: set[int] = set()
    if part == "position" or (written and carries):
        places |= {index for index, op in enumerate(ops) if op in carries or (op.translates and not op.pivot) or op.is_matrix}
    if part != "position":
        apart = says_apart(ops)
        alike = {"orientation": [op.rotates for op in ops], "scale": [op.scales for op in ops]}[part]
        places |= {index for index, op in enumerate(ops) if (alike[index] if apart else is_linear(op))}
    return frozenset(places)


def direct_op(stack: Stack, part: Part) -> TransformOp | None:
    """Return the op whose value is `part`, or None."""
    if part == "transform":
        only = stack.ops[0] if len(stack.ops) == 1 else None
        return only if only is not None and only.is_matrix and _plain(only) else None
    ops = [op for op in stack.ops if not op.pivot]
    linear = [op for op in ops if is_linear(op)]
    # Where something carries the origin along, it belongs to what is solved.
    if carrying(ops) or (part != "position" and not says_apart(linear)):
        return None
    kinds = [op for op in ops if _of_kind(op, part)]
    whole = {"position": "translate", "orientation": "orient", "scale": "scale"}[part]
    return kinds[0] if len(kinds) == 1 and kinds[0].kind == whole and _plain(kinds[0]) else None


def lacks(stack: Stack, part: Part) -> bool:
    """Tell whether a stack has no op of a part's kind, so that one may be added."""
    if part == "transform":
        return not stack.ops
    return not any(_of_kind(op, part) for op in stack.ops if not op.pivot)


def roles(stack: Stack) -> tuple[Roles, dict[Part, Refusal]]:
    """Choose the op to set for each part, and say why a part has none although there are ops of its kind."""
    refused: dict[Part, Refusal] = {}
    unknown = next((op for op in stack.ops if op.kind == "unknown"), None)
    if unknown is not None:
        reason = f"an op of type {unknown.type_name} that OpenUSD does not compose"
        return Roles(None, None, None), {part: Refusal(unknown, reason) for part in ("position", "orientation", "scale")}
    chosen: dict[Part, int | None] = {}
    for part in ("position", "orientation", "scale"):
        kinds = [index for index, op in enumerate(stack.ops) if not op.pivot and _of_kind(op, part)]
        usable = [index for index in kinds if not stack.ops[index].repeated and _settable(stack.ops[index], part)]
        chosen[part] = _preferred(stack, usable)
        if kinds and not usable:
            refused[part] = _why_not(stack.ops[kinds[0]])
    result = Roles(chosen["position"], chosen["orientation"], chosen["scale"])
    refused |= _order_refusals(stack, result)
    return result, refused


def _order_refusals(stack: Stack, chosen: Roles) -> Iterator[tuple[Part, Refusal]]:
    """Refuse to stretch by an op outside of what turns about any angle: the rows of the product are at no right angle."""
    if chosen.scale is None or stack.ops[chosen.scale].is_matrix:
        return
    inner = [op for op in stack.ops[chosen.scale + 1 :] if op.rotates and not op.pivot and op.kind in (*EULER_KINDS, "orient")]
    if inner:
        yield "scale", Refusal(stack.ops[chosen.scale], f"it stretches what {inner[0].name} has turned: shear")


def _why_not(op: TransformOp) -> Refusal:
    if op.repeated:
        return Refusal(op, "it is applied more than once")
    if op.rotates:
        return Refusal(op, "it turns about a single axis")
    return Refusal(op, "it has a value for a single axis")


def _of_kind(op: TransformOp, part: Part) -> bool:
    of = {"position": op.translates, "orientation": op.rotates, "scale": op.scales}[part]
    return of or op.is_matrix or op.kind == "unknown"


def _settable(op: TransformOp, part: Part) -> bool:
    kinds = {"position": ("translate",), "orientation": (*EULER_KINDS, "orient"), "scale": ("scale",)}[part]
    return op.is_matrix or op.kind in kinds


def _preferred(stack: Stack, usable: list[int]) -> int | None:
    """Prefer an op that is no matrix, then one without a suffix, then the outermost."""
    return min(usable, key=lambda index: (stack.ops[index].is_matrix, stack.ops[index].name.count(":"), index), default=None)


def _plain(op: TransformOp) -> bool:
    return not op.inverse and not op.repeated
