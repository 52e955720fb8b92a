"""Bindings that are there: chosen by prim and name, taken away, switched on and off."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pxr import Sdf, Usd

from portalis.translator.stage.author.before import before_binding
from portalis.translator.stage.author.binding import muted_problems
from portalis.translator.stage.author.leftovers import Left, remove_inert, remove_modules, remove_ops
from portalis.translator.stage.plan.bindings import BindingKey, PrimBinding
from portalis.translator.stage.plan.discovery import bindings_of, every_binding, instance_problem
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.plan.nearest import near, near_prims
from portalis.translator.stage.plan.prepare import prepare
from portalis.translator.stage.problems import StageError, StageProblem
from portalis.translator.stage.schema import API_NAMES


@dataclass(frozen=True, slots=True)
class Unbound:
    """What `unbind` did: the bindings that are gone, the paths of modules and ops that went with them, and what it left."""

    keys: tuple[BindingKey, ...]
    removed: tuple[str, ...]
    left: tuple[Left, ...]


def chosen(stage: Usd.Stage, patterns: Sequence[str], name: str | None = None) -> tuple[PrimBinding, ...]:
    """Return the bindings of the prims that match `patterns` (`*`, `?`, `[…]`), of one name or of all; `StageError` where there is none."""
    found: dict[BindingKey, PrimBinding] = {}
    bindings = list(every_binding(stage))
    problems = []
    for pattern in patterns:
        plain = not any(character in pattern for character in "*?[")
        here = [item for item in bindings if (item.key.path == pattern if plain else fnmatch.fnmatchcase(item.key.path, pattern))]
        matches = [item for item in here if name in (None, item.key.instance)]
        if not matches:
            problems.append(_nothing_bound(stage, pattern, name, here, bindings))
        found.update((item.key, item) for item in matches)
    if problems:
        raise StageError(*problems)
    return tuple(found.values())


def _nothing_bound(
    stage: Usd.Stage, pattern: str, name: str | None, here: Sequence[PrimBinding], bindings: Sequence[PrimBinding]
) -> StageProblem:
    if here:
        names = dict.fromkeys(item.key.instance for item in here)
        offered = near(name or "", names) or [*names][:3]
        return StageProblem("PS106", f"no binding is called {name!r} here", pattern, f"did you mean {' or '.join(offered)}?")
    prim = stage.GetPrimAtPath(pattern) if Sdf.Path.IsValidPathString(pattern) else None
    if prim and (problem := instance_problem(prim, pattern)):
        return problem
    bound = dict.fromkeys(item.key.path for item in bindings)
    if not bound:
        return StageProblem("PS106", "nothing is bound in this stage", pattern, "bind a behaviour: portalis bind STAGE PRIM FILE")
    offered = near(pattern, bound) or near_prims(stage, pattern)
    help_ = f"did you mean {' or '.join(offered)}?" if offered else "`portalis list STAGE` shows what is bound"
    return StageProblem("PS106", "nothing is bound here", pattern, help_)


def unbind(stage: Usd.Stage, bindings: Sequence[PrimBinding]) -> Unbound:
    """Take away bindings at the stage's edit target, with what bind authored for them and nothing else uses.

    An opinion of a weaker layer stays in that layer's file, and is hidden. `StageError` where the layer is locked or a stronger one brings
    a binding back: then nothing has changed.
    """
    target = stage.GetEditTarget()
    _require_reach(stage, bindings)
    before = before_binding(stage, target, [item.key.path for item in bindings])
    try:
        weaker = [left for item in bindings for left in _remove(stage, target, item)]
        removed, left = remove_modules(stage, (path for item in bindings for path in item.modules))
        ops, ops_left = remove_ops(stage, touched(bindings))
        for item in bindings:
            remove_inert(target, target.MapToSpecPath(Sdf.Path(item.key.path)))
        readers = _readers(stage, bindings)
    except BaseException:
        before.restore()
        raise
    return Unbound(tuple(item.key for item in bindings), (*removed, *ops), (*weaker, *left, *ops_left, *readers))


def set_enabled(stage: Usd.Stage, bindings: Sequence[PrimBinding], enabled: bool, engine: BehaviourEngine) -> tuple[BindingKey, ...]:
    """Switch bindings on or off at the stage's edit target and return those that were not so before.

    `StageError` where a stronger layer says otherwise, or where the stage would have an error then that it did not have before: then
    nothing has changed.
    """
    _require_reach(stage, bindings)
    changed = [item for item in bindings if item.enabled != enabled]
    there = frozenset(prepare(stage, engine).errors) if enabled and changed else frozenset()
    before = before_binding(stage, stage.GetEditTarget(), [item.key.path for item in changed])
    try:
        for item in changed:
            _switch(stage, item, enabled)
        if enabled and changed and (added := [problem for problem in prepare(stage, engine).errors if problem not in there]):
            raise StageError(*added)
    except BaseException:
        before.restore()
        raise
    return tuple(item.key for item in changed)


def _switch(stage: Usd.Stage, binding: PrimBinding, enabled: bool) -> None:
    prim = stage.GetPrimAtPath(binding.key.path)
    name = f"{binding.key.prefix}enabled"
    if enabled:
        # The schema's own value needs no opinion.
        prim.RemoveProperty(name)
    if _is_enabled(prim, name) != enabled:
        prim.CreateAttribute(name, Sdf.ValueTypeNames.Bool, False, Sdf.VariabilityUniform).Set(enabled)
    if _is_enabled(prim, name) != enabled:
        layer = prim.GetAttribute(name).GetPropertyStack(Usd.TimeCode.Default())[0].layer.identifier
        help_ = "change it in that layer, or author in a stronger one with -o"
        raise StageError(StageProblem("PS136", f"{layer} says enabled = {str(not enabled).lower()}", f"{prim.GetPath()}.{name}", help_))


def _is_enabled(prim: Usd.Prim, name: str) -> bool:
    attribute = prim.GetAttribute(name)
    value = attribute.Get() if attribute else None
    return True if value is None else bool(value)


def _require_reach(stage: Usd.Stage, bindings: Sequence[PrimBinding]) -> None:
    """Raise where nothing can be authored for one of the bindings at the edit target."""
    target = stage.GetEditTarget()
    layer = target.GetLayer()
    problems = muted_problems(stage, layer)
    if not layer.permissionToEdit:
        problems.append(
            StageProblem("PS102", f"the layer {layer.identifier} is locked", "/", "unlock the layer, or author over it with -o")
        )
    for item in bindings:
        if target.MapToSpecPath(Sdf.Path(item.key.path)).isEmpty:
            message = f"the edit target in {layer.identifier} does not reach this prim"
            problems.append(StageProblem("PS102", message, item.key.path, "choose the root layer as the edit target"))
    if problems:
        raise StageError(*problems)


def _remove(stage: Usd.Stage, target: Usd.EditTarget, binding: PrimBinding) -> list[Left]:
    """Remove a binding's properties and schema; return the weaker opinions that stay, hidden."""
    key = binding.key
    prim = stage.GetPrimAtPath(key.path)
    for authored in prim.GetAuthoredPropertiesInNamespace(key.prefix.rstrip(":")):
        prim.RemoveProperty(authored.GetName())
    schema = f"{API_NAMES[key.kind]}:{key.instance}"
    spec = target.GetLayer().GetPrimAtPath(target.MapToSpecPath(prim.GetPath()))
    if spec is not None:
        _drop_schema(spec, schema)
    if not _is_applied(prim, key):
        return []
    # It comes from a weaker layer, a reference or a class.
    origin = _authored_in(prim, schema)
    prim.RemoveAPI(API_NAMES[key.kind], key.instance)
    if _is_applied(prim, key):
        help_ = f"unbind in {origin}, or author in a stronger layer with -o"
        raise StageError(StageProblem("PS136", "a stronger layer's apiSchemas brings the binding back", key.path, help_))
    return [Left(str(key), f"it stays in {origin}, and is hidden here")]


