"""Random modules as Rust, many to one run of rustc, held to CPython."""

from __future__ import annotations

from collections.abc import Sequence

from language_rust import in_rust

from language_fuzz.compare import Fate, TooSlow, compared, limited
from language_fuzz.writer import Module
from portalis.translator.backends.rust import NotInRust
from portalis.translator.diagnostics import TranslationError
from portalis.translator.frontend import lower
from portalis.translator.frontend.lowered import Lowered
from portalis.translator.source import SourceFile

# How many are compiled together, and how long one is looked at.
TOGETHER, SECONDS = 120, 20


def fates_in_rust(modules: Sequence[Module]) -> list[Fate]:
    """Return what becomes of each module, lowered as it is translated, but compiled by rustc alone."""
    fates: dict[int, Fate] = {}
    lowered: list[tuple[int, Lowered]] = []
    for number, module in enumerate(modules):
        found = _lowered(module)
        if isinstance(found, Fate):
            fates[number] = found
        else:
            lowered.append((number, found))
    # What rustc makes of the same text faster would not be held to more.
    for place, run in in_rust([item for _, item in lowered], TOGETHER, opt_level=0):
        number = lowered[place][0]
        if isinstance(run, NotInRust):
            fates[number] = Fate("not in Rust", str(run))
        elif isinstance(run, Exception):
            fates[number] = Fate("crash", f"{type(run).__name__}: {run}"[:3000])
        else:
            try:
                with limited(SECONDS):
                    fates[number] = compared(modules[number], run)
            except TooSlow:
                fates[number] = Fate("slow")
    return [fates[number] for number in range(len(modules))]


def _lowered(module: Module) -> Lowered | Fate:
    try:
        with limited(SECONDS):
            return lower(SourceFile("random.py", module.text), "f", [f"f({call})" for call in module.calls[:3]], references=True)
    except TranslationError as error:
        return Fate("refused", " ".join(sorted({diagnostic.code for diagnostic in error.diagnostics})))
    except TooSlow:
        return Fate("slow")
    except Exception as error:
        return Fate("crash", f"{type(error).__name__}: {error}"[:2000])
