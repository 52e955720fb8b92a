"""The section of Kit's Property window that bound prims have."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import omni.kit.window.property
import omni.ui as ui
from omni.kit.window.property.property_widget import PropertyWidget

from portalis.translator.ui.models.section import SectionModel
from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.panels.section import SectionPanel

_SCHEME, _NAME, _TITLE = "prim", "portalis.translator", "Portalis Behaviors"
_SECONDS_BETWEEN_VALUES = 0.2


class BehaviorSection(PropertyWidget):
    """Shown for prims that something is bound to; Kit asks `on_new_payload` whether that is so."""

    def __init__(self, model: PanelModel, show: Callable[[], None]) -> None:
        super().__init__(_TITLE)
        self._window = model
        self._show = show
        self._model = SectionModel(model)
        self._panel: SectionPanel | None = None
        # What Kit was answered last.
        self._has = False
        self._stale = self._edited = False
        self._values_due = 0.0
        self._leave = [model.changed.add(self._mark), model.bindings.changed.add(self._mark_edited)]

    # ------------------------------------------------------------------------------------------------------ what Kit calls
    def on_new_payload(self, payload: Any) -> bool:
        """Take other prims; whether there is anything to show of them."""
        self._panel = None
        self._has = self._model.show(_paths(payload) if payload is not None else ())
        return self._has

    def build_impl(self) -> None:
        """Build the section in the Property window."""
        with ui.CollapsableFrame(_TITLE, identifier="section"):
            self._panel = SectionPanel(self._model, self._show)
            self._panel.draw()

    def reset(self) -> None:
        """The section is not shown any more."""
        self._panel = None

    def clean(self) -> None:
        """The section goes for good."""
        self._panel = None
        leave, self._leave = self._leave, []
        for function in leave:
            function()

    # ----------------------------------------------------------------------------------------------------------- a frame
    def tick(self, property_window: Any) -> None:
        """Show what changed: the bindings after an edit, their values some times a second."""
        now = time.perf_counter()
        playing = self._window.run.state in ("playing", "baking")
        if playing and not self._edited:
            if self._panel is not None and now >= self._values_due:
                self._values_due = now + _SECONDS_BETWEEN_VALUES
                self._model.look()
                self._panel.draw()
        elif self._stale:
            self._stale = self._edited = False
            self._model.refresh()
            if bool(self._model.cards) != self._has:
                # Kit asks again whether there is anything to show.
                property_window.request_rebuild()
            elif self._panel is not None:
                self._panel.draw()

    def _mark(self) -> None:
        self._stale = True

    def _mark_edited(self) -> None:
        self._stale = self._edited = True


def _paths(payload: Any) -> tuple[str, ...]:
    """Return the paths of the prims of a payload, which is a list of them with its stage."""
    return tuple(map(str, payload))


def register_section(model: PanelModel, show: Callable[[], None]) -> tuple[Callable[[], None], Callable[[], None]]:
    """Add the section; what is returned draws it every frame, and takes it away. AttributeError where there is no Property window."""
    property_window = omni.kit.window.property.get_window()
    if property_window is None:
        raise AttributeError("there is no Property window")
    section = BehaviorSection(model, show)
    property_window.register_widget(_SCHEME, _NAME, section)

    def leave() -> None:
        # Before Kit lets go of it, or after: it is the same.
        property_window.unregister_widget(_SCHEME, _NAME)
        section.clean()

    return lambda: section.tick(property_window), leave
