"""The judge's side of lanes: building the lane module of one entry and holding it to the verified scalar module."""

from __future__ import annotations

import functools

from portalis.translator.backends.llvm import BuildOptions, build_lanes
from portalis.translator.bridge import Budget, LaneModule, ScalarModule, compile_once, heap_bytes_needed
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.abi import EntrySignature, lane_signature
from portalis.translator.ir.errors import ErrorSite
from portalis.translator.passes.lanes.body import LaneRefusal, total_body
from portalis.translator.passes.pipeline import optimise
from portalis.translator.translating.messages import BuildSettings, LaneBuild, LaneRequest
from portalis.translator.translating.transport import load_request
from portalis.translator.verify.lane_verification import LANE_COUNTS, LaneVerdict, LaneVerifier

VERIFYING_FUEL = 200_000


def lane_job(request: LaneRequest) -> LaneBuild:
    """Do a lane job."""
    lowered = load_request(request.lowered)
    return make_lane_build(lowered, request.entry, frozenset(request.uniform), request.settings, request.scalar_wasm, request.scalar_sites)


def make_lane_build(
    lowered: Lowered, entry: str, uniform: frozenset[str], settings: BuildSettings, scalar_wasm: bytes, scalar_sites: tuple[ErrorSite, ...]
) -> LaneBuild:
    """Build a lane module and compare it, lane by lane, with the scalar module that was verified against CPython."""
    program = optimise(lowered.program)
    signature = lane_signature(program, entry, uniform)
    function = lowered.entry_function(entry)
    fast = total_body(program, function.name)
    body = None if isinstance(fast, LaneRefusal) else fast
    capacity = max(LANE_COUNTS)
    heap = heap_bytes_needed(signature, capacity)
    built = build_lanes(program, entry, signature, body, heap, BuildOptions(opt=settings.opt, simd=settings.simd))
    verdict = LaneVerdict(0)
    if settings.verify:
        verifier = lane_verifier(lowered, signature, scalar_wasm, scalar_sites)
        with LaneModule(built.wasm, signature, capacity) as module:
            verdict = verifier.compare(module, built.sites)
    return LaneBuild(
        wasm=built.wasm,
        sites=built.sites,
        fast=body is not None,
        why_not_fast=f"{fast.span}: {fast.reason}" if isinstance(fast, LaneRefusal) else "",
        lanes_compared=verdict.lanes,
        difference=verdict.difference,
    )


def lane_verifier(lowered: Lowered, signature: EntrySignature, scalar_wasm: bytes, scalar_sites: tuple[ErrorSite, ...]) -> LaneVerifier:
    """Return what holds lanes to the scalar module."""
    state = lowered.program.behaviour is not None and lowered.program.behaviour.state is not None
    scalar = ScalarModule(compile_once(scalar_wasm), Budget(fuel=VERIFYING_FUEL))
    raw = functools.partial(scalar.call, f"call.{signature.name}" if state else "call")
    return LaneVerifier(lowered, lowered.entry_function(signature.name), signature, raw, scalar_sites)
