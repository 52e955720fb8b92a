"""A translator that asks a Triton server: the same translations as the embedded one, or an error within the deadline."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from portalis.translator.diagnostics import TranslationError
from portalis.translator.servers.clients.answers import make_translation, read_answer, request_of, translated
from portalis.translator.servers.contract.asking import Breaker, RemoteError, ServerUnavailable
from portalis.translator.servers.contract.translation import TranslatedAnswer
from portalis.translator.servers.pool.compiler_version import compiler_version
from portalis.translator.servers.triton.asking import DEFAULT_ADDRESS, TritonDoor
from portalis.translator.source import SourceFile
from portalis.translator.translating.options import Options
from portalis.translator.translating.translation import Translation

__all__ = ["DEFAULT_ADDRESS", "RemoteError", "ServerUnavailable", "TranslationError", "TritonTranslator"]


class TritonTranslator:
    """Translates through the server at `address`; can be used by many threads at once.

    A request ends within `deadline` seconds. Where the server is not reachable, stopping or full it is asked up to `attempts` times, with
    growing pauses: asking twice for the same translation does no harm. Without a `key`, it is the one that this user's server left
    (`triton/access.py`).
    """

    def __init__(self, address: str = DEFAULT_ADDRESS, *, key: str | None = None, deadline: float = 120.0, attempts: int = 6) -> None:
        self.address = address
        self._deadline = deadline
        self._door = TritonDoor(address, key=key, attempts=attempts, breaker=Breaker())

    def translate(
        self,
        source: str | SourceFile,
        function: str | None = None,
        examples: Sequence[str] = (),
        *,
        options: Options | None = None,
        references: bool = True,
    ) -> Translation:
        """Translate as `portalis.translator.translate` does, with the same result and the same TranslationError.

        Raises RemoteError where the request failed on the server (too much time or memory), ServerUnavailable where there is no answer.
        """
        options = options or Options()
        file = source if isinstance(source, SourceFile) else SourceFile("<snippet>", source)
        answer = self.answer(file, function, examples, options, references=references)
        return make_translation(answer, file, function, examples, options, references=references)

    def answer(
        self, file: SourceFile, function: str | None, examples: Sequence[str], options: Options, *, references: bool = True
    ) -> TranslatedAnswer:
        """Return the server's part of a translation, with its proof; raises as `translate` does."""
        request = request_of(file, function, examples, options, references=references, patience=self._deadline)
        rest = request.model_dump_json(exclude={"source"}).encode()
        text = self._door.ask(file.text.encode(), rest, version=compiler_version(), deadline=self._deadline)
        return translated(read_answer(text), file, f"the server at {self.address}")

    def close(self) -> None:
        """Close the connection."""
        self._door.close()

    def __enter__(self) -> TritonTranslator:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
