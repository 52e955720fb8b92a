"""From a source to its kernels, and to lanes of them on this machine's processor."""

from __future__ import annotations

import functools
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from portalis.translator.backends.llvm import DeviceModule, build_ptx, build_scalar
from portalis.translator.bridge import Budget, ScalarModule
from portalis.translator.bridge.gpu_lanes import GpuLanes
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.abi import EntrySignature, lane_signature
from portalis.translator.ir.nodes import Program
from portalis.translator.passes.pipeline import optimise
from portalis.translator.source import SourceFile
from portalis.translator.verify.lane_verification import LaneVerdict, LaneVerifier
from tests.gpu.host_device import HostDevice

PTXAS = shutil.which("ptxas")
FUEL = 20_000
needs_ptxas = pytest.mark.skipif(PTXAS is None, reason="ptxas of the CUDA toolkit is not on the PATH")


@dataclass(frozen=True)
class Kernels:
    """A behaviour's kernels, all entries in one module."""

    lowered: Lowered
    program: Program
    signatures: tuple[EntrySignature, ...]
    module: DeviceModule

    def lanes(self, signature: EntrySignature, capacity: int, fuel: int = FUEL) -> GpuLanes:
        """Return an entry's lanes on this machine's processor."""
        return GpuLanes(HostDevice(), self.module.llvm, signature, capacity, fuel=fuel)

    def compare(self, signature: EntrySignature, lanes: GpuLanes | None = None) -> LaneVerdict:
        """Compare the kernel, on this machine's processor or as `lanes`, with the scalar function as wasm, on the cases of the verifier."""
        scalar = build_scalar(self.program)
        behaviour = self.lowered.program.behaviour
        assert behaviour is not None
        name = "call" if behaviour.state is None else f"call.{signature.name}"
        raw = functools.partial(ScalarModule(scalar.wasm, Budget(fuel=200_000)).call, name)
        function = self.lowered.program.function(dict(behaviour.entries)[signature.name])
        verifier = LaneVerifier(self.lowered, function, signature, raw, scalar.sites)
        return verifier.compare(lanes or self.lanes(signature, 300, fuel=200_000), self.module.sites)


@functools.cache
def kernels(text: str, uniform: tuple[str, ...] = (), opt: int = 3) -> Kernels:
    """Compile a behaviour's entries."""
    lowered = lower(SourceFile("behaviour.py", text))
    program = optimise(lowered.program)
    assert program.behaviour is not None
    signatures = tuple(lane_signature(program, entry, frozenset(uniform)) for entry, _ in program.behaviour.entries)
    return Kernels(lowered, program, signatures, build_ptx(program, signatures, opt))


def assemble(ptx: str, folder: Path) -> Path:
    """Run ptxas for Hopper and return the cubin."""
    assert PTXAS is not None
    source, target = folder / "module.ptx", folder / "module.cubin"
    source.write_text(ptx, encoding="ascii")
    done = subprocess.run([PTXAS, "-arch=sm_90", str(source), "-o", str(target)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return target
