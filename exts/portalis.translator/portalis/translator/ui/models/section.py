"""The behaviours of the selected prims, one card each: its state, its ports with their values now, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portalis.translator.diagnostics import TranslationError
from portalis.translator.ui.models.port_values import PortOn, PortValues, Way
from portalis.translator.ui.models.ports import MIXED, bound_to, ports_of
from portalis.translator.ui.models.standing import Standing
from portalis.translator.ui.models.standings import Standings

if TYPE_CHECKING:
    from portalis.translator.stage.plan.bindings import PrimBinding
    from portalis.translator.ui.models.window import PanelModel

# Of how many prims ports are read: their values are, several times a second.
_MOST_READ = 64


@dataclass(frozen=True, slots=True)
class CardPort:
    """One port on all prims of a card: what it is bound to and its value, "mixed" where they differ."""

    way: Way
    name: str
    type: str
    bound: str
    value: str


@dataclass(frozen=True, slots=True)
class Card:
    """One behaviour of the selected prims. `enabled` is None where some of them have it enabled and some not.

    `note` says why its ports are not known, or of which prims they are.
    """

    behaviour: str
    module: str
    prims: tuple[str, ...]
    enabled: bool | None
    standing: Standing
    ports: tuple[CardPort, ...]
    note: str

    @property
    def title(self) -> str:
        """What it is, and on how many prims."""
        return self.behaviour if len(self.prims) == 1 else f"{self.behaviour} on {len(self.prims)} prims"


@dataclass(frozen=True, slots=True)
class _Wired:
    """One port as authored on the prims that are read: what it is bound to, and the port on each of them."""

    way: Way
    name: str
    type: str
    bound: str
    on: tuple[PortOn, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """The ports of a card, what tells their values, and what there is to say of them."""

    ports: tuple[_Wired, ...]
    values: PortValues | None
    note: str


class SectionModel:
    """The cards of some prims. `refresh` reads them again, `look` their values alone."""

    def __init__(self, window: PanelModel) -> None:
        self._window = window
        self._groups: dict[tuple[str, str], list[PrimBinding]] = {}
        self._read: dict[tuple[str, str], _Read] = {}
        self.paths: tuple[str, ...] = ()
        self.cards: tuple[Card, ...] = ()

    def show(self, paths: Sequence[str]) -> bool:
        """Show other prims; whether anything is bound to them."""
        self.paths = tuple(paths)
        self.refresh()
        return bool(self.cards)

    def refresh(self) -> None:
        """Read the bindings again."""
        self._groups = {}
        stage = self._window.host.stage
        for path in self.paths if stage is not None else ():
            for item in bound_to(stage, path):
                self._groups.setdefault((item.function, ", ".join(item.modules)), []).append(item)
        self._read = {key: self._read_ports(stage, items) for key, items in self._groups.items()}
        self.look()

    def look(self) -> None:
        """Read states and values again: time went on."""
        stage, standings = self._window.host.stage, Standings(self._window.run)
        self.cards = tuple(self._card(stage, standings, name, module, items) for (name, module), items in self._groups.items())

    # ------------------------------------------------------------------------------------------------------ what can be done
    def open_code(self, card: Card) -> None:
        """Put its code into the editor; ask first where text is lost by that."""
        self._window.bindings.open_code(self._bindings(card)[0])

    def unbind(self, card: Card) -> None:
        """Take it from its prims, as one edit that undo takes back."""
        self._window.bindings.unbind(self._bindings(card))

    def switch(self, card: Card) -> None:
        """Enable it, or disable it where it is enabled everywhere, as one edit that undo takes back."""
        self._window.bindings.switch(card.enabled is not True, self._bindings(card))

    def _bindings(self, card: Card) -> list[PrimBinding]:
        return self._groups[card.behaviour, card.module]

    # ------------------------------------------------------------------------------------------------------------- reading
    def _card(self, stage: Any, standings: Standings, name: str, module: str, items: Sequence[PrimBinding]) -> Card:
        from portalis.translator.stage.plan.discovery import absence_problem

        all_of_them = []
        for item in items:
            absence = absence_problem(stage.GetPrimAtPath(item.key.path))
            absent = absence.message if absence is not None else ""
            all_of_them.append(standings.of(item.key.path, name, item.modules, enabled=item.enabled, absent=absent))
        enabled = {item.enabled for item in items}
        read = self._read[name, module]
        values = read.values
        ports = [
            CardPort(item.way, item.name, item.type, item.bound, _one({values.of(port) for port in item.on}))
            for item in read.ports
            if values is not None
        ]
        return Card(
            name,
            module,
            tuple(item.key.path for item in items),
            enabled.pop() if len(enabled) == 1 else None,
            min(all_of_them, key=lambda standing: standing.rank),
            tuple(ports),
            read.note,
        )

    def _read_ports(self, stage: Any, items: Sequence[PrimBinding]) -> _Read:
        """Return the ports of one behaviour on its prims, and what there is to say of them."""
        from portalis.translator.stage.author.trial import described
        from portalis.translator.stage.plan.modules import read_module
        from portalis.translator.stage.problems import StageError

        if not items[0].modules:
            return _Read((), None, "it names no module")
        try:
            source = read_module(stage, items[0].modules[0]).source
            interface = self._window.run.engine().interface(source, items[0].function)
        except StageError as error:
            return _Read((), None, error.problems[0].message)
        except TranslationError as error:
            return _Read((), None, f"its code is refused: {error.diagnostics[0].message}")
        answers = [described(stage, item.key, interface) for item in items[:_MOST_READ]]
        wired = []
        for way, name, type_ in ports_of(interface):
            words = {(item.inputs if way == "input" else item.outputs).get(name, "") for item in answers}
            on = [PortOn(way, name, item.key, item.read.get(name, ""), item.written.get(name, "")) for item in answers if item.key]
            wired.append(_Wired(way, name, str(type_), _one(words), tuple(on)))
        note = f"ports of the first {_MOST_READ} prims" if len(items) > _MOST_READ else ""
        return _Read(tuple(wired), PortValues(stage, source, interface, self._window.run), note)


def _one(words: set[str]) -> str:
    return words.pop() if len(words) == 1 else MIXED
