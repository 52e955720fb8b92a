"""Kit without Kit: its API as far as it is used, with the signatures of `signatures.py`, which `test_signatures.py` compares.

`install` puts it into sys.modules. omni.ui has to be imported before: it looks for Kit when it is loaded, and must not find this.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from tests.kit.fabric_fakes import GF, FabricStageFake, HostFake

ORDER_OF_UPDATES = 0


class ObserverGuardFake:
    """Holds one observer in place."""

    def __init__(self, dispatcher: EventDispatcherFake, observer: tuple[str, Callable[[Any], None]]) -> None:
        self._dispatcher = dispatcher
        self._observer = observer

    def reset(self) -> None:
        if self._observer in self._dispatcher.observers:
            self._dispatcher.observers.remove(self._observer)


class EventDispatcherFake:
    """Calls observers of an event in the order they came."""

    def __init__(self) -> None:
        self.observers: list[tuple[str, Callable[[Any], None]]] = []

    def observe_event(
        self, order: int = 0, event_name: str = "", on_event: Any = None, filter: Any = None, observer_name: str = "<python>"
    ) -> ObserverGuardFake:
        assert event_name and on_event is not None and order == ORDER_OF_UPDATES and filter is None
        observer = event_name, on_event
        self.observers.append(observer)
        return ObserverGuardFake(self, observer)


class SettingsFake:
    """Settings by path."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def get(self, path: str) -> Any:
        return self.values.get(path)


class TimelineFake:
    """A time line whose changes become true at the next update, as in Kit."""

    def __init__(self) -> None:
        self.playing = False
        self.stopped = True
        self.time = 0.0
        self._next: str | None = None

    def play(self) -> None:
        self._next = "play"

    def pause(self) -> None:
        self._next = "pause"

    def stop(self) -> None:
        self._next = "stop"

    def is_playing(self) -> bool:
        return self.playing

    def is_stopped(self) -> bool:
        return self.stopped

    def get_current_time(self) -> float:
        return self.time

    def advance(self, seconds: float) -> None:
        """What Kit does between two updates."""
        if self._next is not None:
            self.playing = self._next == "play"
            self.stopped = self._next == "stop"
            if self.stopped:
                self.time = 0.0
            self._next = None
        elif self.playing:
            self.time += seconds


class SelectionFake:
    """The paths that are selected."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def get_selected_prim_paths(self) -> list[str]:
        return self.paths

    def set_selected_prim_paths(self, paths: list[str], expandInStage: bool = True) -> None:
        self.paths = list(paths)


class UsdContextFake:
    """The stage that is open."""

    def __init__(self) -> None:
        self.stage: Any = None
        self.selection = SelectionFake()

    def get_stage(self) -> Any:
        return self.stage

    def get_stage_id(self) -> int:
        return id(self.stage)

    def get_selection(self) -> SelectionFake:
        return self.selection

    def stage_event_name(self, event_type: int) -> str:
        return f"omni.usd::stage:{event_type}"


class CommandFake:
    """Base of commands."""

    def do(self) -> Any:
        raise NotImplementedError

    def undo(self) -> None:
        raise NotImplementedError


class MenuItemDescriptionFake:
    """One entry of a menu."""

    def __init__(
        self,
        name: str = "",
        onclick_fn: Any = None,
        onclick_action: Any = None,
        ticked: bool = False,
        hotkey: Any = None,
        sub_menu: Any = None,
    ) -> None:
        self.name = name
        self.onclick_fn = onclick_fn


class ExtensionFake:
    """Base of extensions."""

    def on_startup(self, ext_id: str) -> None:
        raise NotImplementedError

    def on_shutdown(self) -> None:
        raise NotImplementedError


class StageEventTypeFake:
    """The events of a stage that are used."""

    OPENED = 3
    CLOSING = 5
    SELECTION_CHANGED = 7


class TextEditorFake:
    """Kit's code editor; it ends its text with a line end."""

    class Syntax:
        PYTHON = 1

    def __init__(self, text: str = "", text_lines: Any = None, syntax: int = 0, read_only: bool = False) -> None:
        self._text = text
        self.markers: dict[int, str] = {}
        self._edited: Callable[..., None] | None = None

    @property
    def text(self) -> str:
        return self._text + "\n"

    @text.setter
    def text(self, value: str) -> None:
        self._text = value
        if self._edited is not None:
            self._edited(True)

    def set_edited_fn(self, fn: Callable[..., None] | None) -> None:
        self._edited = fn

    def set_error_markers(self, markers: dict[int, str]) -> None:
        self.markers = markers


