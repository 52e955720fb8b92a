"""The list of keys, in the place of a tab."""

from __future__ import annotations

import omni.ui as ui

from portalis.translator.ui.shortcuts import all_keys


class KeysPanel:
    """Shows what each key does, in the current container."""

    def __init__(self, own_editor: bool) -> None:
        self.frame = ui.ScrollingFrame(
            horizontal_scrollbar_policy=ui.ScrollBarPolicy.SCROLLBAR_ALWAYS_OFF, identifier="keys_scroll", visible=False
        )
        with self.frame, ui.VStack(height=0, spacing=6):
            ui.Spacer(height=2)
            for label, does in all_keys(own_editor):
                with ui.HStack(height=0):
                    ui.Spacer(width=8)
                    ui.Label(label, name="good", width=130, word_wrap=True, identifier=f"key_{label}")
                    ui.Spacer(width=8)
                    ui.Label(does, word_wrap=True)
                    ui.Spacer(width=8)
