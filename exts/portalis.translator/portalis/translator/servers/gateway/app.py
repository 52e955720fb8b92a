"""The application: routes, what stands around them, and what is said where something goes wrong."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from portalis.translator.servers.gateway import management, routes
from portalis.translator.servers.gateway.documents import document
from portalis.translator.servers.gateway.guard import RECORD, Guard
from portalis.translator.servers.gateway.playground import serving as playground
from portalis.translator.servers.gateway.services import Services
from portalis.translator.servers.gateway.trouble import Refusal

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
        openapi_url="/v1/openapi.json",
        redirect_slashes=False,
    )
    app.state.services = services
    # What is asked most is found first, and takes no parameters that FastAPI would look for; its own route is there for the document.
    app.router.routes.insert(0, _Named("/v1/translations", routes.translate, methods=["POST"], include_in_schema=False))
    app.include_router(routes.router)
    app.include_router(management.router)
    app.include_router(playground.router)
    made: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not made:
            made.update(document(app))
        return made

    app.openapi = openapi  # type: ignore[method-assign]
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _failed)
    return Guard(app, services.settings, services.keys, services.log, services.metrics, services.traces)


class _Named(Route):
    """A route that a request's record can name."""

    def matches(self, scope: Any) -> tuple[Match, Any]:
        """Tell whether it is for this, and that it is this one."""
        match, inner = super().matches(scope)
        return match, {**inner, "route": self}


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
