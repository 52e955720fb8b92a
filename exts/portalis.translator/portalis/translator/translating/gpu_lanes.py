"""A behaviour's lanes on a GPU, held there to the verified scalar function before they are used."""

from __future__ import annotations

from portalis.translator.bridge.gpu import Device
from portalis.translator.bridge.gpu_lanes import LANE_FUEL, GpuLanes
from portalis.translator.ir.abi import EntrySignature
from portalis.translator.translating.lane_building import VERIFYING_FUEL, lane_verifier
from portalis.translator.translating.lanes import differing
from portalis.translator.translating.messages import KernelBuild
from portalis.translator.translating.translation import Translation
from portalis.translator.verify.lane_verification import LANE_COUNTS


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
        raise differing(lowered, signature.name, "kernel", verdict.difference)
    return GpuLanes(device, kernels.ptx, signature, capacity, fuel=fuel)
