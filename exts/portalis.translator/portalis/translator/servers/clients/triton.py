"""A translator that asks a Triton server: the same translations as the embedded one, or an error within the deadline."""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Callable, Sequence

from portalis.translator.diagnostics import TranslationError
from portalis.translator.servers.clients.answers import checked, read_answer
from portalis.translator.servers.clients.translator import RemoteTranslator
from portalis.translator.servers.contract.asking import Breaker, RemoteError, ServerUnavailable, Superseded, TextLost
from portalis.translator.servers.contract.session import SessionRequest
from portalis.translator.servers.contract.translation import Answer, Failed, TranslationRequest, failed
from portalis.translator.servers.pool.compiler_version import compiler_version
from portalis.translator.servers.triton.asking import DEFAULT_ADDRESS, TritonDoor

__all__ = ["DEFAULT_ADDRESS", "RemoteError", "ServerUnavailable", "Superseded", "TranslationError", "TritonTranslator"]


_GOODBYE_SECONDS = 2.0


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

    def session(self) -> TritonSession:
        """Return a session for one text while it is edited."""
        return TritonSession(self._door, self._server, self._deadline)

    def close(self) -> None:
        """Close the connection."""
        self._door.close()


class TritonSession(RemoteTranslator):
    """Translates one text again and again while it is edited: only what changed travels, and a newer edit ends the older, whose
    `translate`, in another thread, raises Superseded. What the server has forgotten is sent whole again."""

    def __init__(self, door: TritonDoor, server: str, deadline: float) -> None:
        super().__init__(server, deadline)
        self._door = door
        self._lock = threading.Lock()
        self._name = secrets.token_hex(16)
        self._text: str | None = None
        self._newest = 0

    def _ask(self, request: TranslationRequest) -> bytes:
        with self._lock:
            last, self._text = self._text, request.source
            self._newest += 1
            number = self._newest
        try:
            answer = self._edit(SessionRequest.of(request, last), starts=last is None)
        except TextLost:
            return self._again(request, number)
        found = read_answer(answer)
        return self._again(request, number) if isinstance(found, Failed) and found.why == "lost" else answer

    def close(self) -> None:
        """End the session; a server that cannot be told forgets it by itself."""
        with self._lock:
            known, self._text = self._text is not None, None
        if known:
            with contextlib.suppress(RemoteError, ServerUnavailable):
                self._door.edit(self._name, b"", starts=False, ends=True, version=compiler_version(), deadline=_GOODBYE_SECONDS)

    def _again(self, request: TranslationRequest, number: int) -> bytes:
        if number != self._newest:
            # The newer one has its whole text sent, or this one's came late.
            return failed("superseded", "a newer edit came")
        return self._edit(SessionRequest.of(request, None), starts=True)

    def _edit(self, request: SessionRequest, *, starts: bool) -> bytes:
        text = request.model_dump_json(exclude_defaults=True).encode()
        return self._door.edit(self._name, text, starts=starts, ends=False, version=compiler_version(), deadline=self._deadline)
