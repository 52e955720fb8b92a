"""A user in front of the real omni.ui, without a screen: finds widgets by identifier, clicks, types, takes pictures."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from tests.ui.widgets.display import prepare_tests
from tests.ui.widgets.pixels import filled

prepare_tests()

import omni.ui as ui  # noqa: E402
from omni.ui import _ui, testing  # noqa: E402

PATIENCE = 240.0
# As Dear ImGui counts them, which is what omni.ui's testing takes.
KEYS = {"enter": 525, "ctrl": 527, "shift": 528, "f1": 572, "f3": 574, "f5": 576, "tab": 512, "s": 564, "o": 560, "b": 547}
KEYS |= {"left": 513, "right": 514, "up": 515, "down": 516, "home": 519, "end": 520, "delete": 522, "backspace": 523, "escape": 526}
KEYS |= {"space": 524, "a": 546, "c": 548, "v": 567, "x": 569, "y": 570, "z": 571}


class Screen:
    """Draws frames by hand; `tick` is what a host does between two of them.

    `longest` is the most processor time, in seconds, that one of them took of this thread, over all screens.
    """

    longest = 0.0
    # Where among the children of what it is in each widget was found last, by any of them: most are there the next time.
    _ways: ClassVar[dict[str, tuple[int, ...]]] = {}

    def __init__(self, window: Callable[[], Any], tick: Callable[[], None]) -> None:
        self._window = window
        self._tick = tick
        self._loop = asyncio.new_event_loop()

    def frames(self, count: int = 3) -> None:
        """Draw some frames."""
        for _ in range(count):
            begun = time.thread_time()
            self._tick()
            Screen.longest = max(Screen.longest, time.thread_time() - begun)
            self._loop.run_until_complete(testing.next_frame())

    @contextmanager
    def filled(self) -> Iterator[None]:
        """Have frames with all their pixels, which are left out of others."""
        with filled():
            yield

    def until(self, condition: Callable[[], bool]) -> None:
        """Draw frames until something is so."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, "nothing happened"
            self.frames(1)
            time.sleep(0.05)
        self.frames(2)

    def find(self, identifier: str) -> Any:
        """Return the widget with this identifier."""
        found = self._found(identifier)
        assert found is not None, f"there is no widget {identifier!r}"
        return found

    def has(self, identifier: str) -> bool:
        """Tell whether there is a widget with this identifier."""
        return self._found(identifier) is not None

    def click(self, identifier: str, *held: str) -> None:
        """Click the middle of a widget, with keys held."""
        widget = self.find(identifier)
        for key in held:
            _ui._inject_key_event(KEYS[key], True)
        if held:
            self._loop.run_until_complete(testing.next_frame())
        self._click_at(widget, widget.computed_width / 2, widget.computed_height / 2)
        for key in held:
            _ui._inject_key_event(KEYS[key], False)
        self.frames()

    def type_into(self, identifier: str, text: str) -> None:
        """Click the beginning of a field and type."""
        widget = self.find(identifier)
        self._click_at(widget, 4.0, 6.0)
        self.frames(5)
        self._loop.run_until_complete(testing.type_text(text))
        self.frames()

    def type(self, text: str) -> None:
        """Type into whatever takes it."""
        self._loop.run_until_complete(testing.type_text(text))
        self.frames()

    def press(self, *keys: str) -> None:
        """Press keys together, the last one while the others are held."""
        codes = [KEYS[key] for key in keys]
        for code in codes[:-1]:
            _ui._inject_key_event(code, True)
        self._loop.run_until_complete(testing.next_frame())
        self._loop.run_until_complete(testing.press_key(codes[-1]))
        for code in codes[:-1]:
            _ui._inject_key_event(code, False)
        self.frames()

    def drag(self, identifier: str, x: float, y: float) -> None:
        """Take hold of the middle of a widget and drag it so many points."""
        widget, scale = self.find(identifier), ui.Workspace.get_dpi_scale()
        start_x = widget.screen_position_x + widget.computed_width / 2
        start_y = widget.screen_position_y + widget.computed_height / 2
        ends = (start_x * scale, start_y * scale, (start_x + x) * scale, (start_y + y) * scale)
        self._loop.run_until_complete(testing.mouse_drag(*ends))
        self.frames()

    def rest(self) -> None:
        """Move the mouse to where nothing says what it is: the lowest corner to the left."""
        self._loop.run_until_complete(testing.mouse_move(10.0, self._window().height - 10.0))
        self.frames()

    def _click_at(self, widget: Any, x: float, y: float) -> None:
        # Widgets are measured in points, a mouse in pixels.
        scale = ui.Workspace.get_dpi_scale()
        place = (widget.screen_position_x + x) * scale, (widget.screen_position_y + y) * scale
        self._loop.run_until_complete(testing.mouse_click(*place))

    def picture(self, path: Path) -> None:
        """Write what is drawn as a PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with self.filled():
            self.frames()
            assert testing.capture_screenshot(str(path)), "no picture was taken"

    def _found(self, identifier: str) -> Any:
        widget = root = self._window().frame
        for index in self._ways.get(identifier, ()):
            children = ui.Inspector.get_children(widget)
            widget = children[index] if index < len(children) else None
            if widget is None:
                break
        if getattr(widget, "identifier", None) == identifier:
            return widget
        found, way = _search(root, identifier)
        self._ways[identifier] = way
        return found


def _search(widget: Any, identifier: str) -> tuple[Any, tuple[int, ...]]:
    """Return the first widget with this identifier, None if there is none, and the way to it."""
    if getattr(widget, "identifier", None) == identifier:
        return widget, ()
    for index, child in enumerate(ui.Inspector.get_children(widget)):
        found, way = _search(child, identifier)
        if found is not None:
            return found, (index, *way)
    return None, ()


def pictures() -> Path | None:
    """Return where pictures for the documentation go, where they are asked for."""
    folder = os.environ.get("PORTALIS_PICTURES")
    return Path(folder) if folder else None
