"""Closing the studio over unsaved text: it stays and asks, and what was kept goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from omni.ui import _ui

from portalis.translator.ui import closing
from tests.ui.widgets.user import StudioUser


class Desk:
    """The desktop around a studio that runs: `close` clicks the window's own button, and `then` is done after some frames."""

    def __init__(self, user: StudioUser, monkeypatch: pytest.MonkeyPatch, taken_back: bool) -> None:
        self.closed = False
        monkeypatch.setattr(_ui, "_standalone_should_close", lambda: self.closed)
        monkeypatch.setattr(closing, "take_close_back", self._take_back)
        self._taken_back = taken_back
        self._user = user

    def run(self, *steps: Callable[[], None]) -> None:
        """Run the studio; in one frame after another do what is next, until it is left."""
        tick, left = self._user.studio.tick, list(steps)

        def look() -> None:
            tick(1.0 / 60.0)
            left.pop(0)()

        self._user.studio.tick = look  # type: ignore[assignment, method-assign]
        self._user.studio.run()
        self._user.studio.tick = tick  # type: ignore[method-assign]
        assert not left

    def close(self) -> None:
        self.closed = True

    def _take_back(self) -> bool:
        self.closed = self.closed and not self._taken_back
        return self._taken_back


def nothing() -> None:
    """Look on."""


def shown(user: StudioUser) -> str:
    return str(user.find("leaving_text").text) if user.find("leaving").visible else ""


@pytest.fixture
def user() -> StudioUser:
    user = StudioUser()
    user.type_into("editor", "# mine\n")
    assert user.model.document.unsaved
    # `run` closes it.
    user.close = user.frames_after_close  # type: ignore[method-assign]
    return user


def test_a_window_that_is_closed_over_unsaved_text_stays_and_asks(
    user: StudioUser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk = Desk(user, monkeypatch, taken_back=True)

    def asked() -> None:
        assert "saved nowhere" in shown(user)
        user.photograph("leaving")

    def kept() -> None:
        assert not shown(user) and user.model.text.startswith("# mine")

    def named() -> None:
        user.model.files.answer(str(tmp_path / "mine.py"))

    user._tick = lambda: None
    desk.run(
        desk.close,
        nothing,
        asked,
        lambda: user.click("leaving_keep"),
        nothing,
        kept,
        desk.close,
        nothing,
        lambda: user.click("leaving_save"),
        named,
        nothing,
    )
    assert (tmp_path / "mine.py").read_text() == user.model.text
    user.close()


def test_where_a_close_cannot_be_taken_back_the_window_closes_when_the_text_is_saved(
    user: StudioUser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk = Desk(user, monkeypatch, taken_back=False)

    def asked() -> None:
        assert "closes when it is saved" in shown(user)

    user._tick = lambda: None
    desk.run(
        desk.close,
        nothing,
        asked,
        lambda: user.click("leaving_keep"),
        nothing,
        asked,
        lambda: user.model.files.save(tmp_path / "mine.py"),
        nothing,
    )
    assert (tmp_path / "mine.py").read_text().startswith("# mine")
    user.close()
