"""The behaviours of a run: trusted first, then translated and verified, each for the parameters that its lanes share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from portalis.translator.diagnostics import TranslationError
from portalis.translator.stage.author.trust import TrustPolicy
from portalis.translator.stage.plan.executor import BehaviourEngine, CompiledBehaviour
from portalis.translator.stage.plan.interface import EntryName
from portalis.translator.stage.plan.modules import ModuleSource, weakness
from portalis.translator.stage.plan.prepare import Prepared
from portalis.translator.stage.plan.resolved import ResolvedBinding
from portalis.translator.stage.plan.schedule import write_set
from portalis.translator.stage.problems import StageProblem
from portalis.translator.stage.run.states import Loader, Reloads


class Compiling:
    """What is compiled of a run's behaviours, by the SHA-256 of the module and the function's name."""

    def __init__(self, engine: BehaviourEngine, trust: TrustPolicy, reloads: Reloads) -> None:
        self._engine = engine
        self._trust = trust
        self._reloads = reloads
        self.compiled: dict[tuple[str, str], CompiledBehaviour] = {}

    def compile(self, prepared: Prepared, loader: Loader | None = None) -> tuple[list[ResolvedBinding], list[StageProblem]]:
        """Return the bindings whose behaviour is trusted, translated and verified, and what stood against the others.

        With a `loader`, nothing is said of those that are loading.
        """
        behaviours: dict[tuple[str, str], list[ResolvedBinding]] = defaultdict(list)
        for item in prepared.bindings:
            behaviours[item.module, item.interface.name].append(item)
        left_out: set[tuple[str, str]] = set()
        problems: list[StageProblem] = []
        for key, items in behaviours.items():
            module = prepared.modules[key[0]]
            # Before anything else: verification runs the source in CPython.
            if problem := self._trust.problem(module, write_set(items)):
                problems.append(problem)
                left_out.add(key)
                continue
            builds = [
                (entry, uniform & {parameter.name for parameter in parameters})
                for uniform in {item.uniform for item in items}
                for entry, parameters in items[0].interface.entries
            ]
            if loader is not None and not self._reloads.load(loader, items[0].binding.modules[0], module.source, key[1], builds):
                left_out.add(key)
                continue
            found = self._build(module, key, builds)
            problems += found
            if any(problem.severity != "warning" for problem in found):
                left_out.add(key)
        if not left_out:
            return list(prepared.bindings), problems
        return [item for item in prepared.bindings if (item.module, item.interface.name) not in left_out], problems

    def forget_all_but(self, running: Collection[tuple[str, str]]) -> None:
        """Let go of behaviours that nothing runs."""
        self.compiled = {key: compiled for key, compiled in self.compiled.items() if key in running}

    def _build(self, module: ModuleSource, key: tuple[str, str], builds: Sequence[tuple[EntryName, frozenset[str]]]) -> list[StageProblem]:
        try:
            if key not in self.compiled:
                self.compiled[key] = self._engine.compile(module.source, key[1])
            for entry, uniform in builds:
                self.compiled[key].build(entry, uniform)
            weak = weakness(key[1], self.compiled[key].verdict, module.path)
            return [weak] if weak else []
        except TranslationError as error:
            message = f"{key[1]} was refused"
            return [StageProblem("PS111", message, module.path, "", "error", error.diagnostics)]
