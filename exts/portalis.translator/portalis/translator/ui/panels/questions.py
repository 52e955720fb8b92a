"""Questions about what is saved nowhere or would be written over, each as a bar over the window's content."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import omni.ui as ui

from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.style import GAP, ROW

# Its key, its text, what it does, what it says of itself.
Answer = tuple[str, str, Callable[[], None], str]


class _Bar:
    """One question, read whole, and below it its answers, of which the first is what most want."""

    def __init__(self, key: str, answers: Sequence[Answer]) -> None:
        self._bar = ui.ZStack(height=0, visible=False, identifier=key)
        with self._bar:
            ui.Rectangle(name="notice")
            with ui.HStack(height=0, spacing=GAP):
                ui.Spacer(width=4)
                with ui.VStack(height=0, spacing=4):
                    ui.Spacer(height=2)
                    self._text = ui.Label("", name="busy", word_wrap=True, identifier=f"{key}_text")
                    with ui.HStack(height=ROW, spacing=GAP):
                        for index, (answer, text, act, tooltip) in enumerate(answers):
                            name, width = "" if index else "primary", 20 + 7 * len(text)
                            ui.Button(text, clicked_fn=act, name=name, width=width, identifier=f"{key}_{answer}", tooltip=tooltip)
                        ui.Spacer()
                    ui.Spacer(height=0)
                ui.Spacer(width=4)

    def draw(self, question: str) -> None:
        """Ask, or where there is no question, do not."""
        self._bar.visible = bool(question)
        self._text.text = question


class Questions:
    """Shows the questions of a model in the current container: whether to leave, to replace, and to write over a file."""

    def __init__(self, model: PanelModel) -> None:
        self._model = model
        leaving, replacing, overwriting = model.leaving, model.replacing, model.files.overwriting
        self._leaving = _Bar(
            "leaving",
            (
                ("save", "Save", leaving.save, "write it to its file, or to one that you name, and close"),
                ("discard", "Discard", leaving.discard, "close, and have it as it was saved last"),
                ("keep", "Keep working", leaving.keep, "close nothing"),
            ),
        )
        self._replacing = _Bar(
            "replacing",
            (
                ("save", "Save first", replacing.save, "write it to its file, or to one that you name, and go on"),
                ("discard", "Discard", replacing.discard, "go on; it is lost"),
                ("keep", "Keep working", replacing.keep, "open nothing"),
            ),
        )
        self._overwriting = _Bar(
            "overwriting",
            (
                ("rename", "Another name", overwriting.rename, "name another file"),
                ("replace", "Replace", overwriting.replace, "write over it; undo does not bring it back"),
                ("keep", "Cancel", overwriting.keep, "write nothing"),
            ),
        )

    def draw(self) -> None:
        """Show what is asked, one thing at a time."""
        leaving, replacing, over = self._model.leaving, self._model.replacing, self._model.files.overwriting.question
        self._overwriting.draw(over)
        self._leaving.draw(leaving.question if not over else "")
        self._replacing.draw(replacing.question if replacing.what and not leaving.asked and not over else "")
