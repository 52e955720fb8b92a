"""The ports of the behaviour that is at hand, on the prims that are selected: what each is bound to, and what somebody gave instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from portalis.translator.source import SourceFile
from portalis.translator.ui.models.names import Offer
from portalis.translator.ui.models.port_values import PortOn, PortValues, Run, Way

if TYPE_CHECKING:
    from portalis.translator.stage.author.trial import Trial, TrialStage
    from portalis.translator.stage.plan.bindings import PrimBinding
    from portalis.translator.stage.plan.executor import BehaviourEngine, CompiledBehaviour
    from portalis.translator.stage.plan.interface import BehaviourInterface
    from portalis.translator.stage.problems import StageProblem

# What a port of several prims shows where they differ.
MIXED = "mixed"
Port: TypeAlias = tuple[Way, str]


@dataclass(frozen=True, slots=True)
class PortRow:
    """One port: `bound` is what it reads or writes, in words, `given` what the user wrote for it, `refused` why it cannot be so.

    `waits`: what was given is not what the binding has that is there, before Bind again.
    """

    way: Way
    name: str
    type: str
    bound: str
    value: str
    given: str
    refused: str
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that a port can be bound to: `text` is what to give for it, nothing for what it is by its name."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A behaviour that can be bound: its source, and what it takes and gives."""

    source: SourceFile
    interface: BehaviourInterface


class _Knowing:
    """An engine that knows the ports of one behaviour: whoever selects another prim waits for no front-end to find them again."""

    def __init__(self, engine: BehaviourEngine, behaviour: Behaviour) -> None:
        self._engine = engine
        self._behaviour = behaviour

    def compile(self, source: SourceFile, function: str) -> CompiledBehaviour:
        """Translate and verify, as the engine does."""
        return self._engine.compile(source, function)

    def interface(self, source: SourceFile, function: str) -> BehaviourInterface:
        """Return the ports of a behaviour: of a text they are the same in whichever module it stands."""
        known = self._behaviour
        if (source.text, function) == (known.source.text, known.interface.name):
            return known.interface
        return self._engine.interface(source, function)


@dataclass(slots=True)
class Picking:
    """What somebody chooses a binding for, and how far they are: the prim whose attributes they look at, empty for the bound one itself,
    what the paths of prims are to contain, and the value that they write."""

    way: Way
    name: str
    prim: str = ""
    containing: str = ""
    value: str = ""


