"""Kit without Kit: its API as far as it is used, with the signatures of `signatures.py`, which `test_signatures.py` compares.

`install` puts it into sys.modules. omni.ui has to be imported before: it looks for Kit when it is loaded, and must not find this.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
import unittest
from collections.abc import Awaitable, Callable, Collection, Coroutine
from types import ModuleType
from typing import Any, ClassVar

from pxr import Usd

from tests.kit.fabric_fakes import GF, FabricStageFake, HostFake

ORDER_OF_UPDATES = 0
_KEY = re.compile(r"((CTRL|SHIFT|ALT|SUPER)\+)*([A-Z]|F[1-9]|F1[0-2]|ENTER|TAB|SPACE|ESCAPE|DEL|BACKSPACE)")


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

    def set(self, path: str, value: Any) -> None:
        assert path.startswith("/persistent/"), "what a user chooses outlives the session"
        self.values[path] = value


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
    """The paths that are selected; who selects others tells everybody."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.paths: list[str] = []
        self._tell = tell

    def get_selected_prim_paths(self) -> list[str]:
        return self.paths

    def set_selected_prim_paths(self, paths: list[str], expandInStage: bool = True) -> None:
        self.paths = list(paths)
        self._tell("omni.usd::stage:7")


class UsdContextFake:
    """The stage that is open."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.stage: Any = None
        self.selection = SelectionFake(tell)
        self._tell = tell

    async def new_stage_async(self) -> None:
        self._tell("omni.usd::stage:5")
        self.stage = Usd.Stage.CreateInMemory()
        self._tell("omni.usd::stage:3")

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
        assert name and (onclick_fn is None) != (onclick_action is None)
        self.name = name
        self.onclick_fn = onclick_fn
        self.onclick_action = onclick_action


class ActionRegistryFake:
    """Actions by extension and id."""

    def __init__(self) -> None:
        self.actions: dict[tuple[str, str], Callable[[], None]] = {}
        self.said: dict[tuple[str, str], tuple[str, str]] = {}

    def register_action(
        self,
        ext_id: str,
        action_id: str,
        fn: Callable[[], None],
        display_name: str = "",
        description: str = "",
        icon_url: str = "",
        tag: str = "",
    ) -> None:
        assert (ext_id, action_id) not in self.actions and not icon_url and tag
        self.actions[ext_id, action_id] = fn
        self.said[ext_id, action_id] = display_name, description

    def deregister_all_actions_for_extension(self, ext_id: str) -> None:
        self.actions = {key: fn for key, fn in self.actions.items() if key[0] != ext_id}

    def execute_action(self, ext_id: str, action_id: str) -> None:
        self.actions[ext_id, action_id]()

    def get_action(self, ext_id: str, action_id: str) -> Callable[[], None] | None:
        return self.actions.get((ext_id, action_id))

    def execute(self, action_id: str) -> None:
        """What a menu or a hotkey does."""
        self.execute_action("portalis.translator", action_id)


class HotkeyFilterFake:
    """In which windows a hotkey counts."""

    def __init__(self, context: str | None = None, windows: list[str] | None = None) -> None:
        self.windows = windows


class HotkeyRegistryFake:
    """Hotkeys by extension and key. One with a key that there is not is not registered, as in Kit."""

    def __init__(self) -> None:
        self.hotkeys: dict[tuple[str, str], tuple[tuple[str, str], HotkeyFilterFake | None]] = {}

    def register_hotkey(self, hotkey_ext_id: str, key: str, action_ext_id: str, action_id: str, filter: Any = None) -> object:
        if not _KEY.fullmatch(key) or (hotkey_ext_id, key) in self.hotkeys:
            return None
        self.hotkeys[hotkey_ext_id, key] = (action_ext_id, action_id), filter
        return object()

    def deregister_all_hotkeys_for_extension(self, hotkey_ext_id: str) -> None:
        self.hotkeys = {key: value for key, value in self.hotkeys.items() if key[0] != hotkey_ext_id}


class NotificationStatusFake:
    """How bad it is."""

    WARNING = 0
    INFO = 1


class NotificationButtonInfoFake:
    """One button of a notification."""

    def __init__(self, text: str, on_complete: Callable[[], None] | None = None) -> None:
        self.text = text
        self.on_complete = on_complete


class MessageDialogFake:
    """A question with two answers; `shown` holds those that are on the screen."""

    shown: ClassVar[list[MessageDialogFake]] = []

    def __init__(
        self,
        width: int = 400,
        parent: Any = None,
        message: str = "",
        title: str | None = None,
        ok_handler: Callable[[Any], None] | None = None,
        cancel_handler: Callable[[Any], None] | None = None,
        ok_label: str = "Ok",
        cancel_label: str = "Cancel",
        disable_okay_button: bool = False,
        disable_cancel_button: bool = False,
        warning_message: str | None = None,
    ) -> None:
        self.title, self.message = title, message
        self.labels = ok_label, cancel_label
        self.handlers = ok_handler, cancel_handler

    def show(self) -> None:
        self.shown.append(self)

    def hide(self) -> None:
        if self in self.shown:
            self.shown.remove(self)

    def destroy(self) -> None:
        assert self not in self.shown, "hide comes first"

    def answer(self, ok: bool) -> None:
        """Press one of the buttons."""
        handler = self.handlers[0 if ok else 1]
        assert handler is not None
        handler(self)


class PropertyWidgetFake:
    """Base of the sections of the Property window."""

    def __init__(self, title: str) -> None:
        self.title = title

    def on_new_payload(self, payload: Any) -> bool:
        raise NotImplementedError

    def build_impl(self) -> None:
        raise NotImplementedError

    def reset(self) -> None:
        raise NotImplementedError

    def clean(self) -> None:
        raise NotImplementedError


class PropertyWindowFake:
    """Sections by name, built into `frame` where they have something to show of what is selected."""

    def __init__(self) -> None:
        self.widgets: dict[tuple[str, str], PropertyWidgetFake] = {}
        self.shown: list[str] = []
        self.payload: list[Any] = []
        self.frame: Any = None
        self._rebuild = False

    def register_widget(self, scheme: str, name: str, property_widget: Any, top_stack: bool = True) -> None:
        assert scheme == "prim" and top_stack and isinstance(property_widget, PropertyWidgetFake)
        self.widgets[scheme, name] = property_widget

    def unregister_widget(self, scheme: str, name: str, top_stack: bool = True) -> None:
        assert top_stack
        self.widgets.pop((scheme, name)).clean()

    def request_rebuild(self) -> None:
        self._rebuild = True

    def notify(self, payload: list[Any]) -> None:
        """Other prims are selected."""
        self.payload, self._rebuild = payload, True

    def update(self) -> None:
        """Build what was asked for, once a frame."""
        if not self._rebuild or self.frame is None:
            return
        self._rebuild = False
        self.frame.clear()
        self.shown = []
        for (_, name), widget in self.widgets.items():
            if not widget.on_new_payload(self.payload):
                widget.reset()
                continue
            self.shown.append(name)
            with self.frame:
                widget.build_impl()


class PreferenceBuilderFake:
    """Base of the pages of preferences."""

    def __init__(self, title: str) -> None:
        self.title = title

    def build(self) -> None:
        raise NotImplementedError


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
    HIERARCHY_CHANGED = 23


class TextEditorFake:
    """Kit's code editor; it ends its text with a line end, and tells of the first edit after `reset_edited` alone."""

    class Syntax:
        PYTHON = 1

    class Palette:
        DARK = 1

    def __init__(self, text: str = "", text_lines: Any = None, syntax: int = 0, read_only: bool = False, identifier: str = "") -> None:
        assert syntax == self.Syntax.PYTHON and identifier
        self._text = text
        self.palette = 0
        self.cursor_position = (1, 1)
        self.markers: dict[int, str] = {}
        self._edited: Callable[..., None] | None = None
        self._told = False

    @property
    def text(self) -> str:
        return self._text + "\n"

    @text.setter
    def text(self, value: str) -> None:
        self._text = value
        if self._edited is not None and not self._told:
            self._told = True
            self._edited(True)

    def reset_edited(self) -> None:
        self._told = False

    def set_edited_fn(self, fn: Callable[..., None] | None) -> None:
        self._edited = fn

    def set_error_markers(self, markers: dict[int, str]) -> None:
        self.markers = markers


