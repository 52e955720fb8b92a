"""Passes and lane bodies on what people write: lowered from Python, optimised, flattened, and compared on random arguments."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from portalis.translator.frontend import lower
from portalis.translator.ir.abi import lane_signature
from portalis.translator.ir.check.program import check
from portalis.translator.ir.nodes import Function, Program
from portalis.translator.ir.printer import print_function
from portalis.translator.ir.run.interpreter import Interpreter
from portalis.translator.ir.types import BOOL, FLOAT, GF_TYPES, TupleType, Type
from portalis.translator.passes.lanes.body import LaneRefusal, total_body
from portalis.translator.passes.pipeline import optimise
from portalis.translator.source import SourceFile
from tests.ir.builders import program
from tests.passes.generated import bits, executor_of, make_value, outcome

HEAD = "import math\nfrom pxr import Gf\n\n"
EXPRESSIONS = [
    *(f"math.{name}(x)" for name in ("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "exp", "expm1")),
    *(f"math.{name}(x)" for name in ("log", "log1p", "log2", "log10", "cbrt", "sqrt", "floor", "degrees")),
    *(f"math.{name}(x, y)" for name in ("atan2", "pow", "hypot", "fmod", "copysign")),
    *("x / y", "x // y", "x % y", "x ** y", "x ** 2", "round(x)", "round(x, 2)", "max(x, y, 1.0)", "int(x) % 7", "a * x", "a < x"),
    *("a + b", "a * b", "a // b", "a % 10", "a ** 2", "a ** b", "a << 3", "a >> b", "a / b", "-a", "abs(a)", "divmod(a, 7)"),
]
BEHAVIOURS = {
    "spin": """
def update(orientation: Gf.Quatd, axis: Gf.Vec3d, omega: float, delta_time: float):
    half = 0.5 * omega * delta_time
    a = axis.GetNormalized()
    s = math.sin(half)
    orientation = (orientation * Gf.Quatd(math.cos(half), a[0] * s, a[1] * s, a[2] * s)).GetNormalized()
    return orientation
""",
    "inverse": """
def update(matrix: Gf.Matrix4d, point: Gf.Vec3d):
    local = matrix.GetInverse().Transform(point)
    return local
""",
    "mover": """
class Mover:
    x: float = 0.0
    count: int = 0

    def on_update(self, current_time: float, delta_time: float):
        self.x = self.x + math.sin(current_time) * delta_time
        if self.x > 3.0:
            self.x = 0.0
            self.count += 1
""",
    "loops": """
def update(values: Gf.Vec4f, k: int):
    total = 0.0
    for i in range(4):
        if values[i] < 0:
            continue
        if values[i] > 4:
            break
        total += values[i] * i
    else:
        total += 1
    n = 0
    while n < 3:
        total *= 1.5
        n += 1
    chosen = values[k % 4]
    return total, chosen
""",
    "several returns": """
def update(x: float, k: int):
    for i in range(3):
        if x * i > 20.0:
            return x
        if k == i:
            return x + 0.5
    if x < 0.0:
        return -x
    return 0.25
""",
    "newton": """
def update(x: float):
    if x < 0:
        raise ValueError("negative")
    assert x < 100, "too big"
    guess = x
    for _ in range(20):
        step = (guess * guess - x) / (2 * guess + 1e-9)
        guess -= step
        if abs(step) < 1e-12:
            break
    return guess
""",
}


def lowered(text: str) -> Program:
    return lower(SourceFile("behaviour.py", HEAD + text)).program


def value(random: Random, type_: Type) -> Any:
    if isinstance(type_, GF_TYPES):
        return [0.5 * random.randrange(-9, 9) for _ in type_.slots]
    return random.uniform(-10.0, 10.0) if type_ == FLOAT and random.random() < 0.5 else make_value(random, type_)


def flat(item: Any) -> list[Any]:
    return [atom for part in item for atom in flat(part)] if isinstance(item, list) else [item]


def agree(before: Program, name: str, fast: Function, after: Program) -> int:
    """Compare the program before and after, and its fast body, on random arguments; return how often the body did not bail."""
    random, used = Random(name), 0
    whole, optimised, lanes = executor_of(before), executor_of(after), Interpreter(program(fast, strings=before.strings))
    for _ in range(60):
        args = [value(random, param.type) for param in before.function(name).params]
        assert outcome(whole, name, args) == outcome(optimised, name, args)
        *outputs, bail = lanes.call(fast.name, args)[0]
        if bail:
            continue
        used += 1
        result, finals = whole.call(name, args)
        is_method = before.behaviour is not None and before.behaviour.state is not None
        assert bits(outputs) == bits(flat(finals[0] if is_method else result))
    return used


@pytest.mark.parametrize("text", [*EXPRESSIONS, *BEHAVIOURS])
def test_a_source_keeps_its_meaning(text: str) -> None:
    whole = f"def update(x: float, y: float, a: int, b: int):\n    z = {text}\n    return z\n"
    before = lowered(BEHAVIOURS.get(text, whole))
    assert before.behaviour is not None
    after = optimise(before, check=True)
    entry, name = before.behaviour.entries[0]
    fast = total_body(after, name)
    assert not isinstance(fast, LaneRefusal)
    check(program(fast, strings=before.strings))
    signature = lane_signature(before, entry)
    outputs = [slot for port in signature.state or signature.outputs for slot in port.slots]
    assert isinstance(fast.result, TupleType) and fast.result.items[-1] == BOOL
    assert len(fast.result.items) == len(outputs) + 1
    assert agree(before, name, fast, after) > 0


def test_the_librarys_slow_paths_are_not_in_a_fast_body() -> None:
    fast = total_body(optimise(lowered("def update(x: float):\n    y = math.sin(x)\n    return y\n")), "update")
    assert isinstance(fast, Function)
    text = print_function(fast)
    assert "multiply_high" not in text and "count_leading_zeros" not in text
    assert len(fast.body) < 200
    assert not Interpreter(program(fast)).call(fast.name, [2.0])[0][-1]
    assert Interpreter(program(fast)).call(fast.name, [1e22])[0][-1]
