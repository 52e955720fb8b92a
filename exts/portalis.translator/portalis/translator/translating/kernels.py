"""A behaviour's lanes as kernels for GPUs; nothing has run them until `lanes.build_gpu_lanes` holds them to the verified module."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel

from portalis.translator.backends.llvm import NoKernel, build_ptx
from portalis.translator.diagnostics import Diagnostic, TranslationError
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.abi import lane_signature
from portalis.translator.ir.errors import ErrorSite
from portalis.translator.passes.pipeline import optimise
from portalis.translator.source import Span
from portalis.translator.translating.jobs import run_job
from portalis.translator.translating.options import Options
from portalis.translator.verify.transport import load_request


class KernelBuild(BaseModel):
    """What the worker answers: kernels for all entries, the LLVM text they were written from, their error sites; or why there are none."""

    ptx: str = ""
    llvm: str = ""
    sites: tuple[ErrorSite, ...] = ()
    refused: str = ""
    refused_at: Span | None = None


def build_kernels(lowered: Lowered, options: Options, uniform: Iterable[str] = ()) -> KernelBuild:
    """Compile all entries of a behaviour to PTX; its inputs named in `uniform` are shared by all lanes.

    Nothing has run them: `build_gpu_lanes` verifies. Raises TranslationError where there can be no kernel.
    """
    payload = (lowered, frozenset(uniform), options.opt)
    build = KernelBuild.model_validate_json(run_job(lowered, "portalis.translator.translating.kernels:kernel_job", payload, options))
    if build.refused_at is not None:
        help_ = "run it in the sandbox, which needs no kernel"
        message = f"`{lowered.name}` cannot run on a GPU: {build.refused}"
        raise TranslationError((Diagnostic("PV907", message, build.refused_at, (), help_),), lowered.source)
    return build


def kernel_job(request: bytes) -> bytes:
    """The worker's side of `build_kernels`."""
    return make_kernel_build(*load_request(request)).model_dump_json().encode()


def make_kernel_build(lowered: Lowered, uniform: frozenset[str], opt: Literal[0, 1, 2, 3]) -> KernelBuild:
    """Compile all entries of a behaviour to PTX."""
    program = optimise(lowered.program)
    assert program.behaviour is not None, f"{lowered.name} is no behaviour"
    try:
        built = build_ptx(program, [lane_signature(program, entry, uniform) for entry, _ in program.behaviour.entries], opt)
    except NoKernel as refusal:
        return KernelBuild(refused=refusal.reason, refused_at=refusal.span)
    return KernelBuild(ptx=built.ptx, llvm=built.llvm, sites=built.sites)