def _drop_schema(spec: Sdf.PrimSpec, schema: str) -> None:
    """Take a schema out of what a prim spec says of apiSchemas, so that nothing says that it was there."""
    found = spec.GetInfo("apiSchemas") if spec.HasInfo("apiSchemas") else None
    if found is None:
        return
    rest = Sdf.TokenListOp()
    if found.isExplicit:
        rest.explicitItems = [name for name in found.explicitItems if name != schema]
    else:
        rest.prependedItems = [name for name in found.prependedItems if name != schema]
        rest.appendedItems = [name for name in found.appendedItems if name != schema]
        rest.addedItems = [name for name in found.addedItems if name != schema]
        rest.deletedItems, rest.orderedItems = found.deletedItems, found.orderedItems
    if rest == Sdf.TokenListOp():
        spec.ClearInfo("apiSchemas")
    else:
        spec.SetInfo("apiSchemas", rest)


def _is_applied(prim: Usd.Prim, key: BindingKey) -> bool:
    return any(item.key == key for item in bindings_of(prim))


def _authored_in(prim: Usd.Prim, schema: str) -> str:
    """Return the layer that applies a schema to a prim."""
    for spec in prim.GetPrimStack():
        if spec.HasInfo("apiSchemas") and schema in spec.GetInfo("apiSchemas").GetAddedOrExplicitItems():
            return str(spec.layer.identifier)
    return "another layer"


def touched(bindings: Iterable[PrimBinding]) -> list[str]:
    """Return the paths that bindings read from or write to: what was appended for them may go with them."""
    return [path for binding in bindings for item in binding.inputs for path in item.connections] + [
        path for binding in bindings for item in binding.outputs for path in item.writes
    ]


def _readers(stage: Usd.Stage, gone: Sequence[PrimBinding]) -> list[Left]:
    """Name the bindings that read a result of one that is gone."""
    prefixes = tuple(f"{item.key.path}.{item.key.prefix}" for item in gone)
    return [
        Left(item.attribute, f"it reads {path}, which is gone")
        for binding in every_binding(stage)
        for item in binding.inputs
        for path in item.connections
        if path.startswith(prefixes)
    ]
