"""Every state of the window at every size: nothing cut off, nothing on top of anything, all in line, readable, named, with a next step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import omni.ui as ui
import pytest

from portalis.translator.ui.style import panel_style
from tests.ui.widgets.looks import Piece, Tape, box_of, cut_off, hard_to_read, measured, out_of_line, overlaps, pieces, unexplained
from tests.ui.widgets.pixels import read_picture
from tests.ui.widgets.screen import Screen
from tests.ui.widgets.states import STATES, State, Tour
from tests.ui.widgets.user import StudioUser

# The last is one that is drawn whole, where a mouse reaches everything; where there is most room, what fills it.
SMALL = ((900, 600), (1280, 720))
LARGE, FILLED = (3840, 2160), ("empty", "refused")
# A heading of the table of ports, and what stands below it.
_COLUMNS = (("port", "name"), ("type", "type"), ("bound to", "port"), ("value now", "value"))
# What has one edge in common.
EDGES = (
    ("left", ("translate", "bind", "play", "editor_scroll", "leaving", "replacing", "path_row", "notice")),
    ("left", ("tree_frame", "viewport_frame", "picture")),
    ("right", ("translator", "tab_text_scroll", "ports_scroll", "problems_scroll", "behaviours_scroll", "status_line")),
    ("right", ("save", "frame", "viewport")),
    ("bottom", ("viewport", "status_line")),
    *(("left", (f"heading_{column}", f"{cell}_{way}_position")) for column, cell in _COLUMNS for way in ("input", "output")),
)


def faults(found: list[Piece]) -> Iterator[str]:
    """Give everything that is wrong with what was found."""
    yield from cut_off(found)
    yield from overlaps(found)
    yield from out_of_line(found, EDGES)
    yield from hard_to_read(found)
    yield from unexplained(found)


def told(found: list[Piece], state: State) -> Iterator[str]:
    """Say where a state is not named in words, or what to do next is not, or not whole."""
    yield from (
        f"{piece} is not read whole: {piece.text!r}"
        for piece in found
        if piece.identifier == "next_step" and piece.words.right - piece.words.left > piece.box.right - piece.box.left + 1.0
    )
    for identifier, words in (state.says, state.next):
        texts = [piece.text for piece in found if piece.identifier == identifier and piece.seen.some]
        if not any(words in text for text in texts):
            yield f"{identifier} does not say {words!r} but {texts}"


def settled(user: Screen, look: Callable[[], list[Piece]], moving: Callable[[], object] = lambda: None) -> list[Piece]:
    """Return what is there when nothing moves any more: shares follow the room, and rows their shares, some frames later each."""
    before, same = moving(), 0
    for _ in range(60):
        user.frames(1)
        now = moving()
        before, same = now, same + 1 if now == before else 0
        if same == 4:
            break
    found = look()
    for _ in range(20):
        user.frames(1)
        last, found = found, look()
        if [piece.box for piece in last] == [piece.box for piece in found]:
            return found
    raise AssertionError("it never comes to rest")


def test_every_state_at_every_size(studio: StudioUser) -> None:
    scale = ui.Workspace.get_dpi_scale()
    tape = Tape(studio.frames)
    wrong: list[str] = []

    def look(state: State, window: ui.Window) -> None:
        for size in (LARGE, *SMALL) if state.name in FILLED else SMALL:
            if window is studio.studio._window:
                studio.studio.size = size
            else:
                window.width, window.height = size

            def seen(size: tuple[int, int] = size) -> list[Piece]:
                tape.learn(measured(window.frame))
                return pieces(window.frame, size[0] / scale, size[1] / scale, tape)

            labels = studio.studio.panel._tabs.title, studio.studio.panel._status.label
            found = settled(studio, seen, lambda: [(label.screen_position_x, label.computed_width) for label in labels])  # noqa: B023
            wrong.extend(f"{state.name} {size[0]}×{size[1]}: {fault}" for fault in (*faults(found), *told(found, state)))
        with studio.filled():
            studio.frames(2)

    tour = Tour(studio, look)
    tour.go()
    assert sorted(tour.seen) == sorted(state.name for state in STATES)
    assert not wrong, "\n".join(wrong)


def test_looking_changes_nothing_that_is_drawn(studio: StudioUser, tmp_path: Path) -> None:
    tape, scale = Tape(studio.frames), ui.Workspace.get_dpi_scale()
    window = studio.studio._window

    def drawn(name: str) -> list[Any]:
        with studio.filled():
            studio.frames(4)
            studio.picture(tmp_path / name)
        # Of all that may be shortened, what stands in the tree does not move.
        left, top, right, bottom = (round(edge * scale) for edge in box_of(studio.find("prims")))
        pixels = read_picture(tmp_path / name)[top:bottom, left:right]
        assert len(pixels) > 100 and pixels.max() > 200
        return list(pixels.tolist())

    before = drawn("before.bmp")
    tape.learn(measured(window.frame))
    assert any(piece.elided for piece in pieces(window.frame, 1600.0 / scale, 900.0 / scale, tape))
    assert drawn("after.bmp") == before


def _shortened() -> None:
    with ui.HStack(height=28, width=60):
        ui.Label("a text that is longer than its room", width=60, identifier="planted", elided_text=True)


def _outside() -> None:
    with ui.Placer(offset_x=350):
        ui.Button("out", width=100, height=28, identifier="planted", tooltip="told")


def _stacked() -> None:
    ui.Button("below", width=100, height=28, tooltip="told")
    ui.Label("on top of it", height=28, identifier="planted")


def _crooked() -> None:
    with ui.HStack(height=28):
        ui.Label("straight", width=80)
        with ui.VStack(width=80):
            ui.Spacer(height=6)
            ui.Button("lower", identifier="planted", tooltip="told")


def _faint() -> None:
    ui.Rectangle(name="part_read")
    ui.Label("hard to read", name="quiet", identifier="planted")


def _silent() -> None:
    ui.Button("?", width=40, height=28, identifier="planted")


@pytest.mark.parametrize(
    ("plant", "says"),
    [
        (_shortened, "has no room for"),
        (_outside, "is out of reach"),
        (_stacked, "lies on"),
        (_crooked, "not in one line"),
        (_faint, ": 1"),
        (_silent, "has no tooltip"),
    ],
)
def test_a_fault_that_is_planted_is_found(studio: StudioUser, plant: Callable[[], None], says: str) -> None:
    window = ui.Window(f"planted {says}", width=400, height=200, padding_x=0, padding_y=0, flags=ui.WINDOW_FLAGS_NO_TITLE_BAR)
    window.setPosition(0, 0)
    with window.frame, ui.ZStack(style=panel_style()):
        ui.Rectangle(name="ground")
        with ui.ZStack():
            plant()
    tape = Tape(studio.frames)
    studio.frames(2)
    tape.learn(measured(window.frame))
    found = settled(studio, lambda: pieces(window.frame, 400.0, 200.0, tape))
    assert any(says in fault and ("planted" in fault) for fault in faults(found)), list(faults(found))
    window.visible = False
    window.destroy()


def test_a_state_that_is_not_named_is_found() -> None:
    assert len(list(told([], STATES[0]))) == 2
