"""Every public method of Python's containers against CPython, and docs/methods.md, which tells of it."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate
from scripts.write_methods_page import PAGE, page
from tests.references.methods import Shape, outcome, shapes
from tests.semantics.objects import EXECUTORS

# One way in so many runs in wasm too; the page's program runs all of them there.
SAMPLED = 25


def rows(text: str) -> dict[tuple[str, str], tuple[int, int, int, str]]:
    """Return what a page says of each method: how many ways are translated, of how many, how many calls are stopped, what is refused."""
    found, owner = {}, ""
    for line in text.splitlines():
        owner = line.removeprefix("## ") if line.startswith("## ") else owner
        if line.startswith("| `"):
            _, method, ways, _, _, stopped, refused, _ = line.replace("\\|", "/").split("|")
            translated, of = map(int, ways.split(" of "))
            found[owner, method.strip(" `")] = translated, of, int(stopped.strip() or 0), refused.strip()
    return found


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the page is about 3.11's methods")
def test_nothing_differs_and_the_page_promises_no_more_than_is_kept() -> None:
    found = [outcome(shape, EXECUTORS["interpreter"]) for shape in shapes()]
    assert [line for one in found for line in one.different] == []
    written, kept = rows(PAGE.read_text(encoding="utf-8")), rows(page(found))
    assert written.keys() == kept.keys()
    for name, (translated, of, stopped, refused) in kept.items():
        assert translated >= written[name][0] and of == written[name][1], (name, refused)
        assert stopped <= written[name][2] or translated > written[name][0], name
        assert all(one in written[name][3] for one in refused.split("<br>")), name


def test_a_sample_is_as_in_cpython_in_wasm() -> None:
    for shape in list(shapes())[::SAMPLED]:
        assert outcome(shape, EXECUTORS["llvm small"]).different == (), shape.text


def test_another_answer_is_seen() -> None:
    def other(lowered: Lowered) -> Any:
        source = "def f(text):\n    return text.lower()\n"
        return EXECUTORS["interpreter"](lower(SourceFile("other.py", source), "f", ("f('Ab')",), references=True))

    shape = Shape("str", "upper", "text.upper()")
    assert not outcome(shape, EXECUTORS["interpreter"]).different
    assert outcome(shape, other).different


@pytest.mark.parametrize("value", [3, True, 1.5, "ab", [1, 2], {"a": 1}, (1, "x"), {4}])
def test_what_builtins_ask_for_may_be_called_by_name(value: object) -> None:
    for method in ("__str__", "__repr__", "__len__"):
        if not hasattr(value, method):
            continue
        found = translate(f"def f(x):\n    return x.{method}()\n", "f", (f"f({value!r})",))
        assert found(value) == getattr(value, method)()