class PortsModel:
    """The ports of one behaviour on the selected prims, with the answer that `bind` would give. `refresh` asks for it again."""

    def __init__(self, run: Run) -> None:
        self.behaviour: Behaviour | None = None
        self.rows: tuple[PortRow, ...] = ()
        self.problems: tuple[StageProblem, ...] = ()
        self.rebinds = False
        # Whether what is bound is another code than the one at hand.
        self.differs = False
        # What is chosen for now: it outlives the widgets that show it.
        self.picking: Picking | None = None
        self._run = run
        self._values: PortValues | None = None
        self._given: dict[Port, str] = {}
        self._stage: Any = None
        self._paths: tuple[str, ...] = ()
        self._trial_stage: TrialStage | None = None
        self._answer: Trial | None = None

    # ------------------------------------------------------------------------------------------------------ what is at hand
    def take(self, behaviour: Behaviour | None) -> None:
        """Show the ports of another behaviour, or of none; what was given stays for ports of the same name, also while there are none."""
        before = self._ports()
        self.behaviour = behaviour
        if self._ports() != before:
            self.picking = None
        if behaviour is not None:
            ports = {(way, name) for way, name, _ in self._ports()}
            self._given = {port: text for port, text in self._given.items() if port in ports}

    def pick(self, way: Way, name: str) -> None:
        """Have somebody choose what a port is bound to, if there is one."""
        self.picking = Picking(way, name) if any((row.way, row.name) == (way, name) for row in self.rows) else None

    def forget_given(self) -> None:
        """Forget what was given: the code or the prims are others."""
        self._given.clear()

    def applied(self, given: Mapping[Port, str]) -> None:
        """What was given is authored now: it waits no more."""
        self._given = {port: text for port, text in self._given.items() if given.get(port) != text}

    def taken_back(self, given: Mapping[Port, str]) -> None:
        """What was authored is so no more: it waits again, but where something else was given since."""
        self._given = {**given, **self._given}

    def give(self, way: Way, name: str, text: str) -> None:
        """Bind a port to what `text` says, in the words of `portalis bind --input` and `--output`; empty: by its name."""
        if text.strip():
            self._given[way, name] = text.strip()
        else:
            self._given.pop((way, name), None)

    @property
    def all_given(self) -> dict[Port, str]:
        """What was given, by port."""
        return dict(self._given)

    def given(self, way: Way) -> dict[str, str]:
        """Return what was given for the inputs or the outputs, by name."""
        return {name: text for (its_way, name), text in self._given.items() if its_way == way}

    # ---------------------------------------------------------------------------------------------------------- the answer
    def refresh(self, stage: Any, paths: Sequence[str]) -> None:
        """Ask what `bind` would answer for these prims, without a trace on the stage."""
        if stage is not self._stage:
            self._stage, self._trial_stage = stage, None
        self._paths = tuple(paths)
        self._answer, self.problems, self.rebinds, self.differs = None, (), False, False
        self._values = None
        if self.behaviour is not None and stage is not None:
            self._values = PortValues(stage, self.behaviour.source, self.behaviour.interface, self._run)
        if self.behaviour is not None and stage is not None and self._paths:
            self._ask(self.behaviour)
        self.rows = tuple(self._row(way, name, type_) for way, name, type_ in self._ports())

    def look(self) -> None:
        """Read the values again: time went on."""
        self.rows = tuple(self._row(way, name, type_) for way, name, type_ in self._ports())

    @property
    def waits(self) -> bool:
        """Whether Bind again would change what is bound."""
        return self.rebinds and (self.differs or bool(self._given))

    def _ask(self, behaviour: Behaviour) -> None:
        from portalis.translator.stage.author.binding import default_instance_name
        from portalis.translator.stage.author.trial import TrialStage

        name = default_instance_name(behaviour.interface.name)
        self.rebinds = all(any(item.key.instance == name for item in bound_to(self._stage, path)) for path in self._paths)
        self.differs = self.rebinds and any(self._has_other_code(path, name, behaviour) for path in self._paths)
        if self._trial_stage is None:
            self._trial_stage = TrialStage(self._stage)
        self._answer = self._trial_stage.bind(
            self._paths,
            behaviour.source,
            behaviour.interface,
            _Knowing(self._run.engine(), behaviour),
            inputs=self.given("input"),
            outputs=self.given("output"),
            rebind=self.rebinds,
        )
        self.problems = self._answer.problems

    def _has_other_code(self, path: str, name: str, behaviour: Behaviour) -> bool:
        from portalis.translator.stage.plan.modules import read_module
        from portalis.translator.stage.problems import StageError

        binding = next(item for item in bound_to(self._stage, path) if item.key.instance == name)
        try:
            return any(read_module(self._stage, module).source.text != behaviour.source.text for module in binding.modules)
        except StageError:
            return True

    def _ports(self) -> list[tuple[Way, str, Any]]:
        return ports_of(self.behaviour.interface) if self.behaviour is not None else []

    def _row(self, way: Way, name: str, type_: Any) -> PortRow:
        messages = (item.message for item in self.problems if item.port == f"{way} {name}" and item.severity == "error")
        # What is wrong with many prims in the same way is said once.
        refused = "; ".join(dict.fromkeys(messages))
        given, answers = self._given.get((way, name), ""), self._answers()
        words = {(item.inputs if way == "input" else item.outputs).get(name, "") for item in answers}
        values = {self._value(way, name, given, item) for item in answers}
        # What is said besides is that of one prim: the value that stands in place of a default.
        words = words if len(words) == 1 else {item.partition(" (")[0] for item in words}
        bound, value = (found.pop() if len(found) == 1 else MIXED if found else "" for found in (words, values))
        return PortRow(way, name, str(type_), bound, value, given, refused, self.rebinds and bool(given))

    def _value(self, way: Way, name: str, given: str, answer: Trial) -> str:
        """Return what a port has on one prim: the value that was given for it, or what it has there; empty where that is refused."""
        from portalis.translator.stage.plan.conventions import read_literal

        if way == "input" and given and read_literal(given) is not None:
            return given
        read, written = answer.read.get(name, ""), answer.written.get(name, "")
        if self._values is None or answer.key is None or (given and not (read if way == "input" else written)):
            return ""
        return self._values.of(PortOn(way, name, answer.key, read, written))

    def _answers(self) -> tuple[Trial, ...]:
        answer = self._answer
        return (answer, *answer.others) if answer is not None else ()

    def names(self) -> tuple[Offer, ...]:
        """Return the names by which a behaviour on the first selected prim finds something, and those of the ports at hand."""
        from portalis.translator.stage.author.trial import names_for

        prim = self._stage.GetPrimAtPath(self._paths[0]) if self._stage is not None and self._paths else None
        own = {row.name: row.type for row in self.rows}
        return tuple(Offer(name, about) for name, about in {**names_for(prim), **own}.items())

    # ---------------------------------------------------------------------------------------------------------- the picker
    def choices(self, way: Way, name: str, prim_path: str = "", owner: str = "") -> tuple[Choice, ...]:
        """Return what a port of a binding on the prim `owner` can be bound to, of its own or of `prim_path`.

        The first selected prim is the owner where none is given.
        """
        from portalis.translator.stage.author.trial import comes_from_host, fitting

        type_ = next((its_type for its_way, its_name, its_type in self._ports() if (its_way, its_name) == (way, name)), None)
        if type_ is None or self._stage is None or not self._paths:
            return ()
        by_name = "from the host" if way == "input" and comes_from_host(name) else f"by its name: {name}"
        own = self._stage.GetPrimAtPath(owner or self._paths[0])
        prim = self._stage.GetPrimAtPath(prim_path) if prim_path else own
        return (Choice(by_name, ""), *(Choice(text, text) for text in fitting(prim, own, type_, way)))

    def prims(self, containing: str = "", most: int = 200) -> tuple[str, ...]:
        """Return the paths of prims to choose from, whose path contains a text."""
        if self._stage is None:
            return ()
        small = containing.casefold()
        found = []
        for prim in self._stage.Traverse():
            path = str(prim.GetPath())
            if small in path.casefold():
                found.append(path)
                if len(found) == most:
                    break
        return tuple(found)

    def nearest(self, problem: StageProblem) -> str:
        """Return what somebody may have meant who gave what `problem` refuses for a port; empty where nothing is like it."""
        from portalis.translator.stage.plan.nearest import near, near_prims, rotation_of

        port = named_port(problem)
        if port is None:
            return ""
        way, name = port
        text = self._given.get(port, "")
        prim_path, _, attribute = text.rpartition(".") if text.startswith("/") else ("", "", text or name)
        if prim_path and not self._stage.GetPrimAtPath(prim_path):
            prim_path = next(iter(near_prims(self._stage, prim_path)), "")
            if not prim_path or "*" in prim_path:
                return ""
        # What is refused may be an attribute of another prim, which the binding is not on.
        owner = problem.path.partition(".")[0]
        choices = self.choices(way, name, prim_path, owner if owner in self._paths else "")
        offered = {item.text.rpartition(".")[2]: item.text for item in choices if item.text}
        refused = self._stage.GetAttributeAtPath(problem.path)
        if refused and (rotation := rotation_of(refused)):
            return offered.get(rotation.rpartition(".")[2], "")
        return next((offered[word] for word in near(attribute, offered)), "")


def ports_of(interface: BehaviourInterface) -> list[tuple[Way, str, Any]]:
    """Return every input and output of a behaviour with its type."""
    inputs: list[tuple[Way, str, Any]] = [("input", item.name, item.type) for item in interface.parameters]
    inputs += [("input", name, type_) for name, type_ in interface.fields]
    return [*inputs, *(("output", name, type_) for name, type_ in interface.outputs)]


def named_port(problem: StageProblem) -> Port | None:
    """Return the port that a problem names, or None."""
    way, _, name = problem.port.partition(" ")
    if way == "input":
        return "input", name
    return ("output", name) if way == "output" else None


def bound_to(stage: Any, path: str) -> list[PrimBinding]:
    """Return the bindings of a prim; none where there is no such prim."""
    from portalis.translator.stage.plan.discovery import bindings_of

    prim = stage.GetPrimAtPath(path)
    return list(bindings_of(prim)) if prim else []


def behaviour_of(stage: Any, path: str, name: str) -> PrimBinding | None:
    """Return the binding of a prim to the behaviour of this name; None where there is none any more, or no stage."""
    bindings = bound_to(stage, path) if stage is not None else []
    return next((item for item in bindings if item.modules and item.function == name), None)
