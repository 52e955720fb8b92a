"""The table of ports: what each input and output is bound to, a field to say otherwise, and a picker of what fits."""

from __future__ import annotations

import functools
from typing import Any

import omni.ui as ui

from portalis.translator.ui.models.ports import PortRow, Way
from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.style import GAP, ROW, SCROLLBAR

_LINE = 26
# Where names begin: what is said of a port stands below its name.
_INDENT = 42
# Below this width names and what they are bound to get the room of the types, which are told where a pointer rests on a name.
_NARROW = 440.0
_USE = "Give the port this value, whatever the prims have."
_OWN = "Whichever prim it is bound to: each has its own."
_HEADINGS = (
    ("", ui.Pixel(30)),
    ("port", ui.Fraction(4)),
    ("type", ui.Fraction(2)),
    ("bound to", ui.Fraction(5)),
    ("value", ui.Fraction(3)),
)


class PortsPanel:
    """Shows a model's ports in the current container. `draw` brings it up to date."""

    def __init__(self, model: PanelModel) -> None:
        self._model = model
        self._shown: tuple[tuple[Way, str, str], ...] = ()
        self._narrow = False
        self._lines: list[_Line] = []
        self.frame = ui.ZStack()
        with self.frame:
            self._table = ui.VStack(spacing=2)
            with self._table:
                self._headings = ui.Frame(height=20)
                with ui.ScrollingFrame(horizontal_scrollbar_policy=ui.ScrollBarPolicy.SCROLLBAR_ALWAYS_OFF, identifier="ports_scroll"):
                    self._rows = ui.Frame()
            self._picker = Picker(model, self._picked)

    def draw(self) -> None:
        """Show the rows as they are now; what somebody is typing stays."""
        rows = self._model.ports.rows
        shown = tuple((row.way, row.name, row.type) for row in rows)
        narrow = 0.0 < self.frame.computed_width < _NARROW
        if shown != self._shown or narrow != self._narrow:
            if shown != self._shown:
                self._close_picker()
            self._shown, self._narrow = shown, narrow
            self._build(rows)
        for line, row in zip(self._lines, rows, strict=True):
            line.draw(row)

    def _build(self, rows: tuple[PortRow, ...]) -> None:
        self._headings.clear()
        with self._headings, ui.HStack(spacing=4):
            ui.Spacer(width=4)
            for title, width in _HEADINGS:
                if title != "type" or not self._narrow:
                    ui.Label(title, name="heading", width=width, identifier=f"heading_{title}")
            # The button of each row, and the bar beside them all with its edges.
            ui.Spacer(width=26 + SCROLLBAR + 2)
        self._rows.clear()
        with self._rows, ui.VStack(spacing=2):
            self._lines = [_Line(self._model, row, self._pick, self._narrow) for row in rows]
            ui.Spacer()

    def pick(self, way: Way, name: str) -> None:
        """Have somebody choose what a port is bound to."""
        if any((row.way, row.name) == (way, name) for row in self._model.ports.rows):
            self._pick(way, name)

    @property
    def picking(self) -> tuple[Way, str] | None:
        """The port that somebody chooses for."""
        return self._picker.port

    def _pick(self, way: Way, name: str) -> None:
        self._table.visible = False
        self._picker.open(way, name)

    def _picked(self, way: Way, name: str, text: str) -> None:
        self._model.give(way, name, text)
        self._close_picker()

    def _close_picker(self) -> None:
        self._picker.close()
        self._table.visible = True


class _Line:
    """One port: its name and type, a field whose empty state says what it is bound to anyway, and what it is refused for below."""

    def __init__(self, model: PanelModel, row: PortRow, pick: Any, narrow: bool) -> None:
        key = f"{row.way}_{row.name}"
        self._setting = False
        with ui.VStack(height=0):
            with ui.HStack(height=_LINE, spacing=4):
                ui.Spacer(width=4)
                ui.Label("in" if row.way == "input" else "out", name="quiet", width=_HEADINGS[0][1])
                ui.Label(row.name, width=_HEADINGS[1][1], elided_text=True, tooltip=f"{row.name}: {row.type}", identifier=f"name_{key}")
                if not narrow:
                    ui.Label(row.type, name="quiet", width=_HEADINGS[2][1], elided_text=True, tooltip=row.type, identifier=f"type_{key}")
                with ui.ZStack(width=_HEADINGS[3][1]):
                    self._field = ui.StringField(identifier=f"port_{key}", name="port")
                    with ui.HStack():
                        ui.Spacer(width=6)
                        self._bound = ui.Label("", name="quiet", elided_text=True, identifier=f"bound_{key}")
                self._value = ui.Label("", name="quiet", width=_HEADINGS[4][1], elided_text=True, identifier=f"value_{key}")
                ui.Button("…", width=26, clicked_fn=functools.partial(pick, row.way, row.name), identifier=f"pick_{key}", tooltip="Choose…")
            with ui.HStack(height=0):
                ui.Spacer(width=_INDENT)
                self._refused = ui.Label("", name="bad", word_wrap=True, visible=False, identifier=f"refused_{key}")
                self._waits = ui.Label("not applied yet: press Bind again", name="busy", visible=False, identifier=f"waits_{key}")
                ui.Spacer(width=4)
        self._subscription = self._field.model.subscribe_end_edit_fn(lambda field: self._given(model, row, field.as_string))
        self._typing = self._field.model.subscribe_value_changed_fn(lambda field: self._show_hint(field.as_string))

    def draw(self, row: PortRow) -> None:
        self._bound.text = row.bound or ("not bound" if row.refused else "")
        self._bound.set_tooltip(row.bound)
        self._value.text = row.value
        self._value.set_tooltip(row.value)
        if self._field.model.as_string != row.given:
            self._setting = True
            self._field.model.set_value(row.given)
            self._setting = False
        self._show_hint(row.given)
        self._waits.visible = row.waits and not row.refused
        self._refused.text, self._refused.visible = row.refused, bool(row.refused)

    def _given(self, model: PanelModel, row: PortRow, text: str) -> None:
        if not self._setting:
            model.give(row.way, row.name, text)

    def _show_hint(self, text: str) -> None:
        self._bound.visible = not text


