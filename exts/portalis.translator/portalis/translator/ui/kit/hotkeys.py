"""The window's keys as Kit's hotkeys: they count while the window has the focus, and can be changed where Kit's other keys are."""

from __future__ import annotations

from collections.abc import Callable

from omni.kit.hotkeys.core import HotkeyFilter, get_hotkey_registry

from portalis.translator.ui.actions import ACTIONS
from portalis.translator.ui.kit.actions import NAME, TITLE


def register_hotkeys() -> Callable[[], None]:
    """Let Kit know the keys of the actions; what is returned takes them back."""
    registry = get_hotkey_registry()
    for action in ACTIONS:
        if action.key:
            registry.register_hotkey(NAME, action.key.upper(), NAME, action.id, filter=HotkeyFilter(windows=[TITLE]))
    return lambda: registry.deregister_all_hotkeys_for_extension(NAME)
