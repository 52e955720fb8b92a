"""A user of the studio."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from portalis.translator.ui.studio import Studio
from portalis.translator.ui.viewport import PictureView
from tests.ui.widgets.pixels import left_out_of
from tests.ui.widgets.screen import Screen, pictures


class StudioUser(Screen):
    """Sits in front of a studio whose frames are a sixtieth of a second long."""

    def __init__(self, stage: Any = None, remembers: Path | None = None) -> None:
        self.studio = Studio(stage, headless=True, server="127.0.0.1:9", remembers=remembers)
        super().__init__(lambda: self.studio._window, lambda: self.studio.tick(1.0 / 60.0))
        left_out_of(self._preview, True)
        self.model = self.studio.model
        self.stage = self.studio.host.stage
        self.frames(5)

    @property
    def _preview(self) -> Any:
        """The context that the preview is drawn in, or None."""
        view = self.studio.viewport
        return view._renderer._gl if isinstance(view, PictureView) else None

    @contextmanager
    def filled(self) -> Iterator[None]:
        """Have frames with all their pixels, and the preview's."""
        left_out_of(self._preview, False)
        try:
            self.studio.viewport._shown = ()
            with super().filled():
                yield
        finally:
            left_out_of(self._preview, True)

    def write(self, text: str) -> None:
        """Click into what is seen of the editor and type in the place of all there is."""
        self.type_into("editor_scroll", "")
        self.press("ctrl", "a")
        self.press("backspace")
        self.type(text)
        assert self.model.text == text, self.model.text

    def select(self, *paths: str) -> None:
        """Select prims in the tree, wherever it is scrolled to."""
        tree = self.studio.tree_model
        self.studio.tree.selection = [item for path in paths for item in tree.way_to(path)[-1:]]
        self.frames()

    def translate(self) -> None:
        """Click Translate and wait for the verdict."""
        self.click("translate")
        self.until(lambda: not self.model.translating)

    def play(self, frames: int) -> None:
        """Click Play and watch some frames."""
        self.click("play")
        self.until(lambda: self.model.run.state == "playing")
        self.frames(frames)

    def behaviour(self, *columns: str) -> list[str]:
        """Read some columns of the table of behaviours, in its only row."""
        return [self.find(f"behaviour_{column}").text for column in columns]

    def photograph(self, name: str) -> None:
        """Take a picture for the documentation, where pictures are asked for."""
        folder = pictures()
        if folder is not None:
            self.picture(Path(folder) / f"{name}.png")

    def close(self) -> None:
        """Leave."""
        self.studio.close()
        self.frames_after_close()

    def frames_after_close(self) -> None:
        """Let omni.ui take the window away."""
        self._tick = lambda: None
        self.frames(2)
