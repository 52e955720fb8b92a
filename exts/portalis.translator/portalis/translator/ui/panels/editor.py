"""The studio's editor: a text drawn as rows of labels, a caret, keys. A field of omni.ui's has no colours and does not tell its caret."""

from __future__ import annotations

import time
from collections.abc import Sequence

import omni.ui as ui

from portalis.translator.ui.models import editor_keys as keys
from portalis.translator.ui.models.cells import cell_of, column_at
from portalis.translator.ui.models.colours import Colours
from portalis.translator.ui.models.completing import Completion
from portalis.translator.ui.models.editing import Marker
from portalis.translator.ui.models.editor_text import EditorText, Place
from portalis.translator.ui.models.names import known_names
from portalis.translator.ui.models.window import PanelModel
from portalis.translator.ui.panels.clipboard import copy, pasted
from portalis.translator.ui.panels.code_rows import GUTTER, ROW_HEIGHT, CodeRows, Ruler
from portalis.translator.ui.panels.completions import CompletionList
from portalis.translator.ui.panels.typing import TypedText

# What comes in one frame is typed up to here, and pasted beyond.
_MOST_TYPED = 3
# A key that is held does its work again: after the first of these, then each time after the second.
_BEFORE_REPEAT, _BETWEEN_REPEATS = 0.4, 0.035


