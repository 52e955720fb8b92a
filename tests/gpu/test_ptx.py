"""Lane entries as GPU kernels: they assemble, hold only exact instructions, end, and compute what wasm computes, to the bit."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from portalis.translator.backends.llvm import InternalCompilerError, NoKernel, build_ptx
from portalis.translator.backends.llvm.ptx import MAX_COLUMNS, require_exact
from portalis.translator.bridge.gpu_lanes import GpuLanes
from portalis.translator.ir.abi import EntrySignature, Port, lane_signature
from portalis.translator.ir.errors import OUT_OF_FUEL
from portalis.translator.ir.types import FLOAT, INT, ListType
from portalis.translator.verify.lane_verification import LANE_COUNTS
from tests.backends.llvm.kernels import Kernel
from tests.backends.llvm.random_programs import STRINGS, random_behaviour, random_value
from tests.backends.llvm.test_lanes import expected_lane, flatten
from tests.gpu.host_device import HostDevice
from tests.gpu.programs import assemble, kernels, needs_ptxas
from tests.gpu.sources import (
    CHOICES,
    CLAMPED_SINGLES,
    ENDLESS,
    FILTER,
    ORBIT,
    PROJECTILE,
    RECURSIVE,
    WAVES,
    doubling,
)

SOURCES = {
    "projectile": PROJECTILE,
    "orbit": ORBIT,
    "filter": FILTER,
    "waves": WAVES,
    "choices": CHOICES,
    "singles": CLAMPED_SINGLES,
}
ALL_LANES = 2 * sum(LANE_COUNTS)


@needs_ptxas
@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("opt", [3, 0])
def test_ptx_assembles(name: str, opt: int, tmp_path: Path) -> None:
    built = kernels(SOURCES[name], opt=opt)
    assert assemble(built.module.ptx, tmp_path).read_bytes()[:4] == b"\x7fELF"
    assert [f"lanes_{item.name}" for item in built.signatures] == re.findall(r"\.visible \.entry (\w+)", built.module.ptx)


@pytest.mark.parametrize("name", SOURCES)
def test_kernels_compute_what_wasm_computes(name: str) -> None:
    built = kernels(SOURCES[name])
    for signature in built.signatures:
        verdict = built.compare(signature)
        assert not verdict.difference and verdict.lanes >= ALL_LANES


def test_inputs_that_all_lanes_share() -> None:
    built = kernels(PROJECTILE, ("gravity", "wind", "delta_time", "meters_per_unit"))
    verdict = built.compare(built.signatures[0])
    assert not verdict.difference and verdict.lanes >= ALL_LANES


@pytest.mark.parametrize("seed", range(12))
def test_random_behaviours(seed: int) -> None:
    program = random_behaviour(seed)
    kernel = Kernel(program, lane_signature(program, "update"), None)
    source = random.Random(seed)
    lanes = [[random_value(source, port.type) for port in kernel.signature.inputs] for _ in range(40)]
    gpu = GpuLanes(HostDevice(), build_ptx(program, [kernel.signature], opt=1).llvm, kernel.signature, len(lanes))
    for position, port in enumerate(kernel.signature.inputs):
        for index, lane in enumerate(lanes):
            for column, value in zip(gpu.inputs[port.name], flatten(lane[position], port.type, STRINGS), strict=True):
                column[index] = value
    run = gpu.run(len(lanes))
    columns = [column for port in kernel.signature.outputs for column in gpu.outputs[port.name]]
    for index, lane in enumerate(lanes):
        word, expected = expected_lane(kernel, lane)
        assert run.error_words[index] == word
        if not word:
            assert [int.from_bytes(column[index].tobytes(), "little") for column in columns] == expected


# -------------------------------------------------------------------------------------------------------------- exactness
@pytest.mark.parametrize("name", SOURCES)
def test_no_instruction_rounds_otherwise_than_python(name: str) -> None:
    ptx = kernels(SOURCES[name]).module.ptx
    assert not re.search(r"\b(?:fma|mad\.rn|ex2|lg2|sin|cos|(?:min|max)(?!\.[su]))\.|\.approx|\.ftz|\.full|_nv_", ptx)


@pytest.mark.parametrize(
    "instruction",
    ["fma.rn.f64", "add.f64", "mul.f64", "max.f64", "@%p1 min.f64", "sqrt.approx.f64", "add.rn.ftz.f32", "add.rz.f64", "cvt.rz.f32.f64"],
)
def test_inexact_instructions_are_refused(instruction: str) -> None:
    with pytest.raises(InternalCompilerError, match=instruction.split()[-1]):
        require_exact(f"{{\n\tadd.rn.f64 \t%rd1, %rd2, %rd3;\n\t{instruction} \t%rd4, %rd2, %rd3;\n\tst.b64 \t[%rd5], %rd4;\n}}\n")


def test_an_extreme_may_be_compared() -> None:
    compared = "{\n\tmax.f64 \t%rd4, %rd2, %rd3;\n\tsetp.lt.f64 \t%p1, %rd5, %rd4;\n}\n"
    # In another function the same number is another register.
    require_exact(compared + "{\n\tst.b64 \t[%rd5], %rd4;\n}\n")
    with pytest.raises(InternalCompilerError, match=r"max\.f64"):
        require_exact(compared.replace("}\n", "\tst.b64 \t[%rd5], %rd4;\n}\n"))


LIBRARY = (
    "acos(x)", "acosh(x)", "asin(x)", "asinh(x)", "atan(x)", "atan2(x, y)", "atanh(x)", "cbrt(x)", "ceil(x)", "copysign(x, y)", "cos(x)",
    "cosh(x)", "degrees(x)", "exp(x)", "expm1(x)", "fabs(x)", "floor(x)", "fmod(x, y)", "hypot(x, y)", "isclose(x, y)", "isfinite(x)",
    "isinf(x)", "isnan(x)", "log(x)", "log10(x)", "log1p(x)", "log2(x)", "modf(x)", "pow(x, y)", "radians(x)", "remainder(x, y)", "sin(x)",
    "sinh(x)", "sqrt(x)", "tan(x)", "tanh(x)", "trunc(x)",
)  # fmt: skip


@pytest.mark.parametrize("call", LIBRARY)
def test_the_library_on_a_gpu(call: str) -> None:
    built = kernels(f"import math\n\n\ndef update(x: float, y: float):\n    z = math.{call}\n    return z\n", opt=1)
    verdict = built.compare(built.signatures[0])
    assert not verdict.difference and verdict.lanes >= ALL_LANES


# ----------------------------------------------------------------------------------------------------------------- ending
def test_a_lane_without_end_ends_alone() -> None:
    built = kernels(ENDLESS)
    lanes = built.lanes(built.signatures[0], 100)
    lanes.inputs["n"][0][:] = 5
    lanes.inputs["n"][0][37] = -1
    run = lanes.run(100)
    assert [(stop.lane, stop.kind) for stop in run.isolated] == [(37, "fuel")]
    assert run.errors == 0 and lanes.error_words(100)[37] == OUT_OF_FUEL
    assert lanes.outputs["i"][0].tolist() == [0 if lane == 37 else 5 for lane in range(100)]


def test_fuel_is_what_a_lane_pays_for_its_iterations() -> None:
    built = kernels(ENDLESS)
    for fuel in (9, 10):
        lanes = built.lanes(built.signatures[0], 1, fuel)
        lanes.inputs["n"][0][:] = 10
        assert len(lanes.run(1).isolated) == (fuel < 10)


def test_calls_that_double_end_without_a_loop() -> None:
    built = kernels(doubling(40))
    lanes = built.lanes(built.signatures[0], 1)
    assert [stop.kind for stop in lanes.run(1).isolated] == ["fuel"]
    few = kernels(doubling(4))
    lanes = few.lanes(few.signatures[0], 1)
    lanes.inputs["n"][0][:] = 6
    assert not lanes.run(1).isolated and lanes.outputs["m"][0].tolist() == [6]


def test_recursion_has_no_kernel() -> None:
    with pytest.raises(NoKernel, match="`fibonacci` calls itself") as refused:
        kernels(RECURSIVE)
    assert refused.value.span.line == 2


def test_too_many_columns_have_no_kernel() -> None:
    built = kernels(ENDLESS)
    wide = EntrySignature("update", (Port("n", INT), Port("many", ListType(FLOAT, MAX_COLUMNS))), built.signatures[0].outputs)
    with pytest.raises(NoKernel, match="502 columns"):
        build_ptx(built.program, [wide])


# ------------------------------------------------------------------------------------------------------------------ forms
@needs_ptxas
def test_names_that_ptx_cannot_spell(tmp_path: Path) -> None:
    text = "def é(x: float) -> float:\n    return x + 1.0\n\n\n"
    text += "def è(x: float) -> float:\n    y = é(x)\n    while y < 9.0:\n        y += é(y)\n    return y\n\n\n"
    text += "def update(ä: float):\n    ö = è(ä) + é(ä)\n    return ö\n"
    for opt in (0, 3):
        built = kernels(text, opt=opt)
        assemble(built.module.ptx, tmp_path)
        assert not built.compare(built.signatures[0]).difference


def test_inactive_lanes_are_left_alone() -> None:
    built = kernels(FILTER)
    lanes = built.lanes(built.signatures[1], 4)
    lanes.inputs["steps"][0][:] = [5, 0, 5, 0]
    lanes.active[2:] = False
    run = lanes.run(4)
    assert [bool(word) for word in run.error_words] == [False, True, False, False]
    assert lanes.outputs["steps"][0].tolist() == [4, 0, 0, 0]


def test_lanes_must_fit() -> None:
    built = kernels(ENDLESS)
    with pytest.raises(ValueError, match="3 lanes do not fit columns for 2"):
        built.lanes(built.signatures[0], 2).run(3)
