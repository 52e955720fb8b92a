"""What the window can be asked to do, by name: for the menus, actions and keys of a host. Each says beforehand what undo makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portalis.translator.ui.models.beginning import begin_new
from portalis.translator.ui.models.tips import tip
from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.shortcuts import SHORTCUTS

UNDONE = "Undo takes it back."
_HARMLESS = "Nothing on the stage changes."


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be asked for. `undo` says what becomes of it; `key` is as in "Shift+F5", empty where it has none.

    `question` is what to ask before something that cannot be undone, empty where there is nothing to lose. `shows`: the window goes on.
    """

    id: str
    title: str
    does: str
    undo: str
    act: Callable[[PanelModel], None]
    key: str = ""
    question: Callable[[PanelModel], str] = lambda _: ""
    shows: bool = False

    @property
    def description(self) -> str:
        """What it does and what undo makes of it, in words."""
        return f"{self.does[0].upper()}{self.does[1:]}. {self.undo}"


def _keyed(id_: str, title: str, undo: str, *, shows: bool = False) -> Action:
    """Make an action of what a key of the window does."""
    shortcut = next(item for item in SHORTCUTS if item.id == id_)
    return Action(id_, title, shortcut.does, undo, shortcut.act, shortcut.label, shows=shows)


def _replaced_bake(model: PanelModel) -> str:
    stage = model.host.stage
    if stage is None or not stage.GetRootLayer().realPath or not model.host.bake_path().exists():
        return ""
    return f"{model.host.bake_path()} exists, and is replaced. Undo does not bring it back."


def _trusted(model: PanelModel) -> str:
    asked = model.waiting
    if not asked:
        return ""
    writes = "\n".join(f"{item.module.path} writes {item.described}" for item in asked)
    return f"{writes}\n\nYour settings remember that you trust this code with this. Undo does not take it back; the preferences do."


ACTIONS = (
    _keyed("translate", "Translate", _HARMLESS),
    Action(
        "new",
        "New Behaviour",
        "begin a behaviour with the least that moves a prim; code that is not saved is asked about first",
        _HARMLESS,
        begin_new,
        shows=True,
    ),
    _keyed("open", "Open Code…", _HARMLESS, shows=True),
    _keyed("save_code", "Save Code", "Undo does not bring back what the file held before.", shows=True),
    _keyed("save_code_as", "Save Code As…", "Undo does not bring back what the file held before.", shows=True),
    _keyed("bind", "Bind to Selected Prims", UNDONE),
    Action(
        "unbind", "Unbind Selected Prims", "take the behaviours of the selected prims away", UNDONE, lambda model: model.bindings.unbind()
    ),
    Action(
        "enable",
        "Enable on Selected Prims",
        "let the behaviours of the selected prims run",
        UNDONE,
        lambda model: model.bindings.switch(True),
    ),
    Action(
        "disable",
        "Disable on Selected Prims",
        "keep the behaviours of the selected prims, and keep them from running",
        UNDONE,
        lambda model: model.bindings.switch(False),
    ),
    Action(
        "open_code",
        "Open Code of Selected Prim",
        "put the code of the first selected prim into the editor",
        _HARMLESS,
        lambda model: model.bindings.open_code(),
        shows=True,
    ),
    _keyed("explain", "Explain Problem", _HARMLESS, shows=True),
    _keyed("play", "Play or Pause", "Stop gives the stage back."),
    _keyed("stop", "Stop", "The stage is as it was before Play."),
    Action(
        "bake",
        "Bake",
        "write the frames as time samples into a layer beside the stage",
        "Undo does not take it back: the layer is a file of its own, and replaces that of an earlier bake.",
        lambda model: model.bake(),
        question=_replaced_bake,
    ),
    Action(
        "approve",
        "Trust Code of the Stage and Play",
        "trust the code that came with the stage, that of the selected prims where it waits, with what it writes, and play",
        "Undo does not take it back: your settings remember it, and the preferences forget it.",
        lambda model: model.approve(),
        question=_trusted,
    ),
    Action(
        "budget",
        "Budget of Selected Prims…",
        "say how many instructions a prim of the selected behaviours may use in a frame, from the next Play on",
        _HARMLESS,
        lambda model: model.files.ask("budget"),
        shows=True,
    ),
    Action(
        "export",
        "Export Frame Times…",
        "write the times of the last frames to a file",
        "Undo does not bring back what the file held before.",
        lambda model: model.files.ask("export"),
        shows=True,
    ),
)


# What is a button of the window alone.
_BUTTONS = {
    "undo": "Take the last edit of bindings back.",
    "redo": "Do again what was undone.",
    "pause": "Hold the frames where they are; Play goes on.",
    "loop": "After the last frame of the stage's range it plays from the start, over and over. Click to have it hold there.",
    "loop_off": "It holds at the last frame of the stage's range. Click to have it play from the start again, over and over.",
    "switch": "Keep the behaviours of the selected prims from running, or let them run again. Undo takes it back.",
    "path_use": "Use the path (Enter).",
    "path_cancel": "Ask no more (Escape).",
}


def tooltip_of(id_: str) -> str:
    """Return what a button says of itself; empty where it is no action."""
    return tip(next((item.description for item in ACTIONS if item.id == id_), _BUTTONS.get(id_, "")))
