"""Author bindings: the schemas, the module, and the transform ops that a behaviour needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from pxr import Sdf, Usd, UsdGeom, Vt

from portalis.translator.source import SourceFile
from portalis.translator.stage.author.before import before_binding
from portalis.translator.stage.author.changed import ChangedPrims
from portalis.translator.stage.author.leftovers import remove_modules
from portalis.translator.stage.author.trust import Approvals
from portalis.translator.stage.author.wiring import Wiring, input_ports, unknown_previous, wire, wiring_of
from portalis.translator.stage.collector import collector_paused
from portalis.translator.stage.plan.bindings import BindingKey, PrimBinding
from portalis.translator.stage.plan.conventions import Literal, NewOp, add_op
from portalis.translator.stage.plan.discovery import absence_problem, bindings_of, discover, instance_name_problem, instance_problem
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.plan.interface import BehaviourInterface
from portalis.translator.stage.plan.modules import author_module, module_scope, source_sha256
from portalis.translator.stage.plan.nearest import offered, perhaps
from portalis.translator.stage.plan.prepare import prepare
from portalis.translator.stage.plan.targets import target_problem
from portalis.translator.stage.problems import StageError, StageProblem
from portalis.translator.stage.registry import require_schemas
from portalis.translator.stage.schema import API_NAMES, APPENDED_MARK, RESERVED_INSTANCE_NAMES, SETTINGS, Kind
from portalis.translator.stage.values import is_text


@collector_paused()
def bind(
    stage: Usd.Stage,
    prim_paths: Sequence[str],
    source: SourceFile,
    interface: BehaviourInterface,
    *,
    inputs: Mapping[str, str] | None = None,
    outputs: Mapping[str, str] | None = None,
    instance_name: str | None = None,
    kind: Kind | None = None,
    previous: Sequence[str] = (),
    rebind: bool = False,
    approvals: Approvals | None = None,
    engine: BehaviourEngine | None = None,
    warn: Callable[[StageProblem], None] = lambda _: None,
) -> tuple[BindingKey, ...]:
    """Bind a behaviour to prims at the stage's edit target and return the bindings' keys.

    `inputs` and `outputs` say, for a port by name, an attribute or (inputs) a literal; what they leave out goes by convention. A kind of
    None makes crowds of point instancers and points, and single lanes of everything else. A result that is also a parameter given as a
    literal is kept by the binding itself, from one frame to the next. Inputs named in `previous` read the value of the frame before.
    With `rebind`, each prim has a binding of that name, which is replaced: wires whose port still exists, phase, order and rate stay.
    `approvals` takes note that the user who binds trusts the code, on the prims too that get the binding by composition. With an `engine`,
    what is authored is checked as `check` does, the bindings that are there included, and `warn` is told what is odd about it. Nothing
    stays authored where anything is wrong: a `StageError` holds every reason.
    """
    require_schemas()
    name = instance_name or default_instance_name(interface.name)
    problems = _edit_target_problems(stage, prim_paths)
    if (problem := instance_name_problem(name, interface.name)) is not None:
        problems.append(problem)
    if problems:
        raise StageError(*problems)
    wirings: list[Wiring] = []
    ports = input_ports(interface)
    for path in prim_paths:
        prim = stage.GetPrimAtPath(path)
        old = _of_name(prim, name, kind) if rebind else None
        if rebind and old is None:
            problems.append(_nothing_to_replace(prim, name))
            continue
        its_kind = kind or (old.key.kind if old else default_kind(prim))
        wiring, its_problems = wire(prim, its_kind, interface, ports, inputs or {}, outputs or {}, wiring_of(stage, old) if old else None)
        problems += its_problems + unknown_previous(prim, interface, previous)
        wirings.append(wiring)
    if problems or engine is None:
        # What is authored with an engine is checked then, all prims that are alike at once.
        problems += _refused_targets(stage, wirings)
    if problems:
        raise StageError(*problems)

    replaced = [path for wiring in wirings for item in bindings_of(wiring.prim) if item.key.instance == name for path in item.modules]

    def author() -> tuple[BindingKey, ...]:
        module = author_module(stage, source, _module_name(source, interface))
        keys = tuple(_author(wiring, name, module, interface, previous, rebind) for wiring in wirings)
        _require_effect(stage, keys)
        remove_modules(stage, replaced)
        return keys

    if approvals is not None:
        approvals.require_safe()
    keys, found = (author(), None) if engine is None else _author_checked(stage, prim_paths, engine, author, warn, only_adds=not replaced)
    if approvals is not None:
        there = found if found is not None else discover(stage).bindings
        approvals.approve(source_sha256(source.text), _written_by(stage, keys, there))
    return keys


def _refused_targets(stage: Usd.Stage, wirings: Sequence[Wiring]) -> list[StageProblem]:
    """Say which attributes that results go to may not be written."""
    problems = []
    for wiring in wirings:
        for port, places in wiring.outputs.items():
            # An op that is still to be appended has no attribute yet.
            written = [place.path for place in places if stage.GetAttributeAtPath(place.path)]
            refused = [target_problem(stage, target, str(wiring.prim.GetPath())) for target in written]
            problems += [problem.of_port(f"output {port}") for problem in refused if problem is not None]
    return problems


def _written_by(stage: Usd.Stage, keys: Sequence[BindingKey], there: Sequence[PrimBinding]) -> list[str]:
    """Return what the bindings `keys` write, as authored at the edit target, and whatever inherits, specializes or references them.

    `there` are all bindings of the stage.
    """
    target = stage.GetEditTarget()
    layer, made = target.GetLayer(), frozenset(keys)
    authored = {target.MapToSpecPath(Sdf.Path(f"{key.path}.{key.prefix}module")) for key in keys}
    written = []
    for binding in there:
        if binding.key in made:
            written += binding.writes
            continue
        module = stage.GetRelationshipAtPath(f"{binding.key.path}.{binding.key.prefix}module")
        if module and any(spec.layer == layer and spec.path in authored for spec in module.GetPropertyStack()):
            written += binding.writes
    return written


def _of_name(prim: Usd.Prim, name: str, kind: Kind | None) -> PrimBinding | None:
    """Return the prim's binding of a name, of any kind where `kind` is None."""
    return next((item for item in bindings_of(prim) if item.key.instance == name and kind in (None, item.key.kind)), None)


