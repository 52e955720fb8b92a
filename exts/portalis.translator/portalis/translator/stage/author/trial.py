"""What `bind` would answer, without a trace on the stage: tried in a second stage over the same layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pxr import Sdf, Usd

from portalis.translator.ir.host import HOST_TYPES
from portalis.translator.ir.types import Type
from portalis.translator.source import SourceFile
from portalis.translator.stage.author.binding import bind, default_instance_name, default_kind
from portalis.translator.stage.author.wiring import input_ports, wire, wiring_of
from portalis.translator.stage.plan.bindings import BindingKey
from portalis.translator.stage.plan.conventions import Existing, Literal, Wire, parse_wire
from portalis.translator.stage.plan.discovery import bindings_of
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.plan.interface import BehaviourInterface
from portalis.translator.stage.plan.wires import port_wires, where_nothing_is_said
from portalis.translator.stage.problems import StageError, StageProblem
from portalis.translator.stage.schema import NAMESPACE
from portalis.translator.stage.transforms.appending import ADDABLE
from portalis.translator.stage.transforms.names import TYPES, WORLD_TYPES
from portalis.translator.stage.values import codec_of, mismatch

# Of how many prims a trial tells what ports are bound to: their values are read several times a second.
_MOST_DESCRIBED = 32


@dataclass(frozen=True, slots=True)
class Trial:
    """The answer: what each port of the first prim would be bound to, in words, and what is wrong or odd about it.

    `read` and `written` are the attributes' paths by name, `key` is the binding's; None where there is no such prim. Where any is wrong
    nothing would be bound: then there is what is known of ports that are right. `others` are the answers for further prims, without what
    is wrong, where everything would be bound.
    """

    inputs: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    read: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    problems: tuple[StageProblem, ...] = ()
    others: tuple[Trial, ...] = ()
    key: BindingKey | None = None

    @property
    def fits(self) -> bool:
        """Whether `bind` would bind."""
        return not any(item.severity == "error" for item in self.problems)


class TrialStage:
    """A second stage over a stage's layers, with a layer of its own in which bindings are tried and taken away again."""

    def __init__(self, stage: Usd.Stage) -> None:
        session = Sdf.Layer.CreateAnonymous("session.usda")
        session.TransferContent(stage.GetSessionLayer())
        # Below the session layer itself: what that says hides what is tried, as it would hide what is bound.
        self._layer = Sdf.Layer.CreateAnonymous("trial.usda")
        session.subLayerPaths.insert(0, self._layer.identifier)
        self._stage = Usd.Stage.Open(stage.GetRootLayer(), session, stage.GetPathResolverContext(), Usd.Stage.LoadNone)
        self._stage.SetLoadRules(stage.GetLoadRules())
        self._stage.MuteAndUnmuteLayers(stage.GetMutedLayers(), [])
        self._stage.SetEditTarget(self._layer)

    def bind(
        self,
        prim_paths: Sequence[str],
        source: SourceFile,
        interface: BehaviourInterface,
        engine: BehaviourEngine,
        *,
        inputs: Mapping[str, str],
        outputs: Mapping[str, str],
        instance_name: str | None = None,
        rebind: bool = False,
    ) -> Trial:
        """Try `bind` with the same arguments and take it back."""
        odd: list[StageProblem] = []
        try:
            keys = bind(
                self._stage,
                prim_paths,
                source,
                interface,
                inputs=inputs,
                outputs=outputs,
                instance_name=instance_name,
                rebind=rebind,
                engine=engine,
                warn=odd.append,
            )
            first, *others = (described(self._stage, key, interface) for key in keys[:_MOST_DESCRIBED])
            return replace(first, problems=tuple(odd), others=tuple(others))
        except StageError as error:
            self._layer.Clear()
            name = instance_name or default_instance_name(interface.name)
            return replace(self._as_far(prim_paths[0], interface, name, inputs, outputs), problems=error.problems)
        finally:
            self._layer.Clear()

    def _as_far(
        self, prim_path: str, interface: BehaviourInterface, name: str, inputs: Mapping[str, str], outputs: Mapping[str, str]
    ) -> Trial:
        """Say what the ports are bound to that are right, of a binding that is refused."""
        prim = self._stage.GetPrimAtPath(prim_path)
        if not prim:
            return Trial()
        before = next((item for item in bindings_of(prim) if item.key.instance == name), None)
        key = before.key if before is not None else BindingKey(prim_path, default_kind(prim), name)
        old = wiring_of(self._stage, before) if before is not None else None
        ports = input_ports(interface)
        wiring, problems = wire(prim, default_kind(prim), interface, ports, inputs, outputs, old)
        wrong = {problem.port for problem in problems}
        fields = dict(interface.fields)
        reads: dict[str, str] = {}
        for name, _, _ in ports:
            if f"input {name}" not in wrong:
                place = wiring.inputs.get(name)
                reads[name] = where_nothing_is_said(name, name in fields) if place is None else _words(prim, place)
        writes = {}
        for name, _ in interface.outputs:
            if f"output {name}" not in wrong:
                places = wiring.outputs.get(name, ())
                writes[name] = ", ".join(_words(prim, place) for place in places) or _not_written(name, interface)
        read = {name: place.path for name, place in wiring.inputs.items() if isinstance(place, Existing)}
        written = {name: places[0].path for name, places in wiring.outputs.items() if places and isinstance(places[0], Existing)}
        return Trial(reads, writes, read, written, key=key)


