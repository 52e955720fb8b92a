"""Which attributes behaviours may write: never what a host executes, or takes the choice of code from."""

from __future__ import annotations

from collections.abc import Sequence

from pxr import Sdf, Usd, UsdGeom, UsdPhysics

from portalis.translator.ir.types import QuatType, Type
from portalis.translator.stage.plan.discovery import instance_problem
from portalis.translator.stage.plan.nearest import perhaps, rotation_of
from portalis.translator.stage.problems import StageProblem
from portalis.translator.stage.schema import NAMESPACE
from portalis.translator.stage.values import codec_of, is_text, mismatch, python_type

# Namespaces of the hosts that execute what is in a stage (scripting, OmniGraph, Warp, shaders' sources, procedurals); and our own, so that
# no behaviour can rebind another. `state:` is what an OmniGraph node remembers, which for a script node is the code it compiled.
_FORBIDDEN_NAMESPACES = (
    NAMESPACE,
    *("omni:scripting:", "omni:graph:", "omni:kit:", "warp:", "info:", "primvars:hdGp:"),
    *("state:", "graph:", "evaluator:", "node:"),
)
# Settings of graphs, wherever they are found, and what decides how a prim is composed or seen.
_FORBIDDEN_NAMES = frozenset(
    ("evaluationMode", "fabricCacheBacking", "fileFormatVersion", "pipelineStage", "proceduralSystem", "proceduralType", "xformOpOrder")
)
# Inputs that hold code, or say where it comes from: inputs:script, inputs:usePath, inputs:scriptPath, inputs:codeFile, ...
_EXECUTED_INPUTS = ("script", "code", "usepath", "expression", "python")
# The same in the name of a string, whatever its namespace, and words for what is opened.
_EXECUTED_TEXTS = ("script", "code", "path", "expression", "python", "command", "source", "file", "url")
# Types of prims whose attributes all belong to a graph's evaluation; the older names are still in stages.
_GRAPH_TYPES = ("OmniGraph", "ComputeGraph", "ComputeNode", "GlobalComputeGraph", "PushGraph")

# What bears the name of a rotation and is none.
WINDING = "orientation is the token of UsdGeomGprim that says how its faces are wound, leftHanded or rightHanded"

# What a prim has that is a node, whatever its type.
GRAPH_MARK = "node:type"


def target_problem(stage: Usd.Stage, path: str, owner: str) -> StageProblem | None:
    """Say why the attribute at `path` may not be written by the binding of prim `owner`, or None where it may."""
    if not Sdf.Path(path).IsPropertyPath():
        return StageProblem("PS130", "only attributes can be written", path, "name an attribute: /World/Ball.xformOp:translate")
    prim_path = Sdf.Path(path).GetPrimPath()
    if problem := instance_problem(stage.GetPrimAtPath(prim_path), path):
        return problem
    attribute = stage.GetAttributeAtPath(path)
    if not attribute:
        kind = "a relationship" if stage.GetRelationshipAtPath(path) else "nothing"
        return StageProblem(
            "PS101", f"there is {kind} here, and {owner} would write an attribute", path, "create the attribute, or bind again"
        )
    return (
        _name_problem(attribute)
        or _order_problem(attribute)
        or _graph_problem(attribute)
        or _type_problem(attribute)
        or _physics_problem(attribute)
    )


def own_output_problem(attribute: Usd.Attribute) -> StageProblem | None:
    """Say why a binding's own `outputs:NAME` may not hold results, or None where it may: what connects to it may be anybody's."""
    return _text_problem(attribute)


def authored_type_problem(attribute: Usd.Attribute) -> StageProblem | None:
    """Say that an attribute is authored with another type than the schema's, so that its values are not what its type says; or None."""
    wanted = attribute.GetTypeName()
    for spec in attribute.GetPropertyStack(Usd.TimeCode.Default()):
        if isinstance(spec, Sdf.AttributeSpec) and spec.typeName.type != wanted.type:
            message = f"this is authored as {spec.typeName} in {spec.layer.identifier}, where the schema has {wanted}"
            return StageProblem("PS122", message, str(attribute.GetPath()), f"author it as {wanted}")
    return None


