"""Ports that are bound to what a prim's transform ops compose to: where they read, which ops they set, and what stands against it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from pxr import Sdf, Usd, UsdGeom

from portalis.translator.ir.types import Type
from portalis.translator.stage.plan.targets import target_problem
from portalis.translator.stage.problems import StageProblem
from portalis.translator.stage.transforms.appending import NEW_OPS
from portalis.translator.stage.transforms.exact import agrees
from portalis.translator.stage.transforms.judge import absent_refusal, animated_refusal, op_values, read_refusal, write_refusal
from portalis.translator.stage.transforms.names import TYPES, WORLD_TYPES, composed_name, shown
from portalis.translator.stage.transforms.parts import Part
from portalis.translator.stage.transforms.roles import Refusal, deciding, roles
from portalis.translator.stage.transforms.solve import Solver
from portalis.translator.stage.transforms.stack import Stack, read_stack
from portalis.translator.stage.values import codec_of, mismatch


@dataclass(frozen=True, slots=True)
class StackSource:
    """A part of a prim's transform, as its ops compose it; with `previous`, at the end of the frame before."""

    path: str
    type_name: str
    previous: bool
    stack: Stack
    part: Part

    @property
    def reads(self) -> tuple[str, ...]:
        """The attributes that it is composed of."""
        return tuple(dict.fromkeys(self.stack.ops[index].path for index in sorted(deciding(self.stack.ops, self.part))))


@dataclass(frozen=True, slots=True)
class WorldSource:
    """What the transforms of a prim and its ancestors compose to (`names.WORLD_TYPES`); `reads` are all their ops' attributes."""

    path: str
    type_name: str
    previous: bool
    prim: str
    name: str
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StackTarget:
    """A part of a prim's transform that is written: `sets` are the places in the stack of the ops that get values for it."""

    path: str
    type_name: str
    stack: Stack
    part: Part
    sets: tuple[int, ...]

    @property
    def written(self) -> tuple[str, ...]:
        """The attributes that are written."""
        return tuple(self.stack.ops[index].path for index in self.sets)

    @property
    def reads(self) -> tuple[str, ...]:
        """The attributes that decide which values are written."""
        ops, written = self.stack.ops, self.written
        places = sorted(deciding(ops, self.part, written=True))
        return tuple(dict.fromkeys(ops[index].path for index in places if ops[index].path not in written))


def composed_source(
    stage: Usd.Stage, path: str, previous: bool, type_: Type
) -> tuple[StackSource | WorldSource | None, StageProblem | None]:
    """Return what a connection to `path`, which stands for a part of a transform, reads; or what is wrong with it."""
    name = composed_name(path)
    assert name is not None, "the path stands for a part of a transform"
    prim = stage.GetPrimAtPath(Sdf.Path(path).GetPrimPath())
    if not prim or not UsdGeom.Xformable(prim):
        return None, StageProblem("PS101", "there is no prim with a transform here", shown(path), "name a prim that can be moved")
    if reason := mismatch(codec_of(TYPES[name]), TYPES[name], type_, "read"):
        wanted = {"double3": "Gf.Vec3d", "quatd": "Gf.Quatd", "matrix4d": "Gf.Matrix4d"}[TYPES[name]]
        return None, StageProblem(
            "PS122", f"the {name} that the ops of a prim compose to: {reason}", shown(path), f"annotate it as {wanted}"
        )
    if name in WORLD_TYPES:
        reads = ancestor_ops(prim, parent=name == "parent_to_world")
        return WorldSource(path, TYPES[name], previous, str(prim.GetPath()), name, reads), None
    stack, part = read_stack(prim), cast(Part, name)
    refusal = read_refusal(stack, op_values(stage, stack.ops, stage.GetStartTimeCode()), part)
    return (None, _refused(stack, part, "read", refusal)) if refusal else (StackSource(path, TYPES[name], previous, stack, part), None)


