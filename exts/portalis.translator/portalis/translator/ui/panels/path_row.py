"""The row that asks for a path or a number: every omni.ui has fields, and not every host a file dialog."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import omni.ui as ui

from portalis.translator.ui.actions import tooltip_of
from portalis.translator.ui.models.editor_keys import ENTER, held
from portalis.translator.ui.models.paths import LABELS, TOOLTIPS
from portalis.translator.ui.models.problems import Purpose
from portalis.translator.ui.models.tips import tip
from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.panels.hinted import BEFORE_FOCUS
from portalis.translator.ui.style import GAP, ROW

# What a field's edit counts while it lasts, and for how many frames after it ended: Enter ends it before the window is told of the key.
_WHILE_EDITED, _AFTER_EDIT = 100, 3


class PathRow:
    """Shows in the current container what a model asks for. `asks` is called before the field takes what is typed."""

    def __init__(self, model: PanelModel, asks: Callable[[], None]) -> None:
        self._model = model
        self._asks = asks
        self._asked: Purpose | None = None
        # Frames until the field asks for the focus, and for how many its last edit counts.
        self._wanted = self._edited = 0
        # Whether Tab was pressed in the field, which took it as a letter.
        self._tabbed = False
        self._row = ui.HStack(height=ROW, spacing=GAP, visible=False, identifier="path_row")
        with self._row:
            self._label = ui.Label("", name="quiet", width=96, identifier="path_label")
            with ui.ZStack():
                # omni.ui selects all of a field that gets the keyboard, but for the one that had it last, which keeps its caret: used in
                # turn, they begin alike.
                self._fields = [ui.StringField(name="row", visible=False, allow_tab_input=True) for _ in range(2)]
                self._field = self._fields[0]
            self._use = self._button("path_use", self._answer, name="primary")
            self._button("path_cancel", lambda: model.files.answer("")).text = "Cancel"
        self._edits = []
        for field in self._fields:
            self._edits.append(field.model.subscribe_begin_edit_fn(lambda _: setattr(self, "_edited", _WHILE_EDITED)))
            self._edits.append(field.model.subscribe_end_edit_fn(lambda _: setattr(self, "_edited", _AFTER_EDIT)))
            self._edits.append(field.model.subscribe_value_changed_fn(self._changed))

    def draw(self) -> None:
        """Ask for what is asked for now, or for nothing."""
        asked = self._model.files.asked
        if asked == self._asked:
            return
        self._asked = asked
        self._row.visible = asked is not None
        if asked is None:
            self._edited = 0
        else:
            self._asks()
            self._label.text, self._use.text = LABELS[asked]
            self._begin(self._model.files.suggestion(), asked)

    def _begin(self, text: str, asked: Purpose) -> None:
        """Have a text changed, all of it selected."""
        self._field.visible, self._field.identifier = False, ""
        self._field = self._fields[self._field is self._fields[0]]
        self._field.visible, self._field.identifier = True, "path"
        self._field.set_tooltip(tip(TOOLTIPS[asked]))
        self._field.model.set_value(text)
        self._wanted = BEFORE_FOCUS

    def _changed(self, field: Any) -> None:
        self._tabbed |= "\t" in field.as_string

    def tick(self) -> None:
        """Do what has to wait for frames to be drawn."""
        if self._tabbed:
            self._field.model.set_value(self._model.files.complete(self._field.model.as_string.replace("\t", "")))
            self._tabbed = False
        if self._wanted:
            self._wanted -= 1
            if not self._wanted:
                self._field.focus_keyboard(True)
        if self._edited <= _AFTER_EDIT:
            self._edited = max(0, self._edited - 1)

    def press(self, key: int, modifiers: int) -> bool:
        """Do what a key means to the field while it is typed into: Enter is its button."""
        if not self._edited or held(modifiers) or key != ENTER:
            return False
        self._answer()
        return True

    def _answer(self) -> None:
        written = self._field.model.as_string
        self._model.files.answer(written)
        if self._model.files.asked is not None:
            # It cannot be: what is written is there to be corrected.
            self._begin(written, self._model.files.asked)

    def _button(self, key: str, clicked: Callable[[], None], name: str = "") -> Any:
        return ui.Button("", clicked_fn=clicked, width=70, name=name, identifier=key, tooltip=tooltip_of(key))
