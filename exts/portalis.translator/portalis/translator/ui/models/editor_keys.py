"""Which key does what to a text; characters, line ends and tabs come as text."""

from __future__ import annotations

from collections.abc import Callable

from portalis.translator.ui.models.editor_text import EditorText

# Keys as GLFW counts them; letters are their capitals.
ENTER, TAB, ESCAPE, F1 = 257, 258, 256, 290
BACKSPACE, DELETE = 259, 261
RIGHT, LEFT, DOWN, UP = 262, 263, 264, 265
PAGE_UP, PAGE_DOWN, HOME, END = 266, 267, 268, 269
SPACE = 32
SHIFT, CONTROL, ALT, SUPER = 1, 2, 4, 8

_MOVES: dict[tuple[int, int], Callable[[EditorText, bool, int], None]] = {
    (LEFT, 0): lambda text, extend, _: text.left(extend),
    (RIGHT, 0): lambda text, extend, _: text.right(extend),
    (UP, 0): lambda text, extend, _: text.down(extend, -1),
    (DOWN, 0): lambda text, extend, _: text.down(extend),
    (PAGE_UP, 0): lambda text, extend, page: text.down(extend, -page),
    (PAGE_DOWN, 0): lambda text, extend, page: text.down(extend, page),
    (HOME, 0): lambda text, extend, _: text.home(extend),
    (END, 0): lambda text, extend, _: text.to_end(extend),
    (LEFT, CONTROL): lambda text, extend, _: text.word_left(extend),
    (RIGHT, CONTROL): lambda text, extend, _: text.word_right(extend),
    (HOME, CONTROL): lambda text, extend, _: text.top(extend),
    (END, CONTROL): lambda text, extend, _: text.bottom(extend),
}
_EDITS: dict[tuple[int, int], Callable[[EditorText], None]] = {
    (BACKSPACE, 0): EditorText.backspace,
    (BACKSPACE, SHIFT): EditorText.backspace,
    (BACKSPACE, CONTROL): EditorText.backspace_word,
    (DELETE, 0): EditorText.delete,
    (DELETE, CONTROL): EditorText.delete_word,
    (TAB, SHIFT): EditorText.dedent,
    (ord("A"), CONTROL): EditorText.select_all,
    (ord("Z"), CONTROL): EditorText.undo,
    (ord("Z"), CONTROL | SHIFT): EditorText.redo,
    (ord("Y"), CONTROL): EditorText.redo,
}
_NAMES = {ENTER: "Enter", TAB: "Tab", ESCAPE: "Escape", BACKSPACE: "Backspace", DELETE: "Delete", SPACE: "Space"}
_NAMES |= {RIGHT: "Right", LEFT: "Left", DOWN: "Down", UP: "Up", PAGE_UP: "PageUp", PAGE_DOWN: "PageDown", HOME: "Home", END: "End"}
_NAMES |= {F1 + number: f"F{number + 1}" for number in range(12)}
# What the keys of the editor do, for whoever looks for them.
LISTED: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = (
    ("undo what was typed", ((ord("Z"), CONTROL),)),
    ("do again what was undone", ((ord("Y"), CONTROL), (ord("Z"), CONTROL | SHIFT))),
    ("copy, cut and paste", ((ord("C"), CONTROL), (ord("X"), CONTROL), (ord("V"), CONTROL))),
    ("select all", ((ord("A"), CONTROL),)),
    ("begin a line that is indented as this one", ((ENTER, 0),)),
    ("indent; take the name that is offered, as Enter does", ((TAB, 0),)),
    ("take the indentation of a level away", ((TAB, SHIFT),)),
    ("offer names for what is typed", ((SPACE, CONTROL),)),
    ("offer no names any more", ((ESCAPE, 0),)),
    ("a letter or a line on; choose among the names that are offered", ((LEFT, 0), (RIGHT, 0), (UP, 0), (DOWN, 0))),
    ("a word on", ((LEFT, CONTROL), (RIGHT, CONTROL))),
    ("to the beginning or the end of the line", ((HOME, 0), (END, 0))),
    ("to the beginning or the end of the text", ((HOME, CONTROL), (END, CONTROL))),
    ("as many lines on as are seen", ((PAGE_UP, 0), (PAGE_DOWN, 0))),
    ("delete a letter", ((BACKSPACE, 0), (DELETE, 0))),
    ("delete a word", ((BACKSPACE, CONTROL), (DELETE, CONTROL))),
)


def label_of(key: int, modifiers: int) -> str:
    """Return how a key with its modifiers is written, such as "Ctrl+Shift+Z"."""
    words = [word for bit, word in ((CONTROL, "Ctrl"), (SHIFT, "Shift"), (ALT, "Alt")) if modifiers & bit]
    return "+".join((*words, _NAMES.get(key) or chr(key)))


def held(modifiers: int) -> int:
    """Return which of Shift, Control and Alt are held. Command counts as Control."""
    known = modifiers & (SHIFT | CONTROL | ALT)
    return known | CONTROL if modifiers & SUPER else known


def press(text: EditorText, key: int, modifiers: int, page: int) -> bool:
    """Do what a key does to a text; False where it does nothing. `page` is how many lines are seen at once."""
    keys = held(modifiers)
    if (edit := _EDITS.get((key, keys))) is not None:
        edit(text)
        return True
    if (move := _MOVES.get((key, keys & ~SHIFT))) is not None:
        move(text, bool(keys & SHIFT), page)
        return True
    return False