def _nothing_to_replace(prim: Usd.Prim, name: str) -> StageProblem:
    names = [item.key.instance for item in bindings_of(prim)]
    help_ = perhaps(name, names, f"it has {', '.join(names)}: write --name" if names else "bind without --rebind")
    return StageProblem("PS106", f"this prim has no binding {name!r} to replace", str(prim.GetPath()), help_)


def _author_checked(
    stage: Usd.Stage,
    prim_paths: Sequence[str],
    engine: BehaviourEngine,
    author: Callable[[], tuple[BindingKey, ...]],
    warn: Callable[[StageProblem], None],
    only_adds: bool,
) -> tuple[tuple[BindingKey, ...], tuple[PrimBinding, ...]]:
    """Author and check; where the stage then has an error that it did not have before, take everything back and raise it.

    Return with the keys all bindings that the stage then has.
    """
    before = before_binding(stage, stage.GetEditTarget(), prim_paths, only_adds=only_adds)
    try:
        with ChangedPrims(stage) as changed:
            keys = author()
        # What else the stage has is as right or wrong as it was, which nobody has to know unless something is wrong. Who misses what a
        # binding wrote that is replaced, nothing says any more.
        prepared = prepare(stage, engine, changed=changed.of(prim_paths) if only_adds else None)
        if only_adds and (prepared.errors or changed.reach_others(keys, prepared.found)):
            prepared = prepare(stage, engine)
        errors = prepared.errors
    except BaseException:
        before.restore()
        raise
    _warn_of(keys, prepared.problems, warn)
    if not errors:
        return keys, prepared.found
    before.restore()
    # Of two bindings that are refused for the same reason, one may have been there.
    if added := [*(Counter(errors) - Counter(prepare(stage, engine).errors)).elements()]:
        raise StageError(*added)
    return author(), prepared.found


