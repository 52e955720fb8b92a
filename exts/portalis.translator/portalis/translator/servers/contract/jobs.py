"""Many translations as one job, which outlives the connection that asked for it and the process that took it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from portalis.translator.servers.contract.translation import TranslationRequest

MOST_ITEMS = 10_000
MOST_RESULTS = 500
ItemState = Literal["queued", "running", "done", "cancelled"]


class JobRequest(BaseModel):
    """Sources to translate, each as it would be asked for alone; their `patience` has no meaning here."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={"examples": [{"items": [{"source": "def half(x: float) -> float:\n    return x / 2.0\n", "path": "half.py"}]}]},
    )

    items: Annotated[tuple[TranslationRequest, ...], Field(min_length=1, max_length=MOST_ITEMS)]


class Job(BaseModel):
    """A job as it stands: how many of its items are in which state. It is over when none is queued or running."""

    id: str
    created: float
    items: int
    queued: int
    running: int
    done: int
    cancelled: int

    @property
    def over(self) -> bool:
        """Whether nothing of it will change any more."""
        return not self.queued and not self.running


class JobList(BaseModel):
    """A tenant's jobs, the newest first."""

    object: Literal["list"] = "list"
    data: tuple[Job, ...]


class JobResult(BaseModel):
    """The answer on one item, which is counted from 0; None where it was cancelled."""

    number: int
    state: ItemState
    answer: dict[str, Any] | None


class JobResults(BaseModel):
    """Answers in the order in which they came; `after` of the next request is `next`, and `over` says that none will follow."""

    results: tuple[JobResult, ...]
    next: int
    over: bool
