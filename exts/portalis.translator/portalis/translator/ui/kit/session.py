"""Everything that the extension adds to Kit, and how it goes again."""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Callable
from typing import Any

import carb.settings
import omni.kit.app
import omni.ui as ui
import omni.usd
from carb.eventdispatcher import get_eventdispatcher

from portalis.translator.ui.actions import Action
from portalis.translator.ui.kit.actions import TITLE, register_actions, register_menus
from portalis.translator.ui.kit.commands import register_commands, unregister_commands
from portalis.translator.ui.kit.editor import kit_editor
from portalis.translator.ui.kit.host import KitHost
from portalis.translator.ui.kit.parts import Parts
from portalis.translator.ui.kit.progress import StatusBar
from portalis.translator.ui.models.news import News, Notice, activity_of
from portalis.translator.ui.models.translators import embedded, gateway, triton
from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.panels.code_area import CodeArea, CodeEditor
from portalis.translator.ui.panels.panel import Panel
from portalis.translator.ui.worker_python import find_python
from portalis.translator.work.starting import PYTHON_VARIABLE

SETTINGS = "/exts/portalis.translator"
DEFAULT_SERVER = "127.0.0.1:8001"
DEFAULT_GATEWAY = "http://127.0.0.1:8000"


def _into_fabric(stage: Any, listening: Callable[[bool], None]) -> Any:
    """Return a backend that puts results into the Fabric of the stage that is open."""
    import usdrt

    from portalis.translator.stage.columns.fabric import FabricBackend

    fabric = usdrt.Usd.Stage.Attach(omni.usd.get_context().get_stage_id())
    return FabricBackend(stage, listening, fabric, usdrt.Gf)


def _let_go(guard: Any) -> None:
    guard.reset()


