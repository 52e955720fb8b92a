"""What travels between a client and a translation server, as models with a JSON schema.

A request is two strings, the source and a `RequestOptions`; an answer is one, an `AnswerText`. Nothing is ever unpickled from a network.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from portalis.translator.diagnostics import Diagnostic
from portalis.translator.translating.messages import Build
from portalis.translator.translating.options import Options

# A source beyond this is no snippet; the limit keeps what a request can cost before the worker's own limits count.
SOURCE_LIMIT = 1 << 20


class RequestOptions(BaseModel):
    """All of a request but its source: `path` is the file's name in diagnostics, `patience` seconds after which nobody waits any more."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str = "<snippet>"
    function: str | None = None
    examples: tuple[str, ...] = ()
    options: Options = Options()
    patience: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 120.0


class TranslatedAnswer(BaseModel):
    """The source was translated and verified."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    kind: Literal["translated"] = "translated"
    build: Build


class RefusedAnswer(BaseModel):
    """The source was refused, for these reasons."""

    kind: Literal["refused"] = "refused"
    diagnostics: tuple[Diagnostic, ...]


class Failed(BaseModel):
    """There is no answer on the source: `why` says whether the request, its time, its memory or the server was at fault."""

    kind: Literal["failed"] = "failed"
    why: Literal["invalid", "timeout", "crashed", "error", "expired"]
    detail: str


Answer: TypeAlias = TranslatedAnswer | RefusedAnswer | Failed
ANSWER: TypeAdapter[Answer] = TypeAdapter(Annotated[Answer, Field(discriminator="kind")])
