"""From a composed stage to a plan: discover, read modules, resolve every port, order. Nothing runs and nothing is authored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import and_

from pxr import Usd

from portalis.translator.diagnostics import TranslationError
from portalis.translator.stage.collector import collector_paused
from portalis.translator.stage.plan.bindings import Authored, BindingKey, PrimBinding
from portalis.translator.stage.plan.concerned import concerned
from portalis.translator.stage.plan.discovery import SceneSettings, discover
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.plan.heirs import inherited_inputs, may_have_heirs
from portalis.translator.stage.plan.interface import BehaviourInterface
from portalis.translator.stage.plan.modules import ModuleSource, read_module
from portalis.translator.stage.plan.patterns import Resolver
from portalis.translator.stage.plan.resolved import ResolvedBinding
from portalis.translator.stage.plan.schedule import FramePlan, schedule
from portalis.translator.stage.plan.settings import settings_problems
from portalis.translator.stage.plan.spaces import space_problems
from portalis.translator.stage.plan.targets import hidden_targets, hiding_layer
from portalis.translator.stage.plan.unvalued import unvalued
from portalis.translator.stage.problems import StageError, StageProblem


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a stage asks for: `bindings` resolved without error and their `plan`, the source of each module by SHA-256, and all problems.

    `failed` are the enabled bindings that cannot run, `prims` those that are bound, and `found` all bindings, those switched off included.
    """

    bindings: tuple[ResolvedBinding, ...]
    plan: FramePlan
    modules: dict[str, ModuleSource]
    scene: SceneSettings
    problems: tuple[StageProblem, ...]
    failed: dict[BindingKey, PrimBinding]
    prims: dict[str, Usd.Prim]
    found: tuple[PrimBinding, ...] = ()

    @property
    def errors(self) -> tuple[StageProblem, ...]:
        """The problems that keep a binding from running."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    def refused(self, usable: Sequence[ResolvedBinding]) -> dict[BindingKey, str]:
        """Return the enabled bindings that are none of `usable`, with the names of their behaviours."""
        if not self.failed and len(usable) == len(self.bindings):
            return {}
        running = {item.key for item in usable}
        failed = {key: binding.function for key, binding in self.failed.items()}
        return failed | {item.key: item.interface.name for item in self.bindings if item.key not in running}

    def modules_named(self) -> dict[BindingKey, tuple[str, ...]]:
        """Return the module prims of every enabled binding."""
        return {binding.key: binding.modules for binding in (*self.failed.values(), *(item.binding for item in self.bindings))}


class _Modules:
    """Every module of a stage, read and given to the front-end once, whatever the number of its bindings."""

    def __init__(self, stage: Usd.Stage, engine: BehaviourEngine) -> None:
        self._stage = stage
        self._engine = engine
        self.problems: list[StageProblem] = []
        self.sources: dict[str, ModuleSource] = {}
        self._by_path: dict[str, ModuleSource | None] = {}
        self._interfaces: dict[tuple[str, str], BehaviourInterface | None] = {}
        # By the identity of what bindings say, and with it, lest another gets that.
        self._found: dict[int, tuple[Authored, tuple[str, BehaviourInterface]]] = {}

    def find(self, binding: PrimBinding) -> tuple[str, BehaviourInterface] | None:
        """Return the SHA-256 and interface of what `binding` runs, or None after a problem was noted."""
        said = binding.authored
        if id(said) not in self._found:
            found = self._find(binding)
            if found is None:
                # Each is told of by itself.
                return None
            self._found[id(said)] = said, found
        return self._found[id(said)][1]

    def _find(self, binding: PrimBinding) -> tuple[str, BehaviourInterface] | None:
        if len(binding.modules) != 1:
            path = f"{binding.key.path}.{binding.key.prefix}module"
            self.problems.append(StageProblem("PS110", f"{len(binding.modules)} modules are named; one is needed", path, "bind again"))
            return None
        module = self._read(binding.modules[0])
        if module is None:
            return None
        key = module.sha256, binding.function
        if key not in self._interfaces:
            self._interfaces[key] = self._lower(module, binding.function)
        interface = self._interfaces[key]
        return (module.sha256, interface) if interface is not None else None

    def _read(self, path: str) -> ModuleSource | None:
        if path not in self._by_path:
            self._by_path[path] = None
            try:
                module = read_module(self._stage, path)
            except StageError as error:
                self.problems += error.problems
            else:
                # Two modules with one text are one module; the first one's path is what diagnostics show.
                self._by_path[path] = self.sources.setdefault(module.sha256, module)
        return self._by_path[path]

    def _lower(self, module: ModuleSource, function: str) -> BehaviourInterface | None:
        try:
            return self._engine.interface(module.source, function)
        except TranslationError as error:
            count = len(error.diagnostics)
            message = f"the source was refused: {count} reason{'s' if count != 1 else ''}"
            self.problems.append(StageProblem("PS111", message, module.path, "", "error", error.diagnostics))
        except StageError as error:
            self.problems += error.problems
        return None


@collector_paused()
def prepare(stage: Usd.Stage, engine: BehaviourEngine, fps: float | None = None, changed: Collection[str] | None = None) -> Prepared:
    """Resolve and order every enabled binding of `stage`, to run at `fps`; what is wrong is data, and the rest can run.

    Nothing can where the stage's own settings are wrong. With `changed`, only those bindings are looked at that changes of these prims, and
    of what is below them, can concern: what is wrong with others was so before.
    """
    discovery = discover(stage)
    unusable = settings_problems(stage, discovery.scene, discovery.bindings, fps)
    problems = [*discovery.problems, *unusable]
    modules = _Modules(stage, engine)
    resolver = Resolver(stage)
    counts: Counter[tuple[str, str, str]] = Counter()
    usable: list[ResolvedBinding] = []
    hiding = hiding_layer(stage)
    switched_on = [binding.enabled for binding in discovery.bindings]
    # Who follows what is written elsewhere is no matter of the prims that bindings name.
    spreads = may_have_heirs(discovery.bindings)
    if changed is not None and not spreads:
        switched_on = list(map(and_, switched_on, concerned(discovery.bindings, changed)))
    enabled = list(compress(discovery.bindings, switched_on))
    owners = list(compress(discovery.prims, switched_on))
    resolver.compare(enabled, owners)
    for binding in enabled:
        found = modules.find(binding)
        if found is None:
            continue
        sha256, interface = found
        behaviour = (sha256, interface.name, binding.key.kind)
        resolved, its_problems = resolver.resolve(binding, sha256, interface, counts[behaviour])
        counts[behaviour] += 1
        if hiding is not None:
            its_problems += hidden_targets(hiding, resolved.written)
        if its_problems:
            problems += its_problems
            if any(problem.severity == "error" for problem in its_problems):
                continue
        usable.append(resolved)
    if unusable:
        usable.clear()
    unreadable = unvalued(stage, usable, resolver.valued)
    if spreads or len(usable) < len(enabled):
        unreadable += inherited_inputs(stage, usable)
    if unreadable:
        problems += [problem for _, problem in unreadable]
        without = {item.key for item, problem in unreadable if problem.severity == "error"}
        usable = [item for item in usable if item.key not in without]
    problems += space_problems(stage, usable)
    plan, plan_problems = schedule(usable)
    planned = {item.key for group in plan.groups for item in group}
    bindings = tuple(usable) if len(planned) == len(usable) else tuple(item for item in usable if item.key in planned)
    failed = {binding.key: binding for binding in enabled if binding.key not in planned} if len(planned) < len(enabled) else {}
    prims = {binding.key.path: prim for binding, prim in zip(enabled, owners, strict=True)}
    told = (*problems, *modules.problems, *plan_problems)
    return Prepared(bindings, plan, modules.sources, discovery.scene, told, failed, prims, discovery.bindings)
