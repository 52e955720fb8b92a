"""What a user may prefer: each with its title, what it means, from when on it counts, and what is refused of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from portalis.translator.ui.models.translators import MakeOptions, Translator, embedded, gateway, triton
from portalis.translator.words import counted

if TYPE_CHECKING:
    from portalis.translator.ui.models.window import PanelModel

Kind: TypeAlias = Literal["text", "number", "whole", "switch", "choice"]
Value: TypeAlias = str | float | bool

DEFAULT_SERVER = "127.0.0.1:8001"
DEFAULT_GATEWAY = "http://127.0.0.1:8000"
NEXT_PLAY, NEXT_START, AT_ONCE = "from the next Play on", "from the next start of the extension on", "at once"


@dataclass(frozen=True, slots=True)
class Preference:
    """One thing to prefer. `name` is the setting's; `choices` are what a choice is one of."""

    name: str
    group: str
    title: str
    help: str
    kind: Kind
    default: Value
    when: str
    choices: tuple[str, ...] = ()


PREFERENCES = (
    Preference(
        "translator",
        "Translator",
        "Translator",
        "Who translates when the window opens; the window's selector changes it at any time.",
        "choice",
        "embedded",
        NEXT_START,
        ("embedded", "triton", "gateway"),
    ),
    Preference("server", "Translator", "Triton server", f"host:port; empty: {DEFAULT_SERVER}.", "text", "", AT_ONCE),
    Preference(
        "gateway",
        "Translator",
        "Gateway",
        f"Its address; empty: {DEFAULT_GATEWAY}. Its key is in PORTALIS_GATEWAY_KEY or in the system's store (portalis keys store).",
        "text",
        "",
        AT_ONCE,
    ),
    Preference(
        "python", "Translator", "Python of the worker", "The Python that runs the worker process; empty: found.", "text", "", NEXT_START
    ),
    Preference(
        "laneFuel",
        "Budgets",
        "Instructions a prim may use in a frame",
        "A prim whose behaviour needs more stops, and says so; 0: a million.",
        "whole",
        0,
        NEXT_PLAY,
    ),
    Preference(
        "publishHz",
        "Results",
        "Results on the stage, a second",
        "How often at most results that nothing is composed of are put on the stage; 0: every frame.",
        "number",
        0.0,
        NEXT_PLAY,
    ),
    Preference(
        "fabric",
        "Results",
        "Results to Fabric",
        "Past OpenUSD, where it has their attributes; not tried inside Kit.",
        "switch",
        False,
        NEXT_PLAY,
    ),
)


class Store(Protocol):
    """Where a host keeps settings."""

    def get(self, name: str) -> object:
        """Return a setting's value, None where it has none."""

    def set(self, name: str, value: Value) -> None:
        """Keep a value, for the sessions to come too."""


class Preferences:
    """The preferences as a store has them; what was refused of each stands in `refused`. `window` hears of those that count at once."""

    def __init__(self, store: Store) -> None:
        self.refused: dict[str, str] = {}
        self.window: PanelModel | None = None
        self._store = store
        self._make: Callable[[], list[Translator]] = list
        self._addresses = self._preferred()

    def value(self, item: Preference) -> Value:
        """Return what is preferred; the default where the store holds what is refused."""
        try:
            return _checked(item, self._store.get(item.name))
        except ValueError:
            return item.default

    def named(self, name: str) -> Value:
        """Return what is preferred, by the setting's name."""
        return self.value(next(item for item in PREFERENCES if item.name == name))

    def set(self, item: Preference, value: object) -> bool:
        """Keep what is preferred from now on; False where it is refused, and then nothing has changed."""
        self.refused.pop(item.name, None)
        try:
            checked = _checked(item, value)
        except ValueError as error:
            self.refused[item.name] = str(error)
            return False
        if checked != self.value(item) or self._store.get(item.name) is None:
            self._store.set(item.name, checked)
            self.apply()
        return True

    # ------------------------------------------------------------------------------------------------------------ applying
    def translators(self, options: MakeOptions, note: str) -> list[Translator]:
        """Return the translators that are preferred, in the selector's order."""
        self._make = lambda: [embedded(options, note), triton(self._addresses[0], options), gateway(self._addresses[1], options)]
        return self._make()

    def _preferred(self) -> tuple[str, str]:
        return str(self.named("server")) or DEFAULT_SERVER, str(self.named("gateway")) or DEFAULT_GATEWAY

    def attach(self, window: PanelModel) -> None:
        """Apply everything to a window, and from now on every change that counts before the next start."""
        self.window = window
        window.choice.choose(next(item for item in PREFERENCES if item.name == "translator").choices.index(str(self.named("translator"))))
        self.apply()

    def apply(self) -> None:
        """Tell the window what counts at once, and from the next Play on."""
        before, self._addresses = self._addresses, self._preferred()
        if self.window is not None:
            if self._addresses != before:
                self.window.choice.use(self._make())
            self.window.run.publish_hz = float(self.named("publishHz")) or None
            self.window.run.lane_fuel = int(self.named("laneFuel")) or None

    # --------------------------------------------------------------------------------------------------------------- trust
    def trusted(self) -> str:
        """Say how much code that came with stages is trusted, and where that is kept."""
        from portalis.translator.stage.author.trust import Approvals, settings_folder

        folder = settings_folder()
        count = Approvals(folder).count()
        return f"{counted(count, 'approval')} of code that came with stages, in {folder}"

    def forget_trust(self) -> str:
        """Trust no code that came with a stage any more; return why that cannot be, empty where it is done."""
        from portalis.translator.stage.author.trust import Approvals, settings_folder
        from portalis.translator.stage.problems import StageError

        try:
            Approvals(settings_folder()).forget()
        except StageError as error:
            return error.problems[0].message
        except OSError as error:
            return f"{error.strerror or error}: {settings_folder()}"
        return ""


def _checked(item: Preference, value: object) -> Value:
    """Return a value as its kind has it; ValueError, with what is wanted, where it is none."""
    if value is None:
        return item.default
    match item.kind:
        case "text":
            return str(value).strip()
        case "switch":
            return value is True or str(value).casefold() in ("true", "1")
        case "choice":
            if str(value) in item.choices:
                return str(value)
            raise ValueError(f"one of {', '.join(item.choices)}")
        case "whole" | "number":
            return _number(value, whole=item.kind == "whole")


def _number(value: object, *, whole: bool) -> float:
    try:
        number = float(str(value).strip() or 0.0)
    except ValueError:
        number = math.nan
    if not 0.0 <= number < 2.0**53 or (whole and number != int(number)):
        raise ValueError("a whole number from 0 up" if whole else "a number from 0 up")
    return int(number) if whole else number