def _not_written(name: str, interface: BehaviourInterface) -> str:
    return where_nothing_is_said(name, is_field=True) if name in dict(interface.fields) else "written nowhere"


def _words(prim: Usd.Prim, place: Wire) -> str:
    if isinstance(place, Literal):
        return str(place.value)
    return place.path.removeprefix(f"{prim.GetPath()}.")


def described(stage: Usd.Stage, key: BindingKey, interface: BehaviourInterface) -> Trial:
    """Return the same about a binding that is there, without anything that may be wrong about it."""
    binding = next(item for item in bindings_of(stage.GetPrimAtPath(key.path)) if item.key == key)
    read = {item.name: (*item.connections, item.attribute)[0] for item in binding.inputs}
    written = {item.name: place for item in binding.outputs for place in (*item.writes, item.attribute)[:1] if place}
    fields = dict(interface.fields)
    both = port_wires(stage, key, interface)
    inputs = {name: said or where_nothing_is_said(name, name in fields) for name, (said, _) in both.items()}
    outputs = {name: said or _not_written(name, interface) for name, (_, said) in both.items()}
    return Trial(inputs, outputs, read, written, key=key)


def fitting(prim: Usd.Prim, owner: Usd.Prim, type_: Type, way: str) -> tuple[str, ...]:
    """Return what of `prim` a port of a binding on `owner` can be bound to, as it is written: names on its own prim, else paths.

    The parts of a transform come first. `way` is "input" or "output".
    """
    if not prim or not owner:
        return ()
    own, reads = prim == owner, way == "input"
    kind = default_kind(owner)
    addable = [f"xformOp:{op}" for op in ADDABLE] if own and not reads else []
    attributes = [name for name in prim.GetPropertyNames() if prim.HasAttribute(name) and not name.startswith(NAMESPACE)]
    found: list[str] = []
    # Of a gprim, whose own attribute of that name is another thing, the rotation goes by its other name.
    parts = ["orient" if name == "orientation" and name in attributes else name for name in TYPES]
    for name in dict.fromkeys([*parts, *attributes, *addable]):
        text = name if own else f"{prim.GetPath()}.{name}"
        try:
            place = parse_wire(owner, kind, text, type_)
        except StageError:
            continue
        if isinstance(place, Literal) or (name in WORLD_TYPES and not reads):
            continue
        codec = codec_of(place.type_name)
        of_elements = codec is not None and codec.array == (kind == "crowd")
        if of_elements and not mismatch(codec, place.type_name, type_, "read" if reads else "write"):
            found.append(text)
    return tuple(found)


def comes_from_host(name: str) -> bool:
    """Tell whether the host gives an input of this name where nothing else is said."""
    return name in HOST_TYPES


def names_for(prim: Usd.Prim | None) -> dict[str, str]:
    """Return the names by which a parameter or a field finds something by itself, with its type: the host's, and those of a prim."""
    own = [item for item in (prim.GetAttributes() if prim else ()) if item.GetName().isidentifier()]
    attributes = {item.GetName(): str(item.GetTypeName()) for item in own if codec_of(str(item.GetTypeName())) is not None}
    return {**{name: str(type_) for name, type_ in HOST_TYPES.items()}, **TYPES, **attributes}
