"""What every translator does that asks a server: a request in, a translation with its proof out."""

from __future__ import annotations

import abc
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from portalis.translator.servers.clients.answers import make_translation, read_answer, request_of, translated
from portalis.translator.servers.contract.translation import TranslatedAnswer, TranslationRequest
from portalis.translator.source import SourceFile
from portalis.translator.translating.options import Options
from portalis.translator.translating.translation import Translation


class RemoteTranslator(abc.ABC):
    """Translates through a server, called `server` in messages; every request ends within `deadline` seconds, whatever the server does."""

    def __init__(self, server: str, deadline: float) -> None:
        self._server = server
        self._deadline = deadline

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
        return translated(read_answer(self._ask(request)), file, self._server)

    @abc.abstractmethod
    def close(self) -> None:
        """Close the connections."""

    @abc.abstractmethod
    def _ask(self, request: TranslationRequest) -> bytes:
        """Return the server's answer to a request, as it came."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
