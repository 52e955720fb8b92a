"""What can be computed of how a window looks: cut off, on top of one another, out of line, hard to read, unexplained."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeAlias

import omni.ui as ui

from portalis.translator.ui.style import panel_style
from tests.ui.widgets.colours import CONTROL, TEXT, Colour, blended, looked_up, ratio

# What is laid over something else on purpose, by the beginnings of their identifiers: what an empty field stands for, a list over the code.
_LAYERS = (("bound_", "port_"), ("hint_function", "function"), ("hint_picker", "picker_filter"), ("completions", "editor_scroll"))
_CONTROLS = ("Button", "StringField", "ComboBox", "CheckBox", "ProgressBar")
# How wide and high a text of a style is in its font, on one line.
Measure: TypeAlias = Callable[[str, str], tuple[float, float]]
# A position is a sum of shares of pixels.
_ROUNDING = 0.5
_LINE, _TICK = 17.0, 16.0


class Box(NamedTuple):
    """A rectangle, in points."""

    left: float
    top: float
    right: float
    bottom: float

    def within(self, other: Box) -> Box:
        """Return what two have in common; nothing where `right` is left of `left`, or `bottom` above `top`."""
        return Box(*map(max, self[:2], other[:2]), *map(min, self[2:], other[2:]))

    def exceeds(self, other: Box, tolerance: float) -> bool:
        """Tell whether some of it is outside."""
        return any(low < limit - tolerance for low, limit in zip(self[:2], other[:2], strict=True)) or any(
            high > limit + tolerance for high, limit in zip(self[2:], other[2:], strict=True)
        )

    @property
    def some(self) -> bool:
        """Whether there is anything of it, more than a line between two pixels."""
        return self.right - self.left > 1.0 and self.bottom - self.top > 1.0


@dataclass(frozen=True, slots=True)
class Piece:
    """Something with text or for a hand, or a ground: its box, and that of its text; what may be seen of it, and where more is scrolled to.

    `row` numbers the horizontal stack that it is in line with others of, `above` are the identifiers around it.
    """

    kind: str
    name: str
    identifier: str
    text: str
    box: Box
    words: Box
    clip: Box
    reach: Box
    elided: bool
    tooltip: str
    row: int
    above: tuple[str, ...]
    enabled: bool

    def __str__(self) -> str:
        return f"{self.kind} {self.identifier or self.text[:40]!r}"

    @property
    def seen(self) -> Box:
        """What is seen of it, or of its text where that is all there is."""
        return (self.words.within(self.box) if self.kind == "Label" else self.box).within(self.clip)


_WIDE = 1e9
_EVERYWHERE = Box(-_WIDE, -_WIDE, _WIDE, _WIDE)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a widget is found: what its ancestors show, how far they scroll, and its row."""

    clip: Box
    reach: Box
    row: int = 0
    above: tuple[str, ...] = ()


def pieces(root: Any, width: float, height: float, measure: Measure) -> list[Piece]:
    """Return what is in a window of this size in points, in the order in which it is drawn; `measure` tells how large a text is."""
    rows = itertools.count(1)
    window = Box(0.0, 0.0, width, height)
    return list(_pieces(root, _Place(window, window), rows, measure))


def _pieces(widget: Any, place: _Place, rows: Iterator[int], measure: Measure) -> Iterator[Piece]:
    if widget is None or not widget.visible:
        return
    kind, box = type(widget).__name__, box_of(widget)
    above = (*place.above, widget.identifier) if widget.identifier else place.above
    place = replace(place, above=above)
    if kind == "Rectangle" or (kind in ("Label", *_CONTROLS) and widget.name not in ("ruler", "unseen")):
        yield _piece(widget, kind, box, place, measure)
    children = ui.Inspector.get_children(widget)
    if kind == "ScrollingFrame":
        place = _scrolled(widget, box, place)
    elif kind == "Frame" and (widget.horizontal_clipping or widget.vertical_clipping):
        place = replace(place, clip=place.clip.within(box))
    elif kind == "HStack":
        place = replace(place, row=next(rows))
    if kind in ("Frame", "ScrollingFrame", "Placer") or (
        kind == "VStack" and sum(not isinstance(child, ui.Spacer) for child in children) > 1
    ):
        # What stands one above the other, or has a frame of its own, is in line with nothing beside it.
        place = replace(place, row=0)
    for child in drawn(children, place.clip) if kind == "TreeView" else children:
        yield from _pieces(child, place, rows, measure)


def drawn(cells: Iterable[Any], clip: Box) -> Iterator[Any]:
    """Give the cells of a tree that are drawn: those that were scrolled away are still where they were drawn last."""
    row, taken = Box(0.0, -_WIDE, 0.0, -_WIDE), set()
    for cell in filter(None, cells):
        box = box_of(cell)
        # It is in the row of the one before, or in one below.
        follows = box.top == row.top or box.top >= row.bottom - _ROUNDING
        if follows and box[:2] not in taken and box.within(clip).some:
            row = box
            taken.add(box[:2])
            yield cell


