"""Those who judge artefacts notice artefacts that are wrong: modules of other programs, held to this one."""

from __future__ import annotations

import functools
from dataclasses import replace

import pytest

from portalis.translator.backends.llvm import BuildOptions, build_lanes, build_scalar
from portalis.translator.bridge import Budget, LaneModule, ScalarModule, heap_bytes_needed
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.abi import lane_signature
from portalis.translator.source import SourceFile
from portalis.translator.translating.build import build_and_verify
from portalis.translator.translating.messages import BuildSettings
from portalis.translator.translating.options import Options
from portalis.translator.verify.artefact_calls import Candidate
from portalis.translator.verify.lane_verification import LANE_COUNTS, LaneVerifier
from portalis.translator.verify.oracle.witness import LocalOracle
from portalis.translator.verify.verification import verify


def lowered(expression: str) -> Lowered:
    text = f"def update(x: float, y: float) -> float:\n    z = {expression}\n    return z\n"
    return lower(SourceFile("judged.py", text))


@pytest.mark.parametrize(
    ("meant", "made"),
    [
        ("x + 1.0", "x + 2.0"),
        ("x + 0.0", "x"),
        ("x / y", "x / y if y != 0.0 else 0.0"),
        ("min(x, y)", "min(y, x)"),
    ],
)
def test_a_wrong_module_is_not_verified(meant: str, made: str) -> None:
    subject, other = lowered(meant), lowered(made)
    built = build_scalar(other.program)

    module = ScalarModule(built.wasm, Budget())
    report = verify(
        subject, [Candidate("wasm", built.wasm, built.sites, module.call_each, module.call_wire_each)], LocalOracle(), cases=200, seed=1
    )
    assert report.artefacts[0].status == "wrong" and report.mismatches
    right = build_and_verify(subject, BuildSettings.of(Options()), LocalOracle()).report
    assert right is not None and right.artefacts[0].status == "verified" and not right.mismatches


@pytest.mark.parametrize(
    ("meant", "made"),
    [
        ("x", "x + 0.0"),
        ("x - y", "y - x"),
        ("x / y", "x / y if y != 3.0 else 1.0 / 0.0"),
        ("x / y", "x / y if y != 0.0 else 0.0"),
    ],
)
def test_a_lane_that_differs_is_found(meant: str, made: str) -> None:
    found = []
    for expression in (made, meant):
        subject, other = lowered(meant), lowered(expression)
        scalar, signature = build_scalar(subject.program), lane_signature(subject.program, "update")
        capacity = max(LANE_COUNTS)
        lanes = build_lanes(other.program, "update", signature, None, heap_bytes_needed(signature, capacity), BuildOptions())
        call = functools.partial(ScalarModule(scalar.wasm, Budget()).call, "call")
        verifier = LaneVerifier(subject, subject.program.function("update"), signature, call, scalar.sites)
        with LaneModule(lanes.wasm, signature, capacity) as module:
            found.append(verifier.compare(module, lanes.sites).difference)
    assert found[0] and not found[1]


def test_a_field_that_changes_and_is_no_output_is_found() -> None:
    text = "class A:\n    x: float = 0.0\n    y: float = 0.0\n\n    def on_update(self):\n        self.x = self.x + self.y\n        {}\n"
    found = []
    for more in ("self.y = -self.y", "pass"):
        subject = lower(SourceFile("judged.py", text.format(more)), by_value=True)
        scalar, whole = build_scalar(subject.program), lane_signature(subject.program, "on_update")
        signature = replace(whole, outputs=whole.outputs[:1])
        lanes = build_lanes(subject.program, "on_update", signature, None, heap_bytes_needed(signature, max(LANE_COUNTS)), BuildOptions())
        call = functools.partial(ScalarModule(scalar.wasm, Budget()).call, "call.on_update")
        verifier = LaneVerifier(subject, subject.program.function("A.on_update"), signature, call, scalar.sites)
        with LaneModule(lanes.wasm, signature, max(LANE_COUNTS)) as module:
            found.append(verifier.compare(module, lanes.sites).difference)
    assert "which is no output" in found[0] and not found[1]
