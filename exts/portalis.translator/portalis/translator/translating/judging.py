"""The judge's jobs, each in one table: kind, request, answer, handler. What does the work is imported when it is first needed."""

from __future__ import annotations

from portalis.translator.translating.messages import (
    Build,
    BuildRequest,
    KernelBuild,
    KernelRequest,
    LaneBuild,
    LaneRequest,
    LibraryAnswer,
    LibraryRequest,
    TextAnswer,
    TextRequest,
)
from portalis.translator.work.jobs import Job, JobTable
from portalis.translator.work.link import OracleLink


def _build(request: BuildRequest, link: OracleLink) -> Build:
    from portalis.translator.translating.build import build_job

    return build_job(request, link)


def _lanes(request: LaneRequest, link: OracleLink) -> LaneBuild:
    from portalis.translator.translating.lane_building import lane_job

    return lane_job(request)


def _kernels(request: KernelRequest, link: OracleLink) -> KernelBuild:
    from portalis.translator.translating.kernel_building import kernel_job

    return kernel_job(request)


def _text(request: TextRequest, link: OracleLink) -> TextAnswer:
    from portalis.translator.translating.text import text_job

    return text_job(request, link)


def _library(request: LibraryRequest, link: OracleLink) -> LibraryAnswer:
    from portalis.translator.backends.llvm import installed_objects

    try:
        installed_objects().install(request.bundle)
    except ValueError:
        return LibraryAnswer(False)
    return LibraryAnswer(True)


BUILD = Job("build", BuildRequest, Build, _build, "judge")
LANES = Job("lanes", LaneRequest, LaneBuild, _lanes, "judge")
KERNELS = Job("kernels", KernelRequest, KernelBuild, _kernels, "judge")
TEXT = Job("text", TextRequest, TextAnswer, _text, "judge")
LIBRARY = Job("library", LibraryRequest, LibraryAnswer, _library, "judge")
# What a judge can do that has made no lanes before it was confined.
SCALAR_KINDS = frozenset((BUILD.kind, LIBRARY.kind))
JOBS: JobTable = {job.kind: job for job in (BUILD, LANES, KERNELS, TEXT, LIBRARY)}
