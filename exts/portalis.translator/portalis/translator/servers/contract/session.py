"""Editing one text: a request says what changed of the last one, and only the newest is answered with a translation."""

from __future__ import annotations

import hashlib
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from portalis.translator.servers.contract.asking import TextLost
from portalis.translator.servers.contract.translation import SOURCE_LIMIT, RequestOptions, TranslationRequest


class Edit(BaseModel):
    """`text` takes the place of the characters from `start` to before `stop`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: Annotated[int, Field(ge=0)]
    stop: Annotated[int, Field(ge=0)]
    text: Annotated[str, Field(max_length=SOURCE_LIMIT)]


class SessionRequest(RequestOptions):
    """A whole `source`, or an `edit` of the last one, whose SHA-256 in hexadecimal is `base`; with neither, the last one as it is."""

    source: Annotated[str | None, Field(max_length=SOURCE_LIMIT)] = None
    edit: Edit | None = None
    base: Annotated[str, Field(max_length=64)] = ""

    @classmethod
    def of(cls, request: TranslationRequest, last: str | None) -> Self:
        """Return the shortest request for a translation after `last`, all of it where there is no last text."""
        rest = {name: getattr(request, name) for name in RequestOptions.model_fields}
        if last is None:
            return cls(source=request.source, **rest)
        return cls(edit=_between(last, request.source), base=_digest(last), **rest)

    def text(self, last: str | None) -> str:
        """Return the text that is asked about; TextLost where it cannot be told from the last one."""
        if self.source is not None:
            return self.source
        if last is None or (self.edit is not None and self.base != _digest(last)):
            raise TextLost("the text that this is an edit of is not here")
        return last if self.edit is None else last[: self.edit.start] + self.edit.text + last[self.edit.stop :]

    def options_alone(self) -> RequestOptions:
        """Return the options, as a request of another kind has them."""
        return RequestOptions(**{name: getattr(self, name) for name in RequestOptions.model_fields})


def _between(last: str, text: str) -> Edit:
    """Return the one edit that makes `text` of `last`."""
    most = min(len(last), len(text))
    start = next((place for place in range(most) if last[place] != text[place]), most)
    same = next((count for count in range(most - start) if last[-1 - count] != text[-1 - count]), most - start)
    return Edit(start=start, stop=len(last) - same, text=text[start : len(text) - same])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
