"""PTX as users ask for it: of a translation, on the command line, and lanes that are verified on the device before they are used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from portalis.translator import TranslationError, translate
from portalis.translator.cli.app import app
from portalis.translator.ir.abi import lane_signature
from portalis.translator.translating.gpu_lanes import build_gpu_lanes
from portalis.translator.translating.kernels import build_kernels
from portalis.translator.translating.messages import KernelBuild
from tests.gpu.host_device import HostDevice
from tests.gpu.programs import assemble, needs_ptxas
from tests.gpu.sources import FILTER, ORBIT, PROJECTILE, RECURSIVE

TRIPLE = "def update(x: float):\n    y = x * 3.0\n    return y\n"


@needs_ptxas
@pytest.mark.parametrize("source", [PROJECTILE, ORBIT, FILTER], ids=["projectile", "orbit", "filter"])
def test_a_translation_has_ptx(source: str, tmp_path: Path) -> None:
    ptx = translate(source).ptx
    assert ".target sm_90" in ptx and assemble(ptx, tmp_path).stat().st_size > 0


@pytest.mark.parametrize(
    ("source", "reason"),
    [("def f(x: float) -> None:\n    x += 1.0\n", "it gives nothing back"), (RECURSIVE, "`fibonacci` calls itself")],
)
def test_what_has_no_kernel_says_why(source: str, reason: str) -> None:
    translation = translate(source)
    with pytest.raises(TranslationError) as refused:
        _ = translation.ptx
    (diagnostic,) = refused.value.diagnostics
    assert diagnostic.code == "PV907" and reason in diagnostic.message


def test_ptx_on_the_command_line(tmp_path: Path) -> None:
    source, target = tmp_path / "triple.py", tmp_path / "triple.ptx"
    source.write_text(TRIPLE)
    done = CliRunner().invoke(app, ["translate", str(source), "--emit", "ptx", "-o", str(target)])
    assert done.exit_code == 0, done.output
    assert target.read_text() == translate(TRIPLE).ptx and "ptx: not verified" in done.output
    source.write_text(RECURSIVE)
    refused = CliRunner().invoke(app, ["translate", str(source), "--emit", "ptx"])
    assert refused.exit_code == 1 and "PV907" in refused.output and ".py:2:" in refused.output


def test_lanes_are_verified_on_their_device() -> None:
    translation = translate(TRIPLE)
    kernels = build_kernels(translation.lowered, translation.options)
    signature = lane_signature(translation.lowered.program, "update")
    lanes = build_gpu_lanes(translation, kernels, signature, HostDevice({kernels.ptx: kernels.llvm}), 1000)
    lanes.inputs["x"][0][:] = np.arange(1000)
    assert lanes.run(1000).errors == 0 and np.array_equal(lanes.outputs["y"][0], np.arange(1000) * 3.0)


def test_a_kernel_that_differs_is_refused() -> None:
    translation = translate(TRIPLE)
    kernels = build_kernels(translation.lowered, translation.options)
    signature = lane_signature(translation.lowered.program, "update")
    fused = KernelBuild(ptx="another", llvm=kernels.llvm.replace("3.000000e+00", "3.500000e+00"), sites=kernels.sites)
    with pytest.raises(TranslationError, match="PV903"):
        build_gpu_lanes(translation, fused, signature, HostDevice({"another": fused.llvm}), 10)