class Editor:
    """Edits `model.pad`, and tells the model what is typed. Draws in `tick` alone."""

    def __init__(self, identifier: str, model: PanelModel) -> None:
        self._model = model
        self.pad: EditorText = model.pad
        self._markers: Sequence[Marker] = ()
        self._colours = Colours()
        # What the front-end knows is imported when it is asked for first: before anybody types, whose first word would wait for it.
        known_names(())
        self.completion = Completion(self.pad, lambda: known_names(model.ports.names()))
        # Whether names are to be offered for what was typed, and for which text and caret they were.
        self._look_for_names = False
        self._offered: object = None
        self._coloured = self._told = -1
        self._reveal = 0
        self._drawn: object = None
        self._mouse_is_down = False
        self._repeated: tuple[int, int] | None = None
        self._repeat_at = 0.0
        with ui.ZStack():
            self._typed = TypedText(self._take)
            self._ruler = Ruler()
            self._scroll = ui.ScrollingFrame(
                horizontal_scrollbar_policy=ui.ScrollBarPolicy.SCROLLBAR_AS_NEEDED,
                vertical_scrollbar_policy=ui.ScrollBarPolicy.SCROLLBAR_AS_NEEDED,
                identifier=f"{identifier}_scroll",
            )
            with self._scroll:
                self._body = ui.ZStack()
                with self._body:
                    self._ground = ui.Rectangle(name="clear", identifier=identifier)
                    self._under = ui.Frame()
                    self._rows = CodeRows(self._ruler)
                    with ui.Placer() as self._caret_place:
                        self._caret = ui.Rectangle(name="caret", width=2, height=ROW_HEIGHT - 2, visible=False)
            self._names = CompletionList(self.completion, self._take_name)
        self._ground.set_mouse_pressed_fn(self._mouse_pressed)
        self._ground.set_mouse_moved_fn(self._mouse_moved)
        self._ground.set_mouse_released_fn(self._mouse_released)
        self._ground.set_mouse_double_clicked_fn(self._mouse_double_clicked)

    # ------------------------------------------------------------------------------------------------ what a CodeEditor does
    def set_text(self, text: str) -> None:
        """Replace the text, without telling anybody; the same text keeps what can be undone. Its beginning is in view."""
        if text != self.pad.text:
            self.pad.reset(text)
        elif self._told != -1:
            # An editor that is built anew goes on where the one before was.
            self.pad.place(Place(0, 0))
        self._reveal = 2
        self._told = self.pad.version

    def set_markers(self, markers: Sequence[Marker]) -> None:
        """Mark these places, and no others."""
        self._markers = tuple(markers)

    def show_place(self, line: int, column: int) -> None:
        """Put the caret at a place (from 1), in view."""
        self.pad.place(self.pad.nearest(line - 1, column - 1))
        self._scroll.scroll_x = 0.0
        self._scroll.scroll_y = max(0.0, (line - 1) * ROW_HEIGHT - self._scroll.computed_height / 3.0)
        self._reveal = 2
        self.focus()

    def focus(self) -> None:
        """Take what is typed from now on."""
        self._typed.focus()

    def leave(self) -> None:
        """Let another field have what is typed."""
        self._typed.leave()

    def press(self, key: int, modifiers: int, down: bool) -> bool:
        """Do what a key of the window does here; False where it does nothing."""
        if not down:
            self._repeated = None
            return False
        if not self._typed.focused:
            return False
        # The field does what a key means to it as well: nobody sees that, but its focus goes, and Control or Escape may bring text back.
        if keys.held(modifiers) & keys.CONTROL or key == keys.ESCAPE:
            self._typed.ignore()
        self._typed.keep()
        if self._clipboard(key, modifiers) or self._press(key, modifiers):
            self._repeated, self._repeat_at = (key, modifiers), time.monotonic() + _BEFORE_REPEAT
            if keys.held(modifiers) & keys.SHIFT or (key, keys.held(modifiers)) == (ord("A"), keys.CONTROL):
                # What is selected in the field as well would be replaced by what is typed next.
                self.focus()
            return True
        return False

    def tick(self) -> None:
        """Draw what changed since the last frame."""
        self._typed.tick(self._mouse_is_down)
        now = time.monotonic()
        if self._repeated is not None and now >= self._repeat_at:
            self._repeat_at = now + _BETWEEN_REPEATS
            self._press(*self._repeated)
        if self._told != self.pad.version:
            self._told = self.pad.version
            self._model.edit(self.pad.text)
        if self._coloured != self.pad.version:
            self._coloured = self.pad.version
            self._colours.take(self.pad.lines)
        self._colours.step()
        self._offer_names()
        measured = self._ruler.measure()
        if self._reveal:
            self._reveal -= 1
            self._bring_into_view()
        self._draw(measured)

    def destroy(self) -> None:
        """Let go of the field's model."""
        self._typed.destroy()

    # ---------------------------------------------------------------------------------------------------------------- keys
    def _press(self, key: int, modifiers: int) -> bool:
        if self.completion.press(key, modifiers):
            self._look_for_names = self._look_for_names or not self.completion.is_open
            return True
        done = keys.press(self.pad, key, modifiers, self._lines_in_view())
        self._look_for_names = key == keys.BACKSPACE and self.completion.is_open
        if done:
            self._reveal = 2
        return done

    def _clipboard(self, key: int, modifiers: int) -> bool:
        if keys.held(modifiers) != keys.CONTROL or key not in map(ord, "CXV"):
            return False
        if key == ord("V"):
            self.pad.insert(pasted())
        elif self.pad.selected:
            copy(self.pad.selected if key == ord("C") else self.pad.cut())
        self._reveal = 2
        return True

    def _take(self, text: str) -> None:
        """Take what was typed: character by character, so that a line end indents; what comes at once in numbers was pasted."""
        self._reveal = 2
        if len(text) > _MOST_TYPED:
            self.pad.insert(text)
            return
        self._look_for_names = text[-1].isidentifier() or text[-1].isdecimal() or text[-1] == "."
        for character in text:
            if character in "\n\t" and self.completion.is_open:
                self.completion.take()
            elif character == "\n":
                self.pad.enter()
            elif character == "\t":
                self.pad.tab()
            else:
                self.pad.type(character)

    # --------------------------------------------------------------------------------------------------------- completion
    def _offer_names(self) -> None:
        """Offer names for what was just typed; whatever else happens to text or caret closes the list."""
        now = self.pad.version, self.pad.caret, self.pad.anchor
        if self._look_for_names and self._colours.settled:
            self._look_for_names, self._offered = False, now
            self.completion.look(self._colours.parts)
        elif self.completion.is_open and not self._look_for_names and (now != self._offered or not self._typed.focused):
            self.completion.close()

    def _take_name(self, index: int) -> None:
        self.completion.take(index)
        self.focus()

    # --------------------------------------------------------------------------------------------------------------- mouse
    def _place_at(self, x: float, y: float) -> Place:
        line = int((y - self._ground.screen_position_y) // ROW_HEIGHT)
        if not 0 <= line < len(self.pad.lines):
            return self.pad.nearest(line, 0)
        cell = (x - self._ground.screen_position_x - GUTTER) / self._ruler.advance
        return Place(line, column_at(self.pad.lines[line], cell))

    def _mouse_pressed(self, x: float, y: float, button: int, modifiers: int) -> None:
        if button == 0:
            self._mouse_is_down = True
            self.pad.place(self._place_at(x, y), extend=bool(keys.held(modifiers) & keys.SHIFT))
            self.focus()

    def _mouse_moved(self, x: float, y: float, _modifiers: int, down: bool) -> None:
        if down and self._mouse_is_down:
            self.pad.place(self._place_at(x, y), extend=True)
            self._reveal = 1

    def _mouse_released(self, *_: object) -> None:
        self._mouse_is_down = False

    def _mouse_double_clicked(self, x: float, y: float, button: int, _modifiers: int) -> None:
        if button == 0:
            self.pad.select_word(self._place_at(x, y))

    # ------------------------------------------------------------------------------------------------------------- drawing
    def _lines_in_view(self) -> int:
        return max(1, int(self._scroll.computed_height // ROW_HEIGHT) - 1)

    def _x(self, place: Place) -> float:
        return GUTTER + cell_of(self.pad.lines[place.line], place.column) * self._ruler.advance

    def _bring_into_view(self) -> None:
        scroll, x, y = self._scroll, self._x(self.pad.caret), float(self.pad.caret.line * ROW_HEIGHT)
        if y < scroll.scroll_y:
            scroll.scroll_y = y
        elif y + 2 * ROW_HEIGHT > scroll.scroll_y + scroll.computed_height > 0.0:
            scroll.scroll_y = y + 2 * ROW_HEIGHT - scroll.computed_height
        if x + 20.0 <= scroll.computed_width:
            # What can be seen beside the beginnings of the lines is.
            scroll.scroll_x = 0.0
        elif x < scroll.scroll_x + GUTTER:
            scroll.scroll_x = x - GUTTER
        elif x + 20.0 > scroll.scroll_x + scroll.computed_width > 0.0:
            scroll.scroll_x = x + 20.0 - scroll.computed_width

    def _draw(self, measured: bool) -> None:
        pad, scroll = self.pad, self._scroll
        start = pad.nearest(*self.completion.start)
        x, top = self._x(start) - scroll.scroll_x, start.line * ROW_HEIGHT - scroll.scroll_y
        self._names.draw(x, top, scroll.computed_width, scroll.computed_height, self._ruler.advance)
        seen = scroll.scroll_x, scroll.scroll_y, scroll.computed_width, scroll.computed_height
        drawn = pad.version, pad.caret, pad.anchor, self._markers, self._typed.focused, seen, id(self._colours.parts)
        if drawn == self._drawn and not measured:
            return
        self._drawn = drawn
        widest = max(cell_of(line, len(line)) for line in pad.lines) + 2
        self._body.width = ui.Pixel(max(GUTTER + widest * self._ruler.advance, scroll.computed_width - 12.0))
        self._body.height = ui.Pixel(max((len(pad.lines) + 1) * ROW_HEIGHT, scroll.computed_height - 12.0))
        first = int(scroll.scroll_y // ROW_HEIGHT)
        current = pad.caret.line if self._typed.focused else -1
        self._rows.draw(pad.lines, self._colours.parts, self._markers, first, scroll.computed_height, current)
        self._rows.keep_gutter(scroll.scroll_x)
        self._draw_selection(first)
        # What is scrolled away to the side lies under the numbers.
        self._caret.visible = self._typed.focused and self._x(pad.caret) >= scroll.scroll_x + GUTTER - 4
        self._caret_place.offset_x, self._caret_place.offset_y = self._x(pad.caret) - 1.0, pad.caret.line * ROW_HEIGHT + 1

    def _draw_selection(self, first: int) -> None:
        start, end = self.pad.selection
        self._under.clear()
        if start == end:
            return
        last = min(end.line, first + self._lines_in_view() + 3)
        with self._under, ui.ZStack():
            for line in range(max(start.line, first), last + 1):
                left = self._x(start) if line == start.line else float(GUTTER)
                # A line end that is selected shows as half a character.
                right = self._x(end) if line == end.line else self._x(Place(line, len(self.pad.lines[line]))) + self._ruler.advance / 2
                with ui.Placer(offset_x=left, offset_y=line * ROW_HEIGHT):
                    ui.Rectangle(name="selection", width=ui.Pixel(max(right - left, 0.0)), height=ROW_HEIGHT)
