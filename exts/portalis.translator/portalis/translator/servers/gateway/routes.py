"""Translations and jobs over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ValidationError
from sse_starlette import EventSourceResponse

from portalis.translator.servers.contract.jobs import MOST_RESULTS, Job, JobList, JobRequest, JobResults
from portalis.translator.servers.contract.service import COMPILER_HEADER
from portalis.translator.servers.contract.translation import TranslationRequest
from portalis.translator.servers.gateway.documents import asked, told
from portalis.translator.servers.gateway.guard import BODY, RECORD, no_key
from portalis.translator.servers.gateway.job_book import pack
from portalis.translator.servers.gateway.keys import KeyEntry
from portalis.translator.servers.gateway.services import Services
from portalis.translator.servers.gateway.trouble import Refusal

router = APIRouter()
M = TypeVar("M", bound=BaseModel)
_EVENTS = "text/event-stream"
_PING_SECONDS = 10
_LOOK_SECONDS = 0.2
# Nothing changes by itself.
_LONG = 600.0
JobId = Annotated[str, Path(pattern="^[0-9a-f]{24}$", description="The job's id.")]


def services_of(request: Request) -> Services:
    """Return the gateway's parts."""
    found: Services = request.app.state.services
    return found


def _read(request: Request, model: type[M]) -> M:
    """Return a request's body; Refusal where it is not what it should be. What it was is not repeated."""
    try:
        return model.model_validate_json(request.scope[BODY])
    except ValidationError as error:
        reasons = (
            f"{'.'.join(map(str, item['loc'])) or 'body'}: {item['msg']}" for item in error.errors(include_url=False, include_input=False)
        )
        raise Refusal(422, "invalid", "; ".join(list(reasons)[:5])) from None


def _require_servable(request: TranslationRequest) -> None:
    try:
        request.source.encode()
        request.require_servable()
    except ValueError as error:
        raise Refusal(422, "invalid", str(error)) from None


async def _left(request: Request) -> None:
    """Return when whoever asked has left."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _answered(request: Request, answer: bytes, compiler: int) -> Response:
    kind = answer[9 : answer.index(b'"', 9)].decode()
    request.scope[RECORD].kind = kind
    headers = {COMPILER_HEADER: str(compiler)}
    return Response(answer, 422 if kind == "failed" else 200, headers, media_type="application/json")


@router.post(
    "/v1/translations",
    summary="Translate a source and verify it",
    description="Answers `translated` with the module, its proof and its interface, or `refused` with every reason. "
    f"With `Accept: {_EVENTS}` the stages come as events (queued, building, verifying), then the answer.",
    response_class=Response,
    openapi_extra=asked("TranslationRequest"),
    responses=told("Answer", also=(408, 409, 413, 415))
    | {
        422: {
            "description": "The request is invalid, or a worker had too little time or memory for it.",
            "content": {"application/json": {}},
        }
    },
)
async def translate(request: Request) -> Response:
    """Translate a source."""
    services = services_of(request)
    services.require_open()
    caller = services.admit(request.scope, "translate")
    await services.limits.take(caller.tenant)
    wanted = _read(request, TranslationRequest)
    _require_servable(wanted)
    translations = services.translations
    compiler = translations.require_ready(request.headers.get(COMPILER_HEADER))
    patience = min(wanted.patience, services.settings.patience)
    services.audit.note("translate", request=request.scope[RECORD].request, tenant=caller.tenant, key=caller.id)
    if _EVENTS in request.headers.get("accept", ""):
        stages = _stages(services, wanted, compiler, caller, patience)
        # A refusal before anything began is no event: it has a status, and says when to come again.
        first = await anext(stages)
        headers = {COMPILER_HEADER: str(compiler)}
        return EventSourceResponse(_begun(first, stages), headers=headers, ping=_PING_SECONDS)
    answer = await translations.answer(wanted, compiler, caller.tenant, patience=patience, leave=lambda: _left(request))
    return _answered(request, answer, compiler)


async def _stages(
    services: Services, wanted: TranslationRequest, compiler: int, caller: KeyEntry, patience: float
) -> AsyncGenerator[dict[str, Any]]:
    stages: asyncio.Queue[str | None] = asyncio.Queue()
    answer = asyncio.ensure_future(services.translations.answer(wanted, compiler, caller.tenant, hear=stages.put_nowait, patience=patience))
    answer.add_done_callback(lambda _: stages.put_nowait(None))
    begun = False
    try:
        while (stage := await stages.get()) is not None:
            begun = True
            yield {"event": "stage", "data": json.dumps({"stage": stage})}
        try:
            yield {"event": "answer", "data": answer.result().decode()}
        except Refusal as refusal:
            if not begun:
                raise
            yield {"event": "trouble", "data": refusal.body("").decode()}
    finally:
        answer.cancel()


async def _begun(first: dict[str, Any], rest: AsyncGenerator[dict[str, Any]]) -> AsyncIterator[dict[str, Any]]:
    async with contextlib.aclosing(rest):
        yield first
        async for event in rest:
            yield event


# ------------------------------------------------------------------------------------------------------------------------- jobs
def _job_of(services: Services, caller: KeyEntry, id_: str) -> Job:
    found = services.jobs.find(caller.tenant, id_)
    if found is None:
        raise Refusal(404, "no_job", "you have no such job")
    return found


async def _caller(request: Request) -> tuple[Services, KeyEntry]:
    services = services_of(request)
    caller = services.admit(request.scope, "jobs")
    await services.limits.take(caller.tenant)
    return services, caller


def _json(model: BaseModel, status: int = 200) -> Response:
    return Response(model.model_dump_json(), status, media_type="application/json")


@router.post(
    "/v1/jobs",
    status_code=202,
    summary="Translate many sources",
    description="The job outlives the connection and the process: its items are answered whether anybody waits or not.",
    response_class=Response,
    openapi_extra=asked("JobRequest"),
    responses=told("Job", status=202, says="The job, queued.", also=(408, 413, 415))
    | {422: {"description": "The request is invalid.", "content": {"application/json": {}}}},
)
async def create_job(request: Request) -> Response:
    """Take a job."""
    services = services_of(request)
    services.require_open()
    services, caller = await _caller(request)
    wanted = _read(request, JobRequest)
    for item in wanted.items:
        _require_servable(item)
    # Before it is asked how many there are: nothing else may begin in between.
    packed = await asyncio.to_thread(pack, wanted)
    if services.jobs.open_jobs(caller.tenant) >= services.settings.open_jobs:
        raise Refusal(429, "limited", "too many of your jobs are open", retry_after=services.turns.wait_seconds() + 1.0)
    if services.jobs.bytes_of(caller.tenant) > services.settings.jobs_megabytes << 20:
        raise Refusal(429, "limited", "your jobs take too much room: remove some that are over", retry_after=_LONG)
    job = services.jobs.create(caller.tenant, packed)
    services.audit.note("job", request=request.scope[RECORD].request, tenant=caller.tenant, key=caller.id, job=job.id, items=job.items)
    services.runner.wake()
    return _json(job, 202)


@router.get("/v1/jobs", summary="Your jobs", response_class=Response, responses=told("JobList"))
async def list_jobs(request: Request) -> Response:
    """List the caller's jobs."""
    services, caller = await _caller(request)
    return _json(JobList(data=services.jobs.all_of(caller.tenant)))