def box_of(widget: Any) -> Box:
    """Return where a widget is on the screen."""
    left, top = widget.screen_position_x, widget.screen_position_y
    return Box(left, top, left + widget.computed_width, top + widget.computed_height)


def _scrolled(widget: Any, box: Box, place: _Place) -> _Place:
    """Follow a frame that scrolls: what is beyond its edge is cut off, unless there is a bar to reach it by."""
    off = ui.ScrollBarPolicy.SCROLLBAR_ALWAYS_OFF
    across, down = widget.horizontal_scrollbar_policy != off, widget.vertical_scrollbar_policy != off
    inside = place.reach.within(box)
    reach = Box(
        -_WIDE if across else inside.left,
        -_WIDE if down else inside.top,
        _WIDE if across else inside.right,
        _WIDE if down else inside.bottom,
    )
    return replace(place, clip=place.clip.within(box), reach=reach)


def _piece(widget: Any, kind: str, box: Box, place: _Place, measure: Measure) -> Piece:
    text = widget.text if kind in ("Label", "Button") else ""
    words, elided = box, False
    if kind == "Label":
        elided = widget.elided_text
        if not widget.word_wrap:
            # What may be shortened is not asked: omni.ui tells how wide it is then, and at another scale than 1 shortens it more.
            size = measure(text, widget.name) if elided else (widget.exact_content_width, widget.exact_content_height)
            words = _words(box, widget.alignment.name, *size)
        else:
            # Where it breaks within a word, omni.ui measures a line more than it draws.
            height, room = widget.exact_content_height, box.bottom - box.top
            words = Box(box.left, box.top, box.right, box.top + (height if height <= room else max(room, height - _LINE)))
    elif kind == "CheckBox":
        # It is drawn at the top of its room.
        words = Box(box.left, box.top, box.right, min(box.bottom, box.top + _TICK))
    elif kind == "Button":
        words = _words(
            box, "CENTER", measure(text, "")[0] + 2.0 * looked_up("Button", f"::{widget.name}", "", "padding"), box.bottom - box.top
        )
    tooltip = widget.tooltip or ""
    return Piece(
        kind,
        f"::{widget.name}" if widget.name else "",
        widget.identifier or "",
        text,
        box,
        words,
        place.clip,
        place.reach,
        elided,
        tooltip,
        0 if kind == "Label" and widget.word_wrap else place.row,
        place.above,
        widget.enabled,
    )


def _words(box: Box, alignment: str, width: float, height: float) -> Box:
    """Return where a text of one line is in its box."""
    left = box.right - width if "RIGHT" in alignment else box.left if "LEFT" in alignment else (box.left + box.right - width) / 2.0
    down = "TOP" in alignment or "BOTTOM" in alignment
    top = box.top if "TOP" in alignment else box.bottom - height if down else (box.top + box.bottom - height) / 2.0
    return Box(left, top, left + width, top + height)


# ------------------------------------------------------------------------------------------------------------------- faults
def cut_off(found: Sequence[Piece]) -> Iterator[str]:
    """Name what is not seen whole: text wider or higher than its room, and not told whole by a tooltip; what no bar scrolls to."""
    for piece in found:
        if piece.kind == "Rectangle":
            continue
        # A line is as high as its font, and measured a point higher.
        if (
            piece.text
            and piece.words.exceeds(piece.box, _ROUNDING + (piece.box.bottom - piece.box.top) / 15.0)
            and not (piece.elided and "".join(piece.text.split()) in "".join(piece.tooltip.split()))
        ):
            yield f"{piece} has no room for {piece.text!r}: {_size(piece.words)} in {_size(piece.box)}"
        if piece.box.exceeds(piece.reach, 1.0) and (piece.kind != "Label" or piece.text):
            yield f"{piece} is out of reach: {piece.box} of {piece.reach}"


def overlaps(found: Sequence[Piece]) -> Iterator[str]:
    """Name what lies on something else."""
    seen = [(piece.seen, piece) for piece in found if piece.kind != "Rectangle" and (piece.kind != "Label" or piece.text)]
    solid = sorted(((box, piece) for box, piece in seen if box.some), key=lambda item: item[0].top)
    for index, (box, first) in enumerate(solid):
        for other, second in solid[index + 1 :]:
            if other.top >= box.bottom:
                # So are all that follow.
                break
            if box.within(other).some and not _layered(first, second):
                yield f"{first} lies on {second}"


def _layered(first: Piece, second: Piece) -> bool:
    for upper, lower in _LAYERS:
        for one, other in ((first, second), (second, first)):
            if any(name.startswith(upper) for name in one.above) and any(name.startswith(lower) for name in other.above):
                return True
    return False


