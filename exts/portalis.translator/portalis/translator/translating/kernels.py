"""A behaviour's lanes as kernels for GPUs; nothing has run them until `gpu_lanes.build_gpu_lanes` holds them to the verified module."""

from __future__ import annotations

from collections.abc import Iterable

from portalis.translator.diagnostics import Diagnostic, TranslationError
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.translating.jobs import run_job
from portalis.translator.translating.judging import KERNELS
from portalis.translator.translating.messages import KernelBuild, KernelRequest
from portalis.translator.translating.options import Options
from portalis.translator.translating.transport import dump_request


def build_kernels(lowered: Lowered, options: Options, uniform: Iterable[str] = ()) -> KernelBuild:
    """Compile all entries of a behaviour to PTX; its inputs named in `uniform` are shared by all lanes.

    Nothing has run them: `build_gpu_lanes` verifies. Raises TranslationError where there can be no kernel.
    """
    request = KernelRequest(dump_request(lowered), tuple(sorted(uniform)), options.opt)
    build = run_job(KERNELS, request, lowered, options)
    if build.refused_at is not None:
        help_ = "run it in the sandbox, which needs no kernel"
        message = f"`{lowered.name}` cannot run on a GPU: {build.refused}"
        raise TranslationError((Diagnostic("PV907", message, build.refused_at, (), help_),), lowered.source)
    return build