def _warn_of(keys: Sequence[BindingKey], problems: Sequence[StageProblem], warn: Callable[[StageProblem], None]) -> None:
    """Tell the warnings about the bindings `keys`, and no others."""
    paths = {key.path for key in keys}
    for problem in problems:
        if problem.severity == "warning" and problem.path.partition(".")[0] in paths:
            warn(problem)


def default_instance_name(function: str) -> str:
    """Return the instance name of a function's binding where none is given."""
    return f"{function}_behavior" if function in RESERVED_INSTANCE_NAMES else function


def default_kind(prim: Usd.Prim) -> Kind:
    """Return the kind of binding that suits a prim: a crowd where it has elements."""
    return "crowd" if prim.IsA(UsdGeom.PointInstancer) or prim.IsA(UsdGeom.Points) else "behavior"


# ------------------------------------------------------------------------------------------------------------------- checks
def _edit_target_problems(stage: Usd.Stage, prim_paths: Sequence[str]) -> list[StageProblem]:
    target = stage.GetEditTarget()
    layer = target.GetLayer()
    problems = []
    if target.MapToSpecPath(module_scope(stage)).isEmpty:
        message = f"the edit target in {layer.identifier} does not reach {module_scope(stage)}, where modules live"
        problems.append(StageProblem("PS102", message, "/", "choose the root layer as the edit target"))
    if not layer.permissionToEdit:
        help_ = "unlock the layer, or choose another edit target"
        problems.append(StageProblem("PS102", f"the layer {layer.identifier} is locked", "/", help_))
    problems += muted_problems(stage, layer)
    for path in prim_paths:
        prim = stage.GetPrimAtPath(path) if Sdf.Path.IsValidPathString(path) else None
        if not prim:
            problems.append(_no_prim(stage, path))
        elif problem := instance_problem(prim, path) or absence_problem(prim):
            problems.append(problem)
        elif target.MapToSpecPath(prim.GetPath()).isEmpty:
            message = f"the edit target in {layer.identifier} does not reach this prim"
            problems.append(
                StageProblem("PS102", message, path, "choose the root layer, or a variant that holds the prim, as the edit target")
            )
    return problems


def muted_problems(stage: Usd.Stage, layer: Sdf.Layer) -> list[StageProblem]:
    """Say that a layer is muted, so that what is authored there is not on the stage; nothing where it is not."""
    message = f"the layer {layer.identifier} is muted: nothing of it is on the stage"
    problem = StageProblem("PS102", message, "/", "unmute the layer, or choose another edit target")
    return [problem] if stage.IsLayerMuted(layer.identifier) else []


def _no_prim(stage: Usd.Stage, path: str) -> StageProblem:
    """Say that there is no prim at `path`; below an inactive prim none is composed."""
    if Sdf.Path.IsValidPathString(path) and Sdf.Path(path).IsAbsoluteRootOrPrimPath():
        parents = map(stage.GetPrimAtPath, reversed(Sdf.Path(path).GetPrefixes()))
        parent = next((prim for prim in parents if prim), None)
        if parent is not None and not parent.IsActive() and (problem := absence_problem(parent)) is not None:
            return replace(problem, message=f"{parent.GetPath()} is inactive, and so is what is below it", path=path)
    return StageProblem("PS101", "there is no prim here", path, offered(stage, path))


def _require_effect(stage: Usd.Stage, keys: Sequence[BindingKey]) -> None:
    """Raise where a stronger layer hides what was just authored."""
    hidden = [
        StageProblem(
            "PS136", "a stronger layer's apiSchemas hides the binding", key.path, "author in the strongest layer that has an opinion"
        )
        for key in keys
        if f"{API_NAMES[key.kind]}:{key.instance}" not in stage.GetPrimAtPath(key.path).GetAppliedSchemas()
    ]
    if hidden:
        raise StageError(*hidden)