class KitSession:
    """Everything that the extension adds to Kit; `close` takes it away again, in the opposite order."""

    def __init__(self) -> None:
        self._settings = carb.settings.get_settings()
        self.parts = Parts()
        self._dialogs: Any = None
        self._last = "stopped"
        self._asked: tuple[Any, ...] = ()
        with contextlib.ExitStack() as added:
            self._build_model(added)
            self._build_window(added)
            self._register(added)
            self._observe(added)
            self._added = added.pop_all()

    def close(self) -> None:
        """Take back everything that was added."""
        self._added.close()

    # --------------------------------------------------------------------------------------------------------------- model
    def _build_model(self, added: contextlib.ExitStack) -> None:
        self._python = find_python(self._setting("python"))
        if self._python is not None:
            os.environ[PYTHON_VARIABLE] = self._python
            added.callback(os.environ.pop, PYTHON_VARIABLE, None)
        self.host = KitHost(self._not_done)
        note = "" if self._python else f"translating inside Kit: no Python was found beside it; name one in {SETTINGS}/python"
        server = self._setting("server") or DEFAULT_SERVER
        url = self._setting("gateway") or DEFAULT_GATEWAY
        translators = [embedded(self._options, note), triton(server, self._options), gateway(url, self._options)]
        self.model = PanelModel(self.host, translators, self._options, self._publish_hz())
        added.callback(self.model.close)
        if self._settings.get(f"{SETTINGS}/fabric"):
            self.model.run.backend = _into_fabric
        # Undo and redo are Kit's: what a port is bound to has to be asked again.
        added.callback(self.host.edited.add(self.model.ports_changed))
        self._news = News(self.model)
        added.callback(self._news.close)
        self._status_bar = StatusBar()
        added.callback(self._status_bar.show, None)

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
    def _build_window(self, added: contextlib.ExitStack) -> None:
        self.window = ui.Window(TITLE, width=1180, height=760, dockPreference=ui.DockPreference.LEFT_BOTTOM)
        added.callback(self._destroy_window)
        with self.window.frame:
            self.panel = Panel(self.model, self._make_editor)
        added.callback(self.panel.destroy)
        ui.Workspace.set_show_window_fn(TITLE, self._show)
        added.callback(ui.Workspace.set_show_window_fn, TITLE, None)

    def _destroy_window(self) -> None:
        # Off the screen at once, whoever still holds the window.
        self.window.visible = False
        self.window.destroy()

    @staticmethod
    def _make_editor(identifier: str, edited: Callable[[str], None]) -> CodeEditor:
        return kit_editor(edited) or CodeArea(identifier, edited)

    def _toggle(self) -> None:
        self._show(not self.window.visible)

    def _show(self, visible: bool) -> None:
        self.window.visible = visible

    def _show_problems(self) -> None:
        self.model.show("Problems")
        self._show(True)

    @property
    def _seen(self) -> bool:
        """Whether somebody can see the window: it is there, and not behind another one of its dock."""
        behind = getattr(self.window, "docked", False) and not getattr(self.window, "selected_in_dock", True)
        return bool(self.window.visible) and not behind

    # -------------------------------------------------------------------------------------------------------- what Kit has
    def _register(self, added: contextlib.ExitStack) -> None:
        register_commands()
        added.callback(unregister_commands)
        added.callback(register_actions(self._perform))
        with self.parts.use("hotkeys"):
            from portalis.translator.ui.kit.hotkeys import register_hotkeys

            added.callback(register_hotkeys())
        added.callback(register_menus({TITLE: self._toggle}))
        with self.parts.use("dialogs"):
            from portalis.translator.ui.kit.dialogs import Dialogs

            self._dialogs = Dialogs()
            added.callback(self._dialogs.close)

    def _perform(self, action: Action) -> None:
        """Do what a menu, a key or another extension asks for; ask first where it cannot be undone."""
        question = action.question(self.model)
        if not question:
            self._act(action)
        elif self._dialogs is not None:
            self._dialogs.ask(f"{TITLE}: {action.title}", question, action.title, lambda: self._act(action))
        else:
            # Nobody can be asked here: the window's own button says the same before it is pressed.
            self.model.say(question.partition("\n")[0], "busy")
            self._show_problems()

    def _act(self, action: Action) -> None:
        message = self.model.message
        action.act(self.model)
        if action.shows:
            self._show(True)
        elif self.model.message != message and not self._seen:
            self._tell(Notice(f"{TITLE}: {self.model.message}", self.model.tone == "bad"))

    def _not_done(self, what: str, error: Exception) -> None:
        """An undo or a redo of Kit's list could not be: Kit itself says that in its log alone."""
        from portalis.translator.stage.problems import StageError

        why = error.problems[0].message if isinstance(error, StageError) else str(error)
        said = f"{what}: {why}"
        self.model.say(said, "bad")
        self._news.add(f"{TITLE}: {said}")

    def _tell(self, notice: Notice) -> None:
        with self.parts.use("notifications"):
            from portalis.translator.ui.kit.notifications import post

            post(notice, self._show_problems)

    def _ask_for_trust(self) -> None:
        """Say that code of the stage waits; it is trusted where it can be read, and nowhere else."""
        requests = self.model.run.requests
        if requests == self._asked:
            return
        self._asked = requests
        if not requests:
            return
        waits = "\n".join(f"{item.module.path} writes {item.described}" for item in requests)
        if self._dialogs is not None:
            message = f"Code came with this stage and does not run before you trust it:\n\n{waits}"
            self._dialogs.ask(f"{TITLE}: code of the stage", message, "Read it", self._show_problems, "Not now")
        elif not self._seen:
            self._tell(Notice(f"{TITLE}: code of the stage waits for your word\n{waits}", fault=True))

    # -------------------------------------------------------------------------------------------------------------- events
    def _observe(self, added: contextlib.ExitStack) -> None:
        context = omni.usd.get_context()
        events = {
            omni.kit.app.GLOBAL_EVENT_UPDATE: self._update,
            context.stage_event_name(omni.usd.StageEventType.OPENED): lambda _: self.model.stage_changed(),
            # While the stage is still there: a run has to give it back.
            context.stage_event_name(omni.usd.StageEventType.CLOSING): lambda _: self.model.stage_changed(),
            context.stage_event_name(omni.usd.StageEventType.SELECTION_CHANGED): lambda _: self.model.selection_changed(),
        }
        for name, function in events.items():
            guard = get_eventdispatcher().observe_event(
                event_name=name,
                on_event=function,
                observer_name=f"portalis.translator:{name}",
                order=omni.kit.app.UPDATE_ORDER_UNSPECIFIED,
            )
            added.callback(_let_go, guard)

    def _update(self, _event: Any) -> None:
        """One frame: follow the time line, whoever changed it, and draw. Asked for, not observed: every Kit answers these questions."""
        state = self.host.timeline.state()
        if state != self._last:
            self._last = state
            {"playing": self.model.played, "paused": self.model.paused, "stopped": self.model.stopped}[state]()
        self.model.tick(self.host.timeline.seconds() if state != "stopped" else None)
        self.panel.tick()
        self._status_bar.show(activity_of(self.model))
        notice = self._news.take()
        if notice is not None and not self._seen:
            self._tell(notice)
        self._ask_for_trust()
