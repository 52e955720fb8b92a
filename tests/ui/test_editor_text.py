"""The editor's text against plain strings: every key does what it would do to a text with a bar in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portalis.translator.ui.models.cells import cell_of, column_at, pieces
from portalis.translator.ui.models.colours import Colours
from portalis.translator.ui.models.editor_text import EditorText, Place
from portalis.translator.ui.models.glyphs import PLACEHOLDER, glyphs

ALPHABET = st.text(st.sampled_from("ab_ :\t\n#.(λ"), max_size=30)
MOVES = ("left", "right", "word_left", "word_right", "down", "home", "to_end", "top", "bottom")
EDITS = ("enter", "tab", "dedent", "backspace", "delete", "backspace_word", "delete_word", "undo", "redo", "cut", "select_all")


def offset(text: EditorText, place: Place) -> int:
    """Return how many characters stand before a place."""
    return sum(len(line) + 1 for line in text.lines[: place.line]) + place.column


class Plain:
    """The same as one string with two numbers in it: what typing, removing and moving by one mean."""

    def __init__(self, text: str) -> None:
        self.text, self.caret, self.anchor = text, 0, 0

    def insert(self, text: str) -> None:
        start, end = sorted((self.caret, self.anchor))
        self.text = self.text[:start] + text + self.text[end:]
        self.caret = self.anchor = start + len(text)

    def move(self, by: int, extend: bool) -> None:
        start, end = sorted((self.caret, self.anchor))
        if start != end and not extend:
            self.caret = start if by < 0 else end
        else:
            self.caret = min(max(self.caret + by, 0), len(self.text))
        if not extend:
            self.anchor = self.caret

    def delete(self) -> None:
        if self.caret == self.anchor:
            self.anchor = min(self.caret + 1, len(self.text))
        self.insert("")


STEPS = st.one_of(
    st.tuples(st.just("insert"), ALPHABET),
    st.tuples(st.just("move"), st.sampled_from((-1, 1)), st.booleans()),
    st.tuples(st.just("delete")),
)


@given(ALPHABET, st.lists(STEPS, max_size=20))
def test_it_is_a_string_with_a_caret_in_it(begin: str, steps: list[tuple[object, ...]]) -> None:
    text, plain = EditorText(begin), Plain(begin)
    for name, *given_ in steps:
        if name == "move":
            by, extend = given_
            (text.left if by == -1 else text.right)(bool(extend))
        else:
            getattr(text, str(name))(*given_)
        getattr(plain, str(name))(*given_)
        assert (text.text, offset(text, text.caret), offset(text, text.anchor)) == (plain.text, plain.caret, plain.anchor)
        assert text.selected == plain.text[slice(*sorted((plain.caret, plain.anchor)))]


ANY = st.one_of(
    st.tuples(st.sampled_from(MOVES), st.booleans()),
    st.tuples(st.sampled_from(EDITS)),
    st.tuples(st.just("type"), st.sampled_from("ab (")),
    st.tuples(st.just("insert"), ALPHABET),
)


@given(ALPHABET, st.lists(ANY, max_size=25))
def test_undo_gives_the_first_text_back_and_redo_the_last(begin: str, steps: list[tuple[object, ...]]) -> None:
    text = EditorText(begin)
    for name, *given_ in steps:
        getattr(text, str(name))(*given_)
        for place in (text.caret, text.anchor):
            assert text.nearest(*place) == place, "in the text"
    while text._undone:
        text.redo()
    last = text.text
    for _ in range(60):
        text.undo()
    assert text.text == begin
    for _ in range(60):
        text.redo()
    assert text.text == last


def at(marked: str) -> EditorText:
    """Return a text with the caret where a bar stands, and what is between two of them selected."""
    first, _, rest = marked.partition("|")
    middle, bar, last = rest.partition("|")
    text = EditorText(first + middle + last)
    start = EditorText(first).end
    text.select(start, EditorText(first + middle).end if bar else start)
    return text


def shown(text: EditorText) -> str:
    start, end = text.selection
    places = sorted({offset(text, start), offset(text, end)}, reverse=True)
    shown = text.text
    for place in places:
        shown = shown[:place] + "|" + shown[place:]
    return shown


@pytest.mark.parametrize(
    ("before", "key", "after"),
    [
        ("    x = 1|", "enter", "    x = 1\n    |"),
        ("  if x:|", "enter", "  if x:\n      |"),
        ("if x:  # why|", "enter", "if x:  # why\n    |"),
        ("# note:|", "enter", "# note:\n|"),
        ("s = '#':|", "enter", "s = '#':\n    |"),
        ("if x: | y", "enter", "if x: \n    | y"),
        ("|a|b", "enter", "\n|b"),
        ("  |x", "enter", "\n  |x"),
        ("def f():\n    |", "enter", "def f():\n\n    |"),
        ("ab|", "tab", "ab  |"),
        ("|", "tab", "    |"),
        ("|a\n\nb|", "tab", "|    a\n\n    b|"),
        ("|a\nb\n|c", "tab", "|    a\n    b\n|c"),
        ("      x|", "dedent", "    x|"),
        ("|  a\n      b|", "dedent", "|a\n    b|"),
        ("\tx|", "dedent", "x|"),
        ("x|", "dedent", "x|"),
        ("        |x", "backspace", "    |x"),
        ("      |x", "backspace", "    |x"),
        ("a |x", "backspace", "a|x"),
        ("a\n|x", "backspace", "a|x"),
        ("foo.bar|", "backspace_word", "foo.|"),
        ("|foo.bar", "delete_word", "|.bar"),
        ("    ab|", "home", "    |ab"),
        ("    |ab", "home", "|    ab"),
    ],
)
def test_a_key(before: str, key: str, after: str) -> None:
    text = at(before)
    getattr(text, key)()
    assert shown(text) == after
    if text.text != before.replace("|", ""):
        text.undo()
        assert shown(text) == before


def test_a_column_is_kept_through_a_short_line() -> None:
    text = at("long line|\nx\nlong again")
    text.down()
    assert text.caret == Place(1, 1)
    text.down()
    assert text.caret == Place(2, 9)
    text.down(count=-2)
    assert text.caret == Place(0, 9)


def test_a_word_is_undone_at_once() -> None:
    text = EditorText()
    for character in "two words":
        text.type(character)
    text.undo()
    assert text.text == "two "
    text.undo()
    text.undo()
    assert text.text == ""
    text.redo()
    assert text.text == "two"


def test_a_word_is_selected() -> None:
    text = at("x = Gf.Vec3d|(1)")
    text.select_word(Place(0, 5))
    assert text.selected == "Gf"


def kinds(text: str) -> list[list[tuple[str, str]]]:
    """Return what is coloured of each line, once the whole text was looked at."""
    colours, lines = Colours(), text.split("\n")
    colours.take(lines)
    colours.step(60.0)
    return [[(line[start:end], kind) for start, end, kind in parts] for line, parts in zip(lines, colours.parts, strict=True)]


def test_colours_of_a_text_that_tokenizes_and_of_one_that_does_not() -> None:
    assert kinds("def f(x):  # why\n    return len('a')") == [
        [("def", "keyword"), ("f", "defined"), ("# why", "comment")],
        [("return", "keyword"), ("len", "builtin"), ("'a'", "string")],
    ]
    assert kinds('x = """a\nb\n""" + 1') == [[('"""a', "string")], [("b", "string")], [('"""', "string"), ("1", "number")]]
    assert kinds('x = 1\nr"""a\n\nb "c" # d') == [[("1", "number")], [('r"""a', "string")], [], [('b "c" # d', "string")]]
    assert kinds("(\n'''\nb''' + 1\nd") == [[], [("'''", "string")], [("b'''", "string"), ("1", "number")], []]
    assert kinds("if x\n  (\n 'open\nreturn 2") == [
        [("if", "keyword")],
        [],
        [("'open", "string")],
        [("return", "keyword"), ("2", "number")],
    ]