class AppFake:
    """The application: its frames, one at a time."""

    def __init__(self, kit: KitFake) -> None:
        self._kit = kit

    async def next_update_async(self) -> float:
        self._kit.update()
        await self._kit.draw()
        # A frame lasts: a translation has its time beside them.
        await asyncio.sleep(0.01)
        return 1.0 / 60.0


class AsyncTestCaseFake(unittest.TestCase):
    """Kit's test case: what it sets up, tests and tears down are coroutines."""

    def __init_subclass__(cls) -> None:
        for name, function in list(vars(cls).items()):
            if name in ("setUp", "tearDown") or name.startswith("test_"):
                setattr(cls, name, _awaited(function))


def _awaited(function: Callable[[Any], Coroutine[Any, Any, None]]) -> Callable[[Any], None]:
    return lambda self: asyncio.run(function(self))


class WidgetRefFake:
    """What a query of widgets found."""

    def __init__(self, widget: Any) -> None:
        self.widget = widget


class KitFake:
    """One Kit: everything that can be registered with it, and a clock."""

    def __init__(self) -> None:
        self.dispatcher = EventDispatcherFake()
        self.settings = SettingsFake()
        self.timeline = TimelineFake()
        self.context = UsdContextFake(self.dispatch)
        self.commands: dict[str, type] = {}
        # What Kit's Edit menu lists: commands by name, with what they were given.
        self.done: list[tuple[str, Any, dict[str, Any]]] = []
        self.undone: list[tuple[str, Any, dict[str, Any]]] = []
        self.menus: list[tuple[str, Any]] = []
        # Draws a frame, and finds a widget of a window by its identifier; whoever has omni.ui sets both.
        self.draw: Callable[[], Awaitable[None]] = _nothing
        self.find_widget: Callable[[str, str], Any] = lambda window, identifier: None
        self.actions = ActionRegistryFake()
        self.hotkeys = HotkeyRegistryFake()
        self.notifications: list[tuple[str, int, list[NotificationButtonInfoFake]]] = []
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.property_window: PropertyWindowFake | None = PropertyWindowFake()
        self.pages: list[PreferenceBuilderFake] = []
        MessageDialogFake.shown = []

    def update(self, seconds: float = 1.0 / 60.0) -> None:
        """Run one frame."""
        self.timeline.advance(seconds)
        self.dispatch("update")
        if self.property_window is not None:
            self.property_window.update()

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

    def remove_menu_items(self, menu: list[Any], name: str, can_rebuild_menus: bool = True) -> None:
        for item in menu:
            self.menus.remove((name, item))

    def click(self, menu: str, name: str) -> None:
        """Choose an entry of a menu."""
        item = next(item for its_menu, item in self.menus if (its_menu, item.name) == (menu, name))
        (item.onclick_fn or self.actions.actions[item.onclick_action])()

    def get_app(self) -> AppFake:
        return AppFake(self)

    def find(self, path: str) -> WidgetRefFake:
        match = re.fullmatch(r"(\w+)//Frame/\*\*/\w+\[\*\]\.identifier=='(\w+)'", path)
        assert match is not None, path
        return WidgetRefFake(self.find_widget(match[1], match[2]))

    def get_window(self) -> PropertyWindowFake | None:
        return self.property_window

    def register_page(self, page: PreferenceBuilderFake) -> None:
        assert isinstance(page, PreferenceBuilderFake)
        self.pages.append(page)

    def unregister_page(self, page: PreferenceBuilderFake, rebuild: bool = True) -> None:
        self.pages.remove(page)

    # ------------------------------------------------------------------------------------------------------- what is told
    def post_notification(
        self, text: str, hide_after_timeout: bool = True, duration: int = 3, status: int = 1, button_infos: Any = ()
    ) -> None:
        assert text and hide_after_timeout and duration > 0
        self.notifications.append((text, status, list(button_infos)))

    def queue_event(self, event_name: str, payload: Any = None) -> None:
        self.events.append((event_name, payload))

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
            "omni.kit.app.get_app": self.get_app,
            "omni.kit.test.AsyncTestCase": AsyncTestCaseFake,
            "omni.kit.ui_test.find": self.find,
            "omni.kit.undo.undo": self.undo,
            "omni.kit.undo.redo": self.redo,
            "omni.kit.app.queue_event": self.queue_event,
            "omni.kit.actions.core.get_action_registry": lambda: self.actions,
            "omni.kit.hotkeys.core.get_hotkey_registry": lambda: self.hotkeys,
            "omni.kit.hotkeys.core.HotkeyFilter": HotkeyFilterFake,
            "omni.kit.notification_manager.post_notification": self.post_notification,
            "omni.kit.notification_manager.NotificationButtonInfo": NotificationButtonInfoFake,
            "omni.kit.notification_manager.NotificationStatus": NotificationStatusFake,
            "omni.kit.window.popup_dialog.MessageDialog": MessageDialogFake,
            "omni.kit.window.property.get_window": self.get_window,
            "omni.kit.window.property.property_widget.PropertyWidget": PropertyWidgetFake,
            "omni.kit.window.preferences.PreferenceBuilder": PreferenceBuilderFake,
            "omni.kit.window.preferences.register_page": self.register_page,
            "omni.kit.window.preferences.unregister_page": self.unregister_page,
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

    def install(self, put: Callable[[str, ModuleType], None], without: Collection[str] = ("omni.kit.widget.text_editor",)) -> None:
        """Make `import omni.usd` and its like find this Kit, but for what is named; `put` sets an entry of sys.modules."""
        for dotted, value in self.names().items():
            module_name, _, attribute = dotted.rpartition(".")
            if dotted in without or any(f"{dotted}.".startswith(f"{name}.") for name in without):
                continue
            setattr(_module(module_name, put), attribute, value)


# Real classes behind the names of the table: what is called on what Kit returns.
RETURNED = {
    "carb.settings.ISettings": SettingsFake,
    "carb.eventdispatcher.IEventDispatcher": EventDispatcherFake,
    "carb.eventdispatcher.ObserverGuard": ObserverGuardFake,
    "omni.timeline.ITimeline": TimelineFake,
    "omni.kit.app.IApp": AppFake,
    "omni.kit.actions.core.IActionRegistry": ActionRegistryFake,
    "omni.kit.hotkeys.core.HotkeyRegistry": HotkeyRegistryFake,
    "omni.kit.window.property.PropertyWindow": PropertyWindowFake,
    "omni.usd.UsdContext": UsdContextFake,
    "omni.usd.Selection": SelectionFake,
}


async def _nothing() -> None:
    """Draw nothing."""


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
