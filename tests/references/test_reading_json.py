"""`json.loads` where an annotation says what a text holds: CPython's value or exception, or a guard."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from portalis.translator import translate
from portalis.translator.diagnostics import GuardError, TranslationError

# Of each annotation a text that is an example, and further ones; most are then spoilt.
TEXTS: dict[str, tuple[str, ...]] = {
    "list[int]": ("[1, 2]", "[]", " [ 1 ,-20]\n", "[-0, 9223372036854775807]", "[0,10\t,\r3]", "[9223372036854775808]", "\ufeff[1]"),
    "dict[str, list[float]]": ('{"a": [1.5, 2.0], "bc": []}', "{}", '{"a": [1e3, -2.5E-1, 0.1e+400], "a" : [-0.0]}'),
    "dict[str, dict[str, str]]": (
        r'{"a": {"b": "c\n\u00e9\ud83d\ude00", "d": ""}}',
        r'{"a": {"x": "\"\\\/\b\f\t\r\ud83d \ude00 \ud83dx \ud83d\u0041"}, "a": {}, "b": {"": "é😀\u2028"}}',
    ),
    "list[list[bool]]": ("[[true], [false, true]]", "[[], []]"),
}
# Of other types than are annotated, or worded otherwise from version to version.
OTHERS = ("[1.0]", "[true]", "null", "1", "[1,]", '{"a": [1]}', '{"a": NaN}', "Infinity", "[NaN]", '{"a": {"b": 1}}', '"\\x"', '"\\u12"')


def spoilt(text: str, source: random.Random) -> str:
    at = source.randrange(len(text) + 1)
    return source.choice((
        text[:at],
        text[:at] + source.choice('",:[]{}\\ 0-e.t\n\x01é') + text[at:],
        text[:at] + text[at + 1 :],
        text + source.choice(" x]},"),
    ))  # fmt: skip


@pytest.mark.parametrize("annotation", TEXTS)
def test_a_text_is_what_cpython_reads(annotation: str) -> None:
    bound = f"import json\ndef f(s: str):\n    x: {annotation} = json.loads(s)\n    return x\n"
    given = f"from json import loads as read\ndef f(s: str) -> {annotation}:\n    return read(s)\n"
    found = translate(bound if annotation.startswith("list") else given, "f", [f"f({TEXTS[annotation][0]!r})"])
    source, read = random.Random(annotation), 0
    for text in [*TEXTS[annotation], *OTHERS, *(spoilt(text, source) for text in TEXTS[annotation] * 12)]:
        try:
            expected: Any = json.loads(text)
        except ValueError as error:
            expected = error
        try:
            value = repr(found(text))
        except GuardError:
            continue
        except ValueError as error:
            assert type(error).__name__ == type(expected).__name__ and error.args == expected.args, text
        else:
            assert value == repr(expected), text
            read += 1
    assert read >= len(TEXTS[annotation]) - 2


def test_what_is_of_another_type_is_a_guard() -> None:
    found = translate("import json\ndef f(s: str) -> list[int]:\n    return json.loads(s)\n", "f", ["f('[1, 2]')"])
    for text in OTHERS:
        with pytest.raises(GuardError):
            found(text)


def test_another_function_of_that_name_gets_nothing() -> None:
    source = (
        "class json:\n    @staticmethod\n    def loads(s, like=3):\n        return like\n"
        "def f(s: str) -> int:\n    x: int = json.loads(s)\n    return x\n"
    )
    assert translate(source, "f", ["f('5')"])("7") == 3


@pytest.mark.parametrize("annotation", ["", " -> list", " -> dict[int, int]"])
def test_what_nobody_says_is_refused(annotation: str) -> None:
    with pytest.raises(TranslationError) as caught:
        translate(f"import json\ndef f(s: str){annotation}:\n    return json.loads(s)\n", "f", ["f('[1, 2]')"])
    assert [one.code for one in caught.value.diagnostics] == ["P0308"]
