"""The keys of the window: what each does, for whoever presses them and for the list that shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portalis.translator.ui.models.editor_keys import CONTROL, ENTER, F1, LISTED, SHIFT, held, label_of
from portalis.translator.ui.models.window import PanelModel

_F3, _F5 = 292, 294
_CLOSES = "close what lies on top: a question, a field, this list, the examples, a choice for a port"


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One key with its modifiers. `keeps_focus`: the editor goes on taking what is typed. `id` names it among a host's actions."""

    label: str
    does: str
    key: int
    modifiers: int
    act: Callable[[PanelModel], None]
    keeps_focus: bool = False
    id: str = ""


SHORTCUTS = (
    Shortcut("Ctrl+Enter", "translate and verify", ENTER, CONTROL, lambda model: model.translate(), keeps_focus=True, id="translate"),
    Shortcut("Ctrl+S", "save the code", ord("S"), CONTROL, lambda model: model.files.save_or_ask(), keeps_focus=True, id="save_code"),
    Shortcut(
        "Ctrl+Shift+S",
        "save the code under another name",
        ord("S"),
        CONTROL | SHIFT,
        lambda model: model.files.ask("save"),
        id="save_code_as",
    ),
    Shortcut("Ctrl+O", "open code, or in the studio a stage", ord("O"), CONTROL, lambda model: model.files.ask("open"), id="open"),
    Shortcut("Ctrl+B", "bind to the selected prims", ord("B"), CONTROL, lambda model: model.bindings.bind(), id="bind"),
    Shortcut("F1", "explain the problem in this line, or the first", F1, 0, lambda model: model.problems.explain_here(), id="explain"),
    Shortcut("F3", "show what a run costs over the preview, or no more", _F3, 0, lambda model: model.toggle_overlay(), id="overlay"),
    Shortcut("F5", "play, or pause", _F5, 0, lambda model: model.play_or_pause(), id="play"),
    Shortcut("Shift+F5", "stop", _F5, SHIFT, lambda model: model.host.timeline.stop(), id="stop"),
)


def shortcut_of(key: int, modifiers: int) -> Shortcut | None:
    """Return what a key stands for, or None. Command counts as Control."""
    return next((item for item in SHORTCUTS if item.key == key and item.modifiers == held(modifiers)), None)


def all_keys(own_editor: bool) -> tuple[tuple[str, str], ...]:
    """Return all of them, each with what it does; then what the editor's keys do, where it is our own and not a host's."""
    window = (
        *((item.label, item.does) for item in SHORTCUTS),
        ("Enter", "in the field of a path: use it"),
        ("Tab", "in the field of a path: complete it"),
        ("Escape", _CLOSES),
    )
    if not own_editor:
        return (*window, ("in the text", "what they do in the editor of this application"))
    editor = ((", ".join(label_of(*key) for key in keys), f"in the text: {does}") for does, keys in LISTED)
    return (*window, *editor, ("Shift", "with a key that goes on in the text: select what is between"))
