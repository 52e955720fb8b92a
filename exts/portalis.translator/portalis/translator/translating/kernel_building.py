"""The judge's side of kernels: compiling the entries of a behaviour to PTX."""

from __future__ import annotations

from typing import Literal

from portalis.translator.backends.llvm import NoKernel, build_ptx
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.abi import lane_signature
from portalis.translator.passes.pipeline import optimise
from portalis.translator.translating.messages import KernelBuild, KernelRequest
from portalis.translator.translating.transport import load_request


def kernel_job(request: KernelRequest) -> KernelBuild:
    """Do a kernel job."""
    return make_kernel_build(load_request(request.lowered), frozenset(request.uniform), request.opt)


def make_kernel_build(lowered: Lowered, uniform: frozenset[str], opt: Literal[0, 1, 2, 3]) -> KernelBuild:
    """Compile all entries of a behaviour to PTX."""
    program = optimise(lowered.program)
    assert program.behaviour is not None, f"{lowered.name} is no behaviour"
    try:
        built = build_ptx(program, [lane_signature(program, entry, uniform) for entry, _ in program.behaviour.entries], opt)
    except NoKernel as refusal:
        return KernelBuild(refused=refusal.reason, refused_at=refusal.span)
    return KernelBuild(ptx=built.ptx, llvm=built.llvm, sites=built.sites)
