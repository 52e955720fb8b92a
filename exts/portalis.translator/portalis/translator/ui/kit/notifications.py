"""Kit's notifications, for what nobody would see otherwise."""

from __future__ import annotations

from collections.abc import Callable

from omni.kit.notification_manager import NotificationButtonInfo, NotificationStatus, post_notification

from portalis.translator.ui.models.news import Notice

# Long enough to be read, and to reach the button.
_SECONDS = 10


def post(notice: Notice, show: Callable[[], None]) -> None:
    """Tell somebody; a fault has a button that shows the list of problems."""
    post_notification(
        notice.text,
        hide_after_timeout=True,
        duration=_SECONDS,
        status=NotificationStatus.WARNING if notice.fault else NotificationStatus.INFO,
        button_infos=[NotificationButtonInfo("Show", on_complete=show)] if notice.fault else [],
    )