def composed_target(stage: Usd.Stage, path: str, type_: Type, owner: str) -> tuple[StackTarget | None, StageProblem | None]:
    """Return what writing to `path`, which stands for a part of a transform, sets; or what is wrong with it."""
    name = composed_name(path)
    prim = stage.GetPrimAtPath(Sdf.Path(path).GetPrimPath())
    if not prim or not UsdGeom.Xformable(prim):
        return None, StageProblem("PS101", "there is no prim with a transform here", shown(path), "name a prim that can be moved")
    if name is None or name in WORLD_TYPES:
        return None, StageProblem("PS130", f"{name} is composed of several prims' transforms", shown(path), "write position or orientation")
    if reason := mismatch(codec_of(TYPES[name]), TYPES[name], type_, "write"):
        return None, StageProblem("PS122", reason, shown(path), "return another type, or write another attribute")
    stack, part = read_stack(prim), cast(Part, name)
    if absent := absent_refusal(stack, part):
        return None, StageProblem("PS125", f"the prim has no transform op for {absent}", shown(path), _how_to_add(prim, absent))
    if refusal := write_refusal(stack, op_values(stage, stack.ops, stage.GetStartTimeCode()), part):
        return None, _refused(stack, part, "written", refusal)
    sets = Solver(stack.ops, roles(stack)[0]).set_ops(frozenset((part,)))
    target = StackTarget(path, TYPES[name], stack, part, sets)
    problems = (target_problem(stage, written, owner) for written in target.written)
    problem = next((problem for problem in problems if problem is not None), None)
    return (None, problem) if problem else (target, None)


def together_problems(stage: Usd.Stage, targets: Sequence[StackTarget], direct: Sequence[str]) -> list[StageProblem]:
    """Say what stands against writing these parts, and the attributes `direct`, in one binding."""
    problems = []
    stacks = {target.stack.prim: target.stack for target in targets}
    for prim, stack in stacks.items():
        own = [target for target in targets if target.stack.prim == prim]
        parts = {target.part for target in own}
        if len(own) > len(parts) or ("transform" in parts and len(parts) > 1):
            message = f"{', '.join(sorted(target.part for target in own))} are written, which overlap"
            problems.append(StageProblem("PS131", message, prim, "write each part of the transform once"))
        places = {index for target in own for index in target.sets}
        varying = [index for index in places if stage.GetAttributeAtPath(stack.ops[index].path).ValueMightBeTimeVarying()]
        if refusal := animated_refusal(stack, places, varying, parts):
            problems.append(_refused(stack, min(parts), "written", refusal))
        used = {path for target in own for path in (*target.reads, *target.written)}
        problems += [
            StageProblem(
                "PS131", "this op is written both by itself and through its stack", path, "name parts: position, orientation, scale"
            )
            for path in direct
            if path in used
        ]
    return problems


def ancestor_ops(prim: Usd.Prim, parent: bool, read: Callable[[Usd.Prim], Stack] = read_stack) -> tuple[str, ...]:
    """Return the attributes of the ops that decide a prim's transform to the world, or with `parent` the space that its own ops are in."""
    paths: list[str] = []
    first = True
    while prim and not prim.IsPseudoRoot():
        if UsdGeom.Xformable(prim):
            stack = read(prim)
            if not (first and parent):
                paths += [op.path for op in stack.ops]
            if stack.resets:
                break
        first = False
        prim = prim.GetParent()
    return tuple(paths)


def is_composable(stack: Stack) -> bool:
    """Tell whether this host composes a stack as OpenUSD does; else OpenUSD itself has to be asked, of what the stage has."""
    return agrees() and all(op.kind != "unknown" for op in stack.ops)


def asked_ops(prim: Usd.Prim, parent: bool, read: Callable[[Usd.Prim], Stack] = read_stack) -> tuple[str, ...]:
    """Return, of `ancestor_ops`, those that OpenUSD itself has to compose for a prim."""
    above = prim.GetParent() if parent else prim
    while above and not above.IsPseudoRoot():
        stack = read(above) if UsdGeom.Xformable(above) else None
        if stack is not None and not is_composable(stack):
            return ancestor_ops(prim, parent, read)
        if stack is not None and stack.resets:
            break
        above = above.GetParent()
    return ()


def _how_to_add(prim: Usd.Prim, absent: str) -> str:
    ops = [NEW_OPS[part] for part in NEW_OPS if part in absent.split()]
    taken = [f"xformOp:{op}" for op in ops if prim.GetAttribute(f"xformOp:{op}").IsAuthored()]
    if taken:
        return f"{', '.join(taken)} is authored outside xformOpOrder and never switched on: add it to the order, or remove it"
    return f"author {', '.join(f'xformOp:{op}' for op in ops)} in xformOpOrder, or bind the parts one by one, which adds them"


def _refused(stack: Stack, part: Part, how: str, refusal: Refusal) -> StageProblem:
    order = ", ".join(("!invert!" if op.inverse else "") + op.name for op in stack.ops)
    message = f"{part} cannot be {how} because of {refusal.op.name}: {refusal.reason}"
    return StageProblem("PS125", message, stack.prim, f"its ops are {order}; bind another part, or change them")
