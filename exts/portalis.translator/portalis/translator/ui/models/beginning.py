"""A new behaviour in the place of the text at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portalis.translator.ui.models.editing import NEW

if TYPE_CHECKING:
    from portalis.translator.ui.models.window import PanelModel


def begin_new(model: PanelModel) -> None:
    """Begin with the least that moves a prim; text that is saved nowhere is asked about first."""

    def load() -> None:
        model.load(NEW, "new behaviour")
        # Whoever begins goes on typing.
        model.jump(1)
        model.say("a new behaviour: it is in no file yet")

    model.replacing.before("a new behaviour", load, stage=False)