@router.get("/v1/jobs/{id}", summary="How a job stands", response_class=Response, responses=told("Job", also=(404,)))
async def show_job(request: Request, id: JobId) -> Response:
    """Tell how a job stands."""
    services, caller = await _caller(request)
    return _json(_job_of(services, caller, id))


@router.post(
    "/v1/jobs/{id}/cancel",
    summary="Cancel what is left of a job",
    response_class=Response,
    responses=told("Job", also=(404, 408, 413, 415)),
)
async def cancel_job(request: Request, id: JobId) -> Response:
    """Cancel a job."""
    services, caller = await _caller(request)
    _job_of(services, caller, id)
    services.jobs.cancel(id)
    services.audit.note("cancel", request=request.scope[RECORD].request, tenant=caller.tenant, key=caller.id, job=id)
    return _json(_job_of(services, caller, id))


@router.delete(
    "/v1/jobs/{id}", status_code=204, summary="Remove a job and its answers", response_class=Response,
    responses=told(None, status=204, says="It is gone.", also=(404,)),
)  # fmt: skip
async def remove_job(request: Request, id: JobId) -> Response:
    """Remove a job."""
    services, caller = await _caller(request)
    _job_of(services, caller, id)
    services.jobs.remove(id)
    services.audit.note("remove", request=request.scope[RECORD].request, tenant=caller.tenant, key=caller.id, job=id)
    return Response(status_code=204)


@router.get(
    "/v1/jobs/{id}/results",
    summary="Answers of a job, in the order in which they came",
    description=f"From behind the first `after` on. With `Accept: {_EVENTS}` they come as events until the job is over; whoever lost the "
    "connection goes on with `Last-Event-ID`.",
    response_class=Response,
    responses=told("JobResults", also=(404,)),
)
async def job_results(
    request: Request,
    id: JobId,
    after: Annotated[int, Query(ge=0, lt=1 << 31)] = 0,
    most: Annotated[int, Query(ge=1, le=MOST_RESULTS)] = 100,
) -> Response:
    """Return answers."""
    services, caller = await _caller(request)
    _job_of(services, caller, id)
    if _EVENTS in request.headers.get("accept", ""):
        last = request.headers.get("last-event-id", "")
        after = int(last) if last.isascii() and last.isdigit() and len(last) < 10 else after
        return EventSourceResponse(_results(services, caller, id, after), ping=_PING_SECONDS)
    # Looked at before the answers: one that ends in between is not said to be over too early.
    job = _job_of(services, caller, id)
    found = services.jobs.results(id, after, most)
    next_ = after + len(found)
    return _json(JobResults(results=tuple(found), next=next_, over=job.over and next_ >= job.items))


async def _results(services: Services, caller: KeyEntry, id_: str, after: int) -> AsyncIterator[dict[str, Any]]:
    while not services.draining:
        if not services.keys.stands(caller):
            yield {"event": "trouble", "data": no_key().body("").decode()}
            return
        job = services.jobs.find(caller.tenant, id_)
        found = services.jobs.results(id_, after, MOST_RESULTS)
        for result in found:
            after += 1
            yield {"id": str(after), "event": "result", "data": result.model_dump_json()}
        if job is None or (job.over and not found):
            yield {"event": "over", "data": "{}"}
            return
        await asyncio.sleep(0 if found else _LOOK_SECONDS)