def store_problem(attribute: Usd.Attribute, type_: Type, whole_array: bool) -> StageProblem | None:
    """Say why a result of `type_` cannot be stored in `attribute`, or None where it can."""
    name = str(attribute.GetTypeName())
    codec = codec_of(name)
    if reason := mismatch(codec, name, type_, "write", whole_array):
        each = "another type" if codec is None else python_type(codec)
        wanted = f"a list of {each}" if whole_array and codec is not None and codec.array else each
        return StageProblem("PS122", reason, str(attribute.GetPath()), f"return {wanted}, or write another attribute")
    # Orientations as a transform op, and as an element of a crowd, are what OpenUSD itself rounds from other types.
    narrower = isinstance(type_, QuatType) and name in {"quath", "quatf"} - {f"quat{type_.scalar}"}
    if isinstance(type_, QuatType) and narrower and not attribute.GetName().startswith("xformOp:"):
        reason = f"OpenUSD does not store {type_} in {name}, which would round it"
        return StageProblem("PS122", reason, str(attribute.GetPath()), f"write an attribute of type quat{type_.scalar}")
    return None


def said_problem(attribute: Usd.Attribute, texts: Sequence[str]) -> StageProblem | None:
    """Say which of the `texts` that a source says for a result its attribute cannot hold; an error where it can hold none of them."""
    listed = attribute.GetMetadata("allowedTokens")
    allowed = listed or [text for text in texts if is_text(text)]
    wrong = [text for text in texts if text not in allowed]
    if not wrong:
        return None
    where = f"where {', '.join(map(repr, listed))} are allowed" if listed else "which OpenUSD cannot hold"
    message = f"the source says {' and '.join(map(repr, wrong))} here, {where}"
    help_ = perhaps(wrong[0], allowed, "say one of these" if listed else "say a text without null characters and halves of surrogates")
    return StageProblem("PS130", message, str(attribute.GetPath()), help_, "error" if len(wrong) == len(texts) else "warning")


def _name_problem(attribute: Usd.Attribute) -> StageProblem | None:
    name = attribute.GetName()
    executed = name.startswith(("inputs:", "outputs:")) and name.rpartition(":")[2].lower().startswith(_EXECUTED_INPUTS)
    if executed or name in _FORBIDDEN_NAMES or name.startswith(_FORBIDDEN_NAMESPACES):
        help_ = "write an attribute of your own; what a host executes is not for behaviours"
        return StageProblem("PS130", f"{name} may never be written by a behaviour", str(attribute.GetPath()), help_)
    if rotation := rotation_of(attribute):
        message = f"{WINDING}, which is uniform: it has one value for all time"
        return StageProblem("PS130", message, str(attribute.GetPath()), f"a rotation is written as the quaternion {rotation}")
    if attribute.GetVariability() == Sdf.VariabilityUniform:
        help_ = "write an attribute that is not uniform"
        return StageProblem("PS130", f"{name} is uniform: it has one value for all time", str(attribute.GetPath()), help_)
    return None


def is_applied(prim: Usd.Prim, name: str) -> bool:
    """Tell whether an attribute is no transform op, or one that the prim's xformOpOrder has."""
    if not name.startswith("xformOp:"):
        return True
    attribute = prim.GetAttribute("xformOpOrder")
    order = attribute.Get() or () if attribute else ()
    return name in order or f"!invert!{name}" in order


def _order_problem(attribute: Usd.Attribute) -> StageProblem | None:
    if is_applied(attribute.GetPrim(), attribute.GetName()):
        return None
    message = f"{attribute.GetName()} is not in xformOpOrder: writing it moves nothing"
    return StageProblem("PS125", message, str(attribute.GetPath()), "add it to the order, or bind a part: position, orientation, scale")


