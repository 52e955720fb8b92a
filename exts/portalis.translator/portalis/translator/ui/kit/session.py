"""Everything that the extension adds to Kit, and how it goes again."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

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
from portalis.translator.ui.kit.settings import KitSettings
from portalis.translator.ui.models.news import News, Notice, activity_of
from portalis.translator.ui.models.preferences import Preferences
from portalis.translator.ui.models.tree import BindingsTree
from portalis.translator.ui.models.unsaved import claim_copy
from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.panels.code_area import CodeEditor
from portalis.translator.ui.panels.editor import Editor
from portalis.translator.ui.panels.panel import Panel
from portalis.translator.ui.panels.tree import TreePanel
from portalis.translator.ui.worker_python import find_python
from portalis.translator.work.starting import PYTHON_VARIABLE

BINDINGS = "Portalis Bindings"


def _into_fabric(stage: Any, listening: Callable[[bool], None]) -> Any:
    """Return a backend that puts results into the Fabric of the stage that is open."""
    import usdrt

    from portalis.translator.stage.columns.fabric import FabricBackend

    fabric = usdrt.Usd.Stage.Attach(omni.usd.get_context().get_stage_id())
    return FabricBackend(stage, listening, fabric, usdrt.Gf)


def _copy_of_text(claims: contextlib.ExitStack) -> Path | None:
    """Return the file that keeps text which nobody saved, this window's own until `claims` end.

    None without the packages that know settings, or a folder of one's own.
    """
    try:
        from portalis.translator.private.host_key import UnsafeFile, private_folder
        from portalis.translator.stage.author.trust import settings_folder
    except ImportError:
        return None
    try:
        private_folder(settings_folder())
    except (OSError, UnsafeFile):
        return None
    return claim_copy(settings_folder(), claims)


def _let_go(guard: Any) -> None:
    guard.reset()


def _destroy(window: Any) -> None:
    # Off the screen at once, whoever still holds the window.
    window.visible = False
    window.destroy()


class KitSession:
    """Everything that the extension adds to Kit; `close` takes it away again, in the opposite order."""

    def __init__(self) -> None:
        self.preferences = Preferences(KitSettings())
        self.parts = Parts()
        self._draw_section: Callable[[], None] | None = None
        self._dialogs: Any = None
        self._last = "stopped"
        self._asked: tuple[Any, ...] = ()
        self._show_again = False
        self._is_open = True
        with contextlib.ExitStack() as added:
            self._build_model(added)
            self._build_window(added)
            self._register(added)
            self._observe(added)
            self._added = added.pop_all()

    def close(self) -> None:
        """Take back everything that was added."""
        self._is_open = False
        self._added.close()

    # --------------------------------------------------------------------------------------------------------------- model
    def _build_model(self, added: contextlib.ExitStack) -> None:
        self._python = find_python(str(self.preferences.named("python")))
        if self._python is not None:
            os.environ[PYTHON_VARIABLE] = self._python
            added.callback(os.environ.pop, PYTHON_VARIABLE, None)
        self.host = KitHost(self._not_done)
        note = "" if self._python else "translating inside Kit: no Python was found beside it; name one in the preferences"
        self.model = PanelModel(self.host, self.preferences.translators(self._options, note), self._options, copy=_copy_of_text(added))
        added.callback(self.model.close)
        added.callback(self._end_processes)
        self.model.recover()
        self.model.load_ahead()
        self.preferences.attach(self.model)
        # Undo and redo are Kit's: what a port is bound to has to be asked again.
        added.callback(self.host.edited.add(self.model.ports_changed))
        added.callback(self.host.edited.add(self.model.bindings.changed.tell))
        self.tree = BindingsTree(self.model)
        added.callback(self.tree.close)
        self._news = News(self.model)
        added.callback(self._news.close)
        self._status_bar = StatusBar()
        added.callback(self._status_bar.show, None)

    def _end_processes(self) -> None:
        """End what translates beside Kit, in the thread that may be at it. Of what was never loaded there is nothing."""
        jobs = sys.modules.get("portalis.translator.translating.jobs")
        if jobs is not None:
            self.model.jobs.submit(jobs.end_processes, lambda _: None, lambda _: None)
            jobs.judges().present.interrupt()

    def _options(self) -> Any:
        from portalis.translator.translating.options import Options

        return Options(in_process=self._python is None)

    # -------------------------------------------------------------------------------------------------------------- window
    def _build_window(self, added: contextlib.ExitStack) -> None:
        self.window = ui.Window(TITLE, width=1180, height=760, dockPreference=ui.DockPreference.LEFT_BOTTOM)
        added.callback(_destroy, self.window)
        self.window.set_visibility_changed_fn(self._visibility_changed)
        added.callback(self.window.set_visibility_changed_fn, None)
        with self.window.frame:
            self.panel = Panel(self.model, self._make_editor)
        # Shortcuts are Kit's to call; what a key does to the text is ours, where Kit has no editor.
        self.window.set_key_pressed_fn(lambda *key: self.panel.typed(*key))
        added.callback(self.panel.destroy)
        self.bindings = ui.Window(BINDINGS, width=420, height=500, visible=False, dockPreference=ui.DockPreference.RIGHT_BOTTOM)
        added.callback(_destroy, self.bindings)
        with self.bindings.frame:
            self.tree_panel = TreePanel(self.tree, self._select)
        added.callback(self.tree_panel.destroy)
        for title, show in ((TITLE, self._show), (BINDINGS, self._show_bindings)):
            ui.Workspace.set_show_window_fn(title, show)
            added.callback(ui.Workspace.set_show_window_fn, title, None)

    @staticmethod
    def _make_editor(identifier: str, model: PanelModel) -> CodeEditor:
        return kit_editor(identifier, model) or Editor(identifier, model)

    def _toggle(self) -> None:
        self._show(not self.window.visible)

    def _show(self, visible: bool) -> None:
        self.window.visible = visible

    def _show_bindings(self, visible: bool) -> None:
        self.bindings.visible = visible

    def _select(self, paths: Sequence[str]) -> None:
        self.host.select(paths)

    def _visibility_changed(self, visible: bool) -> None:
        """Have the window there again that was closed over text that is nowhere else, with the question, in the next frame."""
        self._show_again = not visible and not self.model.leaving.closed()

    def _follow_leaving(self) -> None:
        if self._show_again:
            self._show_again = False
            self._show(True)
        elif self.model.leaving.agreed:
            self._show(False)

    def _show_problems(self) -> None:
        if not self._is_open:
            # The button of a notification outlives what it is about.
            return
        self.model.tabs.show("Problems")
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
        windows = {TITLE: self._toggle, BINDINGS: lambda: self._show_bindings(not self.bindings.visible)}
        added.callback(register_menus(windows))
        with self.parts.use("section in the Property window"):
            from portalis.translator.ui.kit.section import register_section

            self._draw_section, leave = register_section(self.model, lambda: self._show(True))
            added.callback(leave)
        with self.parts.use("dialogs"):
            from portalis.translator.ui.kit.dialogs import Dialogs

            self._dialogs = Dialogs()
            added.callback(self._dialogs.close)
        with self.parts.use("page in its preferences"):
            from portalis.translator.ui.kit.preferences import register_preferences

            added.callback(register_preferences(self.preferences, self.parts.missing))

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
            context.stage_event_name(omni.usd.StageEventType.OPENED): lambda _: self._stage_changed(),
            # While the stage is still there: a run has to give it back.
            context.stage_event_name(omni.usd.StageEventType.CLOSING): lambda _: self._stage_changed(),
            context.stage_event_name(omni.usd.StageEventType.HIERARCHY_CHANGED): lambda _: self._hierarchy_changed(),
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

    def _hierarchy_changed(self) -> None:
        self.tree.mark()
        # Whoever deletes prims may delete the one that has the editor's text.
        self.model.bindings.look_at_module()

    def _stage_changed(self) -> None:
        self.model.stage_changed()
        self.tree.mark()

    def _update(self, _event: Any) -> None:
        """One frame: follow the time line, whoever changed it, and draw. Asked for, not observed: every Kit answers these questions."""
        state = self.host.timeline.state()
        if state != self._last:
            self._last = state
            if state == "playing":
                # How results travel is decided when a run begins.
                self.model.run.backend = _into_fabric if self.preferences.named("fabric") else None
            {"playing": self.model.played, "paused": self.model.paused, "stopped": self.model.stopped}[state]()
        self.model.tick(self.host.timeline.seconds() if state != "stopped" else None)
        self._follow_leaving()
        self.panel.tick()
        if self.bindings.visible:
            self.tree.tick()
            self.tree_panel.tick()
        if self._draw_section is not None:
            self._draw_section()
        self._status_bar.show(activity_of(self.model))
        notice = self._news.take()
        if notice is not None and not self._seen:
            self._tell(notice)
        self._ask_for_trust()
