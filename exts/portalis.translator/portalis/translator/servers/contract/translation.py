"""A translation asked for and answered.

Triton's model takes a request as two strings, the source and a `RequestOptions`; over HTTP it is one `TranslationRequest`. An answer is one
text everywhere. Nothing is ever unpickled from a network.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from portalis.translator.diagnostics import Diagnostic
from portalis.translator.translating.interface import Interface
from portalis.translator.translating.messages import Build, Texts
from portalis.translator.translating.options import Options

# A source beyond this is no snippet; the limit keeps what a request can cost before the worker's own limits count.
SOURCE_LIMIT = 1 << 20
# What a server is asked to see whether it translates; its own workers begin with it.
CANARY = "def half(x: float) -> float:\n    return x / 2.0\n"
MOST_CASES = 1_000_000
MOST_EXAMPLES = 1000
_SEEDS = range(-(1 << 63), 1 << 63)


class RequestOptions(BaseModel):
    """All of a request but its source: `path` is the file's name in diagnostics, `patience` seconds after which nobody waits any more.

    Without `references` only what lanes can run is translated: lists of fixed length, texts that are constants. With `texts` the answer
    holds the translation as Rust and as WebAssembly text, too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Annotated[str, Field(max_length=4096)] = "<snippet>"
    function: Annotated[str, Field(max_length=1024)] | None = None
    examples: Annotated[tuple[str, ...], Field(max_length=MOST_EXAMPLES)] = ()
    options: Options = Options()
    references: bool = True
    texts: bool = False
    patience: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 120.0

    def require_servable(self) -> None:
        """Raise ValueError where no server gives what is asked for."""
        if not self.options.verify:
            raise ValueError("a server verifies every translation: leave `verify` on")
        if not 1 <= self.options.cases <= MOST_CASES:
            raise ValueError(f"`cases` is from 1 to {MOST_CASES}")
        if self.options.seed not in _SEEDS:
            raise ValueError("`seed` has at most 64 bits")


class TranslationRequest(RequestOptions):
    """A source, and how it is to be translated."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"source": "def half(x: float) -> float:\n    return x / 2.0\n", "path": "half.py"},
                {"source": "def twice(n):\n    return n + n\n", "function": "twice", "examples": ["twice(21)"]},
            ]
        },
    )

    source: Annotated[str, Field(max_length=SOURCE_LIMIT)]


class TranslatedAnswer(BaseModel):
    """The source was translated and verified: `build` holds the module, in base64 with `-` and `_`, `interface` says how it is called."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    kind: Literal["translated"] = "translated"
    build: Build
    interface: Interface
    texts: Texts | None = None


class RefusedAnswer(BaseModel):
    """The source was refused, for these reasons."""

    kind: Literal["refused"] = "refused"
    diagnostics: tuple[Diagnostic, ...]


class Failed(BaseModel):
    """There is no answer on the source: `why` says whether the request, its time, its memory or the server was at fault.

    In a session also that a newer edit came, that the text which an edit is of is not there, or that the session has ended.
    """

    kind: Literal["failed"] = "failed"
    why: Literal["invalid", "timeout", "crashed", "error", "expired", "superseded", "lost", "ended"]
    detail: str


Answer: TypeAlias = TranslatedAnswer | RefusedAnswer | Failed
ANSWER: TypeAdapter[Answer] = TypeAdapter(Annotated[Answer, Field(discriminator="kind")])


def failed(why: str, detail: str) -> bytes:
    """Return a `Failed` as JSON."""
    return Failed.model_validate({"why": why, "detail": detail}).model_dump_json().encode()
