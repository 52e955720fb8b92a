"""Edits while behaviours run: the stage's notices, gathered into one set of changes that the next frame takes up."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import filterfalse

from pxr import Sdf, Tf, Usd

from portalis.translator.stage.columns.openusd import is_frames
from portalis.translator.stage.plan.bindings import BindingKey
from portalis.translator.stage.plan.resolved import AttributeSource, ResolvedBinding, Target
from portalis.translator.stage.plan.schedule import FramePlan
from portalis.translator.stage.plan.targets import hidden_targets, hiding_layer
from portalis.translator.stage.problems import StageProblem
from portalis.translator.stage.run.kept import BehaviourTally
from portalis.translator.stage.schema import NAMESPACE

# The path that stands for whatever a stage has.
_ANYTHING = str(Sdf.Path.absoluteRootPath)
# Fields of the root layer that say what numbers mean.
_UNITS = frozenset(("metersPerUnit", "upAxis", "timeCodesPerSecond", "framesPerSecond"))
# Values of these may change without changing what is bound to what.
_VALUE_FIELDS = frozenset(("default", "timeSamples", "spline"))


@dataclass(slots=True)
class Edits:
    """What changed since the last frame: `values` are attributes, `structure` prims and properties that were composed anew."""

    values: set[str] = field(default_factory=set)
    structure: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.values or self.structure)


class EditWatcher:
    """Listens to a stage, but not while behaviours themselves write: a listener that ignores a write costs a quarter of it.

    Meanwhile somebody whom a write told of itself may edit the stage. Listeners to one layer cost nothing where another is written, so each
    layer but that of the frames has one. It does not say what changed: then anything may have.
    """

    def __init__(self, stage: Usd.Stage) -> None:
        self._stage = stage
        self._edits = Edits()
        self._closed = False
        self._key: Tf.Notice.Listener | None = None
        self._layers: dict[Sdf.Layer, Tf.Notice.Listener] = {}
        self._own = _sublayers(stage)
        self.listen(True)
        self._attend()

    def listen(self, listening: bool) -> None:
        """Start or stop taking note of what changes."""
        if listening and self._key is None and not self._closed:
            self._key = Tf.Notice.Register(Usd.Notice.ObjectsChanged, self._changed, self._stage)
        elif not listening and self._key is not None:
            self._key.Revoke()
            self._key = None

    @property
    def pending(self) -> bool:
        """Whether something changed since the last call of `take`."""
        return bool(self._edits)

    def take(self) -> Edits:
        """Return everything that changed since the last call."""
        edits, self._edits = self._edits, Edits()
        if edits.structure:
            self._attend()
        return edits

    def close(self) -> None:
        """Stop listening for good."""
        self._closed = True
        self.listen(False)
        for key in self._layers.values():
            key.Revoke()
        self._layers.clear()

    def _attend(self) -> None:
        """Listen to each layer that the stage has by now, and to none that it had."""
        used = {layer for layer in self._stage.GetUsedLayers() if not is_frames(layer.identifier)}
        for layer in self._layers.keys() - used:
            self._layers.pop(layer).Revoke()
        for layer in used - self._layers.keys():
            self._layers[layer] = Tf.Notice.Register(Sdf.Notice.LayersDidChangeSentPerLayer, self._layer_changed, layer)

    def _layer_changed(self, _: Sdf.Notice.LayersDidChangeSentPerLayer, layer: Sdf.Layer) -> None:
        if layer == self._stage.GetSessionLayer():
            # The layer of the frames is put there and taken away by whoever writes.
            before, self._own = self._own, _sublayers(self._stage)
            if before != self._own and [*filterfalse(is_frames, before)] == [*filterfalse(is_frames, self._own)]:
                return
        if self._key is None and not self._closed:
            self._edits.structure.add(_ANYTHING)

    def _changed(self, notice: Usd.Notice.ObjectsChanged, _: Usd.Stage) -> None:
        self._edits.structure.update(map(str, notice.GetResyncedPaths()))
        for path in notice.GetChangedInfoOnlyPaths():
            if path == Sdf.Path.absoluteRootPath and not _UNITS.isdisjoint(notice.GetChangedFields(path)):
                self._edits.structure.add(_ANYTHING)
            if not path.IsPropertyPath():
                continue
            name = path.name
            # Another order of ops is another stack: what reads or writes through it is resolved anew.
            own = name == "xformOpOrder" or (name.startswith(NAMESPACE) and ":inputs:" not in name)
            fields = frozenset(notice.GetChangedFields(path))
            values_only = bool(fields) and fields <= _VALUE_FIELDS
            (self._edits.values if values_only and not own else self._edits.structure).add(str(path))


def _sublayers(stage: Usd.Stage) -> list[str]:
    session = stage.GetSessionLayer()
    return [] if session is None else [*session.subLayerPaths]


def changes_what_runs(stage: Usd.Stage, edits: Edits, problems: Sequence[StageProblem], plan: FramePlan) -> bool:
    """Tell whether edits are more than other values of inputs.

    What was refused for a value may run with another one; what is written may be hidden by an opinion of the session layer.
    """
    if edits.structure or any(problem.path in edits.values for problem in problems if problem.severity == "error"):
        return True
    written, session = edits.values & plan.writers.keys(), hiding_layer(stage)
    return bool(written) and session is not None and bool(hidden_targets(session, [*written]))


def hand_over(
    tallies: dict[tuple[str, str], BehaviourTally], old: Mapping[BindingKey, ResolvedBinding], plan: FramePlan
) -> set[tuple[str, str]]:
    """Let the tally of a behaviour whose source was edited go on under its next one; return the behaviours of the plan.

    What went wrong with bindings whose code or ports are others now is forgotten: all their lanes run again.
    """
    items = {item.key: item for group in plan.groups for item in group}
    after = {key: (item.module, item.interface.name) for key, item in items.items()}
    running = set(after.values())
    for key, item in old.items():
        behaviour, successor = (item.module, item.interface.name), after.get(key)
        if successor is not None and successor not in tallies and behaviour in tallies and behaviour not in running:
            tallies[successor] = tallies.pop(behaviour)
    for tally in tallies.values():
        _forget_mended(tally, old, items)
    return running


def _forget_mended(tally: BehaviourTally, old: Mapping[BindingKey, ResolvedBinding], after: Mapping[BindingKey, ResolvedBinding]) -> None:
    kept = [fault for fault in tally.faults if fault.key not in after or _as_before(after[fault.key], old.get(fault.key))]
    if len(kept) < len(tally.faults):
        # More may have been counted than is kept.
        tally.fault_count = tally.fault_count - len(tally.faults) + len(kept) if kept else 0
        tally.faults = kept


def _as_before(item: ResolvedBinding, old: ResolvedBinding | None) -> bool:
    return old is not None and item.same_as(old)


def touches(structure: set[str], paths: set[str]) -> bool:
    """Tell whether a change of `structure` could concern one of `paths`: one is the other, above it or below it."""
    if not structure or not paths:
        return False
    prefixes = {str(prefix) for path in paths for prefix in Sdf.Path(path).GetPrefixes()} | {"/"}
    if not prefixes.isdisjoint(structure):
        return True
    above = {str(prefix) for path in structure for prefix in Sdf.Path(path).GetPrefixes()}
    return not above.isdisjoint(paths)


def concerns(structure: set[str], items: Collection[ResolvedBinding]) -> bool:
    """Tell whether a change of `structure` could concern one of the bindings."""
    return touches(structure, {path for item in items for path in (item.key.path, *item.written, *read_paths(item))})


def read_paths(item: ResolvedBinding) -> Iterator[str]:
    yield from (item.source_path(place) for place, path in enumerate(item.decision.read) if path is not None)
    yield from item.composed_of


def still_runs(stage: Usd.Stage, item: ResolvedBinding) -> bool:
    """Tell whether everything that a binding was resolved to is still there with the same type."""
    wanted: list[Target | AttributeSource] = [
        *targets_of(item),
        *(port.source for port in item.inputs if isinstance(port.source, AttributeSource)),
    ]
    composed = {*item.composed_of} - {place.path for place in wanted}
    there = bool(stage.GetPrimAtPath(item.key.path)) and all(bool(stage.GetAttributeAtPath(path)) for path in composed)
    return there and all(is_there(stage, place) for place in wanted)


def targets_of(item: ResolvedBinding) -> list[Target]:
    direct = item.targets
    if not item.decision.composes:
        return direct
    ops = [target.stack.ops[place] for output in item.outputs for target in output.composed for place in target.sets]
    return [*direct, *(Target(op.path, op.type_name) for op in dict.fromkeys(ops))]


def still_there(stage: Usd.Stage, left: set[Target], items: Collection[ResolvedBinding]) -> set[Target]:
    """Return what is still there of the attributes in `left` and of those that the bindings write."""
    written = left | {target for item in items for target in targets_of(item)}
    return {target for target in written if is_there(stage, target)}


def is_there(stage: Usd.Stage, place: Target | AttributeSource) -> bool:
    attribute = stage.GetAttributeAtPath(place.path)
    return bool(attribute) and str(attribute.GetTypeName()) == place.type_name


def muted_problems(stage: Usd.Stage) -> list[StageProblem]:
    """Say that the layer of the frames is muted, itself or with the session layer: behaviours run on, and nobody sees what they write."""
    session = stage.GetSessionLayer()
    hidden = {*stage.GetMutedLayers()} & {session.identifier, *filter(is_frames, session.subLayerPaths)} if session else set()
    message = "what behaviours write lies in this layer, which is muted: it is not on the stage, and began anew from what is authored"
    return [StageProblem("PS136", message, layer, "unmute the layer", "warning") for layer in sorted(hidden)]


def going_back_problem(edited: int | None, kept: bool, stage: Usd.Stage) -> StageProblem | None:
    """Say why a run whose stage was `edited` in a frame, or whose frames are `kept` by somebody, cannot go back; None where it can."""
    layer = stage.GetRootLayer().identifier
    if kept:
        return StageProblem("PS160", "a run that is baked or recorded does not go back", layer, "stop, and run again")
    if edited is not None:
        message = f"the stage was edited before frame {edited}: the frames up to it cannot be had again as they were"
        return StageProblem("PS160", message, layer, "play from the start, which begins with the edited stage")
    return None
