"""Everything that the extension adds to Kit, and how it goes again."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from typing import Any

import carb.settings
import omni.kit.app
import omni.kit.menu.utils
import omni.ui as ui
import omni.usd
from carb.eventdispatcher import get_eventdispatcher

from portalis.translator.ui.kit.commands import register_commands, unregister_commands
from portalis.translator.ui.kit.editor import kit_editor
from portalis.translator.ui.kit.host import KitHost
from portalis.translator.ui.models.translators import embedded, gateway, triton
from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.panels.code_area import CodeArea, CodeEditor
from portalis.translator.ui.panels.panel import Panel
from portalis.translator.ui.worker_python import find_python
from portalis.translator.work.starting import PYTHON_VARIABLE

TITLE = "Portalis"
MENU = "Window"
SETTINGS = "/exts/portalis.translator"
DEFAULT_SERVER = "127.0.0.1:8001"
DEFAULT_GATEWAY = "http://127.0.0.1:8000"


def _into_fabric(stage: Any, listening: Callable[[bool], None]) -> Any:
    """Return a backend that puts results into the Fabric of the stage that is open."""
    import usdrt

    from portalis.translator.stage.columns.fabric import FabricBackend

    fabric = usdrt.Usd.Stage.Attach(omni.usd.get_context().get_stage_id())
    return FabricBackend(stage, listening, fabric, usdrt.Gf)


class KitSession:
    """Everything that the extension adds to Kit; `close` takes it away again."""

    def __init__(self) -> None:
        self._settings = carb.settings.get_settings()
        self._python = find_python(self._setting("python"))
        if self._python is not None:
            os.environ[PYTHON_VARIABLE] = self._python
        self.host = KitHost(self._not_done)
        note = "" if self._python else f"translating inside Kit: no Python was found beside it; name one in {SETTINGS}/python"
        server = self._setting("server") or DEFAULT_SERVER
        url = self._setting("gateway") or DEFAULT_GATEWAY
        translators = [embedded(self._options, note), triton(server, self._options), gateway(url, self._options)]
        self.model = PanelModel(self.host, translators, self._options, self._publish_hz())
        if self._settings.get(f"{SETTINGS}/fabric"):
            self.model.run.backend = _into_fabric
        self._last = "stopped"
        # Undo and redo are Kit's: what a port is bound to has to be asked again.
        self.host.edited.add(self.model.ports_changed)
        register_commands()
        self._build_window()
        self._menu = [omni.kit.menu.utils.MenuItemDescription(name=TITLE, onclick_fn=self._toggle)]
        omni.kit.menu.utils.add_menu_items(self._menu, MENU)
        ui.Workspace.set_show_window_fn(TITLE, self._show)
        self._guards = self._observe()

    def close(self) -> None:
        """Take back everything that was added."""
        for guard in self._guards:
            guard.reset()
        self._guards = []
        ui.Workspace.set_show_window_fn(TITLE, None)
        omni.kit.menu.utils.remove_menu_items(self._menu, MENU)
        unregister_commands()
        self.model.close()
        self.panel.destroy()
        # Off the screen at once, whoever still holds the window.
        self.window.visible = False
        self.window.destroy()
        os.environ.pop(PYTHON_VARIABLE, None)

    def _setting(self, name: str) -> str:
        return str(self._settings.get(f"{SETTINGS}/{name}") or "")

    def _publish_hz(self) -> float | None:
        """Return how often results are published, where that is set to a rate."""
        try:
            rate = float(self._setting("publishHz") or 0.0)
        except ValueError:
            return None
        return rate if 0.0 < rate < math.inf else None

    def _options(self) -> Any:
        from portalis.translator.translating.options import Options

        return Options(in_process=self._python is None)

    def _not_done(self, what: str, error: Exception) -> None:
        self.model.say(f"{what}: {str(error).partition(chr(10))[0]}", "bad")

    # -------------------------------------------------------------------------------------------------------------- window
    def _build_window(self) -> None:
        self.window = ui.Window(TITLE, width=1180, height=760, dockPreference=ui.DockPreference.LEFT_BOTTOM)
        with self.window.frame:
            self.panel = Panel(self.model, self._make_editor)

    @staticmethod
    def _make_editor(identifier: str, edited: Callable[[str], None]) -> CodeEditor:
        return kit_editor(edited) or CodeArea(identifier, edited)

    def _toggle(self) -> None:
        self._show(not self.window.visible)

    def _show(self, visible: bool) -> None:
        self.window.visible = visible

    # -------------------------------------------------------------------------------------------------------------- events
    def _observe(self) -> list[Any]:
        context = omni.usd.get_context()
        events = {
            omni.kit.app.GLOBAL_EVENT_UPDATE: self._update,
            context.stage_event_name(omni.usd.StageEventType.OPENED): lambda _: self.model.stage_changed(),
            # While the stage is still there: a run has to give it back.
            context.stage_event_name(omni.usd.StageEventType.CLOSING): lambda _: self.model.stage_changed(),
            context.stage_event_name(omni.usd.StageEventType.SELECTION_CHANGED): lambda _: self.model.selection_changed(),
        }
        return [
            get_eventdispatcher().observe_event(
                event_name=name,
                on_event=function,
                observer_name=f"portalis.translator:{name}",
                order=omni.kit.app.UPDATE_ORDER_UNSPECIFIED,
            )
            for name, function in events.items()
        ]

    def _update(self, _event: Any) -> None:
        """One frame: follow the time line, whoever changed it, and draw. Asked for, not observed: every Kit answers these questions."""
        state = self.host.timeline.state()
        if state != self._last:
            self._last = state
            {"playing": self.model.played, "paused": self.model.paused, "stopped": self.model.stopped}[state]()
        self.model.tick(self.host.timeline.seconds() if state != "stopped" else None)
        self.panel.tick()
