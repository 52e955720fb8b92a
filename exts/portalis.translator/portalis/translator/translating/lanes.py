"""Behaviours over many prims: the lane module of one entry, built and verified at bind time."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from portalis.translator.backends.llvm import repage
from portalis.translator.bridge import Budget, CompiledCache, LaneModule, heap_bytes_needed, open_cache
from portalis.translator.bridge.layout import MOST_LANE_NUMBERS, lane_numbers
from portalis.translator.diagnostics import Diagnostic, TranslationError
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.abi import EntrySignature, lane_signature
from portalis.translator.private.host_key import UnsafeFile
from portalis.translator.translating.jobs import run_job
from portalis.translator.translating.judging import LANES
from portalis.translator.translating.messages import BuildSettings, LaneBuild, LaneRequest
from portalis.translator.translating.translation import Translation
from portalis.translator.translating.transport import dump_request


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
            raise TranslationError((Diagnostic("P0009", said, lowered.entry_function(entry).span, (), help_),), lowered.source)


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
        raise differing(lowered, entry, "lane entry", build.difference)
    return LaneProgram(translation, lane_signature(lowered.program, entry, shared), build)


def differing(lowered: Lowered, entry: str, what: str, difference: str) -> TranslationError:
    """Return what is raised of lanes that differ from the scalar function."""
    message = f"the {what} of `{lowered.name}` differs from its scalar function and is not used"
    help_ = "this is a bug in Portalis, not in your code: please report it with this source"
    return TranslationError((Diagnostic("PV903", message, lowered.entry_function(entry).span, (difference,), help_),), lowered.source)
