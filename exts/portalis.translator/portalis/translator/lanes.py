"""Behaviours over many prims: the lane module of one entry, built and verified at bind time."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from portalis.translator.backends.llvm import BuildOptions, build_lanes, repage
from portalis.translator.bridge import Budget, CompiledCache, LaneModule, ScalarModule, heap_bytes_needed, open_cache
from portalis.translator.bridge.host_key import UnsafeFile
from portalis.translator.diagnostics import Diagnostic, TranslationError
from portalis.translator.driver import Options, Translation, run_job
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.ir.abi import EntrySignature, lane_signature
from portalis.translator.ir.errors import ErrorSite
from portalis.translator.ir.nodes import Function
from portalis.translator.passes.lane import LaneRefusal, total_body
from portalis.translator.passes.pipeline import optimise
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
    answer = run_job(lowered, "portalis.translator.lanes:lane_job", payload, translation.options)
    build = LaneBuild.model_validate_json(answer)
    if build.difference:
        message = f"the lane entry of `{lowered.name}` differs from its scalar function and is not used"
        help_ = "this is a bug in Portalis, not in your code: please report it with this source"
        span = entry_function(lowered, entry).span
        raise TranslationError((Diagnostic("PV903", message, span, (build.difference,), help_),), lowered.source)
    return LaneProgram(translation, lane_signature(lowered.program, entry, shared), build)


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
    state = lowered.program.behaviour is not None and lowered.program.behaviour.state is not None
    verdict = LaneVerdict(0)
    if options.verify:
        scalar = ScalarModule(scalar_wasm, Budget(fuel=VERIFYING_FUEL))
        raw = functools.partial(scalar.call, f"call.{entry}" if state else "call")
        verifier = LaneVerifier(lowered, function, signature, raw, scalar_sites)
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