class Picker:
    """What a port can be bound to: attributes of the bound prim or of another, a value, or what its name says."""

    def __init__(self, model: PanelModel, picked: Any) -> None:
        self._model = model
        self._picked = picked
        # What it chooses for, while it is open.
        self.port: tuple[Way, str] | None = None
        self._prim = ""
        self._frame = ui.HStack(spacing=GAP, visible=False)
        with self._frame:
            ui.Spacer(width=0)
            with ui.VStack(spacing=4):
                ui.Spacer(height=0)
                self._build()
                ui.Spacer(height=0)
            ui.Spacer(width=0)
        self._subscription = self._filter.model.subscribe_value_changed_fn(lambda _: self._show_prims())

    def _build(self) -> None:
        with ui.HStack(height=ROW, spacing=GAP):
            self._title = ui.Label("", name="heading", identifier="picker_title", elided_text=True)
            ui.Button("Back", width=70, clicked_fn=self._back, identifier="picker_back", tooltip="Leave it as it is.")
        with ui.HStack(spacing=GAP):
            with ui.VStack(spacing=2):
                self._filter = ui.StringField(height=24, identifier="picker_filter", tooltip="Show prims whose path contains this.")
                # To the side as well: prims far down differ in the last letters of their paths.
                with ui.ScrollingFrame(identifier="picker_prims"):
                    self._prims = ui.Frame()
            with ui.VStack(spacing=2):
                self._of = ui.Label("", name="quiet", height=24, identifier="picker_of", elided_text=True)
                with ui.ScrollingFrame(identifier="picker_fits"):
                    self._choices = ui.Frame()
        self._literal = ui.HStack(height=ROW, spacing=GAP, identifier="picker_literal")
        with self._literal:
            ui.Label("or a value", name="quiet", width=70)
            self._value = ui.StringField(identifier="picker_value", tooltip="2.5, True, 'text', (1.0, 0.0, 0.0)")
            ui.Button("Use value", width=90, clicked_fn=self._use_value, identifier="picker_use", tooltip=_USE)

    def open(self, way: Way, name: str) -> None:
        """Choose for a port."""
        self.port, self._prim = (way, name), ""
        row = next(row for row in self._model.ports.rows if (row.way, row.name) == (way, name))
        self._title.text = f"{'the input' if way == 'input' else 'the result'} {name}: {row.type}"
        self._title.set_tooltip(self._title.text)
        # A result goes to an attribute: there is nothing else that it could be.
        self._literal.visible = way == "input"
        self._value.model.set_value("")
        self._filter.model.set_value("")
        self._frame.visible = True
        self._show_prims()
        self._show_choices()

    def close(self) -> None:
        """Choose nothing."""
        self.port = None
        self._frame.visible = False

    def _back(self) -> None:
        if self.port is not None:
            way, name = self.port
            row = next(row for row in self._model.ports.rows if (row.way, row.name) == (way, name))
            self._picked(way, name, row.given)

    def _use_value(self) -> None:
        if self.port is not None and self._value.model.as_string.strip():
            self._picked(*self.port, self._value.model.as_string)

    def _show_prims(self) -> None:
        if self.port is None:
            return
        self._prims.clear()
        with self._prims, ui.VStack(spacing=1, height=0):
            own = "picker_prim_own"
            ui.Button("the bound prim itself", name="choice", height=22, clicked_fn=lambda: self._of_prim(""), identifier=own, tooltip=_OWN)
            for path in self._model.ports.prims(self._filter.model.as_string):
                choose = functools.partial(self._of_prim, path)
                ui.Button(path, name="choice", height=22, clicked_fn=choose, identifier=f"picker_prim_{path}", tooltip=path)

    def _of_prim(self, path: str) -> None:
        self._prim = path
        self._show_choices()

    def _show_choices(self) -> None:
        assert self.port is not None
        way, name = self.port
        self._of.text = f"what fits of {self._prim or 'the bound prim'}"
        self._of.set_tooltip(self._of.text)
        self._choices.clear()
        with self._choices, ui.VStack(spacing=1, height=0):
            for choice in self._model.ports.choices(way, name, self._prim):
                pick = functools.partial(self._picked, way, name, choice.text)
                ui.Button(choice.label, name="choice", height=22, clicked_fn=pick, identifier=f"choice_{choice.text}", tooltip=choice.label)
