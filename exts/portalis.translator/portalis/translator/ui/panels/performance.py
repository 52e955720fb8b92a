"""Frame times as stacked columns with a scale, and one row a behaviour, sorted as its user wants it."""

from __future__ import annotations

import omni.ui as ui

from portalis.translator.ui.models.history import ABOUT_PARTS, PARTS, WANTED_MS, Curve
from portalis.translator.ui.models.run import RunModel
from portalis.translator.ui.models.tips import tip
from portalis.translator.ui.panels.tables import BehaviourDelegate, BehaviourTable
from portalis.translator.ui.style import GAP, PART_NAMES, SCROLLBAR

_COLUMNS = 240
_SCALE_WIDTH = 52
# Seconds of the time line at sixty frames each.
RANGES = (("4 s", 240), ("1 min", 3600), ("10 min", 36_000))


class FramePlot:
    """The last frames' cost by what was done, as tall as the costliest: nothing is cut off. A pointer over it asks for one frame."""

    def __init__(self, run: RunModel) -> None:
        self._run = run
        self._frames = RANGES[0][1]
        self._curve: Curve | None = None
        self._pointed = ""
        with ui.VStack(spacing=2):
            with ui.HStack(height=20, spacing=4):
                for index, part in enumerate(PARTS):
                    with ui.VStack(width=10):
                        ui.Spacer()
                        ui.Rectangle(name=PART_NAMES[index], height=10)
                        ui.Spacer()
                    about = ABOUT_PARTS[index]
                    ui.Label(part, name="heading", width=0, alignment=ui.Alignment.LEFT_CENTER, tooltip=about, identifier=f"part_{index}")
                ui.Spacer()
                for label, frames in RANGES:
                    ui.Button(
                        label,
                        name="choice",
                        width=0,
                        clicked_fn=lambda frames=frames: self._show_range(frames),
                        identifier=f"range_{frames}",
                        tooltip=f"Show the last {frames} frames: {label} at sixty a second.",
                    )
            with ui.HStack():
                with ui.VStack(width=_SCALE_WIDTH):
                    self._top = ui.Label("", name="heading", height=14, alignment=ui.Alignment.RIGHT_TOP, identifier="scale")
                    ui.Spacer()
                    self._half = ui.Label("", name="heading", height=14, alignment=ui.Alignment.RIGHT_CENTER)
                    ui.Spacer()
                    ui.Label("0", name="heading", height=14, alignment=ui.Alignment.RIGHT_BOTTOM)
                ui.Spacer(width=4)
                with ui.ZStack():
                    ui.Rectangle(name="field")
                    self._plots = [
                        ui.Plot(ui.Type.HISTOGRAM, 0.0, 1.0, 0.0, 0.0, name=PART_NAMES[index], identifier=f"plot_{index}")
                        for index in reversed(range(len(PARTS)))
                    ]
                    with ui.VStack():
                        self._above = ui.Spacer(height=ui.Fraction(1))
                        self._line = ui.Rectangle(name="wanted", height=1, identifier="wanted", visible=False)
                        self._below = ui.Spacer(height=ui.Fraction(1))
                    self._none = ui.Label("No frames yet.", name="empty", alignment=ui.Alignment.CENTER, identifier="no_frames")
                    self._pointer = ui.Rectangle(name="clear", identifier="plot")
                    self._pointer.set_mouse_moved_fn(lambda x, _y, *_rest: self._point(x))
                    self._pointer.set_mouse_hovered_fn(self._left)
            with ui.HStack(height=14):
                ui.Spacer(width=_SCALE_WIDTH + 4)
                self._since = ui.Label("", name="heading", width=0, identifier="since")
                ui.Spacer(width=GAP)
                self._words = ui.Label("", name="quiet", alignment=ui.Alignment.RIGHT_CENTER, identifier="figures", elided_text=True)

    def draw(self) -> None:
        """Show the frames as they are now."""
        curve = self._curve = self._run.history.curve(self._frames, _COLUMNS)
        some = len(curve) > 1
        self._none.visible = not some
        for plot, values in zip(self._plots, reversed(curve.stacked), strict=True):
            plot.visible = some
            if some:
                plot.scale_max = curve.scale
                plot.set_data(*values)
        self._top.text = f"{curve.scale:g} ms" if some else ""
        self._half.text = f"{curve.scale / 2.0:g}" if some else ""
        shown = some and curve.scale > WANTED_MS
        self._line.visible = shown
        if shown:
            self._above.height = ui.Fraction(curve.scale - WANTED_MS)
            self._below.height = ui.Fraction(WANTED_MS)
        first = curve.at(0.0)
        self._since.text = f"from frame {first.frame}" if some and first is not None else ""
        self._say(self._pointed or self._run.history.summary(self._frames))

    def _say(self, words: str) -> None:
        self._words.text = words
        self._words.set_tooltip(tip(words))

    def _show_range(self, frames: int) -> None:
        self._frames = frames
        self.draw()

    def _point(self, x: float) -> None:
        width = self._pointer.computed_width
        row = self._curve.at((x - self._pointer.screen_position_x) / width) if self._curve is not None and width else None
        self._pointed = row.words() if row is not None else ""
        self._say(self._pointed)

    def _left(self, hovered: bool) -> None:
        if not hovered:
            self._pointed = ""


class BehaviourPanel:
    """The behaviours of a run as a table; a click on a heading sorts by it, another one the other way round."""

    def __init__(self, run: RunModel) -> None:
        self._run = run
        self.table = BehaviourTable()
        self._delegate = BehaviourDelegate(self.table, run.sort_by)
        with ui.ZStack():
            ui.Rectangle(name="field")
            self._scroll = ui.ScrollingFrame(
                horizontal_scrollbar_policy=ui.ScrollBarPolicy.SCROLLBAR_ALWAYS_OFF, identifier="behaviours_scroll"
            )
            self._build()
            self._none = ui.Label("Bind a behaviour and press Play.", name="empty", alignment=ui.Alignment.CENTER, identifier="no_rows")

    def draw(self, bound: bool) -> None:
        """Show the rows as they are now; where there are none, say what to do, which is less where something is `bound`."""
        self.table.set_rows(self._run.rows)
        self._scroll.visible = bool(self._run.rows)
        self._none.visible = not self._run.rows
        self._none.text = "Press Play." if bound else "Bind a behaviour and press Play."

    def fit(self) -> None:
        """Show the columns that there is room for."""
        width = float(self._scroll.computed_width) - SCROLLBAR
        if width > 0.0 and self.table.fit(width):
            self._build()

    def _build(self) -> None:
        self._scroll.clear()
        with self._scroll:
            ui.TreeView(
                self.table,
                delegate=self._delegate,
                root_visible=False,
                header_visible=True,
                column_widths=[ui.Fraction(width) for width in self.table.widths],
                identifier="behaviours",
            )
