"""A translator that asks a Triton server: the same translations as the embedded one, or an error within the deadline."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from portalis.translator.diagnostics import TranslationError
from portalis.translator.servers.clients.answers import checked, read_answer
from portalis.translator.servers.clients.translator import RemoteTranslator
from portalis.translator.servers.contract.asking import Breaker, RemoteError, ServerUnavailable
from portalis.translator.servers.contract.translation import Answer, TranslationRequest
from portalis.translator.servers.pool.compiler_version import compiler_version
from portalis.translator.servers.triton.asking import DEFAULT_ADDRESS, TritonDoor

__all__ = ["DEFAULT_ADDRESS", "RemoteError", "ServerUnavailable", "TranslationError", "TritonTranslator"]


class TritonTranslator(RemoteTranslator):
    """Translates through the server at `address`; can be used by many threads at once.

    A request ends within `deadline` seconds. Where the server is not reachable, stopping or full it is asked up to `attempts` times, with
    growing pauses: asking twice for the same translation does no harm. Without a `key`, it is the one that this user's server left
    (`triton/access.py`).
    """

    def __init__(self, address: str = DEFAULT_ADDRESS, *, key: str | None = None, deadline: float = 120.0, attempts: int = 6) -> None:
        super().__init__(f"the server at {address}", deadline)
        self.address = address
        self._door = TritonDoor(address, key=key, attempts=attempts, breaker=Breaker())

    def _ask(self, request: TranslationRequest) -> bytes:
        rest = request.model_dump_json(exclude={"source"}).encode()
        return self._door.ask(request.source.encode(), rest, version=compiler_version(), deadline=self._deadline)

    def answer_all(self, requests: Sequence[TranslationRequest], told: Callable[[int, Answer], None]) -> None:
        """Ask for many translations in one request; `told` hears of each answer as it comes, with its number, counted from 0.

        A translation without its proof is told as failed. RemoteError and ServerUnavailable where no answer comes within the deadline.
        """
        sources = [request.source.encode() for request in requests]
        options = [request.model_dump_json(exclude={"source"}).encode() for request in requests]

        def take(number: int, text: bytes) -> None:
            told(number, checked(read_answer(text)))

        self._door.ask_all(sources, options, take, version=compiler_version(), deadline=self._deadline)

    def close(self) -> None:
        """Close the connection."""
        self._door.close()
