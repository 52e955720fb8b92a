"""Functions on lists and texts from their source to a verified call, each stage in its own process."""

from __future__ import annotations

from typing import Any

import pytest
from pxr import Gf

from portalis.translator.bridge import GuestStop
from portalis.translator.diagnostics import GuardError
from portalis.translator.translating.translate import translate

SOURCES: dict[str, tuple[str, str, list[Any]]] = {
    "list[int]": ("def f(xs):\n    xs.append(len(xs))\n    return [x * 2 for x in xs]\n", "f([1, 2])", [[5, 6]]),
    "list[str]": ("def f(xs):\n    return [x + '!' for x in xs if x != 'b']\n", "f(['a'])", [["a", "b", "\U0001f600"]]),
    "nested": ("def f(rows):\n    rows.append(rows[0])\n    rows[0].append(0.5)\n    return rows\n", "f([[1.0]])", [[[1.0], []]]),
    "vectors": (
        "from pxr import Gf\n\n\ndef f(points, scale: Gf.Vec2f):\n    points.append(points[0] * scale[1])\n    return (points, scale)\n",
        "f([Gf.Vec3d(1.0, 2.0, 3.0)], Gf.Vec2f(1.0, 2.0))",
        [[Gf.Vec3d(0.5, 0.0, 1.0)], Gf.Vec2f(0.5, 0.25)],
    ),
    "tuples": ("def f(pair):\n    pair[1].append(pair[0])\n    return (pair[1], pair)\n", "f((1, [2]))", [(7, [8])]),
}


@pytest.mark.parametrize(("source", "example", "arguments"), SOURCES.values(), ids=SOURCES.keys())
def test_a_function_on_objects_is_verified_and_does_what_cpython_does(source: str, example: str, arguments: list[Any]) -> None:
    translation = translate(source, "f", [example], references=True)
    assert translation.report is not None
    assert translation.report.artefact("wasm").status == "verified"
    assert translation.report.artefact("wasm").dropped == 0
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    ours, theirs = (eval(repr(arguments), {"Gf": Gf}) for _ in range(2))
    assert repr(translation(*ours)) == repr(namespace["f"](*theirs)) and repr(ours) == repr(theirs)


def test_what_is_no_value_of_the_type_is_not_passed_and_memory_that_runs_out_ends_the_call() -> None:
    source = "def f(xs: list[int], ys: list[int]):\n    while len(xs) > 0:\n        ys.append(xs[0])\n    return ys\n"
    translation = translate(source, "f", ["f([], [])"], references=True).with_budget(seconds=600.0)
    given = [1, 2]
    for wrong in (True, 1.0, "1", None):
        with pytest.raises(GuardError, match="argument `ys`"):
            translation(given, [1, wrong])
    with pytest.raises(GuestStop, match=r"used up its memory$"):
        translation(given, given)
    empty: list[int] = []
    assert translation(empty, given) is given and given == [1, 2]