class KitFake:
    """One Kit: everything that can be registered with it, and a clock."""

    def __init__(self) -> None:
        self.dispatcher = EventDispatcherFake()
        self.settings = SettingsFake()
        self.timeline = TimelineFake()
        self.context = UsdContextFake()
        self.commands: dict[str, type] = {}
        # What Kit's Edit menu lists: commands by name, with what they were given.
        self.done: list[tuple[str, Any, dict[str, Any]]] = []
        self.undone: list[tuple[str, Any, dict[str, Any]]] = []
        self.menus: list[tuple[str, Any]] = []
        self.functions: dict[str, Any] = {}

    def update(self, seconds: float = 1.0 / 60.0) -> None:
        """Run one frame."""
        self.timeline.advance(seconds)
        self.dispatch("update")

    def dispatch(self, name: str) -> None:
        """Tell the observers of an event."""
        for observed, function in tuple(self.dispatcher.observers):
            if observed == name:
                function(None)

    # ------------------------------------------------------------------------------------------------- omni.kit.commands
    def register(self, command_class: type) -> None:
        name = command_class.__name__.removesuffix("Command")
        assert name not in self.commands
        self.commands[name] = command_class

    def unregister(self, command_class: type) -> None:
        del self.commands[command_class.__name__.removesuffix("Command")]

    def execute(self, name: str, **kwargs: Any) -> tuple[bool, Any]:
        command = self.commands[name](**kwargs)
        try:
            result = command.do()
        except Exception:
            # Kit logs the traceback and goes on.
            return False, None
        self.done.append((name, command, kwargs))
        self.undone.clear()
        return True, result

    def undo(self) -> None:
        """Edit > Undo; what a command raises is logged, and the command is gone from the list all the same."""
        entry = self.done.pop()
        with contextlib.suppress(Exception):
            entry[1].undo()
            self.undone.append(entry)

    def redo(self) -> None:
        """Edit > Redo."""
        entry = self.undone.pop()
        with contextlib.suppress(Exception):
            entry[1].do()
            self.done.append(entry)

    def listed(self) -> list[str]:
        """Return the undo list as Kit's window of commands shows it."""
        return [f"{name} {kwargs}" for name, _, kwargs in self.done]

    # ----------------------------------------------------------------------------------------------- omni.kit.menu.utils
    def add_menu_items(self, menu: list[Any], name: str, menu_index: int = 0, can_rebuild_menus: bool = True, delegate: Any = None) -> None:
        self.menus += [(name, item) for item in menu]

    def remove_menu_items(self, menu: list[Any], name: str) -> None:
        for item in menu:
            self.menus.remove((name, item))

    # ------------------------------------------------------------------------------------------------------- the modules
    def get_settings(self) -> SettingsFake:
        return self.settings

    def get_eventdispatcher(self) -> EventDispatcherFake:
        return self.dispatcher

    def get_timeline_interface(self) -> TimelineFake:
        return self.timeline

    def get_context(self, name: str = "") -> UsdContextFake:
        assert name == ""
        return self.context

    def attach(self, stage_id: int) -> FabricStageFake:
        assert stage_id == self.context.get_stage_id()
        self.mirror = HostFake(self.context.stage)
        return self.mirror.fabric

    def names(self) -> dict[str, Any]:
        """Return what stands behind each dotted name."""
        return {
            "omni.ext.IExt": ExtensionFake,
            "omni.kit.app.GLOBAL_EVENT_UPDATE": "update",
            "omni.kit.app.UPDATE_ORDER_UNSPECIFIED": ORDER_OF_UPDATES,
            "omni.kit.commands.Command": CommandFake,
            "omni.kit.commands.register": self.register,
            "omni.kit.commands.unregister": self.unregister,
            "omni.kit.commands.execute": self.execute,
            "omni.kit.menu.utils.MenuItemDescription": MenuItemDescriptionFake,
            "omni.kit.menu.utils.add_menu_items": self.add_menu_items,
            "omni.kit.menu.utils.remove_menu_items": self.remove_menu_items,
            "omni.kit.widget.text_editor.TextEditor": TextEditorFake,
            "omni.timeline.get_timeline_interface": self.get_timeline_interface,
            "omni.usd.get_context": self.get_context,
            "omni.usd.StageEventType": StageEventTypeFake,
            "usdrt.Gf": GF,
            "usdrt.Usd.Stage.Attach": self.attach,
            "carb.settings.get_settings": self.get_settings,
            "carb.eventdispatcher.get_eventdispatcher": self.get_eventdispatcher,
        }

    def install(self, put: Callable[[str, ModuleType], None], *, text_editor: bool) -> None:
        """Make `import omni.usd` and its like find this Kit; `put` sets an entry of sys.modules."""
        for dotted, value in self.names().items():
            module_name, _, attribute = dotted.rpartition(".")
            if module_name.startswith("omni.kit.widget") and not text_editor:
                continue
            setattr(_module(module_name, put), attribute, value)


# Real classes behind the names of the table: what is called on what Kit returns.
RETURNED = {
    "carb.settings.ISettings": SettingsFake,
    "carb.eventdispatcher.IEventDispatcher": EventDispatcherFake,
    "carb.eventdispatcher.ObserverGuard": ObserverGuardFake,
    "omni.timeline.ITimeline": TimelineFake,
    "omni.usd.UsdContext": UsdContextFake,
    "omni.usd.Selection": SelectionFake,
}


def _module(name: str, put: Callable[[str, ModuleType], None]) -> ModuleType:
    existing = sys.modules.get(name)
    if existing is not None:
        return existing
    module = ModuleType(name)
    put(name, module)
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(_module(parent, put), child, module)
        sys.modules[parent].__path__ = getattr(sys.modules[parent], "__path__", [])
    return module
