"""The studio: the window on a desktop through `ovui`, with a tree of prims and a preview of the stage."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import omni.ui as ui
from omni.ui import standalone, testing

from portalis.translator.stage.outline import children, starter_stage
from portalis.translator.stage.plan.discovery import bindings_of
from portalis.translator.ui.closing import Closing
from portalis.translator.ui.desktop import DesktopHost
from portalis.translator.ui.display import DisplayError
from portalis.translator.ui.models.examples import Example, Making, Stopped, find_examples
from portalis.translator.ui.models.layout import Layout, read_layout, write_layout
from portalis.translator.ui.models.preferences import DEFAULT_GATEWAY, DEFAULT_SERVER
from portalis.translator.ui.models.translators import embedded, gateway, triton
from portalis.translator.ui.models.tree import BindingsTree
from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.panels.examples import ExamplesPanel
from portalis.translator.ui.panels.overlay import Overlay
from portalis.translator.ui.panels.panel import LEAST, Panel
from portalis.translator.ui.panels.room import Room
from portalis.translator.ui.panels.split import LINE, Split
from portalis.translator.ui.panels.tables import PrimDelegate, PrimTree
from portalis.translator.ui.stages import StageFiles
from portalis.translator.ui.style import GAP, panel_style
from portalis.translator.ui.viewport import PictureView, make_viewport

TITLE = "Portalis Studio"
_FRAMES_PER_SECOND = 60.0
# What tree and preview need beside the panel.
_LEAST_STAGE = (300.0, 400.0)
# Of a crowd of bound prims, the first say what there is to see.
_MOST_SELECTED = 20
_FRAME = "Put the camera where it sees everything."
_CAMERA = "Look through the selected camera, wherever it goes; a drag, the wheel and Frame all look from outside again."
_CANCEL = "Stop making the example; its folder stays."


class Studio:
    """One window over the whole desktop window: prims and preview to the left, the panel to the right.

    DisplayError where no window can be opened. `headless` draws to memory as fast as it is asked to. `copy` keeps unsaved code, and the
    file `remembers` how the window was left. Examples are made in folders below `examples`.
    """

    def __init__(
        self,
        stage: Any = None,
        *,
        headless: bool = False,
        server: str = DEFAULT_SERVER,
        url: str = DEFAULT_GATEWAY,
        publish_hz: float | None = None,
        copy: Path | None = None,
        remembers: Path | None = None,
        examples: Path | None = None,
    ) -> None:
        self._headless = headless
        self._examples_folder = examples if examples is not None else Path.cwd() / "portalis examples"
        self._making: Making | None = None
        self._to_select: tuple[list[str], str] | None = None
        self._remembers = remembers
        self.layout = read_layout(remembers) if remembers is not None else Layout()
        try:
            standalone.init(TITLE, self.layout.width, self.layout.height, max_fps=None if headless else _FRAMES_PER_SECOND)
        except RuntimeError as error:
            raise DisplayError("no window can be opened here: a display with OpenGL or Vulkan is needed") from error
        self.host = DesktopHost(stage if stage is not None else starter_stage())
        translators = [embedded(_usual), triton(server, _usual), gateway(url, _usual)]
        self.model = PanelModel(self.host, translators, _usual, publish_hz, copy)
        self.files = self.model.stages = StageFiles(self.host, self.model, self.open_stage)
        self.model.overlay = self.layout.overlay
        self.host.timeline.loops = self.layout.loop
        self.model.recover()
        self.model.load_ahead()
        self.host.timeline.model = self.model
        self.host.timeline.stop()
        self.model.changed.add(self._look_again)
        self.model.bindings.changed.add(self._look_at_bindings)
        self.bindings = BindingsTree(self.model)
        self.bindings.changed.add(lambda: self.tree_model.mark_standings())
        self._stale = self._edited = False
        self._expanded = False
        self._last = time.perf_counter()
        # A size other than the desktop window's.
        self.size: tuple[float, float] | None = None
        self._window = ui.Window(TITLE, width=self.layout.width, height=self.layout.height, padding_x=0, padding_y=0, flags=_FLAGS)
        self._window.setPosition(0, 0)
        self._window.set_key_pressed_fn(self._pressed)
        self._build()
        self.viewport.show(self.host.stage, self._time_code())
        self.viewport.frame(self._time_code())

    def _build(self) -> None:
        layout = self.layout
        with self._window.frame, ui.ZStack(style=panel_style()):
            ui.Rectangle(name="ground")
            least = (_LEAST_STAGE[0] + LINE + LEAST[0] + GAP, max(_LEAST_STAGE[1], LEAST[1]))
            self._room = Room("window_scroll", least)
        with self._room.content, ui.HStack():
            ui.Spacer(width=GAP)
            with ui.ZStack():
                sides = Split("split_stage", True, layout.stage, (_LEAST_STAGE[0], LEAST[0]), lambda share: setattr(layout, "stage", share))
        with sides.first, ui.VStack():
            ui.Spacer(height=GAP)
            with ui.ZStack():
                parts = Split("split_tree", False, layout.tree, (110.0, 120.0), lambda share: setattr(layout, "tree", share))
            ui.Spacer(height=GAP)
        with parts.first, ui.ZStack():
            self._tree_frame = ui.Frame()
            with self._tree_frame:
                self._build_tree()
            self._examples = ExamplesPanel(find_examples(), self.make_example, self.model.browse, lambda: self._show_examples(False))
        with parts.second, ui.VStack(spacing=GAP):
            with ui.HStack(height=26, spacing=GAP):
                ui.Label("Preview", name="heading")
                tooltip = "What a run costs, over the preview (F3)."
                self._camera = ui.Button(
                    "Camera", width=70, clicked_fn=self._look_through, identifier="look_through", visible=False, tooltip=_CAMERA
                )
                ui.Button("Costs", width=70, clicked_fn=self.model.toggle_overlay, identifier="costs", tooltip=tooltip)
                ui.Button("Frame all", width=90, clicked_fn=self._frame_all, identifier="frame", tooltip=_FRAME)
            with ui.ZStack():
                self.viewport = make_viewport(self._picked)
                self.overlay = Overlay(self.model)
        with sides.second:
            self.panel = Panel(self.model, layout=layout)
        self._splits = (sides, parts)

    def tick(self, elapsed: float | None = None) -> None:
        """Do everything between two drawn frames; `elapsed` seconds pass, or as many as really did."""
        now = time.perf_counter()
        timeline = self.host.timeline
        timeline.advance(now - self._last if elapsed is None else elapsed)
        self._last = now
        self._select_bound()
        self.model.tick(timeline.seconds if self.model.run.state in ("playing", "paused") else None)
        if not self._expanded:
            # Not before the tree was drawn once: until then it has no items to open.
            self._expanded = bool(self.tree.computed_height)
            for root in self.tree_model.get_item_children(None):
                self.tree.set_expanded(root, True, False)
        if self._stale:
            self._stale = False
            browsed = self.model.browsed is not None
            self._examples.frame.visible, self._tree_frame.visible = browsed, not browsed
            self._refresh()
        self.bindings.tick()
        self.tree_model.show_standings()
        self.panel.tick()
        self.viewport.update(self._time_code())
        self.overlay.draw()
        self._fit()

    def _fit(self) -> None:
        """Fill the desktop window. It is measured in points, and windows in it in pixels."""
        scale = ui.Workspace.get_dpi_scale()
        width, height = self.size or (ui.Workspace.get_main_window_width() * scale, ui.Workspace.get_main_window_height() * scale)
        if width > 0 and height > 0:
            self._window.width, self._window.height = width, height
        self._room.fit()
        for split in self._splits:
            split.fit()

    def run(self) -> None:
        """Draw frames until the user leaves: who closes the window over text that is nowhere else is asked first."""
        loop, closing = asyncio.new_event_loop(), Closing(self.model.leaving)
        try:
            # Not `standalone.run`: that ends omni.ui while there are widgets, and when the window is closed, whatever was not saved.
            while not closing.done():
                begun = time.perf_counter()
                loop.run_until_complete(testing.next_frame())
                self.tick()
                if not self._headless:
                    time.sleep(max(0.0, 1.0 / _FRAMES_PER_SECOND - (time.perf_counter() - begun)))
        finally:
            self.close()
            loop.close()

    def close(self) -> None:
        """End the run and give everything back."""
        if self._remembers is not None:
            self._remember(self._remembers)
        self._cancel()
        self.bindings.close()
        self.model.close()
        self.files.close()
        self.viewport.close()
        self.panel.destroy()
        self._window.destroy()

    def _remember(self, path: Path) -> None:
        width, height = standalone.get_window_size()
        if width > 0 and height > 0:
            self.layout.width, self.layout.height = width, height
        self.layout.overlay = self.model.overlay
        self.layout.loop = bool(self.host.timeline.loops)
        write_layout(self.layout, path)

    def _build_tree(self) -> None:
        with ui.VStack(spacing=2):
            with ui.HStack(height=26, spacing=GAP):
                ui.Label("Stage", name="heading")
                self._stop_making = ui.Button(
                    "Cancel", width=70, clicked_fn=self._cancel, identifier="cancel_example", visible=False, tooltip=_CANCEL
                )
                examples = "The demos and the pages of the cookbook, each on a stage of its own."
                ui.Button("Examples…", width=92, clicked_fn=lambda: self._show_examples(True), identifier="examples", tooltip=examples)
                tooltip = "Write the stage with its bindings to its file, or to one that you name."
                ui.Button("Save stage", width=86, clicked_fn=self.model.files.save_stage, identifier="save", tooltip=tooltip)
            with ui.ZStack():
                ui.Rectangle(name="field")
                with ui.ScrollingFrame(horizontal_scrollbar_policy=ui.ScrollBarPolicy.SCROLLBAR_ALWAYS_OFF):
                    self.tree_model = PrimTree(lambda path: children(self.host.stage, path), self.bindings.standings_on)
                    self._tree_delegate = PrimDelegate()
                    self.tree = ui.TreeView(
                        self.tree_model,
                        delegate=self._tree_delegate,
                        root_visible=False,
                        header_visible=True,
                        column_widths=[ui.Fraction(3), ui.Fraction(1), ui.Fraction(2)],
                        selection_changed_fn=self._selected,
                        identifier="prims",
                    )

    def _pressed(self, key: int, modifiers: int, down: bool) -> None:
        self.panel.press(key, modifiers, down)

    def _selected(self, items: Sequence[Any]) -> None:
        self.host.selected = tuple(item.path for item in items)
        self.viewport.select(self.host.selected)
        self._camera.visible = isinstance(self.viewport, PictureView) and bool(self._camera_selected())
        self.model.selection_changed()

    def _picked(self, path: str | None) -> None:
        """Select the prim that was clicked in the preview, or nothing; of an instance, the nearest prim that the tree has."""
        items = self.tree_model.way_to(path) if path is not None else []
        for item in items[:-1]:
            self.tree.set_expanded(item, True, False)
        self.tree.selection = items[-1:]

    # ----------------------------------------------------------------------------------------------------------- examples
    def _show_examples(self, shown: bool) -> None:
        self.model.browse("" if shown else None)

    def make_example(self, example: Example) -> None:
        """Make an example's stage in the background and open it."""
        self._show_examples(False)
        if self._making is not None:
            self.model.say(f"{self._making.example.title} is still being made: cancel it first", "bad")
            return
        making = self._making = Making(example, self._examples_folder)
        self._stop_making.visible = True
        asked = "; you are asked about what is not saved before it opens" if self.model.replacing.at_stake(stage=True) else ""
        self.model.say(f"making '{example.title}' in {self._examples_folder}: its stage, its binding{asked}", "busy")
        self.model.jobs.submit(making.make, self._made, self._not_made)

    def _cancel(self) -> None:
        if self._making is not None:
            self._making.stop()

    def _made(self, path: Path) -> None:
        making, self._making, self._stop_making.visible = self._making, None, False
        assert making is not None
        what, news = f"opening '{making.example.title}'", f"opened {path}: {making.example.shows}. Press Play"
        self.model.replacing.before(what, lambda: self.files.open(path, news), stage=True)

    def _not_made(self, error: Exception) -> None:
        self._making, self._stop_making.visible = None, False
        self.model.say("cancelled" if isinstance(error, Stopped) else f"the example could not be made: {error}", "bad")

    def open_stage(self, stage: Any, news: str) -> None:
        """Show another stage, with what is bound on it selected, and say what it is."""
        self.host.timeline.stop()
        self.tree.selection = []
        self.host.open(stage)
        self.host.timeline.stop()
        self.model.stage_changed()
        self.bindings.mark()
        self.tree_model.update_rows()
        self.viewport.show(stage, self._time_code())
        self.viewport.frame(self._time_code())
        self._expanded = False
        bound = [str(prim.GetPath()) for prim in stage.Traverse() if any(bindings_of(prim))]
        self._to_select = bound[:_MOST_SELECTED], news

    def _select_bound(self) -> None:
        """Select what is bound on a stage that was opened, when the tree has drawn it: before, it has no items to select."""
        if self._to_select is None:
            return
        (paths, news), self._to_select = self._to_select, None
        ways = [self.tree_model.way_to(path) for path in paths]
        for item in {id(item): item for way in ways for item in way[:-1]}.values():
            self.tree.set_expanded(item, True, False)
        self.tree.selection = [way[-1] for way in ways if way]
        # The selection has news of its own, which are none to somebody who asked for the stage.
        self.model.say(news, "good")

    def _camera_selected(self) -> str:
        """Return the path of the first selected camera; empty where none is selected."""
        prims = (self.host.stage.GetPrimAtPath(path) for path in self.host.selected)
        return next((str(prim.GetPath()) for prim in prims if prim and prim.GetTypeName() == "Camera"), "")

    def _look_through(self) -> None:
        assert isinstance(self.viewport, PictureView)
        self.viewport.look_through(self._camera_selected())

    def _frame_all(self) -> None:
        self.viewport.frame(self._time_code())

    def _look_again(self) -> None:
        self._stale = True

    def _look_at_bindings(self) -> None:
        self._stale = self._edited = True

    def _refresh(self) -> None:
        """Show in the tree what an edit changed; while it plays, an edit of bindings alone."""
        if self.model.run.state in ("playing", "baking") and not self._edited:
            return
        self._edited = False
        if self.tree_model.update_rows():
            self.viewport.show(self.host.stage, self._time_code())

    def _time_code(self) -> float:
        return float(self.host.timeline.seconds * self.host.stage.GetTimeCodesPerSecond())


def _usual() -> None:
    """Translate with the usual options."""


_FLAGS = (
    ui.WINDOW_FLAGS_NO_TITLE_BAR
    | ui.WINDOW_FLAGS_NO_RESIZE
    | ui.WINDOW_FLAGS_NO_MOVE
    | ui.WINDOW_FLAGS_NO_SCROLLBAR
    | ui.WINDOW_FLAGS_NO_COLLAPSE
    | ui.WINDOW_FLAGS_NO_SAVED_SETTINGS
    | ui.WINDOW_FLAGS_NO_DOCKING
)
