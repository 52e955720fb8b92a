"""Everything slow about starting a run that does not touch the stage, so that a host with a user interface can do it in a thread."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from portalis.translator.diagnostics import TranslationError
from portalis.translator.stage.author.trust import Approvals, TrustPolicy, described
from portalis.translator.stage.plan.executor import BehaviourEngine
from portalis.translator.stage.plan.modules import ModuleSource
from portalis.translator.stage.plan.prepare import Prepared
from portalis.translator.stage.plan.resolved import ResolvedBinding
from portalis.translator.stage.plan.schedule import write_set


@dataclass(frozen=True, slots=True)
class TrustRequest:
    """Code that came with the stage and waits for the user's word: the module, and the paths of the attributes it would write."""

    module: ModuleSource
    writes: tuple[str, ...]

    @property
    def described(self) -> str:
        """What it would write, in words."""
        return described(self.writes)

    def approve(self, approvals: Approvals) -> None:
        """Remember that the user trusts this code with these attributes."""
        approvals.approve(self.module.sha256, self.writes)


def _behaviours(prepared: Prepared) -> dict[tuple[str, str], list[ResolvedBinding]]:
    behaviours: dict[tuple[str, str], list[ResolvedBinding]] = defaultdict(list)
    for item in prepared.bindings:
        behaviours[item.module, item.interface.name].append(item)
    return behaviours


def requests(prepared: Prepared, trust: TrustPolicy) -> tuple[TrustRequest, ...]:
    """Return what nobody approved yet."""
    found = []
    for (module, _), items in _behaviours(prepared).items():
        writes = tuple(write_set(items))
        if trust.problem(prepared.modules[module], writes) is not None:
            found.append(TrustRequest(prepared.modules[module], writes))
    return tuple(found)


def warm(prepared: Prepared, engine: BehaviourEngine, trust: TrustPolicy) -> None:
    """Translate and verify what is trusted, so that `engine` answers at once when a `Simulation` asks for the same.

    A refusal is kept for the simulation, which reports it.
    """
    for (module, function), items in _behaviours(prepared).items():
        if trust.problem(prepared.modules[module], write_set(items)) is not None:
            continue
        try:
            behaviour = engine.compile(prepared.modules[module].source, function)
            for uniform in {item.uniform for item in items}:
                for entry, parameters in behaviour.interface.entries:
                    behaviour.build(entry, uniform & {parameter.name for parameter in parameters})
        except TranslationError:
            continue
