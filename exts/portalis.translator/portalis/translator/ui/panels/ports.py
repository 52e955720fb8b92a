"""The table of ports: what each input and output is bound to, a field to say otherwise, and a picker of what fits."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import omni.ui as ui

from portalis.translator.ui.models.port_values import Way
from portalis.translator.ui.models.ports import Picking, PortRow
from portalis.translator.ui.models.tips import tip
from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.panels.hinted import BEFORE_FOCUS, HintedField
from portalis.translator.ui.style import GAP, ROW, SCROLLBAR

_LINE = 26
# Where names begin: what is said of a port stands below its name.
_INDENT = 42
# Below this width a type stands below its name, and names and what they are bound to have its room.
_NARROW = 440.0
_WAYS = {
    "input": ("in", "What the behaviour takes, in every frame; of what it keeps itself, what it begins with."),
    "output": ("out", "What the behaviour changes: it is written to the attribute that it is bound to, or kept for the next frame."),
}
_USE = "Give the port this value, whatever the prims have."
_OWN = "Whichever prim it is bound to: each has its own."
_HEADINGS = (
    ("", ui.Pixel(30)),
    ("port", ui.Fraction(4)),
    ("type", ui.Fraction(2)),
    ("bound to", ui.Fraction(5)),
    ("value now", ui.Fraction(3)),
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

    def fit(self) -> None:
        """Follow the room there is: what is narrow, or wide again, has its columns otherwise."""
        self._picker.tick()
        if self.frame.visible and self._is_narrow() != self._narrow:
            self.draw()

    def draw(self) -> None:
        """Show the rows as they are now; what somebody is typing stays."""
        rows = self._model.ports.rows
        shown = tuple((row.way, row.name, row.type) for row in rows)
        narrow = self._is_narrow()
        if shown != self._shown or narrow != self._narrow:
            self._shown, self._narrow = shown, narrow
            self._build(rows)
        waits = self._model.bindings.what_waits_for()
        for line, row in zip(self._lines, rows, strict=True):
            line.draw(row, waits)
        self._draw_picker()

    def _is_narrow(self) -> bool:
        return 0.0 < float(self.frame.computed_width) < _NARROW

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

    def _pick(self, way: Way, name: str) -> None:
        self._model.ports.pick(way, name)
        self._model.changed.tell()

    def _picked(self, text: str) -> None:
        ports = self._model.ports
        picking, ports.picking = ports.picking, None
        if picking is not None:
            self._model.give(picking.way, picking.name, text)
        self._draw_picker()

    def _draw_picker(self) -> None:
        self._table.visible = self._model.ports.picking is None
        self._picker.draw()


class _Line:
    """One port: its name and type, a field whose empty state says what it is bound to anyway, and what it is refused for below."""

    def __init__(self, model: PanelModel, row: PortRow, pick: Any, narrow: bool) -> None:
        key = f"{row.way}_{row.name}"
        self._setting = False
        # What the model had last: another text in the field is one that somebody is typing.
        self._known = ""
        with ui.VStack(height=0):
            with ui.HStack(height=_LINE, spacing=4):
                ui.Spacer(width=4)
                ui.Label(_WAYS[row.way][0], name="quiet", tooltip=_WAYS[row.way][1], width=_HEADINGS[0][1], identifier=f"way_{key}")
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
            if narrow:
                with ui.HStack(height=0):
                    ui.Spacer(width=_INDENT)
                    ui.Label(row.type, name="quiet", word_wrap=True, identifier=f"type_{key}")
                    ui.Spacer(width=4)
            with ui.HStack(height=0):
                ui.Spacer(width=_INDENT)
                self._refused = ui.Label("", name="bad", word_wrap=True, visible=False, identifier=f"refused_{key}")
                self._waits = ui.Label("", name="busy", visible=False, identifier=f"waits_{key}")
                ui.Spacer(width=4)
        self._subscription = self._field.model.subscribe_end_edit_fn(lambda field: self._given(model, row, field.as_string))
        self._typing = self._field.model.subscribe_value_changed_fn(lambda field: self._show_hint(field.as_string))

    def draw(self, row: PortRow, waits: str) -> None:
        self._bound.text = row.bound or ("not bound" if row.refused else "")
        self._bound.set_tooltip(tip(row.bound))
        self._value.text = row.value
        self._value.set_tooltip(tip(row.value))
        if self._known != row.given:
            self._known = row.given
            self._setting = True
            self._field.model.set_value(row.given)
            self._setting = False
        self._show_hint(self._field.model.as_string)
        self._waits.text, self._waits.visible = f"not applied yet: {waits}", row.waits and not row.refused
        self._refused.text, self._refused.visible = row.refused, bool(row.refused)

    def _given(self, model: PanelModel, row: PortRow, text: str) -> None:
        if not self._setting:
            model.give(row.way, row.name, text)

    def _show_hint(self, text: str) -> None:
        self._bound.visible = not text


class Picker:
    """What a port can be bound to: attributes of the bound prim or of another, a value, or what is found by its name."""

    def __init__(self, model: PanelModel, picked: Callable[[str], None]) -> None:
        self._model = model
        self._picked = picked
        self._shown: Picking | None = None
        self._buttons: dict[str, Any] = {}
        # Frames until the filter asks for the focus.
        self._wanted = 0
        self._frame = ui.HStack(spacing=GAP, visible=False)
        with self._frame:
            ui.Spacer(width=0)
            with ui.VStack(spacing=4):
                ui.Spacer(height=0)
                self._build()
                ui.Spacer(height=0)
            ui.Spacer(width=0)
        self._subscriptions = [
            self._filter.model.subscribe_value_changed_fn(lambda field: self._contain(field.as_string)),
            self._value.model.subscribe_value_changed_fn(lambda field: self._write(field.as_string)),
            # Who is faster than the filter keeps the keyboard.
            self._value.model.subscribe_begin_edit_fn(lambda _: setattr(self, "_wanted", 0)),
        ]

    def _build(self) -> None:
        with ui.HStack(height=ROW, spacing=GAP):
            self._title = ui.Label("", name="heading", identifier="picker_title", elided_text=True)
            ui.Button("Back", width=70, clicked_fn=self._back, identifier="picker_back", tooltip="Leave it as it is.")
        with ui.HStack(spacing=GAP):
            with ui.VStack(spacing=2):
                self._filter = HintedField("filter prims by path", "picker_filter", "Show prims whose path contains this.", height=24)
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

    def draw(self) -> None:
        """Show what is chosen for now, as far as somebody came with it; or nothing."""
        picking = self._model.ports.picking
        if picking is self._shown:
            return
        self._shown = picking
        self._frame.visible = picking is not None
        if picking is None:
            return
        row = self._row(picking)
        self._title.text = f"the {picking.way} {picking.name}: {row.type}"
        self._title.set_tooltip(tip(self._title.text))
        # A result goes to an attribute: there is nothing else that it could be.
        self._literal.visible = picking.way == "input"
        self._value.model.set_value(picking.value)
        self._filter.model.set_value(picking.containing)
        self._show_prims(picking)
        self._show_choices(picking)
        self._wanted = BEFORE_FOCUS

    def tick(self) -> None:
        """Do what has to wait for frames to be drawn."""
        if self._wanted:
            self._wanted -= 1
            if not self._wanted and self._shown is not None:
                self._filter.focus()

    def _row(self, picking: Picking) -> PortRow:
        return next(row for row in self._model.ports.rows if (row.way, row.name) == (picking.way, picking.name))

    def _back(self) -> None:
        if self._shown is not None:
            self._picked(self._row(self._shown).given)

    def _write(self, text: str) -> None:
        if self._shown is not None:
            self._shown.value = text

    def _use_value(self) -> None:
        if self._shown is not None and self._shown.value.strip():
            self._picked(self._shown.value)

    def _contain(self, text: str) -> None:
        if self._shown is not None and self._shown.containing != text:
            self._shown.containing = text
            self._show_prims(self._shown)

    def _show_prims(self, picking: Picking) -> None:
        self._prims.clear()
        self._buttons.clear()
        with self._prims, ui.VStack(spacing=1, height=0):
            for path in ("", *self._model.ports.prims(picking.containing)):
                choose = functools.partial(self._of_prim, path)
                label, identifier = path or "the bound prim itself", f"picker_prim_{path or 'own'}"
                self._buttons[path] = ui.Button(label, height=22, clicked_fn=choose, identifier=identifier, tooltip=path or _OWN)
        self._mark(picking)

    def _of_prim(self, path: str) -> None:
        if self._shown is not None:
            self._shown.prim = path
            self._mark(self._shown)
            self._show_choices(self._shown)

    def _mark(self, picking: Picking) -> None:
        for path, button in self._buttons.items():
            button.name = "chosen" if path == picking.prim else "choice"

    def _show_choices(self, picking: Picking) -> None:
        self._of.text = f"what fits of {picking.prim or 'the bound prim'}"
        self._of.set_tooltip(tip(self._of.text))
        self._choices.clear()
        with self._choices, ui.VStack(spacing=1, height=0):
            for choice in self._model.ports.choices(picking.way, picking.name, picking.prim):
                pick = functools.partial(self._picked, choice.text)
                # Whose it is stands above.
                label = choice.label.removeprefix(f"{picking.prim}.") if picking.prim else choice.label
                ui.Button(label, name="choice", height=22, clicked_fn=pick, identifier=f"choice_{choice.text}")
