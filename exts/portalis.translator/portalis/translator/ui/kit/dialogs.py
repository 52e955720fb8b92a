"""Kit's dialog, for questions that have to be answered before something happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from omni.kit.window.popup_dialog import MessageDialog


class Dialogs:
    """One question at a time; another one takes its place."""

    def __init__(self) -> None:
        self._open: Any = None

    def ask(self, title: str, message: str, yes: str, act: Callable[[], None], no: str = "Cancel") -> None:
        """Show a question, and do `act` where it is answered with `yes`."""
        self.close()

        def answered(_dialog: Any) -> None:
            self.close()
            act()

        self._open = MessageDialog(
            title=title,
            width=560,
            message=message,
            ok_handler=answered,
            ok_label=yes,
            cancel_handler=lambda _dialog: self.close(),
            cancel_label=no,
        )
        self._open.show()

    def close(self) -> None:
        """Take the question away, unanswered."""
        dialog, self._open = self._open, None
        if dialog is not None:
            dialog.hide()
            dialog.destroy()
