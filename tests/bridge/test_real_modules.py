"""Modules as the LLVM back-end makes them, from source text to columns."""

from __future__ import annotations

import math

import numpy as np
import pytest

from portalis.translator.backends.llvm import BuildOptions, build_lanes, build_scalar, repage
from portalis.translator.bridge import Budget, GuestStop, LaneModule, ScalarModule, heap_bytes_needed
from portalis.translator.frontend import lower
from portalis.translator.ir.abi import lane_signature
from portalis.translator.ir.nodes import Function, Program
from portalis.translator.passes.lanes.body import total_body
from portalis.translator.source import SourceFile
from tests.backends.llvm.kernels import divide, integrate

OPTIONS = [BuildOptions(opt=0, simd=False), BuildOptions(opt=3, simd=True)]


def program_of(text: str) -> Program:
    return lower(SourceFile("snippet.py", text)).program


def lanes_of(text: str, capacity: int, uniform: frozenset[str] = frozenset(), budget: Budget | None = None) -> LaneModule:
    program = program_of(text)
    signature = lane_signature(program, "update", uniform)
    fast = total_body(program, program.entry)
    built = build_lanes(program, "update", signature, fast if isinstance(fast, Function) else None, heap_bytes_needed(signature, capacity))
    return LaneModule(built.wasm, signature, capacity, budget, name="snippet")


@pytest.mark.parametrize("options", OPTIONS, ids=["O0 scalar", "O3 SIMD"])
@pytest.mark.parametrize("count", [0, 1, 127, 128, 129, 1000])
def test_integrate(options: BuildOptions, count: int) -> None:
    kernel = integrate()
    wasm = repage(kernel.build(options).wasm, heap_bytes_needed(kernel.signature, 1000))
    generator = np.random.default_rng(5)
    with LaneModule(wasm, kernel.signature, 1000) as m:
        for column in (*m.inputs["p"], *m.inputs["v"]):
            column[:] = generator.normal(size=1000)
        m.inputs["dt"][0][0] = 1.0 / 24.0
        run = m.run(count)
        assert (run.stop, run.errors) == (None, 0)
        for p, v, moved in zip(m.inputs["p"], m.inputs["v"], m.outputs["p"], strict=True):
            np.testing.assert_array_equal(moved[:count], p[:count] + v[:count] * (1.0 / 24.0))
            assert not moved[count:].any()


@pytest.mark.parametrize("speculate", [True, False])
def test_errors_and_an_endless_lane(speculate: bool) -> None:
    kernel, count = divide(), 1000
    wasm = repage(kernel.build(OPTIONS[1], speculate).wasm, heap_bytes_needed(kernel.signature, count))
    with LaneModule(wasm, kernel.signature, count, Budget(fuel=2_000_000, fuel_per_lane=10_000), finite=["q"]) as m:
        (a,), (b,), (n,), (q,) = m.inputs["a"], m.inputs["b"], m.inputs["n"], m.outputs["q"]
        a[:], b[:], n[:] = np.arange(count), 2.0, np.arange(count)
        m.inputs["scale"][0][0] = 1.0
        b[[5, 640]] = 0.0
        n[37], n[700] = -7, 2**63 - 1
        q[:] = -1.0
        run = m.run_isolating(count)
        assert run.stop is None and [(stop.kind, stop.lane) for stop in run.isolated] == [("fuel", 37)]
        assert list(np.flatnonzero(run.error_words)) == [5, 640, 700] and run.errors == 3
        assert list(np.flatnonzero(q == -1.0)) == [5, 37, 640, 700]
        good = np.setdiff1d(np.arange(count), [5, 37, 640, 700])
        np.testing.assert_array_equal(q[good], a[good] / 2.0)
        assert list(m.outputs["m"][0][good]) == list(n[good] + 1)


def test_from_source_to_columns() -> None:
    text = """
from pxr import Gf

def fall(position: Gf.Vec3d, velocity: Gf.Vec3d, delta_time: float) -> tuple[Gf.Vec3d, Gf.Vec3d]:
    velocity = velocity + Gf.Vec3d(0.0, 0.0, -9.81) * delta_time
    position = position + velocity * delta_time
    return position, velocity
"""
    with lanes_of(text, 500, frozenset({"delta_time"})) as m:
        m.inputs["delta_time"][0][0] = 0.5
        m.inputs["velocity"][0][:] = np.arange(500)
        assert m.run(500).stop is None
        np.testing.assert_array_equal(m.outputs["position"][0], np.arange(500) * 0.5)
        np.testing.assert_array_equal(m.outputs["velocity"][2], np.full(500, -9.81 * 0.5))


def test_same_bits_on_every_run() -> None:
    text = "import math\n\ndef wave(x: float) -> float:\n    y = math.sin(x) * math.exp(-x * x) + math.sqrt(abs(x))\n    return y\n"
    with lanes_of(text, 1000) as m:
        m.inputs["x"][0][:] = np.random.default_rng(3).normal(size=1000) * 10.0
        m.run(1000)
        (y,) = m.outputs["y"]
        first = y.tobytes()
        np.testing.assert_allclose(
            y, [math.sin(x) * math.exp(-x * x) + math.sqrt(abs(x)) for x in m.inputs["x"][0]], rtol=1e-14, atol=1e-300
        )
        y[:] = 0.0
        fuel = {m.run(1000).fuel for _ in range(3)}
        assert y.tobytes() == first and len(fuel) == 1


def test_scalar_function_with_an_error_and_an_endless_loop() -> None:
    text = """
def f(a: int, b: int) -> float:
    while a < 0:
        pass
    return a / b
"""
    built = build_scalar(program_of(text))
    with ScalarModule(built.wasm, Budget(fuel=1_000_000)) as m:
        assert m.call("call", [7, 2], ("f64",)).values == (3.5,)
        word = m.call("call", [7, 0], ("f64",)).error_word
        site = built.sites[(word & 0xFFFF) - 1]
        assert (site.kind, site.name, site.message) == ("exception", "ZeroDivisionError", "division by zero")
        with pytest.raises(GuestStop) as caught:
            m.call("call", [-1, 2], ("f64",))
        assert caught.value.kind == "fuel"
        assert m.call("call", [7, 2], ("f64",)).values == (3.5,)


def test_recursion_without_end_is_an_error_not_a_trap() -> None:
    built = build_scalar(program_of("def f(n: int) -> int:\n    return f(n + 1) + 1\n"))
    with ScalarModule(built.wasm) as m:
        for _ in range(3):
            word = m.call("call", [0], ("i64",)).error_word
            assert built.sites[(word & 0xFFFF) - 1].name == "RecursionError"