@given(st.lists(ALPHABET, min_size=1, max_size=4))
def test_colours_fit_the_lines_whatever_was_typed(texts: list[str]) -> None:
    colours = Colours()
    for text in texts:
        lines = text.split("\n")
        colours.take(lines)
        assert len(colours.parts) == len(lines)
    colours.step(60.0)
    for line, parts in zip(lines, colours.parts, strict=True):
        drawn = [" "] * (cell_of(line, len(line)) + 1)
        for cell, run, _ in pieces(line, parts, fixed=True):
            drawn[cell : cell + len(run)] = run
        assert "".join(drawn).rstrip() == glyphs(line).expandtabs(8).rstrip()


@pytest.mark.parametrize("character", "–—“”‘’€→≤≥π中🙂\u00a0\u00ad\u200b\ufeff\u2028\x0c")
def test_what_the_font_does_not_draw_has_a_placeholder(character: str) -> None:
    (*_, (cell, text, _), _) = pieces(f"x{character}y", [], fixed=True)
    assert (cell, text) == (1, PLACEHOLDER)


def test_what_the_font_draws_is_drawn() -> None:
    line = "x = '… ° × ² µ ä ß é ·'"
    drawn = [" "] * len(line)
    for cell, run, _ in pieces(line, [], fixed=True):
        drawn[cell : cell + len(run)] = run
    assert "".join(drawn) == line


@given(ALPHABET.map(lambda text: text.replace("\n", "")), st.floats(-2.0, 80.0))
def test_a_click_is_at_the_nearest_column(line: str, cell: float) -> None:
    column = column_at(line, cell)
    assert all(abs(cell_of(line, column) - cell) <= abs(cell_of(line, other) - cell) for other in range(len(line) + 1))
