"""The menu of examples: what each shows, and a click that opens it on its own stage."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

import omni.ui as ui

from portalis.translator.ui.models.examples import MISSING, Example
from portalis.translator.ui.style import GAP, ROW


class ExamplesPanel:
    """Lists examples in the current container.

    `chosen` gets the one that was clicked, `pointed` what the one shows that a pointer is on, `left` is called where somebody goes back.
    """

    def __init__(
        self, examples: Sequence[Example], chosen: Callable[[Example], None], pointed: Callable[[str], None], left: Callable[[], None]
    ) -> None:
        with ui.VStack(spacing=2, visible=False) as self.frame:
            with ui.HStack(height=ROW, spacing=GAP):
                ui.Label("Examples: each opens a stage of its own", name="heading", elided_text=True, identifier="examples_title")
                ui.Button("Back", width=70, clicked_fn=left, identifier="examples_back", tooltip="Show the stage again.")
            with ui.ZStack():
                ui.Rectangle(name="field")
                if not examples:
                    ui.Label(MISSING, name="empty", word_wrap=True, alignment=ui.Alignment.CENTER, identifier="examples_missing")
                with (
                    ui.ScrollingFrame(horizontal_scrollbar_policy=ui.ScrollBarPolicy.SCROLLBAR_ALWAYS_OFF, identifier="examples_scroll"),
                    ui.VStack(spacing=1, height=0),
                ):
                    for example in examples:
                        choose = functools.partial(chosen, example)
                        name = f"example_{example.name}"
                        row = ui.Button(example.title, name="choice", height=24, clicked_fn=choose, identifier=name)
                        row.set_mouse_hovered_fn(lambda on, shows=example.shows: pointed(shows if on else ""))
