"""Somebody in front of a Kit in which the extension runs."""

from __future__ import annotations

import contextlib
import importlib
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import omni.ui as ui
from pxr import Sdf, Usd, UsdGeom

from tests.kit.fakes import KitFake, MessageDialogFake
from tests.ui.widgets.screen import Screen

LIFT = "from pxr import Gf\n\ndef lift(position: Gf.Vec3d, delta_time: float):\n    position[2] += 2.0 * delta_time\n    return position\n"
BALL = "/World/Ball_00"
OPENED, CLOSING, SELECTION_CHANGED = "omni.usd::stage:3", "omni.usd::stage:5", "omni.usd::stage:7"


class KitUser(Screen):
    """Sits in front of a Kit in which the extension runs."""

    def __init__(self, kit: KitFake, session: Any) -> None:
        self.kit = kit
        self.session = session
        self.window = session.window
        super().__init__(lambda: self.window, kit.update)
        self.frames(4)

    def select(self, *paths: str) -> None:
        self.kit.context.selection.paths = list(paths)
        self.kit.dispatch(SELECTION_CHANGED)
        if self.kit.property_window is not None:
            self.kit.property_window.notify([Sdf.Path(path) for path in paths])
        self.frames()


@contextmanager
def running(kit: KitFake) -> Iterator[KitUser]:
    extension = importlib.import_module("portalis.translator.extension").PortalisExtension()
    extension.on_startup("portalis.translator-0.1.0")
    try:
        yield KitUser(kit, extension._session)
    finally:
        extension.on_shutdown()


def export(stage: Usd.Stage) -> tuple[str, str]:
    return stage.GetRootLayer().ExportToString(), stage.GetSessionLayer().ExportToString()


def height(stage: Usd.Stage) -> float:
    return float(UsdGeom.Xformable(stage.GetPrimAtPath(BALL)).ComputeLocalToWorldTransform(0.0).ExtractTranslation()[2])


def left_behind(kit: KitFake) -> dict[str, Any]:
    """Everything that an extension can leave in a process."""
    return {
        "observers": list(kit.dispatcher.observers),
        "commands": dict(kit.commands),
        "menus": list(kit.menus),
        "actions": dict(kit.actions.actions),
        "hotkeys": dict(kit.hotkeys.hotkeys),
        "dialogs": list(MessageDialogFake.shown),
        "sections": dict(kit.property_window.widgets) if kit.property_window is not None else {},
        "pages": list(kit.pages),
        "windows": [window.title for window in ui.Workspace.get_windows() if window.title.startswith("Portalis") and window.visible],
        "environment": os.environ.get("PORTALIS_PYTHON"),
        # One thread starts processes for as long as this one lasts: they end with the thread that started them.
        "threads": sorted(thread.name for thread in threading.enumerate() if not thread.name.startswith("portalis launcher")),
        "processes": _children(),
        "files": sorted(os.listdir(tempfile.gettempdir())),
    }


def _children() -> list[int]:
    """Return the processes that this one started and that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if int(parent) == os.getpid() and state != "Z":
                found.append(int(stat.parent.name))
    return sorted(found)


def bind_lift(user: KitUser) -> None:
    user.session.model.edit("")
    user.session.panel.editor.set_text("")
    user.frames()
    user.type_into("editor", LIFT)
    user.click("translate")
    user.until(lambda: not user.session.model.translating)
    user.select(BALL)
    user.click("bind")


def bind(user: KitUser, text: str) -> None:
    """Bind a behaviour to the first ball without a hand on the window."""
    model = user.session.model
    model.load(text, "typed")
    user.select(BALL)
    model.translate()
    user.until(lambda: not model.translating)
    model.bindings.bind()
    user.kit.notifications.clear()
    user.frames()
