"""In which order bindings run: by phase, then so that everybody reads this frame's results; and who writes what."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pxr import Sdf

from portalis.translator.stage.plan.bindings import Authored, BindingKey, placed, placed_all
from portalis.translator.stage.plan.composed import StackSource, WorldSource
from portalis.translator.stage.plan.resolved import AttributeSource, HostSource, ResolvedBinding
from portalis.translator.stage.problems import StageProblem
from portalis.translator.stage.schema import PHASES

# What the host makes of the transforms above a prim.
_OF_ANCESTORS = frozenset(("parent_to_world", "gravity"))


@dataclass(frozen=True, slots=True)
class FramePlan:
    """The bindings that run together as one call, in the order of the frame.

    `ranks` has a number for each group; groups of the same one follow one another and read nothing that another of them writes.
    """

    groups: tuple[tuple[ResolvedBinding, ...], ...]
    writers: dict[str, BindingKey]
    ranks: tuple[int, ...] = ()


def schedule(bindings: Sequence[ResolvedBinding]) -> tuple[FramePlan, list[StageProblem]]:
    """Order `bindings` and say what stands against it: two writers, cycles, reading what is computed later.

    Bindings that are part of a problem are left out of the plan; of two writers, both.
    """
    writers, problems, excluded = _writers(bindings)
    usable = [item for item in bindings if item.key not in excluded] if excluded else bindings
    written = {path: key for path, key in writers.items() if key not in excluded} if excluded else writers
    moved = _moved_prims(written) if any(not item.lane_hosts.isdisjoint(_OF_ANCESTORS) for item in usable) else {}
    # Most bindings wait for nobody and have no entry.
    dependencies = {item.key: before for item in usable if _waits(item, written) and (before := dict(_dependencies(item, written, moved)))}
    problems += _late_reads(usable, dependencies, excluded) if dependencies else ()
    runnable = [item for item in usable if item.key not in excluded] if excluded else usable
    levels, stuck = _levels(runnable, dependencies) if dependencies else ({}, {})
    problems += _cycles(stuck, dependencies, {item.key: item for item in runnable}) if stuck else ()
    if stuck:
        runnable = [item for item in runnable if item.key not in stuck]
    order = _grouped(runnable, levels)
    if len(order) > 1:
        order.sort(key=lambda entry: (*entry[0], min(map(_rank, entry[1]))))
    steps = sorted({step for step, _ in order})
    ranks = tuple(steps.index(step) for step, _ in order)
    return FramePlan(tuple(tuple(items) for _, items in order), writers, ranks), problems


def _grouped(items: Sequence[ResolvedBinding], levels: dict[BindingKey, int]) -> list[tuple[tuple[int, int], list[ResolvedBinding]]]:
    """Return the bindings that run as one call, each with its phase and its level, which is 0 where `levels` has none."""
    groups: dict[object, tuple[tuple[int, int], list[ResolvedBinding]]] = {}
    # By the identities of what is the same for thousands, which live as long as the bindings.
    known: dict[tuple[int, int, int], list[ResolvedBinding]] = {}
    for item in items:
        binding, decision = item.binding, item.decision
        level = levels.get(item.key, 0) if levels else 0
        short = level, id(decision), id(binding.authored)
        found = known.get(short)
        if found is None:
            step = PHASES.index(binding.phase), level
            behaviour = item.key.kind, item.module, item.interface.name, item.uniform, binding.rate
            _, found = groups.setdefault((step, behaviour), (step, []))
            known[short] = found
        found.append(item)
    return list(groups.values())


def _rank(item: ResolvedBinding) -> tuple[int, str, str, str]:
    key = item.key
    return item.binding.order, key.path, key.kind, key.instance


def _writers(bindings: Sequence[ResolvedBinding]) -> tuple[dict[str, BindingKey], list[StageProblem], set[BindingKey]]:
    writers: dict[str, BindingKey] = {}
    problems: list[StageProblem] = []
    excluded: set[BindingKey] = set()
    for item in bindings:
        key, written, decided = item.key, item.written, item.decision.written
        repeats = len(set(decided)) < len(decided)
        for path in written:
            first = writers.setdefault(path, key)
            if (first is not key and first != key) or (repeats and written.count(path) > 1):
                message = f"{first} and {item.key} both write this attribute"
                problems.append(StageProblem("PS131", message, path, "disable one, or let one of them read the other's result"))
                excluded |= {first, item.key}
    return writers, problems, excluded


def _waits(item: ResolvedBinding, writers: dict[str, BindingKey]) -> bool:
    """Tell whether a binding may wait for another: nobody else writes an attribute that it reads, and it reads nothing but attributes."""
    decision, owner = item.decision, item.key.path
    return decision.reads_spaces or any(placed(owner, path) in writers for path, _, previous in decision.awaited if not previous)


def _dependencies(item: ResolvedBinding, writers: dict[str, BindingKey], moved: dict[str, list[str]]) -> Iterator[tuple[BindingKey, str]]:
    """Yield (binding that must run before, the attribute that says so)."""
    for output in item.outputs:
        for target in output.composed:
            for path in target.reads:
                if path in writers and writers[path] != item.key:
                    yield writers[path], path
    for port in item.inputs:
        match port.source:
            case AttributeSource(path, _, False) if path in writers:
                paths = [path]
            case StackSource(previous=False) | WorldSource(previous=False) as source:
                paths = [path for path in source.reads if path in writers]
            case HostSource(name) if name in _OF_ANCESTORS and name in item.lane_hosts:
                # A crowd's elements live in the space of its own prim.
                parent = Sdf.Path(item.key.path) if item.key.kind == "crowd" else Sdf.Path(item.key.path).GetParentPath()
                paths = [path for ancestor in parent.GetPrefixes() for path in moved.get(str(ancestor), ())]
            case _:
                continue
        yield from ((writers[path], path) for path in paths if writers[path] != item.key)


def _moved_prims(writers: dict[str, BindingKey]) -> dict[str, list[str]]:
    """Return the transform ops that are written, by prim path."""
    moved: dict[str, list[str]] = defaultdict(list)
    for path in writers:
        prim, _, name = path.partition(".")
        if name.startswith("xformOp:"):
            moved[prim].append(path)
    return moved


def _late_reads(
    items: Sequence[ResolvedBinding], dependencies: dict[BindingKey, dict[BindingKey, str]], excluded: set[BindingKey]
) -> list[StageProblem]:
    phases = {item.key: PHASES.index(item.binding.phase) for item in items}
    problems = []
    for key, before in dependencies.items():
        for other, path in list(before.items()):
            if phases[other] > phases[key]:
                message = f"{key} reads this in phase {PHASES[phases[key]]}, but {other} writes it in phase {PHASES[phases[other]]}"
                problems.append(StageProblem("PS133", message, path, "list the input in `previous`, or change a phase"))
                excluded.add(key)
    return problems


def _levels(
    items: Sequence[ResolvedBinding], dependencies: dict[BindingKey, dict[BindingKey, str]]
) -> tuple[dict[BindingKey, int], dict[BindingKey, set[BindingKey]]]:
    """Return the length of the longest chain of same-phase dependencies below each binding, and what waits for itself, with for whom."""
    phases = {item.key: item.binding.phase for item in items}
    before = {key: {o for o in others if phases.get(o) == phases[key]} for key, others in dependencies.items() if key in phases}
    after: dict[BindingKey, list[BindingKey]] = defaultdict(list)
    for key, others in before.items():
        for other in others:
            after[other].append(key)
    levels = {key: 0 for key in phases if not before.get(key)}
    waiting = {key: len(others) for key, others in before.items()}
    ready = [key for key in levels if key in after]
    while ready:
        key = ready.pop()
        if key in before:
            levels[key] = 1 + max((levels[other] for other in before[key]), default=-1)
        for follower in after.get(key, ()):
            waiting[follower] -= 1
            if not waiting[follower]:
                ready.append(follower)
    return levels, {key: others for key, others in before.items() if key not in levels}


def _cycles(
    stuck: dict[BindingKey, set[BindingKey]],
    dependencies: dict[BindingKey, dict[BindingKey, str]],
    items: dict[BindingKey, ResolvedBinding],
) -> list[StageProblem]:
    """Name one cycle for each knot of bindings that wait for one another, and an input that can end it."""
    problems: list[StageProblem] = []
    seen: set[BindingKey] = set()
    for start in sorted(stuck):
        trail: list[BindingKey] = []
        key = start
        while key not in seen and key not in trail:
            trail.append(key)
            key = min(other for other in stuck[key] if other in stuck)
        if key in trail:
            cycle = trail[trail.index(key) :]
            message = "behaviours read one another's results in a cycle: " + " -> ".join(str(k) for k in reversed([*cycle, cycle[0]]))
            reads = [(items[key], dependencies[key][other]) for key, other in zip(cycle, [*cycle[1:], cycle[0]], strict=True)]
            problems.append(StageProblem("PS132", message, cycle[0].path, _way_out(reads)))
        seen.update(trail)
    return problems


def _way_out(reads: list[tuple[ResolvedBinding, str]]) -> str:
    """Say which input of a cycle could read the frame before; `reads` are its bindings, each with the attribute that it waits for."""
    for item, path in reads:
        for port in item.inputs:
            if isinstance(port.source, AttributeSource) and port.source.path == path:
                return f"bind {item.key.path} again with --previous {port.name}: then it reads {path} as it was in the frame before"
    return "let one of them read the frame before: bind it again with --previous INPUT"


def write_set(bindings: Sequence[ResolvedBinding]) -> tuple[str, ...]:
    """The paths of the attributes that bindings write, prim and name, sorted: with the module's hash, what a user approves.

    A crowd's array is one attribute, however many elements it has. A binding's own outputs are no part of it: they reach nothing but
    inputs that connect to them.
    """
    owners: dict[int, tuple[Authored, list[str]]] = {}
    for item in bindings:
        said = item.binding.authored
        owners.setdefault(id(said), (said, []))[1].append(item.key.path)
    found = (placed_all(paths, path) for said, paths in owners.values() for spec in said.outputs for path in spec.writes)
    return tuple(sorted(set(itertools.chain.from_iterable(found))))
