"""What lies over the window's content, and is closed by Escape."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portalis.translator.ui.models.window import PanelModel


def close_top(model: PanelModel) -> bool:
    """Close what lies on top without doing what it asks for: a question, a field, the keys, the examples, a choice for a port.

    False where nothing lies over the content.
    """
    if model.files.overwriting.path is not None:
        model.files.overwriting.keep()
    elif model.files.asked is not None:
        model.files.answer("")
    elif model.leaving.asked:
        model.leaving.keep()
    elif model.replacing.what:
        model.replacing.keep()
    elif model.tabs.keys_shown:
        model.tabs.show_keys()
    elif model.browsed is not None:
        model.browse(None)
    elif model.tabs.front == "Ports" and model.ports.picking is not None:
        model.ports.picking = None
        model.changed.tell()
    else:
        return False
    return True
