"""The extension's page in Kit's window of preferences."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import omni.kit.window.preferences

from portalis.translator.ui.kit.actions import TITLE
from portalis.translator.ui.models.preferences import Preferences
from portalis.translator.ui.panels.preferences import PreferencesPanel


class PreferencesPage(omni.kit.window.preferences.PreferenceBuilder):
    """One page among Kit's; Kit asks it to build itself when it is chosen."""

    def __init__(self, preferences: Preferences, missing: Mapping[str, str]) -> None:
        super().__init__(TITLE)
        self._preferences = preferences
        self._missing = missing
        self._panel: PreferencesPanel | None = None

    def build(self) -> None:
        """Build the page."""
        self._panel = PreferencesPanel(self._preferences, self._missing)


def register_preferences(preferences: Preferences, missing: Mapping[str, str]) -> Callable[[], None]:
    """Add the page; what is returned takes it away."""
    page = PreferencesPage(preferences, missing)
    omni.kit.window.preferences.register_page(page)
    return lambda: omni.kit.window.preferences.unregister_page(page)
