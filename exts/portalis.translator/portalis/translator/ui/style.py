"""Colours, sizes and fonts of the window, in one place."""

from __future__ import annotations

import functools
import inspect
import sys
from pathlib import Path
from typing import Any

import omni.ui as ui
from omni.ui import Alignment, color

TEXT_SIZE = 15
CODE_SIZE = 14
GAP = 6
ROW = 28
SCROLLBAR = 10

_GROUND = color("#1b1d21")
_RAISED = color("#25282e")
_FIELD = color("#15171a")
_LINE = color("#383c44")
# Around what can be clicked or typed into: told from everything it stands on.
_EDGE = color("#6f7581")
_TEXT = color("#d6d9de")
_QUIET = color("#959ba6")
_ACCENT = color("#4f9cf9")
_GOOD = color("#57c27a")
_BAD = color("#f2706b")
_BUSY = color("#e5b454")
_OVERLAY = color(0.08, 0.09, 0.1, 0.85)
_BUTTON = color("#343943")
_HOVER = color("#434a57")
_PRESSED = color("#2b2f37")
_DISABLED = color("#8a909c")
_SELECTED_ROW = color("#1f324b")
_ON_ACCENT = color("#ffffff")

PLOT_LINE = _ACCENT
# The parts of a frame, from the bottom of its column up.
PART_NAMES = ("part_read", "part_run", "part_write", "part_rest")
_PARTS = dict(zip(PART_NAMES, map(color, ("#4f9cf9", "#57c27a", "#e5b454", "#8b919c")), strict=True))
# Of code, by what its parts are (`models.colours`).
_CODE = {
    "plain": _TEXT,
    "keyword": color("#cf9ff0"),
    "string": color("#a5d6a7"),
    "number": color("#f2b077"),
    "comment": _QUIET,
    "defined": color("#82b4ff"),
    "builtin": color("#6fc7d1"),
}
MARK_LINE = color(0.95, 0.35, 0.33, 0.18)
MARK_SPAN = color(0.95, 0.35, 0.33, 0.9)
GRID_LINE = (0.32, 0.34, 0.38, 1.0)
SELECTED = (1.0, 0.85, 0.35)
# Behind what the preview draws: even, so that a screenshot of few colours stays even; its grid, as linear light.
PREVIEW_BACKGROUND = (0.115, 0.125, 0.145)
PREVIEW_GRID = (0.055, 0.06, 0.075)

_FONTS = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationMono-Regular.ttf",
    "/usr/share/fonts/dejavu-sans-mono-fonts/DejaVuSansMono.ttf",
    "/System/Library/Fonts/Menlo.ttc",
    "C:/Windows/Fonts/consola.ttf",
)


@functools.cache
def _code_font() -> dict[str, Any]:
    """Return the style of code: a font of fixed width where the system has one that is known."""
    found = next((path for path in _FONTS if Path(path).is_file()), None)
    # On Windows Kit resolves fonts through its own search paths and takes drive letters for protocols.
    return {"font": found} if found and sys.platform != "win32" else {}


@functools.cache
def _text_font() -> dict[str, Any]:
    """Return the style of text where omni.ui stands alone: its own font by name, which follows the UI scale; the first one does not."""
    own = Path(inspect.getfile(ui)).parent / "resources" / "fonts" / "NotoSans-Regular.ttf"
    return {"font": str(own)} if own.is_file() and sys.platform != "win32" else {}


