"""Which judge does a job: one that is ready for scalar modules, until lanes are asked for."""

from __future__ import annotations

import sys
from importlib import metadata

import pytest

from portalis.translator import Options, translate
from portalis.translator.installed import version
from portalis.translator.translating.jobs import PROGRAM, Judges
from portalis.translator.translating.judging import BUILD, JOBS, KERNELS, LANES, LIBRARY
from portalis.translator.translating.messages import BuildSettings, LaneRequest
from portalis.translator.translating.transport import dump_request
from portalis.translator.work.oracles import can_fork
from portalis.translator.work.seat import OracleSeat
from portalis.translator.work.supply import OracleSupply
from portalis.translator.work.worker import Worker, WorkerFailure
from tests.bridge.modules import require_success

SOURCE = "def update(x: float):\n    y = x * 2.0\n    return y\n"
needs_processes = pytest.mark.skipif(not can_fork(), reason="this system starts no judges")


def lane_request() -> LaneRequest:
    translation = translate(SOURCE, options=Options(cases=4, in_process=True))
    return LaneRequest(
        dump_request(translation.lowered), "update", (), BuildSettings.of(translation.options), translation.wasm, translation.build.sites
    )


def lanes_of(worker: Worker) -> str:
    """Have lanes built; return how they differ from the scalar function."""
    return worker.run(LANES, lane_request(), 120.0, OracleSeat(OracleSupply(), typed=False)).difference


@needs_processes
def test_a_judge_for_all_jobs_takes_over_where_one_is_asked_for() -> None:
    judges = Judges()
    first = judges.of(BUILD.kind)
    first.start()
    assert judges.of(LIBRARY.kind) is first
    second = judges.of(LANES.kind)
    assert second is not first and first._process is None
    assert all(judges.of(kind) is second for kind in JOBS)
    assert lanes_of(second) == ""
    second.close()


@needs_processes
def test_lanes_expected_from_the_start_take_one_judge() -> None:
    judges = Judges()
    judges.expect_all()
    assert judges.of(BUILD.kind) is judges.of(KERNELS.kind) is judges.present


@needs_processes
def test_a_judge_that_is_not_ready_for_a_job_fails_and_gives_no_module() -> None:
    worker = Worker(PROGRAM, "scalars")
    with pytest.raises(WorkerFailure) as failure:
        lanes_of(worker)
    assert failure.value.kind == "error"
    worker.close()


@needs_processes
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_judge_starts_where_addresses_are_few() -> None:
    # Enough for an instance, too few for a pool of them.
    require_success(f"""
import resource
resource.setrlimit(resource.RLIMIT_AS, (24 << 30,) * 2)
from portalis.translator import translate
assert translate({SOURCE!r}).report.artefact("wasm").status == "verified"
""")


def test_a_judge_for_scalars_imports_nothing_of_lanes() -> None:
    require_success("""
import sys
from portalis.translator.translating.judge import _WARM_UPS
_WARM_UPS["scalars"]()
heavy = {"numpy", "importlib.metadata", "pydantic", "portalis.translator.backends.llvm.lanes", "portalis.translator.backends.llvm.ptx"}
assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()
""")


@pytest.mark.parametrize("package", ["usd-core", "llvmlite", "wasmtime", "portalis-translator", "typing_extensions"])
def test_a_version_is_what_the_package_says(package: str) -> None:
    assert version(package) == metadata.version(package)


def test_a_package_that_is_not_there_has_no_version() -> None:
    assert version("no-such-package-anywhere") is None
