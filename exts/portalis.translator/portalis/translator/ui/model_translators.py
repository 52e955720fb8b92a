"""Which translators there are, which of them work here, and why the others do not."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from portalis.translator.source import SourceFile
from portalis.translator.ui.model_proof import proof_summary, proof_text

if TYPE_CHECKING:
    from portalis.translator.driver import Options, Translation
    from portalis.translator.stage.interface import BehaviourInterface

# What the embedded translator is made of: module, and the distribution that brings it.
_NEEDED = (("llvmlite", "llvmlite"), ("wasmtime", "wasmtime"), ("pydantic", "pydantic"), ("numpy", "numpy"), ("pxr", "usd-core"))


@dataclass(frozen=True, slots=True)
class Translated:
    """A verified translation as the window shows it; `interface` is None where it is no behaviour and cannot be bound."""

    source: SourceFile
    name: str
    signature: str
    rust: str
    wat: str
    summary: str
    proof: str
    interface: BehaviourInterface | None


Translate: TypeAlias = Callable[[SourceFile, str | None], Translated]


@dataclass(frozen=True, slots=True)
class Translator:
    """One choice of the selector: it works where `why_not` is empty."""

    title: str
    translate: Translate
    why_not: str = ""
    note: str = ""

    @property
    def label(self) -> str:
        """What the selector shows."""
        return f"{self.title} (not available)" if self.why_not else self.title


def missing_packages() -> tuple[str, ...]:
    """Return the distributions that the embedded translator needs and this Python has not."""
    return tuple(distribution for module, distribution in _NEEDED if importlib.util.find_spec(module) is None)


def embedded(options: Options | None, note: str = "") -> Translator:
    """Return the translator in this process (`options` says whether a worker process compiles); `note` is shown beside it."""
    missing = missing_packages()
    why_not = ""
    if missing:
        why_not = f"{', '.join(missing)} cannot be imported: install the release made for this Kit, or pip install {' '.join(missing)}"

    def translate(source: SourceFile, function: str | None) -> Translated:
        # Here and not above: the window has to open where the compiler is missing.
        from portalis.translator.driver import translate as run

        return present(run(source, function, options=options))

    return Translator("Embedded", translate, why_not, note)


def present(translation: Translation) -> Translated:
    """Make everything that the window shows of a translation."""
    from portalis.translator.stage.interface import interface_of

    report = translation.report
    assert report is not None, "the window never shows what was not verified"
    lowered = translation.lowered
    return Translated(
        lowered.source,
        lowered.name,
        translation.signature,
        translation.rust,
        translation.wat,
        proof_summary(report),
        proof_text(report),
        interface_of(lowered),
    )
