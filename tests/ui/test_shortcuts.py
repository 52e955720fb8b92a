"""The list of keys says of every key what it does, and of none that does nothing."""

from __future__ import annotations

import itertools

from portalis.translator.ui.actions import ACTIONS
from portalis.translator.ui.models import editor_keys as keys
from portalis.translator.ui.models.completing import Completion
from portalis.translator.ui.models.editor_text import EditorText
from portalis.translator.ui.shortcuts import SHORTCUTS, all_keys, shortcut_of

# Characters, line ends, tabs and the clipboard come to a text in other ways than as keys.
_OTHERWISE = {(keys.ENTER, 0), (keys.TAB, 0), *((ord(letter), keys.CONTROL) for letter in "CXV")}
_EVERY = [
    (key, modifiers) for key, modifiers in itertools.product(range(350), (0, keys.SHIFT, keys.CONTROL, keys.CONTROL | keys.SHIFT, keys.ALT))
]


def _listed() -> set[tuple[int, int]]:
    return {key for _, together in keys.LISTED for key in together}


def test_every_key_of_the_editor_is_listed_and_every_one_listed_does_something() -> None:
    def does(key: int, modifiers: int) -> bool:
        text = EditorText()
        text.reset("one = two\nthree = four\n")
        completion = Completion(text, tuple)
        return completion.press(key, modifiers) or keys.press(text, key, modifiers, 10)

    done = {key for key in _EVERY if does(*key)}
    # With Shift a key does what it does without, and selects.
    plain = {key for key in done if not (key[1] & keys.SHIFT and (key[0], key[1] & ~keys.SHIFT) in done) or key in _listed()}
    assert plain | {(keys.ESCAPE, 0)} | _OTHERWISE == _listed()


def test_no_key_is_listed_twice() -> None:
    every = [key for _, together in keys.LISTED for key in together]
    assert len(every) == len(set(every)) and not set(every) & {(item.key, item.modifiers) for item in SHORTCUTS}


def test_every_key_of_the_window_is_listed_as_it_is_pressed() -> None:
    pressed = {item for key in _EVERY if (item := shortcut_of(*key)) is not None}
    assert pressed == set(SHORTCUTS)
    assert all(item.label == keys.label_of(item.key, item.modifiers) for item in SHORTCUTS)
    said = dict(all_keys(own_editor=True))
    assert all(said[item.label] == item.does for item in SHORTCUTS)
    assert {action.key for action in ACTIONS if action.key} <= said.keys()


def test_the_list_of_a_host_with_an_editor_of_its_own_says_nothing_of_ours() -> None:
    assert "Ctrl+Space" in dict(all_keys(own_editor=True)) and "Ctrl+Space" not in dict(all_keys(own_editor=False))
