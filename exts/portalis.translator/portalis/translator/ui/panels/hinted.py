"""A field that says what belongs into it while it is empty: omni.ui's own has no placeholder."""

from __future__ import annotations

from typing import Any

import omni.ui as ui

# A field that was not drawn yet gets no focus: so many frames later it does.
BEFORE_FOCUS = 3


class HintedField:
    """A field of the current container, in which `hint` stands where nothing is typed."""

    def __init__(self, hint: str, identifier: str, tooltip: str, **size: Any) -> None:
        with ui.ZStack(**size):
            self._field = ui.StringField(name="row", identifier=identifier, tooltip=tooltip)
            with ui.HStack():
                ui.Spacer(width=6)
                self._hint = ui.Label(hint, name="quiet", elided_text=True, identifier=f"hint_{identifier}")
        self.model = self._field.model
        self._subscription = self.model.subscribe_value_changed_fn(self._changed)

    def focus(self) -> None:
        """Have it take what is typed."""
        self._field.focus_keyboard(True)

    def _changed(self, field: Any) -> None:
        self._hint.visible = not field.as_string