def _graph_problem(attribute: Usd.Attribute) -> StageProblem | None:
    prim = attribute.GetPrim()
    while prim and not is_graph(prim):
        prim = prim.GetParent()
    if not prim:
        return None
    message = f"{prim.GetPath()} is part of a graph that a host executes"
    help_ = "write an attribute of another prim, and let a node of the graph read it"
    return StageProblem("PS130", message, str(attribute.GetPath()), help_)


def is_graph(prim: Usd.Prim) -> bool:
    """Tell whether a prim by itself is part of a graph that a host executes."""
    return str(prim.GetTypeName()).startswith(_GRAPH_TYPES) or bool(prim.HasAttribute(GRAPH_MARK))


def _type_problem(attribute: Usd.Attribute) -> StageProblem | None:
    codec = codec_of(str(attribute.GetTypeName()))
    if codec is None:
        message = f"a value of type {attribute.GetTypeName()} may not be written by a behaviour"
        return StageProblem("PS130", message, str(attribute.GetPath()), "numbers, bools, tokens and strings can, and arrays of numbers")
    return _text_problem(attribute)


def _text_problem(attribute: Usd.Attribute) -> StageProblem | None:
    """Say why a text may not be written: of tokens only those that are allowed, of strings only what is nobody's code or path."""
    codec = codec_of(str(attribute.GetTypeName()))
    if codec is None or codec.family != "token" or (not codec.array and attribute.GetMetadata("allowedTokens")):
        return None
    path = str(attribute.GetPath())
    if codec.type_name != "string":
        return StageProblem(
            "PS130",
            "only a single token that has allowedTokens may be written",
            path,
            "author allowedTokens on the attribute, or give what the behaviour keeps another name",
        )
    name = attribute.GetBaseName().lower()
    if not attribute.IsCustom() or any(word in name for word in _EXECUTED_TEXTS):
        message = f"only a string of your own may be written, and {attribute.GetName()} may be what a host executes or opens"
        return StageProblem("PS130", message, path, "write a custom string of another name, or author its allowedTokens")
    return None


def _physics_problem(attribute: Usd.Attribute) -> StageProblem | None:
    prim = attribute.GetPrim()
    if not attribute.GetName().startswith("xformOp:") or not prim.HasAPI(UsdPhysics.RigidBodyAPI):
        return None
    body = UsdPhysics.RigidBodyAPI(prim)
    if not body.GetRigidBodyEnabledAttr().Get() or body.GetKinematicEnabledAttr().Get():
        return None
    help_ = "make the body kinematic, or write a drive target, a force or a velocity instead"
    return StageProblem("PS134", "the physics simulation moves this dynamic rigid body", str(attribute.GetPath()), help_)


# What a Python name stands for on a crowd's prim: an array with a value for each element.
_INSTANCER_NAMES = {
    "position": "positions",
    "orientation": "orientations",
    "scale": "scales",
    "velocity": "velocities",
    "angular_velocity": "angularVelocities",
    "acceleration": "accelerations",
}
_POINTS_NAMES = {"position": "points", "point": "points", "width": "widths", "velocity": "velocities", "acceleration": "accelerations"}


def crowd_attribute(prim: Usd.Prim, name: str) -> str | None:
    """Return the array attribute that a behaviour's `name` stands for on a crowd's prim, or None."""
    names = _INSTANCER_NAMES if prim.IsA(UsdGeom.PointInstancer) else _POINTS_NAMES
    return names.get(name)


def hiding_layer(stage: Usd.Stage) -> Sdf.Layer | None:
    """Return the session layer where it has opinions itself, which are stronger than all of its sublayers'."""
    session = stage.GetSessionLayer()
    return session if session is not None and session.rootPrims else None


def hidden_targets(session: Sdf.Layer, paths: Sequence[str]) -> list[StageProblem]:
    """Name the attributes of `paths` on which the session layer itself has an opinion."""
    specs = {path: session.GetAttributeAtPath(path) for path in paths}
    help_ = "clear the opinion in the session layer while behaviours run"
    return [
        StageProblem("PS136", "the session layer's own opinion hides what behaviours write", path, help_)
        for path, spec in specs.items()
        if spec is not None and (spec.HasInfo("default") or spec.HasInfo("timeSamples"))
    ]