# ---------------------------------------------------------------------------------------------------------------- authoring
def _module_name(source: SourceFile, interface: BehaviourInterface) -> str:
    stem = source.path.replace("\\", "/").rpartition("/")[2].removesuffix(".py")
    return stem if stem.isidentifier() else interface.name


def _author(
    wiring: Wiring, instance: str, module: Sdf.Path, interface: BehaviourInterface, previous: Sequence[str], rebind: bool
) -> BindingKey:
    prim = wiring.prim
    key = BindingKey(str(prim.GetPath()), wiring.kind, instance)
    _append_ops(wiring)
    _clear(prim, key, interface, rebind)
    prim.ApplyAPI(API_NAMES[wiring.kind], instance)
    prim.CreateRelationship(f"{key.prefix}module", custom=False).SetTargets([module])
    function = prim.CreateAttribute(f"{key.prefix}function", Sdf.ValueTypeNames.String, False, Sdf.VariabilityUniform)
    function.Set(interface.name)
    if previous:
        tokens = prim.CreateAttribute(f"{key.prefix}previous", Sdf.ValueTypeNames.TokenArray, False, Sdf.VariabilityUniform)
        tokens.Set(Vt.TokenArray([*dict.fromkeys((*(tokens.Get() or ()), *previous))]))
    for name, wired in wiring.inputs.items():
        attribute = _attribute(prim, f"{key.prefix}inputs:{name}", wired.type_name)
        if isinstance(wired, Literal):
            attribute.Set(wired.value)
        else:
            attribute.SetConnections([wired.path])
    for name, places in wiring.outputs.items():
        prim.CreateRelationship(f"{key.prefix}writes:{name}", custom=False).SetTargets([place.path for place in places])
    inputs = {name for name, _, _ in input_ports(interface)} if wiring.kept else ()
    for name, literal in wiring.kept.items():
        output = _attribute(prim, f"{key.prefix}outputs:{name}", literal.type_name)
        if literal.value is not None:
            output.Set(literal.value)
        if literal.type_name == "token":
            # All that the behaviour can say: its texts are the constants of its source.
            output.SetMetadata("allowedTokens", Vt.TokenArray([text for text in interface.strings if is_text(text)]))
        if name in inputs and name not in wiring.inputs:
            _attribute(prim, f"{key.prefix}inputs:{name}", literal.type_name).SetConnections([output.GetPath()])
    return key


def _append_ops(wiring: Wiring) -> None:
    """Append the transform ops that the prim lacks, each with a mark by which it can be taken away again."""
    prim = wiring.prim
    there = set(prim.GetAuthoredPropertyNames())
    for place in (*wiring.inputs.values(), *(place for places in wiring.outputs.values() for place in places)):
        if isinstance(place, NewOp):
            add_op(prim, place)
    for attribute in prim.GetAuthoredAttributes():
        if attribute.GetName() not in there and attribute.GetName().startswith("xformOp:"):
            attribute.SetCustomDataByKey(APPENDED_MARK, True)


def _clear(prim: Usd.Prim, key: BindingKey, interface: BehaviourInterface, rebind: bool) -> None:
    """Take away what a binding of that name authored; with `rebind` its settings stay, and `previous` for inputs that there still are."""
    authored = prim.GetAuthoredPropertiesInNamespace(key.prefix.rstrip(":"))
    ports = {name for name, _, _ in input_ports(interface)} if authored else ()
    for old in authored:
        name = old.GetName().removeprefix(key.prefix)
        if not (rebind and name in SETTINGS):
            prim.RemoveProperty(old.GetName())
        elif name == "previous" and any(port not in ports for port in old.Get() or ()):
            old.Set(Vt.TokenArray([port for port in old.Get() if port in ports]))


def _attribute(prim: Usd.Prim, name: str, type_name: str) -> Usd.Attribute:
    return prim.CreateAttribute(name, Sdf.ValueTypeNames.Find(type_name), custom=False)
