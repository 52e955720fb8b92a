"""What is made ready off the UI thread: modules of Python before anybody waits for them, code that was edited while it runs."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from portalis.translator.ui.models.jobs import Jobs

if TYPE_CHECKING:
    from portalis.translator.source import SourceFile
    from portalis.translator.stage.run.engine import TranslatorEngine
    from portalis.translator.stage.run.states import Builds

# What the UI thread imports where it is needed first: for ports, for a run and its frames, for a bake. NumPy imports `numpy.ma` by itself.
_NEEDED_LATER = (
    "numpy.ma",
    "portalis.translator.stage.author.trial",
    "portalis.translator.stage.author.trust",
    "portalis.translator.stage.author.undo",
    "portalis.translator.stage.bake.baker",
    "portalis.translator.stage.columns.openusd",
    "portalis.translator.stage.run.engine",
    "portalis.translator.stage.run.loop",
    "portalis.translator.stage.run.warm",
    "portalis.translator.stage.transforms.one_prim",
)


def load_ahead() -> None:
    """Import what the window uses first when somebody waits for it."""
    for name in _NEEDED_LATER:
        importlib.import_module(name)


class BackgroundLoader:
    """Translates edited modules in the thread of `Jobs`, while the old ones run on."""

    def __init__(self, jobs: Jobs, engine: TranslatorEngine) -> None:
        self._jobs = jobs
        self._engine = engine
        self._ready: dict[object, bool] = {}

    def ready(self, source: SourceFile, function: str, builds: Builds) -> bool:
        """Tell whether the engine answers at once; where not, let it work."""
        key = source, function, frozenset(builds)
        if key not in self._ready:
            self._ready[key] = False
            self._jobs.submit(lambda: self._load(source, function, builds), lambda _: self._settle(key), lambda _: self._settle(key))
        return self._ready[key]

    def _load(self, source: SourceFile, function: str, builds: Builds) -> None:
        behaviour = self._engine.compile(source, function)
        for entry, uniform in builds:
            behaviour.build(entry, uniform)

    def _settle(self, key: object) -> None:
        # The engine remembers a refusal as it does a success; the run meets it, and keeps what it has.
        self._ready[key] = True
