"""Behaviours over many prims: the lane module of one entry, built and verified at bind time; the same lanes on a GPU."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from portalis.translator.backends.llvm import BuildOptions, build_lanes, repage
from portalis.translator.bridge import Budget, CompiledCache, LaneModule, ScalarModule, compile_once, heap_bytes_needed, open_cache
from portalis.translator.bridge.gpu import Device
from portalis.translator.bridge.gpu_lanes import LANE_FUEL, GpuLanes
from portalis.translator.bridge.host_key import UnsafeFile
from portalis.translator.diagnostics import Diagnostic, TranslationError
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.abi import EntrySignature, lane_signature
from portalis.translator.ir.errors import ErrorSite
from portalis.translator.ir.nodes import Function
from portalis.translator.passes.lanes.body import LaneRefusal, total_body
from portalis.translator.passes.pipeline import optimise
from portalis.translator.translating.jobs import run_job
from portalis.translator.translating.kernels import KernelBuild
from portalis.translator.translating.options import Options
from portalis.translator.translating.translation import Translation
from portalis.translator.verify.lane_verification import LANE_COUNTS, LaneVerdict, LaneVerifier
from portalis.translator.verify.transport import load_request

VERIFYING_FUEL = 200_000


class LaneBuild(BaseModel):
    """What the worker answers: the module, its error sites, whether it has a fast body (or why not), and how many lanes were compared."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    wasm: bytes
    sites: tuple[ErrorSite, ...]
    fast: bool
    why_not_fast: str
    lanes_compared: int
    difference: str


class LaneProgram:
    """One entry of a verified behaviour, ready to be given lanes."""

    def __init__(self, translation: Translation, signature: EntrySignature, build: LaneBuild) -> None:
        self.translation = translation
        self.signature = signature
        self.build = build

    def module(self, capacity: int, budget: Budget | None = None) -> LaneModule:
        """Instantiate with columns for up to `capacity` lanes; whoever calls this closes it."""
        wasm = repage(self.build.wasm, heap_bytes_needed(self.signature, capacity))
        return LaneModule(wasm, self.signature, capacity, budget, name=self.translation.lowered.name, cache=_compiled_cache())


@functools.cache
def _compiled_cache() -> CompiledCache | None:
    """Open the user's cache of compiled code; none where it is switched off, unsafe, or cannot be made: it only saves time."""
    try:
        return open_cache()
    except (OSError, UnsafeFile):
        return None


def entry_function(lowered: Lowered, entry: str) -> Function:
    """Return the function behind a behaviour's entry; KeyError where the behaviour has no such entry."""
    behaviour = lowered.program.behaviour
    assert behaviour is not None, f"{lowered.name} is no behaviour"
    return lowered.program.function(dict(behaviour.entries)[entry])


def build_lane_program(translation: Translation, entry: str, uniform: Iterable[str] = ()) -> LaneProgram:
    """Build and verify the lane entry `entry` whose inputs named in `uniform` are shared by all lanes.

    Raises TranslationError where a lane would differ from the verified scalar function.
    """
    lowered = translation.lowered
    shared = frozenset(uniform)
    payload = (lowered, entry, shared, translation.options, translation.wasm, translation.build.sites)
    answer = run_job(lowered, "portalis.translator.translating.lanes:lane_job", payload, translation.options)
    build = LaneBuild.model_validate_json(answer)
    if build.difference:
        raise _differing(lowered, entry, "lane entry", build.difference)
    return LaneProgram(translation, lane_signature(lowered.program, entry, shared), build)


def _differing(lowered: Lowered, entry: str, what: str, difference: str) -> TranslationError:
    message = f"the {what} of `{lowered.name}` differs from its scalar function and is not used"
    help_ = "this is a bug in Portalis, not in your code: please report it with this source"
    return TranslationError((Diagnostic("PV903", message, entry_function(lowered, entry).span, (difference,), help_),), lowered.source)


def lane_job(request: bytes) -> bytes:
    """The worker's side of `build_lane_program`."""
    return make_lane_build(*load_request(request)).model_dump_json().encode()


def make_lane_build(
    lowered: Lowered, entry: str, uniform: frozenset[str], options: Options, scalar_wasm: bytes, scalar_sites: tuple[ErrorSite, ...]
) -> LaneBuild:
    """Build a lane module and compare it, lane by lane, with the scalar module that was verified against CPython."""
    program = optimise(lowered.program)
    signature = lane_signature(program, entry, uniform)
    function = entry_function(lowered, entry)
    fast = total_body(program, function.name)
    body = None if isinstance(fast, LaneRefusal) else fast
    capacity = max(LANE_COUNTS)
    heap = heap_bytes_needed(signature, capacity)
    built = build_lanes(program, entry, signature, body, heap, BuildOptions(opt=options.opt, simd=options.simd))
    verdict = LaneVerdict(0)
    if options.verify:
        verifier = _verifier(lowered, signature, scalar_wasm, scalar_sites)
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


def _verifier(lowered: Lowered, signature: EntrySignature, scalar_wasm: bytes, scalar_sites: tuple[ErrorSite, ...]) -> LaneVerifier:
    """Return what holds lanes to the scalar module."""
    state = lowered.program.behaviour is not None and lowered.program.behaviour.state is not None
    scalar = ScalarModule(compile_once(scalar_wasm), Budget(fuel=VERIFYING_FUEL))
    raw = functools.partial(scalar.call, f"call.{signature.name}" if state else "call")
    return LaneVerifier(lowered, entry_function(lowered, signature.name), signature, raw, scalar_sites)


def build_gpu_lanes(
    translation: Translation, kernels: KernelBuild, signature: EntrySignature, device: Device, capacity: int, fuel: int = LANE_FUEL
) -> GpuLanes:
    """Load an entry's kernel on a device for up to `capacity` lanes, once it has agreed there with the verified scalar function.

    `signature` has the `uniform` inputs that `kernels` was built with. Raises TranslationError where a lane would differ.
    """
    lowered = translation.lowered
    trial = GpuLanes(device, kernels.ptx, signature, max(LANE_COUNTS), fuel=max(fuel, VERIFYING_FUEL))
    verdict = _verifier(lowered, signature, translation.wasm, translation.build.sites).compare(trial, kernels.sites)
    if verdict.difference:
        raise _differing(lowered, signature.name, "kernel", verdict.difference)
    return GpuLanes(device, kernels.ptx, signature, capacity, fuel=fuel)
