"""What a behaviour takes and gives, as far as a stage is concerned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.nodes import Literals
from portalis.translator.ir.types import STR, Type
from portalis.translator.stage.plan.texts import texts_of

EntryName: TypeAlias = Literal["update", "on_init", "on_play", "on_update", "on_stop"]

# Of what a host fills in, the values that differ from prim to prim.
LANE_HOST_VALUES = frozenset(("index", "parent_to_world"))


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value that a behaviour takes. `default` counts only where `has_default`; a class's field has its initial value instead."""

    name: str
    type: Type
    has_default: bool = False
    default: Literals = None


@dataclass(frozen=True, slots=True)
class BehaviourInterface:
    """A behaviour's ports: for a function the parameters of its one entry "update"; for a class also `fields`, which it keeps,
    and as `outputs` those of them that it changes.

    `strings` are the texts that its source has, `texts` those that a result may be by what the source says.
    """

    name: str
    kind: Literal["function", "class"]
    entries: tuple[tuple[EntryName, tuple[Parameter, ...]], ...]
    fields: tuple[tuple[str, Type], ...]
    outputs: tuple[tuple[str, Type], ...]
    strings: tuple[str, ...] = ()
    texts: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def frame_entry(self) -> EntryName | None:
        """The entry that runs every frame; a class may have none."""
        names = [name for name, _ in self.entries]
        return next((name for name in names if name in ("update", "on_update")), None)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Every parameter of every entry, each name once (`conflicts` tells where entries disagree about one)."""
        found: dict[str, Parameter] = {}
        for _, parameters in self.entries:
            for parameter in parameters:
                found.setdefault(parameter.name, parameter)
        return tuple(found.values())

    def conflicts(self) -> tuple[str, ...]:
        """Names that two entries take with different types, or that are both a field and a parameter: one binding cannot mean both."""
        fields = dict(self.fields)
        first = {parameter.name: parameter.type for parameter in self.parameters}
        return tuple(
            sorted(
                {p.name for _, parameters in self.entries for p in parameters if p.type != first[p.name]}
                | {name for name in first if name in fields}
            )
        )


def interface_of(lowered: Lowered) -> BehaviourInterface | None:
    """Describe what the front-end found, or return None where the entry is no behaviour (its results have no names)."""
    program = lowered.program
    behaviour = program.behaviour
    if behaviour is None:
        return None
    defaults = {item.name: (item.has_default, item.default) for item in lowered.parameters}
    is_class = behaviour.state is not None
    entries = tuple(
        (
            entry,
            tuple(
                Parameter(param.name, param.type, *defaults.get(param.name, (False, None)))
                for param in program.function(function).params[1 if is_class else 0 :]
            ),
        )
        for entry, function in behaviour.entries
    )
    fields = behaviour.state.fields if behaviour.state is not None else ()
    kind: Literal["function", "class"] = "class" if is_class else "function"
    texts = texts_of(program) if STR in dict(behaviour.outputs).values() else ()
    return BehaviourInterface(behaviour.name, kind, entries, fields, behaviour.outputs, program.strings, texts)  # type: ignore[arg-type]
