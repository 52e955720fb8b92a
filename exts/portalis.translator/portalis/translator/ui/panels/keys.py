"""The list of keys, in the place of a tab."""

from __future__ import annotations

from collections.abc import Callable

import omni.ui as ui

from portalis.translator.ui.shortcuts import all_keys
from portalis.translator.ui.style import GAP, ROW


class KeysPanel:
    """Shows what each key does, in the current container; `closed` is called where somebody has seen it."""

    def __init__(self, own_editor: bool, closed: Callable[[], None]) -> None:
        self.frame = ui.VStack(spacing=2, visible=False, identifier="keys_page")
        with self.frame:
            ui.Spacer(height=2)
            with ui.HStack(height=ROW, spacing=GAP):
                ui.Spacer(width=2)
                ui.Label("Keys", name="heading", identifier="keys_title")
                tooltip = "Show what was here before (Escape)."
                ui.Button("Close", width=70, clicked_fn=closed, identifier="keys_close", tooltip=tooltip)
                ui.Spacer(width=0)
            with ui.ScrollingFrame(horizontal_scrollbar_policy=ui.ScrollBarPolicy.SCROLLBAR_ALWAYS_OFF, identifier="keys_scroll"):
                self._build(own_editor)

    def _build(self, own_editor: bool) -> None:
        with ui.VStack(height=0, spacing=6):
            ui.Spacer(height=2)
            for label, does in all_keys(own_editor):
                with ui.HStack(height=0):
                    ui.Spacer(width=8)
                    ui.Label(label, name="good", width=130, word_wrap=True, identifier=f"key_{label}")
                    ui.Spacer(width=8)
                    ui.Label(does, word_wrap=True)
                    ui.Spacer(width=8)