def _buttons(text: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the style of what is clicked."""
    return {
        "Button": {"background_color": _BUTTON, "border_radius": 3, "margin": 0, "padding": 4, "border_color": _EDGE, "border_width": 1},
        "Button:hovered": {"background_color": _HOVER},
        "Button:pressed": {"background_color": _PRESSED},
        "Button:disabled": {"background_color": _RAISED, "border_color": _LINE},
        "Button.Label": text,
        "Button.Label:disabled": {"color": _DISABLED},
        "Button::primary": {"background_color": color("#2563c4")},
        "Button::primary:hovered": {"background_color": color("#2a6ad0")},
        "Button::primary:pressed": {"background_color": color("#1e52a5")},
        "Button::primary:disabled": {"background_color": _RAISED, "border_color": _LINE},
        "Button.Label::primary": {"color": _ON_ACCENT},
        "Button.Label::primary:disabled": {"color": _DISABLED},
        "Button::tab": {"background_color": 0, "border_radius": 0, "border_width": 0},
        "Button::tab:hovered": {"background_color": _RAISED},
        "Button.Label::tab": {"color": _QUIET},
        "Button::tab_front": {"background_color": 0, "border_radius": 0, "border_width": 0},
        "Button.Label::tab_front": {"color": _TEXT},
        "Button::choice": {"background_color": 0, "border_radius": 2, "padding": 2, "border_width": 0},
        "Button::choice:hovered": {"background_color": _HOVER},
        "Button::chosen": {"background_color": _SELECTED_ROW, "border_radius": 2, "padding": 2, "border_width": 0},
        "Button.Label::chosen": {**text, "alignment": Alignment.LEFT_CENTER},
        "Button.Label::choice": {**text, "alignment": Alignment.LEFT_CENTER},
        "Button::number": {"background_color": 0, "border_radius": 2, "padding": 2, "border_width": 0},
        "Button::number:hovered": {"background_color": _HOVER},
        "Button.Label::number": {**text, "alignment": Alignment.RIGHT_CENTER},
        "ComboBox": {
            **text,
            "background_color": _BUTTON,
            "secondary_color": _HOVER,
            "selected_color": _ACCENT,
            # That of omni.ui itself does not follow the UI scale.
            "padding": 4,
            "border_radius": 3,
            "border_color": _EDGE,
            "border_width": 1,
        },
    }


@functools.cache
def panel_style() -> dict[str, dict[str, Any]]:
    """Return the style sheet of everything in the window."""
    code = {"font_size": CODE_SIZE, "color": _TEXT, **_code_font()}
    text = {"font_size": TEXT_SIZE, "color": _TEXT, **_text_font()}
    return {
        "Label": text,
        "Label::quiet": {"color": _QUIET},
        "Label::heading": {"color": _QUIET, "font_size": 13},
        "Label::good": {"color": _GOOD},
        "Label::bad": {"color": _BAD},
        "Label::busy": {"color": _BUSY},
        "Label::code": code,
        "Label::numbers": {**code, "color": _QUIET},
        "Label::number_now": {**code, "color": _TEXT},
        **{f"Label::code_{kind}": {**code, "color": shade} for kind, shade in _CODE.items()},
        "Label::ruler": {**code, "color": 0},
        "Label::empty": {"color": _QUIET, "font_size": TEXT_SIZE},
        "Rectangle::ground": {"background_color": _GROUND},
        "Rectangle::raised": {"background_color": _RAISED, "border_radius": 3},
        "Rectangle::field": {"background_color": _FIELD, "border_radius": 3, "border_color": _EDGE, "border_width": 1},
        "Rectangle::notice": {"background_color": color("#2c2410"), "border_radius": 3},
        "Circle::mark": {"background_color": _BAD},
        "Triangle::branch": {"background_color": _QUIET},
        "Rectangle::gutter": {"background_color": _FIELD},
        "Rectangle::caret": {"background_color": _TEXT},
        "Rectangle::current_line": {"background_color": _RAISED},
        "Rectangle::selection": {"background_color": _SELECTED_ROW},
        "Rectangle::offers": {"background_color": _RAISED, "border_color": _EDGE, "border_width": 1},
        "Rectangle::offer": {"background_color": 0},
        "Rectangle::offer:hovered": {"background_color": _HOVER},
        "Rectangle::offer_chosen": {"background_color": _SELECTED_ROW},
        "Rectangle::mark_line": {"background_color": MARK_LINE},
        "Rectangle::mark_span": {"background_color": MARK_SPAN},
        "Rectangle::tab_line": {"background_color": _ACCENT},
        **_buttons(text),
        "Field::unseen": {"background_color": 0, "color": 0, "border_width": 0, "padding": 0},
        "Field": {**text, "background_color": _FIELD, "border_radius": 3, "border_color": _EDGE, "border_width": 1},
        # As high as a row: what is typed stands where a label of that row has its text.
        "Field::row": {"padding": (ROW - TEXT_SIZE) // 2},
        "Field::code": {**code, "background_color": 0, "border_width": 0, "border_radius": 0, "padding": 0},
        "ScrollingFrame": {"background_color": 0, "secondary_color": _EDGE, "scrollbar_size": SCROLLBAR},
        "TreeView": {"background_color": 0, "background_selected_color": _SELECTED_ROW, "secondary_color": _LINE},
        "TreeView:selected": {"background_color": _SELECTED_ROW},
        "TreeView.Item": {"color": _TEXT},
        "TreeView.Header": {"background_color": _RAISED, "color": _QUIET},
        "Plot": {"color": PLOT_LINE, "background_color": 0, "selected_color": _TEXT},
        **{f"Plot::{name}": {"color": part, "background_color": 0, "selected_color": _TEXT} for name, part in _PARTS.items()},
        **{f"Rectangle::{name}": {"background_color": part} for name, part in _PARTS.items()},
        "Rectangle::wanted": {"background_color": _BAD},
        "Rectangle::clear": {"background_color": 0},
        "Rectangle::overlay": {"background_color": _OVERLAY, "border_radius": 3},
        "Rectangle::grip": {"background_color": _EDGE, "border_radius": 1},
        "ProgressBar": {"color": _ACCENT, "background_color": _FIELD, "secondary_color": _TEXT, "border_radius": 3},
        "Tooltip": {**text, "background_color": _RAISED},
    }
