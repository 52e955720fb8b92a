"""The window in Kit: its stage, selection, undo, time line and menu. Every call of Kit's own API, apart from omni.ui, is in this file."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import carb.settings
import omni.kit.app
import omni.kit.commands
import omni.kit.menu.utils
import omni.timeline
import omni.ui as ui
import omni.usd
from carb.eventdispatcher import get_eventdispatcher

from portalis.translator.ui.host import Edit
from portalis.translator.ui.kit_editor import kit_editor
from portalis.translator.ui.models.translators import embedded, gateway, triton
from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.panels.code_area import CodeEditor
from portalis.translator.ui.panels.editor import Editor
from portalis.translator.ui.panels.panel import Panel
from portalis.translator.ui.worker_python import find_python
from portalis.translator.work.starting import PYTHON_VARIABLE

TITLE = "Portalis"
MENU = "Window"
SETTINGS = "/exts/portalis.translator"
DEFAULT_SERVER = "127.0.0.1:8001"
DEFAULT_GATEWAY = "http://127.0.0.1:8000"


class BindPortalisBehaviorCommand(omni.kit.commands.Command):
    """Bind a verified behaviour to prims at the edit target. `reasons` takes what stands against it."""

    def __init__(self, edit: Edit, reasons: list[Exception]) -> None:
        super().__init__()
        self._edit = edit
        self._reasons = reasons

    def do(self) -> object:
        """Author the binding."""
        try:
            return self._edit.do()
        except Exception as error:
            # Kit logs what a command raises and answers False; the window wants to know why.
            self._reasons.append(error)
            raise

    def undo(self) -> None:
        """Take it back."""
        self._edit.undo()


class KitTimeline:
    """Kit's time line; `PanelModel` learns what became of it from `KitSession`."""

    def __init__(self) -> None:
        self._interface = omni.timeline.get_timeline_interface()

    def play(self) -> None:
        """Start or go on."""
        self._interface.play()

    def pause(self) -> None:
        """Hold the time."""
        self._interface.pause()

    def stop(self) -> None:
        """Go back to the beginning."""
        self._interface.stop()

    def state(self) -> str:
        """Return "playing", "stopped" or "paused"."""
        if self._interface.is_playing():
            return "playing"
        return "stopped" if self._interface.is_stopped() else "paused"

    def seconds(self) -> float:
        """Return the current time in seconds."""
        return float(self._interface.get_current_time())


class KitHost:
    """The stage that Kit shows."""

    def __init__(self) -> None:
        self.timeline = KitTimeline()

    @property
    def stage(self) -> Any:
        """The stage that is open, or None."""
        return omni.usd.get_context().get_stage()

    def selection(self) -> Sequence[str]:
        """Return the paths of the selected prims."""
        return tuple(omni.usd.get_context().get_selection().get_selected_prim_paths())

    def perform(self, edit: Edit) -> None:
        """Make an edit as a command, which Kit's undo takes back. Raises what the edit raised."""
        reasons: list[Exception] = []
        omni.kit.commands.execute("BindPortalisBehavior", edit=edit, reasons=reasons)
        if reasons:
            raise reasons[0]

    def history(self) -> None:
        """Kit shows its own history."""

    def bake_path(self) -> Path:
        """Return `NAME.baked.usda` beside the stage."""
        real = Path(self.stage.GetRootLayer().realPath)
        return real.with_name(f"{real.stem}.baked.usda")


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
        self.host = KitHost()
        note = "" if self._python else f"translating inside Kit: no Python was found beside it; name one in {SETTINGS}/python"
        server = self._setting("server") or DEFAULT_SERVER
        url = self._setting("gateway") or DEFAULT_GATEWAY
        translators = [embedded(self._options, note), triton(server, self._options), gateway(url, self._options)]
        self.model = PanelModel(self.host, translators, self._options, self._publish_hz())
        if self._settings.get(f"{SETTINGS}/fabric"):
            self.model.run.backend = _into_fabric
        self._last = "stopped"
        omni.kit.commands.register(BindPortalisBehaviorCommand)
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
        omni.kit.commands.unregister(BindPortalisBehaviorCommand)
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

    # -------------------------------------------------------------------------------------------------------------- window
    def _build_window(self) -> None:
        self.window = ui.Window(TITLE, width=1180, height=760, dockPreference=ui.DockPreference.LEFT_BOTTOM)
        with self.window.frame:
            self.panel = Panel(self.model, self._make_editor)
        self.window.set_key_pressed_fn(self.panel.press)

    @staticmethod
    def _make_editor(identifier: str, model: PanelModel) -> CodeEditor:
        return kit_editor(model.edit) or Editor(identifier, model)

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
