"""Behaviours over many prims: the lane module of one entry, built and verified at bind time; the same lanes on a GPU."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from portalis.translator.backends.llvm import repage
from portalis.translator.bridge import Budget, CompiledCache, LaneModule, heap_bytes_needed, open_cache
from portalis.translator.bridge.gpu import Device
from portalis.translator.bridge.gpu_lanes import LANE_FUEL, GpuLanes
from portalis.translator.bridge.layout import MOST_LANE_NUMBERS, lane_numbers
from portalis.translator.diagnostics import Diagnostic, TranslationError
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.abi import EntrySignature, lane_signature
from portalis.translator.private.host_key import UnsafeFile
from portalis.translator.translating.jobs import run_job
from portalis.translator.translating.judging import LANES
from portalis.translator.translating.lane_building import VERIFYING_FUEL, entry_function, lane_verifier
from portalis.translator.translating.messages import BuildSettings, KernelBuild, LaneBuild, LaneRequest
from portalis.translator.translating.translation import Translation
from portalis.translator.translating.transport import dump_request
from portalis.translator.verify.lane_verification import LANE_COUNTS


class LaneProgram:
    """One entry of a verified behaviour, ready to be given lanes."""

    def __init__(self, translation: Translation, signature: EntrySignature, build: LaneBuild) -> None:
        self.translation = translation
        self.signature = signature
        self.build = build

    def module(self, capacity: int, budget: Budget | None = None, feedback: Iterable[str] = (), kept: Iterable[str] = ()) -> LaneModule:
        """Instantiate with columns for up to `capacity` lanes, those of ports in `feedback` fed back; whoever calls this closes it.

        Inputs in `kept`, of which those that the entry does not have are left out, stay as they are until `feed`.
        """
        wasm = repage(self.build.wasm, heap_bytes_needed(self.signature, capacity))
        name = self.translation.lowered.name
        return LaneModule(wasm, self.signature, capacity, budget, name=name, feedback=feedback, kept=kept, cache=_compiled_cache())


@functools.cache
def _compiled_cache() -> CompiledCache | None:
    """Open the user's cache of compiled code; none where it is switched off, unsafe, or cannot be made: it only saves time."""
    try:
        return open_cache()
    except (OSError, UnsafeFile):
        return None


def require_lanes(lowered: Lowered) -> None:
    """Raise TranslationError where an entry of a behaviour takes and gives more numbers than a lane can pass."""
    behaviour = lowered.program.behaviour
    for entry, _ in behaviour.entries if behaviour is not None else ():
        count = lane_numbers(lane_signature(lowered.program, entry))
        if count > MOST_LANE_NUMBERS:
            said = f"each prim passes {count} numbers into and out of `{entry}`; {MOST_LANE_NUMBERS} are the most"
            help_ = "keep fewer fields and shorter lists: what changes and is kept counts twice, as it comes and as it goes"
            raise TranslationError((Diagnostic("P0009", said, entry_function(lowered, entry).span, (), help_),), lowered.source)


def build_lane_program(translation: Translation, entry: str, uniform: Iterable[str] = ()) -> LaneProgram:
    """Build and verify the lane entry `entry` whose inputs named in `uniform` are shared by all lanes.

    Raises TranslationError where a lane would differ from the verified scalar function.
    """
    lowered = translation.lowered
    shared = frozenset(uniform)
    request = LaneRequest(
        lowered=dump_request(lowered),
        entry=entry,
        uniform=tuple(sorted(shared)),
        settings=BuildSettings.of(translation.options),
        scalar_wasm=translation.wasm,
        scalar_sites=translation.build.sites,
    )
    build = run_job(LANES, request, lowered, translation.options)
    if build.difference:
        raise _differing(lowered, entry, "lane entry", build.difference)
    return LaneProgram(translation, lane_signature(lowered.program, entry, shared), build)


def _differing(lowered: Lowered, entry: str, what: str, difference: str) -> TranslationError:
    message = f"the {what} of `{lowered.name}` differs from its scalar function and is not used"
    help_ = "this is a bug in Portalis, not in your code: please report it with this source"
    return TranslationError((Diagnostic("PV903", message, entry_function(lowered, entry).span, (difference,), help_),), lowered.source)


def build_gpu_lanes(
    translation: Translation, kernels: KernelBuild, signature: EntrySignature, device: Device, capacity: int, fuel: int = LANE_FUEL
) -> GpuLanes:
    """Load an entry's kernel on a device for up to `capacity` lanes, once it has agreed there with the verified scalar function.

    `signature` has the `uniform` inputs that `kernels` was built with. Raises TranslationError where a lane would differ.
    """
    lowered = translation.lowered
    trial = GpuLanes(device, kernels.ptx, signature, max(LANE_COUNTS), fuel=max(fuel, VERIFYING_FUEL))
    verdict = lane_verifier(lowered, signature, translation.wasm, translation.build.sites).compare(trial, kernels.sites)
    if verdict.difference:
        raise _differing(lowered, signature.name, "kernel", verdict.difference)
    return GpuLanes(device, kernels.ptx, signature, capacity, fuel=fuel)
