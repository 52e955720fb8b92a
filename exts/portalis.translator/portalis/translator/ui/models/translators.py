"""Which translators there are, which of them work here, and why the others do not."""

from __future__ import annotations

import importlib.util
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from portalis.translator.source import SourceFile
from portalis.translator.ui.models.newest import Newest
from portalis.translator.ui.models.proof import proof_summary, proof_text

if TYPE_CHECKING:
    from portalis.translator.servers.clients.triton import TritonSession
    from portalis.translator.stage.plan.interface import BehaviourInterface
    from portalis.translator.translating.options import Options
    from portalis.translator.translating.translation import Translation

_PROBE_SECONDS = 0.3
# What the embedded translator is made of: module, and the distribution that brings it.
_NEEDED = (("llvmlite", "llvmlite"), ("wasmtime", "wasmtime"), ("pydantic", "pydantic"), ("numpy", "numpy"), ("pxr", "usd-core"))


@dataclass(frozen=True, slots=True)
class ShownTranslation:
    """A verified translation as the window shows it; `interface` is None where it is no behaviour and cannot be bound."""

    source: SourceFile
    name: str
    signature: str
    rust: str
    wat: str
    summary: str
    proof: str
    interface: BehaviourInterface | None
    # The line of a loop that did not end for values that were tried, 0 where there is none.
    endless: int = 0


# Options are made when they are needed: their class needs pydantic.
MakeOptions: TypeAlias = "Callable[[], Options | None]"
Translate: TypeAlias = Callable[[SourceFile, str | None], ShownTranslation]


@dataclass(frozen=True, slots=True)
class Translator:
    """One choice of the selector, with no `translate` where it never works.

    `why_not` says why it does not work now, and nothing where it does; `note` is shown beside it, or what `status` says. `interrupt` ends
    the translation that another thread is at, where that can be.
    """

    title: str
    translate: Translate | None
    why_not: Callable[[], str]
    note: str = ""
    status: Callable[[], str] | None = None
    # Ends a `translate` of another thread at once: nobody waits for it any more.
    interrupt: Callable[[], None] = lambda: None

    @property
    def shown(self) -> str:
        """What is shown beside it now."""
        return self.note if self.status is None else self.status()


def missing_packages() -> tuple[str, ...]:
    """Return the distributions that the embedded translator needs and this Python has not."""
    return tuple(distribution for module, distribution in _NEEDED if importlib.util.find_spec(module) is None)


def embedded(options: MakeOptions, note: str = "") -> Translator:
    """Return the translator in this process (`options` says whether a worker process compiles); `note` is shown beside it."""

    def translate(source: SourceFile, function: str | None) -> ShownTranslation:
        # Here and not above: the window has to open where the compiler is missing.
        from portalis.translator.translating.options import Options
        from portalis.translator.translating.translate import translate as run

        return present(run(source, function, options=(options() or Options()).model_copy(update={"typed": True}), references=False))

    return Translator("Embedded", translate, _why_not_embedded, note, interrupt=_interrupt)


def triton(address: str, options: MakeOptions) -> Translator:
    """Return the translator behind the Triton server at `address` (host:port); what it builds runs here.

    All that is translated is one text while it is edited: a session of the server's, where only the newest edit counts.
    """
    sessions: list[TritonSession] = []
    newest = Newest()

    def why_not() -> str:
        if reason := _why_not_embedded():
            return reason
        if importlib.util.find_spec("tritonclient") is None:
            return "tritonclient cannot be imported: pip install 'portalis-translator[server]'"
        host, _, port = address.rpartition(":")
        try:
            with socket.create_connection((host, int(port)), timeout=_PROBE_SECONDS):
                return ""
        except (OSError, ValueError):
            return f"no server answers at {address}: `portalis serve` starts one"

    def translate(source: SourceFile, function: str | None) -> ShownTranslation:
        from portalis.translator.servers.clients.triton import TritonTranslator

        if not sessions:
            sessions.append(TritonTranslator(address).session())
        return newest.ask(lambda: present(sessions[0].translate(source, function, options=options(), references=False)))

    return Translator("Triton", translate, why_not, f"translating at {address}", interrupt=newest.give_up)


def gateway(url: str, options: MakeOptions) -> Translator:
    """Return the translator behind the gateway at `url`; what it builds runs here. Its key is found by `servers/clients/keyring.py`."""
    seen = [f"translating at {url}"]
    newest = Newest()

    def why_not() -> str:
        if reason := _why_not_embedded():
            return reason
        try:
            from portalis.translator.servers.clients.gateway import look
        except ModuleNotFoundError as error:
            return f"{error.name} cannot be imported: pip install 'portalis-translator[server]'"
        sight = look(url, _PROBE_SECONDS)
        state = f", {sight.milliseconds:.0f} ms away" + (f", degraded: {', '.join(sight.degraded)}" if sight.degraded else "")
        seen[0] = f"translating at {url}{state}"
        return sight.why_not

    def translate(source: SourceFile, function: str | None) -> ShownTranslation:
        from portalis.translator.servers.clients.gateway import GatewayTranslator

        def ask() -> ShownTranslation:
            with GatewayTranslator(url) as client:
                return present(client.translate(source, function, options=options(), references=False))

        return newest.ask(ask)

    return Translator("Gateway", translate, why_not, status=lambda: seen[0], interrupt=newest.give_up)


def _interrupt() -> None:
    from portalis.translator.translating.jobs import judges

    judges().present.interrupt()


def _why_not_embedded() -> str:
    missing = missing_packages()
    if not missing:
        return ""
    return f"{', '.join(missing)} cannot be imported: install the release made for this Kit, or pip install {' '.join(missing)}"


def present(translation: Translation) -> ShownTranslation:
    """Make everything that the window shows of a translation."""
    from portalis.translator.stage.plan.interface import interface_of
    from portalis.translator.translating.endless import endless_loop

    report = translation.report
    assert report is not None, "the window never shows what was not verified"
    lowered = translation.lowered
    late = report.artefacts[0].over_budget + report.artefacts[0].dropped
    loop = endless_loop(lowered, translation.options.seed) if late else None
    return ShownTranslation(
        lowered.source,
        lowered.name,
        translation.signature,
        translation.rust,
        translation.wat,
        proof_summary(report),
        proof_text(report),
        interface_of(lowered),
        loop.line if loop is not None else 0,
    )
