"""Kit's settings as the preferences want them: what a user chose, under /persistent, comes before what the application says."""

from __future__ import annotations

import carb.settings

from portalis.translator.ui.models.preferences import Value

_GIVEN = "/exts/portalis.translator"
_CHOSEN = f"/persistent{_GIVEN}"


class KitSettings:
    """The extension's settings by name."""

    def __init__(self) -> None:
        self._settings = carb.settings.get_settings()

    def get(self, name: str) -> object:
        """Return what the user chose, or what the application says."""
        chosen = self._settings.get(f"{_CHOSEN}/{name}")
        return chosen if chosen is not None else self._settings.get(f"{_GIVEN}/{name}")

    def set(self, name: str, value: Value) -> None:
        """Keep what the user chose."""
        self._settings.set(f"{_CHOSEN}/{name}", value)
