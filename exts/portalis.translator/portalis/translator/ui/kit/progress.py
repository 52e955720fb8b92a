"""Long work in Kit's status bar: what goes on, and how far it is."""

from __future__ import annotations

import omni.kit.app

from portalis.translator.ui.models.news import Activity

_ACTIVITY = "omni.kit.window.status_bar@activity"
_PROGRESS = "omni.kit.window.status_bar@progress"
# What the bar shows in whole percents, it is told in whole percents.
_STEPS = 100


class StatusBar:
    """Tells the bar what is new. A Kit without global events has no such bar: the window shows the same."""

    def __init__(self) -> None:
        self._shown: tuple[str, int] | None = None
        self._works = hasattr(omni.kit.app, "queue_event")

    def show(self, activity: Activity | None) -> None:
        """Show what goes on, or nothing."""
        shown = None
        if activity is not None:
            shown = activity.text, -1 if activity.progress is None else int(activity.progress * _STEPS)
        if shown == self._shown or not self._works:
            return
        self._shown = shown
        text, steps = shown if shown is not None else ("", -1)
        omni.kit.app.queue_event(_ACTIVITY, payload={"text": text})
        # The bar reads a text, and hides itself below 0.
        omni.kit.app.queue_event(_PROGRESS, payload={"progress": str(steps / _STEPS if steps >= 0 else -1)})