def out_of_line(found: Sequence[Piece], edges: Iterable[tuple[str, Sequence[str]]]) -> Iterator[str]:
    """Name what is more than a point off: of its row's middle, or of the edge that it shares with others."""
    rows: dict[int, list[Piece]] = {}
    for piece in found:
        if piece.row and piece.kind != "Rectangle" and (piece.kind != "Label" or piece.text):
            rows.setdefault(piece.row, []).append(piece)
    for row in rows.values():
        middles = [(piece.words.top + piece.words.bottom) / 2.0 for piece in row]
        if max(middles) - min(middles) > 1.0:
            yield "not in one line: " + ", ".join(f"{piece} at {middle:g}" for piece, middle in zip(row, middles, strict=True))
    named = {piece.identifier: piece.box for piece in found if piece.identifier}
    for side, group in edges:
        places = {name: getattr(named[name], side) for name in group if name in named}
        if places and max(places.values()) - min(places.values()) > 1.0:
            yield f"not at one {side} edge: {places}"


def hard_to_read(found: Sequence[Piece]) -> Iterator[str]:
    """Name text and edges of controls that are too little different from what is drawn below them."""
    grounds: list[Piece] = []
    for piece in found:
        if piece.kind == "Rectangle":
            grounds.append(piece)
        elif piece.seen.some and (piece.text or piece.kind in ("StringField", "ComboBox")):
            yield from _told(piece, _under(piece, grounds))


def _under(piece: Piece, grounds: Sequence[Piece]) -> Colour:
    colour: Colour = (0.0, 0.0, 0.0)
    x, y = (piece.seen.left + piece.seen.right) / 2.0, (piece.seen.top + piece.seen.bottom) / 2.0
    for ground in grounds:
        box = ground.box.within(ground.clip)
        if box.left <= x <= box.right and box.top <= y <= box.bottom:
            packed = looked_up("Rectangle", ground.name, "", "background_color")
            colour = blended(packed, colour) if packed is not None else colour
    return colour


def _told(piece: Piece, under: Colour) -> Iterator[str]:
    state = "" if piece.enabled else ":disabled"
    kind = {"StringField": "Field"}.get(piece.kind, piece.kind)
    if kind == "Label":
        front, back = looked_up(kind, piece.name, "", "color"), under
    else:
        back = blended(looked_up(kind, piece.name, state, "background_color"), under)
        front = looked_up("Button.Label" if kind == "Button" else kind, piece.name, state, "color")
        edge = looked_up(kind, piece.name, state, "border_color")
        if piece.enabled and looked_up(kind, piece.name, state, "border_width") and ratio(blended(edge, under), under) < CONTROL:
            yield f"the edge of {piece} is {ratio(blended(edge, under), under):.2f} : 1"
    # Of what is off as well: its word tells what there is to do later.
    if ratio(blended(front, back), back) < TEXT - 0.005:
        yield f"{piece} is {ratio(blended(front, back), back):.2f} : 1"


def unexplained(found: Sequence[Piece]) -> Iterator[str]:
    """Name what can be clicked and does not say what it does."""
    for piece in found:
        # One of a list of things to choose says what it is by its own words: what lay beside the pointer would hide the next one.
        if piece.kind in ("Button", "ComboBox") and not piece.tooltip and piece.name != "::choice":
            yield f"{piece} has no tooltip"


def _size(box: Box) -> str:
    return f"{box.right - box.left:.0f}×{box.bottom - box.top:.0f}"


class Tape:
    """Measures texts in the window's font, each once: labels that nobody sees."""

    def __init__(self, frames: Callable[[int], None]) -> None:
        self._frames = frames
        self._known: dict[tuple[str, str], tuple[float, float]] = {}

    def learn(self, texts: Iterable[tuple[str, str]]) -> None:
        """Measure these, each with the name of its style, all in one frame."""
        wanted = sorted(set(texts) - self._known.keys())
        if not wanted:
            return
        # What has the focus keeps it: a list of names is there while the editor is typed into.
        flags = ui.WINDOW_FLAGS_NO_TITLE_BAR | ui.WINDOW_FLAGS_NO_FOCUS_ON_APPEARING | ui.WINDOW_FLAGS_NO_MOUSE_INPUTS
        window = ui.Window("tape", width=10, height=10, flags=flags)
        with window.frame, ui.ZStack(style=panel_style()):
            labels = []
            for text, name in wanted:
                with ui.Placer():
                    labels.append(ui.Label(text, name=name, width=0))
        self._frames(2)
        sizes = ((float(label.exact_content_width), float(label.exact_content_height)) for label in labels)
        self._known |= dict(zip(wanted, sizes, strict=True))
        window.visible = False
        window.destroy()

    def __call__(self, text: str, name: str) -> tuple[float, float]:
        return self._known.get((text, name), (0.0, 0.0))


def measured(widget: Any) -> Iterator[tuple[str, str]]:
    """Give the text of every visible button, and of every label that may be shortened, with the name of its style."""
    if widget is None or not widget.visible:
        return
    if isinstance(widget, ui.Button):
        yield widget.text, ""
    elif isinstance(widget, ui.Label) and widget.elided_text:
        yield widget.text, widget.name
    for child in ui.Inspector.get_children(widget):
        yield from measured(child)
