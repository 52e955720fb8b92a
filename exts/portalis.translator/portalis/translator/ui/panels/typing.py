"""What is typed, from a field that nobody sees: omni.ui hands characters to fields alone."""

from __future__ import annotations

from collections.abc import Callable

import omni.ui as ui

# A key that takes the field's focus away does so some frames later.
_FRAMES_TO_KEEP = 4


class TypedText:
    """Gives what is typed or pasted to `typed`, in its order, while it has the focus.

    A field that is edited takes no text from outside, so what was typed before stays in it until the focus goes to the other one of two.
    """

    def __init__(self, typed: Callable[[str], None]) -> None:
        self.focused = False
        self._typed = typed
        self._wanted = False
        self._keep = self._pause = 0
        self._deaf = False
        self._front = 0
        self._seen = ["", ""]
        self._fields = []
        # Clipped, so that nothing shows of what omni.ui draws around a field that is edited.
        with ui.Placer(), ui.Frame(width=1, height=1, horizontal_clipping=True, vertical_clipping=True), ui.ZStack():
            for _ in range(2):
                self._fields.append(ui.StringField(multiline=True, allow_tab_input=True, width=1, height=1, name="unseen"))
        self._subscriptions = []
        for index, field in enumerate(self._fields):
            model = field.model
            self._subscriptions += [
                model.subscribe_value_changed_fn(lambda model, index=index: self._changed(index, model.as_string)),
                model.subscribe_begin_edit_fn(lambda _: self._began()),
                model.subscribe_end_edit_fn(lambda _, index=index: self._ended(index)),
            ]

    def focus(self) -> None:
        """Take what is typed from now on, in a field that is empty."""
        self._front = 1 - self._front
        self._seen[self._front] = ""
        self._fields[self._front].model.set_value("")
        self._wanted, self.focused, self._pause = True, False, 0
        self.keep()

    def keep(self) -> None:
        """Have the focus back if what happens in this frame takes it away."""
        self._keep = _FRAMES_TO_KEEP

    def leave(self) -> None:
        """Let another field have the focus."""
        self._wanted, self._keep = False, 0

    def ignore(self) -> None:
        """Take nothing of what a key does to the field in this frame."""
        self._deaf = True

    def tick(self, mouse_is_down: bool) -> None:
        """Ask for the focus until it is there: while a button is down nobody gets it."""
        self._deaf = False
        self._keep = max(0, self._keep - 1)
        self._pause = max(0, self._pause - 1)
        if self._wanted and not self.focused and not mouse_is_down and not self._pause:
            # It comes some frames later, and not at all where it is asked for again before.
            self._fields[self._front].focus_keyboard(True)
            self._pause = _FRAMES_TO_KEEP

    def destroy(self) -> None:
        """Let go of the fields' models."""
        self._subscriptions = []

    def _began(self) -> None:
        self.focused = True

    def _ended(self, index: int) -> None:
        if index == self._front:
            self.focused, self._wanted, self._pause = False, self._keep > 0, 0

    def _changed(self, index: int, text: str) -> None:
        before, self._seen[index] = self._seen[index], text
        if self._deaf or not (taken := _inserted(before, text)):
            return
        self._typed(taken)


def _inserted(before: str, after: str) -> str:
    """Return what was put into a text to make another of it, wherever that was."""
    shorter = min(len(before), len(after))
    head = next((index for index in range(shorter) if before[index] != after[index]), shorter)
    tail = next((index for index in range(shorter - head) if before[-1 - index] != after[-1 - index]), shorter - head)
    return after[head : len(after) - tail]
