"""The application: routes, what stands around them, and what is said where something goes wrong."""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import AsyncIterator

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Route

from portalis.translator.servers.gateway import management, routes
from portalis.translator.servers.gateway.documents import document
from portalis.translator.servers.gateway.guard import RECORD, Guard, Receive, Scope, Send
from portalis.translator.servers.gateway.playground import serving as playground
from portalis.translator.servers.gateway.services import Services
from portalis.translator.servers.gateway.trouble import Refusal

_TRANSLATIONS = "/v1/translations"
_CODES = {404: "not_found", 405: "no_such_method"}


def make_app(services: Services) -> Guard:
    """Make the ASGI application of a gateway."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await services.start()
        try:
            yield
        finally:
            await services.stop()

    app = FastAPI(
        title="Portalis",
        version=management.API,
        description="Ordinary Python to WebAssembly that was held to CPython before it is answered.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.services = services
    app.include_router(routes.router)
    app.include_router(management.router)
    app.include_router(playground.router)

    @functools.cache
    def described() -> bytes:
        return json.dumps(document(app), separators=(",", ":")).encode()

    async def describe() -> Response:
        return Response(described(), media_type="application/json")

    app.add_api_route("/v1/openapi.json", describe, include_in_schema=False)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _failed)
    return Guard(_Foremost(app), services.settings, services.keys, services.log, services.metrics, services.traces)


class _Foremost:
    """The application, with what is asked most in front of it: that takes no parameters that FastAPI would look for, and raises nothing
    that the guard does not answer, so that the layers between are left out. FastAPI has it too, for the document and for other methods."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._route = Route(_TRANSLATIONS, routes.translate, methods=["POST"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == _TRANSLATIONS and scope["method"] == "POST":
            scope["app"], scope["route"] = self._app, self._route
            answer = await routes.translate(Request(scope, receive, send))
            await answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    services: Services = request.app.state.services
    services.metrics.refused(error.code)
    id_ = request.scope[RECORD].request
    headers = {name.decode(): value.decode() for name, value in error.headers(id_) if name != b"x-request-id"}
    return Response(error.body(id_), error.status, headers)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # What was sent is not repeated.
    reasons = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()[:5])
    return await _refused(request, Refusal(422, "invalid", reasons))


async def _failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = _CODES.get(error.status_code, "refused")
    answer = await _refused(request, Refusal(error.status_code, code, str(error.detail)))
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer
