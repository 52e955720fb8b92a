"""What the window can be asked to do as Kit's actions, with keys and a menu."""

from __future__ import annotations

import functools
from collections.abc import Callable

import omni.kit.actions.core
import omni.kit.menu.utils

from portalis.translator.ui.actions import ACTIONS, Action

NAME = "portalis.translator"
TITLE = "Portalis"


def register_actions(perform: Callable[[Action], None]) -> Callable[[], None]:
    """Let Kit know every action; what is returned takes them back."""
    registry = omni.kit.actions.core.get_action_registry()
    for action in ACTIONS:
        registry.register_action(
            NAME,
            action.id,
            functools.partial(perform, action),
            display_name=f"{TITLE}: {action.title}",
            description=action.description,
            tag=TITLE,
        )
    return lambda: registry.deregister_all_actions_for_extension(NAME)


def register_menus(windows: dict[str, Callable[[], None]]) -> Callable[[], None]:
    """Put every window into Kit's menu of windows and every action into one of our own; what is returned takes them back."""
    menus = {
        "Window": [omni.kit.menu.utils.MenuItemDescription(name=title, onclick_fn=toggle) for title, toggle in windows.items()],
        TITLE: [omni.kit.menu.utils.MenuItemDescription(name=action.title, onclick_action=(NAME, action.id)) for action in ACTIONS],
    }
    for name, items in menus.items():
        omni.kit.menu.utils.add_menu_items(items, name)

    def leave() -> None:
        for name, items in menus.items():
            omni.kit.menu.utils.remove_menu_items(items, name)

    return leave
