"""What the front-end says of an entry: its types and where they come from, its outputs, identity, state and examples."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest

from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.assemble import source as lowering
from portalis.translator.ir.nodes import Const, walk_function
from portalis.translator.ir.printer import print_program
from portalis.translator.ir.types import BOOL, FLOAT, INT, ListType, VecType
from portalis.translator.source import SourceFile
from portalis.translator.translating.translate import translate

from .agreement import lowered

VEC3D = VecType(3, "d")
STEP = """from pxr import Gf


def update(position: Gf.Vec3d, velocity: Gf.Vec3d, delta_time, speed=2.0, loud: bool = False):
    position += velocity * (delta_time * speed)
    return position, velocity
"""


def test_a_function_behaviour() -> None:
    result = lowered(STEP)
    assert [(item.name, item.type, item.type_from) for item in result.parameters] == [
        ("position", VEC3D, "annotation"),
        ("velocity", VEC3D, "annotation"),
        ("delta_time", FLOAT, "host"),
        ("speed", FLOAT, "default"),
        ("loud", BOOL, "annotation"),
    ]
    assert result.program.behaviour is not None
    assert result.program.behaviour.entries == (("update", "update"),)
    assert result.program.behaviour.outputs == (("position", VEC3D), ("velocity", VEC3D))
    assert result.program.identity == (((0,), "position"), ((1,), "velocity"))
    assert [param.by_ref for param in result.program.function("update").params] == [True, False, False, False, False]


def test_outputs_without_names() -> None:
    behaviour = lowered("def f(x: float):\n    return x * 2.0, x\n").program.behaviour
    assert behaviour is not None and behaviour.outputs == (("result_0", FLOAT), ("result_1", FLOAT))
    behaviour = lowered("def f(x: float):\n    return x * 2.0\n").program.behaviour
    assert behaviour is not None and behaviour.outputs == (("result", FLOAT),)


def test_types_from_examples_and_doctests() -> None:
    text = 'def f(values: list[float], n):\n    """\n    >>> f([1.0, 2.0], 3)\n    6.0\n    """\n    return values[0] * n\n'
    result = lowered(text)
    assert [item.type for item in result.parameters] == [ListType(FLOAT, 2), INT]
    assert [item.text for item in result.examples] == ["f([1.0, 2.0], 3)"]
    with_example = lowered("def f(x, n):\n    return x * n\n", examples=["f(1.5, n=2)"])
    assert [(item.type, item.type_from) for item in with_example.parameters] == [(FLOAT, "example"), (INT, "example")]
    assert with_example.examples[0].kwargs == (("n", "2"),)


def test_a_behaviour_class() -> None:
    text = (
        "from pxr import Gf\n\n\nclass Ball:\n    height: float = 10.0\n    speed: Gf.Vec3d = Gf.Vec3d(0.0)\n    bounces = 0\n\n"
        "    def fall(self, seconds):\n        self.speed[2] -= 9.81 * seconds\n        return self.speed[2] * seconds\n\n"
        "    def on_init(self):\n        self.bounces = 0\n\n"
        "    def on_update(self, current_time, delta_time):\n        self.height += self.fall(delta_time)\n"
        "        if self.height < 0.0:\n            self.bounces += 1\n"
    )
    result = lowered(text)
    behaviour = result.program.behaviour
    assert result.kind == "class" and behaviour is not None and behaviour.state is not None
    assert behaviour.state.fields == (("height", FLOAT), ("speed", VEC3D), ("bounces", INT))
    assert behaviour.entries == (("on_init", "Ball.on_init"), ("on_update", "Ball.on_update"))
    assert len(behaviour.initial) == 3
    assert result.program.function("Ball.on_update").params[0].by_ref
    assert result.signature == "Ball(current_time: float, delta_time: float)"


def test_each_combination_of_argument_types_is_its_own_function() -> None:
    program = lowered("def twice(x):\n    return x + x\n\n\ndef f(x: float, n: int):\n    return twice(x), twice(n), twice(2.0)\n").program
    assert [function.name for function in program.functions] == ["twice", "twice.2", "f"]
    assert [function.result for function in program.functions][:2] == [FLOAT, INT]


def test_sources_that_do_not_end_in_functions_are_left_alone() -> None:
    text = 'import math\n\nHALF = 0.5\n\n\ndef f(x: float):\n    return x * HALF\n\n\nif __name__ == "__main__":\n    print(f(1.0))\n'
    assert print_program(lowered(text).program).splitlines()[-3:] == [
        "function f(x: float) -> float {",
        "  return float.mul(x, 0.5);",
        "}",
    ]


def test_evaluation_is_explicit_in_the_ir() -> None:
    text = "def f(n: int):\n    if n > 0:\n        x = n\n    return x\n"
    assert print_program(lowered(text).program).split("\n\n")[-1].splitlines() == [
        "function f(n: int) -> int {",
        "  local x: int;",
        "  local x.assigned: bool;",
        "  x.assigned = False;",
        "  x = 0;",
        "  if (n > 0) {",
        "    x = n;",
        "    x.assigned = True;",
        "  }",
        "  return { if bool.not(x.assigned) { raise UnboundLocalError("
        "\"cannot access local variable 'x' where it is not associated with a value\"); } => x };",
        "}",
    ]


def test_strings_are_sorted_and_shared() -> None:
    program = lowered("def f(mode: str = 'b'):\n    return 'z' if mode == 'a' else 'b'\n").program
    assert program.strings == ("a", "b", "z")


@pytest.mark.parametrize("references", [False, True])
def test_constants_may_be_assigned_together(references: bool) -> None:
    def printed(constants: str) -> str:
        source = constants + "\ndef f(x: float):\n    return x * A + B\n"
        return print_program(lower(SourceFile("case.py", source), references=references).program).replace("case.py", "")

    def bodies(text: str) -> list[str]:
        return [line for line in text.splitlines() if "float.mul" in line or "return" in line]

    assert bodies(printed("A, B = 2.5, -1.0")) == bodies(printed("A = 2.5\nB = -1.0"))


@pytest.mark.parametrize("constants", ["B = 1.0\nA, B = B, 2.0", "A, B = *(1.0,), 2.0"])
def test_constants_that_belong_together_stay_together(constants: str) -> None:
    source = f"{constants}\ndef f(x: float):\n    return x * A + B\n"
    with pytest.raises(TranslationError, match="P0226"):
        lower(SourceFile("case.py", source))
    assert translate(source, "f")(3.0) == 5.0


def test_the_target_version_is_kept() -> None:
    result = lower(SourceFile("case.py", "def f(x: float):\n    return x % 2.0\n"), target=(3, 13))
    assert result.program.target == (3, 13)
    total = SourceFile("case.py", "def f(x: float):\n    return sum([x, 0.5, 1.0])\n")
    compensated = {version: "sum" in print_program(lower(total, target=version).program) for version in ((3, 11), (3, 12))}
    assert compensated == {(3, 11): False, (3, 12): True}


def test_long_chains_of_calls_are_lowered_and_endless_ones_refused() -> None:
    def chain(length: int) -> SourceFile:
        first = "def step_0(x: float) -> float:\n    return x * 0.5\n"
        rest = (f"def step_{n}(x: float) -> float:\n    return step_{n - 1}(x + 1.0) * 0.5 + {n}.0\n" for n in range(1, length))
        return SourceFile("chain.py", first + "".join(rest))

    assert len(lower(chain(200), "step_199").program.functions) >= 200
    with pytest.raises(TranslationError, match="P0005"):
        lower(chain(3000), "step_2999")


@pytest.mark.parametrize("expression", ["sum(xs)", "min(xs)", "max(xs)", "v in xs", "xs == ys", "xs != ys"])
def test_built_ins_over_long_lists_are_loops(expression: str) -> None:
    """A function is no longer for a list of a thousand elements than for one of thirty."""
    sizes = []
    for length in (30, 1000):
        text = f"def f(v: float) -> float:\n    xs = [0.0] * {length}\n    ys = xs\n    return v if {expression} else 0.0\n"
        program = lower(SourceFile("f.py", text), "f").program
        made = sum(isinstance(node, Const) for function in program.functions for node in walk_function(function))
        sizes.append(sum(1 for function in program.functions for _ in walk_function(function)) - made)
    assert sizes[0] == sizes[1]


@pytest.fixture
def limit() -> Iterator[int]:
    """A limit of recursion that leaves little room: what other tests import raises that of the process."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(2000)
    yield 2000
    sys.setrecursionlimit(before)


def test_threads_that_lower_at_once_have_room_and_leave_the_limit_of_recursion_as_it_was(
    limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = lowering._lower_entry
    within, first_is_done, seen = threading.Barrier(2, timeout=30), threading.Event(), []

    def lower_entry(*given: object) -> object:
        within.wait()
        if threading.current_thread().name == "second":
            first_is_done.wait(30)
            seen.append(sys.getrecursionlimit())
        return entry(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(lowering, "_lower_entry", lower_entry)
    first, second = (threading.Thread(target=lower, args=(SourceFile("f.py", STEP), "update"), name=name) for name in ("first", "second"))
    first.start()
    second.start()
    first.join()
    first_is_done.set()
    second.join()
    assert seen[0] > limit and sys.getrecursionlimit() == limit
