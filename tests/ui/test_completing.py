"""Names that the editor offers: what stands before the bar in a text says which."""

from __future__ import annotations

import pytest

from portalis.translator.frontend import lower
from portalis.translator.frontend.infer.names.known import builtin_names, member_names
from portalis.translator.frontend.read.class_forms.own_exceptions import RAISABLE
from portalis.translator.source import SourceFile
from portalis.translator.ui.models import editor_keys as keys
from portalis.translator.ui.models.colours import Colours
from portalis.translator.ui.models.completing import Completion
from portalis.translator.ui.models.editor_text import EditorText, Place
from portalis.translator.ui.models.names import Known, Offer, known_names

PORTS = (Offer("gravity", "Gf.Vec3d"), Offer("delta_time", "float"), Offer("radius", "double"))
TEXT = '''import math
import random as chance
from pxr import Gf

LIMIT = 2.0
# a comment of LIMIT
"""A text
of several LI

lines."""


def helper(alpha: float, beta: float) -> float:
    gamma = alpha + beta
    return gamma


class Wheel:
    """Turns."""

    angle: float = 0.0
    axis: Gf.Vec3d = Gf.Vec3d(0.0, 0.0, 1.0)

    def spin(self, by: float):
        self.angle += by
        self.turned = True

    def on_update(
        self,
        gravity: Gf.Vec3d,
        amount: float,
    ):
        total = amount
        wide = [1.0, 2.0]
'''


def known() -> Known:
    return known_names(PORTS)


def at(text: str, typed: str, line: str, asked: bool = False) -> Completion:
    """Return what is offered where `typed` was typed in the place of a line of a text; of none, after its end."""
    whole = text.replace(line, f"{line}{typed}|", 1) if line else f"{text}{typed}|"
    place = whole.index("|")
    before = whole[:place]
    pad = EditorText(whole.replace("|", "", 1))
    pad.place(Place(before.count("\n"), len(before) - before.rfind("\n") - 1))
    colours = Colours()
    colours.take(pad.lines)
    while not colours.settled:
        colours.step(1.0)
    completion = Completion(pad, known)
    if asked:
        completion.ask()
    completion.look(colours.parts)
    return completion


def names(completion: Completion) -> list[str]:
    return [item.name for item in completion.offers]


@pytest.mark.parametrize(
    ("typed", "line", "offered"),
    [
        ("        to", "", ["total"]),
        ("        x = am", "", ["amount"]),
        ("        x = he", "", ["helper", "hex"]),
        ("        x = LI", "", ["LIMIT", "list"]),
        ("        x = ga", "", []),
        ("    x = ga", "    gamma = alpha + beta\n", ["gamma"]),
        ("        self.", "", ["angle", "axis", "spin", "on_update", "turned"]),
        ("        self.an", "", ["angle"]),
        ("        self.axis.GetL", "", ["GetLength"]),
        ("        x = gravity.GetCr", "", ["GetCross"]),
        ("        wide.ap", "", []),
        ("        x = math.hy", "", ["hypot"]),
        ("        x = math.pi", "", []),
        ("        x = chance.uni", "", ["uniform"]),
        ("        x = random.uni", "", ["uniform"]),
        ("        x = Gf.Vec3", "", ["Vec3d", "Vec3f"]),
        ("        x = amount.to", "", []),
        ("        x = [1.0].to", "", []),
        ("        x = 1to", "", []),
        ("        x = 1.to", "", []),
        ("    ra", "    angle: float = 0.0\n", ["radius", "range"]),
        ("de", "        gravity: Gf.Vec3d,\n        ", ["delta_time"]),
        (", gr", "def helper(alpha: float", ["gravity"]),
        ("fl", "def helper(alpha: ", ["float", "FloatingPointError"]),
        ("    def on_p", "", ["on_play"]),
        ("def on_p", "", []),
        ("from math import sin, co", "", ["copysign", "cos", "cosh", "comb"]),
        ("class to", "", []),
        ("        # to", "", []),
        ("LI", "# a comment of ", []),
        ("        x = 'to", "", []),
        ("        x = 'to ' + to", "", ["total"]),
        (" LI", "of several", []),
        ('        """LI', "", []),
        ('        x = """ab\n        LI', "", []),
        ('        x = """ab""" + LI', "", ["LIMIT", "list"]),
        ("        return", "", []),
        ("        total", "", []),
        ("        tot", "", ["total"]),
        ("        t", "", []),
    ],
)
def test_what_is_offered(typed: str, line: str, offered: list[str]) -> None:
    found = names(at(TEXT, typed, line))
    assert sorted(found[: len(offered)]) == sorted(offered) and (offered or not found), found


def test_asked_for_names_are_offered_before_a_letter_is_typed() -> None:
    completion = at(TEXT, "        ", "", asked=True)
    assert names(completion)[:3] == ["on_update", "self", "gravity"] and "LIMIT" in names(completion) and "abs" in names(completion)
    assert not names(at(TEXT, "", "of several LI\n", asked=True))
    assert names(at(TEXT, "        total", "", asked=True)) == []


def test_keys_choose_take_and_close() -> None:
    completion = at(TEXT, "        x = Gf.Vec3", "")
    pad = completion._text
    assert completion.press(keys.DOWN, 0) and completion.chosen == 1
    assert completion.press(keys.DOWN, 0) and completion.chosen == 0
    assert completion.press(keys.UP, 0) and completion.chosen == 1
    assert not completion.press(keys.DOWN, keys.SHIFT) and not completion.press(keys.LEFT, 0)
    completion.take()
    assert pad.lines[-1] == "        x = Gf.Vec3f" and not completion.is_open and pad.caret == pad.end
    pad.undo()
    assert pad.lines[-1] == "        x = Gf.Vec3"
    assert not completion.press(keys.ESCAPE, 0) and not completion.press(keys.DOWN, 0)


def test_names_that_are_offered_are_translated() -> None:
    """A name that is offered and then refused would lead astray: each is written as it is meant."""
    forms = {"enumerate": "for i, v in enumerate((1, 2)):\n        x += v", "zip": "for i, v in zip((1,), (2,)):\n        x += v"}
    forms |= {"range": "for i in range(3):\n        x += i", "reversed": "for i in reversed(range(3)):\n        x += i"}
    forms |= {"isinstance": "y = isinstance(x, int)", "list": "y = list((1, 2))", "tuple": "y = tuple([1, 2])", "sum": "y = sum((1, 2))"}
    forms |= {
        "int": "y = int(2.0)",
        "bool": "y = bool(x)",
        "float": "y = float(x)",
        "divmod": "y, z = divmod(x, 2)",
        "pow": "y = pow(x, 2)",
    }
    forms |= {"max": "y = max(x, 2)", "min": "y = min(x, 2)", "len": "y = len((1, 2))"}
    for name, _ in builtin_names():
        is_error = name in RAISABLE
        body = forms.get(name, f"raise {name}('a')" if is_error else f"y = {name}" if name[0].isupper() else f"y = {name}(2.5)")
        if name not in ("ascii", "bin", "chr", "complex", "format", "hex", "oct", "ord", "repr", "str"):
            lower(SourceFile("a.py", f"def f(x: int) -> int:\n    {body}\n    return x\n"), "f")
    assert {"hypot", "pi"} <= {item.name for item in member_names("math")} and not member_names("subprocess")
