"""What the window remembers of how it was left, and what a damaged file is taken for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from portalis.translator.stage.author.trust import Approvals
from portalis.translator.ui.models.layout import Layout, read_layout, write_layout


def test_a_layout_is_remembered(tmp_path: Path) -> None:
    layout = Layout(width=1280, height=720, stage=0.3, tree=0.5, code=0.6, work=0.7, overlay=True, loop=False)
    write_layout(layout, tmp_path / "new" / "window.json")
    assert read_layout(tmp_path / "new" / "window.json") == layout


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[1]", b"\xff\xfe", b"null", b"[" * 100_000, b'{"width": "wide", "stage": NaN, "tree": true}']
)
def test_a_damaged_file_is_none(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "window.json").write_bytes(text)
    assert read_layout(tmp_path / "window.json") == Layout()


def test_only_values_that_can_be_are_believed(tmp_path: Path) -> None:
    said = {"width": 1e9, "height": 720.0, "stage": -0.5, "code": 0.4, "overlay": "yes", "loop": 0, "unknown": 1}
    (tmp_path / "window.json").write_text(json.dumps(said))
    assert read_layout(tmp_path / "window.json") == Layout(height=720, code=0.4)


def test_nobody_is_kept_from_closing(tmp_path: Path) -> None:
    assert read_layout(tmp_path / "none.json") == Layout()
    write_layout(Layout(), Path("/proc/no/such/window.json"))


def test_the_folder_of_settings_is_the_users_alone_from_its_beginning(tmp_path: Path) -> None:
    write_layout(Layout(), tmp_path / "settings" / "window.json")
    assert (tmp_path / "settings").stat().st_mode & 0o777 == 0o700
    Approvals(tmp_path / "settings").require_safe()
